#!/bin/busybox sh
# The first program of the emulated box: the modules of its disk, then Debian's own start.
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
while read -r module; do
    /bin/busybox insmod "$module"
done </modules/order
tries=0
until [ -b /dev/vda ] || [ $tries -ge 100 ]; do
    tries=$((tries + 1))
    /bin/busybox usleep 100000
done
/bin/busybox mount -t ext4 -o noatime /dev/vda /root || exec /bin/busybox poweroff -f
/bin/busybox umount /proc /sys
exec /bin/busybox switch_root /root /lib/systemd/systemd
