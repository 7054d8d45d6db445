#!/bin/sh
# Installs, upgrades, downgrades, removes and purges the amd64 packages in a bare Debian 12 without
# a running service manager, as an image builder does it: nothing may fail there, and the key is kept
# in a file. As root, with a network the first time.
#
#   cross/chroot.sh           tries dist/hadir_VERSION_amd64.deb and dist/hadir-kiosk_VERSION_all.deb
set -eu
. "$(dirname "$0")/mounts.sh"
cd "$(dirname "$0")/.."
version=$(dpkg-parsechangelog -S Version)
# No list of packages is kept in the base: what the packages depend on has to be in it.
packages=systemd,adduser,libpam-systemd
key=$(echo "bookworm $packages $(date +%Y-%m)" | sha256sum | cut -c 1-12)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hadir
base=$cache/chroot-$key.tar
if [ ! -e "$base" ]; then
    mirror=$(mirror bookworm)
    rm -f "$cache"/chroot-*.tar
    mmdebstrap --arch=amd64 --variant=minbase --mode=root --format=tar --include=$packages --quiet \
        bookworm "$base.part" "deb ${mirror:?no mirror among the sources of apt} bookworm main"
    mv "$base.part" "$base"
fi
root=$work/root
mkdir "$root"
tar -C "$root" -xf "$base"
mount -t proc proc "$root/proc"

. cross/repack.sh
cp "dist/hadir_${version}_amd64.deb" "$root/hadir.deb"
repack "dist/hadir_${version}_amd64.deb" "$version+try1" "$root/next.deb" "$work"
cp "dist/hadir-kiosk_${version}_all.deb" "$root/kiosk.deb"
stand_in cage "$root/cage.deb" "$work"
stand_in chromium "$root/chromium.deb" "$work"

inside() { chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@"; }
die() { echo "chroot.sh: $*" >&2; exit 1; }
is() { [ "$1" = "$2" ] || die "$3: '$1' instead of '$2'"; }

inside apt-get install -qy --no-install-recommends /hadir.deb >"$work/log" 2>&1 || { cat "$work/log"; die install; }
grep -q 'master key is in /etc/hadir/master.key' "$work/log" || die 'nobody is told where the key is'
is "$(inside stat -c %U:%G:%a /etc/hadir/master.key /var/lib/hadir | xargs)" 'root:root:600 hadir:hadir:700' modes
inside grep -q 'LoadCredential=hadir.master-key:/etc/hadir/master.key' \
    /etc/systemd/system/hadir.service.d/10-master-key.conf || die 'the drop-in of the key'
# What the drop-in empties it fills again.
inside systemd-analyze verify --man=no hadir.service || die 'the unit with its drop-in'
inside hadir --version
# Under an installed systemd-creds the key would be sealed to the machine that builds the image.
[ ! -e "$root/etc/credstore.encrypted/hadir.master-key" ] || die 'a key that is sealed to this machine'
for part in bash-completion/completions/hadir zsh/vendor-completions/_hadir fish/vendor_completions.d/hadir.fish; do
    [ -s "$root/usr/share/$part" ] || die "no completions: $part"
done
digest=$(sha256sum <"$root/etc/hadir/master.key")
echo '# of the site' >>"$root/etc/hadir/hadir.toml"

inside apt-get install -qy --no-install-recommends /cage.deb /chromium.deb /kiosk.deb >"$work/log" 2>&1 || { cat "$work/log"; die 'the screen'; }
is "$(stat -c %u:%g:%a:%s "$root/etc/credstore/hadir.kiosk-token")" 0:0:600:64 'the token of the screen'
token=$(sha256sum <"$root/etc/credstore/hadir.kiosk-token")

inside apt-get install -qy --no-install-recommends /next.deb >"$work/log" 2>&1 || { cat "$work/log"; die upgrade; }
is "$(sha256sum <"$root/etc/hadir/master.key")" "$digest" 'the key after the upgrade'
is "$(tail -n 1 "$root/etc/hadir/hadir.toml")" '# of the site' 'the settings after the upgrade'
! inside apt-get install -qy --allow-downgrades /hadir.deb >"$work/log" 2>&1 || die 'an older version was installed'
grep -q 'cannot read its store' "$work/log" || { cat "$work/log"; die 'the refusal of an older version'; }
is "$(inside dpkg-query -W -f '${Status} ${Version}' hadir)" "install ok installed $version+try1" 'after the refusal'
inside dpkg --force-all -i /kiosk.deb >"$work/log" 2>&1 || { cat "$work/log"; die 'the screen again'; }
is "$(sha256sum <"$root/etc/credstore/hadir.kiosk-token")" "$token" 'the token after installing again'

inside apt-get remove -qy hadir hadir-kiosk >"$work/log" 2>&1 || { cat "$work/log"; die remove; }
is "$(sha256sum <"$root/etc/hadir/master.key")" "$digest" 'the key after remove'
inside apt-get install -qy --no-install-recommends /next.deb >"$work/log" 2>&1 || die 'installing again'
is "$(sha256sum <"$root/etc/hadir/master.key")" "$digest" 'the key after installing again'
inside apt-get purge -qy hadir hadir-kiosk cage chromium >"$work/log" 2>&1 || { cat "$work/log"; die purge; }
rm -f "$root"/*.deb
left=$(cd "$root" && find . -path ./proc -prune -o \( -name '*hadir*' -o -name 'master.key' \) -print |
    grep -v -e '^./var/lib/apt/' -e '^./var/cache/apt/' -e '^./var/log/' || true)
[ -z "$left" ] || die "left after purge: $left"
! grep -q hadir "$root/etc/passwd" || die 'a user is left'
# The wrong architecture is refused by its name.
cp "dist/hadir_${version}_arm64.deb" "$root/arm64.deb"
! inside dpkg -i /arm64.deb >"$work/log" 2>&1 || die 'a program of another architecture was installed'
grep -q 'does not match system' "$work/log" || { cat "$work/log"; die 'the refusal of another architecture'; }
echo "chroot.sh: installed, upgraded, kept from going back, removed, purged"
