# The units are what they say; the exposure is measured on the installed file, and on the running unit.
units=/lib/systemd/system
systemd-analyze verify --man=no $units/hadir.service $units/hadir.socket || die verify
systemd-analyze security --no-pager --offline=true --threshold=13 $units/hadir.service >security ||
    die "exposure: $(tail -n 1 security)"
row 'exposure of hadir.service' "$(sed -n 's/.*level for hadir.service: \([0-9.]*\).*/\1/p' security)"
systemd-analyze security --no-pager --threshold=13 hadir.service >/dev/null || die 'exposure of the running unit'
pid=$(prop MainPID)
# Settings are taken over without a restart.
systemctl reload hadir.service || die reload
is "$(prop MainPID)" "$pid" "the process after a reload"
is "$(sed -n 's/^Seccomp:\t//p' /proc/$pid/status)" 2 'a filter of system calls is in force'
is "$(sed -n 's/^NoNewPrivs:\t//p' /proc/$pid/status)" 1 'no new privileges'
# What the sandbox shows: its own folders can be written, nothing else, and nobody's home is seen.
seen=/proc/$pid/root
touch "$seen/var/lib/hadir/probe" || die 'the store cannot be written'
rm "$seen/var/lib/hadir/probe"
for place in etc/hadir usr/bin var/lib/dpkg boot; do
    ! touch "$seen/$place/probe" 2>/dev/null || die "/$place can be written"
done
for place in root home; do
    touch "/$place/probe"
    [ ! -e "$seen/$place/probe" ] || die "/$place is seen"
    rm "/$place/probe"
done
