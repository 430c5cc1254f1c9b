package gateway

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/bauta-gateway/bauta/gateway/onvif"
)

// searchTime is how long cameras have to answer a search.
const searchTime = 4 * time.Second

// FoundCamera is a device that answered a search on the network.
type FoundCamera struct {
	Name     string `json:"name"`
	Hardware string `json:"hardware"`
	Location string `json:"location"`
	// Host is where the answer came from, Address what POST /v1/discover/streams takes.
	Host    string `json:"host"`
	Address string `json:"address"`
}

// StreamsRequest is the body of POST /v1/discover/streams.
type StreamsRequest struct {
	Address  string `json:"address"`
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
}

// FoundStream is one of a device's streams; what it did not say is zero.
type FoundStream struct {
	Name   string  `json:"name"`
	URL    string  `json:"url"`
	Codec  string  `json:"codec"`
	Width  int     `json:"width"`
	Height int     `json:"height"`
	FPS    float64 `json:"fps"`
}

func (g *Gateway) discoverRoutes(r *routes) {
	r.HandleFunc("GET /v1/discover", answer(http.StatusOK, func(r *http.Request) (any, error) { return g.FindCameras(r.Context()) }))
	r.HandleFunc("POST /v1/discover/streams", answer(http.StatusOK, func(r *http.Request) (any, error) {
		var in StreamsRequest
		if err := body(r, &in); err != nil {
			return nil, err
		}
		return g.FindStreams(r.Context(), in)
	}))
}

// FindCameras searches the local networks for ONVIF cameras.
func (g *Gateway) FindCameras(ctx context.Context) ([]FoundCamera, error) {
	devices, err := onvif.Discover(ctx, searchTime)
	found := []FoundCamera{}
	for _, d := range devices {
		found = append(found, FoundCamera{Name: d.Name, Hardware: d.Hardware, Location: d.Location, Host: d.Host.String(), Address: d.Address})
	}
	if err != nil && len(found) == 0 {
		return nil, err
	}
	return found, nil
}

// FindStreams asks a device for its streams.
func (g *Gateway) FindStreams(ctx context.Context, in StreamsRequest) ([]FoundStream, error) {
	streams, err := onvif.Streams(ctx, in.Address, in.User, in.Password)
	if err != nil {
		return nil, deviceError(err)
	}
	found := []FoundStream{}
	for _, s := range streams {
		found = append(found, FoundStream{Name: cmp.Or(s.Name, s.Profile), URL: s.URL, Codec: s.Codec, Width: s.Width, Height: s.Height, FPS: s.FPS})
	}
	return found, nil
}

func deviceError(err error) error {
	switch {
	case errors.Is(err, onvif.ErrAddress):
		return &APIError{Code: CodeInvalid, cause: err}
	case errors.Is(err, onvif.ErrUnreachable), errors.Is(err, onvif.ErrLogin), errors.Is(err, onvif.ErrProtocol), errors.Is(err, onvif.ErrNoStreams):
		return &APIError{Code: CodeProbe, cause: err}
	}
	return err
}
