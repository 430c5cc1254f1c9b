#!/bin/sh
# Prints TMPDIR=FOLDER GOTMPDIR=FOLDER for tests: the first in memory, where the
# machine has room for that, programs can be started there and TMPDIR is not set. Go
# keeps what it builds for the tests on the disk.
set -eu

[ -z "${TMPDIR:-}" ] || exit 0
memory=/dev/shm
[ "$(stat -f -c %T $memory 2>/dev/null)" = tmpfs ] && [ -w $memory ] || exit 0
free=$(df -Pm $memory | awk 'NR == 2 { print $4 }')
available=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
[ "$free" -ge 2048 ] && [ "$available" -ge 4096 ] || exit 0
case ,$(awk -v at=$memory '$2 == at { options = $4 } END { print options }' /proc/mounts), in
*,noexec,*) exit 0 ;;
esac

# Always the same name, for a result of a test counts for one TMPDIR only.
folder=$memory/bauta-$(id -u)
mkdir -p "$folder"
find "$folder" -mindepth 1 -maxdepth 1 -mmin +720 -exec rm -rf {} + # left by tests that were killed
echo "TMPDIR=$folder GOTMPDIR=/tmp"
