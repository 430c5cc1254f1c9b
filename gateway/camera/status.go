package camera

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone/drawing"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/worker"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Statuses says how each camera is at this moment.
func (cs *Set) Statuses() []api.CameraStatus {
	all := []api.CameraStatus{}
	for _, c := range cs.sorted() {
		st := c.status()
		st.MaskLevel = string(cs.masking.levelOf(st.ID))
		all = append(all, st)
	}
	return all
}

func (c *camera) status() api.CameraStatus {
	figures, totals := c.meter.read()
	work := c.handle.Stats()
	totals.Dropped, totals.Refused = work.Dropped, refused(work.Results)
	figures.StepReason = degradationReason(c.meter.degradation(), c.floor())
	c.mu.Lock()
	defer c.mu.Unlock()
	return api.CameraStatus{
		ID: c.cfg.source.ID, Name: c.said.name, Group: c.said.group, URL: rtsp.RedactURL(c.cfg.source.URL),
		Stored: c.cfg.stored, Stream: c.stream,
		Protection: c.protection, Since: c.since,
		Source: sourceStatus(c.from), Worker: workerStatus(c.by, work),
		Mask: c.said.mask, LookAheadMS: c.cfg.settings.LookAhead.Seconds() * 1000, Cover: c.cover, Mounting: c.mounting,
		Fingerprint: c.trust.Fingerprint, BasicLogin: c.trust.BasicLogin,
		Viewers: c.viewers(), Metrics: figures, Totals: totals,
	}
}

// viewers are all who watch, by whatever way.
func (c *camera) viewers() int {
	n := c.path.Viewers() + c.subPath.Viewers()
	for _, id := range []media.StreamID{{Camera: c.ID()}, {Camera: c.ID(), Sub: true}} {
		n += c.with.Previews.Viewers(id) + c.with.HLS.Viewers(id)
	}
	return n
}

func sourceStatus(s rtsp.SourceState) api.SourceStatus {
	out := api.SourceStatus{
		Phase: string(s.Phase), Reason: string(s.Reason), Detail: s.Detail,
		Width: s.Width, Height: s.Height, Since: s.Since, Attempts: s.Attempts,
	}
	if s.Codec != 0 {
		out.Codec = s.Codec.String()
	}
	return out
}

func workerStatus(s worker.State, stats worker.Stats) api.WorkerStatus {
	out := api.WorkerStatus{State: string(s.Phase), Reason: reasonCode(s.Reason), Restarts: s.Restarts, PID: s.PID, Hangs: stats.Hangs, Violations: stats.Violations, AcceleratorProblem: s.AcceleratorProblem}
	if s.Phase != worker.Masking { // then it reports a fault long gone
		out.Detail = s.Detail
	}
	if s.Ready.Build != "" {
		out.ModelSHA256 = s.Ready.ModelHash
		out.Layers, out.Libraries = s.Ready.Layers, s.Ready.Libraries
		out.Decoder, out.Encoder = s.Ready.Decoder, s.Ready.Encoder
	}
	return out
}

// reasonCode is the slate's reason as programs know it: text.SlateReason takes
// it back.
func reasonCode(reason text.Key) string {
	return strings.TrimPrefix(string(reason), "slate.reason.")
}

// refused counts the access units that the worker answered without a frame.
func refused(results map[media.Code]uint64) (n uint64) {
	for code, count := range results {
		if code != media.Masked {
			n += count
		}
	}
	return n
}

// The reasons for a degradation level.
const (
	byHeat = "heat"
	byLoad = "load"
)

// stepReason is why a camera's degradation level is in force; empty for the normal one.
func degradationReason(degradation, floor media.Degradation) string {
	switch {
	case degradation == media.Normal:
		return ""
	case degradation <= floor:
		return byHeat
	}
	return byLoad
}

// Address is that of a masked stream as seen from this host; user may be nil.
func (cs *Set) Address(id media.CameraID, user *url.Userinfo) string {
	at := cs.cfg.Streams.Addrs()
	u := url.URL{Scheme: "rtsp", User: user, Host: rtsp.LocalAddress(at.RTSP), Path: "/" + string(id)}
	if at.RTSP == "" {
		u.Scheme, u.Host = "rtsps", rtsp.LocalAddress(at.RTSPS)
	}
	return u.String()
}

// Facts of a camera for the clauses: what was said of it.
type Facts struct {
	ID   media.CameraID
	Name string
	Said policy.Camera
}

