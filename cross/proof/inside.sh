#!/bin/sh
# The checks, inside of the emulated box, as root: part after part in the order of their names,
# over as many starts of the box as it takes. The first one that fails ends everything.
set -u
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
mkdir -p /var/lib/proof
cd /var/lib/proof || exit 1
. /proof/box.sh
for file in /proof/parts/*.sh; do
    part=$(basename "$file" .sh)
    [ ! -e "done-$part" ] || continue
    begin "$part"
    . "$file"
    finish "$part"
done
echo "PROOF table"
cat table
exit 0
