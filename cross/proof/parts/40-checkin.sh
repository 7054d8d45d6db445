# By face, by a QR code before the camera, by number; at a desk and at a kiosk that is paired.
pair() { # KIND
    code=$(admin POST /api/v1/devices "{\"name\":\"Pintu $1\",\"kind\":\"$1\"}" | field .code) || die offer
    WHO='' api POST /api/v1/devices/pair "{\"code\":\"$code\"}" >/dev/null || die pair
    (umask 077 && echo "Authorization: Bearer $(field .token <answer)" >"$1.token")
}
pair desk
pair kiosk
device desk GET /api/v1/session | field .device >/dev/null || die 'the desk is known'

n=$(nonce)
admin POST "/api/v1/check-ins/face?nonce=$n" @/proof/faces/p3_dark.jpg image/jpeg >/dev/null || die face
decided admitted "$n"
is "$(jq -r .name answer)" 'Sari Dewi' 'who was recognised'
row 'liveness of the face' "$(jq -r .liveness answer)"
# A still picture shows no living person, so nobody is let in by it where no staff stand by.
n=$(nonce)
device kiosk POST "/api/v1/check-ins/face?nonce=$n" @/proof/faces/p1_a.png image/png >/dev/null || die 'face at the kiosk'
decided refused "$n"
n=$(nonce)
admin POST "/api/v1/check-ins/face?nonce=$n" @/proof/faces/p2_a.png image/png >/dev/null || die stranger
is "$(jq -r .reason answer)" unknown_face stranger

event=$(admin POST /api/v1/events '{"name":"Wisuda"}' | field .id) || die event
echo "$event" >event
admin POST "/api/v1/events/$event/tickets" '{"code":"BUKTI-KARCIS-0001"}' >/dev/null || die ticket
n=$(nonce)
device desk POST /api/v1/check-ins \
    "{\"nonce\":\"$n\",\"occasion\":\"event:$event\",\"code\":\"BUKTI-KARCIS-0001\"}" >/dev/null || die code
decided admitted "$n"
# The same code again, as a picture before the kiosk's camera. Codes are looked for in every third.
code=$(admin POST /api/v1/devices \
    "{\"name\":\"Pintu QR\",\"kind\":\"kiosk\",\"event\":\"$event\"}" | field .code) || die offer
WHO='' api POST /api/v1/devices/pair "{\"code\":\"$code\"}" >/dev/null || die pair
(umask 077 && echo "Authorization: Bearer $(field .token <answer)" >gate.token)
seen=''
for try in 1 2 3 4 5 6 7 8; do
    device gate POST /api/v1/kiosk/frame @/proof/ticket.png image/png >/dev/null || die frame
    seen=$(jq -r '.decisions[0].verdict // empty' answer)
    [ -z "$seen" ] || break
    sleep 0.3
done
is "$seen" already 'the QR code before the camera, used before'
admin POST "/api/v1/events/$event/tickets" '{"code":"BUKTI-KARCIS-0002"}' >/dev/null || die ticket
n=$(nonce)
device gate POST /api/v1/kiosk/code "{\"nonce\":\"$n\",\"code\":\"BUKTI-KARCIS-0002\"}" >/dev/null || die 'code at the kiosk'
is "$(jq -r .verdict answer)" admitted 'code at the kiosk'

n=$(nonce)
device desk POST /api/v1/check-ins "{\"nonce\":\"$n\",\"number\":\"2026002\"}" >/dev/null || die number
decided admitted "$n"
# The same once more is the same decision, not a second one.
first=$(jq -c '[.verdict,.sequence]' answer)
device desk POST /api/v1/check-ins "{\"nonce\":\"$n\",\"number\":\"2026002\"}" >/dev/null || die again
is "$(jq -c '[.verdict,.sequence]' answer)" "$first" 'the same nonce'
