#!/bin/sh
# Installs Debian packages that are missing: setup.sh [build] [test] [bench] [deb] [image] [estate] [amd64 or arm64].
# An architecture is what it takes to build for that one.
# Says nothing and needs no network where all are there; else it is one
# transaction of apt, whose progress it tells.
set -eu

libraries='libc6-dev libavcodec-dev libavutil-dev libswscale-dev'
# gocv's one header includes one of each of OpenCV's parts. libopencv-dev brings them, and
# what a plain go build asks for; it is to be had for one architecture at a time.
parts='calib3d core dnn features2d flann highgui imgcodecs imgproc ml objdetect photo stitching video videoio'
# Without ca-certificates Go cannot fetch its modules, without the font no form with Chinese
# characters is printed as PDF.
build="gcc g++ pkg-config ca-certificates $libraries libopencv-dev ffmpeg fonts-droid-fallback"
test='mosquitto mosquitto-clients swtpm poppler-utils gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good
	gstreamer1.0-plugins-bad gstreamer1.0-libav chromium fonts-noto-cjk nftables apt-utils dpkg-dev gpg gpg-agent'
bench='opencv-data gstreamer1.0-opencv gstreamer1.0-plugins-ugly'
deb='dpkg-dev lintian groff apt-utils gpg gpg-agent'
estate='rabbitmq-server mosquitto iproute2 nftables procps'
image='mmdebstrap buildah uidmap'

# cross lists what it takes to build for a foreign architecture.
cross() {
	echo "crossbuild-essential-$1 pkg-config"
	for package in $libraries $(printf 'libopencv-%s-dev ' $parts); do
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
	image) wanted="$wanted $image" ;;
	estate) wanted="$wanted $estate" ;;
	"$(dpkg --print-architecture 2>/dev/null)") wanted="$wanted $build" ;;
	amd64 | arm64) foreign=$group wanted="$wanted $(cross "$group")" ;;
	*) echo "setup.sh: unknown group $group: use build, test, bench, deb, image, estate, amd64 or arm64" >&2; exit 2 ;;
	esac
done

command -v "${GO:-go}" >/dev/null || { echo 'setup.sh: Go is missing: install Go 1.26 or newer from https://go.dev/dl' >&2; exit 1; }
command -v dpkg-query >/dev/null || { echo "setup.sh: not a Debian system: install the like of these by hand:$wanted" >&2; exit 1; }

# A package of this machine's architecture, or of all, is known by its name alone too.
# shellcheck disable=SC2086 # the list is split on purpose
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Architecture}\n' $wanted 2>/dev/null |
	awk -v here="$(dpkg --print-architecture)" '$1 == "installed" { print $2 ":" $3; if ($3 == here || $3 == "all") print $2 }' | tr '\n' ' ') || true
missing=
for package in $wanted; do
	case " $installed" in
	*" $package "*) ;;
	*) missing="$missing $package" ;;
	esac
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || { echo "setup.sh: run as root: apt-get install$missing" >&2; exit 1; }
	as_root=sudo
fi
echo "setup.sh: installing with apt, which takes a few minutes:$missing"
if [ -n "$foreign" ]; then
	$as_root dpkg --add-architecture "$foreign"
fi
echo 'setup.sh: reading the lists of packages'
# A failing update is no reason to stop: the package lists may be fresh enough.
$as_root apt-get update -qq || echo 'setup.sh: apt-get update failed, going on with the lists at hand' >&2
# Apt waits for another apt, such as a machine's first update by itself.
apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=600"

# progress tells what apt's own words come to, at every tenth of the packages, and
# passes on why apt cannot install them.
progress() {
	awk '
		/unmet dependencies:/ { refused = 1 }
		refused { print; fflush() }
		/^[0-9]+ upgraded, / { all = $1 + $3; print "setup.sh: " all " packages with those that they need" }
		/^Need to get / { sub(/ of archives.*/, ""); print "setup.sh: fetching " substr($0, 13) }
		/^Unpacking / { tell("unpacked", ++unpacked) }
		/^Setting up / { tell("set up", ++ready) }
		function tell(what, n) { if (all < 10 ? n == all : n % int(all / 10) == 0) { print "setup.sh: " what " " n " of " all; fflush() } }'
}

# Mosquitto is only started by tests, on ports of their own: its service would
# take the embedded broker's port, now and after the next boot.
policy=/usr/sbin/policy-rc.d
if ! [ -e $policy ] || grep -q "Bauta's setup" $policy; then # one of ours: left by a run that was killed
	trap '$as_root rm -f $policy' EXIT
	trap 'exit 1' HUP INT TERM
	printf "#!/bin/sh\n# Bauta's setup is at work.\nexit 101\n" | $as_root tee $policy >/dev/null
	$as_root chmod 755 $policy
fi
# The exit status of a pipe is awk's: apt's own goes by a descriptor.
# shellcheck disable=SC2086 # the lists are split on purpose
{ status=$({ { LC_ALL=C $apt $missing 3>&- || echo $? >&3; } | progress >&4; } 3>&1); } 4>&1
[ -z "$status" ] || { echo "setup.sh: apt failed, see above: mend that and run it again" >&2; exit 1; }
case "$missing " in
*' mosquitto '*) $as_root update-rc.d mosquitto disable ;;
esac
