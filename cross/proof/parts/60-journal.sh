# What the journal has, with its fields, and what it must not have.
journalctl -u hadir -o json --no-pager >journal.json || die journalctl
entry() { # WHAT FILTER
    jq -se "map(select($2)) | length > 0" journal.json >/dev/null || die "no entry in the journal: $1"
}
entry started '.HADIR_EVENT == "started" and .MESSAGE_ID == "5d6f2c7d4f1b4a0f9d0c5f5a3c1e7a01"'
entry request '.HADIR_EVENT == "request" and .HADIR_REQUEST != null and .HADIR_OUTCOME == "201" and
    (.HADIR_ROUTE | startswith("/api/v1/")) and (.HADIR_DURATION_US | tonumber) > 0'
entry admission '.HADIR_EVENT == "checkin.decide" and .HADIR_OUTCOME == "admitted" and
    .HADIR_SURFACE == "native" and (.HADIR_ACTOR | startswith("person:"))'
entry 'decision at a desk' '.HADIR_EVENT == "checkin.decide" and .HADIR_DEVICE != null'
entry pairing '.HADIR_EVENT == "device.pair"'
is "$(jq -s 'map(select(.HADIR_EVENT != null and ._SYSTEMD_UNIT != "hadir.service")) | length' journal.json)" \
    0 'entries of another unit'
is "$(jq -s 'map(select(.PRIORITY != null and (.PRIORITY | tonumber) < 4)) | length' journal.json)" \
    0 "errors: $(jq -c 'select((.PRIORITY // "6" | tonumber) < 4) | .MESSAGE' journal.json)"
for secret in "$PASSWORD" 'Sari Dewi' 'Ayu Lestari' 'Ratna Wijaya' BUKTI-KARCIS 2026001 hdrd_ \
    "$(awk '/hadir_native/ { print $7 }' cookies)"; do
    [ -n "$secret" ] || die 'nothing to look for'
    ! grep -qF -- "$secret" journal.json || die "in the journal: $secret"
done
row 'entries in the journal' "$(wc -l <journal.json)"
