#!/bin/sh
# Makes what every proof boots: the disk of an arm64 Debian 12 as it comes, its kernel, and a
# first program that finds the disk.
#
#   cross/proof/base.sh FOLDER      needs root and a network; FOLDER must not exist yet
#
# Programs of the new disk run under user emulation while it is made.
set -eu
. "$(dirname "$0")/../mounts.sh"
base=$1
release=bookworm
here=$(dirname "$0")
packages=$("$here/packages.sh")

binfmt=/proc/sys/fs/binfmt_misc
[ -e $binfmt/register ] || mount -t binfmt_misc binfmt_misc $binfmt
[ -e $binfmt/qemu-aarch64 ] ||
    grep -v '^#' /usr/lib/binfmt.d/qemu-aarch64.conf >$binfmt/register

mirror=$(mirror $release)
mmdebstrap --arch=arm64 --variant=minbase --mode=root --include="$packages" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/hadir*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    $release "$work/root" "deb ${mirror:?no mirror among the sources of apt} $release main"

# The kernel's package without its scripts: they would make a first program for real disks.
kernel=$(apt-cache depends linux-image-arm64:arm64 |
    sed -n 's/.*Depends: \(linux-image-[^: ]*\).*/\1/p' | head -n 1)
(cd "$work" && apt-get download -q "$kernel:arm64" && dpkg-deb -x linux-image-*.deb kernel)
mkdir "$work/base"
cp "$work"/kernel/boot/vmlinuz-* "$work/base/vmlinuz"
version=$(basename "$work"/kernel/lib/modules/*)
modules=lib/modules/$version
mkdir -p "$work/root/$modules/kernel/drivers"
cp "$work/kernel/$modules"/modules.* "$work/root/$modules/"
for part in fs lib crypto mm net/802 net/core net/ipv4 net/ipv6 net/netfilter drivers/media \
    drivers/virtio drivers/block drivers/char drivers/usb/common drivers/video drivers/i2c; do
    [ -d "$work/kernel/$modules/kernel/$part" ] || continue
    mkdir -p "$work/root/$modules/kernel/${part%/*}"
    cp -R "$work/kernel/$modules/kernel/$part" "$work/root/$modules/kernel/${part%/*}/"
done
chroot "$work/root" depmod "$version"

# The first program loads what the disk needs and goes there.
first=$work/first
mkdir -p "$first/bin" "$first/dev" "$first/proc" "$first/sys" "$first/root" "$first/modules"
cp "$work/root/bin/busybox" "$first/bin/"
cp "$here/first.sh" "$first/init"
chmod 755 "$first/init"
: >"$first/modules/order"
for module in virtio_pci virtio_blk virtio_rng ext4; do
    chroot "$work/root" modprobe --set-version "$version" --show-depends $module |
        sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | awk '!seen[$0]++' | while read -r path; do
    cp "$work/root/$path" "$first/modules/"
    echo "/modules/${path##*/}" >>"$first/modules/order"
done
(cd "$first" && find . | cpio --quiet -o -H newc | gzip -1) >"$work/base/first.img"

# A disk as a box has it, with the checks' own unit; nothing of hadir.
root=$work/root
rm -rf --one-file-system "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/*
echo hadir-box >"$root/etc/hostname"
printf '127.0.0.1 localhost hadir-box\n::1 localhost\n' >"$root/etc/hosts"
echo '/dev/vda / ext4 defaults,noatime 0 1' >"$root/etc/fstab"
: >"$root/etc/machine-id"
mkdir -p "$root/proof" "$root/var/log/journal"
cp "$here/hadir-proof.service" "$root/etc/systemd/system/"
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -s ../hadir-proof.service "$root/etc/systemd/system/multi-user.target.wants/"
ln -sf /dev/null "$root/etc/systemd/system/getty.target"
truncate -s 3G "$work/base/disk.img"
mke2fs -q -t ext4 -L box -d "$root" "$work/base/disk.img"
echo "$version" >"$work/base/kernel"
mkdir -p "$(dirname "$base")"
mv "$work/base" "$base"
