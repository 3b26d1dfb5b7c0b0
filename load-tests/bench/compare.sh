#!/usr/bin/env bash
# Compares Tollgate with all stages on against nginx proxy_pass and against the upstream itself, in one run: the proxy alone on core 0,
# load generator and upstream on core 1. Needs nginx and wrk, and load-tests/target/load-tests.jar (./mvnw package) for the fixed rate.
#   load-tests/bench/compare.sh [SECONDS]        prints a Markdown table; ratios count, single figures do not
set -euo pipefail
seconds=${1:-15}
here=$(cd "$(dirname "$0")" && pwd); top=$(cd "$here/../.." && pwd)
work=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
free_port() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }
up=$(free_port); ngx=$(free_port); gw=$(free_port); con=$(free_port)

python3 - "$work" <<'PY'
import json, sys
work = sys.argv[1]
words = "the quarterly plan needs a short summary of risks and next steps for the team ".split()
text = " ".join(words[i % len(words)] for i in range(150))[:800]
body = {"model": "gpt-4o-mini", "max_tokens": 256, "messages": [{"role": "system", "content": "Answer briefly."}, {"role": "user", "content": text[:270]},
        {"role": "assistant", "content": text[11:260]}, {"role": "user", "content": "Question 00000000: " + text[:260]}]}
open(work + "/body.json", "w").write(json.dumps(body))
answer = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini",
          "choices": [{"index": 0, "message": {"role": "assistant", "content": text[:600]}, "finish_reason": "stop"}],
          "usage": {"prompt_tokens": 170, "completion_tokens": 120, "total_tokens": 290}}
open(work + "/answer.json", "w").write(json.dumps(answer))
PY
answer=$(sed "s/'/\\\\'/g" "$work/answer.json")
nginx_conf() { # file port server-body
cat > "$1" <<CONF
worker_processes 1; daemon off; pid $1.pid; error_log $1.log error;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; client_body_buffer_size 128k; client_body_temp_path $work/b-$2; proxy_temp_path $work/p-$2; fastcgi_temp_path $work/f-$2; uwsgi_temp_path $work/u-$2; scgi_temp_path $work/s-$2;
$4
server { listen 127.0.0.1:$2; $3 } }
CONF
}
nginx_conf "$work/up.conf" "$up" "default_type application/json; location / { return 200 '$answer'; }" ""
nginx_conf "$work/proxy.conf" "$ngx" "location / { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ''; }" "upstream up { server 127.0.0.1:$up; keepalive 256; }"
taskset -c 1 nginx -c "$work/up.conf" & taskset -c 0 nginx -c "$work/proxy.conf" & nginx_master=$!
export UPSTREAM=http://127.0.0.1:$up
"$top/tollgate" version >&2 # builds it first, on both cores and without a time limit
TOLLGATE_JAVA_OPTS="-Xmx256m -XX:ActiveProcessorCount=1 ${BENCH_JAVA_OPTS:-}" taskset -c 0 "$top/tollgate" serve --policies "$here/policies" \
    --set server.data_folder="$work/data" --set server.data_plane.port="$gw" --set server.console.port="$con" ${BENCH_SET:-} > "$work/gateway.log" 2>&1 & gateway=$!
for _ in $(seq 300); do curl -sf "http://127.0.0.1:$con/readyz" >/dev/null && break; sleep 0.2; done
key=$(grep -o 'tg_[A-Za-z0-9]*' "$work/gateway.log" | head -n 1 || true)
[ -n "$key" ] || { cat "$work/gateway.log" >&2; exit 1; }
nginx_worker=$(pgrep -P "$nginx_master" | head -n 1)
cat > "$work/post.lua" <<LUA
local f = io.open("$work/body.json"); local body = f:read("*a"); f:close()
local head, tail = body:match("^(.*Question )%d+(:.*)\$")
local n = 0
function init(args) path = args[1] end
function request() -- every question another one, as a conversation would have it: nothing is answered from a memory of equal texts
    n = n + 1
    return "POST " .. path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer $key\r\nContent-Length: " .. #body .. "\r\n\r\n" .. head .. string.format("%08d", n % 100000000) .. tail
