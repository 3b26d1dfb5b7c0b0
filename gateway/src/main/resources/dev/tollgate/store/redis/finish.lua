-- Settles or releases the hold of an exchange, once.
-- KEYS: nodes, leases, hold, holds of the node, counters, counter…
-- ARGV: exchange, ms to remember it (0: the hold alone goes, its call may yet come to something), afterlife in ms, node,
--   then per counter: what it came to (0 to release), end in ms (0: never)
-- Answers 1 charged · 0 nothing to do · -1 this node's spend is not in the counters: it will tell of this one too.
if redis.call('HGET', KEYS[1], 'node:' .. ARGV[4]) ~= 'here' then return -1 end
redis.call('SREM', KEYS[4], ARGV[1])
local before = redis.call('HMGET', KEYS[3], 'state', 'held')
local state = before[1]
if state == 'done' and ARGV[2] ~= '0' then return 0 end

if state == 'live' or state == 'swept' then
  local field = state == 'live' and 'held' or 'spent'
  for amount, key in string.gmatch(before[2], '(%d+) ([^\n]+)') do
    if amount ~= '0' then redis.call('HINCRBY', key, field, '-' .. amount) end
  end
end
for i = 1, #KEYS - 5 do
  local key, spent, ends = KEYS[5 + i], ARGV[3 + 2 * i], ARGV[4 + 2 * i]
  if spent ~= '0' then redis.call('HINCRBY', key, 'spent', spent) end
  -- A hold has made its counters. Without one they may be new.
  if state ~= 'live' and spent ~= '0' and redis.call('HSETNX', key, 'ends', ends) == 1 then
    redis.call('SADD', KEYS[5], key)
    if ends ~= '0' then redis.call('PEXPIREAT', key, string.format('%.0f', ends + ARGV[3])) end
  end
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[3])
if ARGV[2] ~= '0' then
  redis.call('HSET', KEYS[3], 'state', 'done')
  redis.call('PEXPIRE', KEYS[3], ARGV[2])
end
return 1
