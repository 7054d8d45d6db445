# KILL in the middle of check-ins: it comes back, elsewhere in memory, and nothing that was
# acknowledged is lost. Whoever asks meanwhile waits at the socket and is answered.
event=$(cat event)
ticket() { # CODE
    admin POST "/api/v1/events/$event/tickets" "{\"code\":\"$1\"}" >/dev/null || die ticket
}
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do ticket "TIKET-KILL-$i"; done
before=$(head -n 1 "/proc/$(prop MainPID)/maps" | cut -d - -f 1)
restarts=$(prop NRestarts)
pid=$(prop MainPID)
lost=0
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    n=$(nonce)
    [ $i != 6 ] || (sleep 0.05; kill -KILL "$pid") &
    body="{\"nonce\":\"$n\",\"occasion\":\"event:$event\",\"code\":\"TIKET-KILL-$i\"}"
    # What got no answer is sent again, as every client does.
    until device desk POST /api/v1/check-ins "$body" >/dev/null 2>&1; do
        lost=$((lost + 1))
        [ $lost -lt 100 ] || die 'no answer any more'
        sleep 0.5
    done
    decided admitted "$n"
done
wait
is "$(prop NRestarts)" $((restarts + 1)) 'restarts'
[ "$(prop MainPID)" != "$pid" ] || die 'still the old process'
row 'requests without an answer at the kill' $lost
known() { # CALLER: every acknowledged decision is there, as it was.
    while read -r n verdict; do
        "$1" GET "/api/v1/check-ins/$n" >/dev/null || die "a decision is lost: $n"
        is "$(jq -r .verdict answer)" "$verdict" "decision $n"
    done <acknowledged
}
known admin
after=$(head -n 1 "/proc/$(prop MainPID)/maps" | cut -d - -f 1)
[ "$before" != "$after" ] || die "loaded at the same address: $before"
hadir audit verify || die 'the audit chain'
# How long without service, without load: from KILL to ready.
begun=$(date +%s%3N)
kill -KILL "$(prop MainPID)"
until_true 60 'ready after a kill' is_ready
row 'ms from KILL to ready' $(($(date +%s%3N) - begun))
