package oddcamera

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
)

// packetModes send odd packets.
var packetModes = []Mode{
	{Name: "ssrc-start", Group: Packets, Habit: "the first packets have another SSRC", Reports: reports(report("bluenviron/gortsplib", 687)),
		habits: habits{packet: func(f *flow, p *packet) {
			if f.sent < 3 {
				p.ssrc = 0xa0c6
			}
		}}},
	{Name: "ssrc-gop", Group: Packets, Habit: "another SSRC with each keyframe", Reports: reports(report("bluenviron/gortsplib", 687), report("bluenviron/gortsplib", 480)),
		habits: habits{frame: atKeyframe(func(f *flow) { f.ssrc = rand.Uint32() })}},
	{Name: "ssrc-seq", Group: Packets, Habit: "another SSRC and sequence with each keyframe", Reports: reports(report("bluenviron/gortsplib", 480)),
		habits: habits{frame: atKeyframe(func(f *flow) { f.ssrc, f.sequence = rand.Uint32(), uint16(rand.IntN(1<<15)) })}},
	{Name: "seq-reset", Group: Packets, Habit: "sequence numbers jump far with each keyframe, the SSRC stays", Reports: reports(report("bluenviron/gortsplib", 750)),
		habits: habits{frame: atKeyframe(func(f *flow) { f.sequence += []uint16{20000, 45000}[f.gop%2] })}},
	{Name: "seq-back", Group: Packets, Habit: "sequence numbers start over with each keyframe, a few dozen back", Reports: reports(report("bluenviron/gortsplib", 750)),
		habits: habits{frame: atKeyframe(func(f *flow) { f.sequence = 1000 })}},
	{Name: "fu-both", Group: Packets, Habit: "H.264: FU-A with start and end bit in one packet",
		Reports: reports(report("bluenviron/gortsplib", 649), report("ossrs/srs", 4243)), habits: habits{pack: alwaysFragments}},
	{Name: "fu-both265", Group: Packets, Habit: "H.265: FU with start and end bit in one packet", Reports: reports(report("scottlamb/retina", 131)), Codec: "h265",
		habits: habits{pack: alwaysFragments}},
	{Name: "au-in-fu", Group: Packets, Habit: "H.264: SPS, PPS and IDR with start codes as one fragmented unit", Reports: reports(report("scottlamb/retina", 68)), habits: habits{units: oneUnit}},
	{Name: "au-in-fu265", Group: Packets, Habit: "H.265: VPS, SPS, PPS and IDR with start codes as one fragmented unit", Codec: "h265", habits: habits{units: oneUnit}},
	{Name: "annexb", Group: Packets, Habit: "H.264: units begin with a start code inside the packet",
		habits: habits{units: func(_ *flow, units [][]byte) (all [][]byte) {
			for _, u := range units {
				all = append(all, append([]byte{0, 0, 0, 1}, u...))
			}
			return all
		}}},
	{Name: "stap", Group: Packets, Habit: "H.264: SPS, PPS and SEI in one STAP-A", habits: habits{units: setsInOne(0x78)}},
	{Name: "ap265", Group: Packets, Habit: "H.265: VPS, SPS and PPS in one aggregation packet", Codec: "h265",
		Reports: reports(pull("AlexxIT/go2rtc", 2296), report("google/ExoPlayer", 10600)), habits: habits{units: setsInOne(0x60, 0x01)}},
	{Name: "marker-never", Group: Packets, Habit: "the marker bit is never set", habits: habits{packet: func(_ *flow, p *packet) { p.marker = false }}},
	{Name: "marker-always", Group: Packets, Habit: "the marker bit is set on every unit, parameter sets too", habits: habits{packet: func(f *flow, p *packet) {
		p.marker = p.marker || kindOf("h264", p.payload) < 24 || p.payload[1]&0x40 != 0
	}}},
	{Name: "ts-zero", Group: Packets, Habit: "all timestamps are 0", habits: habits{clock: func(*flow, uint32) uint32 { return 0 }}},
	{Name: "ts-jump", Group: Packets, Habit: "timestamps jump one hour ahead with each keyframe",
		habits: habits{clock: func(f *flow, t uint32) uint32 { return t + uint32(f.gop)*3600*ticks }}},
	{Name: "ts-back", Group: Packets, Habit: "timestamps start over with each keyframe",
		habits: habits{clock: func(f *flow, _ uint32) uint32 { return ticks + uint32(f.inGOP*ticks/f.clip.fps) }}},
	{Name: "ts-wrap", Group: Packets, Habit: "timestamps wrap around after a second", habits: habits{clock: func(_ *flow, t uint32) uint32 { return t - 2*ticks }}},
	{Name: "payload-other", Group: Packets, Habit: "packets of payload type 50 between the frames, with the sequence number of the packet behind",
		Reports: reports(report("AlexxIT/go2rtc", 1722), report("bluenviron/mediamtx", 4036), report("BogdanovKirill/RtspClientSharp", 98)),
		habits: habits{beside: func(f *flow) []side {
			p := packet{payloadType: 50, sequence: f.sequence, timestamp: f.now, ssrc: f.ssrc, marker: true, payload: make([]byte, 48)}
			return []side{{0, p.bytes()}}
		}}},
	{Name: "rtcp-other", Group: Packets, Habit: "sender reports of another SSRC", habits: habits{beside: senderReports(1, 0x77777777)}},
	{Name: "rtcp-on-rtp", Group: Packets, Habit: "sender reports on the channel of the video", habits: habits{beside: senderReports(0, 0x1234abcd)}},
	{Name: "joins-midway", Group: Packets, Habit: "the stream begins with the end of a fragmented keyframe", Reports: reports(report("AlexxIT/go2rtc", 2490)),
		habits: habits{frame: func(f *flow) {
			if f.sent == 0 {
				f.now -= uint32(ticks / f.clip.fps)
				f.emit(&packet{payload: append([]byte{0x7c, 0x05}, bytes.Repeat([]byte{0xb7}, 900)...)})
				f.emit(&packet{payload: append([]byte{0x7c, 0x45}, bytes.Repeat([]byte{0xb7}, 300)...), marker: true})
				f.now += uint32(ticks / f.clip.fps)
			}
		}}},
	{Name: "fu-reserved", Group: Packets, Habit: "H.264: FU-A with the reserved bit set", Reports: reports(pull("scottlamb/retina", 109)),
		habits: habits{pack: func(f *flow, unit []byte) [][]byte {
			if len(unit) <= mtu {
				return nil
			}
			parts := fragments(f.clip.codec, unit, mtu)
			for _, p := range parts {
				p[1] |= 0x20
			}
			return parts
		}}},
	{Name: "h265-donl", Group: Packets, Habit: "H.265 with decoding order numbers (sprop-max-don-diff)", Reports: reports(pull("androidx/media", 2413)), Codec: "h265",
		habits: habits{pack: withOrder, describe: func(d *sdp) { d.video[3] += ";sprop-max-don-diff=1;sprop-depack-buf-nalus=1" }}},
	{Name: "padding-zero", Group: Packets, Habit: "packets of one unit have the padding bit, and 0 as the count", Reports: reports(pull("pion/rtp", 274)),
		habits: habits{packet: func(_ *flow, p *packet) {
			if kindOf("h264", p.payload) < 24 {
				p.padding = []byte{0}
			}
		}}},
	{Name: "padding", Group: Packets, Habit: "each packet is padded", habits: habits{packet: func(_ *flow, p *packet) { p.padding = []byte{0, 0, 0, 4} }}},
	{Name: "extension", Group: Packets, Habit: "each packet has an extension (0xABAC of ONVIF's replay)",
		habits: habits{packet: func(_ *flow, p *packet) { p.profile, p.extension = 0xabac, make([]byte, 12) }}},
	{Name: "other-channel", Group: Packets, Habit: "packets between the video's on channel 7, which nobody asked for",
		habits: habits{framed: func(_ *flow, b []byte) []byte {
			return append([]byte{'$', 7, 0, 12, 0x80, 0x6b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, b...)
		}}},
}

// atKeyframe makes a change before each keyframe but the first.
func atKeyframe(change func(*flow)) func(*flow) {
	return func(f *flow) {
		if f.inGOP == 0 && f.sent > 0 {
			change(f)
		}
	}
}

// alwaysFragments fragments what would fit into one packet.
func alwaysFragments(f *flow, unit []byte) [][]byte { return fragments(f.clip.codec, unit, mtu) }

// oneUnit makes one unit of a keyframe's, with the start codes of a file between them.
func oneUnit(f *flow, units [][]byte) [][]byte {
	return [][]byte{bytes.Join(units, []byte{0, 0, 0, 1})}
}

// senderReports sends one of RTCP before each frame.
func senderReports(channel byte, ssrc uint32) func(*flow) []side {
	return func(f *flow) []side {
		b := append([]byte{0x80, 200, 0, 6}, make([]byte, 24)...)
		binary.BigEndian.PutUint32(b[4:], ssrc)
		binary.BigEndian.PutUint32(b[8:], 3_900_000_000+uint32(f.count/f.clip.fps))
		binary.BigEndian.PutUint32(b[16:], f.now)
		return []side{{channel, b}}
	}
}

// withOrder puts decoding order numbers into H.265: behind the header of a unit, and into the
// first of its fragments.
func withOrder(f *flow, unit []byte) [][]byte {
	order := []byte{byte(f.sent >> 8), byte(f.sent)}
	if len(unit) <= mtu {
		return [][]byte{slices.Concat(unit[:2], order, unit[2:])}
	}
	parts := fragments(f.clip.codec, unit, mtu)
	parts[0] = slices.Concat(parts[0][:3], order, parts[0][3:])
	return parts
}

// setsInOne packs all that stands before the slice into one packet with this header.
func setsInOne(head ...byte) func(*flow, [][]byte) [][]byte {
	return func(_ *flow, units [][]byte) [][]byte {
		last := len(units) - 1
		if last == 0 {
			return units
		}
		return [][]byte{aggregate(head, units[:last]), units[last]}
	}
}

// aggregate puts units into one packet, each behind its length.
func aggregate(head []byte, units [][]byte) []byte {
	out := slices.Clone(head)
	for _, u := range units {
		out = append(binary.BigEndian.AppendUint16(out, uint16(len(u))), u...)
	}
	return out
}

// frameModes are about the size of frames.
var frameModes = []Mode{
	{Name: "wide-7680", Group: Frames, Habit: "H.264 of 7680x2160", Width: 7680, Height: 2160, FPS: 2},
	{Name: "wide-7680-265", Group: Frames, Habit: "H.265 of 7680x2160", Codec: "h265", Width: 7680, Height: 2160, FPS: 2},
	{Name: "wide-4608", Group: Frames, Habit: "H.264 of 4608x1728", Width: 4608, Height: 1728, FPS: 3},
	{Name: "wide-4608-265", Group: Frames, Habit: "H.265 of 4608x1728", Codec: "h265", Width: 4608, Height: 1728, FPS: 3},
	{Name: "odd-size", Group: Frames, Habit: "H.264 of 642x362", Width: 642, Height: 362, FPS: 10},
	{Name: "tall", Group: Frames, Habit: "H.264 of 360x1280", Width: 360, Height: 1280, FPS: 10},
	{Name: "mjpeg-2560", Group: Frames, Habit: "Motion JPEG of 2560x1440: sizes 0, and ONVIF's extension 0xFFD8 with the image's own header", Codec: "mjpeg", Width: 2560, Height: 1440, FPS: 3,
		Reports: reports(report("ngraziano/SharpRTSP", 95)), habits: habits{jpeg: jpegHabits{extension: true}}},
	{Name: "mjpeg-2560-xdim", Group: Frames, Habit: "Motion JPEG of 2560x1440: sizes 0, a=x-dimensions in the description", Codec: "mjpeg", Width: 2560, Height: 1440, FPS: 3,
		Reports: reports(report("sipsorcery-org/sipsorcery", 1387)), habits: habits{describe: inVideo("a=x-dimensions:2560,1440")}},
	{Name: "mjpeg-2560-bare", Group: Frames, Habit: "Motion JPEG of 2560x1440: sizes 0, and nothing else says them", Codec: "mjpeg", Width: 2560, Height: 1440, FPS: 3,
		Reports: reports(report("petergaal/JpegRtspCamera", 6)), Expect: Refused("disagreeing")},
	{Name: "mjpeg-2560-wrap", Group: Frames, Habit: "Motion JPEG of 2560x1440: sizes modulo 2048", Codec: "mjpeg", Width: 2560, Height: 1440, FPS: 3,
		Reports: reports(report("mpromonet/v4l2rtspserver", 237), report("sipsorcery-org/sipsorcery", 1387)), Expect: Refused("disagreeing"),
		habits: habits{jpeg: jpegHabits{wraps: true}}},
	{Name: "mjpeg-half", Group: Frames, Habit: "Motion JPEG with half the width in RTP's header", Codec: "mjpeg", Expect: Refused("disagreeing"),
		habits: habits{jpeg: jpegHabits{halves: true}}},
	{Name: "mjpeg-type", Group: Frames, Habit: "Motion JPEG whose RTP type says 4:2:2 where the data are 4:2:0", Codec: "mjpeg", Expect: Refused("disagreeing"),
		habits: habits{jpeg: jpegHabits{kind: func() byte { return 0 }}}},
}
