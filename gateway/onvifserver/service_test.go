package onvifserver

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// What recorders ask, and where in the answer which text stands.
func TestAnswers(t *testing.T) {
	d := start(t)
	host := "http://" + d.Addr()
	for _, c := range []struct {
		path, question string
		where          []string
		want           string
	}{
		{theDevice, `<tds:GetDeviceInformation/>`, []string{"Manufacturer"}, "Bauta"},
		{theDevice, `<tds:GetDeviceInformation/>`, []string{"FirmwareVersion"}, "1.2.3"},
		{theDevice, `<tds:GetDeviceInformation/>`, []string{"SerialNumber"}, deviceUUID},
		{theDevice, `<tds:GetCapabilities><tds:Category>All</tds:Category></tds:GetCapabilities>`, []string{"Media", "XAddr"}, host + "/onvif/media_service"},
		{theDevice, `<tds:GetCapabilities><tds:Category>Events</tds:Category></tds:GetCapabilities>`, []string{"Capabilities", "Events", "WSPullPointSupport"}, "true"},
		{theDevice, `<tds:GetServices><tds:IncludeCapability>true</tds:IncludeCapability></tds:GetServices>`, []string{"Service", "XAddr"}, host + "/onvif/device_service"},
		{"/onvif/yard/device_service", `<tds:GetCapabilities/>`, []string{"Media", "XAddr"}, host + "/onvif/yard/media_service"},
		{theDevice, `<tds:GetScopes/>`, []string{"Scopes", "ScopeDef"}, "Fixed"},
		{theDevice, `<tds:GetEndpointReference/>`, []string{"GUID"}, "urn:uuid:" + deviceUUID},
		{theDevice, `<tds:GetDiscoveryMode/>`, []string{"DiscoveryMode"}, "NonDiscoverable"},
		{theDevice, `<tds:GetNetworkProtocols/>`, []string{"NetworkProtocols", "Name"}, "HTTP"},
		{"/onvif/media_service", `<trt:GetProfiles/>`, []string{"Profiles", "Name"}, `Lobby <"1"> main`},
		{"/onvif/media_service", `<trt:GetProfile><trt:ProfileToken>yard_sub</trt:ProfileToken></trt:GetProfile>`, []string{"VideoEncoderConfiguration", "Resolution", "Width"}, "640"},
		{"/onvif/media_service", `<trt:GetVideoSources/>`, []string{"VideoSources", "Framerate"}, "15"},
		{"/onvif/media_service", `<trt:GetVideoEncoderConfiguration><trt:ConfigurationToken>lobby_main</trt:ConfigurationToken></trt:GetVideoEncoderConfiguration>`, []string{"Configuration", "RateControl", "FrameRateLimit"}, "15"},
		{"/onvif/media_service", `<trt:GetVideoEncoderConfigurationOptions><trt:ProfileToken>lobby_sub</trt:ProfileToken></trt:GetVideoEncoderConfigurationOptions>`, []string{"ResolutionsAvailable", "Height"}, "360"},
		{"/onvif/media_service", `<trt:GetVideoSourceConfiguration><trt:ConfigurationToken>yard_source</trt:ConfigurationToken></trt:GetVideoSourceConfiguration>`, []string{"SourceToken"}, "yard"},
		{"/onvif/media_service", `<trt:GetVideoSourceConfigurationOptions/>`, []string{"WidthRange", "Max"}, "1280"},
		{"/onvif/media_service", `<trt:GetGuaranteedNumberOfVideoEncoderInstances/>`, []string{"TotalNumber"}, "2"},
		{"/onvif/media_service", streamURI("lobby_main", "RTSP"), []string{"MediaUri", "Uri"}, "rtsp://127.0.0.1:8554/lobby"},
		{"/onvif/media_service", streamURI("lobby_sub", "HTTP"), []string{"MediaUri", "Uri"}, "rtsp://127.0.0.1:8554/lobby/sub"},
		{"/onvif/imaging_service", `<trt:GetSnapshotUri><trt:ProfileToken>yard_main</trt:ProfileToken></trt:GetSnapshotUri>`, []string{"Uri"}, host + "/onvif/snapshot/yard"},
		{"/onvif/media2_service", `<tr2:GetProfiles><tr2:Type>VideoEncoder</tr2:Type></tr2:GetProfiles>`, []string{"Profiles", "Configurations", "VideoEncoder", "Encoding"}, "H264"},
		{"/onvif/media2_service", `<tr2:GetProfiles><tr2:Token>yard_sub</tr2:Token></tr2:GetProfiles>`, []string{"Profiles", "Name"}, "Yard sub"},
		{"/onvif/media2_service", `<tr2:GetVideoEncoderConfigurations><tr2:ConfigurationToken>yard_main</tr2:ConfigurationToken></tr2:GetVideoEncoderConfigurations>`, []string{"Configurations", "Resolution", "Width"}, "1280"},
		{"/onvif/media2_service", `<tr2:GetVideoEncoderConfigurationOptions/>`, []string{"Options", "Encoding"}, "H264"},
		{"/onvif/media2_service", `<tr2:GetVideoEncoderInstances><tr2:ConfigurationToken>x</tr2:ConfigurationToken></tr2:GetVideoEncoderInstances>`, []string{"Total"}, "2"},
		{"/onvif/media2_service", `<tr2:GetStreamUri><tr2:Protocol>RtspsUnicast</tr2:Protocol><tr2:ProfileToken>lobby_sub</tr2:ProfileToken></tr2:GetStreamUri>`, []string{"Uri"}, "rtsps://127.0.0.1:8322/lobby/sub"},
		{"/onvif/media2_service", `<tr2:GetStreamUri><tr2:Protocol>RtspOverHttp</tr2:Protocol><tr2:ProfileToken>lobby_main</tr2:ProfileToken></tr2:GetStreamUri>`, []string{"Uri"}, "rtsp://127.0.0.1:8554/lobby"},
		{"/onvif/media2_service", `<tr2:GetSnapshotUri><tr2:ProfileToken>lobby_main</tr2:ProfileToken></tr2:GetSnapshotUri>`, []string{"Uri"}, host + "/onvif/snapshot/lobby"},
		{"/onvif/events_service", `<tev:GetEventProperties/>`, []string{"FixedTopicSet"}, "true"},
		{theDevice, `<GetHostname/>`, []string{"HostnameInformation", "FromDHCP"}, "false"},
		{"/onvif/media_service", `<GetServiceCapabilities/>`, []string{"nothing"}, ""},
	} {
		if got := d.ask(c.path, c.question).Value(c.where...); got != c.want {
			t.Errorf("%s: %v is %q, want %q", c.question, c.where, got, c.want)
		}
	}
	if d.logins.seen["recorder"] != "onvif" {
		t.Errorf("seen: %v", d.logins.seen)
	}
}

