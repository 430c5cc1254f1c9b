package oddcamera

import (
	"fmt"
	"strings"
	"time"
)

// answerModes answer oddly.
var answerModes = []Mode{
	{Name: "status-bare", Group: Answers, Habit: "RTSP/1.0 200 without a phrase", Reports: reports(report("bluenviron/gortsplib", 807), report("bluenviron/gortsplib", 928)),
		habits: habits{answer: func(x *exchange) { x.status = x.status[:len("RTSP/1.0 200")] }}},
	{Name: "status-bare-blank", Group: Answers, Habit: "RTSP/1.0 200 and a blank, no phrase", Reports: reports(report("bluenviron/gortsplib", 807)),
		habits: habits{answer: func(x *exchange) { x.status = x.status[:len("RTSP/1.0 200 ")] }}},
	{Name: "lf-only", Group: Answers, Habit: "lines of headers end in LF", Reports: reports(pull("OvenMediaLabs/OvenMediaEngine", 1936)), habits: habits{answer: func(x *exchange) { x.newline = "\n" }}},
	{Name: "base-no-scheme", Group: Answers, Habit: "Content-Base: HOST:PORT/path/",
		Reports: reports(report("scottlamb/moonfire-nvr", 356), report("AlexxIT/go2rtc", 1852), report("bluenviron/mediamtx", 6167)),
		habits:  habits{answer: contentBase("HOST/MODE/")}},
	{Name: "base-slash", Group: Answers, Habit: "Content-Base: /", Reports: reports(report("langhuihui/monibuca", 58)), habits: habits{answer: contentBase("/")}},
	{Name: "base-empty", Group: Answers, Habit: "Content-Base with nothing behind it", habits: habits{answer: contentBase("")}},
	{Name: "base-twice", Group: Answers, Habit: "Content-Base: rtsp://rtsp://…", Reports: reports(report("AlexxIT/go2rtc", 208)),
		habits: habits{answer: contentBase("rtsp://rtsp://HOST/MODE/")}},
	{Name: "base-private", Group: Answers, Habit: "Content-Base names an address behind NAT", habits: habits{answer: contentBase("rtsp://192.0.2.60:554/MODE/")}},
	{Name: "control-other-host", Group: Answers, Habit: "the video's control is absolute, at an address behind NAT",
		habits: habits{describe: func(d *sdp) {
			d.video = change(d.video, "a=control", "a=control:rtsp://192.0.2.60:554/"+d.mode+"/track1")
		}}},
	{Name: "control-missing", Group: Answers, Habit: "the video has no a=control", habits: habits{describe: video("a=control")}},
	{Name: "control-query", Group: Answers, Habit: "the address has a query, and Content-Base ends in it",
		habits: habits{query: "?channel=1&subtype=0"}},
	{Name: "transport-missing", Group: Answers, Habit: "SETUP is answered without Transport", Reports: reports(report("bluenviron/gortsplib", 456)),
		habits: habits{answer: only("SETUP", func(x *exchange) { x.drop("Transport") })}},
	{Name: "transport-ssrc-odd", Group: Answers, Habit: "Transport with ssrc=, a blank and short hex", Reports: reports(report("bluenviron/mediamtx", 1118)),
		habits: habits{answer: only("SETUP", func(x *exchange) { x.set("Transport", x.header("Transport")+";ssrc= 4BDA") })}},
	{Name: "transport-upper", Group: Answers, Habit: "Transport with mode=play unquoted and a ; at its end",
		habits: habits{answer: only("SETUP", func(x *exchange) { x.set("Transport", x.header("Transport")+";mode=play;") })}},
	{Name: "transport-channels", Group: Answers, Habit: "the camera takes channels 4-5 where 0-1 were asked for",
		habits: habits{answer: only("SETUP", func(x *exchange) {
			x.conn.channel = 4
			x.set("Transport", "RTP/AVP/TCP;unicast;interleaved=4-5")
		})}},
	{Name: "rtpinfo-odd", Group: Answers, Habit: "RTP-Info that cannot be read", Reports: reports(report("bluenviron/mediamtx", 336)),
		habits: habits{answer: only("PLAY", func(x *exchange) { x.set("RTP-Info", "url=;seq=abc;ssrc=xyz") })}},
	{Name: "session-blank", Group: Answers, Habit: "Session: ID ; timeout = 60",
		habits: habits{answer: only("SETUP", func(x *exchange) { x.set("Session", x.conn.session+" ; timeout = 60") })}},
	{Name: "udp-only", Group: Answers, Habit: "461 for TCP", habits: habits{answer: refuseTransport("TCP")}},
	{Name: "tcp-only", Group: Answers, Habit: "461 for UDP", habits: habits{answer: refuseTransport("UDP")}},
	{Name: "request-after-play", Group: Answers, Habit: "the camera sends OPTIONS and ANNOUNCE of its own after PLAY", Reports: reports(report("bluenviron/gortsplib", 549)),
		habits: habits{answer: only("PLAY", func(x *exchange) {
			x.trailer = "OPTIONS rtsp://127.0.0.1/ RTSP/1.0\r\nCSeq: 900\r\n\r\n" +
				"ANNOUNCE rtsp://127.0.0.1/ RTSP/1.0\r\nCSeq: 901\r\nContent-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n"
		})}},
	{Name: "play-late", Group: Answers, Habit: "media before the answer to PLAY", Reports: reports(pull("scottlamb/retina", 46)),
		habits: habits{answer: only("PLAY", func(x *exchange) {
			x.conn.play()
			time.Sleep(400 * time.Millisecond)
		})}},
	{Name: "options-501", Group: Answers, Habit: "OPTIONS and GET_PARAMETER are answered 501",
		habits: habits{answer: func(x *exchange) {
			if x.method == "OPTIONS" || x.method == "GET_PARAMETER" {
				x.refuse(501, "Not Implemented")
			}
		}}},
	{Name: "redirect", Group: Answers, Habit: "302 to the same camera's path with a token",
		Reports: reports(report("AlexxIT/go2rtc", 1881), report("deepch/RTSPtoWeb", 426)), habits: habits{answer: redirect("rtsp://HOST/plain?token=abc123")}},
	{Name: "redirect-relative", Group: Answers, Habit: "302 to a relative path", Reports: reports(report("bluenviron/mediamtx", 4260)),
		habits: habits{answer: redirect("/plain")}},
	{Name: "http-tunnel", Group: Answers, Habit: "answers only RTSP over HTTP (GET and POST with base64); RTSP itself gets 400",
		habits: habits{answer: func(x *exchange) {
			if !x.conn.tunnelled {
				x.refuse(400, "Bad Request")
			}
		}}},
}

