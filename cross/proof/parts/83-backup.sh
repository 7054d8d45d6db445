# A backup by the timer's own service, proven; who is erased after it stays erased when it is restored.
is "$(systemctl is-enabled hadir-backup.timer)" enabled hadir-backup.timer
is "$(systemctl is-active hadir-backup.timer)" active hadir-backup.timer
newest() { ls -t /var/lib/hadir/backups/*.backup 2>/dev/null | head -n 1; }
people() { hadir person list --json | jq '.people | length'; }
systemctl start hadir-backup.service || die 'the service of the timer'
backup=$(newest)
[ -n "$backup" ] || die 'no backup'
is "$(stat -c %U:%G:%a "$backup")" hadir:hadir:600 "$backup"
row 'bytes of a backup' "$(stat -c %s "$backup")"
hadir backup verify "$backup" || die 'the backup does not prove'
journalctl -q -u hadir --no-pager MESSAGE_ID=5d6f2c7d4f1b4a0f9d0c5f5a3c1e7a10 | grep -q . || die 'the journal tells of no backup'

# Somebody is in the backup and erased after it; somebody else came after it.
hadir person add 'Tamu Terhapus' --number CADANGAN-1 >/dev/null || die 'person add'
systemctl start hadir-backup.service || die 'the second backup'
backup=$(newest)
hadir person erase CADANGAN-1 || die 'person erase'
was=$(people)
hadir person add 'Sesudah Cadangan' --number CADANGAN-2 >/dev/null || die 'person add'
! hadir restore "$backup" >/dev/null 2>&1 || die 'a store was restored under a running daemon'
key=LoadCredentialEncrypted=hadir.master-key
[ -e /etc/credstore.encrypted/hadir.master-key ] || key=LoadCredential=hadir.master-key:/etc/hadir/master.key
restore() { systemd-run -q --pipe --wait -p User=hadir -p "$key" hadir restore "$backup" "$@"; }
systemctl stop hadir.socket hadir.service
restore --dry-run || die 'the dry run'
restore || die 'the restore'
systemctl start hadir.socket hadir.service || die 'starting after the restore'
until_true 120 'the box is ready after the restore' is_ready
is "$(hadir person list --json | grep -c -e 'Tamu Terhapus' -e 'Sesudah Cadangan')" 0 'the erased and the late'
is "$(people)" "$was" 'people after the restore'
hadir audit verify || die 'the audit chain after the restore'
device desk GET /api/v1/session | field .device >/dev/null || die 'the desk is not paired after the restore'
rm -r /var/lib/hadir/before-restore-*
# All sessions have ended with it.
rm -f cookies
admin POST /api/v1/session "{\"login\":\"ratna\",\"password\":\"$PASSWORD\"}" >/dev/null || die 'signing in'
