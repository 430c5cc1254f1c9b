#!/bin/bash
# Proves the arm64 package without an arm64 machine: cross-builds it in a Debian 12
# root, runs its programs and tests under qemu's user emulation, and compares what
# its worker masks with what the worker of this machine masks.
#
#   packaging/test-arm64.sh      as root; needs debootstrap, qemu-user-static and ffmpeg
set -eu
cd "$(dirname "$0")/.."

. packaging/arm64.sh

make_cross_root
# shellcheck disable=SC2016 # the shell inside expands it
inside sh -c 'make deb ARCH=arm64 VERSION="$VERSION" BUILD="$BUILD" SOURCE_DATE_EPOCH="$EPOCH"'
# A worker for qemu, and the tests of what arm64 has of its own: never packaged.
make_qemu_worker
# shellcheck disable=SC2016 # as above
cross_built sh -ec '
	for package in anonymize detector hardware/av anonymize/pipeline anonymize/sandbox; do
		packaging/cgo.sh go test -c -o "build/arm64/$(basename $package).test" "./$package"
	done
	CGO_ENABLED=0 go test -c -o build/arm64/bauta.test ./cmd/bauta'

# Programs of arm64 start by themselves inside of a user namespace, which has
# a binfmt_misc of its own (Linux 6.7): the machine around it does not notice.
install /usr/bin/qemu-aarch64-static "$root/usr/bin/"
emulated() {
	local gate pid here
	gate=$(mktemp -u)
	mkfifo "$gate"
	here=$(readlink /proc/self/ns/user)
	# shellcheck disable=SC2016 # the inner shells expand it
	unshare --user --mount bash -c 'read -r _ <"$0"; exec "$@"' "$gate" packaging/root.sh run "$root" sh -c '
		mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
		printf "%s" ":aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-aarch64-static:F" \
			>/proc/sys/fs/binfmt_misc/register
		exec "$@"' sh "$@" &
	pid=$!
	until [ "$(readlink "/proc/$pid/ns/user")" != "$here" ]; do sleep 0.05; done
	echo '0 0 65536' >"/proc/$pid/uid_map"
	echo '0 0 65536' >"/proc/$pid/gid_map"
	echo >"$gate"
	rm "$gate"
	wait "$pid"
}

fail() { echo "FAIL arm64: $*" >&2; exit 1; }

# What ldd -r does: the program's loader names its libraries and what they lack.
loaded=$(emulated env LD_TRACE_LOADED_OBJECTS=1 LD_WARN=yes LD_BIND_NOW=yes build/deb/deb12-arm64/bauta-worker 2>&1) ||
	fail "the libraries of the worker cannot be listed: $loaded"
case $loaded in
*'undefined symbol'* | *'not found'*) fail "the worker lacks something: $loaded" ;;
*libavcodec.so*) ;;
*) fail "the list of the worker's libraries has no libavcodec: $loaded" ;;
esac
echo "ok   arm64: $(echo "$loaded" | wc -l) libraries, nothing is undefined"

# The amd64 package of the same release loads as many, but for what libavcodec has for
# Intel's processors alone. It is there where make deb ran on Debian 12.
amd64=build/deb/deb12-amd64/bauta-worker
if [ -x $amd64 ] && grep -qx 'VERSION_ID="12"' /etc/os-release; then
	names() { sed 's/^[[:space:]]*//; s/ .*//; s/.*ld-linux.*/ld-linux/' | sort -u; }
	other=$(ldd $amd64)
	echo "     amd64: $(echo "$other" | wc -l) libraries; only one of the two loads:" \
		"$(comm -3 <(echo "$loaded" | names) <(echo "$other" | names) | tr -d '\t' | paste -sd ' ' -)"
else
	echo "     amd64: not compared, $amd64 or Debian 12 is missing"
fi

emulated sh -c '
	set -e
	build/deb/deb12-arm64/bauta --version
	# The very worker of the package: it refuses to work where it cannot be locked down.
	if build/deb/deb12-arm64/bauta redact build/demo.mp4 /tmp/out.mp4 2>/tmp/refused; then
		echo "a worker that cannot be locked down did redact" >&2
		exit 1
	fi
	cat /tmp/refused
	grep -q "lock" /tmp/refused' || fail 'the package does not behave'
echo 'ok   arm64: the package starts, and refuses to work without its lock-down'

# The tests of the worker's parts, each in its own folder.
try() {
	local package=$1
	shift
	emulated sh -c 'cd "$1" && shift && "$@"' sh "$package" "/src/build/arm64/$(basename "$package").test" "$@" || fail "$package"
	echo "ok   arm64: $package"
}
try anonymize -test.short
try anonymize/sandbox -test.run TestProgram
try detector -test.run 'TestBadges|TestNoBadges|Confetti|TwoAlike|Reduce|Match|Cells|OutputsAreOpenCVs|PlanesAreOpenCVs|Exception|Rotat'
try hardware/av -test.short
try cmd/bauta -test.run 'TestScripts/(usage|consent|models|place|notrunning|evidence)|TestBash|TestManual|TestTable'

# What the worker masks, beside what this machine's masks. BAUTA_ARM64_KEEP names
# a folder to keep the recordings in.
[ -x build/bauta-worker ] || make build
BAUTA_LONG=1 BAUTA_ARM64_ROOT=$root BAUTA_ARM64_WORKER=$out/bauta-worker \
	"${GO:-go}" test ./gateway/e2e -run TestE2EArm64 -v -count=1 -timeout 2h
