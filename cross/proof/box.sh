# What the checks have in common. Every check ends in `|| die`, or is made by something here that
# ends in it: one that merely prints proves nothing.
. /proof/settings
BOX=http://127.0.0.1:8080
ORIGIN="Origin: $BOX"

begin() { # PART
    echo "== $1"
    began=$(cut -d . -f 1 /proc/uptime)
}
finish() { # PART
    touch "done-$1"
    row "seconds: $1" $(($(cut -d . -f 1 /proc/uptime) - began))
}
row() { # WHAT VALUE: a line of the table
    echo "$1|$2" >>table
    echo "   $1: $2"
}
die() {
    echo "FAILED in $part: $*"
    systemctl status --no-pager --full hadir.service hadir.socket | head -n 40
    journalctl --no-pager -o short-monotonic -b -u hadir.service -u hadir.socket | tail -n 60
    exit 1
}
is() { [ "$1" = "$2" ] || die "${3:-}: '$1' instead of '$2'"; }
prop() { systemctl show --value -p "$1" "${2:-hadir.service}"; }

# Polls a condition, for at most so many seconds.
until_true() { # SECONDS WHAT COMMAND…
    limit=$(($(cut -d . -f 1 /proc/uptime) + $1))
    awaited=$2
    shift 2
    until "$@"; do
        [ "$(cut -d . -f 1 /proc/uptime)" -lt "$limit" ] || die "waited in vain: $awaited"
        sleep 0.3
    done
}
is_ready() { curl -sf -m 20 -o /dev/null $BOX/ready; }

# Asks the box; prints the answer's body. The status has to be what is said, 2xx if nothing is.
# Whoever asks is in WHO: options for curl.
WHO=''
admin() { WHO='-b cookies -c cookies' api "$@"; }
device() { WHO="-H @$1.token" && shift && api "$@"; }
api() { # METHOD PATH [BODY [TYPE]]; BODY: JSON, or @FILE
    set -- "$1" "$2" "${3-}" "${4-application/json}"
    if [ -n "$3" ]; then
        status=$(curl -s -m 120 -o answer -w '%{http_code}' -X "$1" $WHO -H "$ORIGIN" \
            -H "Content-Type: $4" --data-binary "$3" "$BOX$2")
    else
        status=$(curl -s -m 120 -o answer -w '%{http_code}' -X "$1" $WHO -H "$ORIGIN" "$BOX$2")
    fi
    case $status in
    2??) cat answer ;;
    *)
        echo "$1 $2: $status $(head -c 600 answer)" >&2
        return 1
        ;;
    esac
}
# A field of the JSON on standard input; it has to be there.
field() { jq -er "$1"; }

# An id of 26 characters that nothing has yet.
nonce() {
    count=$(($(cat count 2>/dev/null || echo 0) + 1))
    echo $count >count
    printf '01JD5Z3N8GQ4X6V%011d' $count
}
# A check-in that has to come to this: VERDICT CALLER METHOD-ARGUMENTS. Keeps its nonce.
decided() { # VERDICT NONCE
    verdict=$(jq -r .verdict answer)
    is "$verdict" "$1" "the decision $(cat answer)"
    echo "$2 $1" >>acknowledged
}

# Posts a form of the pages.
form() { # PATH FIELDS…
    path=$1
    shift
    for pair; do set -- "$@" --data-urlencode "$pair" && shift; done
    status=$(curl -s -m 120 -o answer -w '%{http_code}' -b cookies -c cookies -H "$ORIGIN" "$@" "$BOX$path")
    is "$status" 303 "POST $path: $(head -c 300 answer)"
}
# The steps of the setup, as the owner follows them; the administrator is signed in afterwards.
set_up() { # CODE
    rm -f cookies
    form /setup "code=$1"
    form /setup/language language=id zone=Asia/Jakarta
    form /setup/site 'name=SMA Contoh' kind=school
    form /setup/administrator 'name=Ratna Wijaya' login=ratna "password=$PASSWORD" "again=$PASSWORD"
    admin GET /api/v1/session | field .person >/dev/null || die 'the administrator has signed in'
}
