#!/bin/sh
# Builds and packs what is committed in a fresh Debian 12 that has nothing but what the scripts' own
# --setup installs: whatever this machine has besides is not needed. As root, with a network.
#
#   cross/fresh.sh            ends with the digest of the program; compares it with dist/hadir if MATCH=yes
#   cross/fresh.sh --pack     only packs: dist/hadir, as it is
#
# The paths inside are those outside (checkout, CARGO_TARGET_DIR, home), because a few of them stand in
# the program. What came of it lies in dist/fresh.
set -eu
. "$(dirname "$0")/mounts.sh"
cd "$(dirname "$0")/.."
checkout=$PWD
root=$work/root
: "${CARGO_TARGET_DIR:=$checkout/target}"
begun=$(date +%s)
main=$(mirror bookworm)
mmdebstrap --arch=amd64 --variant=minbase --mode=root --include=ca-certificates --quiet bookworm "$root" \
    "deb ${main:?no mirror among the sources of apt} bookworm main" \
    "deb $main bookworm-updates main" "deb $(mirror bookworm-security) bookworm-security main"
# The authorities that this machine trusts, and its way to names.
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/hosts "$root/etc/hosts"
mount -t proc proc "$root/proc"
mkdir -p "$root$checkout"
git archive HEAD | tar -x -C "$root$checkout"
inside() {
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$HOME" LC_ALL=C DEBIAN_FRONTEND=noninteractive \
        CARGO_TARGET_DIR="$CARGO_TARGET_DIR" sh -euc "cd '$checkout' && $1"
}
inside 'cross/build.sh --setup && cross/package.sh --setup' >"$work/setup.log" 2>&1 || { tail -n 30 "$work/setup.log"; exit 1; }
echo "installed what the build asks for: $(($(date +%s) - begun)) s"
if [ "${1:-}" = --pack ]; then
    install -D dist/hadir "$root$checkout/dist/hadir"
else
    inside 'cross/build.sh' >"$work/build.log" 2>&1 || { tail -n 30 "$work/build.log"; exit 1; }
    tail -n 1 "$work/build.log"
fi
inside 'cross/package.sh' >"$work/package.log" 2>&1 || { tail -n 30 "$work/package.log"; exit 1; }
rm -rf dist/fresh
mkdir -p dist/fresh
cp "$root$checkout"/dist/hadir "$root$checkout"/dist/*.deb dist/fresh/
ls -l dist/fresh
digest=$(sha256sum <dist/fresh/hadir)
echo "fresh.sh: built and packed in $(($(date +%s) - begun)) s; sha256 ${digest%% *}"
if [ "${MATCH:-}" = yes ]; then
    [ "$digest" = "$(sha256sum <dist/hadir)" ] || { echo "fresh.sh: dist/hadir is another program" >&2; exit 1; }
    echo 'fresh.sh: dist/hadir is the same, byte by byte'
fi
