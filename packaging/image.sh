#!/bin/sh
# Makes the container image: image.sh ARCH VERSION. It holds the Debian package that
# make deb left in build/, what that depends on, and Debian's essential packages. Needs no
# root: mmdebstrap and buildah work in a user namespace of their own.
set -eu

arch=$1 version=$2
. /etc/os-release
[ "$ID" = debian ] || { echo "image.sh: this is $ID: the image is made on Debian 12 or 13, from the package of that release" >&2; exit 1; }
deb=build/bauta_$version-1~deb${VERSION_ID}_$arch.deb
out=build/image
[ -e "$deb" ] || { echo "image.sh: $deb is missing: run make deb ARCH=$arch" >&2; exit 1; }
# The same packages make the same layer; buildah names each image anew.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
export SOURCE_DATE_EPOCH
rm -rf "$out"
mkdir -p "$out"

# The user's number stays the same from image to image, for the volume is theirs.
account='
	echo bauta:x:990: >>"$1/etc/group"
	echo "bauta:x:990:990:Bauta privacy gateway:/var/lib/bauta:/usr/sbin/nologin" >>"$1/etc/passwd"
	echo "bauta:!:1::::::" >>"$1/etc/shadow"'
# Nothing in the image may give rights that its user lacks.
plain='find "$1" -xdev -type f -perm /6000 -exec chmod a-s {} +
	rm -rf "$1"/var/log/* "$1"/var/cache/*'
# Packages come from where this machine takes Debian's.
sources=$(ls /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
[ -n "$sources" ] || { echo 'image.sh: neither /etc/apt/sources.list nor /etc/apt/sources.list.d/debian.sources is there: add one with your mirror of Debian' >&2; exit 1; }
# shellcheck disable=SC2086 # the list is split on purpose
mmdebstrap --quiet --variant=essential --architectures="$arch" --include="./$deb" \
	--hook-dir=/usr/share/mmdebstrap/hooks/file-mirror-automount \
	--essential-hook="$account" --customize-hook="$plain" \
	--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
	--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
	"$VERSION_CODENAME" "$out/root.tar" $sources

# Docker's format: OCI's has no health check.
buildah build --quiet --format docker --arch "$arch" --timestamp "$SOURCE_DATE_EPOCH" --file packaging/Containerfile --tag "bauta:$version" "$out" >/dev/null
image=build/bauta_${version}_$arch.image.tar
rm -f "$image"
buildah push --quiet "bauta:$version" "docker-archive:$image:bauta:$version"
rm -rf "$out"
echo "bauta:$version is in this user's storage, and in $image: podman load -i or docker load -i takes it"
