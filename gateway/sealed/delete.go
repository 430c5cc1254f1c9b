package sealed

import (
	"context"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// deletionsSetting is where the store keeps who asked for a deletion, until another account does.
const deletionsSetting = "sealed.deletions"

// askedWithin is how long the first of the two waits for the second.
const askedWithin = 7 * 24 * time.Hour

// asked is the first of the two who have footage deleted.
type asked struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Delete deletes all sealed footage of a camera before its term, and reports whether it did: only of a camera in a
// place where none may be, whose footage the law wants gone (Decree 799, Article 8), and only once a second account
// asks for it too. The first one's question is kept for a week.
func (r *Room) Delete(ctx context.Context, id media.CameraID) (bool, error) {
	if !r.Prohibited(id) {
		return false, text.Fail(store.ErrInvalid, text.SealedNotProhibited, id)
	}
	if who, ok := identity.Who(ctx); ok && who.User == "" {
		return false, text.Fail(store.ErrInvalid, text.SealedNoPerson)
	}
	r.changing.Lock()
	second, err := r.second(identity.Actor(ctx), id)
	r.changing.Unlock()
	if err != nil {
		return false, err
	}
	if !second {
		return false, r.Audit.Did(ctx, audit.SealedDeletion, audit.Camera(id), "first", nil)
	}
	if err := r.Audit.Did(ctx, audit.SealedDeletion, audit.Camera(id), "second", nil); err != nil {
		return false, err
	}
	if err := r.Unset(ctx, id); err != nil {
		return false, err
	}
	if err := r.erase(id); err != nil {
		return false, err
	}
	return true, r.forget(id)
}

// forget drops the first one's question once it was done.
func (r *Room) forget(id media.CameraID) error {
	r.changing.Lock()
	defer r.changing.Unlock()
	all := r.deletions()
	delete(all, id)
	return r.Store.KeepSetting(deletionsSetting, all)
}

func (r *Room) deletions() map[media.CameraID]asked {
	all := map[media.CameraID]asked{}
	_ = r.Store.LoadSetting(deletionsSetting, &all) // without it both have to ask again
	return all
}

// second reports whether another account asked before, and keeps the question where none did.
func (r *Room) second(by string, id media.CameraID) (bool, error) {
	all := r.deletions()
	first, waits := all[id]
	if waits = waits && time.Since(first.At) < askedWithin; waits && first.By == by {
		return false, text.Fail(store.ErrInvalid, text.SealedDeletionSame, id)
	}
	if waits {
		return true, nil
	}
	all[id] = asked{by, time.Now().UTC().Truncate(time.Second)}
	return false, r.Store.KeepSetting(deletionsSetting, all)
}

// erase deletes all blocks of a camera, the oldest first.
func (r *Room) erase(id media.CameraID) error {
	if err := r.disk.check(); err != nil {
		return err
	}
	f, err := load(r.Folder, id)
	if err != nil {
		return err
	}
	for len(f.blocks) > 0 {
		if err := r.goes(id, upTo{f.blocks[0].Last, f.blocks[0].Sum}); err != nil {
			return err
		}
		if err := f.drop(); err != nil {
			return err
		}
	}
	return nil
}
