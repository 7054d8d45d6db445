#!/bin/sh
# Stands in for compositor and browser in the proof: opens the page of the unit's own argument,
# follows it, hands the token over as the box's script does, and tells what it saw.
set -u
cd "$HOME" || exit 1
for argument; do
    case $argument in
    --app=file://*) page=${argument#--app=file://} ;;
    esac
done
address=$(sed -n 's/.*url=\([^"]*\)".*/\1/p' "$page")
token=${address#*#own=}
{
    cat /etc/hadir/hadir.toml /etc/credstore/* /var/lib/hadir/hadir.db /run/hadir/control.sock
    ls /etc/credstore.encrypted /var/lib/hadir
} >secrets 2>/dev/null
curl -s -m 10 -o /dev/null -w '%{http_code}' http://10.77.0.1/health >outside
rm -f jar
until curl -s -m 30 -c jar -o /dev/null -w '%{http_code}' -H 'Origin: http://127.0.0.1:8080' \
    --data-urlencode "token=$token" http://127.0.0.1:8080/kiosk/own >status; do
    sleep 1
done
curl -s -m 30 -b jar http://127.0.0.1:8080/api/v1/kiosk/state >state.new
mv state.new state
exec sleep infinity
