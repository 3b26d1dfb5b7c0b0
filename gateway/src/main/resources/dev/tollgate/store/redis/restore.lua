-- Adds part of what a node knows of its own spend, unless all of it is in the counters. Run again, it corrects what it added before.
-- KEYS: nodes, leases, holds of the node
-- ARGV: prefix of counter keys, prefix of hold keys, ms to keep a counter of unknown end, node, ms to remember what is over,
--   then 'spent' key amount …, 'hold' exchange amount until counters …, 'over' exchange …, in any order
-- Answers 1 added · 0 it is there already.
local node = ARGV[4]
if redis.call('HGET', KEYS[1], 'node:' .. node) == 'here' then return 0 end

local function keep(counter)
  if redis.call('HEXISTS', counter, 'ends') == 0 then redis.call('PEXPIRE', counter, ARGV[3]) end
end

local function spent(key, amount)
  local counter, from = ARGV[1] .. key, 'from:' .. node
  local before = tonumber(redis.call('HGET', counter, from) or 0)
  redis.call('HINCRBY', counter, 'spent', string.format('%.0f', tonumber(amount) - before))
  redis.call('HSET', counter, from, amount)
  keep(counter)
end

local function hold(exchange, amount, lease_until, counters)
  local key = ARGV[2] .. exchange
  if redis.call('EXISTS', key) == 1 then return end
  redis.call('HSET', key, 'state', 'live', 'amount', amount, 'index', 1, 'left', 0, 'until', lease_until, 'counters', counters)
  redis.call('ZADD', KEYS[2], lease_until, exchange)
  redis.call('SADD', KEYS[3], exchange)
  for counter in string.gmatch(counters, '[^\n]+') do
    redis.call('HINCRBY', counter, 'held', amount)
    keep(counter)
  end
end

-- What is over is in the spend: a hold that an earlier attempt put back goes, and a late settle must find that it is done.
local function over(exchange)
  local key = ARGV[2] .. exchange
  local before = redis.call('HMGET', key, 'state', 'amount', 'counters')
  if (before[1] == 'live' or before[1] == 'swept') and before[2] ~= '0' then
    local charged = before[1] == 'live' and 'held' or 'spent'
    for counter in string.gmatch(before[3], '[^\n]+') do
      redis.call('HINCRBY', counter, charged, '-' .. before[2])
    end
  end
  redis.call('ZREM', KEYS[2], exchange)
  redis.call('SREM', KEYS[3], exchange)
  redis.call('DEL', key)
  redis.call('HSET', key, 'state', 'done')
  redis.call('PEXPIRE', key, ARGV[5])
end

local i = 6
while i <= #ARGV do
  if ARGV[i] == 'spent' then
    spent(ARGV[i + 1], ARGV[i + 2])
    i = i + 3
  elseif ARGV[i] == 'hold' then
    hold(ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4])
    i = i + 5
  else
    over(ARGV[i + 1])
    i = i + 2
  end
end
return 1
