package gateway

import (
	"errors"
	"io"
	"net/http"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/whep"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// maxOffer bounds a browser's offer in bytes; a usual one has 5,000.
const maxOffer = 64 << 10

// startPreviews prepares the live previews; nothing listens before the first.
func (g *Gateway) startPreviews(Options) (err error) {
	g.previews, err = whep.New(whep.Config{Log: g.log, KeyframeWanted: g.keyframeFor})
	return err
}

// keyframeFor asks a camera's worker for a picture that stands alone.
func (g *Gateway) keyframeFor(id media.CameraID) {
	if c := g.camera(id); c != nil {
		c.handle.RequestKeyframe()
	}
}

func (g *Gateway) previewRoutes(r *routes) {
	r.HandleLarge("POST /v1/cameras/{id}/whep", maxOffer, g.postWHEP)
	r.HandleFunc("DELETE /v1/whep/{session}", answer(http.StatusOK, g.deleteWHEP))
}

func (g *Gateway) deleteWHEP(r *http.Request) (any, error) {
	name := r.PathValue("session")
	if _, known := g.previews.Camera(name); !known {
		return nil, api.Refuse(api.CodeNotFound, text.APINoPreview)
	}
	g.previews.End(name)
	return struct{}{}, nil
}

// postWHEP answers a browser's offer with the way to the masked stream. The
// preview ends with the login.
func (g *Gateway) postWHEP(w http.ResponseWriter, r *http.Request) {
	id, err := g.knownCamera(r)
	var offer []byte
	if err == nil {
		offer, err = io.ReadAll(r.Body)
	}
	var sdp, name string
	if err == nil {
		sdp, name, err = g.previews.Offer(r.Context(), id, connlimit.Source(r.RemoteAddr), string(offer))
	}
	if err != nil {
		refuseTo(w, r, previewError(err))
		return
	}
	forget := console.OnEnd(r.Context(), func() { g.previews.End(name) })
	g.previews.WhenOver(name, func() { forget() })
	w.Header().Set("Content-Type", "application/sdp")
	w.Header().Set("Location", "/api/v1/whep/"+name)
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, sdp) // without it the session ends by itself
}

func previewError(err error) error {
	switch {
	case errors.Is(err, whep.ErrOffer), errors.Is(err, whep.ErrNoH264):
		return api.Because(api.CodeInvalid, err)
	case errors.Is(err, whep.ErrBusy), errors.Is(err, whep.ErrClosed):
		return api.Because(api.CodeBusy, err)
	}
	return err
}
