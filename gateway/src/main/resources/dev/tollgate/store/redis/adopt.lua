-- Puts a hold into the counters that a node made, or raised, while Redis was away; not that of a call that has ended there.
-- KEYS: nodes, leases, hold, holds of the node, counters
-- ARGV: exchange, lease until in ms, lines of amount, end and counter, afterlife in ms, node
-- Answers 1 held · 0 its call is over · -1 this node's spend is not in the counters: it will tell of this one too.
if redis.call('HGET', KEYS[1], 'node:' .. ARGV[5]) ~= 'here' then return -1 end
local before = redis.call('HMGET', KEYS[3], 'state', 'held')
if before[1] and before[1] ~= 'live' then return 0 end
local own = {}
for amount, key in string.gmatch(before[2] or '', '(%d+) ([^\n]+)') do own[key] = tonumber(amount) end
local held = {}
for amount, ends, counter in string.gmatch(ARGV[3], '(%d+) (%d+) ([^\n]+)') do
  local more = math.max(0, amount - (own[counter] or 0))
  if more > 0 then redis.call('HINCRBY', counter, 'held', string.format('%.0f', more)) end
  if redis.call('HSETNX', counter, 'ends', ends) == 1 then
    redis.call('SADD', KEYS[5], counter)
    if ends ~= '0' then redis.call('PEXPIREAT', counter, string.format('%.0f', ends + ARGV[4])) end
  end
  held[#held + 1] = string.format('%.0f', (own[counter] or 0) + more) .. ' ' .. counter
end
local time = redis.call('TIME')
redis.call('HSETNX', KEYS[3], 'since', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('HSET', KEYS[3], 'state', 'live', 'until', ARGV[2], 'held', table.concat(held, '\n'))
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
redis.call('SADD', KEYS[4], ARGV[1])
return 1
