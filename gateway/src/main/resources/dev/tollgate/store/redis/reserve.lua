-- Begins with totals.lua
-- Holds in all counters of an exchange the amount of each, or in none.
-- KEYS: nodes, leases, hold, holds of the node, counters, counter…
-- ARGV: exchange, lease in ms, afterlife in ms, node,
--   then per counter: amount, limit (-1: only observed), end in ms (0: never), how many counters before it count with it
-- Answers {-1} this node's spend is not in the counters · {-2} that of others is not · {0, total…} refused
--   · {1, lease until in ms, total…} granted · {2, lease until in ms} it is held already
-- A total is what a counter, and those before it, hold and have spent without this exchange.
-- Amounts are whole nano-dollars, tokens or requests, exact in Lua's numbers up to 2^53.
local joined = redis.call('HMGET', KEYS[1], 'node:' .. ARGV[4], 'awaited')
if joined[1] ~= 'here' then return {-1} end
if tonumber(joined[2] or 0) > 0 then return {-2} end

local before = redis.call('HMGET', KEYS[3], 'state', 'until')
if before[1] == 'live' then return {2, tonumber(before[2])} end

local sums, fits = totals({})
if not fits then
  table.insert(sums, 1, 0)
  return sums
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lines = {}
for i = 1, #KEYS - 5 do
  local at, key = 1 + 4 * i, KEYS[5 + i]
  if ARGV[at] ~= '0' then redis.call('HINCRBY', key, 'held', ARGV[at]) end
  if redis.call('HSETNX', key, 'ends', ARGV[at + 2]) == 1 then
    redis.call('SADD', KEYS[5], key)
    if ARGV[at + 2] == '0' then
      redis.call('PERSIST', key)
    else
      redis.call('PEXPIREAT', key, string.format('%.0f', ARGV[at + 2] + ARGV[3]))
    end
  end
  lines[i] = ARGV[at] .. ' ' .. key
end
local lease_until = now + tonumber(ARGV[2])
redis.call('DEL', KEYS[3])
redis.call('HSET', KEYS[3], 'state', 'live', 'since', now, 'until', lease_until, 'held', table.concat(lines, '\n'))
redis.call('ZADD', KEYS[2], lease_until, ARGV[1])
redis.call('SADD', KEYS[4], ARGV[1])
table.insert(sums, 1, lease_until)
table.insert(sums, 1, 1)
return sums
