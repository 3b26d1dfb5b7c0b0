-- Adds part of what a node knows of its own spend, unless all of it is in the counters. Run again, it corrects what it added before.
-- KEYS: nodes, leases, holds of the node, counters
-- ARGV: prefix of counter keys, prefix of hold keys, afterlife in ms, node, ms to remember what is over,
--   then 'spent' key amount end, 'hold' exchange until lines, 'over' exchange …, in any order
--   (an end is in ms, 0 for never; lines are of amount, end and counter)
-- Answers 1 added · 0 it is there already.
local node = ARGV[4]
if redis.call('HGET', KEYS[1], 'node:' .. node) == 'here' then return 0 end

local function keep(counter, ends)
  if redis.call('HSETNX', counter, 'ends', ends) == 1 then
    redis.call('SADD', KEYS[4], counter)
    if ends ~= '0' then redis.call('PEXPIREAT', counter, string.format('%.0f', ends + ARGV[3])) end
  end
end

local function spent(key, amount, ends)
  local counter, from = ARGV[1] .. key, 'from:' .. node
  local before = tonumber(redis.call('HGET', counter, from) or 0)
  redis.call('HINCRBY', counter, 'spent', string.format('%.0f', tonumber(amount) - before))
  redis.call('HSET', counter, from, amount)
  keep(counter, ends)
end

local function hold(exchange, lease_until, lines)
  local key = ARGV[2] .. exchange
  if redis.call('EXISTS', key) == 1 then return end
  local time, held = redis.call('TIME'), {}
  for amount, ends, counter in string.gmatch(lines, '(%d+) (%d+) ([^\n]+)') do
    redis.call('HINCRBY', counter, 'held', amount)
    keep(counter, ends)
    held[#held + 1] = amount .. ' ' .. counter
  end
  redis.call('HSET', key, 'state', 'live', 'since', time[1] * 1000 + math.floor(time[2] / 1000), 'until', lease_until,
    'held', table.concat(held, '\n'))
  redis.call('ZADD', KEYS[2], lease_until, exchange)
  redis.call('SADD', KEYS[3], exchange)
end

-- What is over is in the spend: a hold that an earlier attempt put back goes, and a late settle must find that it is done.
local function over(exchange)
  local key = ARGV[2] .. exchange
  local before = redis.call('HMGET', key, 'state', 'held')
  if before[1] == 'live' or before[1] == 'swept' then
    local charged = before[1] == 'live' and 'held' or 'spent'
    for amount, counter in string.gmatch(before[2], '(%d+) ([^\n]+)') do
      if amount ~= '0' then redis.call('HINCRBY', counter, charged, '-' .. amount) end
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
    spent(ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
    i = i + 4
  elseif ARGV[i] == 'hold' then
    hold(ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
    i = i + 4
  else
    over(ARGV[i + 1])
    i = i + 2
  end
end
return 1
