package oddcamera

import (
	"encoding/base64"
	"strings"
)

// descriptionModes have odd lines in the head of the description.
var descriptionModes = []Mode{
	{Name: "uniview", Group: Description, Habit: "o= and c= end after the network type",
		Reports: reports(report("bluenviron/gortsplib", 618), report("bluenviron/mediamtx", 4660), report("AlexxIT/go2rtc", 1663)),
		habits:  habits{describe: all(head("o=", "o=- 1001 1 IN "), head("c="), video("a=control", "c=IN ", "a=control:track1"))}},
	{Name: "origin-no-address", Group: Description, Habit: "o= without an address",
		Reports: reports(report("bluenviron/gortsplib", 468), report("bluenviron/mediamtx", 2762)),
		habits:  habits{describe: head("o=", "o=- 1700166548 1700166549 IN IP4")}},
	{Name: "origin-spaces", Group: Description, Habit: "o= with blanks in the user name", Reports: reports(report("bluenviron/gortsplib", 201)),
		habits: habits{describe: head("o=", "o=Some Maker 0 0 IN IP4 127.0.0.1")}},
	{Name: "origin-negative", Group: Description, Habit: "o= with a negative number", Reports: reports(report("bluenviron/mediamtx", 2708)),
		habits: habits{describe: head("o=", "o=- -8959200248001175080 1 IN IP4 127.0.0.1")}},
	{Name: "origin-float", Group: Description, Habit: "o= with a number with a point", Reports: reports(report("bluenviron/mediamtx", 2555)),
		habits: habits{describe: head("o=", "o=- 1698143674.978737 1 IN IP4 127.0.0.1")}},
	{Name: "origin-hex", Group: Description, Habit: "o= with a hexadecimal number after two blanks", Reports: reports(report("bluenviron/mediamtx", 5442)),
		habits: habits{describe: head("o=", "o=-  2EC08200 1 IN IP4 127.0.0.1")}},
	{Name: "origin-large", Group: Description, Habit: "o= with a number of more than 64 bits",
		habits: habits{describe: head("o=", "o=- 98765432109876543210987 1 IN IP4 127.0.0.1")}},
	{Name: "conn-zero", Group: Description, Habit: "c=IN IP4 0.0.0.0", Reports: reports(report("AlexxIT/go2rtc", 1663)),
		habits: habits{describe: head("c=", "c=IN IP4 0.0.0.0")}},
	{Name: "conn-ip", Group: Description, Habit: "c=IP IP4 0.0.0.0", habits: habits{describe: head("c=", "c=IP IP4 0.0.0.0")}},
	{Name: "conn-no-type", Group: Description, Habit: "c=IN and an address, without IP4", Reports: reports(report("bluenviron/gortsplib", 1025)),
		habits: habits{describe: head("c=", "c=IN 192.0.2.7")}},
	{Name: "conn-bare", Group: Description, Habit: "c= with nothing behind it", Reports: reports(report("bluenviron/mediamtx", 85)), habits: habits{describe: head("c=", "c=")}},
	{Name: "no-name", Group: Description, Habit: "no s= line", habits: habits{describe: head("s=")}},
	{Name: "latin1", Group: Description, Habit: "a session name that is not UTF-8", habits: habits{describe: head("s=", "s=Cam\xe9ra")}},
	{Name: "time-missing", Group: Description, Habit: "no t= line", habits: habits{describe: head("t=")}},
	{Name: "time-one", Group: Description, Habit: "t= with one number", habits: habits{describe: head("t=", "t=0")}},
	{Name: "range-clock", Group: Description, Habit: "a=range with two ranges of clock times", Reports: reports(report("bluenviron/mediamtx", 95)),
		habits: habits{describe: head("a=control", "a=control:*", "a=range:clock=20200908T132728Z-20200909T030844Z;clock=20200909T031019Z-")}},
	{Name: "no-head", Group: Description, Habit: "a description that begins with m=", Reports: reports(report("AlexxIT/go2rtc", 679)),
		habits: habits{describe: func(d *sdp) { d.head = nil }}},
	{Name: "bandwidth-unit", Group: Description, Habit: "b=AS:4096 kbps", habits: habits{describe: inVideo("b=AS:4096 kbps")}},
	{Name: "bandwidth-float", Group: Description, Habit: "b=AS:4096.5", habits: habits{describe: inVideo("b=AS:4096.5")}},
	{Name: "name-in-media", Group: Description, Habit: "s= inside the video medium", habits: habits{describe: inVideo("s=stream")}},
	{Name: "time-in-media", Group: Description, Habit: "t= inside the video medium", habits: habits{describe: inVideo("t=0 0")}},
	{Name: "order-odd", Group: Description, Habit: "i= is the second line", Reports: reports(pull("ngraziano/SharpRTSP", 119)),
		habits: habits{describe: head("v=", "v=0", "i=Camera")}},
	{Name: "no-last-newline", Group: Description, Habit: "nothing ends the last line", Reports: reports(report("themactep/thingino-firmware", 1621)),
		habits: habits{describe: func(d *sdp) { d.suffix = "" }}},
	{Name: "blank-lines", Group: Description, Habit: "blank lines at the end", Reports: reports(report("sdroege/sdp-types", 7)),
		habits: habits{describe: func(d *sdp) { d.suffix = "\r\n\r\n\r\n" }}},
	{Name: "nul-bytes", Group: Description, Habit: "NUL bytes at the end", habits: habits{describe: func(d *sdp) { d.suffix = "\r\n\x00\x00\x00" }}},
	{Name: "byte-order-mark", Group: Description, Habit: "a byte order mark in front", habits: habits{describe: func(d *sdp) { d.prefix = "\xef\xbb\xbf" }}},
	{Name: "description-long", Group: Description, Habit: "a description of 60 KB", Reports: reports(report("mpromonet/v4l2rtspserver", 32), report("bluenviron/mediamtx", 136)),
		habits: habits{describe: func(d *sdp) {
			for range 60 {
				d.video = append(d.video, "a=x-maker:"+strings.Repeat("0123456789abcdef", 63))
			}
		}}},
}

