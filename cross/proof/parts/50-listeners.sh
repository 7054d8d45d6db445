# One request on each listener: the box's own screen, plain HTTP for others, TLS of the own authority.
curl -sf -m 30 $BOX/health | field '.store == "good" and .faces == "on"' >/dev/null || die health
curl -sf -m 30 -o authority.pem $BOX/trust/hadir.pem || die 'the certificate of the authority'
name=$(openssl x509 -in authority.pem -noout -subject) || die 'a certificate'
row 'authority of the box' "${name#subject=}"
curl -sf -m 30 --cacert authority.pem https://localhost/health | field .ready >/dev/null || die TLS
# Without the authority nobody trusts it, and nothing older than TLS 1.2 is spoken.
! curl -s -m 30 -o /dev/null https://localhost/health || die 'a certificate that everybody trusts'
! curl -s -m 30 -o /dev/null --cacert authority.pem --tls-max 1.1 https://localhost/health || die 'TLS 1.1'
# From loopback plain HTTP is served; others are sent to TLS.
curl -sf -m 30 http://localhost/health | field .ready >/dev/null || die 'plain HTTP on the box itself'
address=10.77.0.1
busybox ip address replace $address/32 dev lo || die 'an address that is not loopback'
answer=$(curl -s -m 30 -o /dev/null -w '%{http_code} %{redirect_url}' "http://$address/sign-in")
case $answer in
30[178]' https://'*) ;;
*) die "plain HTTP from elsewhere: $answer" ;;
esac
# The sockets are the service manager's, so the daemon needs no capability.
is "$(sed -n 's/^CapEff:\t//p' "/proc/$(prop MainPID)/status")" 0000000000000000 'capabilities'