end
LUA
cpu() { awk '{print ($14+$15)*10}' "/proc/$1/stat"; } # milliseconds
rate() { # name url pid
    local before after out; before=$([ -n "$3" ] && cpu "$3" || echo 0)
    out=$(taskset -c 1 wrk -t1 -c64 -d"${seconds}s" -s "$work/post.lua" "$2" "/${2#http://*/}")
    after=$([ -n "$3" ] && cpu "$3" || echo 0)
    local rps requests bad; rps=$(awk '/Requests\/sec/{print $2}' <<<"$out"); requests=$(awk '/requests in/{print $1}' <<<"$out"); bad=$(awk '/Non-2xx/{print $NF}' <<<"$out")
    [ -z "$bad" ] || { echo "$1: $bad answers were not 2xx" >&2; taskset -c 1 curl -s -X POST -H "Authorization: Bearer $key" -H 'Content-Type: application/json' -d @"$work/body.json" "$2" >&2; exit 1; }
    echo "$1 $rps $(awk -v a="$after" -v b="$before" -v n="$requests" 'BEGIN{printf "%.1f", (a-b)*1000/n}')"
}
path=/v1/openai/chat/completions
# Warm once the compilers take less than a twentieth of a round; on one core that others load this takes minutes.
compilers() { cat "/proc/$gateway/task/"*/stat | awk '$2 ~ /^\(C[12]$/ {sum += $15 + $16} END{print sum * 10}'; } # milliseconds; their names have a blank
for _ in $(seq 40); do
    before=$(compilers)
    rate warm "http://127.0.0.1:$gw$path" "$gateway" >&2
    taken=$(($(compilers) - before))
    echo "compilers took $taken ms" >&2
    [ "$taken" -ge $((seconds * 50)) ] || break
done
echo "| | requests/s | CPU µs per request |"; echo "|---|---|---|"
for round in 1 2 3; do
    rate direct "http://127.0.0.1:$up/v1/chat/completions" ""; rate nginx "http://127.0.0.1:$ngx/v1/chat/completions" "$nginx_worker"; rate tollgate "http://127.0.0.1:$gw$path" "$gateway"
done | tee "$work/rates" | awk '{print "| " $1 " | " $2 " | " $3 " |"}'
awk '{n[$1]++; v[$1,n[$1]]=$2} END{for(i=1;i<=3;i++) r[i]=v["tollgate",i]/v["nginx",i]; asort(r); printf "throughput, tollgate / nginx: median %.2f (%.2f to %.2f)\n", r[2], r[1], r[3]}' "$work/rates" 2>/dev/null ||
    python3 -c 'import sys; d={}; [d.setdefault(l.split()[0],[]).append(float(l.split()[1])) for l in open(sys.argv[1])]; r=sorted(a/b for a,b in zip(d["tollgate"],d["nginx"])); print(f"throughput, tollgate / nginx: median {r[1]:.2f} ({r[0]:.2f} to {r[2]:.2f})")' "$work/rates"
java=$(readlink -f "/proc/$gateway/exe")
if [ -f "$top/load-tests/target/load-tests.jar" ]; then
    echo; echo "| at 1,000 requests/s | p50 µs | p99 µs | success % |"; echo "|---|---|---|---|"
    taskset -c 1 "$java" --enable-native-access=ALL-UNNAMED -cp "$top/load-tests/target/load-tests.jar:$top/load-tests/target/lib/*" dev.tollgate.load.FixedRate 1000 "$seconds" 3 "$work/body.json" "$key" \
        "direct=http://127.0.0.1:$up/v1/chat/completions" "nginx=http://127.0.0.1:$ngx/v1/chat/completions" "tollgate=http://127.0.0.1:$gw$path" |
        tee "$work/fixed" | awk '{print "| " $1 " | " $2 " | " $3 " | " $4 " |"}'
    python3 -c 'import sys; d={}; [d.setdefault(l.split()[0],[]).append(float(l.split()[1])) for l in open(sys.argv[1])]; r=sorted(a/b for a,b in zip(d["tollgate"],d["nginx"])); print(f"p50, tollgate / nginx: median {r[len(r)//2]:.2f} ({r[0]:.2f} to {r[-1]:.2f})")' "$work/fixed"
fi
echo; grep -E 'VmHWM|VmRSS' "/proc/$gateway/status"
