# The owner's code makes the first administrator, over HTTP.
is "$(curl -s -o /dev/null -w '%{http_code}' $BOX/api/v1/status)" 503 'before the setup'
code=$(hadir setup-code --json | field .code) || die 'hadir setup-code'
form() { # PATH FIELDS…
    path=$1
    shift
    for pair; do set -- "$@" --data-urlencode "$pair" && shift; done
    status=$(curl -s -m 120 -o answer -w '%{http_code}' -b cookies -c cookies -H "$ORIGIN" "$@" "$BOX$path")
    is "$status" 303 "POST $path: $(head -c 300 answer)"
}
form /setup "code=$code"
form /setup/language language=id zone=Asia/Jakarta
form /setup/site 'name=SMA Contoh' kind=school
form /setup/administrator 'name=Ratna Wijaya' login=ratna "password=$PASSWORD" "again=$PASSWORD"
admin GET /api/v1/session | field .person >/dev/null || die 'the administrator has signed in'
is "$(curl -s -o /dev/null -w '%{http_code}' $BOX/api/v1/status)" 401 'after the setup'
