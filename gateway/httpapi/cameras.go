package httpapi

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/forms"
	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/hls"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/lock"
	"github.com/bauta-gateway/bauta/gateway/undo"
	"github.com/bauta-gateway/bauta/gateway/whep"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// cameraHandlers answer for the cameras.
type cameraHandlers struct {
	set      *camera.Set
	previews *whep.Server
	hls      *hls.Server
	undo     *undo.Room
	edits    *route.Edits
}

func (h cameraHandlers) bind(r *route.Routes) {
	r.HandleFunc("POST /v1/cameras", route.Answer(http.StatusCreated, h.add))
	r.HandleFunc("POST /v1/cameras/test", route.Answer(http.StatusOK, h.test))
	r.HandleFunc("POST /v1/cameras/{id}/test", route.Answer(http.StatusOK, h.testStored))
	r.HandleFunc("GET /v1/cameras/{id}", route.Answer(http.StatusOK, h.settings))
	r.HandleFunc("PUT /v1/cameras/{id}", route.Answer(http.StatusOK, h.change))
	r.HandleFunc("DELETE /v1/cameras/{id}", route.Answer(http.StatusOK, h.remove))
	r.HandleFunc("GET /v1/cameras/{id}/facts", route.Read(h.facts))
	r.HandleFunc("PUT /v1/cameras/{id}/facts", h.edits.Change(h.facts, route.Answer(http.StatusOK, h.setFacts)))
	r.HandleFunc("GET /v1/cameras/{id}/snapshot", route.Answer(http.StatusOK, h.snapshot))
	r.HandleFunc("GET /v1/cameras/{id}/snapshot.jpg", h.snapshotJPEG)
	r.HandleFunc("PUT /v1/cameras/{id}/cover", h.edits.Change(h.now(func(c api.CameraStatus) any { return c.Cover }), route.Answer(http.StatusOK, h.setCover)))
	r.HandleFunc("PUT /v1/cameras/{id}/mounting", h.edits.Change(h.now(func(c api.CameraStatus) any { return string(c.Mounting) }), route.Answer(http.StatusOK, h.setMounting)))
	r.HandleFunc("PUT /v1/cameras/{id}/trust", route.Answer(http.StatusOK, h.setTrust))
	r.HandleFunc("DELETE /v1/cameras/{id}/level", route.Answer(http.StatusOK, h.resetLevel))
	r.HandleFunc("GET /v1/cameras/{id}/history", route.Answer(http.StatusOK, h.history))
	r.HandleFunc("GET /v1/cameras/{id}/walktest", route.Answer(http.StatusOK, h.walkTest))
	r.HandleFunc("POST /v1/cameras/{id}/walktest", route.Answer(http.StatusCreated, h.startWalkTest))
	r.HandleLarge("POST /v1/cameras/{id}/whep", maxOffer, h.preview)
	r.HandleFunc("GET /v1/cameras/{id}/hls/{stream}/{file}", h.playlist)
	r.HandleFunc("OPTIONS /v1/cameras/{id}/whep", h.iceServers)
	r.HandleFunc("DELETE /v1/whep/{session}", route.Answer(http.StatusOK, h.endPreview))
}

func (h cameraHandlers) add(r *http.Request) (any, error) {
	var in api.NewCamera
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	return h.set.Add(r.Context(), in)
}

func (h cameraHandlers) remove(r *http.Request) (any, error) {
	id, err := route.CameraID(r)
	if err != nil {
		return nil, err
	}
	again, err := h.set.Remove(r.Context(), id)
	if err != nil {
		return nil, err
	}
	return api.Removed{Undo: h.undo.Offer(r.Context(), again)}, nil
}

// now is something of a camera as its status says it, a word that a change can name as what it
// replaces.
func (h cameraHandlers) now(of func(api.CameraStatus) any) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		id, err := h.known(r)
		for _, c := range h.set.Statuses() {
			if c.ID == id {
				return of(c), err
			}
		}
		return nil, err
	}
}

