# A mail leaves through the unit's sandbox to a server on loopback; without a server it is refused with a
# reason, and nothing else suffers.
toml=/etc/hadir/hadir.toml
cp -p $toml toml.before
printf '[mail]\nserver = "127.0.0.1"\nport = 2525\ntls = "off"\nsender = "hadir@sekolah.example"\n' >>$toml
hadir reload || die reload
! hadir mail test operator@sekolah.example >said 2>&1 || die 'a mail without a server was sent'
grep -q refused said || die "without a server: $(cat said)"
is_ready || die 'not ready after a refused mail'
perl /proof/smtp.pl 2525 mails &
server=$!
until_true 20 'the mail server listens' grep -q '0100007F:09DD 00000000:0000 0A' /proc/net/tcp
hadir mail test operator@sekolah.example || die 'hadir mail test'
grep -q '^RCPT TO:<operator@sekolah.example>' mails || die "no such recipient: $(cat mails)"
grep -q '^MAIL FROM:<hadir@sekolah.example>' mails || die "no such sender: $(cat mails)"
grep -q '^Subject: ' mails || die "no mail: $(cat mails)"
! journalctl --no-pager -u hadir | grep -q operator@sekolah.example || die 'the address stands in the journal'
kill $server
cp -p toml.before $toml
hadir reload || die 'reload of the old settings'
row 'lines of a mail through the sandbox' "$(grep -c . mails)"
