-- A page of all counters; those that have expired are struck from the list. KEYS: counters      ARGV: cursor, how many
-- Answers {next cursor (0: the last page), {key, spent, held} …}
local page = redis.call('SSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local answer = {page[1]}
for _, key in ipairs(page[2]) do
  local level = redis.call('HMGET', key, 'spent', 'held', 'ends')
  if level[1] or level[2] or level[3] then
    answer[#answer + 1] = {key, level[1] or '0', level[2] or '0'}
  else
    redis.call('SREM', KEYS[1], key)
  end
end
return answer
