-- What counters, each with those before it, hold and have spent without an exchange, and whether its amounts fit into all of them.
-- KEYS and ARGV as in reserve.lua; own: what the exchange holds already, by counter.
local function total(key)
  local level = redis.call('HMGET', key, 'spent', 'held')
  return tonumber(level[1] or 0) + tonumber(level[2] or 0)
end

local function totals(own)
  local sums, fits = {}, true
  for i = 1, #KEYS - 5 do
    local at, key = 1 + 4 * i, KEYS[5 + i]
    local sum, steps = total(key) - (own[key] or 0), tonumber(ARGV[at + 3])
    if steps > 0 then
      local series, number = string.match(key, '^(.*%.)(%-?%d+)$')
      for step = 1, steps do sum = sum + total(series .. string.format('%.0f', number - step)) end
    end
    sums[i] = sum
    local limit = tonumber(ARGV[at + 1])
    if limit >= 0 and limit - sum < tonumber(ARGV[at]) then fits = false end
  end
  return sums, fits
end
