#!/bin/sh
# Shows that the proof can fail: breaks the unit in three ways, one after the other, and proves
# each package. Every one of the three has to fail, inside of the box and at a check.
#
#   cross/proof/break.sh            all three
#   cross/proof/break.sh syscall    one of them: syscall, directory, path
set -eu
cd "$(dirname "$0")/../.."
version=$(dpkg-parsechangelog -S Version)
work=$(mktemp -d "${TMPDIR:-/var/tmp}/hadir-break.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

broken() { # NAME: how the unit is broken
    unit=$work/tree/lib/systemd/system/hadir.service
    case $1 in
    # The store is told on each commit that it must not flush to the disk.
    syscall) sed -i 's/^SystemCallErrorNumber=/SystemCallFilter=~fsync fdatasync\n&/' "$unit" ;;
    # Nothing makes the store's folder writable any more.
    directory) sed -i '/^StateDirectory/d' "$unit" ;;
    # The program is looked for where it is not.
    path) sed -i 's,^ExecStart=/usr/bin/hadir,ExecStart=/usr/sbin/hadir,' "$unit" ;;
    *) echo "break.sh: no such way: $1" >&2 && exit 64 ;;
    esac
    ! cmp -s "$unit" systemd/hadir.service
}

for way in ${*:-syscall directory path}; do
    rm -rf "$work/tree"
    dpkg-deb -R "dist/hadir_${version}_arm64.deb" "$work/tree"
    broken "$way" || { echo "break.sh: $way changes nothing" >&2; exit 1; }
    dpkg-deb --root-owner-group -Znone -b "$work/tree" "$work/broken.deb" >/dev/null
    if PACKAGE=$work/broken.deb cross/prove.sh >"$work/log" 2>&1; then
        echo "break.sh: $way: the proof has passed, which it must not" >&2
        exit 1
    fi
    said=$(grep -m 1 '^FAILED in ' "$work/log") || { tail -n 20 "$work/log"; echo "break.sh: $way failed elsewhere" >&2; exit 1; }
    echo "$way: $said"
done
