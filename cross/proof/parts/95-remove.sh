# Remove keeps data, settings and key, and installing again goes on with them; purge leaves nothing.
key=/etc/credstore.encrypted/hadir.master-key
[ -e $key ] || key=/etc/hadir/master.key
people=$(sqlite3 /var/lib/hadir/hadir.db 'SELECT count(*) FROM person')
apt-get remove -qy hadir || die remove
[ ! -e /usr/bin/hadir ] || die 'the program is left'
is "$(systemctl is-active hadir.service)" inactive 'the unit after remove'
is "$(systemctl is-active hadir.socket)" inactive 'the sockets after remove'
[ -s /var/lib/hadir/hadir.db ] || die 'the store is gone'
[ -s /etc/hadir/hadir.toml ] || die 'the settings are gone'
[ -s "$key" ] || die 'the key is gone'
digest=$(sha256sum "$key")
apt-get install -qy --no-install-recommends /proof/next.deb || die 'installing again'
until_true 120 'the unit is active' systemctl -q is-active hadir.service
until_true 60 'the box is ready' is_ready
is "$(sha256sum "$key")" "$digest" 'the key after installing again'
is "$(sqlite3 /var/lib/hadir/hadir.db 'SELECT count(*) FROM person')" "$people" 'people after installing again'

apt-get purge -qy hadir || die purge
left=$(find / -xdev \( -path /proof -o -path /var/lib/proof -o -path /proc -o -path /sys -o -path /var/log \
    -o -path /run/log \) -prune -o \( -name '*hadir*' -a ! -name 'hadir-proof*' \) -print)
# What apt and dpkg write down of every package, and folders that the service manager makes for it.
left=$(echo "$left" | grep -v -e '^/var/lib/apt/' -e '^/var/lib/dpkg/' -e '^/var/cache/apt/' -e '^$')
[ -z "$left" ] || die "left after purge: $left"
! getent passwd hadir >/dev/null || die 'the user is left'
[ -z "$(find / -xdev -nouser -not -path '/var/lib/proof/*' -print -quit)" ] || die 'files of nobody'
! systemctl cat hadir.service >/dev/null 2>&1 || die 'the unit is left'
