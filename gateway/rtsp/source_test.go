package rtsp

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/auth"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/pion/rtcp"

	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestSourceCodecs(t *testing.T) {
	for _, c := range []struct {
		name, transport string
		codec           media.Codec
		inBand          bool
	}{
		{"H264 by TCP, parameter sets in the SDP only", "tcp", media.H264, false},
		{"H264 by UDP, parameter sets in band too", "udp", media.H264, true},
		{"H265 by TCP", "", media.H265, false},
		{"H265 by UDP", "udp", media.H265, true},
		{"Motion JPEG by TCP", "auto", media.MJPEG, false},
		{"Motion JPEG by UDP", "udp", media.MJPEG, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			clip := makeCamClip(t, c.codec, 320, 184, 20)
			cam := startCamera(t, camOptions{clip: clip, sets: c.inBand, udp: c.transport == "udp"})
			sink, src, _ := readCamera(t, SourceConfig{URL: cam.url(), Transport: c.transport}, nil)
			raws := sink.units(40)
			checkUnits(t, clip, raws)
			checkDecodes(t, raws)
			online := stateOf(sink, Online)
			if online.Codec != c.codec || online.Width != 320 || online.Height != 184 || online.Attempts != 0 || online.Reason != NoReason {
				t.Errorf("state: %+v", online)
			}
			if st := src.Stats(); st.Connections != 1 || st.Units < 40 || st.Bytes == 0 {
				t.Errorf("stats: %+v", st)
			}
		})
	}
}

func stateOf(k *camSink, p Phase) SourceState {
	var got SourceState
	k.wait(string(p), func(states []SourceState, _ []media.Raw) bool {
		for _, s := range states {
			if s.Phase == p {
				got = s
				return true
			}
		}
		return false
	})
	return got
}

// checkUnits compares what came with what the camera showed.
func checkUnits(t *testing.T, clip camClip, raws []media.Raw) {
	t.Helper()
	known := map[string]bool{}
	for _, u := range clip.units {
		known[string(bytes.Join(u, nil))] = true
	}
	for i, r := range raws {
		nalus := r.NALUs
		if r.Keyframe {
			for j, want := range clip.sets {
				if !bytes.Equal(nalus[j], want) {
					t.Fatalf("unit %d: parameter set %d is missing", i, j)
				}
			}
			nalus = nalus[len(clip.sets):]
		} else if i == 0 {
			t.Error("the first unit is no keyframe")
		}
		if unit := string(bytes.Join(nalus, nil)); clip.codec != media.MJPEG && !known[unit] {
			t.Fatalf("unit %d is not what the camera showed", i)
		}
		if i > 0 && r.PTS-raws[i-1].PTS != camInterval {
			t.Errorf("unit %d: %d ticks after the one before", i, r.PTS-raws[i-1].PTS)
		}
		if age := time.Since(r.NTP); r.Codec != clip.codec || age < 0 || age > time.Minute {
			t.Errorf("unit %d: codec %v, age %v", i, r.Codec, age)
		}
	}
}

// checkDecodes has ffmpeg decode the units and expects every frame and no
// complaint.
func checkDecodes(t *testing.T, raws []media.Raw) {
	t.Helper()
	name := map[media.Codec]string{media.H264: "h264", media.H265: "hevc", media.MJPEG: "mjpeg"}[raws[0].Codec]
	cmd := exec.Command("ffmpeg", "-v", "error", "-f", name, "-i", "-", "-f", "framecrc", "-")
	cmd.Stdin = bytes.NewReader(annexB(raws))
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("ffmpeg: %v\n%s", err, &complaints)
	}
	if n := bytes.Count(out, []byte("\n0,")); n != len(raws) {
		t.Errorf("ffmpeg decoded %d frames of %d", n, len(raws))
	}
}

