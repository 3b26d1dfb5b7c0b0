-- Charges holds whose lease has run out at their whole amount.
-- KEYS: nodes, leases      ARGV: prefix of hold keys, most holds to charge, ms to remember them, node
-- Answers how many were charged.
if redis.call('HGET', KEYS[1], 'node:' .. ARGV[4]) ~= 'here' then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local overdue = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. now, 'LIMIT', 0, ARGV[2])
for _, exchange in ipairs(overdue) do
  local key = ARGV[1] .. exchange
  local hold = redis.call('HMGET', key, 'state', 'amount', 'counters')
  if hold[1] == 'live' then
    for counter in string.gmatch(hold[3], '[^\n]+') do
      if hold[2] ~= '0' then
        redis.call('HINCRBY', counter, 'held', '-' .. hold[2])
        redis.call('HINCRBY', counter, 'spent', hold[2])
      end
    end
    redis.call('HSET', key, 'state', 'swept')
    redis.call('PEXPIRE', key, ARGV[3])
  end
  redis.call('ZREM', KEYS[2], exchange)
end
return #overdue
