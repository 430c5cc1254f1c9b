package httpapi

import (
	"errors"
	"net/http"
	"time"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	originals "github.com/bauta-gateway/bauta/gateway/sealed"
)

// sealedHandlers answer for the sealed originals.
type sealedHandlers struct{ room *originals.Room }

func (h sealedHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/sealed", route.Answer(http.StatusOK, h.list))
	r.HandleFunc("GET /v1/sealed/keys", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return h.room.Keys() }))
	r.HandleFunc("PUT /v1/sealed/keys", route.Answer(http.StatusOK, h.setKeys))
	r.HandleFunc("GET /v1/sealed/heads", route.Answer(http.StatusOK, h.heads))
	r.HandleFunc("POST /v1/sealed/disk", route.Answer(http.StatusOK, h.disk))
	r.HandleFunc("PUT /v1/cameras/{id}/sealed", route.Answer(http.StatusOK, h.set))
	r.HandleFunc("DELETE /v1/cameras/{id}/sealed", route.Answer(http.StatusOK, h.unset))
	r.HandleFunc("POST /v1/cameras/{id}/sealed/deletion", route.Answer(http.StatusOK, h.delete))
}

func (h sealedHandlers) list(*http.Request) (any, error) {
	out := api.Sealed{Cameras: []api.SealedCamera{}}
	if keys, err := h.room.Keys(); err == nil && len(keys[0].Holders) > 0 {
		out.Keys = keys.ID()
	}
	for _, s := range h.room.Status() {
		out.Cameras = append(out.Cameras, api.SealedCamera{
			Camera: s.Camera, Days: s.Days, Why: s.Why, Sealing: s.Sealing, Fault: s.Fault, From: moment(s.From), To: moment(s.To),
			Segments: s.Segments, Torn: s.Torn, Bytes: s.Size, Gaps: s.Gaps, MissingS: s.Missing.Seconds(), SilentS: s.Silent.Seconds(),
			Dropped: s.Dropped, Changed: s.Changed, LastsDays: s.Forecast.Hours() / 24,
		})
	}
	return out, nil
}

// moment is nil for none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (h sealedHandlers) setKeys(r *http.Request) (any, error) {
	var in sealed.Keys
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	if err := h.room.SetKeys(r.Context(), in); errors.Is(err, sealed.ErrKeys) {
		return nil, api.Because(api.CodeInvalid, err)
	} else if err != nil {
		return nil, err
	}
	return struct{}{}, nil
}

func (h sealedHandlers) set(r *http.Request) (any, error) {
	var in api.NewSealed
	id, err := route.BodyFor(r, &in)
	if err != nil {
		return nil, err
	}
	return struct{}{}, h.room.Set(r.Context(), id, originals.Setting{Days: in.Days, Why: in.Why})
}

func (h sealedHandlers) unset(r *http.Request) (any, error) {
	id, err := route.CameraID(r)
	if err != nil {
		return nil, err
	}
	return struct{}{}, h.room.Unset(r.Context(), id)
}

func (h sealedHandlers) delete(r *http.Request) (any, error) {
	id, err := route.CameraID(r)
	if err != nil {
		return nil, err
	}
	deleted, err := h.room.Delete(r.Context(), id)
	return api.SealedDeletion{Deleted: deleted}, err
}

func (h sealedHandlers) heads(*http.Request) (any, error) { return h.room.Heads() }

func (h sealedHandlers) disk(r *http.Request) (any, error) {
	return struct{}{}, h.room.AcceptDisk(r.Context())
}
