#!/bin/sh
# Makes the Debian package: deb.sh ARCH VERSION BUILD. It is for the release that
# this machine runs, because bauta-worker is linked with that release's FFmpeg
# and OpenCV. Another architecture than the machine's is cross-built.
set -eu

arch=$1 version=$2 build=$3
GO=${GO:-go}
. /etc/os-release
case $ID in
debian) REVISION=1~deb$VERSION_ID ;;
*) REVISION=1~$ID$VERSION_ID ;;
esac
case $arch in
amd64) triplet=x86_64-linux-gnu ;;
arm64) triplet=aarch64-linux-gnu ;;
*) echo "deb.sh: unknown architecture $arch: use amd64 or arm64" >&2; exit 2 ;;
esac
# The same sources make the same package.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
OUT=build/deb/${REVISION#*~}-$arch
rm -rf "$OUT"
mkdir -p "$OUT/zh_CN" "$OUT/debian"

module=github.com/bauta-gateway/bauta
flags="-s -w -X $module/anonymize/wire.BuildID=$build -X $module/anonymize/wire.Version=$version"
CGO_ENABLED=0 GOARCH=$arch "$GO" build -trimpath -ldflags "$flags" -o "$OUT/bauta" ./cmd/bauta
(
	export GO GOARCH="$arch" CC="$triplet-gcc" CXX="$triplet-g++"
	# pkg-config of this machine, with the other architecture's files.
	export PKG_CONFIG_LIBDIR="/usr/lib/$triplet/pkgconfig:/usr/share/pkgconfig"
	# This process parses what strangers send: all that the compiler offers.
	hard='-fstack-protector-strong -D_FORTIFY_SOURCE=2'
	CGO_CFLAGS=$hard CGO_CXXFLAGS=$hard CGO_LDFLAGS='-Wl,-z,relro -Wl,-z,now' \
		packaging/worker.sh "$OUT/bauta-worker" "$flags" -buildmode=pie
)

# The packages, with versions, that hold the libraries it is linked with.
printf 'Source: bauta\n\nPackage: bauta\nArchitecture: any\n' >"$OUT/debian/control"
DEPENDS=$(cd "$OUT" && DEB_HOST_ARCH=$arch dpkg-shlibdeps -O bauta-worker | sed -n 's/^shlibs:Depends=//p')
[ -n "$DEPENDS" ] || { echo 'deb.sh: bauta-worker is linked with nothing: its build went wrong' >&2; exit 1; }

package() { CGO_ENABLED=0 "$GO" run -trimpath ./cmd/dev/bauta-package "$@"; }
linked=$(echo "$DEPENDS" | tr ',' '\n' | sed 's/^ *//; s/ .*//')
# shellcheck disable=SC2086 # the list of names is split on purpose
package copyright $linked >"$OUT/copyright"
# What each program says of its own modules, joined, with the libraries.
for program in bauta bauta-worker; do
	build/cyclonedx-gomod bin -json -std -noserial -version "v$version" -output "$OUT/$program.cdx.json" "$OUT/$program"
done
# Another architecture's packages are named as such; those of this one need not be.
suffix=
[ "$arch" = "$(dpkg --print-architecture)" ] || suffix=:$arch
# shellcheck disable=SC2046,SC2086
package sbom "$version" "$ID-$VERSION_ID" "$SOURCE_DATE_EPOCH" "$OUT/bauta.cdx.json" "$OUT/bauta-worker.cdx.json" -- $(for l in $linked; do echo "$l$suffix"; done) >"$OUT/sbom.cdx.json"
package changelog "$REVISION" "${VERSION_CODENAME:-unstable}" "$SOURCE_DATE_EPOCH" | gzip -9n >"$OUT/changelog.Debian.gz"

# The command line describes itself, on this machine.
bauta=$OUT/bauta
if [ "$arch" != "$(dpkg --print-architecture)" ]; then
	bauta=$OUT/bauta-here
	CGO_ENABLED=0 "$GO" build -trimpath -ldflags "$flags" -o "$bauta" ./cmd/bauta
fi
$bauta --lang en manual bauta | gzip -9n >"$OUT/bauta.1.gz"
$bauta --lang en manual bauta.yaml | gzip -9n >"$OUT/bauta.yaml.5.gz"
$bauta --lang zh manual bauta.yaml | gzip -9n >"$OUT/zh_CN/bauta.yaml.5.gz"
for shell in bash zsh fish; do
	$bauta completion "$shell" >"$OUT/completion.$shell"
done

export ARCH="$arch" VERSION="$version" REVISION SOURCE_DATE_EPOCH DEPENDS OUT
umask 022
# Of this release and architecture one package is there, so that *.deb means it.
rm -f build/bauta_*-"${REVISION}_$arch.deb" build/bauta_*-"${REVISION}_$arch.cdx.json"
build/nfpm package --config packaging/nfpm.yaml --packager deb --target build/
cp "$OUT/sbom.cdx.json" "build/bauta_$version-${REVISION}_$arch.cdx.json"
echo "build/bauta_$version-${REVISION}_$arch.deb"
