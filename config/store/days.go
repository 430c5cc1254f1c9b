package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Day is what one camera delivered on one day, in seconds.
type Day struct {
	Day    civil.Date     `json:"day"`
	Camera media.CameraID `json:"camera"`
	// Protected: viewers got masked frames. Gap: the camera sent, but no
	// frame was vouched for and viewers got the slate. Offline: it sent nothing.
	Protected float64 `json:"protected_s"`
	Gap       float64 `json:"gap_s"`
	Offline   float64 `json:"offline_s"`
}

// Add adds the seconds of another day or camera.
func (d *Day) Add(o Day) {
	d.Protected, d.Gap, d.Offline = d.Protected+o.Protected, d.Gap+o.Gap, d.Offline+o.Offline
}

// maxDays bounds how long days are kept.
const maxDays = 1100 // three years

// AddDays adds seconds to the days' figures, and forgets days that are older
// than three years.
func (s *Store) AddDays(now time.Time, days ...Day) error {
	return s.update("days", func(tx *bbolt.Tx) error {
		b := tx.Bucket(daysBucket)
		for _, d := range days {
			key := under(string(d.Day), string(d.Camera))
			var sum Day
			_ = json.Unmarshal(b.Get(key), &sum) // a damaged one starts at zero
			sum.Add(d)
			sum.Day, sum.Camera = d.Day, d.Camera
			v, err := json.Marshal(sum)
			if err := errors.Join(err, b.Put(key, v)); err != nil {
				return err
			}
		}
		return forgetDays(b, civil.Of(now).After(-maxDays))
	})
}

func forgetDays(b *bbolt.Bucket, before civil.Date) error {
	c := b.Cursor()
	for k, _ := c.First(); k != nil && bytes.Compare(k, []byte(before)) < 0; k, _ = c.First() {
		if err := c.Delete(); err != nil {
			return err
		}
	}
	return nil
}

// Days returns the figures from one day to another, both included, by day
// and camera.
func (s *Store) Days(from, to civil.Date) (all []Day, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket(daysBucket).Cursor()
		for k, v := c.Seek([]byte(from)); k != nil && bytes.Compare(k, under(string(to), "\xff")) < 0; k, v = c.Next() {
			var d Day
			if err := json.Unmarshal(v, &d); err != nil {
				return text.Fail(ErrUnreadable, text.StoreEntry, string(k), err)
			}
			all = append(all, d)
		}
		return nil
	})
	return all, err
}
