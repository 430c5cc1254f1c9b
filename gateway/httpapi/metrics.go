package httpapi

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/hls"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/notify"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// protections are all states, so that a camera has a series for each.
var protections = []media.Protection{media.Protected, media.OverMasked, media.Blocked, media.Offline, media.UnknownProtection}

// bindMetrics binds what monitoring asks for.
func bindMetrics(r *route.Routes, p Parts) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(meters{p.Status, p.Audit, p.HLS, p.Telling.Notify}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	h := promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
	r.HandleFunc("GET /metrics", h.ServeHTTP)
	r.HandleFunc("GET /healthz", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return health(p) }))
}

// health works as long as the daemon does: the store is read, and the owners
// of the cameras hold no lock for long.
func health(p Parts) (any, error) {
	if _, err := p.Store.Site(); err != nil {
		return nil, api.Refuse(api.CodeBusy, text.RefusedBusy)
	}
	h := api.Health{Status: "ok", Cameras: map[media.Protection]int{}, UptimeS: int64(time.Since(p.Status.Started).Seconds())}
	for _, state := range protections {
		h.Cameras[state] = 0
	}
	for _, c := range p.Cameras.Statuses() {
		h.Cameras[c.Protection]++
	}
	return h, nil
}

// meters gives Prometheus the figures of the status: counts, times and
// camera ids, nothing of a person.
type meters struct {
	status *Status
	audit  *audit.Log
	hls    *hls.Server
	notify *notify.Room
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("bauta_"+name, help, labels, nil)
}

var (
	infoDesc        = desc("info", "Version and build; always 1.", "version", "build")
	temperatureDesc = desc("temperature_celsius", "Temperature of the box.")
	memoryDesc      = desc("memory_free_bytes", "Memory of the box that is free.")
	diskDesc        = desc("disk_free_bytes", "Room on the disk of the data folder.")
	diskTotalDesc   = desc("disk_total_bytes", "Size of the disk of the data folder.")
	auditMonthDesc  = desc("audit_trail_bytes_per_month", "By how much the audit trail grows in a month.")
	mqttDesc        = desc("mqtt_connected", "Whether the broker is connected.")
	outboxDesc      = desc("events_dropped_total", "Events that left the outbox undelivered.")
	auditDesc       = desc("audit_trail_missing_total", "Entries that the audit trail lacks.")
	staleDesc       = desc("consents_stale", "Whether an issuer's consents show nobody for want of a fresh proof that nothing else was withdrawn.", "issuer")
	protectionDesc  = desc("camera_protection", "1 for the state that a camera is in.", "camera", "state")
	framesDesc      = desc("camera_pictures_total", "Masked pictures delivered.", "camera")
	slatesDesc      = desc("camera_slates_total", "Slates delivered instead of pictures.", "camera")
	droppedDesc     = desc("camera_dropped_total", "Access units that found no room in the worker's queue.", "camera")
	refusedDesc     = desc("camera_refused_total", "Access units without a picture: undecodable, unsupported or shed.", "camera")
	restartsDesc    = desc("camera_worker_restarts_total", "Restarts of the camera's worker.", "camera")
	fpsDesc         = desc("camera_pictures_per_second", "Masked pictures a second, of the last period.", "camera")
	latencyDesc     = desc("camera_latency_seconds", "Mean time of a picture in the worker, of the last period.", "camera")
	facesDesc       = desc("camera_faces", "Faces in the newest picture: masked, or shown by consent.", "camera", "as")
	hlsBytesDesc    = desc("hls_memory_bytes", "Memory that the segments of HLS take.")
	hlsRefusedDesc  = desc("hls_refused_total", "Requests for HLS that found no room.")
	notifyWaitDesc  = desc("notify_waiting", "Messages to people and webhooks that nobody took yet.")
	notifyDesc      = desc("notify_messages_total", "Messages to people and webhooks: sent, failed tries, expired after a day, capped by the limit of an hour, dropped for want of room.", "as")
	viewersDesc     = desc("camera_viewers", "Viewers of the camera: by RTSP, in browsers and by HLS.", "camera")
)

// Describe tells Prometheus that the series depend on the cameras.
func (meters) Describe(chan<- *prometheus.Desc) {}

// Collect reads the status.
func (m meters) Collect(out chan<- prometheus.Metric) {
	s := m.status.Now()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	count := func(d *prometheus.Desc, v uint64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	gauge(infoDesc, 1, s.Gateway.Version, s.Gateway.Build)
	if s.Gateway.Temperature != nil {
		gauge(temperatureDesc, *s.Gateway.Temperature)
	}
	gauge(memoryDesc, float64(s.Gateway.Hardware.MemoryFree))
	if d := s.Gateway.Disk; d != nil {
		gauge(diskDesc, float64(d.Free))
		gauge(diskTotalDesc, float64(d.Total))
		gauge(auditMonthDesc, float64(d.AuditMonth))
	}
	gauge(mqttDesc, truth(s.Gateway.MQTT.Connected))
	count(outboxDesc, m.audit.Stats().Dropped)
	count(auditDesc, m.audit.Stats().Missing)
	segments := m.hls.Stats()
	gauge(hlsBytesDesc, float64(segments.Bytes))
	count(hlsRefusedDesc, segments.Refused)
	sent := m.notify.Stats()
	gauge(notifyWaitDesc, float64(sent.Waiting))
	for as, n := range map[string]uint64{"sent": sent.Sent, "failed": sent.Failed, "expired": sent.Expired, "capped": sent.Capped, "dropped": sent.Dropped} {
		count(notifyDesc, n, as)
	}
	for _, l := range s.Gateway.Consents.Lists {
		gauge(staleDesc, truth(l.Stale), l.Issuer)
	}
	for _, c := range s.Cameras {
		m.camera(c, gauge, count)
	}
}

func (meters) camera(c api.CameraStatus, gauge func(*prometheus.Desc, float64, ...string), count func(*prometheus.Desc, uint64, ...string)) {
	id := string(c.ID)
	for _, p := range protections {
		gauge(protectionDesc, truth(c.Protection == p), id, string(p))
	}
	count(framesDesc, c.Totals.Pictures, id)
	count(slatesDesc, c.Totals.Slates, id)
	count(droppedDesc, c.Totals.Dropped, id)
	count(refusedDesc, c.Totals.Refused, id)
	count(restartsDesc, uint64(c.Worker.Restarts), id)
	gauge(fpsDesc, c.Metrics.FPS, id)
	gauge(latencyDesc, c.Metrics.LatencyMS/1000, id)
	gauge(facesDesc, float64(c.Metrics.Masked), id, "masked")
	gauge(facesDesc, float64(c.Metrics.Shown), id, "shown")
	gauge(viewersDesc, float64(c.Viewers), id)
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
