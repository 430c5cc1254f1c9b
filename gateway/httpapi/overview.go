package httpapi

import (
	"context"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// maxStills bounds the cameras of one answer, stillsAtOnce the answers that are made at one
	// time, and stillsWait how long the slowest camera is waited for.
	maxStills    = 16
	stillsAtOnce = 2
	stillsWait   = 3 * time.Second
)

// overviewHandlers answer for all cameras at once.
type overviewHandlers struct {
	set    *camera.Set
	making chan struct{}
}

func (h overviewHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/overview", route.Answer(http.StatusOK, h.overview))
	r.HandleFunc("GET /v1/stills", h.stills)
}

func (h overviewHandlers) overview(*http.Request) (any, error) {
	return api.Overview{Cameras: append([]api.OverviewCamera{}, h.set.Overview()...)}, nil
}

// stills answers with a masked picture of each camera that is asked for and has one, as the
// parts of a form, which browsers take apart.
func (h overviewHandlers) stills(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()["camera"]
	if len(asked) == 0 || len(asked) > maxStills {
		route.RefuseTo(w, r, api.Refuse(api.CodeInvalid, text.APIStills, maxStills))
		return
	}
	select {
	case h.making <- struct{}{}:
		defer func() { <-h.making }()
	case <-r.Context().Done():
		return
	}
	parts := multipart.NewWriter(w)
	w.Header().Set("Content-Type", parts.FormDataContentType())
	for i, jpeg := range h.take(r.Context(), asked) {
		if jpeg == nil {
			continue
		}
		head := textproto.MIMEHeader{"Content-Type": {"image/jpeg"}, "Content-Disposition": {multipart.FileContentDisposition(asked[i], asked[i]+".jpg")}}
		if part, err := parts.CreatePart(head); err == nil {
			_, _ = part.Write(jpeg) // the client may be gone
		}
	}
	_ = parts.Close() // the same
}

// take asks all cameras beside one another; nil: there is no picture of that one in time.
func (h overviewHandlers) take(ctx context.Context, asked []string) [][]byte {
	ctx, cancel := context.WithTimeout(ctx, stillsWait)
	defer cancel()
	all := make([][]byte, len(asked))
	var asking sync.WaitGroup
	for i, name := range asked {
		id, err := media.ParseCameraID(name)
		if err != nil || !h.set.Has(id) {
			continue
		}
		asking.Go(func() {
			if s, err := h.set.Snapshot(ctx, id); err == nil {
				all[i] = s.JPEG
			}
		})
	}
	asking.Wait()
	return all
}
