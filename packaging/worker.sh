#!/bin/sh
# Builds bauta-worker: worker.sh OUT LDFLAGS [go build's arguments]. It fails where
# the program would lack a symbol, which packaging/cgo.sh keeps the linker from saying.
set -eu
export LC_ALL=C # what the linker and ldd say is read below

out=$1 ldflags=$2
shift 2
here=$(dirname "$0")
strict='-Wl,--unresolved-symbols=report-all -Wl,--warn-unresolved-symbols'

# What is dropped is dropped before the linker looks: it names only what is left.
said=$("$here/cgo.sh" "${GO:-go}" build -ldflags "$ldflags -extldflags '$strict'" "$@" -o "$out" ./cmd/bauta-worker 2>&1) || { printf '%s\n' "$said" >&2; exit 1; }
[ -z "$said" ] || printf '%s\n' "$said" >&2
case $said in
*'undefined reference'*)
	rm -f "$out"
	echo "worker.sh: $out lacks what the linker names above: add its library to packaging/cgo.sh" >&2
	exit 1
	;;
esac
# Another architecture's program cannot run here; packaging/test-arm64.sh checks it.
[ -z "${GOARCH:-}" ] || [ "$GOARCH" = "$("${GO:-go}" env GOHOSTARCH)" ] || exit 0
if lacking=$(ldd -r "$out" 2>&1 | grep -E 'undefined symbol|not found'); then
	rm -f "$out"
	printf '%s\nworker.sh: the libraries of this machine lack the above: run packaging/setup.sh build\n' "$lacking" >&2
	exit 1
fi
# Other parts of OpenCV bring libraries of their own, some more than a hundred.
parts=$(ldd "$out" | grep -o 'libopencv_[a-z0-9_]*' | sort -u | paste -sd ' ' -)
if [ "$parts" != 'libopencv_core libopencv_imgproc' ]; then
	rm -f "$out"
	echo "worker.sh: of OpenCV the worker loads '$parts', it may load core and imgproc alone: do without the call of gocv that is new" >&2
	exit 1
fi
