# What cannot pass by itself is final: the unit fails with 78, says why in the journal, and is not
# started again; once it is mended it comes up.
mark() { cursor=$(journalctl -u hadir -n 0 --no-pager --show-cursor | sed -n 's/^-- cursor: //p'); }
# What the journal got since, of this priority or a more urgent one. (With a filter of its own journalctl
# skips the first entry after a cursor that the filter leaves out.)
told() { # [PRIORITY]
    journalctl -q -u hadir -o json --no-pager --after-cursor="$cursor" |
        jq -r --argjson most "${1:-7}" 'select((.PRIORITY | tonumber) <= $most) | .MESSAGE + " " + (.HADIR_ERROR // "")'
}
# The journal takes a moment.
says() { told "$1" | grep -q "$2"; }
final() { # WHAT SAID: the unit is started, and stays down for this reason
    systemctl reset-failed hadir.service 2>/dev/null
    mark
    systemctl restart hadir.service 2>/dev/null && die "$1: the unit has started"
    # Longer than the pause after which it would be started again.
    sleep 8
    is "$(prop ActiveState)" failed "$1"
    is "$(prop ExecMainStatus)" 78 "$1: status"
    is "$(prop NRestarts)" 0 "$1: restarts"
    until_true 10 "$1: the journal says so" says 3 "$2"
}
toml=/etc/hadir/hadir.toml
cp -p $toml toml.before
echo '[nonsense]' >>$toml
final 'a mistake in the configuration' 'nonsense is not a section'
cp -p toml.before $toml
sed -i 's,^master = .*,master = "credential:hadir.no-such-key",' $toml
final 'a missing key' 'hadir.no-such-key'
cp -p toml.before $toml
install -m 644 -o hadir -g hadir /dev/null /etc/hadir/open.key
sed -i 's,^master = .*,master = "file:/etc/hadir/open.key",' $toml
final 'a key that others can read' 'open.key.*644'
cp -p toml.before $toml
rm /etc/hadir/open.key
printf '\n[[listener]]\naddress = "127.0.0.1:18081"\n' >>$toml
systemd-socket-activate -l 127.0.0.1:18081 /bin/cat >/dev/null 2>&1 &
taken=$!
until_true 20 'somebody has the port' grep -q '0100007F:46A1 00000000:0000 0A' /proc/net/tcp
final 'a port that is taken' '127.0.0.1:18081'
kill $taken
cp -p toml.before $toml
systemctl reset-failed hadir.service
# Whoever asks wakes it through the socket, or the operator starts it.
systemctl start hadir.socket hadir.service || die 'starting after the mistakes'
until_true 120 'the box is ready' is_ready

# What can pass is tried again until it has passed: a disk that is full at the first start.
systemctl stop hadir.socket hadir.service
mount -t tmpfs -o size=64k,mode=700,uid=hadir,gid=hadir tmpfs /var/lib/hadir || die 'a small disk'
mark
systemctl start hadir.service 2>/dev/null && die 'a full disk: the unit has started'
is "$(prop ActiveState):$(prop SubState)" activating:auto-restart 'a full disk'
is "$(prop ExecMainStatus)" 1 'a full disk: status'
until_true 10 'the journal tells of the full disk' says 3 "the store's disk is full"
umount -l /var/lib/hadir
until_true 60 'the unit comes up by itself once there is room' systemctl -q is-active hadir.service
systemctl start hadir.socket
until_true 120 'the box is ready' is_ready

# What costs a part of the box is one warning, and the rest serves.
serves() { # WHAT SAID: the unit starts and says this in a single warning
    mark
    systemctl restart hadir.service || die "$1: the unit does not start"
    until_true 120 'the box is ready' is_ready
    until_true 10 "$1: the journal says so" says 4 "$2"
    is "$(told 4 | grep -c .)" 1 "$1: warnings"
}
model=$(ls /usr/share/hadir/models/*.onnx | head -n 1)
mv "$model" "$model.away"
serves 'a missing model' "${model##*/}"
curl -sf -m 30 $BOX/health | field '.faces == "off_model" and .store == "good"' >/dev/null || die 'health without a model'
mv "$model.away" "$model"
now=$(date +%s)
# A daemon that runs would notice the leap and warn as well.
systemctl stop hadir.service
date -s @86400 >/dev/null || die 'setting the clock'
serves 'a clock in 1970' 'clock'
curl -sf -m 30 $BOX/health | field '.clock == "unsynced" and .store == "good"' >/dev/null || die 'health in 1970'
date -s "@$((now + 30))" >/dev/null
mark
systemctl restart hadir.service || die 'starting with everything in its place'
until_true 120 'the box is ready' is_ready
is "$(told 4 | grep -c .)" 0 "warnings: $(told 4)"
