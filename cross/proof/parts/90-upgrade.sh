# A lower version, whose store has 10,000 people in the schema that was released first, becomes the
# next one: apt replaces the program, the start migrates the store, and everybody is there.
# (The program of the lower version is today's: what is old is its store, made out of today's by
# copying every row that the first schema has.)
people=10000
store=/var/lib/hadir/hadir.db
counted() { sqlite3 $store 'SELECT count(*) FROM person'; }
begun=$(cut -d . -f 1 /proc/uptime)
# A run that goes on with the disk of another one has them already.
i=$(($(counted) / 500 * 500))
while [ $i -lt $people ]; do
    {
        echo 'nama,nis'
        awk -v from=$i 'BEGIN { for (n = from; n < from + 500; n++) printf "Siswa Nomor %05d,77%05d\n", n, n }'
    } >people.csv
    admin POST '/api/v1/people/import?extent=all' @people.csv text/csv >/dev/null || die import
    is "$(jq -r .create answer)" 500 'people imported'
    i=$((i + 500))
done
row 'seconds for importing 10,000 people' $(($(cut -d . -f 1 /proc/uptime) - begun))
row 'KiB of memory with 10,000 people' "$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$(prop MainPID)/status")"
systemctl stop hadir.socket hadir.service || die stop
sqlite3 $store "SELECT 'bytes of ' || name || '|' || sum(pgsize) FROM dbstat GROUP BY name
    ORDER BY sum(pgsize) DESC LIMIT 8" >>table || die 'bytes of the tables'
all=$(counted)
[ "$all" -ge $people ] || die "$all people"
newest=$(sqlite3 $store 'PRAGMA user_version')
old=/var/lib/proof/old.db
rm -f $old
sqlite3 $old </proof/schema_1.sql || die 'the first schema'
# Rows are bound to their place, which stays the same.
{
    echo "ATTACH '$store' AS now; BEGIN;"
    for table in $(sqlite3 $old "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"); do
        columns=$(sqlite3 $old "SELECT group_concat(name, ', ') FROM pragma_table_info('$table')")
        echo "DELETE FROM main.$table; INSERT INTO main.$table ($columns) SELECT $columns FROM now.$table;"
    done
    echo "COMMIT; PRAGMA user_version = 1; PRAGMA application_id = 0x68616472; PRAGMA journal_mode = WAL;"
} >copy.sql
sqlite3 -bail $old <copy.sql >/dev/null || die 'the store of the first schema'
is "$(sqlite3 $old 'SELECT count(*) FROM person')" "$all" 'people of the old store'
rm -f $store-wal $store-shm
cat $old >$store
rm -f $old
is "$(stat -c %U:%G:%a $store)" hadir:hadir:600 'the store'

echo '# a line of the site' >>/etc/hadir/hadir.toml
pid=$(prop MainPID)
apt-get install -qy --no-install-recommends /proof/next.deb || die "apt-get install of $NEXT"
is "$(dpkg-query -W -f '${Version}' hadir)" "$NEXT" version
until_true 240 'the unit is active' systemctl -q is-active hadir.service
until_true 120 'the box is ready' is_ready
is "$(systemctl is-active hadir.socket)" active hadir.socket
is "$(tail -n 1 /etc/hadir/hadir.toml)" '# a line of the site' 'the setting of the site'
is "$(sqlite3 $store 'PRAGMA user_version')" "$newest" 'the schema after the upgrade'
is "$(counted)" "$all" 'people after the upgrade'
journalctl -u hadir -o json --no-pager MESSAGE_ID=5d6f2c7d4f1b4a0f9d0c5f5a3c1e7a03 | grep -q . || die 'the journal tells of no migration'
hadir audit verify || die 'the audit chain'
started=$(prop ExecMainStartTimestampMonotonic)
active=$(prop ActiveEnterTimestampMonotonic)
row 'ms from exec to READY (migrating 10,000 people)' $(((active - started) / 1000))
# Logins and devices are younger than the first schema: the operator gives a new one.
hadir person list --json >list || die 'hadir person list'
admins=$(jq -r '.people[] | select(.name == "Ratna Wijaya") | .person' list)
[ -n "$admins" ] || die 'the administrator is gone'
echo "$PASSWORD" | hadir person passwd "$admins" --login ratna --password-stdin || die passwd
rm -f cookies
admin POST /api/v1/session "{\"login\":\"ratna\",\"password\":\"$PASSWORD\"}" >/dev/null || die 'signing in'
n=$(nonce)
admin POST /api/v1/check-ins "{\"nonce\":\"$n\",\"number\":\"7709999\"}" >/dev/null || die 'check-in'
is "$(jq -r '.verdict + " " + .name' answer)" 'admitted Siswa Nomor 09999' 'the last one of 10,000'
n=$(nonce)
admin POST "/api/v1/check-ins/face?nonce=$n" @/proof/faces/p3_dark.jpg image/jpeg >/dev/null || die face
is "$(jq -r .person answer)" "$(cat sari)" 'the face after the upgrade'

# Going back is refused before anything is unpacked, and the box goes on.
! apt-get install -qy --allow-downgrades /proof/hadir.deb >downgrade 2>&1 || die 'an older version was installed'
grep -q 'cannot read its store' downgrade || die "the refusal says: $(tail -n 5 downgrade)"
is "$(dpkg-query -W -f '${Version} ${Status}' hadir)" "$NEXT install ok installed" 'after the refusal'
is_ready || die 'not ready after the refusal'
