# Every command block of docs/operations.md as it stands, in its order, on a box that is plain Debian
# again. What a person does between them is done here: the steps in the browser, typing a
# passphrase, plugging a stick in, carrying it to another box.
guide=/proof/operations.md
block() { # NUMBER
    awk -v n="$1" '/^```/ { if (on) { on = 0 } else if ($0 == "```sh" && ++seen == n) { on = 1; next } } on' $guide
}
# A drive with the label that the page asks for.
plug() {
    rm -f stick.img
    truncate -s 300M stick.img
    mke2fs -q -t ext4 -L HADIR stick.img
    modprobe loop
    losetup -f stick.img
    udevadm settle
    until_true 30 'the stick is found by its label' test -e /dev/disk/by-label/HADIR
}
# The same stick at another box, which has another key and nothing in its store.
another_box() {
    umount /media/hadir-backup
    sed -i '/LABEL=HADIR/d' /etc/fstab
    apt-get purge -qy hadir >/dev/null || die 'a new box'
    rm -f /etc/credstore.encrypted/hadir.master-key /etc/hadir/master.key
    apt-get install -qy ./hadir_*_arm64.deb || die 'the package on the new box'
    until_true 120 'the new box is ready to be set up' systemctl -q is-active hadir.service
}

# Whatever an earlier try has left on this disk.
dpkg --purge hadir-kiosk hadir cage chromium >/dev/null 2>&1
sed -i '/LABEL=HADIR/d' /etc/fstab
rm -rf guide
mkdir guide
cp /proof/hadir.deb "guide/hadir_${VERSION}_arm64.deb"
cp /proof/hadir-kiosk.deb "guide/hadir-kiosk_${VERSION}_all.deb"
# No network here: what the screen's package needs lies beside it.
apt-get install -qy --no-install-recommends /proof/cage.deb /proof/chromium.deb || die 'stand-ins of the screen'
mkdir -p /dev/dri
busybox ip address replace 10.77.0.1/32 dev lo || die 'an address that is not loopback'
total=$(grep -c '^```sh$' $guide)
[ "$total" -ge 10 ] || die "$total blocks"
number=0
while [ "$number" -lt "$total" ]; do
    number=$((number + 1))
    block $number >guide/block.sh
    case $(cat guide/block.sh) in
    *'LABEL=HADIR'*'hadir restore'*) (cd guide && another_box) || exit 1 ;;
    *'LABEL=HADIR'*) plug ;;
    *'hadir backup create'*'apt-get install'*) mv "guide/hadir_${VERSION}_arm64.deb" older && cp /proof/next.deb "guide/hadir_${NEXT}_arm64.deb" ;;
    esac
    echo "$PASSWORD" >guide/typed
    (cd guide && exec sh -eu ./block.sh <typed >said 2>&1) ||
        die "block $number of operations.md: $(cat guide/block.sh) $(tail -n 20 guide/said)"
    echo "   block $number: $(grep -c . guide/block.sh) lines, $(tail -n 1 guide/said | cut -c 1-90)"
    case $(cat guide/block.sh) in
    *'hadir setup-code'*)
        until_true 60 'the box answers' curl -sf -m 20 -o /dev/null $BOX/trust/hadir.pem
        set_up "$(tail -n 1 guide/said)"
        hadir person add 'Sari Dewi' --number 2026001 >/dev/null || die 'person add'
        ;;
    *'hadir-kiosk_'*)
        until_true 120 'the screen asked for its state' test -s /var/lib/hadir-kiosk/state
        ;;
    *'hadir restore'*)
        until_true 120 'the box is ready after the restore' is_ready
        hadir person list --json | grep -q 'Sari Dewi' || die 'nobody is there after the restore'
        ;;
    *'hadir_'*) until_true 120 'the box is ready' is_ready ;;
    esac
done
! getent passwd hadir >/dev/null || die 'the user is left'
row 'command blocks of operations.md' "$total"
