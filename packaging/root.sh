#!/bin/bash
# Debian roots to build and try packages in:
#   root.sh make ROOT RELEASE          a minimal one by debootstrap; nothing where it is there
#   root.sh run ROOT COMMAND...        in it, with the sources at /src and Go at /usr/local/go
# Needs root. The network is this machine's, with the authorities that it trusts beside
# Debian's and Go's proxy; mounts and processes end with the command.
# ROOT_SOURCE is another folder than this checkout for /src, such as a clean clone;
# test data beside it is at /shared, or not at all with ROOT_SHARED=none.
set -eu

usage() { echo 'root.sh: use root.sh make ROOT RELEASE or root.sh run ROOT COMMAND...' >&2; exit 2; }

make_root() {
	local codename
	case $2 in
	12) codename=bookworm ;;
	13) codename=trixie ;;
	*) echo "root.sh: unknown release $2: use 12 or 13" >&2; exit 2 ;;
	esac
	[ -e "$1/.complete" ] && return
	rm -rf "$1"
	debootstrap --variant=minbase "$codename" "$1" http://deb.debian.org/debian >"$1.log" 2>&1 || { tail -n 20 "$1.log" >&2; exit 1; }
	{
		echo "deb http://deb.debian.org/debian $codename main"
		echo "deb http://deb.debian.org/debian $codename-updates main"
		echo "deb http://deb.debian.org/debian-security $codename-security main"
	} >"$1/etc/apt/sources.list"
	# Nobody minds a root that a power cut breaks; everybody minds waiting for its disk.
	echo force-unsafe-io >"$1/etc/dpkg/dpkg.cfg.d/unsafe-io"
	touch "$1/.complete"
}

# take_authorities gives a root the certificates that were installed on this machine by
# hand: where the network has one of its own, nothing is fetched without. They count
# once ca-certificates is there, as on any machine, so that who needs it still has to install it.
take_authorities() {
	local root=$1 folder=/usr/local/share/ca-certificates
	! diff -rq "$folder" "$root$folder" >/dev/null 2>&1 || return 0
	rm -rf "$root$folder"
	mkdir -p "$root$folder"
	[ ! -d "$folder" ] || cp -rL "$folder/." "$root$folder"
	[ ! -x "$root/usr/sbin/update-ca-certificates" ] || chroot "$root" update-ca-certificates >/dev/null 2>&1
}

# Inside of a mount namespace of its own.
enter_root() {
	local root=$1
	shift
	mount --bind "$root" "$root"
	mkdir -p "$root/usr/local/go" "$root/src" "$root/var/cache/gomod" "$root/oldroot"
	mount --bind "$ROOT_GO" "$root/usr/local/go"
	mount --bind "$ROOT_MODULES" "$root/var/cache/gomod"
	mount --bind "$ROOT_SOURCE" "$root/src"
	if [ "${ROOT_SHARED:-}" != none ] && [ -d "$ROOT_SOURCE/../shared" ]; then
		mkdir -p "$root/shared"
		mount --bind -o ro "$ROOT_SOURCE/../shared" "$root/shared"
	fi
	mount --rbind /sys "$root/sys"
	mount --rbind /dev "$root/dev"
	mount -t proc proc "$root/proc"
	cp /etc/resolv.conf "$root/etc/resolv.conf"
	take_authorities "$root"
	cd "$root"
	pivot_root . oldroot
	umount -l /oldroot
	cd /src
	exec env -i HOME=/root TERM=dumb LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive GOMODCACHE=/var/cache/gomod GOFLAGS=-buildvcs=false \
		GOPROXY="$ROOT_PROXY" GOSUMDB="$ROOT_SUMDB" PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

case ${1:-} in
make)
	[ $# = 3 ] || usage
	make_root "$2" "$3"
	;;
run)
	[ $# -ge 3 ] || usage
	shift
	ROOT_GO=$("${GO:-go}" env GOROOT)
	ROOT_MODULES=$("${GO:-go}" env GOMODCACHE)
	ROOT_PROXY=$("${GO:-go}" env GOPROXY)
	ROOT_SUMDB=$("${GO:-go}" env GOSUMDB)
	ROOT_SOURCE=${ROOT_SOURCE:-$(cd "$(dirname "$0")/.." && pwd)}
	export ROOT_GO ROOT_MODULES ROOT_PROXY ROOT_SUMDB ROOT_SOURCE
	exec unshare --mount --pid --fork --kill-child --propagation private "$0" enter "$@"
	;;
enter)
	shift
	enter_root "$@"
	;;
*) usage ;;
esac
