package gateway

import (
	"context"
	"net/http"
	"slices"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func (g *Gateway) putCover(r *http.Request) (any, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	var in api.NewCover
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return struct{}{}, g.SetCover(r.Context(), id, in.Cover)
}

// SetCover says what of a camera's picture is masked; it is in force at once.
func (g *Gateway) SetCover(ctx context.Context, id media.CameraID, cover string) error {
	return g.set(ctx, id, setting{"cover", cover, checkCover(cover),
		func() error { return g.store.PutCover(id, cover) }, func(c *camera) { c.setCover(cover) }})
}

func checkCover(cover string) error {
	if !slices.Contains(config.Covers, cover) {
		return api.Refuse(api.CodeInvalid, text.CoverUnknown, cover)
	}
	return nil
}

func (c *camera) setCover(cover string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cover = cover
}

func (c *camera) coverNow() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cover
}

// covered adds what a camera's cover asks for: a moving zone over the whole
// picture. No consent counts in such a zone.
func covered(zones []zone.Zone, cover string) []zone.Zone {
	if cover != config.CoverMoving {
		return zones
	}
	all := zone.Everything()
	all.Kind = zone.Moving
	return append(slices.Clone(zones), all)
}
