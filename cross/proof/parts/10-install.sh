# apt installs the package; the unit comes up by itself, as its user, with a key of its own.
date
apt-get install -qy --no-install-recommends /proof/hadir.deb || die "apt-get install"
is "$(dpkg-query -W -f '${Status}' hadir)" 'install ok installed' package
until_true 120 'the unit is active' systemctl -q is-active hadir.service
until_true 60 'the box is ready' is_ready
is "$(systemctl is-enabled hadir.service)" enabled hadir.service
is "$(systemctl is-enabled hadir.socket)" enabled hadir.socket
is "$(systemctl is-active hadir.socket)" active hadir.socket
is "$(prop NRestarts)" 0 'restarts at the first start'
is "$(stat -c %U:%G:%a /var/lib/hadir /var/lib/hadir/hadir.db /run/hadir | xargs)" \
    'hadir:hadir:700 hadir:hadir:600 hadir:hadir:750' 'owners and modes'
is "$(ps -o user= -p "$(prop MainPID)")" hadir 'user of the daemon'
[ "$(tr '\0' ' ' <"/proc/$(prop MainPID)/cmdline")" = '/usr/bin/hadir serve ' ] || die 'the daemon'
if [ -e /etc/credstore.encrypted/hadir.master-key ]; then
    key=/etc/credstore.encrypted/hadir.master-key
    [ ! -e /etc/hadir/master.key ] || die 'two keys'
else
    key=/etc/hadir/master.key
fi
is "$(stat -c %U:%G:%a $key)" root:root:600 "$key"
row 'home of the master key' $key
# Nobody who may read /run finds the key or a piece of its making there.
[ -z "$(ls -d /run/hadir-key.* 2>/dev/null)" ] || die 'the key was left in /run'
hadir doctor || die 'hadir doctor finds a fault'
started=$(prop ExecMainStartTimestampMonotonic)
active=$(prop ActiveEnterTimestampMonotonic)
row 'ms from exec to READY (first start)' $(((active - started) / 1000))
