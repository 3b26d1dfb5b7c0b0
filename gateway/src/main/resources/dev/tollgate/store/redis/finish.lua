-- Settles or releases the hold of an exchange, once.
-- KEYS: nodes, leases, hold, holds of the node, counter…
-- ARGV: exchange, actual amount (0 to release), ms to remember it, ms to keep a counter of unknown end, node
-- Answers 1 charged · 0 nothing to do · -1 this node's spend is not in the counters: it will tell of this one too.
if redis.call('HGET', KEYS[1], 'node:' .. ARGV[5]) ~= 'here' then return -1 end
redis.call('SREM', KEYS[4], ARGV[1])
local before = redis.call('HMGET', KEYS[3], 'state', 'amount')
local state, amount = before[1], before[2]
if state == 'done' then return 0 end

local spent, held = ARGV[2], '0'
if state == 'live' then
  held = amount == '0' and '0' or '-' .. amount
elseif state == 'swept' then
  spent = string.format('%.0f', tonumber(ARGV[2]) - tonumber(amount))
end
for i = 5, #KEYS do
  if held ~= '0' then redis.call('HINCRBY', KEYS[i], 'held', held) end
  redis.call('HINCRBY', KEYS[i], 'spent', spent)
  if redis.call('HEXISTS', KEYS[i], 'ends') == 0 then redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[3])
redis.call('HSET', KEYS[3], 'state', 'done')
redis.call('PEXPIRE', KEYS[3], ARGV[3])
return 1
