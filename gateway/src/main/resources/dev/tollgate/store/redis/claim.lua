-- Takes something that only one may have.
-- KEYS: the claim. ARGV: node, ms to remember it
-- Answers 1 it is taken now · 0 somebody has it.
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0