func TestSourceLogin(t *testing.T) {
	clip := makeCamClip(t, media.H264, 320, 184, 20)
	for _, c := range []struct {
		name   string
		method auth.VerifyMethod
	}{
		{"basic", auth.VerifyMethodBasic},
		{"digest MD5", auth.VerifyMethodDigestMD5},
		{"digest SHA-256", auth.VerifyMethodDigestSHA256},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cam := startCamera(t, camOptions{clip: clip, login: true, methods: []auth.VerifyMethod{c.method}})
			sink, _, _ := readCamera(t, SourceConfig{URL: cam.url(), User: camUser, Password: camPass}, nil)
			sink.units(3)
		})
	}
}

// Each fault has its reason, is tried again, but not often, and tells no
// password.
func TestSourceFaults(t *testing.T) {
	clip := makeCamClip(t, media.H264, 320, 184, 20)
	audio := []*description.Media{{Type: description.MediaTypeAudio, Formats: []format.Format{&format.Opus{PayloadTyp: 111, ChannelCount: 2}}}}
	video := func(f format.Format) []*description.Media {
		return append(audio, &description.Media{Type: description.MediaTypeVideo, Formats: []format.Format{f}})
	}
	for _, c := range []struct {
		name   string
		cam    camOptions
		cfg    SourceConfig
		reason Reason
		detail string
	}{
		{"wrong password", camOptions{clip: clip, login: true}, SourceConfig{User: camUser, Password: camPass + "!"}, ReasonUnauthorized, "refuses the login"},
		{"no password", camOptions{clip: clip, login: true}, SourceConfig{}, ReasonUnauthorized, "asks for a login"},
		{"wrong path", camOptions{clip: clip}, SourceConfig{URL: "/nowhere", User: camUser, Password: camPass}, ReasonNotFound, "path"},
		{"no video", camOptions{medias: audio}, SourceConfig{User: camUser, Password: camPass}, ReasonNoVideo, "no video"},
		{"VP8", camOptions{medias: video(&format.VP8{PayloadTyp: 96})}, SourceConfig{}, ReasonUnknownCodec, "is VP8: set it to H.264"},
		{"VP9", camOptions{medias: video(&format.VP9{PayloadTyp: 96})}, SourceConfig{}, ReasonUnknownCodec, "is VP9"},
		{"unheard of", camOptions{medias: video(&format.Generic{PayloadTyp: 96, RTPMa: "X-CAM/90000", ClockRat: 90000})}, SourceConfig{}, ReasonUnknownCodec, "is X-CAM"},
		{"transport", camOptions{clip: clip}, SourceConfig{Transport: "pigeon"}, ReasonProtocol, "auto, tcp, udp or http"},
		{"UDP refused", camOptions{clip: clip}, SourceConfig{Transport: "udp", User: camUser, Password: camPass}, ReasonProtocol, "461"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cam := startCamera(t, c.cam)
			c.cfg.URL = strings.TrimSuffix(cam.url(), "/stream") + cmpOr(c.cfg.URL, "/stream")
			began := time.Now()
			sink, _, stop := readCamera(t, c.cfg, func(p *pace) { p.fleeting = p.lasting })
			fault := sink.fault()
			if fault.Reason != c.reason || !strings.Contains(fault.Detail, c.detail) || fault.Attempts != 1 {
				t.Errorf("state: %+v", fault)
			}
			sink.wait("four tries", func(states []SourceState, _ []media.Raw) bool { return states[len(states)-1].Attempts >= 4 })
			stop()
			if passed, n := time.Since(began), cam.describes.Load(); passed < 350*time.Millisecond || n > 8 {
				t.Errorf("four tries took %v and %d requests: waits of 50, 100 and 200 ms and at most two requests each are due", passed, n)
			}
			if _, err := probe(context.Background(), c.cfg, camPace()); err == nil || err.(*Error).Reason != c.reason {
				t.Errorf("probe: %v", err)
			} else {
				noSecret(t, err.Error())
			}
		})
	}
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func TestSourceUnreachable(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	ln.Close()
	sink, _, _ := readCamera(t, SourceConfig{URL: "rtsp://" + addr + "/x", User: camUser, Password: camPass}, nil)
	if f := sink.fault(); f.Reason != ReasonUnreachable || !strings.Contains(f.Detail, "refused") {
		t.Errorf("state: %+v", f)
	}
	sink.wait("more tries", func(states []SourceState, _ []media.Raw) bool {
		last := states[len(states)-1]
		return last.Attempts >= 4 && last.Since == states[0].Since
	})
}

