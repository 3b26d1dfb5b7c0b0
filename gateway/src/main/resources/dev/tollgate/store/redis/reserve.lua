-- Holds an amount in all counters of an exchange, or in none.
-- KEYS: epoch, leases, hold, counter…      ARGV: exchange, amount, lease in ms, afterlife in ms, then per counter: limit, end in ms (0: never)
-- Answers {-1} counters are not there · {0, index, left} refused · {1, index, left, lease until in ms} granted
-- Amounts are whole nano-dollars, exact in Lua's numbers up to 2^53.
if redis.call('EXISTS', KEYS[1]) == 0 then return {-1} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local amount = tonumber(ARGV[2])
local counters = #KEYS - 3

local before = redis.call('HMGET', KEYS[3], 'state', 'index', 'left', 'until')
if before[1] == 'live' then
  return {1, tonumber(before[2]), tonumber(before[3]), tonumber(before[4])}
end

local index, left = 1, nil
for i = 1, counters do
  local level = redis.call('HMGET', KEYS[3 + i], 'spent', 'held')
  local free = tonumber(ARGV[3 + 2 * i]) - tonumber(level[1] or 0) - tonumber(level[2] or 0)
  if left == nil or free < left then index, left = i, free end
end
if left < amount then return {0, index, math.max(0, left)} end

for i = 1, counters do
  local key, ends = KEYS[3 + i], tonumber(ARGV[4 + 2 * i])
  redis.call('HINCRBY', key, 'held', ARGV[2])
  if redis.call('HSETNX', key, 'ends', ARGV[4 + 2 * i]) == 1 then
    if ends > 0 then redis.call('PEXPIREAT', key, ARGV[4 + 2 * i] + ARGV[4]) else redis.call('PERSIST', key) end
  end
end
local lease_until = now + tonumber(ARGV[3])
redis.call('DEL', KEYS[3])
redis.call('HSET', KEYS[3], 'state', 'live', 'amount', ARGV[2], 'index', index, 'left', left - amount,
  'until', lease_until, 'counters', table.concat(KEYS, '\n', 4))
redis.call('ZADD', KEYS[2], lease_until, ARGV[1])
return {1, index, left - amount, lease_until}
