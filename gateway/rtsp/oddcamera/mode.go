package oddcamera

import (
	"fmt"
	"slices"
	"time"
)

// Outcome is what a client that does all right makes of a mode: it plays it, or it gives this
// reason.
type Outcome struct{ Reason string }

// Plays is the outcome of nearly all modes.
var Plays = Outcome{}

// Refused is the outcome of a mode that no client can play; reason is a code of package rtsp.
func Refused(reason string) Outcome { return Outcome{reason} }

// Group is what a mode is odd in.
type Group string

// The groups, in the order of the table.
const (
	Description Group = "Description (SDP)"
	Answers     Group = "Requests and answers (RTSP)"
	Login       Group = "Login"
	Packets     Group = "Packets (RTP)"
	Frames      Group = "Frames"
	Hopeless    Group = "What no client can play"
)

// Mode is one odd habit.
type Mode struct {
	Name  string
	Group Group
	Habit string
	// Reports are the addresses of public reports; empty: many cameras are known for it.
	Reports []string
	Expect  Outcome
	// Codec is "h264", "h265" or "mjpeg", Width and Height are in pixels; 0: those of the
	// options. FPS is the rate of frames; 0: that of the options.
	Codec              string
	Width, Height, FPS int
	// Late is how much later than at the first frame the first one comes that can be decoded.
	Late time.Duration
	// Transport is what a client has to be set to; empty: it finds out by itself.
	Transport string

	habits
}

// NeedsLogin reports whether the mode asks for the camera's user and password.
func (m Mode) NeedsLogin() bool { return m.login != nil }

// Transports are those, beside TCP, by which the mode can be asked for explicitly.
func (m Mode) Transports() []string {
	switch {
	case m.scheme != "", m.Transport != "", m.Name == "http-tunnel", m.Name == "http-only":
		return nil
	case m.Name == "tcp-only", m.Name == "transport-channels", m.framed != nil:
		return []string{"http"}
	case m.Name == "udp-only":
		return []string{"udp"}
	}
	return []string{"udp", "http"}
}

// habits are the changes to a faultless camera; each may be nil.
type habits struct {
	scheme, query string
	closes        bool // the connection, once PLAY was answered
	login         *login
	describe      func(*sdp)
	answer        func(*exchange)
	clock         func(f *flow, ticks uint32) uint32
	frame         func(*flow)                         // before each frame
	units         func(*flow, [][]byte) [][]byte      // the NAL units of a frame
	pack          func(f *flow, unit []byte) [][]byte // payloads of one NAL unit, nil: as usual
	packet        func(*flow, *packet)
	framed        func(f *flow, b []byte) []byte // what is written for one packet, TCP only
	beside        func(*flow) []side             // what is sent before each frame, TCP only
	jpeg          jpegHabits
	silent        bool // nothing is sent after PLAY
	noTunnel      bool // GET and POST are refused
}

// Modes are all habits, the faultless cameras first.
func Modes() []Mode {
	all := slices.Concat(faultless, descriptionModes, mediaModes, videoModes, answerModes, wireModes, loginModes, packetModes, frameModes, hopelessModes)
	for i := range all {
		if all[i].Codec == "" {
			all[i].Codec = "h264"
		}
	}
	return all
}

var faultless = []Mode{
	{Name: "plain", Group: Frames, Habit: "none: faultless H.264, to compare with"},
	{Name: "plain265", Group: Frames, Habit: "none: faultless H.265", Codec: "h265"},
	{Name: "mjpeg", Group: Frames, Habit: "none: faultless Motion JPEG", Codec: "mjpeg"},
}

// report is the address of an issue or pull request on GitHub.
func report(repository string, number int) string {
	return fmt.Sprintf("https://github.com/%s/issues/%d", repository, number)
}

func reports(all ...string) []string { return all }
