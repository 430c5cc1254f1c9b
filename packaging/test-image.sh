#!/bin/bash
# Proves the container image that make image made: runs it with podman as docs/container.md
# says, with the demo's camera, and looks at what a viewer gets.
#
#   packaging/test-image.sh [IMAGE]      without root; needs podman and ffmpeg
#
# PODMAN_FLAGS are more flags of podman run, such as --cgroups=disabled. Without systemd
# podman says that it cannot time health checks; this runs one by hand.
set -eu
cd "$(dirname "$0")/.."

image=${1:-bauta:$(sed -n 's/^## \[\{0,1\}\([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)}
name=bauta-test-$$
work=$(mktemp -d)
hardened=(--network=host --read-only --cap-drop=all --security-opt=no-new-privileges)
trap 'podman rm -f "$name" >/dev/null 2>&1 || true; podman volume rm -f "$name" >/dev/null 2>&1 || true' EXIT
fail() { podman logs "$name" >&2 || true; echo "FAIL image: $*" >&2; exit 1; }
pass() { echo "ok   image: $*"; }
inside() { podman exec "$name" "$@"; }
free_port() { perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport'; }

printf 'rtsp:\n  address: "127.0.0.1:%s"\n  udp: false\nconsole:\n  address: "127.0.0.1:0"\nmqtt:\n  embedded_address: "127.0.0.1:0"\n' "$(free_port)" >"$work/bauta.yaml"
chmod 755 "$work"
# shellcheck disable=SC2086 # the flags are split on purpose
podman run -d --name "$name" "${hardened[@]}" ${PODMAN_FLAGS:-} -v "$name:/var/lib/bauta" -v "$work/bauta.yaml:/etc/bauta/bauta.yaml:ro" \
	"$image" run --config /etc/bauta/bauta.yaml --demo >/dev/null
for _ in $(seq 120); do
	inside bauta status --json 2>/dev/null | grep -q '"protection": *"protected"' && break
	sleep 0.5
done
inside bauta status --json | grep -q '"protection": *"protected"' || fail 'the demo is never protected'
inside bauta doctor --json >"$work/doctor.json" && ! grep -E '"verdict": *"(warning|missing)"' "$work/doctor.json" || fail 'bauta doctor finds fault'
pass "bauta doctor finds nothing wrong: $(inside bauta doctor | grep lock-down)"

[ "$(inside id -u)" = 990 ] || fail "it runs as $(inside id)"
[ "$(inside sh -c 'cat /proc/1/status' | sed -n 's/^CapBnd:\s*//p')" = 0000000000000000 ] || fail 'it has capabilities'
! inside sh -c 'echo >/usr/bin/x' 2>/dev/null || fail 'the root file system can be written'
[ -z "$(inside find / -xdev -perm /6000 -type f 2>/dev/null)" ] || fail 'programs with setuid are in the image'
podman healthcheck run "$name" || fail 'it is not healthy'
pass 'runs as its own user, without capabilities, and is healthy'

recording=$work/demo.mp4
ffmpeg -v error -y -rtsp_transport tcp -i "$(podman logs "$name" 2>&1 | sed -n 's/^watch: //p')" -t 12 -c copy "$recording" || fail 'nothing can be pulled'
masked=$("${GO:-go}" run ./cmd/dev/masked build/demo.mp4 "$recording") || fail "the stream is not masked: $masked"
ffmpeg -v error -y -i "$recording" -vf fps=1/2 "$work/demo-%d.png"
pass "faces are masked and the rest is sharp: $masked; look at $work/demo-*.png"

podman stop -t 15 "$name" >/dev/null
[ "$(podman inspect -f '{{.State.ExitCode}}' "$name")" = 0 ] || fail 'it does not stop by itself'
pass 'stops when told to'
