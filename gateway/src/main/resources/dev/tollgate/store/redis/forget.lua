-- Goes on without the spend of a node that is awaited. KEYS: nodes      ARGV: node
-- Answers 1 forgotten · 0 it is not awaited.
local field = 'node:' .. ARGV[1]
if redis.call('HGET', KEYS[1], field) ~= 'awaited' then return 0 end
-- Kept by name, so that no other node asks for it again.
redis.call('HSET', KEYS[1], field, 'forgotten')
redis.call('HINCRBY', KEYS[1], 'awaited', -1)
return 1
