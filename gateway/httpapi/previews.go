package httpapi

import (
	"errors"
	"io"
	"net/http"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/hls"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/whep"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// maxOffer bounds a browser's offer in bytes; a usual one has 5,000.
const maxOffer = 64 << 10

// preview answers a browser's offer with the way to the masked stream. The
// preview ends with the login.
func (h cameraHandlers) preview(w http.ResponseWriter, r *http.Request) {
	id, err := h.stream(r, r.URL.Query().Get("stream"))
	var offer []byte
	if err == nil {
		offer, err = io.ReadAll(r.Body)
	}
	var sdp, name string
	if err == nil {
		sdp, name, err = h.previews.Offer(r.Context(), id, connlimit.Source(r.RemoteAddr), string(offer))
	}
	if err != nil {
		route.RefuseTo(w, r, previewError(err))
		return
	}
	forget := identity.OnEnd(r.Context(), func() { h.previews.End(name) })
	h.previews.WhenOver(name, func() { forget() })
	w.Header().Set("Content-Type", "application/sdp")
	w.Header().Set("Location", "/api/v1/whep/"+name)
	w.Header()["Link"] = h.previews.Links()
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, sdp) // without it the session ends by itself
}

// iceServers names the ICE servers to a player before its offer.
func (h cameraHandlers) iceServers(w http.ResponseWriter, r *http.Request) {
	if _, err := h.known(r); err != nil {
		route.RefuseTo(w, r, err)
		return
	}
	w.Header().Set("Accept-Post", "application/sdp")
	w.Header()["Link"] = h.previews.Links()
	w.WriteHeader(http.StatusNoContent)
}

// stream is one of the streams of the camera that the path names; "" is the main one.
func (h cameraHandlers) stream(r *http.Request, name string) (media.StreamID, error) {
	id, err := h.known(r)
	switch {
	case err != nil:
	case identity.IsDisplay(r.Context()) && name != "sub":
		err = api.Refuse(api.CodeForbidden, text.DisplaySub)
	case name == "sub":
		return media.StreamID{Camera: id, Sub: true}, nil
	case name != "" && name != "main":
		err = api.Refuse(api.CodeInvalid, text.APINoStream, name)
	}
	return media.StreamID{Camera: id}, err
}

// playlist answers with a file of a stream's HLS. A request that waits ends with the login.
func (h cameraHandlers) playlist(w http.ResponseWriter, r *http.Request) {
	id, err := h.stream(r, r.PathValue("stream"))
	if err != nil {
		route.RefuseTo(w, r, err)
		return
	}
	who, _ := identity.Who(r.Context())
	source := connlimit.Source(r.RemoteAddr)
	by := hls.Viewer{Name: who.ID + "@" + source, Source: source}
	h.hls.Serve(w, r, id, r.PathValue("file"), by, func(err error) { route.RefuseTo(w, r, hlsError(err)) })
}

func hlsError(err error) error {
	switch {
	case errors.Is(err, hls.ErrNotFound):
		return api.Because(api.CodeNotFound, err)
	case errors.Is(err, hls.ErrBusy), errors.Is(err, hls.ErrNoFrame), errors.Is(err, hls.ErrClosed):
		return api.Because(api.CodeBusy, err)
	}
	return err
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

func (h cameraHandlers) endPreview(r *http.Request) (any, error) {
	name := r.PathValue("session")
	if id, known := h.previews.Camera(name); !known || !identity.Sees(r.Context(), id) {
		return nil, api.Refuse(api.CodeNotFound, text.APINoPreview)
	}
	h.previews.End(name)
	return struct{}{}, nil
}
