#!/bin/bash
# Proves README.md's first two commands where nothing was prepared: a Debian with only
# Go, git and make, a clean clone of HEAD, no test data beside it, caches that are empty.
#
#   packaging/test-fresh.sh [12] [13]      as root; needs debootstrap; an hour for each
#
# Roots are kept in $BAUTA_ROOTS (default /var/tmp/bauta-roots).
set -eu
cd "$(dirname "$0")/.."

roots=${BAUTA_ROOTS:-/var/tmp/bauta-roots}
# What make test may skip there: tests that need BAUTA_LONG or BAUTA_SOAK, the arm64 root,
# the Python judge or the ONNX file of the test data, axe, a folder to draw into, and
# shells and packagers' tools that nobody needs to work on Bauta.
may_skip='TestE2E(CrashLoop|MemoryHog|MemoryBound)|TestVanishedBrowser|TestManagersWholeWay|TestMillionEntries
TestE2EArm64.*
TestAgreesWithTheReference|TestDetailEqualsTheReferences|TestMarkersAreArUco|TestPNG|TestPrintedMarkersAreRead
TestTable(HoldsTheModelsNumbers|LeavesOnlyLandmarksOut)|TestToolWritesTheTable|TestWeightsRefuseOtherShapes
TestPagesAreAccessible|TestViewersPages
TestFrames
TestChangelogIsDebians|TestManualIsGoodRoff|TestFishCompletes|TestZshReadsItsCompletion'

fail() { echo "FAIL $release: $*" >&2; exit 1; }
pass() { echo "ok   $release: $*"; }

# The functions from here on run inside of the root, in the clone.
since() { awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }'; }
above() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a > b) }'; }
protected() { build/bauta status --data build/data --json 2>/dev/null | grep -q '"protection": *"protected"'; }

# eventually SECONDS COMMAND... waits until the command succeeds, while make run runs.
eventually() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		kill -0 "$pid" 2>/dev/null && [ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# start runs make run until the demo is protected; $took is the time to the program's first line.
start() {
	local begun=$EPOCHREALTIME ready
	make run >/tmp/run.log 2>&1 &
	pid=$!
	eventually 3600 grep -q '^console: ' /tmp/run.log || { tail -n 30 /tmp/run.log >&2; fail "$1: make run does not come to its first line"; }
	took=$(since "$begun")
	eventually 60 grep -q ' is ready$' /tmp/run.log || { tail -n 30 /tmp/run.log >&2; fail "$1: it is never ready"; }
	ready=$EPOCHREALTIME
	eventually 60 protected || { tail -n 30 /tmp/run.log >&2; fail "$1: the demo is never protected"; }
	ready=$(since "$ready")
	! above "$ready" 5 || fail "$1: protected only $ready s after it was ready"
	pass "$1: first line after $took s, protected $ready s after it was ready"
}

# stop ends the gateway, which is the only child of make.
stop() {
	# shellcheck disable=SC2046 # one
	kill $(cat "/proc/$pid/task/$pid/children")
	wait "$pid" || true
}

# look measures what a viewer gets. A busy machine blurs the whole picture: try again later.
look() {
	local masked url
	url=$(sed -n 's/^watch: //p' /tmp/run.log | head -n 1)
	for _ in 1 2 3; do
		ffmpeg -v error -y -rtsp_transport tcp -i "$url" -t 12 -c copy /tmp/recording.mp4 || fail 'nothing can be pulled'
		! masked=$(go run ./cmd/dev/masked build/demo.mp4 /tmp/recording.mp4) || break
		case $masked in *' 0 open,'*) ;; *) fail "the stream is not masked: $masked" ;; esac
		masked=
		sleep 15
	done
	[ -n "$masked" ] || fail 'the whole picture is blurred: run it again when nothing else is at work'
	ffmpeg -v error -y -i /tmp/recording.mp4 -vf fps=1/2 /tmp/recording-%d.png
	pass "faces are masked and the rest is sharp: $masked"
}

# tests runs make test and compares what it skips with what it may.
tests() {
	local begun=$EPOCHREALTIME skipped unexpected
	GOFLAGS="$GOFLAGS -v" make test >/tmp/test.log 2>&1 || { grep -E '^( *--- FAIL|FAIL|panic:|make.*\*\*\*)' /tmp/test.log >&2; fail "make test, see test.log"; }
	skipped=$(sed -n 's/^ *--- SKIP: \([^ ]*\).*/\1/p' /tmp/test.log | sort -u)
	# A test of its own name that skips skips its parts with it.
	unexpected=$(echo "$skipped" | grep -vE "^(${may_skip//$'\n'/|})(/.*)?$" | paste -sd ' ' -)
	[ -z "$unexpected" ] || fail "make test skips $unexpected"
	grep -q '^ *--- PASS: TestE2ERedact' /tmp/test.log || fail 'make test ran no test of leaks'
	pass "make test passes after $(since "$begun") s and skips only $(echo "$skipped" | paste -sd ' ' -)"
}

first_commands() {
	start 'first start'
	look
	stop
	start 'second start'
	stop
	! above "$took" 2 || echo "warn $release: the second start took $took s, not 2"
	tests
}

try() {
	local root=$roots/new$release clone=$roots/clone$release
	packaging/root.sh make "$roots/clean$release" "$release"
	rm -rf "$root" "$clone"
	cp -a "$roots/clean$release" "$root"
	git clone -q . "$clone"
	ROOT_SOURCE=$clone
	export ROOT_SOURCE ROOT_SHARED=none
	packaging/root.sh run "$root" sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends git make' >"$root.log" 2>&1 ||
		{ tail "$root.log" >&2; fail 'git and make cannot be installed'; }
	packaging/root.sh run "$root" env GOMODCACHE=/root/modules \
		release="$release" may_skip="$may_skip" \
		bash -euc "$(declare -f fail pass since above protected eventually start stop look tests first_commands); first_commands"
	echo "     $release: look at $root/tmp/recording-*.png; logs are $root/tmp/run.log and test.log"
}

# shellcheck disable=SC2048 # releases have no blanks
for release in ${*:-12 13}; do
	try
done
