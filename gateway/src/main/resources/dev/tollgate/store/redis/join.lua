-- Says that all spend of a node is in the counters, and which other nodes' must be there as well.
-- KEYS: nodes      ARGV: node, other node…
-- Answers how many nodes are awaited.
local before = redis.call('HGET', KEYS[1], 'node:' .. ARGV[1])
redis.call('HSET', KEYS[1], 'node:' .. ARGV[1], 'here')
if before == 'awaited' then redis.call('HINCRBY', KEYS[1], 'awaited', -1) end
for i = 2, #ARGV do
  if redis.call('HSETNX', KEYS[1], 'node:' .. ARGV[i], 'awaited') == 1 then
    redis.call('HINCRBY', KEYS[1], 'awaited', 1)
  end
end
return tonumber(redis.call('HGET', KEYS[1], 'awaited') or 0)
