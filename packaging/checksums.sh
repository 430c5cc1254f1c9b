#!/bin/sh
# Lists the packages in build/ with their SHA-256 and signs the list with an
# OpenSSH key: checksums.sh KEY. Makes SHA256SUMS, SHA256SUMS.sig and, of the
# key's public half, bauta-release.pub, a file of allowed signers.
set -eu
key=${1:-}
[ -r "$key" ] && [ -r "$key.pub" ] || {
	echo 'checksums: name the key to sign with: make checksums KEY=~/.ssh/bauta_release (ssh-keygen -t ed25519 -f ~/.ssh/bauta_release makes one)' >&2
	exit 2
}
cd "$(dirname "$0")/../build"
set -- bauta_*.deb
[ -e "$1" ] || { echo 'checksums: there is no package in build/: run make deb' >&2; exit 1; }
# What holders run on their own PCs, where make offline has built it.
for program in bauta-windows-* bauta-darwin-*; do
	if [ -e "$program" ]; then set -- "$@" "$program"; fi
done
sha256sum "$@" bauta_*.cdx.json >SHA256SUMS
rm -f SHA256SUMS.sig
ssh-keygen -q -Y sign -f "$key" -n file SHA256SUMS
cut -d ' ' -f 1,2 "$key.pub" | sed 's/^/release@bauta /' >bauta-release.pub
ssh-keygen -Y verify -f bauta-release.pub -I release@bauta -n file -s SHA256SUMS.sig <SHA256SUMS
