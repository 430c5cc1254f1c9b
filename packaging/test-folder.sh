#!/bin/sh
# Prints TMPDIR=FOLDER GOTMPDIR=FOLDER for tests, a folder in memory, where the machine
# has room for what tests and Go's builds of them write (2 GB), programs can be started
# there, and neither name is set yet. Prints nothing elsewhere. Tests ask for both.
set -eu

[ -z "${TMPDIR:-}${GOTMPDIR:-}" ] || exit 0
memory=/dev/shm
[ "$(stat -f -c %T $memory 2>/dev/null)" = tmpfs ] && [ -w $memory ] || exit 0
free=$(df -Pm $memory | awk 'NR == 2 { print $4 }')
available=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
[ "$free" -ge 3072 ] && [ "$available" -ge 6144 ] || exit 0
case ,$(awk -v at=$memory '$2 == at { options = $4 } END { print options }' /proc/mounts), in
*,noexec,*) exit 0 ;;
esac

# Always the same name, for a result of a test counts for one TMPDIR only.
folder=$memory/bauta-$(id -u)
mkdir -p -m 755 "$folder" # a test gives files in it to another user
[ -O "$folder" ] && [ ! -L "$folder" ] || exit 0 # somebody else may have made it
find "$folder" -mindepth 1 -maxdepth 1 -mmin +720 -exec rm -rf {} + # left by tests that were killed
echo "TMPDIR=$folder GOTMPDIR=$folder"