// Only the video track is even asked for.
func TestSourceLeavesOtherTracks(t *testing.T) {
	t.Parallel()
	clip := makeCamClip(t, media.H264, 320, 184, 20)
	cam := startCamera(t, camOptions{clip: clip, medias: []*description.Media{
		{Type: description.MediaTypeAudio, Formats: []format.Format{&format.Opus{PayloadTyp: 111, ChannelCount: 2}}},
		{Type: description.MediaTypeApplication, Formats: []format.Format{&format.Generic{PayloadTyp: 107, RTPMa: "vnd.onvif.metadata/90000", ClockRat: 90000}}},
		{Type: description.MediaTypeVideo, Formats: []format.Format{clip.format()}},
	}})
	sink, _, stop := readCamera(t, SourceConfig{URL: cam.url()}, nil)
	sink.units(5)
	stop()
	r, err := probe(context.Background(), SourceConfig{URL: cam.url()}, camPace())
	if err != nil || strings.Join(r.Dropped, ",") != "audio opus,application vnd.onvif.metadata" {
		t.Errorf("probe: %+v, %v", r, err)
	}
	if r.Codec != media.H264 || r.Width != 320 || r.Height != 184 || r.FPS < 45 || r.FPS > 55 || r.Transport != "tcp" || len(r.Units) == 0 || !r.Units[0].Keyframe {
		t.Errorf("probe: %+v", r)
	}
	cam.mu.Lock()
	defer cam.mu.Unlock()
	for _, s := range cam.setups {
		if !strings.Contains(s, "trackID=2") {
			t.Errorf("set up: %s", s)
		}
	}
}

func TestSourceTLS(t *testing.T) {
	clip := makeCamClip(t, media.H264, 320, 184, 20)
	cert := camCert(t)
	print := fingerprint(cert.Leaf)
	for _, c := range []struct {
		name   string
		cfg    SourceConfig
		detail string // "" where access units come
	}{
		{"pinned", SourceConfig{Fingerprint: print}, ""},
		{"pinned with colons, login", SourceConfig{Fingerprint: colons(print), User: camUser, Password: camPass}, ""},
		{"accepted", SourceConfig{InsecureTLS: true}, ""},
		{"unknown authority at first use", SourceConfig{}, ""},
		{"unknown authority later", SourceConfig{SeenSecure: true}, print},
		{"another certificate", SourceConfig{Fingerprint: strings.Repeat("0", 64), InsecureTLS: true}, print},
		{"malformed pin", SourceConfig{Fingerprint: "abc"}, "64 hex digits"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cam := startCamera(t, camOptions{clip: clip, cert: cert, login: c.cfg.User != ""})
			c.cfg.URL = cam.url()
			sink, _, _ := readCamera(t, c.cfg, nil)
			if c.detail == "" {
				checkUnits(t, clip, sink.units(10))
				sink.learnedTLS(print, c.cfg)
				return
			}
			if f := sink.fault(); f.Reason != ReasonTLS || !strings.Contains(f.Detail, c.detail) {
				t.Errorf("state: %+v", f)
			}
		})
	}
	t.Run("no TLS there", func(t *testing.T) {
		t.Parallel()
		host := listenHost(t, func(c net.Conn) {
			c.Read(make([]byte, 1))
			io.WriteString(c, "RTSP/1.0 400 Bad Request\r\n\r\n")
			io.Copy(io.Discard, c)
		})
		sink, _, _ := readCamera(t, SourceConfig{URL: "rtsps://" + host + "/"}, nil)
		if f := sink.fault(); f.Reason != ReasonTLS || !strings.Contains(f.Detail, "use rtsp://") {
			t.Errorf("state: %+v", f)
		}
	})
}

func colons(s string) string {
	var b []string
	for i := 0; i < len(s); i += 2 {
		b = append(b, strings.ToUpper(s[i:i+2]))
	}
	return strings.Join(b, ":")
}

