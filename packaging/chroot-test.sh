#!/bin/sh
# Runs tests of the lock-down in another Debian on this machine's kernel:
#
#	chroot-test.sh ROOT [go test's arguments]
#
# ROOT is a Debian with Bauta's build packages, as made by
#
#	mmdebstrap --variant=minbase --include=gcc,g++,... trixie ROOT
#
# with the list of packaging/setup.sh. Go and this checkout are bound into it, read-only
# both; the programs are built there, against its libraries. CHROOT=1 enters by chroot(2)
# instead of pivot_root(2): the kernel then gives no user namespaces, so that the
# worker does without this layer.
set -eu
[ $# -ge 1 ] || { sed -n '2,15s/^# \{0,1\}//p' "$0"; exit 2; }
[ "$(id -u)" = 0 ] || { echo 'chroot-test.sh: run as root' >&2; exit 1; }

root=$1
shift
[ $# -gt 0 ] || set -- -run 'Posture|OwnUser|NoCore|LockdownDenied' -v -count=1 ./gateway/e2e
here=$(cd "$(dirname "$0")/.." && pwd)
goroot=$("${GO:-go}" env GOROOT)
modules=$("${GO:-go}" env GOMODCACHE)
export root here goroot modules CHROOT="${CHROOT:-0}"
unset GO # inside it lies elsewhere
[ -x "$root/usr/bin/gcc" ] || { echo "chroot-test.sh: $root has no compiler: install the packages of packaging/setup.sh there" >&2; exit 1; }

# All mounts are of a namespace of their own and end with it.
exec unshare --mount --pid --fork --kill-child --propagation private sh -euc '
	bind() { mkdir -p "$root$2"; mount --bind "$1" "$root$2"; mount -o remount,bind,ro "$root$2"; }
	mount --bind "$root" "$root"
	bind "$goroot" /usr/local/go
	bind "$modules" /var/cache/bauta-modules
	mkdir -p "$root/srv/bauta" "$root/srv/shared"
	mount -t tmpfs -o mode=755 build "$root/srv/bauta"
	tar -C "$here" --exclude=./build --exclude=./.git -cf - . | tar -C "$root/srv/bauta" -xf -
	[ ! -d "$here/../shared" ] || bind "$here/../shared" /srv/shared
	mount -t tmpfs -o mode=1777 tmp "$root/tmp"
	mount --rbind /dev "$root/dev"
	mount --rbind /sys "$root/sys"
	mount -t proc proc "$root/proc"
	cat >"$root/tmp/inside" <<"END"
set -eu
cd /srv/bauta
export PATH=/usr/local/go/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp GOMODCACHE=/var/cache/bauta-modules GOPROXY=off GOCACHE=/var/cache/bauta-go GOTOOLCHAIN=local GOFLAGS=-buildvcs=false
. /etc/os-release
echo "$PRETTY_NAME, kernel $(uname -r)"
mkdir -p build
CGO_ENABLED=0 go build -buildvcs=false -o build/bauta ./cmd/bauta
packaging/worker.sh build/bauta-worker ""
[ -e build/demo.mp4 ] || go run -buildvcs=false ./cmd/dev/bauta-demo-clip -o build/demo.mp4
exec go test "$@"
END
	if [ "$CHROOT" = 1 ]; then exec chroot "$root" sh /tmp/inside "$@"; fi
	cd "$root"
	mkdir -p oldroot
	pivot_root . oldroot
	umount -l /oldroot
	cd /
	exec sh /tmp/inside "$@"
' sh "$@"
