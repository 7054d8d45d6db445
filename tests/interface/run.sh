#!/usr/bin/env bash
# The interface against its document: `bash tests/interface/run.sh` on Debian 12, as root the first
# time (it installs Python where it is missing). Needs target/release/hadir, or the program in
# HADIR. What pip installs is put into HADIR_INTERFACE_VENV, outside of the checkout.
set -euo pipefail
cd "$(dirname "$0")"
export DEBIAN_FRONTEND=noninteractive PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
venv=${HADIR_INTERFACE_VENV:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/hadir/interface}
mkdir -p "$venv"
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    log=$venv/install.log
    (apt-get update -q && apt-get install -qy --no-install-recommends python3 python3-venv) \
        >"$log" 2>&1 || { tail -n 30 "$log"; exit 1; }
fi
# Made anew for other requirements and for another Python; a copy says what is installed.
wanted=$(python3 --version | cat - requirements.txt)
if [ "$wanted" != "$(cat "$venv/installed" 2>/dev/null)" ]; then
    rm -f "$venv/installed"
    python3 -m venv --clear "$venv/python"
    "$venv/python/bin/pip" install -q --require-hashes --only-binary :all: -r requirements.txt
    printf '%s\n' "$wanted" >"$venv/installed"
fi
# Nothing hangs a run.
exec timeout 900 "$venv/python/bin/python" run.py
