-- Puts back part of what the audit log knows, unless the counters are there already.
-- KEYS: epoch, leases      ARGV: prefix of counter keys, prefix of hold keys, ms to keep a counter of unknown end,
--   then 'spent' key amount … and 'hold' exchange amount until counters …, in any order
-- Answers 1 written · 0 the counters are there.
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local i = 4
while i <= #ARGV do
  if ARGV[i] == 'spent' then
    local key = ARGV[1] .. ARGV[i + 1]
    redis.call('HSET', key, 'spent', ARGV[i + 2])
    redis.call('PEXPIRE', key, ARGV[3])
    i = i + 3
  else
    local hold = ARGV[2] .. ARGV[i + 1]
    if redis.call('EXISTS', hold) == 0 then
      redis.call('HSET', hold, 'state', 'live', 'amount', ARGV[i + 2], 'index', 1, 'left', 0, 'until', ARGV[i + 3], 'counters', ARGV[i + 4])
      redis.call('ZADD', KEYS[2], ARGV[i + 3], ARGV[i + 1])
      for counter in string.gmatch(ARGV[i + 4], '[^\n]+') do
        redis.call('HINCRBY', counter, 'held', ARGV[i + 2])
        redis.call('PEXPIRE', counter, ARGV[3])
      end
    end
    i = i + 5
  end
end
return 1