func (h cameraHandlers) test(r *http.Request) (any, error) {
	var in api.NewCamera
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	return h.set.Test(r.Context(), in)
}

func (h cameraHandlers) settings(r *http.Request) (any, error) {
	id, err := route.CameraID(r)
	if err != nil {
		return nil, err
	}
	return h.set.Settings(id)
}

func (h cameraHandlers) change(r *http.Request) (any, error) {
	var in api.CameraChange
	id, err := route.BodyFor(r, &in)
	if err != nil {
		return nil, err
	}
	return h.set.Change(r.Context(), id, in)
}

func (h cameraHandlers) testStored(r *http.Request) (any, error) {
	var in api.CameraChange
	id, err := route.BodyFor(r, &in)
	if err != nil && !errors.Is(err, io.EOF) { // no body at all will do
		return nil, err
	}
	return h.set.TestChange(r.Context(), id, in)
}

func (h cameraHandlers) facts(r *http.Request) (any, error) {
	id, err := route.CameraID(r)
	if err != nil {
		return nil, err
	}
	return h.set.Facts(id)
}

func (h cameraHandlers) setFacts(r *http.Request) (any, error) {
	var in policy.Camera
	id, err := route.BodyFor(r, &in)
	if err != nil {
		return nil, err
	}
	return struct{}{}, h.set.SetFacts(r.Context(), id, in)
}

func (h cameraHandlers) setCover(r *http.Request) (any, error) {
	var in api.NewCover
	id, err := route.BodyFor(r, &in)
	if err != nil {
		return nil, err
	}
	return struct{}{}, h.set.SetCover(r.Context(), id, in.Cover)
}

func (h cameraHandlers) setMounting(r *http.Request) (any, error) {
	var in api.NewMounting
	id, err := route.BodyFor(r, &in)
	if err != nil {
		return nil, err
	}
	return struct{}{}, h.set.SetMounting(r.Context(), id, in.Mounting)
}

func (h cameraHandlers) setTrust(r *http.Request) (any, error) {
	var in api.NewTrust
	id, err := route.BodyFor(r, &in)
	if err != nil {
		return nil, err
	}
	return struct{}{}, h.set.SetTrust(r.Context(), id, in)
}

func (h cameraHandlers) resetLevel(r *http.Request) (any, error) {
	id, err := route.CameraID(r)
	if err != nil {
		return nil, err
	}
	return struct{}{}, h.set.ResetLevel(r.Context(), id)
}

func (h cameraHandlers) snapshot(r *http.Request) (any, error) {
	id, err := route.CameraID(r)
	if err != nil {
		return nil, err
	}
	return h.set.Snapshot(r.Context(), id)
}

