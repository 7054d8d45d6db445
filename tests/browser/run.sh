#!/usr/bin/env bash
# The pages in a browser: `bash tests/browser/run.sh [FILE…]` on Debian 12, as root the first time
# (it installs Chromium and Node where they are missing). Needs target/release/hadir, or the
# program in HADIR. The two packages are put into HADIR_BROWSER_MODULES, outside of the checkout.
set -euo pipefail
cd "$(dirname "$0")"
export DEBIAN_FRONTEND=noninteractive HADIR_BROWSER_MODULES=${HADIR_BROWSER_MODULES:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/hadir/browser}
missing=''
command -v chromium >/dev/null || missing+=' chromium fonts-dejavu-core'
command -v node >/dev/null || missing+=' nodejs'
command -v npm >/dev/null || missing+=' npm'
command -v python3 >/dev/null || missing+=' python3' # reads the store beside the program
mkdir -p "$HADIR_BROWSER_MODULES"
if [ -n "$missing" ]; then
    echo "missing:$missing"
    log=$HADIR_BROWSER_MODULES/install.log
    # shellcheck disable=SC2086 # one word for each package
    (apt-get update -q && apt-get install -qy --no-install-recommends $missing) >"$log" 2>&1 ||
        { tail -n 30 "$log"; exit 1; }
fi
if ! cmp -s package-lock.json "$HADIR_BROWSER_MODULES/package-lock.json" ||
    [ ! -d "$HADIR_BROWSER_MODULES/node_modules/axe-core" ]; then
    cp package.json package-lock.json "$HADIR_BROWSER_MODULES/"
    (cd "$HADIR_BROWSER_MODULES" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
fi
[ $# -gt 0 ] || set -- unit/*.test.mjs ./*.test.mjs
# Nothing hangs a run: each test has its own limit, and the whole has this one. Files run two at a
# time: each has a box and a browser of its own, and mostly waits.
exec timeout 900 node --test --test-concurrency=2 --test-reporter=spec "$@"
