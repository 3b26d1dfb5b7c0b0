-- Puts a hold into the counters that a node made while Redis was away, if its call has neither a hold nor an end there.
-- KEYS: nodes, leases, hold, holds of the node, counters
-- ARGV: exchange, lease until in ms, lines of amount, end and counter, afterlife in ms, node
-- Answers 1 held · 0 it is known already · -1 this node's spend is not in the counters: it will tell of this one too.
if redis.call('HGET', KEYS[1], 'node:' .. ARGV[5]) ~= 'here' then return -1 end
if redis.call('EXISTS', KEYS[3]) == 1 then return 0 end
local time, held = redis.call('TIME'), {}
for amount, ends, counter in string.gmatch(ARGV[3], '(%d+) (%d+) ([^\n]+)') do
  redis.call('HINCRBY', counter, 'held', amount)
  if redis.call('HSETNX', counter, 'ends', ends) == 1 then
    redis.call('SADD', KEYS[5], counter)
    if ends ~= '0' then redis.call('PEXPIREAT', counter, string.format('%.0f', ends + ARGV[4])) end
  end
  held[#held + 1] = amount .. ' ' .. counter
end
redis.call('HSET', KEYS[3], 'state', 'live', 'since', time[1] * 1000 + math.floor(time[2] / 1000), 'until', ARGV[2],
  'held', table.concat(held, '\n'))
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
redis.call('SADD', KEYS[4], ARGV[1])
return 1
