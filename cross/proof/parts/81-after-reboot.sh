# Store, sessions and pairing are there after the box was started anew.
[ "$(cat boot)" != "$(cat /proc/sys/kernel/random/boot_id)" ] || die 'the box was not started anew'
until_true 120 'the unit is active' systemctl -q is-active hadir.service
until_true 60 'the box is ready' is_ready
is "$(prop NRestarts)" 0 'restarts after the start of the box'
is "$(admin GET /api/v1/session)" "$(cat session.before)" 'the session of the administrator'
device kiosk GET /api/v1/kiosk/state >/dev/null || die 'the kiosk is not paired any more'
device desk GET /api/v1/session | field .device >/dev/null || die 'the desk is not paired any more'
is "$(admin GET '/api/v1/people?limit=500' | jq '.items | length')" "$(cat people.count)" people
while read -r n verdict; do
    admin GET "/api/v1/check-ins/$n" >/dev/null || die "a decision is lost: $n"
    is "$(jq -r .verdict answer)" "$verdict" "decision $n"
done <acknowledged
# The face is still known, under the key that the machine has sealed.
n=$(nonce)
admin POST "/api/v1/check-ins/face?nonce=$n" @/proof/faces/p3_half.jpg image/jpeg >/dev/null || die face
is "$(jq -r .person answer)" "$(cat sari)" 'the face after the start'
hadir audit verify || die 'the audit chain'
started=$(prop ExecMainStartTimestampMonotonic)
active=$(prop ActiveEnterTimestampMonotonic)
row 'ms from exec to READY (at the start of the box)' $(((active - started) / 1000))
row 'seconds from the start of the kernel to ready' $((active / 1000000))
