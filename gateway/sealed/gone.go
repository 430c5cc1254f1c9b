package sealed

import (
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// goneSetting is where the store keeps up to which segment each camera's are gone.
const goneSetting = "sealed.gone"

// upTo is a segment, the last of those that are gone. The chain goes on after it, on whatever disk.
type upTo struct {
	Sequence uint64     `json:"sequence"`
	Sum      sealed.Sum `json:"sum"`
}

// gone is up to which segment a camera's were deleted, or stayed on a disk that was replaced; zero: none.
func (r *Room) gone(id media.CameraID) upTo { return r.allGone()[id] }

func (r *Room) allGone() map[media.CameraID]upTo {
	all := map[media.CameraID]upTo{}
	_ = r.Store.LoadSetting(goneSetting, &all) // without it what is missing is said to be
	return all
}

// goes writes down that a camera's footage goes up to a segment, before it does.
func (r *Room) goes(id media.CameraID, to upTo) error {
	r.going.Lock()
	defer r.going.Unlock()
	all := r.allGone()
	if to.Sequence <= all[id].Sequence {
		return nil // it was written down before what it said could be done
	}
	err := r.Audit.Write(audit.Record{Action: audit.SealedDeleted, Actor: audit.Gateway, Subject: audit.Camera(id), Detail: sealed.HeadDetail(to.Sequence, to.Sum)})
	if err != nil {
		return err
	}
	all[id] = to
	return r.Store.KeepSetting(goneSetting, all)
}

// missing is the first segment of a block that is not there: one at the front that is not gone lawfully, or one in
// between. 0: all are there.
func (r *Room) missing(id media.CameraID, blocks []block) uint64 {
	next := r.gone(id).Sequence + 1
	for _, b := range blocks {
		if b.First > next {
			return next
		}
		next = b.Last + 1
	}
	return 0
}
