#!/bin/sh
# In the box, as root, with hadir.service running: the kernel's virtual camera is plugged in, pulled
# out and plugged in again. Each check ends the script when it fails.
#
#   sh camera.sh [http://127.0.0.1:8080]
#
# Before: /etc/hadir/hadir.toml has `[camera] source = "v4l2:/dev/video0"` and the daemon was
# restarted. Needs the module vivid (Debian's full kernel has it) and curl.
set -eu

base=${1:-http://127.0.0.1:8080}
driver=/sys/bus/platform/drivers/vivid

fail() { echo "camera: $*" >&2; exit 1; }

state() {
    curl -fsS --max-time 10 "$base/health" |
        sed -n 's/.*"cameras":\[{[^]]*"state":"\([a-z]*\)".*/\1/p'
}

# The state becomes $1 within $2 seconds.
becomes() {
    left=$2
    until [ "$(state || true)" = "$1" ]; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || fail "the camera is \"$(state || true)\", not \"$1\", after $2 s"
        sleep 1
    done
    echo "camera: $1"
}

lines() {
    journalctl -q -u hadir -o cat "HADIR_EVENT=$1" | wc -l
}

modprobe vivid n_devs=1 node_types=0x1 || fail "no module vivid"
[ -c /dev/video0 ] || fail "no /dev/video0"

# "on" is said after a picture has arrived and not before.
becomes on 60
lost=$(lines camera_lost)
back=$(lines camera_back)

echo vivid.0 >"$driver/unbind"
becomes lost 30
sleep 20 # several tries
[ "$(lines camera_lost)" -eq "$((lost + 1))" ] || fail "not one line for one loss"

echo vivid.0 >"$driver/bind"
becomes on 60
[ "$(lines camera_back)" -eq "$((back + 1))" ] || fail "not one line for the return"

hadir doctor --json | grep -q '"v4l2:/dev/video0 is on"' || fail "doctor does not see it"
echo "camera: proven"
