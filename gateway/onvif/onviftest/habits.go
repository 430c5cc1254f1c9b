package onviftest

import (
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Habit is what a device does otherwise than the specifications say, and where somebody saw
// it. In texts HOST, PORT and OTHER stand for the device's address and ports.
type Habit struct {
	Name, Source string

	// What is to be found: the device service, its name, the stream. Empty: as of a device
	// without a habit. Fails: a search finds it, and asking it for streams ends in an error.
	Found, FoundName, Plays string
	Fails                   bool
	// Hidden is no camera, or one that no search finds. NoStreams: only the search is tried.
	Hidden, NoStreams bool

	Wire        func(string) []byte // how its answers go out
	Relates     func(id string) string
	XAddrs      *string
	Called      string // its name, as it stands in answers
	Silent      bool   // no answer to probes
	Port        int    // of its web server; 0: any
	UntypedOnly bool   // answers to the probe for anything alone
	Printer     bool   // is none of ONVIF

	Media          string // where GetServices says that media is
	MediaElsewhere bool   // media answers at the other port alone
	NoServices     bool   // names no services
	Stream         string // what GetStreamUri answers
	WantsAction    bool   // an answer is empty where the content type has no action

	Login       string // "", token, digest or basic
	Challenges  []string
	Algorithm   string        // of digest, whatever the challenges say
	OneUse      bool          // each nonce counts once
	Clock       func() string // what GetSystemDateAndTime answers
	ClockSays   time.Duration // what it says, ahead of the right time
	ClockIs     time.Duration // what it goes by
	ClockLocked string        // "", http or fault: how a question for the time is refused
}

func of(s string) *string { return &s }

func chinese(s string) []byte {
	b, _ := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s)) // it has all characters
	return b
}

