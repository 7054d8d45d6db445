# The owner's code makes the first administrator, over HTTP.
is "$(curl -s -o /dev/null -w '%{http_code}' $BOX/api/v1/status)" 503 'before the setup'
code=$(hadir setup-code --json | field .code) || die 'hadir setup-code'
set_up "$code"
is "$(curl -s -o /dev/null -w '%{http_code}' $BOX/api/v1/status)" 401 'after the setup'