func streamURI(profile, protocol string) string {
	return `<trt:GetStreamUri><trt:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>` + protocol + `</tt:Protocol></tt:Transport></trt:StreamSetup>` +
		`<trt:ProfileToken>` + profile + `</trt:ProfileToken></trt:GetStreamUri>`
}

// What is refused, and how ONVIF says so.
func TestRefusals(t *testing.T) {
	d := start(t, func(c *Config) { c.Streams = func() (string, string) { return "127.0.0.1:8554", "" } })
	for question, want := range map[string]string{
		`<tds:SetHostname><tds:Name>x</tds:Name></tds:SetHostname>`: "s:Receiver ter:ActionNotSupported  Optional action not implemented: nothing can be set here",
		`<tds:SetSystemDateAndTime/>`:                               "s:Receiver ter:ActionNotSupported  Optional action not implemented: nothing can be set here",
		`<tds:CreateUsers/>`:                                        "s:Receiver ter:ActionNotSupported  Optional action not implemented: nothing can be set here",
		`<tds:GetUsers/>`:                                           "s:Receiver ter:ActionNotSupported  Optional action not implemented",
		`<tds:GetNetworkInterfaces/>`:                               "s:Receiver ter:ActionNotSupported  Optional action not implemented",
		`<trt:SetVideoEncoderConfiguration/>`:                       "s:Receiver ter:ActionNotSupported  Optional action not implemented: nothing can be set here",
		`<wsnt:Subscribe/>`:                                         "s:Receiver ter:ActionNotSupported  Optional action not implemented",
		`<tds:GetCapabilities><tds:Category>PTZ</tds:Category></tds:GetCapabilities>`:                                                   "s:Receiver ter:ActionNotSupported ter:NoSuchService No such service: not implemented",
		streamURI("nowhere_main", "RTSP"):                                                                                               "s:Sender ter:InvalidArgVal ter:NoProfile The requested profile does not exist",
		strings.Replace(streamURI("lobby_main", "UDP"), "Unicast", "multicast", 1):                                                      "s:Sender ter:InvalidArgVal ter:InvalidStreamSetup Multicast is not served: ask for RTP-Unicast",
		`<tr2:GetStreamUri><tr2:Protocol>RtspsUnicast</tr2:Protocol><tr2:ProfileToken>lobby_main</tr2:ProfileToken></tr2:GetStreamUri>`: "s:Sender ter:InvalidArgVal ter:InvalidStreamSetup This gateway serves no RTSPS: ask for RTSP",
		`<trt:GetVideoEncoderConfiguration><trt:ConfigurationToken>x</trt:ConfigurationToken></trt:GetVideoEncoderConfiguration>`:       "s:Sender ter:InvalidArgVal ter:NoConfig The requested configuration does not exist",
	} {
		if _, got := d.refused(theDevice, token("recorder", recorderPassword, freshNonce(), time.Now()), question); got != want {
			t.Errorf("%s: %q", question, got)
		}
	}
}

