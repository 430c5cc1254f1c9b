package gateway

import (
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// setZones replaces a camera's zones, as an administrator does one by one.
func (g *Gateway) setZones(id media.CameraID, zones []zone.Zone) {
	old, err := g.store.Zones(id)
	for _, z := range old {
		if err == nil {
			err = g.store.DeleteZone(id, z.ID)
		}
	}
	for _, z := range zones {
		if err == nil {
			err = g.store.PutZone(id, z, true)
		}
	}
	if err != nil {
		panic("zones of a test: " + err.Error())
	}
	g.hiding.load(id)
	g.consents.refresh()
}
