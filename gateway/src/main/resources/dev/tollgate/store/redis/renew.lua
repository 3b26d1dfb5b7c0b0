-- Keeps slots of calls that are under way.
-- KEYS: counter of each slot
-- ARGV: slot lease in ms, then the exchange of each slot
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 1, #KEYS do
  redis.call('ZADD', KEYS[i], now + ARGV[1], ARGV[1 + i])
  redis.call('PEXPIRE', KEYS[i], ARGV[1])
end
return #KEYS
