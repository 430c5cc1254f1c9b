#!/bin/sh
# Makes a signed apt repository of the packages of make deb, for a web server or a stick:
#
#   apt-repo.sh KEY [PACKAGES] [OUT]     by default build and build/apt
#
# KEY is what gpg knows the secret key by: a fingerprint or a mail address. Each release of
# Debian is a suite of its own, with the architectures that there are packages of. The same
# packages and the same key make the same repository; an older one in OUT is replaced.
set -eu
key=${1:-}
cd "$(dirname "$0")/.."
packages=${2:-build} out=${3:-build/apt}
stop() { echo "apt-repo: $*" >&2; exit 1; }

[ -n "$key" ] && gpg --list-secret-keys "$key" >/dev/null 2>&1 ||
	stop "name the key to sign with: make apt-repo KEY=FINGERPRINT (gpg --quick-gen-key 'NAME <MAIL>' ed25519 sign 3y makes one)"
for tool in apt-ftparchive dpkg-scanpackages gpgv; do
	command -v "$tool" >/dev/null || stop "$tool is missing: apt-get install apt-utils dpkg-dev gpgv"
done

SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
export SOURCE_DATE_EPOCH
# A signature is not older than its key.
signed=$(gpg --with-colons --list-secret-keys "$key" | awk -F: -v last="$SOURCE_DATE_EPOCH" '/^(sec|ssb)/ && $6 > last { last = $6 } END { print last }')

case $out in /*) ;; *) out=$PWD/$out ;; esac
half=$out.new
rm -rf "$half"
mkdir -p "$half"
for deb in "$packages"/bauta_*.deb; do
	[ -e "$deb" ] || stop "there is no package in $packages: run make deb"
	case $(dpkg-deb -f "$deb" Version) in
	*~deb12) suite=bookworm ;;
	*~deb13) suite=trixie ;;
	*) stop "$deb is for no release of Debian that has a suite here: 12 and 13 have" ;;
	esac
	arch=$(dpkg-deb -f "$deb" Architecture)
	mkdir -p "$half/pool/$suite" "$half/dists/$suite/main/binary-$arch"
	cp "$deb" "$half/pool/$suite/"
done

cd "$half"
gpg --export "$key" >bauta-archive-keyring.pgp
sign() { gpg --yes --quiet --faked-system-time "$signed!" --digest-algo SHA512 --local-user "$key" "$@"; }
for suite in $(ls dists); do
	for list in dists/"$suite"/main/binary-*; do
		dpkg-scanpackages --multiversion --arch "${list##*-}" "pool/$suite" 2>/dev/null >"$list/Packages"
		gzip -9nk "$list/Packages"
	done
	# shellcheck disable=SC2012 # the names are architectures
	apt-ftparchive -o APT::FTPArchive::Release::Origin=Bauta -o APT::FTPArchive::Release::Label=Bauta \
		-o APT::FTPArchive::Release::Suite="$suite" -o APT::FTPArchive::Release::Codename="$suite" -o APT::FTPArchive::Release::Components=main \
		-o APT::FTPArchive::Release::Architectures="$(ls dists/"$suite"/main | sed 's/binary-//' | paste -sd ' ' -)" \
		-o APT::FTPArchive::MD5=false -o APT::FTPArchive::SHA1=false -o APT::FTPArchive::SHA512=false release "dists/$suite" >Release
	sed -i "s/^Date: .*/Date: $(date -u -d "@$SOURCE_DATE_EPOCH" '+%a, %d %b %Y %H:%M:%S UTC')/" Release
	mv Release "dists/$suite/Release"
	sign --clearsign --output "dists/$suite/InRelease" "dists/$suite/Release"
	sign --armor --detach-sign --output "dists/$suite/Release.gpg" "dists/$suite/Release"
	gpgv --quiet --keyring ./bauta-archive-keyring.pgp "dists/$suite/InRelease" >/dev/null 2>&1 || stop "the signature of $suite does not hold: look at the key"
done
rm -rf "$out"
mv "$half" "$out"
echo "$out"
