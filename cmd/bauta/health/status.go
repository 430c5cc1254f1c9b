// Package health says how the gateway is (bauta status) and what is missing on its
// host (bauta doctor).
//
// In: the daemon's status, the settings, the hardware, and a worker that is tried.
// Out: lines or JSON. It starts no goroutines and changes nothing on the host; the
// scripts of cmd/bauta prove what it prints.
package health

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/doctor"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Status is bauta status.
type Status struct {
	cli.Target
	JSON bool `help:"Print JSON, as docs/cli.md describes it."`
}

func (c *Status) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	status, err := client.Status(p.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(status)
	}
	if status.Gateway.Blocked != "" {
		return blocked(p, status.Gateway)
	}
	r := report{w: p.Stdout, lang: p.Lang}
	r.gateway(status)
	if status.Gateway.Problem != "" {
		fmt.Fprintln(p.Stdout, p.Text(text.StatusProblem, status.Gateway.Problem))
	}
	if n := status.Gateway.Unstored; n > 0 {
		fmt.Fprintln(p.Stdout, p.Text(text.StatusProblem, p.Text(text.FoundUnstored, n)))
	}
	for _, cam := range status.Cameras {
		fmt.Fprintln(p.Stdout)
		r.camera(cam)
	}
	return nil
}

// blocked says that the gateway stands still.
func blocked(p *cli.Program, g api.GatewayStatus) error {
	p.Say(text.StatusSafeMode, g.Version, g.Name, g.Now.Sub(g.Started).Round(time.Second))
	fmt.Fprintln(p.Stderr, "bauta: "+g.Problem)
	return cli.ErrSaid
}

// report prints a status for people.
type report struct {
	w    io.Writer
	lang text.Lang
}

func (r report) t(key text.Key, args ...any) string { return text.Of(r.lang, key, args...) }

func (r report) say(key text.Key, args ...any) { fmt.Fprintln(r.w, r.t(key, args...)) }

func (r report) gateway(s api.Status) {
	g := s.Gateway
	r.say(text.StatusRunning, g.Version, g.Name, g.Now.Sub(g.Started).Round(time.Second))
	r.say(text.StatusStreams, streamAddresses(g.Streams), "bauta viewer")
	if g.ONVIF != "" {
		r.say(text.StatusONVIF, g.ONVIF)
	}
	if g.Anonymous {
		r.say(text.StatusAnonymous)
	}
	if g.MQTT.Connected {
		r.say(text.StatusBroker, g.MQTT.Address)
		if g.MQTT.Error != "" {
			r.say(text.StatusBrokerRefuses, g.MQTT.Error)
		}
	} else {
		r.say(text.StatusBrokerLost, g.MQTT.Address, g.MQTT.Error)
	}
	r.say(text.StatusModel, doctor.Short(g.Model.SHA256))
	r.say(text.StatusHost, r.host(g))
	if u := g.Update; u != nil && u.Newer != "" {
		r.say(text.StatusNewer, u.Newer, u.Installed)
	}
	r.consents(g.Consents)
	r.cameras(s.Cameras)
}

// consents says nothing on a gateway that knows of none.
func (r report) consents(c api.ConsentStatus) {
	if c.Issuers > 0 || c.Live > 0 {
		r.say(text.StatusConsents, c.Live, c.Shown, c.Issuers)
	}
	for _, reason := range slices.Sorted(maps.Keys(c.Idle)) {
		r.say(text.StatusIdle, c.Idle[reason], r.t(text.ConsentReason(string(reason))), string(reason))
	}
	for _, z := range c.Unconfirmed {
		r.say(text.ZonePurposeAssumed, z.Camera, z.Zone, cmp.Or(strings.Join(z.Purposes, ", "), "-"))
	}
	for _, l := range c.Lists {
		if l.Stale {
			r.say(text.StatusListStale, l.Issuer, c.FreshDays)
		}
		if l.Behind {
			r.say(text.StatusListBehind, l.Issuer, l.Number)
		}
	}
	if c.RevocationsRefused > 0 {
		r.say(text.StatusRevocations, c.RevocationsRefused)
	}
}

func streamAddresses(a api.StreamAddresses) string {
	out := "rtsp://" + a.RTSP
	if a.RTSPS != "" {
		out += " rtsps://" + a.RTSPS
	}
	return out
}

func (r report) host(g api.GatewayStatus) string {
	parts := doctor.Facts(g.Hardware, r.t)
	parts = append(parts, r.t(text.StatusMemory, doctor.Bytes(g.Hardware.MemoryTotal), doctor.Bytes(g.Hardware.MemoryFree)))
	if margin, ok := g.Thermal.Margin(); ok && g.Temperature != nil {
		parts = append(parts, r.t(text.StatusHeat, r.t(text.HeatWord(g.Heat)), *g.Temperature, margin))
	}
	if g.Thermal.Throttled {
		parts = append(parts, r.t(text.StatusThrottled))
	}
	return strings.Join(parts, ", ")
}

