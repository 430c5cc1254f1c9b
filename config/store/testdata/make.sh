#!/bin/sh
# Makes the data folder of a release with that release's own programs, for the
# tests that open it with all later ones: make.sh BAUTA OUT.tar.gz
# BAUTA is the release's program, bauta-worker beside it; curl and mosquitto_pub
# are needed. All that is in it is invented, its cameras are at addresses of
# RFC 5737, which lead nowhere.
set -eu
[ $# = 2 ] || { sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }

bauta=$(realpath "$1") out=$(realpath "$2")
work=$(mktemp -d)
gateway=
trap '[ -z "$gateway" ] || kill $gateway; rm -rf "$work"' EXIT
cd "$work"
cat >bauta.yaml <<'END'
gateway: {name: fixture}
rtsp: {address: "127.0.0.1:0", udp: false}
mqtt: {embedded_address: "127.0.0.1:18831", heartbeat: 5s}
console: {address: "127.0.0.1:0"}
END
# Nobody is at this broker: events wait in the outbox.
sed 's/^mqtt: .*/mqtt: {broker: "tcp:\/\/127.0.0.1:9"}/' bauta.yaml >away.yaml
export LANG=C LC_ALL=C
start() {
	"$bauta" run --config "$1" --data data >>run.log 2>&1 &
	gateway=$!
	until [ -S data/bauta.sock ]; do
		kill -0 $gateway || { cat run.log >&2; exit 1; }
		sleep 0.1
	done
}
stop() {
	kill $gateway
	wait $gateway
	gateway=
}
api() { curl -sS --fail-with-body --unix-socket data/bauta.sock -X "$1" "http://bauta/v1/$2" -d "$3" >>api.log; }
do_() { "$bauta" "$@" --data data >>run.log; }
refused() { if do_ "$@"; then echo "make.sh: bauta $* was to be refused" >&2; exit 1; fi; }

start bauta.yaml
# Cameras: with a login, without one, one that is kept dark by its place, and
# one whose level a command raised.
echo 'invented-Secret1' | do_ camera add '大厅 Lobby' rtsp://192.0.2.7/stream1 --id lobby --user admin --password-stdin --mask mosaic --look-ahead 300ms
do_ camera add 'Back door' rtsp://192.0.2.8:8554/live --transport tcp --rate-cap 2
do_ camera add 'Car park' rtsp://192.0.2.9/park
do_ camera add 'Rest room' rtsp://192.0.2.10/stream
do_ camera set lobby --place lobby --purpose public-safety --model M-1 --firmware 1.2.3 --certificate C-77 --commissioned 2026-01-31
do_ camera set back-door --place lobby --purpose access-control --access-control --alternative 'the bell'
refused camera set rest-room --place public-toilet --purpose public-safety
mosquitto_pub -p 18831 -q 1 -t bauta/fixture/camera/car-park/mask/set -m picture
do_ zone add lobby desk --kind private --rect 0,0.2,0.25,0.7
do_ zone add lobby entrance --kind consent --points '0.3,0.1 0.9,0.1 0.9,0.9 0.3,0.9'
do_ zone add back-door street --kind masked --rect 0,0,1,0.4
do_ zone add car-park bays --kind capture --rect 0.1,0.1,0.9,0.9
do_ site set --class art9 --mode match_tokens --jurisdiction CN-44 --contact 'Property office, desk 3'

# Consents: two in force, one withdrawn, one revoked before it was ever seen.
"$bauta" consent keygen front-desk >>run.log
"$bauta" consent keygen old-desk >>run.log
do_ consent issuer add front-desk.pub
do_ consent issuer add old-desk.pub
echo 'I agree to be shown at the entrance.' >statement.txt
for badge in 7 8 9 10; do
	"$bauta" consent issue --key front-desk.key --badge $badge --zone entrance --purpose visitor-reception --age adult --statement statement.txt --subject "person-$badge" --out p$badge.jwt >>run.log
done
do_ consent revoke --subject person-10
do_ consent import p7.jwt p8.jwt p9.jwt
refused consent import p10.jwt
do_ consent revoke --badge 8
do_ consent issuer remove old-desk

# Records of each kind.
echo 'an invented photo' >photo.jpg
echo 'an invented assessment' >assessment.pdf
cat >items.json <<'END'
{"lawfulness":"Art. 13","necessity":"entrance","precision":"faces masked","measures":"masks","risks":"low","harm":"none"}
END
do_ sign add 'Main door' photo.jpg --layer 1
do_ sign add 'Web page' photo.jpg --layer 2 --link https://example.com/notice
do_ assessment add assessment.pdf items.json
do_ filing add system --receipt R-2026-1
do_ devicetest add lobby --note 'thresholds'
do_ complaint add 'the camera at the desk looks at the screen'
do_ complaint close "$("$bauta" complaint list --json --data data | sed -n 's/.*"id": *"\([^"]*\)".*/\1/p' | head -n 1)" 'a private zone was drawn'
do_ disclosure add --camera lobby --reason 'a bicycle was lost' --content '2026-05-01 08:00 to 08:10' --unit 'Police station 1' --name 'Invented Name' --purpose public-safety --masked
do_ retention add 720h --reason 'the rule asks for 30 days'
do_ inspection add 'nothing was found'

# Users and a machine's token.
echo 'correct horse battery' | do_ user add boss --role manager
echo 'correct horse battery' | do_ user add auditor --role auditor --language zh-CN
api POST tokens '{"name":"dashboard","role":"viewer","days":365}'
do_ evidence key
sleep 6 # states and times of protection are written every few seconds

stop

start away.yaml
do_ zone remove car-park bays
do_ zone add car-park bays --kind capture --rect 0.1,0.1,0.9,0.9
sleep 1
stop
tar -C data --sort=name --owner=0 --group=0 --numeric-owner -cf - bauta.db bauta.key | gzip -9n >"$out"
ls -l "$out"
