-- Settles or releases the hold of an exchange, once.
-- KEYS: epoch, leases, hold, counter…      ARGV: exchange, actual amount (0 to release), ms to remember it, ms to keep a counter of unknown end
-- Answers 1 charged · 0 nothing to do.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end -- the counters are rebuilt from the log, which knows this outcome
local before = redis.call('HMGET', KEYS[3], 'state', 'amount')
local state, amount = before[1], before[2]
if state == 'done' then return 0 end

local spent, held = ARGV[2], '0'
if state == 'live' then
  held = amount == '0' and '0' or '-' .. amount
elseif state == 'swept' then
  spent = string.format('%.0f', tonumber(ARGV[2]) - tonumber(amount))
end
for i = 4, #KEYS do
  if held ~= '0' then redis.call('HINCRBY', KEYS[i], 'held', held) end
  redis.call('HINCRBY', KEYS[i], 'spent', spent)
  if redis.call('HEXISTS', KEYS[i], 'ends') == 0 then redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[3])
redis.call('HSET', KEYS[3], 'state', 'done')
redis.call('PEXPIRE', KEYS[3], ARGV[3])
return 1
