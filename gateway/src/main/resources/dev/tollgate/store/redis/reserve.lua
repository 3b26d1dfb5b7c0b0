-- Holds an amount in all counters of an exchange, or in none.
-- KEYS: nodes, leases, hold, holds of the node, counter…
-- ARGV: exchange, amount, lease in ms, afterlife in ms, node, then per counter: limit, end in ms (0: never)
-- Answers {-1} this node's spend is not in the counters · {-2} that of others is not · {0, index, left} refused
--   · {1, index, left, lease until in ms} granted
-- Amounts are whole nano-dollars, exact in Lua's numbers up to 2^53.
local joined = redis.call('HMGET', KEYS[1], 'node:' .. ARGV[5], 'awaited')
if joined[1] ~= 'here' then return {-1} end
if tonumber(joined[2] or 0) > 0 then return {-2} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local amount = tonumber(ARGV[2])
local counters = #KEYS - 4

local before = redis.call('HMGET', KEYS[3], 'state', 'index', 'left', 'until')
if before[1] == 'live' then
  return {1, tonumber(before[2]), tonumber(before[3]), tonumber(before[4])}
end

local index, left = 1, nil
for i = 1, counters do
  local level = redis.call('HMGET', KEYS[4 + i], 'spent', 'held')
  local free = tonumber(ARGV[4 + 2 * i]) - tonumber(level[1] or 0) - tonumber(level[2] or 0)
  if left == nil or free < left then index, left = i, free end
end
if left < amount then return {0, index, math.max(0, left)} end

for i = 1, counters do
  local key, ends = KEYS[4 + i], tonumber(ARGV[5 + 2 * i])
  redis.call('HINCRBY', key, 'held', ARGV[2])
  if redis.call('HSETNX', key, 'ends', ARGV[5 + 2 * i]) == 1 then
    if ends > 0 then redis.call('PEXPIREAT', key, ARGV[5 + 2 * i] + ARGV[4]) else redis.call('PERSIST', key) end
  end
end
local lease_until = now + tonumber(ARGV[3])
redis.call('DEL', KEYS[3])
redis.call('HSET', KEYS[3], 'state', 'live', 'amount', ARGV[2], 'index', index, 'left', left - amount,
  'until', lease_until, 'counters', table.concat(KEYS, '\n', 5))
redis.call('ZADD', KEYS[2], lease_until, ARGV[1])
redis.call('SADD', KEYS[4], ARGV[1])
return {1, index, left - amount, lease_until}
