-- Charges holds whose lease has run out at their whole amounts, and strikes some counters that have expired from the list of all.
-- KEYS: nodes, leases, counters      ARGV: prefix of hold keys, most holds to charge, ms to remember them, node, most counters to look at
-- Answers how many were charged.
if redis.call('HGET', KEYS[1], 'node:' .. ARGV[4]) ~= 'here' then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local overdue = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. now, 'LIMIT', 0, ARGV[2])
for _, exchange in ipairs(overdue) do
  local key = ARGV[1] .. exchange
  local hold = redis.call('HMGET', key, 'state', 'held')
  if hold[1] == 'live' then
    for amount, counter in string.gmatch(hold[2], '(%d+) ([^\n]+)') do
      if amount ~= '0' then
        redis.call('HINCRBY', counter, 'held', '-' .. amount)
        redis.call('HINCRBY', counter, 'spent', amount)
      end
    end
    redis.call('HSET', key, 'state', 'swept')
    redis.call('PEXPIRE', key, ARGV[3])
  end
  redis.call('ZREM', KEYS[2], exchange)
end
for _, counter in ipairs(redis.call('SRANDMEMBER', KEYS[3], ARGV[5])) do
  if redis.call('EXISTS', counter) == 0 then redis.call('SREM', KEYS[3], counter) end
end
return #overdue
