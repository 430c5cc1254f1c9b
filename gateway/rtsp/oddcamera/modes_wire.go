package oddcamera

import (
	"fmt"
	"regexp"
	"strings"
)

// wireModes have odd answers too, of the connection more than of what is said.
var wireModes = []Mode{
	{Name: "garbage-between", Group: Answers, Habit: "bytes that belong to nothing between two interleaved packets", Reports: reports(pull("bluenviron/gortsplib", 653)),
		habits: habits{framed: func(f *flow, b []byte) []byte {
			if f.sent%20 == 7 {
				b = append(b, strings.Repeat("\x80\x60\x5b\xd4", 23)...)
			}
			return b
		}}},
	{Name: "crlf-extra", Group: Answers, Habit: "blank lines behind each answer", habits: habits{answer: func(x *exchange) { x.trailer += "\r\n\r\n" }}},
	{Name: "header-folded", Group: Answers, Habit: "a line of one blank among the headers of the answer to PLAY", Reports: reports(pull("koush/scrypted", 2137)),
		habits: habits{answer: only("PLAY", func(x *exchange) {
			x.headers = append(x.headers, " ", "RTP-Info: url=rtsp://192.0.2.60:554/profile1/track1;seq=1000;rtptime=90000")
		})}},
	{Name: "headers-lower", Group: Answers, Habit: "names of headers in lower case", habits: habits{answer: func(x *exchange) {
		x.spellLength = "content-length"
		for i, h := range x.headers {
			name, value, _ := strings.Cut(h, ":")
			x.headers[i] = strings.ToLower(name) + ":" + value
		}
	}}},
	{Name: "headers-doubled", Group: Answers, Habit: "each header comes twice", habits: habits{answer: func(x *exchange) {
		var twice []string
		for _, h := range x.headers {
			twice = append(twice, h, h)
		}
		x.headers = twice
	}}},
	{Name: "length-lower", Group: Answers, Habit: "Content-length with a small l", Reports: reports(pull("mbullington/yellowstone", 17)),
		habits: habits{answer: func(x *exchange) { x.spellLength = "Content-length" }}},
	{Name: "cseq-blank", Group: Answers, Habit: "CSeq with a blank behind the number", Reports: reports(report("bluenviron/gortsplib", 437)),
		habits: habits{answer: func(x *exchange) { x.headers[0] += " " }}},
	{Name: "cseq-less", Group: Answers, Habit: "the answer to the first request has a CSeq that is one too small", Reports: reports(report("luisiam/homebridge-foscamcamera", 6)),
		habits: habits{answer: only("OPTIONS", func(x *exchange) { x.headers[0] = earlierCSeq(x) })}},
	{Name: "keepalive-454", Group: Answers, Habit: "GET_PARAMETER is answered 454 while the stream goes on", Reports: reports(report("themactep/thingino-firmware", 490)),
		habits: habits{answer: keepalive(func(x *exchange) { x.refuse(454, "Session Not Found") })}},
	{Name: "keepalive-400", Group: Answers, Habit: "the keepalive is answered 400 with the CSeq of the request before",
		Reports: reports(report("scottlamb/retina", 133), report("scottlamb/retina", 136)),
		habits: habits{answer: keepalive(func(x *exchange) {
			x.refuse(400, "Bad Request")
			x.headers[0] = earlierCSeq(x)
		})}},
	{Name: "session-late", Group: Answers, Habit: "Session comes with the answer to PLAY, not to SETUP", Reports: reports(report("bluenviron/mediamtx", 840)),
		habits: habits{answer: only("SETUP", func(x *exchange) { x.drop("Session") })}},
	{Name: "session-changes", Group: Answers, Habit: "the answer to PLAY names another session than that to SETUP", Reports: reports(pull("scottlamb/retina", 85)),
		habits: habits{answer: only("PLAY", func(x *exchange) { x.set("Session", "97531") })}},
	{Name: "ssrc-decimal", Group: Answers, Habit: "Transport with ssrc in nine decimal digits", Reports: reports(report("bluenviron/gortsplib", 95)),
		habits: habits{answer: only("SETUP", func(x *exchange) { x.set("Transport", x.header("Transport")+";ssrc=937239728") })}},
	{Name: "length-short", Group: Answers, Habit: "Content-Length leaves out the end of the last line", Reports: reports(pull("curl/curl", 12706)),
		habits: habits{answer: only("DESCRIBE", func(x *exchange) { x.set("Content-Length", fmt.Sprint(max(0, len(x.body)-2))) })}},
	{Name: "version-two", Group: Answers, Habit: "answers begin with RTSP/2.0",
		habits: habits{answer: func(x *exchange) { x.status = strings.Replace(x.status, "1.0", "2.0", 1) }}},
	{Name: "udp-ports-other", Group: Answers, Habit: "server_port names ports that the packets do not come from", Reports: reports(report("bluenviron/mediamtx", 691)),
		Transport: "udp", habits: habits{answer: serverPort(";server_port=6970-6971")}},
	{Name: "udp-ports-zero", Group: Answers, Habit: "server_port=0-1", Reports: reports(report("bluenviron/mediamtx", 407)),
		Transport: "udp", habits: habits{answer: serverPort(";server_port=0-1")}},
	{Name: "udp-ports-none", Group: Answers, Habit: "UDP is agreed on without server_port", Reports: reports(report("OpenIPC/smolrtsp", 31)),
		Transport: "udp", habits: habits{answer: serverPort("")}},
	{Name: "http-only", Group: Answers, Habit: "RTSP is answered by HTTP's 501, RTSP over HTTP works", Reports: reports(report("turboladen/rtsp", 17)),
		habits: habits{answer: func(x *exchange) {
			if !x.conn.tunnelled {
				x.answerHTTP()
			}
		}}},
	{Name: "tls-self-signed", Group: Answers, Habit: "RTSPS with a certificate that the camera made itself", Reports: reports(report("deepch/RTSPtoWeb", 82)),
		habits: habits{scheme: "rtsps"}},
	{Name: "tls-rtspx", Group: Answers, Habit: "an address as UniFi Protect gives it: rtspx:// and ?enableSrtp, certificate for another host",
		Reports: reports(report("AlexxIT/go2rtc", 54), report("AlexxIT/go2rtc", 81)), habits: habits{scheme: "rtspx", query: "?enableSrtp"}},
}

