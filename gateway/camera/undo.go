package camera

import (
	"context"
	"errors"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// again is what puts back what was removed; nil: nothing does.
type again = func(context.Context) error

// taken is a camera that was removed, with what had named it.
type taken struct {
	store.Taken
	logins func() error
	sealed again
}

// keep looks at a camera before it is removed; nil where it could not come back. The caller
// holds admin.
func (cs *Set) keep(id media.CameraID, c *camera, at time.Time) *taken {
	if !c.cfg.stored {
		return nil
	}
	kept, err := cs.cfg.Store.TakeCamera(id, at)
	if err != nil {
		return nil
	}
	return &taken{kept, cs.cfg.Again(id), cs.cfg.Sealed.Again(id)}
}

// restore puts a removed camera back with its areas, facts and login, under its id and address.
// What it hides is there before it runs.
func (cs *Set) restore(ctx context.Context, id media.CameraID, was *taken) error {
	cs.admin.Lock()
	defer cs.admin.Unlock()
	cs.keeping.Lock()
	defer cs.keeping.Unlock()
	if _, err := cs.admit(id, cs.camera(id), false); err != nil {
		return err
	}
	if err := cs.cfg.Store.PutBack(was.Taken); err != nil {
		return api.FromStore(err)
	}
	rec, err := cs.cfg.Store.Camera(id)
	if err == nil {
		_, err = cs.launch(rec, true)
	}
	if err != nil {
		return errors.Join(err, cs.cfg.Store.RemoveCamera(id, was.At))
	}
	cs.cfg.Log.Info("camera restored", "camera", string(id))
	err = cs.cfg.Audit.Did(ctx, audit.CameraAdded, audit.Camera(id), "restored=true", &audit.Event{Type: audit.EventCameraAdded, Camera: id})
	err = errors.Join(err, was.logins())
	if was.sealed != nil {
		err = errors.Join(err, was.sealed(ctx))
	}
	return err
}

// TakeZone removes a zone as RemoveZone does. One of which nobody has confirmed the purposes does
// not come back: putting it back would confirm them.
func (cs *Set) TakeZone(ctx context.Context, id media.CameraID, name string) (again, error) {
	z, has, _ := cs.masking.find(id, name)
	of, unknown := cs.cfg.Store.Camera(id)
	if err := cs.RemoveZone(ctx, id, name); err != nil || !has || z.Assumed || unknown != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		if now, err := cs.cfg.Store.Camera(id); err != nil || !now.Created.Equal(of.Created) { // another one came by its name
			return api.Refuse(api.CodeNotFound, text.UndoOver)
		}
		return cs.PutZone(ctx, id, api.NewZone{Zone: z})
	}, nil
}
