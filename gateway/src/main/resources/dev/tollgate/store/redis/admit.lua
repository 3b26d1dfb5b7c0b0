-- Takes an amount from each rate limit of a call, or from none if an enforced one does not fit.
-- KEYS: counter…
-- ARGV: exchange, slot lease in ms, then per counter: shape (b bucket, w window, s slots), capacity, most, period in ms, amount, enforced (1)
-- Answers {now in ms, then per counter: wait in ms (0: fits), remaining, ms until all is free, window}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local asked, fits = {}, true
for i = 1, #KEYS do
  local at = 6 * i - 3
  local one = {shape = ARGV[at], capacity = tonumber(ARGV[at + 1]), most = tonumber(ARGV[at + 2]),
    period = tonumber(ARGV[at + 3]), amount = tonumber(ARGV[at + 4]), wait = 0, stamp = 0}
  if one.shape == 'b' then
    local before = redis.call('HMGET', KEYS[i], 'level', 'at')
    local passed = math.max(0, now - tonumber(before[2] or now))
    one.used = math.max(0, tonumber(before[1] or 0) - passed * one.most / one.period)
    local over = one.used + one.amount - one.capacity
    if over > 0 then one.wait = math.ceil(over * one.period / one.most) end
  elseif one.shape == 'w' then
    one.stamp = math.floor(now / one.period)
    local before = redis.call('HMGET', KEYS[i], 'window', 'count')
    one.used = tonumber(before[1] or -1) == one.stamp and tonumber(before[2]) or 0
    if one.used + one.amount > one.capacity then one.wait = one.period - now % one.period end
  else
    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
    one.used = redis.call('ZCARD', KEYS[i])
    if one.used + one.amount > one.capacity then one.wait = 1000 end
  end
  if one.wait > 0 and ARGV[at + 5] == '1' then fits = false end
  asked[i] = one
end

local answer = {now}
for i, one in ipairs(asked) do
  if fits then
    one.used = one.used + one.amount
    if one.shape == 'b' then
      redis.call('HSET', KEYS[i], 'level', string.format('%.17g', one.used), 'at', now)
      redis.call('PEXPIRE', KEYS[i], math.ceil(one.used * one.period / one.most) + 1000)
    elseif one.shape == 'w' then
      redis.call('HSET', KEYS[i], 'window', one.stamp, 'count', string.format('%.0f', one.used))
      redis.call('PEXPIRE', KEYS[i], one.period)
    else
      redis.call('ZADD', KEYS[i], now + ARGV[2], ARGV[1])
      redis.call('PEXPIRE', KEYS[i], ARGV[2])
    end
  end
  local reset = 0
  if one.shape == 'b' then reset = math.ceil(one.used * one.period / one.most) end
  if one.shape == 'w' then reset = one.period - now % one.period end
  answer[#answer + 1] = one.wait
  answer[#answer + 1] = math.max(0, math.floor(one.capacity - one.used))
  answer[#answer + 1] = reset
  answer[#answer + 1] = one.stamp
end
return answer