// pull is the address of a pull request on GitHub.
func pull(repository string, number int) string {
	return fmt.Sprintf("https://github.com/%s/pull/%d", repository, number)
}

// earlierCSeq is the header with the number of the request before.
func earlierCSeq(x *exchange) string {
	return fmt.Sprintf("CSeq: %d", number("="+x.request.headers["cseq"], "=")-1)
}

// keepalive has the client ask each second, and changes the answers to that.
func keepalive(change func(*exchange)) func(*exchange) {
	return func(x *exchange) {
		switch {
		case x.method == "SETUP":
			x.set("Session", x.conn.session+";timeout=1")
		case x.conn.playing && (x.method == "OPTIONS" || strings.HasSuffix(x.method, "_PARAMETER")):
			change(x)
		}
	}
}

var serverPorts = regexp.MustCompile(`;server_port=[0-9-]+`)

// serverPort says something else of the ports that UDP comes from.
func serverPort(other string) func(*exchange) {
	return only("SETUP", func(x *exchange) {
		x.set("Transport", serverPorts.ReplaceAllString(x.header("Transport"), other))
	})
}

// answerHTTP answers as a web server does, and hangs up.
func (x *exchange) answerHTTP() {
	x.status, x.body, x.hangUp = "HTTP/1.0 501 Not Implemented", nil, true
	x.headers = []string{"Server: httpd", "Connection: close", "Content-Length: 0"}
}

// hopelessModes have a reason, and no frame.
var hopelessModes = []Mode{
	{Name: "not-found", Group: Hopeless, Habit: "no stream at this path", Expect: Refused("not_found"), habits: habits{answer: always(404, "Not Found")}},
	{Name: "forbidden", Group: Hopeless, Habit: "the user may not see the stream", Expect: Refused("unauthorized"), habits: habits{answer: always(403, "Forbidden")}},
	{Name: "login-refused", Group: Hopeless, Habit: "another password than the one given", Expect: Refused("unauthorized"),
		habits: habits{login: &login{offers: []offer{{}}, works: "none"}}},
	{Name: "login-unknown", Group: Hopeless, Habit: "a login that is neither digest nor Basic", Expect: Refused("unauthorized"),
		habits: habits{login: &login{other: "Negotiate"}}},
	{Name: "busy", Group: Hopeless, Habit: "453: too many connections already", Expect: Refused("protocol"), habits: habits{answer: always(453, "Not Enough Bandwidth")}},
	{Name: "moved", Group: Hopeless, Habit: "302 to another host", Expect: Refused("moved"), habits: habits{answer: redirect("rtsp://192.0.2.60:554/live?token=abc123")}},
	{Name: "no-video", Group: Hopeless, Habit: "audio only", Expect: Refused("no_video"),
		habits: habits{describe: func(d *sdp) { d.video = []string{"m=audio 0 RTP/AVP 0", "a=control:track2"} }}},
	{Name: "codec-unknown", Group: Hopeless, Habit: "MPEG-4 part 2 only", Reports: reports(report("scottlamb/moonfire-nvr", 95)), Expect: Refused("unknown_codec"),
		habits: habits{describe: func(d *sdp) {
			d.video = []string{"m=video 0 RTP/AVP 96", "a=control:track1", "a=rtpmap:96 MP4V-ES/90000", "a=fmtp:96 profile-level-id=245"}
		}}},
	{Name: "silent", Group: Hopeless, Habit: "PLAY is answered, then nothing comes", Expect: Refused("timeout"), habits: habits{silent: true}},
	{Name: "udp-silent", Group: Hopeless, Habit: "UDP is agreed on and nothing comes by it", Reports: reports(pull("scottlamb/retina", 85)), Expect: Refused("no_udp"),
		Transport: "udp", habits: habits{silent: true}},
	{Name: "closes", Group: Hopeless, Habit: "the connection ends after PLAY", Expect: Refused("closed"), habits: habits{closes: true}},
	{Name: "unreadable", Group: Hopeless, Habit: "H.264 in MTAP16 packets alone", Reports: reports(report("livekit/ingress", 273)), Expect: Refused("unreadable"),
		habits: habits{pack: func(_ *flow, unit []byte) [][]byte {
			return [][]byte{append([]byte{0x7a, 0, 0}, unit[:min(len(unit), mtu)]...)}
		}}},
	{Name: "keyframe-never", Group: Hopeless, Habit: "no keyframe after the start of the camera itself", Reports: reports(report("bluenviron/gortsplib", 480)), Expect: Refused("no_keyframe"),
		habits: habits{units: func(f *flow, units [][]byte) [][]byte {
			if f.inGOP == 0 {
				return nil
			}
			return units
		}}},
	{Name: "http-server", Group: Hopeless, Habit: "a web server at this port", Expect: Refused("not_rtsp"), habits: habits{noTunnel: true, answer: (*exchange).answerHTTP}},
}

// always answers DESCRIBE with an error.
func always(code int, phrase string) func(*exchange) {
	return only("DESCRIBE", func(x *exchange) { x.refuse(code, phrase) })
}