func TestSourceSurvivesRestart(t *testing.T) {
	t.Parallel()
	clip := makeCamClip(t, media.H264, 320, 184, 20)
	cam := startCamera(t, camOptions{clip: clip, login: true})
	sink, _, _ := readCamera(t, SourceConfig{URL: cam.url(), User: camUser, Password: camPass}, nil)
	sink.units(10)
	cam.close()
	f := sink.fault()
	if f.Reason != ReasonClosed && f.Reason != ReasonUnreachable {
		t.Errorf("state: %+v", f)
	}
	if f.Codec != media.H264 || f.Width != 320 {
		t.Errorf("the size is forgotten: %+v", f)
	}
	sink.mu.Lock()
	before := len(sink.raws)
	sink.mu.Unlock()
	startCamera(t, camOptions{clip: clip, login: true, addr: cam.addr})
	raws := sink.units(before + 10)
	checkUnits(t, clip, raws[before:])
	if raws[before].PTS > 20*camInterval {
		t.Errorf("presentation times go on: %d", raws[before].PTS)
	}
	sink.wait("online, waiting and online again", func(states []SourceState, _ []media.Raw) bool {
		p := phases(states)
		return strings.HasPrefix(p, "connecting online waiting connecting") && strings.HasSuffix(p, "online")
	})
}

func TestSourceStall(t *testing.T) {
	t.Parallel()
	clip := makeCamClip(t, media.H264, 320, 184, 20)
	cam := startCamera(t, camOptions{clip: clip})
	sink, _, _ := readCamera(t, SourceConfig{URL: cam.url(), User: camUser, Password: camPass}, func(p *pace) { p.stall = time.Second })
	sink.units(5)
	cam.mute.Store(true)
	sink.wait("the stall", func(states []SourceState, _ []media.Raw) bool {
		last := states[len(states)-1]
		return last.Phase != Online && last.Reason == ReasonTimeout && strings.Contains(last.Detail, "no picture for 1s")
	})
	cam.mute.Store(false)
	sink.wait("frames again", func(states []SourceState, _ []media.Raw) bool {
		last := states[len(states)-1]
		return last.Phase == Online && last.Reason == NoReason && last.Detail == ""
	})
}

func TestSourceFallsBackToUDP(t *testing.T) {
	t.Parallel()
	clip := makeCamClip(t, media.H264, 320, 184, 20)
	cam := startCamera(t, camOptions{clip: clip, udp: true, refuseTCP: true})
	r, err := probe(context.Background(), SourceConfig{URL: cam.url()}, camPace())
	if err != nil || r.Transport != "udp" || len(r.Units) == 0 {
		t.Errorf("probe: %+v, %v", r, err)
	}
	sink, _, _ := readCamera(t, SourceConfig{URL: cam.url(), Transport: "tcp"}, nil)
	if f := sink.fault(); f.Reason != ReasonProtocol || !strings.Contains(f.Detail, "461") {
		t.Errorf("state: %+v", f)
	}
}

// Absolute time is that of the sender reports, to the fraction of a second.
func TestSourceTakesSenderReports(t *testing.T) {
	clip := makeCamClip(t, media.H264, 320, 184, 20)
	start := time.Date(2031, 5, 6, 7, 8, 9, 875_000_000, time.UTC)
	report := &rtcp.SenderReport{NTPTime: uint64(start.Unix()+ntpEpoch)<<32 | 7<<29}
	for _, transport := range []string{"tcp", "udp"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			cam := startCamera(t, camOptions{clip: clip, udp: transport == "udp", report: report})
			sink, _, _ := readCamera(t, SourceConfig{URL: cam.url(), Transport: transport}, nil)
			sink.wait("the camera's time", func(_ []SourceState, raws []media.Raw) bool {
				return len(raws) > 20 && raws[len(raws)-1].NTP.Year() == 2031
			})
			raws := sink.units(20)
			for i, r := range raws {
				since := r.NTP.Sub(start)
				if r.NTP.Year() != 2031 {
					continue // before the first report
				}
				if off := (since % (20 * time.Millisecond)).Abs(); since < 0 || since > time.Minute || off > time.Millisecond && off < 19*time.Millisecond {
					t.Errorf("unit %d: %v", i, r.NTP)
				}
			}
		})
	}
}