func (r report) cameras(cams []api.CameraStatus) {
	if len(cams) == 0 {
		r.say(text.CameraNone)
		return
	}
	protected := 0
	for _, c := range cams {
		if c.Protection == media.Protected || c.Protection == media.OverMasked {
			protected++
		}
	}
	r.say(text.StatusCameras, len(cams), protected)
}

// camera prints one camera as a list of labels and values.
func (r report) camera(c api.CameraStatus) {
	title := string(c.ID)
	if c.Name != "" && c.Name != title {
		title += "  " + c.Name
	}
	fmt.Fprintln(r.w, title)
	var t cli.Table
	add := func(label text.Key, value string) { t.Add("  "+r.t(label), value) }
	add(text.HeadProtection, r.t(text.StatusSince, r.t(text.Protection(string(c.Protection))), c.Since.Local().Format(time.DateTime)))
	add(text.HeadSource, r.source(c))
	if why := r.reason(c); why != "" {
		add(text.HeadReason, why)
	}
	if hint, ok := text.Hint(reasonCode(c)); ok {
		t.Add("", r.t(text.StatusNext, r.t(hint)))
	}
	if c.Fingerprint != "" {
		add(text.HeadPinned, c.Fingerprint)
	}
	if c.BasicLogin {
		add(text.HeadLogin, r.t(text.StatusBasic, c.ID))
	}
	add(text.HeadStream, r.t(text.StatusWatched, c.Stream, c.Viewers))
	r.frames(c, add)
	r.worker(c, add)
	t.Print(r.w)
}

func (r report) source(c api.CameraStatus) string {
	parts := []string{r.t(text.CameraState(c.Source.Phase))}
	if c.Source.Width > 0 {
		parts = append(parts, fmt.Sprintf("%s %dx%d", c.Source.Codec, c.Source.Width, c.Source.Height))
	}
	parts = append(parts, c.URL)
	if !c.Stored {
		parts = append(parts, r.t(text.StatusTemporary))
	}
	return strings.Join(parts, ", ")
}

// reasonCode is what keeps this camera's frame away: the camera's own reason
// first, since without a camera the worker has nothing to do.
func reasonCode(c api.CameraStatus) string {
	if c.Source.Reason != "" {
		return c.Source.Reason
	}
	return c.Worker.Reason
}

func (r report) reason(c api.CameraStatus) string {
	code := reasonCode(c)
	if code == "" {
		return ""
	}
	why := r.t(text.SlateReason(code))
	detail := c.Worker.Detail
	if c.Source.Reason != "" {
		detail = c.Source.Detail
	}
	if detail != "" {
		why += " (" + detail + ")"
	}
	return why
}

func (r report) frames(c api.CameraStatus, add func(text.Key, string)) {
	m := c.Metrics
	add(text.HeadRate, fmt.Sprintf("%.1f", m.FPS))
	add(text.HeadLatency, r.t(text.StatusLatency, m.LatencyMS, c.LookAheadMS))
	add(text.HeadFaces, r.t(text.StatusFaces, m.Faces, m.Masked, m.Shown))
	add(text.HeadMask, r.t(text.MaskStyle(c.Mask)))
	if c.MaskLevel != "" {
		add(text.HeadHidden, r.t(text.StatusHidden, r.t(text.MaskLevel(c.MaskLevel)), c.ID))
	}
	add(text.HeadCover, r.t(text.CoverWord(c.Cover)))
	add(text.HeadMounting, r.t(text.MountingWord(string(c.Mounting))))
	add(text.HeadLevel, r.level(m))
	add(text.HeadLost, r.t(text.StatusLost, c.Totals.Dropped, c.Totals.Refused))
}

func (r report) level(m api.CameraMetrics) string {
	level := r.t(text.DegradationLevel(m.Step))
	if m.StepReason != "" {
		level += ", " + r.t(text.LevelReason(m.StepReason))
	}
	return level
}

// codec is the word for what decodes or encodes.
func (r report) codec(name string) string {
	if name == wire.Software {
		return r.t(text.StatusSoftware)
	}
	return name
}

func (r report) worker(c api.CameraStatus, add func(text.Key, string)) {
	w := c.Worker
	add(text.HeadWorker, r.t(text.StatusRestarts, r.t(text.WorkerState(w.State)), w.Restarts))
	if w.Decoder != "" {
		add(text.HeadCodecs, r.t(text.StatusCodecs, r.codec(w.Decoder), r.codec(w.Encoder)))
	}
	if w.AcceleratorProblem != "" {
		add(text.HeadAccelerator, r.t(text.StatusFallback, w.AcceleratorProblem))
	}
	if len(w.Layers) > 0 {
		add(text.HeadLockdown, strings.Join(w.Layers, ", "))
	}
	if w.ModelSHA256 != "" {
		add(text.HeadModel, doctor.Short(w.ModelSHA256))
	}
}
