# The box starts anew; what follows is checked after it.
admin GET /api/v1/session >session.before || die session
count=$(admin GET '/api/v1/people?limit=500' | jq '.items | length')
echo "$count" >people.count
touch done-80-reboot
echo "$(cat /proc/sys/kernel/random/boot_id)" >boot
systemctl reboot
# Ended by the reboot; if not, the emulator's time ends it.
sleep 300
die 'the box did not start anew'