// A login sees the cameras that it may watch, at the address of all of them and at that of each.
func TestCamerasOfALogin(t *testing.T) {
	d := start(t)
	count := func(path, user, password string) int {
		_, body, _ := d.post(path, enveloped(token(user, password, freshNonce(), time.Now()), `<trt:GetProfiles/>`))
		if body.Find("Fault") != nil {
			return -1
		}
		return len(body.All("Profiles"))
	}
	for path, want := range map[string][2]int{
		"/onvif/media_service": {4, 2}, "/onvif/lobby/media_service": {2, 2}, "/onvif/yard/media_service": {2, -1}, "/onvif/nowhere/media_service": {-1, -1},
	} {
		if got := [2]int{count(path, "recorder", recorderPassword), count(path, "wall", wallPassword)}; got != want {
			t.Errorf("%s: %v profiles, want %v", path, got, want)
		}
	}
	if _, got := d.refused(theDevice, token("wall", wallPassword, freshNonce(), time.Now()), streamURI("yard_main", "RTSP")); !strings.Contains(got, "NoProfile") {
		t.Errorf("the yard's stream for the wall: %s", got)
	}
	one := d.ask("/onvif/lobby/device_service", `<tds:GetDeviceInformation/>`).Value("SerialNumber")
	if two := d.ask("/onvif/yard/device_service", `<tds:GetDeviceInformation/>`).Value("SerialNumber"); one == two || one == deviceUUID || len(one) != len(deviceUUID) {
		t.Errorf("serial numbers %s, %s", one, two)
	}
}

// What a client writes as this host is in the addresses, if it is a host at all.
func TestAddressesAsReached(t *testing.T) {
	d := start(t)
	for host, want := range map[string]string{
		"nvr.example.org:9000": "rtsp://nvr.example.org:8554/lobby", "[fd00::7]:8580": "rtsp://[fd00::7]:8554/lobby", "192.0.2.7": "rtsp://192.0.2.7:8554/lobby",
		`x"<y>`: "rtsp://127.0.0.1:8554/lobby", "a/b": "rtsp://127.0.0.1:8554/lobby",
	} {
		r, err := http.NewRequest(http.MethodPost, d.url("/onvif/media_service"), strings.NewReader(enveloped(token("recorder", recorderPassword, freshNonce(), time.Now()), streamURI("lobby_main", "RTSP"))))
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			continue // Go's own client or server refuses such a host
		}
		b, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || !strings.Contains(string(b), "<tt:Uri>"+want+"</tt:Uri>") && res.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %s, %v", host, b, err)
		}
	}
}

// Two profiles a camera, whose sizes and rates are those of the masked streams at this moment.
func TestEncodersAreWhatIs(t *testing.T) {
	d := start(t)
	width := func() string {
		return d.ask("/onvif/media_service", `<trt:GetVideoEncoderConfigurations/>`).Value("Configurations", "Resolution", "Width")
	}
	before := width()
	d.mu.Lock()
	d.cameras[0].Main.Width = 1920
	d.mu.Unlock()
	if after := width(); before != "1280" || after != "1920" {
		t.Errorf("%s, then %s", before, after)
	}
}

