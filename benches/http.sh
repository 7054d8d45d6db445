#!/bin/sh
# The box over HTTP: memory of event streams, pictures of screens against the bare pipeline, others
# while fifty sign in, and check-ins against FastAPI on uvicorn (one worker, uvloop, httptools) with a dict and against the
# store alone. Prints figures and verdicts; exits with 1 where one is missed.
# usage: benches/http.sh [DIR]    DIR keeps the Python environment between runs
#
# Needs python3 with venv and pip. TURNS and CHECK_INS say how long it takes.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
dir=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/hadir-bench-http}
if [ ! -x "$dir/env/bin/uvicorn" ]; then
    mkdir -p "$dir"
    python3 -m venv "$dir/env"
    "$dir/env/bin/pip" install -q fastapi==0.165.0 'uvicorn[standard]==0.54.0' \
        pydantic==2.14.3 starlette==1.10.0 uvloop==0.23.0 httptools==0.9.0
fi
cd "$here"
echo "# $(rustc --version); $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2-), $(nproc) cores"
echo "# $("$dir/env/bin/python" --version); $("$dir/env/bin/pip" freeze | grep -iE '^(fastapi|starlette|pydantic|uvicorn|uvloop|httptools)==' | tr '\n' ' ')"
missed=0
cargo bench -q --bench http -- streams || missed=1
cargo bench -q --bench http -- kiosk || missed=1
cargo bench -q --bench http -- login || missed=1
cargo bench -q --bench http -- rate "$dir/env/bin/uvicorn" || missed=1
exit "$missed"
