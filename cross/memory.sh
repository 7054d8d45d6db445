#!/bin/sh
# Peak memory of the static aarch64 program with all models and 10,000 templates: under
# 300 MB, as the box promises.
#
#   cross/memory.sh dist/hadir
#
# Under emulation the figure is that of the emulator with the program in it, which is more
# than the program alone needs: an upper bound, never too kind.
set -eu
cd "$(dirname "$0")/.."
limit_kib=307200
export QEMU_CPU=cortex-a53
out=$(qemu-aarch64-static "$1" face bench --rounds 2 --templates 10000 models/demo/p1_a.png)
echo "$out"
peak_kib=$(echo "$out" | sed -n 's/^peak memory: *\([0-9]*\) KiB.*/\1/p')
[ -n "$peak_kib" ] || { echo "$1 printed no peak memory" >&2; exit 1; }
[ "$peak_kib" -lt $limit_kib ] || { echo "$peak_kib KiB, at most $limit_kib" >&2; exit 1; }