// mediaModes have more in the description than the video.
var mediaModes = []Mode{
	{Name: "vana", Group: Description, Habit: "a second medium of a home-made type: m=vana", Reports: reports(report("AlexxIT/go2rtc", 1278)),
		habits: habits{describe: behind("m=vana 0 RTP/AVP 117", "a=rtpmap:117 vana/90000", "a=control:track9")}},
	{Name: "metadata", Group: Description, Habit: "m=application with ONVIF metadata",
		habits: habits{describe: behind("m=application 0 RTP/AVP 107", "a=rtpmap:107 vnd.onvif.metadata/90000", "a=recvonly", "a=control:track9")}},
	{Name: "metadata-bare", Group: Description, Habit: "m=application without rtpmap or control", habits: habits{describe: behind("m=application 0 RTP/AVP 107")}},
	{Name: "text-medium", Group: Description, Habit: "m=text in front of the video",
		habits: habits{describe: before("m=text 0 RTP/AVP 98", "a=rtpmap:98 t140/1000", "a=control:track8")}},
	{Name: "audio-wrong-fmtp", Group: Description, Habit: "AAC whose fmtp names another payload type",
		Reports: reports(report("bluenviron/gortsplib", 658), report("bluenviron/mediamtx", 3669)),
		habits: habits{describe: behind("m=audio 0 RTP/AVP 104", "a=rtpmap:104 MPEG4-GENERIC/16000",
			"a=fmtp:97 mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1408", "a=control:track2")}},
	{Name: "audio-no-config", Group: Description, Habit: "AAC without config",
		habits: habits{describe: behind("m=audio 0 RTP/AVP 97", "a=rtpmap:97 MPEG4-GENERIC/48000/2",
			"a=fmtp:97 streamtype=5;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3", "a=control:track2")}},
	{Name: "audio-bad-clock", Group: Description, Habit: "audio with an unreadable clock rate",
		habits: habits{describe: behind("m=audio 0 RTP/AVP 97", "a=rtpmap:97 G726-32/", "a=control:track2")}},
	{Name: "audio-many", Group: Description, Habit: "a back channel that offers several AAC formats without config", Reports: reports(report("bluenviron/gortsplib", 479)),
		habits: habits{describe: behind("m=audio 0 RTP/AVP 116 115 114 0 8", "a=rtpmap:116 MPEG4-GENERIC/64000", "a=rtpmap:115 MPEG4-GENERIC/48000",
			"a=rtpmap:114 MPEG4-GENERIC/32000", "a=sendonly", "a=control:track5")}},
	{Name: "audio-null", Group: Description, Habit: "m=audio of the format (null), a=rtpmap without a value", Reports: reports(pull("alexeyvasilyev/rtsp-client-android", 90)),
		habits: habits{describe: behind("m=audio 0 RTP/AVP (null)", "c=IN IP4 0.0.0.0", "b=AS:64", "a=rtpmap", "a=control:track=2")}},
	{Name: "meta-medium", Group: Description, Habit: "a second medium m=meta", Reports: reports(pull("bluenviron/gortsplib", 1068)),
		habits: habits{describe: behind("m=meta 0 RTP/AVP 107", "a=rtpmap:107 vnd.onvif.metadata/90000", "a=control:track9")}},
	{Name: "format-words", Group: Description, Habit: "a medium of the type application/TP-LINK, whose format is no number", Reports: reports(report("androidx/media", 1472)),
		habits: habits{describe: behind("m=application/TP-LINK 0 RTP/AVP smart/1/90000", "a=rtpmap:95 TP-LINK/90000", "a=control:track3")}},
	{Name: "two-videos", Group: Description, Habit: "two video media, the first one MPEG-4 part 2",
		habits: habits{describe: before("m=video 0 RTP/AVP 97", "a=rtpmap:97 MP4V-ES/90000", "a=control:track0")}},
	{Name: "audio-no-format", Group: Description, Habit: "m=audio without any format", habits: habits{describe: behind("m=audio 0 RTP/AVP", "a=control:track2")}},
}

