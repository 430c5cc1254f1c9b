package gateway

import (
	"context"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/gateway/sealed"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func (g *Gateway) openSealed(context.Context) (err error) {
	c := g.o.Config
	g.rooms.sealed, err = sealed.Open(sealed.Config{
		Folder: c.SealedFolder(), Quota: int64(c.Sealed.QuotaGB) * 1e9, Store: g.storage.store, Audit: g.storage.audit,
		Prohibited: func(id media.CameraID) bool { return g.rooms.cameras.Prohibited(id) }, Has: func(id media.CameraID) bool { return g.rooms.cameras.Has(id) }, Log: g.o.Log,
	})
	return err
}

// sealedFacts are what the clauses look at of sealed originals.
func sealedFacts(room *sealed.Room) func() map[media.CameraID]policy.Sealed {
	return func() map[media.CameraID]policy.Sealed {
		all := map[media.CameraID]policy.Sealed{}
		for _, s := range room.Status() {
			if s.Days == 0 {
				continue // what there is of it stays for its term, and nothing is added
			}
			all[s.Camera] = policy.Sealed{
				Days: s.Days, Why: s.Why, Since: s.From, Stopped: s.Fault != "", Missing: s.Missing, Changed: s.Changed != 0, Lasts: int(s.Forecast.Hours() / 24),
			}
		}
		return all
	}
}
