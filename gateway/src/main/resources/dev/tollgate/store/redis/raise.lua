-- Begins with totals.lua
-- Raises the hold of an exchange to more in each of its counters, or leaves it as it is.
-- KEYS: nodes, leases, hold, holds of the node, counters, counter…
-- ARGV: exchange, lease in ms, afterlife in ms, node, then per counter as in reserve.lua
-- Answers {-1} this node's spend is not in the counters · {-2} that of others is not · {-3} nothing is held
--   · {0, total…} refused · {1, lease until in ms, total…} granted
-- A total is what a counter, and those before it, hold and have spent without this exchange.
local joined = redis.call('HMGET', KEYS[1], 'node:' .. ARGV[4], 'awaited')
if joined[1] ~= 'here' then return {-1} end
if tonumber(joined[2] or 0) > 0 then return {-2} end

local before = redis.call('HMGET', KEYS[3], 'state', 'held')
if before[1] ~= 'live' then return {-3} end
local own = {}
for amount, key in string.gmatch(before[2], '(%d+) ([^\n]+)') do own[key] = tonumber(amount) end

local sums, fits = totals(own)
if not fits then
  table.insert(sums, 1, 0)
  return sums
end

local time = redis.call('TIME')
local lease_until = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[2])
local lines = {}
for i = 1, #KEYS - 5 do
  local at, key = 1 + 4 * i, KEYS[5 + i]
  local more = tonumber(ARGV[at]) - (own[key] or 0)
  if more ~= 0 then redis.call('HINCRBY', key, 'held', string.format('%.0f', more)) end
  lines[i] = ARGV[at] .. ' ' .. key
end
redis.call('HSET', KEYS[3], 'until', lease_until, 'held', table.concat(lines, '\n'))
redis.call('ZADD', KEYS[2], lease_until, ARGV[1])
table.insert(sums, 1, lease_until)
table.insert(sums, 1, 1)
return sums
