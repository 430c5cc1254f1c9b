# shellcheck shell=bash
# What packaging/test-arm64.sh and packaging/bench-arm64.sh share; they source it from
# the folder of the sources: the root that cross-builds, how a command runs inside of it,
# and a worker of arm64 for qemu. The roots are kept in $BAUTA_ROOTS (default
# /var/tmp/bauta-roots).
roots=${BAUTA_ROOTS:-/var/tmp/bauta-roots}
root=$roots/cross12
build=$(git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)
epoch=$(git log -1 --format=%ct 2>/dev/null || echo 0)
version=$(sed -n 's/^## \[\{0,1\}\([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
out=$PWD/build/arm64

# inside runs a command in the root.
inside() { packaging/root.sh run "$root" env BUILD="$build" EPOCH="$epoch" VERSION="$version" "$@"; }

# make_cross_root makes the root where it is missing, and installs make and what
# it takes to build for arm64 there.
make_cross_root() {
	mkdir -p "$roots" "$out"
	packaging/root.sh make "$root" 12
	inside sh -c 'command -v make >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends make ca-certificates; }
		packaging/setup.sh arm64'
}

# cross_built runs a command in the root that builds for arm64 with the package's flags.
cross_built() {
	# shellcheck disable=SC2016 # the shell inside expands it
	inside sh -c '
		export GOARCH=arm64 CC=aarch64-linux-gnu-gcc CXX=aarch64-linux-gnu-g++ \
			PKG_CONFIG_LIBDIR=/usr/lib/aarch64-linux-gnu/pkgconfig:/usr/share/pkgconfig
		exec "$@"' sh "$@"
}

# make_qemu_worker builds the worker that runs under qemu, build/arm64/bauta-worker. It is
# never packaged: it works without the filters of calls, which emulated programs cannot have.
make_qemu_worker() {
	local hard='-fstack-protector-strong -D_FORTIFY_SOURCE=2'
	cross_built env CGO_CFLAGS="$hard" CGO_CXXFLAGS="$hard" CGO_LDFLAGS='-Wl,-z,relro -Wl,-z,now' \
		packaging/worker.sh build/arm64/bauta-worker "-X github.com/bauta-gateway/bauta/anonymize/wire.BuildID=$build" -buildmode=pie -tags qemu,customenv
}
