package httpapi

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/forms"
	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/evaluation"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// formHandlers print forms, the notice and what stands on the sign.
type formHandlers struct {
	evaluation *evaluation.Evaluation
	printer    document.Printer
	printing   *sync.Mutex   // held by one PDF at a time: the font takes memory
	noticeURL  func() string // where this gateway serves the notice; empty: nowhere
}

func (h formHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/forms", route.Answer(http.StatusOK, listForms))
	r.HandleFunc("GET /v1/forms/{id}", h.form)
	r.HandleFunc("GET /v1/sign", route.Answer(http.StatusOK, h.sign))
	r.HandleFunc("GET /v1/sign/code", code)
	r.HandleFunc("GET /v1/notice", h.notice)
}

func listForms(*http.Request) (any, error) {
	all := []api.FormInfo{}
	for _, f := range forms.All() {
		all = append(all, api.FormInfo{Choice: api.Choice{ID: f.ID, Name: api.Words{EN: f.Name(text.EN), ZH: f.Name(text.ZhCN)}},
			About: api.Words{EN: f.About(text.EN), ZH: f.About(text.ZhCN)}, Persons: f.Persons})
	}
	return all, nil
}

// form prints one: ?lang=en|zh-CN&format=html|pdf|csv&names=1. What goes wrong is answered as
// an error: the whole is made first.
func (h formHandlers) form(w http.ResponseWriter, r *http.Request) {
	format := document.Format(r.URL.Query().Get("format"))
	if format == "" {
		format = document.HTML
	}
	body, err := h.printed(r, format)
	if err != nil {
		route.RefuseTo(w, r, err)
		return
	}
	head := w.Header()
	head.Set("Content-Type", format.Type())
	head.Set("Content-Security-Policy", document.ContentPolicy)
	if format != document.HTML {
		head.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="bauta-%s.%s"`, r.PathValue("id"), format))
	}
	_, _ = w.Write(body) // the client may be gone
}

func (h formHandlers) printed(r *http.Request, format document.Format) ([]byte, error) {
	q := r.URL.Query()
	if !slices.Contains(document.Formats, format) {
		return nil, api.Refuse(api.CodeInvalid, text.FormFormat, string(format))
	}
	lang := text.Pick(q.Get("lang"))
	if q.Get("lang") == "" {
		lang = route.Lang(r)
	}
	d, err := h.evaluation.Form(r.Context(), r.PathValue("id"), lang, q.Get("names") == "1")
	if err != nil {
		return nil, err
	}
	if format == document.PDF {
		h.printing.Lock()
		defer h.printing.Unlock()
	}
	var out bytes.Buffer
	err = h.printer.Print(&out, d, format)
	return out.Bytes(), err
}

// sign says what stands on the sign of some cameras: ?camera=gate&camera=hall.
func (h formHandlers) sign(r *http.Request) (any, error) {
	var cameras []media.CameraID
	for _, one := range r.URL.Query()["camera"] {
		id, err := media.ParseCameraID(one)
		if err != nil {
			return nil, api.Refuse(api.CodeInvalid, text.CameraIDForm, one, media.MaxCameraID)
		}
		cameras = append(cameras, id)
	}
	s := h.evaluation.Sign(cameras)
	return api.Sign{Unit: s.Unit, Contact: s.Contact, Purposes: s.Purposes, Days: s.Days, UpTo: s.UpTo, Masking: s.Masking, Link: s.Link, Here: h.noticeURL()}, nil
}

// maxAddress is how long an address may be, in bytes: longer ones make codes that phones do
// not read from a distance.
const maxAddress = 300

// code draws an address of a page as a QR code: ?address=https://example.org/notice.
func code(w http.ResponseWriter, r *http.Request) {
	svg, err := drawCode(r.URL.Query().Get("address"))
	if err != nil {
		route.RefuseTo(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Content-Security-Policy", "default-src 'none'")
	_, _ = w.Write(svg) // the client may be gone
}

func drawCode(address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || len(address) > maxAddress || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, api.Refuse(api.CodeInvalid, text.SignAddress, address, maxAddress)
	}
	return document.CodeSVG(address)
}

// notice is the page itself, to be put where the sign leads.
func (h formHandlers) notice(w http.ResponseWriter, r *http.Request) {
	page, err := h.evaluation.Notice()
	if err == nil && page == nil {
		err = api.Refuse(api.CodeNotFound, text.NoticeNone)
	}
	if err != nil {
		route.RefuseTo(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", forms.NoticePolicy)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(page))
}
