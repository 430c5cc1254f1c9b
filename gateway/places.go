package gateway

import (
	"context"
	"errors"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// pack is the rule pack in force.
func (g *Gateway) pack() *policy.Pack { return policy.Load(g.cfg.Policy.Pack) }

// factsOf returns what is said of a camera and whether it may be connected to.
// Where that cannot be read, the place may be a prohibited one: it may not.
func (g *Gateway) factsOf(id media.CameraID) (facts policy.Camera, blocked bool) {
	facts, err := g.store.Facts(id)
	if err != nil {
		g.log.Error("what was said of a camera cannot be read, so it is not connected to: remove the camera and add it again", "camera", string(id), "error", err)
		return facts, true
	}
	return facts, facts.Place.Prohibited()
}

// refusePlace names the clause that keeps a camera out of its place.
func (g *Gateway) refusePlace(id media.CameraID, place policy.Place) error {
	p := g.pack()
	return api.Refuse(api.CodeProhibited, text.PolicyProhibited, id, citation{p, p.Prohibition()}, place.Word())
}

// citation tells a clause in the reader's language: an error whose text is it.
type citation struct {
	pack   *policy.Pack
	clause policy.Clause
}

func (c citation) Error() string            { return c.In(text.EN) }
func (c citation) In(lang text.Lang) string { return c.pack.Cite(c.clause, lang) }

// refuseBlocked tells why a camera cannot be changed or tried: only its
// removal ends the violation.
func refuseBlocked(id media.CameraID) error {
	return api.Refuse(api.CodeProhibited, text.PolicyBlocked, id)
}

// Facts returns what is said of a camera.
func (g *Gateway) Facts(id media.CameraID) (policy.Camera, error) {
	if g.camera(id) == nil {
		return policy.Camera{}, api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	return g.store.Facts(id)
}

// SetFacts replaces what is said of a camera. With a prohibited place the
// camera is disconnected and stays blocked; the error names the clause.
func (g *Gateway) SetFacts(ctx context.Context, id media.CameraID, facts policy.Camera) error {
	g.admin.Lock()
	defer g.admin.Unlock()
	c := g.camera(id)
	switch {
	case c == nil:
		return api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	case c.cfg.blocked:
		return refuseBlocked(id)
	}
	if err := g.store.PutFacts(id, facts); err != nil {
		return api.FromStore(err)
	}
	err := g.trail.Did(ctx, audit.CameraFacts, subject(id), "place="+string(facts.Place)+" purpose="+facts.Purpose, nil)
	if !facts.Place.Prohibited() {
		return err
	}
	// Disconnected whatever becomes of the trail.
	if err := errors.Join(g.block(id, c), err); err != nil {
		return err
	}
	return g.refusePlace(id, facts.Place)
}

// block puts a camera that can only show the slate in the place of a running
// one; the caller holds admin.
func (g *Gateway) block(id media.CameraID, c *camera) error {
	cfg := c.cfg
	cfg.blocked, cfg.cover, cfg.mounting = true, c.coverNow(), c.mountingNow()
	g.drop(id, c)
	g.log.Error("camera is in a prohibited place and is not connected to", "camera", string(id))
	_, err := g.launchConfig(cfg)
	return err
}

// putFacts keeps what is said of a camera when it is added. A replaced one
// keeps what was said before and is not said anew.
func (g *Gateway) putFacts(id media.CameraID, n api.NewCamera) error {
	facts := policy.Camera{}
	if n.Replace {
		facts, _ = g.factsOf(id)
	}
	if n.Place != "" {
		facts.Place = n.Place
	}
	if n.Purpose != "" {
		facts.Purpose = n.Purpose
	}
	return api.FromStore(g.store.PutFacts(id, facts))
}

// Site returns what is said of the site.
func (g *Gateway) Site() (policy.Site, error) { return g.store.Site() }

// SetSite replaces it.
func (g *Gateway) SetSite(ctx context.Context, site policy.Site) error {
	g.admin.Lock()
	defer g.admin.Unlock()
	if err := g.store.PutSite(site); err != nil {
		return api.FromStore(err)
	}
	return g.trail.Did(ctx, audit.SiteChanged, "site", "class="+site.Class+" mode="+site.Mode, nil)
}
