package rtsp

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/gateway/backoff"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// SourceConfig says which camera to read and how.
type SourceConfig struct {
	ID media.CameraID
	// URL begins with rtsp:// or rtsps://, or with rtsp+http:// or rtsps+http:// for RTSP through
	// HTTP, and holds no credentials. If it does all the same, they are used where User and
	// Password are empty.
	URL string
	// User and Password log in by digest or, where the camera knows nothing
	// else, basic. Both empty means no login.
	User, Password string
	// Transport is "tcp", "udp", "http" or "auto" (also when empty): TCP, because it
	// loses nothing, UDP where the camera refuses TCP, and RTSP through HTTP where it answers that
	// alone. With rtsps, UDP is TCP too.
	Transport string
	// Fingerprint pins an rtsps camera to one certificate: the SHA-256 of its
	// DER form as 64 hex digits, colons allowed. Empty: the system's roots
	// must vouch for the certificate, or this is its first use (see SeenSecure).
	Fingerprint string
	// InsecureTLS takes any certificate of an rtsps camera. A Fingerprint
	// counts even so.
	InsecureTLS bool
	// SeenSecure says that the camera was read with a digest login or by TLS before. It is then
	// not sent a password in clear, and an unknown certificate is no longer taken on trust.
	SeenSecure bool
	// BasicLogin allows the password in clear even so: a person confirmed it.
	BasicLogin bool
}

// learn keeps what a connection has shown.
func (c *SourceConfig) learn(n Learned) {
	if c.Fingerprint == "" {
		c.Fingerprint = n.Fingerprint
	}
	c.SeenSecure = c.SeenSecure || n.Secure
}

// String leaves out the login.
func (c SourceConfig) String() string { return fmt.Sprintf("%s (%s)", c.ID, RedactURL(c.URL)) }

// LogValue leaves out the login.
func (c SourceConfig) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Phase is where a Source stands.
type Phase string

// The phases of a Source.
const (
	Connecting Phase = "connecting" // from the first try to the first keyframe
	Online     Phase = "online"     // access units come
	Waiting    Phase = "waiting"    // for the next try
	Stopped    Phase = "stopped"    // Run has ended
)

// Reason is the code for why a camera gives no access units.
type Reason string

// The reasons. Programs compare them; people read SourceState.Detail.
const (
	NoReason           Reason = ""
	ReasonUnreachable  Reason = "unreachable"   // no connection to the address
	ReasonUnauthorized Reason = "unauthorized"  // login refused or missing
	ReasonNotFound     Reason = "not_found"     // nothing at this path
	ReasonNoVideo      Reason = "no_video"      // no video track
	ReasonUnknownCodec Reason = "unknown_codec" // none of H.264, H.265, Motion JPEG
	ReasonDisagreeing  Reason = "disagreeing"   // what it says of its frames' size contradicts itself
	ReasonTLS          Reason = "tls"           // certificate or encryption
	ReasonMoved        Reason = "moved"         // it names an address on another host
	ReasonBasicOnly    Reason = "basic_only"    // it would take the password in clear only, and was seen to know better
	ReasonNotRTSP      Reason = "not_rtsp"      // something else answers at the port
	ReasonUnreadable   Reason = "unreadable"    // packets come that cannot be read
	ReasonNoKeyframe   Reason = "no_keyframe"   // access units come, and none to begin with
	ReasonNoUDP        Reason = "no_udp"        // nothing comes by UDP
	ReasonTimeout      Reason = "timeout"       // connected, but it fell silent
	ReasonClosed       Reason = "closed"        // the connection ended
	ReasonProtocol     Reason = "protocol"      // anything else said wrongly, or a setting that cannot work
)

// lasting reports whether the fault likely stays until somebody mends it.
// Trying often would fill logs and lock accounts.
func (r Reason) lasting() bool {
	switch r {
	case ReasonUnauthorized, ReasonNotFound, ReasonNoVideo, ReasonUnknownCodec, ReasonDisagreeing, ReasonTLS,
		ReasonMoved, ReasonBasicOnly, ReasonNotRTSP, ReasonUnreadable, ReasonNoKeyframe:
		return true
	}
	return false
}