func wide(s string) []byte {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

func swap(pairs ...string) func(string) []byte {
	return func(s string) []byte { return []byte(strings.NewReplacer(pairs...).Replace(s)) }
}

const years = 365 * 24 * time.Hour

// local is the time of a device that names no UTC, eight hours east of it.
func local() string {
	return strings.NewReplacer("UTCDateTime", "LocalDateTime", "<tds:SystemDateAndTime>", "<tt:TimeZone><tt:TZ>CST-8</tt:TZ></tt:TimeZone>", "</tds:SystemDateAndTime>", "").
		Replace(clock(time.Now().UTC().Add(8*time.Hour - 3*years)))
}

// Habits are those that are known.
var Habits = []Habit{
	{Name: "none"},
	// What it calls itself.
	{Name: "any address", Source: "hammeraj/onvif#11", XAddrs: of("http://0.0.0.0:PORT/onvif/device_service")},
	{Name: "host name", Source: "hammeraj/onvif#11", XAddrs: of("http://ipcamera.local:PORT/onvif/device_service")},
	{Name: "address of another network", Source: "blakeblackshear/frigate#18352", XAddrs: of("http://10.99.99.99:PORT/onvif/device_service")},
	{Name: "link-local address first", Source: "agsh/onvif#63", XAddrs: of("http://169.254.119.177/onvif/services http://HOST:PORT/onvif/device_service")},
	{Name: "IPv6 beside", Source: "agsh/onvif#95", XAddrs: of("http://[fe80::21b:feff:fe06:4f6a]:80/onvif/device_service http://HOST:PORT/onvif/device_service")},
	{Name: "IPv6 alone", Source: "agsh/onvif#95", XAddrs: of("http://[fe80::21b:feff:fe06:4f6a]:PORT/onvif/device_service")},
	{Name: "no address", Source: "sr99622/libonvif#106", XAddrs: of(""), Found: "http://HOST/onvif/device_service", NoStreams: true},
	{Name: "another path", XAddrs: of("http://0.0.0.0:PORT/onvif/services"), Found: "http://HOST:PORT/onvif/services"},
	{Name: "HTTPS", XAddrs: of("https://0.0.0.0:8443/onvif/device_service"), Found: "https://HOST:8443/onvif/device_service", NoStreams: true},
	{Name: "no camera", Source: "sr99622/libonvif#54", Printer: true, XAddrs: of("http://10.0.0.9:5357/ws"), Hidden: true},
	// How it answers a probe.
	{Name: "another prefix of the id", Source: "agsh/onvif#30", Relates: func(id string) string {
		return "<wsa:RelatesTo>uuid:" + strings.ToUpper(strings.TrimPrefix(id, "urn:uuid:")) + "</wsa:RelatesTo>"
	}},
	{Name: "the question's id as its own", Source: "andreikop/python-ws-discovery#38", Relates: func(id string) string { return "<wsa:MessageID>" + id + "</wsa:MessageID>" }},
	{Name: "fault for a type", Source: "edgexfoundry/device-onvif-camera#134", UntypedOnly: true},
	{Name: "silent", Source: "agsh/onvif example2.js", Silent: true, Port: 8899, FoundName: "-"},
	{Name: "silent, the clock wants a login", Source: "agsh/onvif#301", Silent: true, Port: 8000, FoundName: "-", Login: "token", ClockLocked: "fault"},
	// How it writes XML.
	{Name: "prefixes undeclared", Source: "agsh/onvif#239", Wire: func(s string) []byte { return []byte(strings.Replace(s, envelopeTag, "<SOAP-ENV:Envelope      >", 1)) }},
	{Name: "broken UTF-8", Called: "\u5927\u5385-\xe5\xa4", FoundName: "\u5927\u5385-\uFFFD"},
	{Name: "GB18030, said to be UTF-8", Source: "home-assistant/core#89620", Called: "大厅", FoundName: "大厅", Wire: chinese},
	{Name: "GBK, declared", Called: "东门", FoundName: "东门", Wire: func(s string) []byte { return chinese(strings.Replace(s, "utf-8", "GBK", 1)) }},
	{Name: "GB2312, undeclared", Called: "东门", FoundName: "东门", Wire: func(s string) []byte { return chinese(strings.TrimPrefix(s, declaration)) }},
	{Name: "UTF-8, said to be GB2312", Called: "东门", FoundName: "东门", Wire: swap("utf-8", "gb2312")},
	{Name: "UTF-16", Called: "大厅", FoundName: "大厅", Wire: wide},
	{Name: "byte order mark", Wire: func(s string) []byte { return []byte("\uFEFF" + s) }},
	{Name: "blank lines first", Wire: func(s string) []byte { return []byte("\r\n\r\n " + s) }},
	{Name: "zeros first", Source: "AlexxIT/go2rtc#1589, there before the head of HTTP", Wire: func(s string) []byte { return []byte("HTTP/1.1\x00\x00Host\x00" + s) }},
	{Name: "zeros and a page after the end", Wire: func(s string) []byte { return []byte(s + "\x00\x00</body><p>ok</html>") }},
	{Name: "attributes without quotes", Source: "ispysoftware/iSpy#168, as a capture shows it", Wire: swap(`xmlns:tt="http://www.onvif.org/ver10/schema"`, `xmlns:tt=http://www.onvif.org/ver10/schema`, `token="main"`, "token=main")},
	{Name: "bare &", Called: "R&D", FoundName: "R&D", Stream: "rtsp://HOST:554/main?a=1&b=2"},
	{Name: "& escaped twice", Stream: "rtsp://HOST:554/main?a=1&amp;amp;b=2"},
	// What addresses it names.
	{Name: "line break in the stream's address", Source: "AlexxIT/go2rtc#638", Stream: "\r\nrtsp://HOST:554/main?a=1&amp;\r\nb=2\r\n"},
	{Name: "two ports", Source: "milg0/onvif-java-lib#19", Stream: "rtsp://HOST:80:554/main?a=1&amp;b=2"},
	{Name: "stream at a loopback address", Source: "BigTonyTones/Tonys-Onvf-RTSP-Server#12", Stream: "rtsp://127.0.1.1:8554/tapo_sub", Plays: "rtsp://HOST:8554/tapo_sub"},
	{Name: "stream behind a router", Source: "agsh/onvif#170", Stream: "rtsp://192.168.0.10/ch0", Plays: "rtsp://HOST/ch0"},
	{Name: "stream at any IPv6 address", Stream: "rtsp://[::]:554/ch0", Plays: "rtsp://HOST:554/ch0"},
	{Name: "stream with a login", Stream: "rtsp://admin:hunter2@HOST:554/ch0", Plays: "rtsp://HOST:554/ch0"},
	{Name: "stream without a port", Stream: "RTSP://HOST:0/a b%c", Plays: "rtsp://HOST/a%20b%25c"},
	{Name: "media behind a router", Source: "FalkTannhaeuser/python-onvif-zeep#61", Media: "http://192.168.0.10:80/onvif/media_service"},
	{Name: "media at any address, another port", Media: "http://0.0.0.0:OTHER/onvif/media_service", MediaElsewhere: true},
	{Name: "media not named", Source: "AlexxIT/go2rtc#1589", NoServices: true},
	{Name: "empty without an action", Source: "agsh/onvif#498", WantsAction: true},
	// When it thinks it is.
	{Name: "clock at 1970", Source: "home-assistant/core#121952", Login: "token", ClockSays: -56 * years, ClockIs: -56 * years},
	{Name: "clock in the year 2000", Login: "token", ClockSays: -26 * years, ClockIs: -26 * years},
	{Name: "local time as UTC", Source: "OpenIPC/majestic-webui#292", Login: "token", ClockSays: 10 * time.Hour},
	{Name: "no UTC", Source: "agsh/onvif#65", Login: "token", Clock: local, ClockIs: -3 * years},
	{Name: "date of zeros", Login: "token", Clock: func() string {
		return `<tt:UTCDateTime><tt:Time><tt:Hour>0</tt:Hour><tt:Minute>0</tt:Minute><tt:Second>0</tt:Second></tt:Time><tt:Date><tt:Year>0</tt:Year><tt:Month>0</tt:Month><tt:Day>0</tt:Day></tt:Date></tt:UTCDateTime>`
	}},
	{Name: "clock wants a login", Source: "agsh/onvif#178", Login: "digest", Challenges: digests("MD5"), ClockLocked: "http"},
	{Name: "clock wants a login, as a fault", Source: "agsh/onvif#301", Login: "token", ClockLocked: "fault"},
	// How it wants the login.
	{Name: "SHA-256 alone", Source: "AlexxIT/go2rtc#2344", Login: "digest", Challenges: digests("SHA-256"), Algorithm: "SHA-256"},
	{Name: "SHA-256 first, MD5 works", Source: "bluenviron/gortsplib#863", Login: "digest", Challenges: digests("SHA-256", "MD5")},
	{Name: "MD5 first, SHA-256 works", Login: "digest", Challenges: digests("MD5", "SHA-256"), Algorithm: "SHA-256"},
	{Name: "challenges in one line", Login: "digest", Challenges: []string{`Basic realm="a, Digest b", ` + digests("MD5")[0]}},
	{Name: "one-use nonces", Source: "gtxaspec/raptor#6", Login: "digest", Challenges: digests("MD5"), OneUse: true},
	{Name: "stale nonces", Login: "digest", Challenges: []string{digests("MD5")[0] + ", stale=TRUE"}, OneUse: true},
	{Name: "digest without qop", Login: "digest", Challenges: []string{`Digest realm="cam", nonce="NONCE"`}},
	{Name: "Basic alone", Login: "basic", Challenges: []string{`Basic realm="cam"`}},
	{Name: "Basic after digest", Login: "basic", Challenges: []string{`Basic realm="cam"`, digests("MD5")[0]}, Fails: true},
}

func digests(algorithms ...string) []string {
	var out []string
	for _, a := range algorithms {
		out = append(out, `Digest realm="cam", nonce="NONCE", qop="auth-int, auth", algorithm=`+a)
	}
	return out
}

// With is the habit of a name.
func With(name string) (Habit, bool) {
	i := slices.IndexFunc(Habits, func(h Habit) bool { return h.Name == name })
	if i < 0 {
		return Habit{}, false
	}
	return Habits[i], true
}