// named puts the camera's host and the mode into an address.
func named(x *exchange, address string) string {
	return strings.NewReplacer("HOST", x.conn.camera.host(), "MODE", x.conn.mode.Name).Replace(address)
}

func contentBase(address string) func(*exchange) {
	return only("DESCRIBE", func(x *exchange) { x.set("Content-Base", named(x, address)) })
}

func redirect(address string) func(*exchange) {
	return only("DESCRIBE", func(x *exchange) {
		x.refuse(302, "Moved Temporarily")
		x.set("Location", named(x, address))
	})
}

// refuseTransport answers 461 to SETUP by "TCP" or "UDP".
func refuseTransport(which string) func(*exchange) {
	return only("SETUP", func(x *exchange) {
		if strings.Contains(fmt.Sprint(x.request.headers["transport"]), "TCP") == (which == "TCP") {
			x.refuse(461, "Unsupported Transport")
		}
	})
}

// loginModes ask who is there.
var loginModes = []Mode{
	{Name: "options-401", Group: Login, Habit: "OPTIONS wants no login, DESCRIBE does (digest MD5)", habits: habits{login: &login{offers: []offer{{}}}}},
	{Name: "digest-md5", Group: Login, Habit: "digest, MD5", habits: habits{login: &login{offers: []offer{{hash: "MD5"}}}}},
	{Name: "digest-qop", Group: Login, Habit: `digest, MD5 with qop="auth"`, habits: habits{login: &login{offers: []offer{{qop: true}}}}},
	{Name: "digest-qop-strict", Group: Login, Habit: "digest MD5; an answer without qop, nc and cnonce is refused", Reports: reports(report("bluenviron/gortsplib", 1074)),
		habits: habits{login: &login{offers: []offer{{qop: true}}, wantsQop: true}}},
	{Name: "digest-sha256", Group: Login, Habit: "digest, SHA-256 only", Reports: reports(report("AlexxIT/go2rtc", 2344)),
		habits: habits{login: &login{offers: []offer{{hash: "SHA-256"}}}}},
	{Name: "digest-sha256-qop-strict", Group: Login, Habit: "digest SHA-256; an answer without qop, nc and cnonce is refused", Reports: reports(report("bluenviron/gortsplib", 1074)),
		habits: habits{login: &login{offers: []offer{{hash: "SHA-256", qop: true}}, wantsQop: true}}},
	{Name: "digest-both", Group: Login, Habit: "SHA-256 (with qop) and MD5 (without) are offered, either is taken",
		habits: habits{login: &login{offers: []offer{{"SHA-256", true}, {}}}}},
	{Name: "digest-md5-first", Group: Login, Habit: "MD5 and SHA-256 are offered, only MD5 really works", Reports: reports(report("bluenviron/gortsplib", 863)),
		habits: habits{login: &login{offers: []offer{{}, {hash: "SHA-256"}}, works: "MD5"}}},
	{Name: "digest-stale", Group: Login, Habit: "each nonce counts once, then stale=TRUE", Reports: reports(report("gtxaspec/raptor", 6)),
		habits: habits{login: &login{offers: []offer{{}}, oneUse: true}}},
	{Name: "digest-realm", Group: Login, Habit: `digest with blanks and brackets in the realm, and stale="FALSE"`, Reports: reports(report("EasyDarwin/EasyDarwin", 117)),
		habits: habits{login: &login{offers: []offer{{}}, realm: "IP Camera(C3138)", fresh: true}}},
	{Name: "digest-and-basic", Group: Login, Habit: "digest and Basic are offered, only digest is taken", Reports: reports(report("AlexxIT/go2rtc", 2232), report("google/ExoPlayer", 9800)),
		habits: habits{login: &login{offers: []offer{{}}, basic: true, works: "MD5"}}},
	{Name: "basic", Group: Login, Habit: "basic login, nothing else", habits: habits{login: &login{basic: true}}},
}
