-- Takes something that only one may have, or says that it is done. A node that has it already has it anew: what it began in a former life is its own.
-- KEYS: the claim. ARGV: node, or 'it is done'; ms to remember it
-- Answers 1 it is taken now, or remembered · 0 somebody has it · 2 it is done.
local before = redis.call('GET', KEYS[1])
if before == 'it is done' and ARGV[1] ~= before then return 2 end
if before and before ~= ARGV[1] and ARGV[1] ~= 'it is done' then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
