#!/bin/sh
# Runs a command with the flags by which the Go command builds the packages that call C:
#
#	packaging/cgo.sh go test ./detector
#
# gocv wraps all of OpenCV, of which Bauta calls a few functions. Each function gets a
# section of its own and the linker drops those that nobody calls, and with them the
# libraries that they need. Such symbols stay undefined until then, so the linker is told
# to accept them; packaging/worker.sh checks the program that is installed.
# C and linker flags that are set already come last and win.
set -eu

sections='-ffunction-sections -fdata-sections'
export CGO_ENABLED=1
goflags=$("${GO:-go}" env GOFLAGS)
export GOFLAGS="$goflags -tags=customenv -trimpath"
export CGO_CFLAGS="-O2 -g $sections ${CGO_CFLAGS:-}"
export CGO_CXXFLAGS="-std=c++17 -O2 -g $sections -I/usr/include/opencv4 ${CGO_CXXFLAGS:-}"
export CGO_LDFLAGS="-Wl,--gc-sections -Wl,--unresolved-symbols=ignore-all -Wl,--as-needed -lopencv_core -lopencv_imgproc -lstdc++ ${CGO_LDFLAGS:-}"
exec "$@"
