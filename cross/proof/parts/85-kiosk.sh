# The box's own screen: its package makes a token, its unit pairs itself by it, sees nothing but the
# box, and is out when it is revoked. Compositor and browser are stood in for by a script that does
# with the page what a browser does; the units, their sandbox and the package are the real ones.
mkdir -p /dev/dri
busybox ip address replace 10.77.0.1/32 dev lo || die 'an address that is not loopback'
[ -c /dev/tty1 ] || die 'the kernel has no console for a screen'
apt-get install -qy --no-install-recommends /proof/cage.deb /proof/chromium.deb /proof/hadir-kiosk.deb ||
    die "apt-get install of the screen"
token=/etc/credstore/hadir.kiosk-token
is "$(stat -c %U:%G:%a:%s $token)" root:root:600:64 "$token"
until_true 120 'the box is ready' is_ready
systemd-analyze verify --man=no /lib/systemd/system/hadir-kiosk.service || die verify
systemctl restart hadir-kiosk.service || die 'starting the screen'
home=/var/lib/hadir-kiosk
until_true 120 'the screen asked for its state' test -s $home/state
is "$(systemctl is-active hadir-kiosk.service)" active hadir-kiosk.service
is "$(cat $home/status)" 303 'pairing by the token'
jq -e 'has("error") | not' $home/state >/dev/null || die "the state: $(cat $home/state)"
is "$(cat $home/outside)" 000 'the screen reaches more than the box'
is "$(cat $home/secrets)" '' 'the screen reads what is not its own'
is "$(stat -c %U:%G:%a /run/hadir-kiosk/start.html)" hadir-kiosk:hadir-kiosk:600 'its first page'
# It runs as a session, in the slice of its user, where its limits have to be.
slice=user-$(id -u hadir-kiosk).slice
case $(cat "/proc/$(prop MainPID hadir-kiosk.service)/cgroup") in
*"/$slice/"*) ;;
*) die "the screen runs in $(cat "/proc/$(prop MainPID hadir-kiosk.service)/cgroup")" ;;
esac
is "$(prop MemoryMax $slice)" 838860800 "memory of $slice"
is "$(prop DevicePolicy $slice)" closed "devices of $slice"
secret=$(cat $token)
! grep -qaF "$secret" /proc/[0-9]*/cmdline 2>/dev/null || die 'the token stands in the list of processes'
! journalctl --no-pager | grep -qF "$secret" || die 'the token stands in the journal'
hadir device list --json >devices || die 'hadir device list'
screen=$(jq -r '.devices[] | select(.name == "Layar kotak ini" and .state == "paired") | .device' devices)
[ -n "$screen" ] || die "no screen of its own: $(cat devices)"
# From anywhere else the same token is nothing.
is "$(curl -s -o /dev/null -w '%{http_code}' -H 'X-Forwarded-For: 192.0.2.1' --data-urlencode "token=$secret" $BOX/kiosk/own)" \
    403 'the token through a proxy'
# Started anew it is the same device.
rm $home/state
systemctl restart hadir-kiosk.service || die 'starting the screen again'
until_true 120 'the screen asked for its state again' test -s $home/state
hadir device list --json >devices || die 'hadir device list'
is "$(jq '[.devices[] | select(.name == "Layar kotak ini")] | length' devices)" 1 'screens of the box'
hadir device revoke "$screen" || die revoke
rm $home/state
systemctl restart hadir-kiosk.service || die 'starting the revoked screen'
until_true 120 'the revoked screen asked' test -s $home/state
is "$(cat $home/status)" 422 'pairing after it was revoked'
row 'exposure of hadir-kiosk.service' "$(systemd-analyze security --no-pager --offline=true \
    /lib/systemd/system/hadir-kiosk.service | sed -n 's/.*level for hadir-kiosk.service: \([0-9.]*\).*/\1/p')"
apt-get purge -qy hadir-kiosk cage chromium || die 'purge of the screen'
for left in $token /etc/systemd/system/$slice.d $home /run/hadir-kiosk /lib/systemd/system/hadir-kiosk.service; do
    [ ! -e $left ] || die "left after purge: $left"
done
! getent passwd hadir-kiosk >/dev/null || die 'the user of the screen is left'
