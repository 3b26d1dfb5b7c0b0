# Shared by the sections of .ci/run; sourced, not run.
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
shared=${TOLLGATE_SHARED:-$top/../shared}
work=$(mktemp -d)
started=()

# Ends what this section started, by process id, and removes its folder.
clean_up() {
    local process
    for process in "${started[@]}"; do
        # The status of what was ended is not the status of the section.
        { kill "$process" && wait "$process"; } 2>/dev/null || true
    done
    rm -rf "$work"
}
trap clean_up EXIT

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

free_port() {
    node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# wait_for SECONDS COMMAND...: runs the command every quarter second until it succeeds.
wait_for() {
    local until=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$until" ] || return 1
        sleep 0.25
    done
}

is_ready_or_gone() {
    curl -fsS "$console/readyz" || ! kill -0 "$1"
}

# start_gateway POLICIES [OPTION...]: serves the bundle with a fresh data folder; sets `gateway` (URL of the data plane), `console` and `key` (an agent key).
start_gateway() {
    local port console_port log=$work/gateway.log
    port=$(free_port)
    console_port=$(free_port)
    gateway=http://127.0.0.1:$port
    console=http://127.0.0.1:$console_port
    "$top/tollgate" serve --policies "$1" --set "server.data_folder=$work/data" \
        --set "server.data_plane.port=$port" --set "server.console.port=$console_port" "${@:2}" >"$log" 2>&1 &
    local process=$!
    started+=("$process")
    if ! wait_for 180 is_ready_or_gone "$process" || ! kill -0 "$process" 2>/dev/null; then
        tail -n 40 "$log" >&2
        fail "the gateway did not become ready"
    fi
    # The first start prints a curl line with a key in it.
    key=$(sed -n 's/.*curl.*\(tg_[A-Za-z0-9_-]\{20,\}\).*/\1/p' "$log" | head -n 1)
    [ -n "$key" ] || fail "the first start printed no curl line with an agent key"
}
