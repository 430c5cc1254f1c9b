package httpapi

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/detector/yunet"
	"github.com/bauta-gateway/bauta/gateway/anchor"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/consents"
	"github.com/bauta-gateway/bauta/gateway/heat"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/upkeep"
	"github.com/bauta-gateway/bauta/gateway/viewers"
)

// Status collects how everything is.
type Status struct {
	Config       config.Config
	Started      time.Time
	Streams      *rtsp.Server
	Publisher    *mqtt.Publisher
	Cameras      *camera.Set
	Consents     *consents.Consents
	Heat         *heat.Watch
	Queue        *change.Queue
	Anchors      *anchor.Watch
	Disk         *upkeep.Disk
	Updates      *upkeep.Updates
	Accelerators []api.Candidate
	// Restored is what came of the last restore; nil: there was none.
	Restored *api.RestoreStatus
	Viewers  *viewers.Viewers
	// ONVIF is where recorders find the cameras; empty where it is not served.
	ONVIF func() string
}

// Now is the status at this moment.
func (s *Status) Now() api.Status {
	return api.Status{Gateway: s.gateway(), Cameras: s.Cameras.Statuses()}
}

func (s *Status) gateway() api.GatewayStatus {
	out := api.GatewayStatus{
		Name: s.Config.Gateway.Name, Version: wire.Version, Build: wire.BuildID,
		Started: s.Started, Now: time.Now(), DataDir: s.Config.Data,
		Streams: Addresses(s.Streams), CameraLimit: s.Config.Limits.Cameras, Anonymous: s.Config.RTSP.Anonymous,
		MQTT: Broker(s.Config, s.Publisher), Consents: s.Consents.Status(), Model: api.ModelStatus{SHA256: yunet.SHA256},
		ONVIF: s.ONVIF(), Hardware: s.Heat.Host().Facts(), Accelerators: s.Accelerators, OlderStore: s.Anchors.Older(), Disk: s.Disk.Status(), Update: s.Updates.Status(),
	}
	out.Unstored, _ = s.Queue.Unstored()
	c, heat := s.Heat.Latest()
	out.Heat, out.Thermal = heat.String(), c
	if celsius, ok := c.Hottest(); ok {
		out.Temperature = &celsius
	}
	return out
}

// For is the status without what concerns a manager alone: a camera's address may hold
// a password in its path.
func (s *Status) For(ctx context.Context) api.Status {
	now := s.Now()
	if identity.IsDisplay(ctx) {
		return forDisplay(ctx, now)
	}
	if who, ok := identity.Who(ctx); !ok || who.Role.May(identity.Manager) {
		return now
	}
	now.Gateway.DataDir = ""
	for i := range now.Cameras {
		now.Cameras[i].URL = hostOnly(now.Cameras[i].URL)
		now.Cameras[i].Source.Detail, now.Cameras[i].Fingerprint, now.Cameras[i].BasicLogin = "", "", false
	}
	return now
}

// forDisplay is what a screen may know: how its cameras are.
func forDisplay(ctx context.Context, now api.Status) api.Status {
	out := api.Status{Gateway: api.GatewayStatus{Name: now.Gateway.Name, Version: now.Gateway.Version, Started: now.Gateway.Started, Now: now.Gateway.Now}, Cameras: []api.CameraStatus{}}
	for _, c := range now.Cameras {
		if identity.Sees(ctx, c.ID) {
			out.Cameras = append(out.Cameras, api.CameraStatus{
				ID: c.ID, Name: c.Name, Group: c.Group, Protection: c.Protection, Since: c.Since,
				Source: api.SourceStatus{Phase: c.Source.Phase, Reason: c.Source.Reason}, Worker: api.WorkerStatus{State: c.Worker.State, Reason: c.Worker.Reason},
			})
		}
	}
	return out
}

func hostOnly(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
}

// Addresses are those of the stream server.
func Addresses(s *rtsp.Server) api.StreamAddresses {
	a := s.Addrs()
	out := api.StreamAddresses{RTSP: rtsp.LocalAddress(a.RTSP)}
	if a.RTSPS != "" {
		out.RTSPS = rtsp.LocalAddress(a.RTSPS)
	}
	return out
}

// Broker says where states are published and whether that works now.
func Broker(cfg config.Config, p *mqtt.Publisher) api.MQTTStatus {
	st := p.State()
	return api.MQTTStatus{Embedded: cfg.MQTT.Broker == "", Address: BrokerAddress(cfg, p), Brokers: brokers(cfg), Prefix: cfg.MQTT.Prefix, Connected: st.Connected, Reason: string(st.Reason), Error: st.Text}
}

// brokers are host:port of those that the settings name; none: the embedded one.
func brokers(cfg config.Config) (all []string) {
	for _, one := range config.List(cfg.MQTT.Broker) {
		all = append(all, mqtt.HostOf(one))
	}
	return all
}

// BrokerAddress is the host:port where the states can be read: of several brokers the one in
// use, or tried last.
func BrokerAddress(cfg config.Config, p *mqtt.Publisher) string {
	if all := brokers(cfg); len(all) > 0 {
		return cmp.Or(p.State().Broker, all[0])
	}
	if addr := p.Addr(); addr != "" {
		return addr
	}
	return cfg.MQTT.EmbeddedAddress // it could not listen there yet
}

// statusHandlers answer with how everything is.
type statusHandlers struct {
	status *Status
	stream *Stream
}

func (h statusHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/status", route.Answer(http.StatusOK, h.get))
	r.HandleFunc("GET /v1/cameras", route.Answer(http.StatusOK, h.cameras))
	r.HandleFunc("GET /v1/viewer", route.Answer(http.StatusOK, h.viewer))
	r.HandleFunc("GET /v1/stream", h.serve)
}

func (h statusHandlers) get(r *http.Request) (any, error) {
	s := h.status.For(r.Context())
	if identity.IsDisplay(r.Context()) {
		return s, nil
	}
	lang := route.Lang(r)
	s.Gateway.Restore = h.status.Restored.In(lang)
	if err := h.status.Anchors.Why(); err != nil {
		s.Gateway.Problem = text.Explain(lang, text.Fail(err, text.StoreOlderNow, err))
	}
	return s, nil
}

func (h statusHandlers) cameras(r *http.Request) (any, error) {
	return h.status.For(r.Context()).Cameras, nil
}

// viewer answers with the viewers' login and the streams' addresses.
func (h statusHandlers) viewer(*http.Request) (any, error) {
	v := api.Viewer{Anonymous: h.status.Config.RTSP.Anonymous, URLs: []string{}}
	var user *url.Userinfo
	if name, password, on := h.status.Viewers.BuiltIn(); !v.Anonymous && on {
		v.User, v.Password = name, password
		user = url.UserPassword(v.User, v.Password)
	} else {
		v.Off = !v.Anonymous
	}
	for _, id := range h.status.Cameras.IDs() {
		v.URLs = append(v.URLs, h.status.Cameras.Address(id, user))
	}
	return v, nil
}
