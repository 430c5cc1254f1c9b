package httpapi

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/onvif"
)

// searchTime is how long cameras have to answer a search.
const searchTime = 4 * time.Second

func bindDiscovery(r *route.Routes, set *camera.Set) {
	r.HandleFunc("GET /v1/discover", route.Answer(http.StatusOK, func(r *http.Request) (any, error) { return findCameras(r.Context(), api.DiscoverRequest{}) }))
	r.HandleFunc("POST /v1/discover", route.Answer(http.StatusOK, func(r *http.Request) (any, error) {
		var in api.DiscoverRequest
		if err := route.Body(r, &in); err != nil {
			return nil, err
		}
		return findCameras(r.Context(), in)
	}))
	r.HandleFunc("POST /v1/discover/streams", route.Answer(http.StatusOK, func(r *http.Request) (any, error) {
		var in api.StreamsRequest
		if err := route.Body(r, &in); err != nil {
			return nil, err
		}
		return findStreams(r.Context(), set, in)
	}))
}

// findCameras searches the local networks, or a range of addresses, for ONVIF cameras.
func findCameras(ctx context.Context, in api.DiscoverRequest) ([]api.FoundCamera, error) {
	devices, err := search(ctx, in)
	found := []api.FoundCamera{}
	for _, d := range devices {
		found = append(found, api.FoundCamera{Name: d.Name, Hardware: d.Hardware, Location: d.Location, Host: d.Host.String(), Address: d.Address})
	}
	if err != nil && len(found) == 0 {
		return nil, deviceError(err)
	}
	return found, nil
}

func search(ctx context.Context, in api.DiscoverRequest) ([]onvif.Device, error) {
	if strings.TrimSpace(in.Range) == "" {
		return onvif.Discover(ctx, searchTime)
	}
	addrs, err := onvif.Addresses(ctx, in.Range)
	if err != nil {
		return nil, err
	}
	return onvif.DiscoverAt(ctx, addrs, !in.NoHTTP)
}

// findStreams asks a device for its streams: a service by ONVIF alone, a host by what it speaks.
func findStreams(ctx context.Context, set *camera.Set, in api.StreamsRequest) ([]api.FoundStream, error) {
	if found, known, err := set.Streams(ctx, in); known {
		return found, err
	}
	streams, err := onvif.Streams(ctx, in.Address, in.User, in.Password)
	if err != nil {
		return nil, deviceError(err)
	}
	found := []api.FoundStream{}
	for _, s := range streams {
		found = append(found, api.FoundStream{Name: cmp.Or(s.Name, s.Profile), URL: s.URL, Codec: s.Codec, Width: s.Width, Height: s.Height, FPS: s.FPS})
	}
	return found, nil
}

func deviceError(err error) error {
	switch {
	case errors.Is(err, onvif.ErrAddress), errors.Is(err, onvif.ErrRange):
		return api.Because(api.CodeInvalid, err)
	case errors.Is(err, onvif.ErrUnreachable), errors.Is(err, onvif.ErrLogin), errors.Is(err, onvif.ErrProtocol), errors.Is(err, onvif.ErrNoStreams), errors.Is(err, onvif.ErrLockedOut):
		return api.Because(api.CodeProbe, err)
	}
	return err
}