// Error says why a camera cannot be read. It wraps nothing on purpose: the
// errors below it may hold the camera's credentials, this one never does.
type Error struct {
	Reason Reason
	Detail string // English, one line, for logs
	// Kind tells causes of one reason apart, and Fact is the one fact in Detail that says more than
	// both: a fingerprint, a codec, a status. Either may be empty.
	Kind, Fact string
	// Location is the whole address that the camera names, with ReasonMoved. It may hold secrets: it is
	// for the person who may change the camera's address, and stands in no log and no text.
	Location string
}

func (e *Error) Error() string { return e.Detail }

// SourceState is what a Source reports of itself.
type SourceState struct {
	Phase Phase
	// Reason and Detail are those of the latest fault; empty before the first one
	// and while online. Detail holds no credentials.
	Reason Reason
	Detail string
	// Codec, Width and Height (pixels) are those of the latest access units, also
	// after they ended; zero while unknown.
	Codec         media.Codec
	Width, Height int
	// Since is when access units began to come; while none come, when they
	// ceased, or when Run began.
	Since time.Time
	// Attempts counts the tries to connect since access units last came; 0 while
	// online.
	Attempts int
}

// Sink takes what a Source gives. All calls come from the goroutine of
// Source.Run, one at a time.
type Sink interface {
	// SourceState reports every change. Online precedes the first Raw of a
	// connection, and comes again when the frames' size changes.
	SourceState(SourceState)
	// Learned comes before the Online of a connection that has shown something new of the camera.
	Learned(Learned)
	// Raw gives one access unit and must return quickly. The first one of a
	// connection is a keyframe. The slices are the Sink's to keep; parameter
	// sets are shared with later units, so the bytes must not be changed.
	Raw(media.Raw)
}

// pace holds a Source's times; only tests change them.
type pace struct {
	request time.Duration // the longest wait for an answer of the camera
	opening time.Duration // the longest time from the connection to the first packet
	stall   time.Duration // the longest silence between two access units
	keyless time.Duration // the longest wait for the first keyframe
	settled time.Duration // online for this long means that all is well again

	// Chance spreads many cameras behind one switch.
	fleeting, lasting backoff.Bounds
	watch             time.Duration // how long Probe reads
	patience          time.Duration // how long Probe waits for a keyframe
}

func defaultPace() pace {
	return pace{
		request:  10 * time.Second,
		opening:  30 * time.Second,
		stall:    10 * time.Second,
		keyless:  time.Minute,
		settled:  10 * time.Second,
		fleeting: backoff.Bounds{First: 500 * time.Millisecond, Longest: 30 * time.Second, Spread: 0.25},
		lasting:  backoff.Bounds{First: 5 * time.Second, Longest: time.Minute, Spread: 0.25},
		watch:    3 * time.Second,
		patience: 20 * time.Second,
	}
}

// Source reads one camera: its first video track that can be decoded, nothing
// else. Audio and metadata tracks are not even asked for.
type Source struct {
	cfg   SourceConfig
	sink  Sink
	log   *slog.Logger
	pace  pace
	count sourceCounters

	// Of Run's goroutine:
	state  SourceState
	logged Reason // of the latest warning: repeats are for debugging
}

// NewSource makes a Source; Run starts it.
func NewSource(cfg SourceConfig, sink Sink, log *slog.Logger) *Source {
	return &Source{cfg: cfg, sink: sink, log: log.With("camera", string(cfg.ID)), pace: defaultPace()}
}

// Stats returns the counters; any goroutine may call it.
func (s *Source) Stats() SourceStats { return s.count.stats() }

// Run reads the camera until ctx ends, connecting again after every fault, and
// returns when everything is closed. A fault that likely lasts (such as a
// wrong password) is tried again after 5 s at first and 60 s at last, others
// after 0.5 s to 30 s. Call it once.
func (s *Source) Run(ctx context.Context) {
	s.state.Since = time.Now()
	var fleeting, lasting int // faults since all was well
	for ctx.Err() == nil {
		s.state.Attempts++
		s.enter(Connecting)
		online, fault := s.connection(ctx)
		if ctx.Err() != nil {
			break
		}
		if online >= s.pace.settled {
			fleeting, lasting = 0, 0
		}
		if fault.Reason.lasting() {
			lasting++
			s.fail(ctx, fault, s.pace.lasting.After(lasting))
		} else {
			fleeting++
			s.fail(ctx, fault, s.pace.fleeting.After(fleeting))
		}
	}
	s.state.Reason, s.state.Detail = ReasonClosed, "stopped"
	s.state.Since = time.Now()
	s.enter(Stopped)
}

