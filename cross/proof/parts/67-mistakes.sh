# What cannot pass by itself is final: the unit fails with 78, says why in the journal, and is not
# started again; once it is mended it comes up.
final() { # WHAT SAID: the unit is started, and stays down for this reason
    systemctl reset-failed hadir.service 2>/dev/null
    since=$(date '+%Y-%m-%d %H:%M:%S')
    systemctl restart hadir.service 2>/dev/null && die "$1: the unit has started"
    # Longer than the pause after which it would be started again.
    sleep 8
    is "$(prop ActiveState)" failed "$1"
    is "$(prop ExecMainStatus)" 78 "$1: status"
    is "$(prop NRestarts)" 0 "$1: restarts"
    journalctl -u hadir -o cat --no-pager --since "$since" | grep -q "$2" ||
        die "$1: the journal says $(journalctl -u hadir -o cat --no-pager --since "$since" | tail -n 5)"
}
toml=/etc/hadir/hadir.toml
cp -p $toml toml.before
echo '[nonsense]' >>$toml
final 'a mistake in the configuration' 'nonsense is not a section'
cp -p toml.before $toml
sed -i 's,^master = .*,master = "credential:hadir.no-such-key",' $toml
final 'a missing key' 'hadir.no-such-key'
cp -p toml.before $toml
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
