-- The holds of a node that were neither settled nor released. KEYS: holds of the node      ARGV: prefix of hold keys
-- Answers {exchange, since in ms, lease until in ms, lines of amount and counter} …
local open = {}
for _, exchange in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local hold = redis.call('HMGET', ARGV[1] .. exchange, 'state', 'since', 'until', 'held')
  if hold[1] == 'live' or hold[1] == 'swept' then
    open[#open + 1] = {exchange, hold[2], hold[3], hold[4]}
  else
    redis.call('SREM', KEYS[1], exchange)
  end
end
return open
