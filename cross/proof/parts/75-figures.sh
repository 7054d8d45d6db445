# What a check-in costs the flash at one a second, and what the daemon needs of memory.
event=$(cat event)
wanted=30
i=0
while [ $i -lt $wanted ]; do
    i=$((i + 1))
    admin POST "/api/v1/events/$event/tickets" "{\"code\":\"TIKET-HITUNG-$i\"}" >/dev/null || die ticket
    # The limit of requests a minute is the administrator's, too.
    sleep 0.7
done
written() { sed -n 's/^write_bytes: //p' "/proc/$(prop MainPID)/io"; }
sectors() { awk '$3 == "vda" { print $10 }' /proc/diskstats; }
sync
before=$(written) disk=$(sectors)
i=0
while [ $i -lt $wanted ]; do
    i=$((i + 1))
    begun=$(date +%s%3N)
    n=$(nonce)
    device desk POST /api/v1/check-ins \
        "{\"nonce\":\"$n\",\"occasion\":\"event:$event\",\"code\":\"TIKET-HITUNG-$i\"}" >/dev/null || die code
    decided admitted "$n"
    rest=$((1000 - ($(date +%s%3N) - begun)))
    [ $rest -le 0 ] || sleep "$(printf '0.%03d' $rest)"
done
each=$((($(written) - before) / wanted))
row 'bytes written per check-in, by the daemon' $each
[ $each -le 24576 ] || die "$each bytes per check-in, at most 24576"
sync
row 'bytes written per check-in, whole disk, journal and all' $((($(sectors) - disk) * 512 / wanted))
status=/proc/$(prop MainPID)/status
rss=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' $status)
row 'peak memory of the daemon, KiB' "$rss"
[ "$rss" -lt 307200 ] || die "$rss KiB of memory"
row 'memory of the unit with its caches, KiB' $(($(prop MemoryCurrent) / 1024))
row 'free memory of the box, KiB' "$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo)"