// AllFacts are those of all cameras.
func (cs *Set) AllFacts() (all []Facts) {
	for _, c := range cs.sorted() {
		said, _ := cs.FactsOf(c.ID())
		all = append(all, Facts{c.ID(), c.saidNow().name, said})
	}
	return all
}

// Names are those of all cameras.
func (cs *Set) Names() (all []api.CameraName) {
	for _, c := range cs.sorted() {
		all = append(all, api.CameraName{ID: c.ID(), Name: c.saidNow().name})
	}
	return all
}

// unlocked reports whether the worker masks without a lock-down.
func (c *camera) unlocked() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.by.Phase == worker.Masking && len(c.by.Ready.Layers) == 0
}

// Map draws a camera's zones over a masked frame, or over grey where it gives none in
// time.
func (cs *Set) Map(ctx context.Context, id media.CameraID) []byte {
	c := cs.camera(id)
	if c == nil {
		return nil
	}
	width, height := 960, 540
	c.mu.Lock()
	masking := c.protection == media.Protected || c.protection == media.OverMasked
	if c.from.Width > 0 {
		width, height = c.from.Width, c.from.Height
	}
	c.mu.Unlock()
	var jpeg []byte
	if masking {
		jpeg, _ = c.handle.Snapshot(ctx) // without it the map is grey
	}
	return drawing.SVG(jpeg, width, height, cs.ZonesOf(id))
}

// Sent is how a camera's masked stream leaves at this moment.
type Sent struct {
	api.CameraName
	Width, Height int
	// FPS and Kbps (1000 bits a second) are those of the last seconds.
	FPS        float64
	Kbps       int
	Protection media.Protection
	// Sub is what the sub-stream is like while somebody watches it.
	Sub wire.SubStream
}

// What the slate has before a camera's first frame, and whenever it is shown.
const (
	slateWidth, slateHeight = 1280, 720
	slateFPS                = 5
)

// Sent is that of all cameras.
func (cs *Set) Sent() (all []Sent) {
	for _, c := range cs.sorted() {
		all = append(all, c.sent())
	}
	return all
}

func (c *camera) sent() Sent {
	s := Sent{CameraName: api.CameraName{ID: c.ID(), Name: c.saidNow().name}, Width: slateWidth, Height: slateHeight, Protection: c.now(), Sub: c.sub.like}
	s.FPS, s.Kbps = c.meter.rates(time.Now())
	if r := c.meter.newest(); r.Width > 0 {
		s.Width, s.Height = r.Width, r.Height
	}
	if s.FPS == 0 {
		s.FPS = slateFPS
	}
	return s
}

// Alive tells, within ctx's time, whether each camera's owner and its worker answer.
// One that hangs would leave viewers with a frame that nobody evaluates any more.
func (cs *Set) Alive(ctx context.Context) bool {
	var hanging atomic.Bool
	var all sync.WaitGroup
	for _, c := range cs.sorted() {
		all.Go(func() {
			if !c.answers(ctx) {
				hanging.Store(true)
				cs.cfg.Log.Error("the camera's owner does not answer", "camera", string(c.ID()))
			}
		})
	}
	all.Wait()
	return !hanging.Load()
}

// Masked counts the cameras whose viewers get masked frames now.
func (cs *Set) Masked() (masked int) {
	for _, c := range cs.sorted() {
		if p := c.now(); p == media.Protected || p == media.OverMasked {
			masked++
		}
	}
	return masked
}

// Unlocked reports whether a worker masks that has no lock-down in force.
func (cs *Set) Unlocked() bool {
	for _, c := range cs.sorted() {
		if c.unlocked() {
			return true
		}
	}
	return false
}

// situation is all that a camera's protection follows from.
type situation struct {
	// blocked: in a prohibited place.
	blocked bool
	// online: the camera sends. seen: it has sent before, or failed to.
	online, seen bool
	// masking: viewers get the worker's frames. starting: they do not yet,
	// and nothing has gone wrong so far.
	masking, starting bool
	degradation       media.Degradation
}

// protection says what viewers get. It never says protected before a worker
// has vouched for a frame.
func (s situation) protection() media.Protection {
	switch {
	case s.blocked:
		return media.Blocked
	case !s.online && !s.seen:
		return media.UnknownProtection
	case !s.online:
		return media.Offline
	case s.masking && s.degradation == media.BlurFrame:
		return media.OverMasked
	case s.masking:
		return media.Protected
	case s.starting:
		return media.UnknownProtection
	}
	return media.Blocked
}
