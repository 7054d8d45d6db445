#!/bin/sh
# Durable check-ins over HTTP against FastAPI on uvicorn (one worker, uvloop, httptools) with a
# dict, the same client program, in turn on the same machine; then 500 event streams.
# usage: benches/http.sh [DIR]    DIR keeps the Python environment between runs
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
dir=${1:-$here/target/bench-http}
turns=${TURNS:-3}
port=${PORT:-18999}
mkdir -p "$dir"
if [ ! -x "$dir/env/bin/uvicorn" ]; then
    python3 -m venv "$dir/env"
    "$dir/env/bin/pip" install -q fastapi==0.165.0 'uvicorn[standard]==0.54.0'
fi
cd "$here"
cargo build --release --bench http
program=$(ls -t "${CARGO_TARGET_DIR:-target}"/release/deps/http-* | grep -v '\.' | head -1)
all=$dir/all.txt
: > "$all"
for turn in $(seq "$turns"); do
    "$program" ours | tee -a "$all"
    # A new process each time: its dict must not know the tickets.
    "$dir/env/bin/uvicorn" --app-dir benches baseline_http:app --port "$port" --log-level warning --no-access-log &
    server=$!
    until "$dir/env/bin/python" -c "import socket; socket.create_connection(('127.0.0.1', $port)).close()" 2>/dev/null; do :; done
    "$program" theirs "127.0.0.1:$port" | tee -a "$all"
    kill "$server"
    wait "$server" 2>/dev/null || true
done
"$program" streams
awk '$1 == "ours" { ours[++o] = $2 } $1 == "theirs" { theirs[++t] = $2 }
    END { for (i = 1; i <= o; i++) printf "ratio of turn %d: %.0f / %.0f = %.2f (at least 5)\n", i, ours[i], theirs[i], ours[i] / theirs[i] }' "$all"
