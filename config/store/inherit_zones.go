package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/config/zone/drawing"
)

// carryZones keeps, in the cameras that the backup knows, all zones of the old
// database that hide something. Where the backup has another one of that name both hold.
func carryZones(tx *bbolt.Tx, old *bbolt.Bucket, done *Restored) error {
	if old == nil {
		return nil
	}
	return old.ForEach(func(key, v []byte) error { return carryZone(tx, key, v, done) })
}

func carryZone(tx *bbolt.Tx, key, v []byte, done *Restored) error {
	camera, name, _ := strings.Cut(string(key), "/")
	var z storedZone
	if tx.Bucket(camerasBucket).Get([]byte(camera)) == nil || json.Unmarshal(v, &z) == nil && !hides(z.Kind) {
		return nil // one that cannot be read may have been private
	}
	zones := tx.Bucket(zonesBucket)
	if hasZone(zones, camera, v) {
		return nil
	}
	done.Zones++
	var is storedZone
	for n := 2; ; n++ {
		there := zones.Get(key)
		if there == nil || json.Unmarshal(there, &is) == nil && !hides(is.Kind) {
			return zones.Put(key, bytes.Clone(v))
		}
		end := fmt.Sprintf("-%d", n)
		key = under(camera, strings.TrimRight(name[:min(len(name), drawing.MaxID-len(end))], "-")+end)
	}
}

// hasZone tells whether a camera has this very zone, under whatever name.
func hasZone(zones *bbolt.Bucket, camera string, v []byte) (has bool) {
	_ = eachUnder(zones, camera, func(_ string, there []byte) error {
		has = has || bytes.Equal(there, v)
		return nil
	})
	return has
}

// hides tells whether a zone of this kind hides what is in it.
func hides(kind zone.Kind) bool {
	return kind == zone.Private || kind == zone.Masked || kind == zone.Moving
}

// salvageZones keeps the private zones that a damaged file still holds, also those
// of old pages: one that was removed since is removed again by hand.
func salvageZones(tx *bbolt.Tx, file *os.File, done *Restored) (err error) {
	found := salvage(file, func(key, v []byte) {
		camera, name, ok := strings.Cut(string(key), "/")
		var z storedZone
		if !ok || err != nil || json.Unmarshal(v, &z) != nil || z.Kind != zone.Private {
			return
		}
		if drawing.Check(zone.Zone{ID: name, Kind: z.Kind, Points: z.Points}) != nil || countUnder(tx.Bucket(zonesBucket), camera) >= drawing.MaxZones {
			return
		}
		err = carryZone(tx, key, v, done)
	})
	if err == nil {
		err = found
	}
	return err
}