// Neither paths nor methods nor bodies of other kinds get further.
func TestOtherRequests(t *testing.T) {
	d := start(t)
	for path, want := range map[string]int{
		"/": 404, "/onvif/": 404, "/onvif/x": 404, "/onvif/Lobby/device_service": 404, "/onvif/lobby/x": 404, "/onvif/snapshot/Lobby": 404, "/onvif/pullpoint/": 404, "/onvif/a/b/device_service": 404,
		theDevice: 405, "/onvif/lobby/device_service": 405,
	} {
		if res, _ := d.request(http.MethodGet, path, "", nil); res.StatusCode != want {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
	for name, body := range map[string]string{
		"nothing": "", "no XML": "hello", "no envelope": "<a><Body><b/></Body></a>", "no body": "<Envelope/>", "empty body": "<Envelope><Body/></Envelope>", "a type": "<!DOCTYPE a><Envelope/>",
		"too large": enveloped("", "<a>"+strings.Repeat("<b/>", MaxBody/4)+"</a>"), "too deep": enveloped("", strings.Repeat("<a>", 30)+strings.Repeat("</a>", 30)),
	} {
		if status, body, _ := d.post(theDevice, body); status != http.StatusBadRequest || !strings.Contains(body.Value("Fault", "Subcode", "Value"), "WellFormed") {
			t.Errorf("%s: %d", name, status)
		}
	}
}

func TestTerms(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for asked, want := range map[string]time.Duration{
		"": usualTerm, "PT60S": time.Minute, "PT1M30S": 90 * time.Second, "PT1S": shortestTerm, "P1D": LongestTerm, "PT2H": LongestTerm, "PT0.5S": usualTerm, "P1Y": usualTerm, "nonsense": usualTerm,
		"2026-01-02T03:09:05Z": 5 * time.Minute, "2026-01-02T03:09:05": 5 * time.Minute, "2020-01-02T03:09:05Z": usualTerm, "PT99999999S": LongestTerm,
	} {
		if got := term(asked, now); got != want {
			t.Errorf("%s: %v, want %v", asked, got, want)
		}
	}
}

// The time is for everybody, whatever else they send; nothing else is.
func TestNothingButTheTimeWithoutALogin(t *testing.T) {
	d := start(t)
	var questions []string
	for _, s := range services {
		for name := range s.operations {
			questions = append(questions, "<"+s.prefix+":"+name+"/>")
		}
	}
	questions = append(questions, "<tds:SystemReboot/>", "<x/>")
	for _, question := range questions {
		for _, path := range []string{theDevice, "/onvif/lobby/device_service", "/onvif/nowhere/device_service", "/onvif/pullpoint/x"} {
			for _, header := range []string{"", token("recorder", "wrong", freshNonce(), time.Now()), token("nobody", "", freshNonce(), time.Now())} {
				status, body, head := d.post(path, enveloped(header, question))
				if status != http.StatusUnauthorized || body.Value("Fault", "Subcode", "Value") != "ter:NotAuthorized" || body.Value("Fault", "Reason", "Text") != "Sender not authorized" ||
					!strings.HasPrefix(head.Get("WWW-Authenticate"), `Digest realm="bauta", qop="auth", algorithm=MD5, nonce="`) {
					t.Errorf("%s at %s: %d, %v", question, path, status, head)
				}
			}
		}
	}
	for _, header := range []string{"", token("recorder", "wrong", freshNonce(), time.Now())} {
		status, body, _ := d.post(theDevice, enveloped(header, `<tds:GetSystemDateAndTime/>`))
		if year := body.Value("UTCDateTime", "Date", "Year"); status != http.StatusOK || year != time.Now().UTC().Format("2006") {
			t.Errorf("the time: %d, %s", status, year)
		}
	}
	if n := d.Stats().LoginsFailed; n == 0 || d.logins.seen["recorder"] != "" {
		t.Errorf("%d wrong logins counted, seen: %v", n, d.logins.seen)
	}
}
