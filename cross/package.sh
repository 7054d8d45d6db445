#!/bin/sh
# Packs the program that was built before and lints the packages.
#
#   cross/package.sh --setup   installs what it needs (as root)
#   cross/package.sh           dist/hadir        to dist/hadir_VERSION_arm64.deb
#   cross/package.sh amd64     dist/hadir-amd64  to dist/hadir_VERSION_amd64.deb, for trying
#
# dist/hadir-kiosk_VERSION_all.deb comes with the first of them.
set -eu
cd "$(dirname "$0")/.."
arch=arm64
case ${1:-} in
--setup)
    exec apt-get install -qy --no-install-recommends \
        build-essential debhelper dpkg-dev binutils-aarch64-linux-gnu lintian qemu-user-static
    ;;
arm64 | '') ;;
amd64) arch=amd64 ;;
*)
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 64
    ;;
esac
version=$(dpkg-parsechangelog -S Version)
# A clean copy: what dpkg leaves behind does not belong in the checkout.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$work/hadir/dist"
cp -R debian systemd models docs LICENSE-MIT LICENSE-APACHE "$work/hadir/"
program=hadir
[ $arch = arm64 ] || program=hadir-$arch
cp "dist/$program" "$work/hadir/dist/"
kinds=-B
[ $arch != arm64 ] || kinds=-b
(cd "$work/hadir" && DEB_BUILD_OPTIONS=nocheck dpkg-buildpackage -a$arch $kinds -us -uc)
lintian --fail-on error,warning "$work/hadir_${version}_$arch.changes"
mv "$work"/*.deb dist/
ls -l dist/*"_${version}"_*.deb
