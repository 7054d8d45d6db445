#!/bin/sh
# Proves the package on an emulated arm64 machine (Cortex-A53, 1 GB) that runs a whole Debian 12
# from its own disk: apt installs it, systemd starts it, and every check that fails ends the proof.
#
#   cross/prove.sh --setup    installs what it needs (as root, with a network)
#   cross/prove.sh            proves dist/hadir_VERSION_arm64.deb, or the file in PACKAGE
#
# The disk and the kernel are made once (root, network) and kept in ~/.cache/hadir/proof-KEY. The
# exit status is 0 only if every check has passed; the table of figures is in dist/proof.txt, all that
# was said on the console in dist/proof.log. While writing checks: KEEP=yes keeps the disk of the run in
# dist/proof.img, also of one that failed; DISK=dist/proof.img goes on with it, after the last part that
# has passed.
set -eu
cd "$(dirname "$0")/.."
if [ "${1:-}" = --setup ]; then
    dpkg --print-foreign-architectures | grep -qx arm64 || dpkg --add-architecture arm64
    apt-get update -q
    exec apt-get install -qy --no-install-recommends qemu-system-arm qemu-user-static \
        mmdebstrap arch-test cpio e2fsprogs dpkg-dev ipxe-qemu
fi
[ $# = 0 ] || { sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 64; }

version=$(dpkg-parsechangelog -S Version)
package=${PACKAGE:-dist/hadir_${version}_arm64.deb}
[ -e "$package" ] || { echo "$package is missing: cross/package.sh" >&2; exit 1; }
key=$({ cat cross/mounts.sh cross/proof/base.sh cross/proof/first.sh cross/proof/packages.sh \
    cross/proof/hadir-proof.service; date +%Y-%m; } | sha256sum | cut -c 1-12)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hadir
base=$cache/proof-$key
if [ ! -e "$base/vmlinuz" ]; then
    echo "making the disk: $base"
    sh cross/proof/base.sh "$base.new" >dist/proof-base.log 2>&1 ||
        { tail -n 30 dist/proof-base.log; exit 1; }
    for old in "$cache"/proof-*; do
        [ "$old" = "$base.new" ] || rm -rf --one-file-system "$old"
    done
    mv "$base.new" "$base"
fi

work=$(mktemp -d "${TMPDIR:-/var/tmp}/hadir-proof.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# The second disk: what this run proves, and the checks.
mkdir "$work/second"
cp -R cross/proof/inside.sh cross/proof/box.sh cross/proof/parts cross/proof/ticket.png \
    cross/proof/camera.sh cross/proof/smtp.pl "$work/second/"
cp cross/proof/settings docs/operations.md "$work/second/"
cp "$package" "$work/second/hadir.deb"
cp dist/hadir-kiosk_"${version}"_all.deb "$work/second/hadir-kiosk.deb"
mkdir "$work/second/faces"
cp tests/reference/*.jpg tests/reference/p*.png "$work/second/faces/"
cp tests/it/dumps/schema_1.sql "$work/second/"
# The next version: the same files under a higher number.
. cross/repack.sh
next=$version+proof1
repack "$package" "$next" "$work/second/next.deb" "$work"
echo "VERSION=$version NEXT=$next" >>"$work/second/settings"
stand_in cage "$work/second/cage.deb" "$work"
stand_in chromium "$work/second/chromium.deb" "$work"
truncate -s 400M "$work/second.img"
mke2fs -q -t ext4 -O ^has_journal -d "$work/second" "$work/second.img"
cp --sparse=always "${DISK:-$base/disk.img}" "$work/disk.img"

begun=$(date +%s)
timeout -k 10 "${LIMIT_S:-2400}" qemu-system-aarch64 -M virt -cpu cortex-a53 -smp 2 -m 1024 \
    -accel tcg,thread=multi -nographic -nic none -device virtio-rng-pci \
    -drive "file=$work/disk.img,if=virtio,format=raw,cache=writeback" \
    -drive "file=$work/second.img,if=virtio,format=raw,readonly=on" \
    -kernel "$base/vmlinuz" -initrd "$base/first.img" \
    -append 'console=ttyAMA0 panic=-1 quiet systemd.show_status=no' \
    </dev/null 2>&1 | sed -u 's/\r//g' | tee dist/proof.log | sed -un '/^PROOF begin/,$p' || true
seconds=$(($(date +%s) - begun))
[ "${KEEP:-}" != yes ] || cp --sparse=always "$work/disk.img" dist/proof.img
if ! grep -qx 'PROOF rc=0' dist/proof.log; then
    grep -q '^PROOF begin' dist/proof.log || tail -n 40 dist/proof.log
    echo "prove.sh: FAILED after $seconds s" >&2
    exit 1
fi
{
    echo "| what | figure |"
    echo "|---|---|"
    sed -n '/^PROOF table/,/^PROOF rc/{/^PROOF/d;s/^\(.*\)|\(.*\)$/| \1 | \2 |/p}' dist/proof.log
    echo "| seconds in all | $seconds |"
} >dist/proof.txt
cat dist/proof.txt
echo "prove.sh: proven in $seconds s"
