# People with faces, enrolled over the interface with reference pictures.
enrol() { # NAME NUMBER PICTURES…
    person=$(admin POST /api/v1/people "{\"name\":\"$1\",\"number\":\"$2\"}" | field .id) || die "$1"
    shift 2
    admin POST "/api/v1/people/$person/consents" \
        '{"purpose":"face","means":"paper","text_version":"2026-1"}' >/dev/null || die consent
    for picture; do
        type=image/${picture##*.}
        [ "$type" != image/jpg ] || type=image/jpeg
        admin POST "/api/v1/people/$person/face/pictures" "@/proof/faces/$picture" "$type" |
            field .taken >/dev/null || die "picture $picture: $(cat answer)"
    done
    admin POST "/api/v1/people/$person/face" '{}' | field .pictures >/dev/null || die "enrolling"
}
before=$(cut -d . -f 1 /proc/uptime)
enrol 'Sari Dewi' 2026001 p3_a.png p3_b.png p3_c.png
echo "$person" >sari
enrol 'Ayu Lestari' 2026002 p1_a.png p1_mirror.jpg p1_q20.jpg
row 'seconds a picture of an enrolment' \
    $((($(cut -d . -f 1 /proc/uptime) - before) / 6))
