-- Corrects what a call has taken from rate limits, and gives its slots back.
-- KEYS: counter…
-- ARGV: exchange, then per counter: shape, delta, window, ms that a whole bucket takes to fill, capacity
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 1, #KEYS do
  local at = 5 * i - 3
  local shape, delta = ARGV[at], tonumber(ARGV[at + 1])
  if shape == 'b' then
    local before = redis.call('HMGET', KEYS[i], 'level', 'at')
    local level = math.max(0, tonumber(before[1] or 0) + delta)
    if before[1] or level > 0 then
      redis.call('HSET', KEYS[i], 'level', string.format('%.17g', level), 'at', before[2] or now)
      redis.call('PEXPIRE', KEYS[i], math.ceil(level * ARGV[at + 3] / ARGV[at + 4]) + 1000)
    end
  elseif shape == 'w' then
    if redis.call('HGET', KEYS[i], 'window') == ARGV[at + 2] then
      local count = math.max(0, tonumber(redis.call('HGET', KEYS[i], 'count')) + delta)
      redis.call('HSET', KEYS[i], 'count', string.format('%.0f', count))
    end
  else
    redis.call('ZREM', KEYS[i], ARGV[1])
  end
end
return #KEYS
