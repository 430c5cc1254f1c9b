package oddcamera

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// sdp is a description that modes change before it is sent.
type sdp struct {
	mode        string
	clip        *clip
	payloadType int
	head        []string
	before      []string // whole media before the video
	video       []string
	after       []string // whole media behind the video
	prefix      string   // bytes before the first line
	suffix      string   // and behind the last one
}

func newSDP(mode string, k *clip, payloadType int) *sdp {
	d := &sdp{mode: mode, clip: k, payloadType: payloadType, suffix: "\r\n"}
	d.head = []string{"v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=Media Presentation", "c=IN IP4 127.0.0.1", "t=0 0", "a=control:*"}
	d.video = []string{fmt.Sprintf("m=video 0 RTP/AVP %d", payloadType), "a=control:track1"}
	if k.codec != "mjpeg" {
		d.video = append(d.video, fmt.Sprintf("a=rtpmap:%d %s/90000", payloadType, strings.ToUpper(k.codec)))
		d.video = append(d.video, d.formatLine(encoded(k.sets)))
	}
	return d
}

// formatLine is the a=fmtp with these parameter sets.
func (d *sdp) formatLine(sets []string) string {
	if d.clip.codec == "h265" {
		return fmt.Sprintf("a=fmtp:%d sprop-vps=%s;sprop-sps=%s;sprop-pps=%s", d.payloadType, sets[0], sets[1], sets[2])
	}
	return fmt.Sprintf("a=fmtp:%d packetization-mode=1;profile-level-id=640028;sprop-parameter-sets=%s", d.payloadType, strings.Join(sets, ","))
}

func encoded(sets [][]byte) (all []string) {
	for _, s := range sets {
		all = append(all, base64.StdEncoding.EncodeToString(s))
	}
	return all
}

func (d *sdp) bytes() []byte {
	lines := slices.Concat(d.head, d.before, d.video, d.after)
	return []byte(d.prefix + strings.Join(lines, "\r\n") + d.suffix)
}

// change puts other lines in the place of the first that begins with start.
func change(lines []string, start string, other ...string) []string {
	i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, start) })
	if i < 0 {
		return append(lines, other...)
	}
	return slices.Replace(lines, i, i+1, other...)
}

// The following make changes for the table.

// head puts other lines in the place of one of the session's.
func head(start string, other ...string) func(*sdp) {
	return func(d *sdp) { d.head = change(d.head, start, other...) }
}

// video puts other lines in the place of one of the video's.
func video(start string, other ...string) func(*sdp) {
	return func(d *sdp) { d.video = change(d.video, start, other...) }
}

// inVideo adds lines to the video.
func inVideo(lines ...string) func(*sdp) {
	return func(d *sdp) { d.video = append(d.video, lines...) }
}

// behind adds media behind the video, before in front of it.
func behind(lines ...string) func(*sdp) {
	return func(d *sdp) { d.after = append(d.after, lines...) }
}

func before(lines ...string) func(*sdp) {
	return func(d *sdp) { d.before = append(d.before, lines...) }
}

// sprop has other texts in the place of the parameter sets.
func sprop(sets func(d *sdp) []string) func(*sdp) {
	return func(d *sdp) { d.video = change(d.video, "a=fmtp", d.formatLine(sets(d))) }
}

// all makes several changes.
func all(changes ...func(*sdp)) func(*sdp) {
	return func(d *sdp) {
		for _, c := range changes {
			c(d)
		}
	}
}