// connection is one try: it returns for how long access units came and why they
// ceased, which is nil only when ctx has ended.
func (s *Source) connection(ctx context.Context) (online time.Duration, fault *Error) {
	l, fault := openLink(ctx, s.cfg, s.pace, &s.count)
	if fault != nil {
		return 0, fault
	}
	defer l.close()
	s.count.connections.Add(1)
	s.state.Codec = l.track.codec
	if news := l.learned(); news != (Learned{}) {
		s.cfg.learn(news)
		s.sink.Learned(news)
	}
	return s.relay(ctx, l)
}

// relay hands on what comes, from the first keyframe on: nothing before it can
// be decoded.
func (s *Source) relay(ctx context.Context, l *cameraLink) (time.Duration, *Error) {
	stall, keyless := time.NewTimer(s.pace.stall), time.NewTimer(s.pace.keyless)
	defer stall.Stop()
	defer keyless.Stop()
	var began time.Time
	online := func() time.Duration {
		if began.IsZero() {
			return 0
		}
		return time.Since(began)
	}
	for {
		select {
		case u := <-l.units:
			if u.fault != nil {
				return online(), u.fault
			}
			stall.Reset(s.pace.stall)
			if began.IsZero() {
				if !u.raw.Keyframe {
					continue
				}
				began = time.Now()
				keyless.Stop()
			}
			s.deliver(u, l.transport)
		case <-stall.C:
			return online(), l.stalled(s.pace.stall)
		case <-keyless.C:
			return 0, l.keyless(s.pace.keyless)
		case <-l.ended:
			return online(), l.explain(l.endErr)
		case <-ctx.Done():
			return online(), nil
		}
	}
}

func (s *Source) deliver(u cameraUnit, transport string) {
	st := &s.state
	if st.Phase != Online || st.Width != u.width || st.Height != u.height {
		if st.Phase != Online {
			st.Since = time.Now()
		}
		st.Reason, st.Detail, st.Attempts, s.logged = NoReason, "", 0, NoReason
		st.Width, st.Height = u.width, u.height
		s.log.Info("camera online", "codec", st.Codec, "width", st.Width, "height", st.Height, "transport", transport)
		s.enter(Online)
	}
	s.count.units.Add(1)
	s.count.bytes.Add(uint64(u.raw.Size()))
	s.sink.Raw(u.raw)
}

// fail reports a fault and waits before the next try.
func (s *Source) fail(ctx context.Context, fault *Error, wait time.Duration) {
	if s.state.Phase == Online {
		s.state.Since = time.Now()
	}
	level := slog.LevelDebug
	if fault.Reason != s.logged {
		level, s.logged = slog.LevelWarn, fault.Reason
	}
	s.log.Log(ctx, level, "camera gives no access units", "reason", string(fault.Reason), "detail", fault.Detail,
		"attempt", s.state.Attempts, "next", wait.Round(time.Millisecond), "lost", s.count.lost.Load())
	s.state.Reason, s.state.Detail = fault.Reason, fault.Detail
	s.enter(Waiting)
	backoff.Sleep(ctx, wait)
}

func (s *Source) enter(p Phase) {
	s.state.Phase = p
	s.sink.SourceState(s.state)
}

// SourceStats are a Source's counters since it was made.
type SourceStats struct {
	Connections uint64 // that gave a video track
	Units       uint64 // access units given to the Sink
	Bytes       uint64 // of those units
	PacketsLost uint64 // RTP packets that never came
	Damaged     uint64 // access units left out: packets missing or malformed, too large, or before PLAY was answered
	Malformed   uint64 // RTP and RTCP packets that could not be read
	Stray       uint64 // packets that are none of the video's
}

type sourceCounters struct {
	connections, units, bytes, lost, damaged, malformed, stray atomic.Uint64
}

func (c *sourceCounters) stats() SourceStats {
	return SourceStats{
		Connections: c.connections.Load(),
		Units:       c.units.Load(),
		Bytes:       c.bytes.Load(),
		PacketsLost: c.lost.Load(),
		Damaged:     c.damaged.Load(),
		Malformed:   c.malformed.Load(),
		Stray:       c.stray.Load(),
	}
}
