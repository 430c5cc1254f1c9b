package gateway

import (
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/detector/yunet"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/worker"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Status tells how everything is at this moment.
func (g *Gateway) Status() api.Status {
	s := api.Status{Gateway: g.status(), Cameras: []api.CameraStatus{}}
	for _, c := range g.sorted() {
		st := c.status()
		st.MaskLevel = string(g.hiding.levelOf(st.ID))
		s.Cameras = append(s.Cameras, st)
	}
	return s
}

func (g *Gateway) status() api.GatewayStatus {
	s := api.GatewayStatus{
		Name: g.cfg.Gateway.Name, Version: wire.Version, Build: wire.BuildID,
		Started: g.started, Now: time.Now(), DataDir: g.cfg.Data,
		Streams: addresses(g.streams), Anonymous: g.cfg.RTSP.Anonymous,
		MQTT: brokerStatus(g.cfg, g.mqtt), Consents: g.consents.status(), Model: api.ModelStatus{SHA256: yunet.SHA256}, Hardware: g.box.Facts(),
		Accelerators: g.accelerators,
	}
	s.Unstored, _ = g.keeper.Unstored()
	s.OlderStore = g.past.older()
	c, heat := g.box.latest()
	s.Heat, s.Thermal = heat.String(), c
	if celsius, ok := c.Hottest(); ok {
		s.Temperature = &celsius
	}
	return s
}

func addresses(s *rtsp.Server) api.StreamAddresses {
	a := s.Addrs()
	out := api.StreamAddresses{RTSP: localAddress(a.RTSP)}
	if a.RTSPS != "" {
		out.RTSPS = localAddress(a.RTSPS)
	}
	return out
}

func brokerStatus(cfg config.Config, p *mqtt.Publisher) api.MQTTStatus {
	st := p.State()
	return api.MQTTStatus{Embedded: cfg.MQTT.Broker == "", Address: brokerOf(cfg, p), Connected: st.Connected, Reason: string(st.Reason), Error: st.Text}
}

func (c *camera) status() api.CameraStatus {
	figures, totals := c.meter.read()
	work := c.handle.Stats()
	totals.Dropped, totals.Refused = work.Dropped, refused(work.Results)
	figures.StepReason = stepReason(c.meter.step(), c.floor())
	c.mu.Lock()
	defer c.mu.Unlock()
	return api.CameraStatus{
		ID: c.cfg.source.ID, Name: c.cfg.name, URL: RedactURL(c.cfg.source.URL),
		Stored: c.cfg.stored, Stream: c.stream,
		Protection: c.protection, Since: c.since,
		Source: sourceStatus(c.from), Worker: workerStatus(c.by),
		Mask: c.cfg.settings.Mask, LookAheadMS: c.cfg.settings.LookAhead.Seconds() * 1000, Cover: c.cover, Mounting: c.mounting,
		Viewers: c.path.Viewers(), Metrics: figures, Totals: totals,
	}
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

func workerStatus(s worker.State) api.WorkerStatus {
	out := api.WorkerStatus{State: string(s.Phase), Reason: reasonCode(s.Reason), Restarts: s.Restarts, AcceleratorProblem: s.AcceleratorProblem}
	if s.Phase != worker.Masking { // then it tells of a fault long gone
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

// refused counts the access units that the worker answered without a picture.
func refused(results map[media.Code]uint64) (n uint64) {
	for code, count := range results {
		if code != media.Masked {
			n += count
		}
	}
	return n
}