func (h cameraHandlers) snapshotJPEG(w http.ResponseWriter, r *http.Request) {
	id, err := route.CameraID(r)
	var s api.Snapshot
	if err == nil {
		s, err = h.set.Snapshot(r.Context(), id)
	}
	if err != nil {
		route.RefuseTo(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	_, _ = w.Write(s.JPEG) // the client may be gone
}

func (h cameraHandlers) history(r *http.Request) (any, error) {
	id, err := h.known(r)
	if err != nil {
		return nil, err
	}
	hours := 24
	if s := r.URL.Query().Get("hours"); s != "" {
		if hours, err = strconv.Atoi(s); err != nil || hours < 1 || hours > camera.HistoryHours {
			return nil, api.Refuse(api.CodeInvalid, text.ConfigRange, "hours", s, "1", strconv.Itoa(camera.HistoryHours), "24")
		}
	}
	return h.set.History(id, hours)
}

// known is the camera of a path.
func (h cameraHandlers) known(r *http.Request) (media.CameraID, error) {
	id, err := route.CameraID(r)
	if err == nil && (!h.set.Has(id) || !identity.Sees(r.Context(), id)) {
		err = api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	return id, err
}

func (h cameraHandlers) walkTest(r *http.Request) (any, error) {
	id, err := route.CameraID(r)
	if err != nil {
		return nil, err
	}
	return h.set.WalkTest(id)
}

func (h cameraHandlers) startWalkTest(r *http.Request) (any, error) {
	id, err := h.known(r)
	if err != nil {
		return nil, err
	}
	var in api.NewWalkTest
	if err := route.Body(r, &in); err != nil && !errors.Is(err, io.EOF) { // no body at all will do
		return nil, err
	}
	return h.set.StartWalkTest(r.Context(), id, in.Seconds)
}

// lockHandlers answer for the accounts at cameras.
type lockHandlers struct {
	locks    *lock.Locks
	gateway  string
	zone     func() *time.Location // of the site
	printer  document.Printer
	printing *sync.Mutex // held by one PDF at a time: the font takes memory
}

func (h lockHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/cameras/{id}/lock", route.Answer(http.StatusOK, h.status))
	r.HandleFunc("POST /v1/cameras/{id}/accounts", route.Answer(http.StatusOK, h.accounts))
	r.HandleFunc("POST /v1/cameras/{id}/lock", route.Answer(http.StatusOK, h.lock))
	r.HandleFunc("POST /v1/cameras/{id}/unlock", route.Answer(http.StatusOK, h.unlock))
}

func (h lockHandlers) status(r *http.Request) (any, error) {
	id, err := route.CameraID(r)
	if err != nil {
		return nil, err
	}
	return h.locks.Status(id)
}

func (h lockHandlers) accounts(r *http.Request) (any, error) {
	var in api.AccountsRequest
	id, err := route.BodyFor(r, &in)
	if err != nil {
		return nil, err
	}
	return h.locks.Accounts(r.Context(), id, in.Address)
}

func (h lockHandlers) lock(r *http.Request) (any, error) {
	var in api.LockRequest
	id, err := route.BodyFor(r, &in)
	if err == nil {
		err = checkSheet(in.Format)
	}
	if err != nil {
		return nil, err
	}
	done, err := h.locks.Lock(r.Context(), id, in)
	if err != nil {
		return nil, err
	}
	return h.printed(r, done, in.Format)
}

func (h lockHandlers) unlock(r *http.Request) (any, error) {
	var in api.UnlockRequest
	id, err := route.BodyFor(r, &in)
	if err != nil {
		return nil, err
	}
	done, err := h.locks.Unlock(r.Context(), id, in.Forget)
	if err != nil {
		return nil, err
	}
	return resultOf(r, done), nil
}

// checkSheet refuses a format before any password is changed.
func checkSheet(format string) error {
	if format != "" && format != string(document.HTML) && format != string(document.PDF) {
		return api.Refuse(api.CodeInvalid, text.LockFormat, format)
	}
	return nil
}

// resultOf is what became of the accounts, without passwords.
func resultOf(r *http.Request, done lock.Result) api.LockResult {
	out := api.LockResult{Accounts: []string{}}
	for _, f := range done.Failed {
		out.Failed = append(out.Failed, api.AccountFailed{Name: f.Name, Message: text.Explain(route.Lang(r), f.Err)})
	}
	for _, a := range done.Accounts {
		out.Accounts = append(out.Accounts, a.Name)
	}
	return out
}

// printed adds the recovery sheet: as a page where a PDF does not work here, for the
// passwords are given once.
func (h lockHandlers) printed(r *http.Request, done lock.Result, format string) (api.LockResult, error) {
	out := resultOf(r, done)
	out.Format = cmp.Or(format, string(document.HTML))
	h.printing.Lock()
	defer h.printing.Unlock()
	sheet := forms.Sheet(h.gateway, done.Camera, done.Accounts, time.Now().In(h.zone()), route.Lang(r))
	var page bytes.Buffer
	err := h.printer.Print(&page, sheet, document.Format(out.Format))
	if err != nil {
		page.Reset()
		out.Format = string(document.HTML)
		err = h.printer.Print(&page, sheet, document.HTML)
	}
	out.Sheet = page.Bytes()
	return out, err
}
