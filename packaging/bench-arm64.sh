#!/bin/bash
# Estimates what Bauta costs on arm64 without an arm64 machine: counts the instructions
# that bauta redact and its worker execute for excerpts of clips, and those of Debian's
# ffmpeg that decodes and encodes the same, under qemu's user emulation. Prints a table.
#
#   packaging/bench-arm64.sh     as root; needs debootstrap, qemu-user, ffmpeg and gcc
#
# PICTURES (default 40) are what an excerpt has, from the key picture before the middle of
# its clip; CLIPS names other clips of ../shared/clips. On Debian 12 on amd64 the same is
# counted for amd64, beside the processor time that the same programs take there without
# emulation. Instructions are not time: that comparison says how far they may be from it.
# About ten minutes, and as many more the first time.
set -eu
cd "$(dirname "$0")/.."
. packaging/arm64.sh

pictures=${PICTURES:-40}
work=$PWD/build/bench-arm64
lib=/usr/lib/aarch64-linux-gnu
mkdir -p "$work"

for program in debootstrap qemu-aarch64 qemu-x86_64 ffmpeg ffprobe gcc; do
	command -v "$program" >/dev/null || { echo "bench-arm64.sh: $program is missing: install debootstrap, qemu-user, ffmpeg and gcc" >&2; exit 1; }
done
gcc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$work/count.so" packaging/count.c

# place makes a folder with a gateway of an architecture and, as its worker, a script that
# starts the real one by the command that follows.
place() {
	local arch=$1
	shift
	mkdir -p "$work/$arch"
	CGO_ENABLED=0 GOARCH=${arch%-*} "${GO:-go}" build -trimpath -tags qemu -ldflags "-X github.com/bauta-gateway/bauta/anonymize/wire.BuildID=$build-qemu" \
		-o "$work/$arch/bauta" ./cmd/bauta
	printf "#!/bin/sh\nexec %s\n" "$*" >"$work/$arch/bauta-worker"
	chmod 755 "$work/$arch/bauta-worker"
}

make_cross_root
make_qemu_worker
[ -x "$root/usr/bin/ffmpeg" ] || inside sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends ffmpeg:arm64' >/dev/null

# Links to lapack and blas go by way of /etc/alternatives, out of the root.
counted="-plugin $work/count.so,to=$work"
arm64="qemu-aarch64 -L $root -E LD_LIBRARY_PATH=$lib/lapack:$lib/blas"
amd64="qemu-x86_64 -cpu max"
place arm64 "$arm64 $counted/worker.count $out/bauta-worker"
compared=
if [ "$(uname -m)" = x86_64 ] && grep -qx 'VERSION_ID="12"' /etc/os-release; then
	compared=1
	packaging/setup.sh build
	hard='-fstack-protector-strong -D_FORTIFY_SOURCE=2'
	CGO_CFLAGS=$hard CGO_CXXFLAGS=$hard CGO_LDFLAGS='-Wl,-z,relro -Wl,-z,now' \
		packaging/worker.sh "$work/worker" "-X github.com/bauta-gateway/bauta/anonymize/wire.BuildID=$build" -buildmode=pie -tags qemu,customenv
	place amd64 "$amd64 $counted/worker.count $work/worker"
	place amd64-plain "$work/worker"
else
	echo 'bench-arm64.sh: not compared with amd64, whose worker takes Debian 12 on amd64' >&2
fi

# Two threads on one core count each other's waiting, and more so on two.
cpu=$(taskset -cp $$ | sed 's/.*[ ,-]//')
alone() { taskset -c "$cpu" "$@"; }

sum() { od -An -v -t u8 "$work/$1.count" | awk '{ for (i = 1; i <= NF; i++) s += $i } END { printf "%.0f", s }'; }
encode=(-v error -nostdin -y -threads 1 -i "$work/in.mp4" -map 0:v:0 -fps_mode passthrough -filter_threads 1
	-c:v libx264 -preset ultrafast -threads 1 "$work/plain.mp4")

# count ARCH EMULATOR FFMPEG sets worker, gateway and plain: what each executed.
count() {
	rm -f "$work"/*.count
	# shellcheck disable=SC2086 # the emulator is a command with its arguments
	alone $2 $counted/gateway.count "$work/$1/bauta" redact "$work/in.mp4" "$work/out.mp4" >"$work/said"
	echo "$clip, $1: $(sed 's/.*written: //' "$work/said")" >&2
	# shellcheck disable=SC2086 # as above
	alone $2 $counted/plain.count "$3" "${encode[@]}"
	worker=$(sum worker) gateway=$(sum gateway) plain=$(sum plain)
}

# spent COMMAND... prints the least processor time of five runs, in ms.
spent() {
	local TIMEFORMAT='%3U %3S'
	for _ in 1 2 3 4 5; do
		{ time alone "$@" >/dev/null 2>"$work/said" || cat "$work/said" >&3; } 3>&2 2>&1
	done | awk '{ t = ($1 + $2) * 1000 } NR == 1 || t < least { least = t } END { print least }'
}

# row prints one line of the table: million instructions a picture, and ratios.
millions() { awk -v n="$1" -v p="$frames" 'BEGIN { printf "%.1f", n / p / 1e6 }'; }
times() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

echo "Million instructions a picture; the gateway's part is that of bauta redact without its worker."
echo
echo '| clip | pictures | arm64: worker | gateway | plain re-encode | times plain | amd64: worker | gateway | plain re-encode | times plain | by time |'
echo '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|'
measured=
for clip in ${CLIPS:-crowd_1080 hall_1080 lobby badges closeup_480 topdown_432} demo; do
	source=../shared/clips/$clip.mp4
	if [ "$clip" = demo ]; then
		[ -z "$measured" ] || continue
		source=build/demo.mp4
	fi
	[ -e "$source" ] || continue
	measured=1
	middle=$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$source" | awk '{ print $1 / 2 }')
	ffmpeg -v error -nostdin -y -ss "$middle" -i "$source" -map 0:v:0 -c copy -frames:v "$pictures" -avoid_negative_ts make_zero "$work/in.mp4"
	frames=$(ffprobe -v error -count_packets -select_streams v:0 -show_entries stream=nb_read_packets -of csv=p=0 "$work/in.mp4")
	count arm64 "$arm64" "$root/usr/bin/ffmpeg"
	row="| $clip | $frames | $(millions "$worker") | $(millions "$gateway") | $(millions "$plain") | $(times "$((worker + gateway))" "$plain") |"
	if [ -n "$compared" ]; then
		count amd64 "$amd64" "$(command -v ffmpeg)"
		row="$row $(millions "$worker") | $(millions "$gateway") | $(millions "$plain") | $(times "$((worker + gateway))" "$plain") |"
		row="$row $(times "$(spent "$work/amd64-plain/bauta" redact "$work/in.mp4" "$work/out.mp4")" "$(spent ffmpeg "${encode[@]}")") |"
	else
		row="$row - | - | - | - | - |"
	fi
	echo "$row"
done
[ -n "$measured" ] || { echo 'bench-arm64.sh: no clip is there: run make build/demo.mp4' >&2; exit 1; }
