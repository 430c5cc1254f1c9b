package camera

import (
	"context"
	"errors"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// FactsOf returns what is said of a camera and whether it may be connected to.
// Where that cannot be read, the place may be a prohibited one: it may not.
func (cs *Set) FactsOf(id media.CameraID) (facts policy.Camera, blocked bool) {
	facts, err := cs.cfg.Store.Facts(id)
	if err != nil {
		cs.cfg.Log.Error("what was said of a camera cannot be read, so it is not connected to: remove the camera and add it again", "camera", string(id), "error", err)
		return facts, true
	}
	return facts, facts.Place.Prohibited()
}

// refusePlace names the clauses that keep a camera out of its place, item by item.
func (cs *Set) refusePlace(id media.CameraID, place policy.Place) error {
	return api.Refuse(api.CodeProhibited, text.PolicyProhibited, id, cs.cfg.Packs().Prohibitions(place), place.Word())
}

// refuseBlocked says why a camera cannot be changed or tried: it is to be
// dismantled and removed, and then the violation to be closed.
func refuseBlocked(id media.CameraID) error {
	return api.Refuse(api.CodeProhibited, text.PolicyBlocked, id)
}

// Facts returns what is said of a camera.
func (cs *Set) Facts(id media.CameraID) (policy.Camera, error) {
	if cs.camera(id) == nil {
		return policy.Camera{}, api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	return cs.cfg.Store.Facts(id)
}

// SetFacts replaces what is said of a camera. With a prohibited place the camera is
// disconnected at once and stays blocked; the error names the clause.
func (cs *Set) SetFacts(ctx context.Context, id media.CameraID, facts policy.Camera) error {
	c := cs.camera(id)
	switch {
	case c == nil:
		return api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	case c.isForbidden():
		return refuseBlocked(id)
	}
	if err := facts.Check(); err != nil {
		return api.Because(api.CodeInvalid, err)
	}
	write := func() error { return cs.keepFacts(id, facts) }
	record := func() error {
		return cs.cfg.Audit.Did(ctx, audit.CameraFacts, audit.Camera(id), "place="+string(facts.Place)+" purpose="+facts.Purpose, nil)
	}
	if !facts.Place.Prohibited() {
		return cs.relax(ctx, id, "facts", write, record)
	}
	c.forbid()
	cs.found(id, facts.Place)
	if err := cs.hideMore(id, "facts", &hide{}, write, record).Within(change.Within); err != nil && !errors.Is(err, api.ErrUnstored) {
		return err
	}
	return cs.refusePlace(id, facts.Place)
}

// keepFacts stores what is said of a camera. What was said of a prohibited place stands:
// it holds for the camera that runs by then, too, and nothing said before takes it back.
func (cs *Set) keepFacts(id media.CameraID, facts policy.Camera) error {
	cs.keeping.Lock()
	defer cs.keeping.Unlock()
	now, prohibited := cs.camera(id), facts.Place.Prohibited()
	switch {
	case prohibited: // stored whatever became of the camera
	case now == nil:
		return api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	case now.isForbidden():
		return refuseBlocked(id)
	}
	if err := cs.cfg.Store.PutFacts(id, facts); err != nil {
		return err
	}
	if prohibited && now != nil && !now.isForbidden() {
		now.forbid()
	}
	return nil
}

// putFacts keeps what is said of a camera when it is added. A replaced one
// keeps what was said before and is not said anew.
func (cs *Set) putFacts(id media.CameraID, n api.NewCamera) error {
	facts := policy.Camera{}
	if n.Replace {
		said, blocked := cs.FactsOf(id)
		if blocked { // one that does not run, or an unreadable place
			return refuseBlocked(id)
		}
		facts = said
	}
	if n.Place != "" {
		facts.Place = n.Place
	}
	if n.Purpose != "" {
		facts.Purpose = n.Purpose
	}
	return api.FromStore(cs.cfg.Store.PutFacts(id, facts))
}
