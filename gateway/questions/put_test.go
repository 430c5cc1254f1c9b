package questions

import (
	"context"
	"errors"
	"testing"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// full is a disk that takes nothing more of the site.
type full struct{ place }

type place = Site // as a field, Site would hide the method

var errFull = errors.New("no room")

func (full) SetSite(context.Context, policy.Site) error { return errFull }

// counted counts what is stored of cameras.
type counted struct {
	Cameras
	stored int
}

func (c *counted) SetFacts(context.Context, media.CameraID, policy.Camera) error {
	c.stored++
	return nil
}

// What cannot be stored ends the answer: nothing that comes after it is stored.
func TestWhatCannotBeStoredEndsTheAnswer(t *testing.T) {
	cameras := &counted{}
	g := &Guide{Site: full{}, Cameras: cameras}
	err := g.keep(t.Context(), &list[0], change{site: &policy.Site{}, cameras: map[media.CameraID]policy.Camera{"gate": {}, "hall": {}}})
	if !errors.Is(err, errFull) || cameras.stored > 0 {
		t.Errorf("%v, %d cameras stored", err, cameras.stored)
	}
}
