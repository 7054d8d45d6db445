#!/bin/sh
# What the disk of the proof has beyond a minimal Debian, by commas. Printed, because the name
# of the kept disk depends on it, too.
echo systemd,systemd-sysv,dbus,udev,kmod,busybox-static,curl,jq,ca-certificates,procps,sqlite3,libpam-systemd,openssl
