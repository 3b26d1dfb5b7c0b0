#!/usr/bin/env bash
# What recording and searching cost: gateways with audit.durability off, fast and strict, with payloads kept, and with and without the search for secrets,
# personal data and injections, beside each other, each measured in turn, round after round. Needs nginx and wrk. One core for the gateways, one for load generator and upstream. The threads that compile are left out: what they do ends.
#   load-tests/bench/audit.sh [SECONDS] [ROUNDS]        prints a Markdown table per size of body; ratios count, single figures do not
#   WARM=60 SETS="off fast strict" SIZES="1 64"         seconds of warming up, what is compared (with the first of them), KB of the bodies
#   SETS="unsearched searched" SIZES=256                a conversation of 256 KB, of which the last message is new
set -euo pipefail
seconds=${1:-10}; rounds=${2:-5}
here=$(cd "$(dirname "$0")" && pwd); top=$(cd "$here/../.." && pwd)
work=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
free_port() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }

python3 - "$work" <<'PY'
import json, sys
work = sys.argv[1]
words = "the quarterly plan needs a short summary of risks and next steps for the team ".split()
text = " ".join(words[i % len(words)] for i in range(20000))
def body(turns, each):
    messages = [{"role": "system", "content": "Answer briefly."}]
    for i in range(turns):
        messages.append({"role": "user" if i % 2 == 0 else "assistant", "content": text[i * 37:i * 37 + each]})
    messages.append({"role": "user", "content": "Question 00000000: " + text[:260]})
    return json.dumps({"model": "gpt-4o-mini", "max_tokens": 256, "messages": messages})
open(work + "/1.json", "w").write(body(2, 260))
open(work + "/64.json", "w").write(body(32, 1980))
open(work + "/256.json", "w").write(body(130, 1980))
answer = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini",
          "choices": [{"index": 0, "message": {"role": "assistant", "content": text[:600]}, "finish_reason": "stop"}],
          "usage": {"prompt_tokens": 170, "completion_tokens": 120, "total_tokens": 290}}
open(work + "/answer.json", "w").write(json.dumps(answer))
PY
up=$(free_port); answer=$(sed "s/'/\\\\'/g" "$work/answer.json")
cat > "$work/up.conf" <<CONF
worker_processes 1; daemon off; pid $work/up.pid; error_log $work/up.log error;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; client_body_buffer_size 512k; client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
server { listen 127.0.0.1:$up; default_type application/json; location / { return 200 '$answer'; } } }
CONF
taskset -c 1 nginx -c "$work/up.conf" &
export UPSTREAM=http://127.0.0.1:$up

read -ra names <<< "${SETS:-off fast strict redacted full}"
declare -A sets=([off]=audit.durability=off [fast]=audit.durability=fast [strict]=audit.durability=strict [none]=payloads.capture=none [redacted]=payloads.capture=redacted [full]=payloads.capture=full
    [unsearched]="scan.mode=off detect.mode=off" [searched]=scan.mode=enforce)
declare -A pid port key
for name in "${names[@]}"; do
    port[$name]=$(free_port); console=$(free_port); settings=()
    for setting in ${sets[$name]}; do settings+=(--set "$setting"); done
    TOLLGATE_JAVA_OPTS="-Xmx256m -XX:ActiveProcessorCount=1 ${BENCH_JAVA_OPTS:-}" taskset -c 0 "$top/tollgate" serve --policies "$here/policies" \
        --set server.data_folder="$work/$name" --set server.data_plane.port="${port[$name]}" --set server.console.port="$console" "${settings[@]}" \
        --set payloads.backlog=32MiB --set payloads.when_behind=open > "$work/$name.log" 2>&1 & pid[$name]=$!
    for _ in $(seq 300); do curl -sf "http://127.0.0.1:$console/readyz" >/dev/null && break; sleep 0.2; done
    key[$name]=$(grep -o 'tg_[A-Za-z0-9]*' "$work/$name.log" | head -n 1)
    [ -n "${key[$name]}" ] || { cat "$work/$name.log" >&2; exit 1; }
done
cpu() { cat "/proc/$1"/task/*/stat 2>/dev/null | sed '/(C[12] Compiler/d; s/.*) //' | awk '{sum += $12 + $13} END {print sum * 10}'; } # milliseconds
measure() { # name size: microseconds of CPU per request, what is left to be written included
    local name=$1 before after out requests bad
    cat > "$work/post.lua" <<LUA
local f = io.open("$work/$2.json"); local body = f:read("*a"); f:close()
local head, tail = body:match("^(.*Question )%d+(:.*)\$")
local n = $RANDOM * 32768 + $RANDOM
function request() -- every question another one, as a conversation would have it
    n = n + 1
    return "POST /v1/openai/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer ${key[$name]}\r\nContent-Length: " .. #body .. "\r\n\r\n" .. head .. string.format("%08d", n % 100000000) .. tail
end
LUA
    before=$(cpu "${pid[$name]}")
    out=$(taskset -c 1 wrk -t1 -c32 -d"${3:-$seconds}s" -s "$work/post.lua" "http://127.0.0.1:${port[$name]}")
    sleep 1.5; after=$(cpu "${pid[$name]}")
    requests=$(awk '/requests in/{print $1}' <<<"$out"); bad=$(awk '/Non-2xx/{print $NF}' <<<"$out")
    [ -z "$bad" ] || { echo "$name: $bad answers were not 2xx" >&2; exit 1; }
    echo "$name $(awk -v a="$after" -v b="$before" -v n="$requests" 'BEGIN{printf "%.1f", (a-b)*1000/n}')"
}
for size in ${SIZES:-1 64}; do
    for name in "${names[@]}"; do measure "$name" "$size" "${WARM:-30}" > /dev/null; done
    for ((round = 0; round < rounds; round++)); do for name in "${names[@]}"; do measure "$name" "$size"; done; done > "$work/rates"
    python3 - "$work/rates" "$size" "${names[@]}" <<'PY'
import statistics, sys
values = {}
for line in open(sys.argv[1]):
    name, cpu = line.split(); values.setdefault(name, []).append(float(cpu))
print(f"\n| {sys.argv[2]} KB | CPU µs per request, median (all rounds) | against {sys.argv[3]}, round by round: median (range) |\n|---|---|---|")
for name in sys.argv[3:]:
    ratios = [a / b for a, b in zip(values[name], values[sys.argv[3]])]
    print(f"| {name} | {statistics.median(values[name]):.0f} ({min(values[name]):.0f}–{max(values[name]):.0f}) | {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}) |")
PY
done
