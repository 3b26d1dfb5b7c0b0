-- The live holds of all nodes, those first whose lease ends first. KEYS: leases      ARGV: prefix of hold keys, most to answer
-- Answers {exchange, since in ms, lease until in ms, lines of amount and counter} …
local live = {}
for _, exchange in ipairs(redis.call('ZRANGE', KEYS[1], 0, ARGV[2] - 1)) do
  local hold = redis.call('HMGET', ARGV[1] .. exchange, 'state', 'since', 'until', 'held')
  if hold[1] == 'live' then live[#live + 1] = {exchange, hold[2], hold[3], hold[4]} end
end
return live
