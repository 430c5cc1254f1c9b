#!/bin/sh
# Installs Debian packages that are missing: setup.sh [build] [test] [bench] [deb] [amd64 or arm64].
# An architecture is what it takes to build for that one.
# Says nothing and needs no network where all are there.
set -eu

libraries='libc6-dev libopencv-core-dev libopencv-imgproc-dev libopencv-dnn-dev libopencv-objdetect-dev
	libavcodec-dev libavutil-dev libswscale-dev'
build="gcc g++ pkg-config $libraries ffmpeg"
test='mosquitto mosquitto-clients poppler-utils gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good
	gstreamer1.0-plugins-bad gstreamer1.0-libav chromium fonts-noto-cjk'
bench='opencv-data gstreamer1.0-opencv gstreamer1.0-plugins-ugly'
deb='dpkg-dev lintian groff'

# cross lists what it takes to build for a foreign architecture.
cross() {
	echo "crossbuild-essential-$1 pkg-config"
	for package in $libraries; do
		echo "$package:$1"
	done
}

wanted= foreign=
for group in "$@"; do
	case $group in
	build) wanted="$wanted $build" ;;
	test) wanted="$wanted $test" ;;
	bench) wanted="$wanted $bench" ;;
	deb) wanted="$wanted $deb" ;;
	"$(dpkg --print-architecture 2>/dev/null)") wanted="$wanted $build" ;;
	amd64 | arm64) foreign=$group wanted="$wanted $(cross "$group")" ;;
	*) echo "setup.sh: unknown group $group: use build, test, bench, deb, amd64 or arm64" >&2; exit 2 ;;
	esac
done

command -v go >/dev/null || { echo 'setup.sh: Go is missing: install Go 1.26 or newer from https://go.dev/dl' >&2; exit 1; }
command -v dpkg-query >/dev/null || { echo "setup.sh: not a Debian system: install the like of these by hand:$wanted" >&2; exit 1; }

missing=
for package in $wanted; do
	dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || { echo "setup.sh: run as root: apt-get install$missing" >&2; exit 1; }
	as_root=sudo
fi
echo "setup.sh: installing$missing"
if [ -n "$foreign" ]; then
	$as_root dpkg --add-architecture "$foreign"
fi
# A failing update is no reason to stop: the package lists may be fresh enough.
$as_root apt-get update -qq || echo 'setup.sh: apt-get update failed, going on with the lists at hand' >&2
# Mosquitto is only started by tests, on ports of their own: its service would
# take the embedded broker's port, now and after the next boot.
policy=/usr/sbin/policy-rc.d
if ! [ -e $policy ] || grep -q "Bauta's setup" $policy; then # one of ours: left by a run that was killed
	trap '$as_root rm -f $policy' EXIT
	trap 'exit 1' HUP INT TERM
	printf "#!/bin/sh\n# Bauta's setup is at work.\nexit 101\n" | $as_root tee $policy >/dev/null
	$as_root chmod 755 $policy
fi
# shellcheck disable=SC2086 # the list is split on purpose
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
case "$missing " in
*' mosquitto '*) $as_root update-rc.d mosquitto disable ;;
esac
