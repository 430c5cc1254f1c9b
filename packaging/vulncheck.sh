#!/bin/sh
# Looks for known vulnerabilities in what the programs call. Without the
# database, or without govulncheck, it says so and is content: a build must not
# hang on, or fail for, a network that is not there.
set -eu
cd "$(dirname "$0")/.."
GO=${GO:-go}
tool=golang.org/x/vuln/cmd/govulncheck@v1.1.4
database=${GOVULNDB:-https://vuln.go.dev}
skip() {
	echo "govulncheck skipped: $1" >&2
	exit 0
}
case $database in
file://*) [ -r "${database#file://}/index/modules.json" ] || skip "there is no database in ${database#file://}" ;;
*)
	command -v curl >/dev/null || skip 'curl is not installed'
	curl --silent --fail --location --max-time 10 --output /dev/null "$database/index/db.json" ||
		skip "the database at $database cannot be reached; run make lint with a network, or set GOVULNDB to a copy"
	;;
esac
mkdir -p build
GOBIN="$PWD/build" CGO_ENABLED=0 timeout 300 "$GO" install "$tool" || skip "$tool cannot be fetched"
# What calls C needs its flags, and is read as such.
status=0
packaging/cgo.sh timeout 600 build/govulncheck -db "$database" ./... || status=$?
[ "$status" -ne 124 ] || skip 'it took longer than ten minutes'
exit "$status"