// videoModes have odd lines in the video medium.
var videoModes = []Mode{
	{Name: "sendonly", Group: Description, Habit: "the camera's own video is marked a=sendonly",
		Reports: reports(report("bluenviron/mediamtx", 5074), report("bluenviron/gortsplib", 970)), habits: habits{describe: inVideo("a=sendonly")}},
	{Name: "sendonly-both", Group: Description, Habit: "video marked a=sendonly beside audio marked a=recvonly", Reports: reports(report("bluenviron/mediamtx", 5074)),
		habits: habits{describe: all(inVideo("a=sendonly"), behind("m=audio 0 RTP/AVP 0", "a=recvonly", "a=control:track2"))}},
	{Name: "inactive", Group: Description, Habit: "video marked a=inactive", habits: habits{describe: inVideo("a=inactive")}},
	{Name: "sprop-no-pps", Group: Description, Habit: "sprop-parameter-sets with nothing behind the comma",
		Reports: reports("https://github.com/FFmpeg/FFmpeg/pull/181"),
		habits:  habits{describe: sprop(func(d *sdp) []string { return []string{encoded(d.clip.sets)[0], ""} })}},
	{Name: "sprop-empty", Group: Description, Habit: "empty sprop-parameter-sets", Reports: reports(report("bluenviron/mediamtx", 861)),
		habits: habits{describe: sprop(func(*sdp) []string { return []string{""} })}},
	{Name: "sprop-not-sps", Group: Description, Habit: "sprop-parameter-sets are base64 of something else", Reports: reports(report("bluenviron/mediamtx", 2348)),
		habits: habits{describe: sprop(func(*sdp) []string { return []string{"AAAAAWhlbGxv", "aVGsbG8="} })}},
	{Name: "sprop-unreadable", Group: Description, Habit: "sprop-parameter-sets that are no base64",
		habits: habits{describe: sprop(func(*sdp) []string { return []string{"Z2QA*(broken)", "%%%"} })}},
	{Name: "sprop-startcode", Group: Description, Habit: "sprop-parameter-sets with start codes inside",
		habits: habits{describe: sprop(func(d *sdp) (all []string) {
			for _, s := range d.clip.sets {
				all = append(all, base64.StdEncoding.EncodeToString(append([]byte{0, 0, 0, 1}, s...)))
			}
			return all
		})}},
	{Name: "sprop-only", Group: Description, Habit: "SPS and PPS in the description only, never in the stream", habits: habits{units: noSets}},
	{Name: "no-fmtp", Group: Description, Habit: "no fmtp: SPS and PPS in the stream only", habits: habits{describe: video("a=fmtp")}},
	{Name: "sets-nowhere", Group: Description, Habit: "neither fmtp nor SPS in the first seconds", Late: 2e9,
		habits: habits{describe: video("a=fmtp"), units: func(f *flow, units [][]byte) [][]byte {
			if f.gop <= 2 {
				return noSets(f, units)
			}
			return units
		}}},
	{Name: "h265-no-fmtp", Group: Description, Habit: "H.265 without fmtp", Codec: "h265", habits: habits{describe: video("a=fmtp")}},
	{Name: "two-formats", Group: Description, Habit: "two formats for the video, the first one unknown", Reports: reports(report("bluenviron/gortsplib", 65)),
		habits: habits{describe: all(video("m=video", "m=video 0 RTP/AVP 98 96"), inVideo("a=rtpmap:98 vnd.maker/90000"))}},
	{Name: "rtpmap-orphan", Group: Description, Habit: "a second rtpmap (H265) for a payload type that m= does not name", Reports: reports(report("DDVTECH/mistserver", 295)),
		habits: habits{describe: inVideo("a=rtpmap:102 H265/90000")}},
	{Name: "codec-wrong", Group: Description, Habit: "rtpmap says H265, fmtp and the stream are H.264", Reports: reports(report("AlexxIT/go2rtc", 264)),
		habits: habits{describe: all(video("a=rtpmap", "a=rtpmap:96 H265/90000"), video("a=fmtp", "a=fmtp:96 profile-level-id=420029; packetization-mode=1; sprop-parameter-sets="))}},
	{Name: "rtpmap-lower", Group: Description, Habit: "rtpmap in lower case with a blank at its end",
		habits: habits{describe: video("a=rtpmap", "a=rtpmap:96 h264/90000 ")}},
	{Name: "payload-static", Group: Description, Habit: "H.264 on payload type 35, outside of the dynamic ones", Reports: reports(report("bluenviron/gortsplib", 630)),
		habits: habits{describe: func(d *sdp) {
			for i := range d.video {
				d.video[i] = strings.NewReplacer(":96 ", ":35 ", "AVP 96", "AVP 35").Replace(d.video[i])
			}
		}, packet: func(_ *flow, p *packet) { p.payloadType = 35 }}},
}

// noSets leaves parameter sets out of the stream.
func noSets(f *flow, units [][]byte) [][]byte { return withoutSets(f.clip.codec, units) }
