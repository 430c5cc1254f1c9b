package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/onvifserver"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// recorders is the device by which recorders find the masked cameras.
type recorders struct{ g *Gateway }

// open prepares it, where the settings ask for it: each change of a camera reaches it from the first one on, see watch.
func (r recorders) open(context.Context) error {
	g := r.g
	c := g.o.Config.ONVIF
	if c.Address == "" {
		return nil
	}
	id, err := r.id()
	if err != nil {
		return err
	}
	g.edges.onvif = onvifserver.New(onvifserver.Config{
		Address: c.Address, NextPort: g.o.FreePorts, Interfaces: config.List(c.Interfaces), ID: id, Name: g.o.Config.Gateway.Name, Version: wire.Release(),
		Logins: g.rooms.viewers, Cameras: r.cameras,
		Snapshot: func(ctx context.Context, id media.CameraID) ([]byte, error) {
			s, err := g.rooms.cameras.Snapshot(ctx, id)
			return s.JPEG, err
		},
		Streams: func() (string, string) { at := g.edges.streams.Addrs(); return at.RTSP, at.RTSPS }, Log: g.o.Log,
	})
	return nil
}

// start lets recorders in.
func (r recorders) start(context.Context) error {
	if r.g.edges.onvif == nil {
		return nil
	}
	r.g.stops.Push(r.g.edges.onvif.Close)
	return r.g.edges.onvif.Start()
}

// settingDevice is where the store keeps the number by which recorders know this gateway.
const settingDevice = "onvif.device"

func (r recorders) id() (string, error) {
	kept, err := r.g.storage.store.Setting(settingDevice)
	if errors.Is(err, store.ErrNotFound) {
		kept = store.NewSecret(uuid.NewString())
		err = r.g.storage.store.PutSetting(settingDevice, kept)
	}
	if err != nil {
		return "", fmt.Errorf("number of the ONVIF device: %w", err)
	}
	return kept.Reveal(), nil
}

// usualKeyframes is the time between two keyframes of a masked stream, as a rule.
const usualKeyframes = 2 * time.Second

func (r recorders) cameras() (all []onvifserver.Camera) {
	for _, s := range r.g.rooms.cameras.Sent() {
		all = append(all, onvifserver.Camera{ID: s.ID, Name: s.Name, Protection: s.Protection, Sub: subOf(s),
			Main: onvifserver.Encoding{Width: s.Width, Height: s.Height, FPS: s.FPS, Kbps: s.Kbps, Keyframes: usualKeyframes}})
	}
	return all
}

// subOf is what a sub-stream is like when somebody watches it; until then it has a bitrate by its share of pixels.
func subOf(s camera.Sent) onvifserver.Encoding {
	w, h := s.Sub.Size.Of(s.Width, s.Height)
	fps := min(s.FPS, float64(s.Sub.FPS))
	share := float64(w*h) / float64(s.Width*s.Height) * fps / s.FPS
	return onvifserver.Encoding{Width: w, Height: h, FPS: fps, Kbps: int(float64(s.Kbps) * share), Keyframes: usualKeyframes}
}

// url is where recorders find the device of all cameras; empty where it is not served.
func (r recorders) url() string {
	if r.g.edges.onvif == nil {
		return ""
	}
	return urlAt("http", r.g.edges.onvif.Addr()) + "onvif/device_service"
}