// Lost packets are counted, cost the access units that they belong to, and nothing
// else.
func TestSourceLoss(t *testing.T) {
	t.Parallel()
	clip := makeCamClip(t, media.H264, 640, 360, 20)
	cam := startCamera(t, camOptions{clip: clip, drop: func(n int) bool { return n%23 == 0 }})
	sink, src, _ := readCamera(t, SourceConfig{URL: cam.url()}, nil)
	sink.wait("losses", func(_ []SourceState, raws []media.Raw) bool { return src.Stats().Damaged > 2 && len(raws) > 20 })
	known := map[string]bool{}
	for _, u := range clip.units {
		known[string(bytes.Join(u, nil))] = true
	}
	for i, r := range sink.units(20) {
		nalus := r.NALUs
		for len(nalus) > 0 && kindOf(media.H264, nalus[0]).set() {
			nalus = nalus[1:]
		}
		if !known[string(bytes.Join(nalus, nil))] {
			t.Errorf("unit %d is damaged", i)
		}
	}
	if st := src.Stats(); st.PacketsLost == 0 || st.Connections != 1 {
		t.Errorf("stats: %+v", st)
	}
}

func TestSourceSizeChange(t *testing.T) {
	t.Parallel()
	small, large := makeCamClip(t, media.H264, 320, 184, 20), makeCamClip(t, media.H264, 640, 360, 20)
	cam := startCamera(t, camOptions{clip: small, sets: true})
	sink, _, _ := readCamera(t, SourceConfig{URL: cam.url()}, nil)
	sink.units(5)
	cam.show.Store(&large)
	var since time.Time
	sink.wait("the new size", func(states []SourceState, _ []media.Raw) bool {
		last := states[len(states)-1]
		since = last.Since
		return last.Phase == Online && last.Width == 640 && last.Height == 360
	})
	if first := stateOf(sink, Online); first.Since != since {
		t.Errorf("online since %v, then since %v", first.Since, since)
	}
}

func TestSourceConfigHidesPassword(t *testing.T) {
	cfg := SourceConfig{ID: "lobby", URL: "rtsp://a:b@host/", User: camUser, Password: camPass}
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "config", cfg)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "config", cfg)
	fmt.Fprintf(&out, "%v %+v %s", cfg, cfg, cfg)
	noSecret(t, out.String())
	if n := strings.Count(out.String(), "lobby (rtsp://***@host/)"); n != 5 {
		t.Errorf("%s", &out)
	}
}

// An address with the login in it works, and does not show up.
func TestSourceLoginInAddress(t *testing.T) {
	t.Parallel()
	clip := makeCamClip(t, media.H264, 320, 184, 20)
	cam := startCamera(t, camOptions{clip: clip, login: true})
	login := url.UserPassword(camUser, camPass).String()
	address := strings.Replace(cam.url(), "rtsp://", "rtsp://"+login+"@", 1)
	sink, _, _ := readCamera(t, SourceConfig{URL: address}, nil)
	sink.units(3)
	_, err := Probe(context.Background(), SourceConfig{URL: strings.Replace(address, "rtsp", "http", 1)})
	if err == nil {
		t.Fatal("http passes")
	}
	noSecret(t, err.Error())
}

func TestProbeEnds(t *testing.T) {
	t.Parallel()
	cam := startCamera(t, camOptions{clip: makeCamClip(t, media.H264, 320, 184, 20)})
	cam.mute.Store(true)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for cam.plays.Load() == 0 && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	if _, err := probe(ctx, SourceConfig{URL: cam.url()}, camPace()); err != context.Canceled {
		t.Errorf("cancelled probe: %v", err)
	}
	p := camPace()
	p.stall = 300 * time.Millisecond
	if _, err := probe(context.Background(), SourceConfig{URL: cam.url()}, p); err == nil || err.(*Error).Reason != ReasonTimeout {
		t.Errorf("probe of a silent camera: %v", err)
	}
}
