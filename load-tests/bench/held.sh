#!/usr/bin/env bash
# Many streams that wait for a person on one node: what they cost in memory and CPU, and whether each is answered once it is approved.
# With the limits as they come, of 10,000 streams and for 20 keys, since a key has at most 1,000 calls open. Needs load-tests/target/load-tests.jar (./mvnw package).
#   load-tests/bench/held.sh [STREAMS] [SECONDS]
set -euo pipefail
streams=${1:-10000} seconds=${2:-60}
here=$(cd "$(dirname "$0")" && pwd); top=$(cd "$here/../.." && pwd)
work=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
free_port() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }
plane=$(free_port); console=$(free_port)
ulimit -n "$(ulimit -Hn)"
TOLLGATE_JAVA_OPTS="${BENCH_JAVA_OPTS:--Xmx512m}" "$top/tollgate" serve --policies "$here/held" --set server.data_folder="$work/data" \
    --set server.data_plane.port="$plane" --set server.console.port="$console" >"$work/gateway.log" 2>&1 & gateway=$!
for _ in $(seq 600); do curl -sf "http://127.0.0.1:$console/readyz" >/dev/null && break; sleep 0.2; done
key=$(grep -o 'tg_[A-Za-z0-9]*' "$work/gateway.log" | head -n 1)
[ -n "$key" ] || { cat "$work/gateway.log" >&2; exit 1; }
token=$(cat "$work/data/admin-token") keys=$key
for number in $(seq 2 20); do
    keys=$keys,$(curl -sf -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d "{\"agent\":\"held-$number\",\"team\":\"held\"}" "http://127.0.0.1:$console/api/v1/keys" | grep -o 'tg_[A-Za-z0-9_-]*')
done
java=$(readlink -f "/proc/$gateway/exe")
"$java" -Xmx512m -cp "$top/load-tests/target/load-tests.jar" dev.tollgate.load.HeldStreams "$streams" "$seconds" "$plane" "$keys" "$console" "$token" "$gateway"
