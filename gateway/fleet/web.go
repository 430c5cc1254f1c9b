package fleet

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"html/template"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
)

//go:embed page
var pageFiles embed.FS

var pageTemplate = template.Must(template.ParseFS(pageFiles, "page/page.html"))

// contentPolicy lets the page load its own files and talk to its own server, nothing
// else; no code and no style stands in the page itself.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// modules are the scripts that the page's own one imports: named in the page,
// they are fetched all at once.
var modules = []string{"dom.js", "data.js", "charts.js", "list.js", "sheet.js", "past.js", "year.js"}

// web serves the page below a base path.
type web struct {
	states *StateCache
	base   string
}

// Handler serves the page below base, such as /fleet, or at the root where
// base is empty. It answers GET and HEAD only, and leaves out who may see it: its
// server sees to that.
func (s *StateCache) Handler(base string) http.Handler {
	h := web{s, strings.TrimRight(base, "/")}
	mux := http.NewServeMux()
	mux.HandleFunc(h.base+"/{$}", h.page)
	mux.HandleFunc(h.base+"/events", s.stream)
	mux.HandleFunc(h.base+"/gateway/{name}", h.gateway)
	mux.HandleFunc(h.base+"/gateway/{name}/year", h.serveYear(h.year))
	mux.HandleFunc(h.base+"/gateway/{name}/year.csv", h.serveYear(h.yearCSV))
	mux.HandleFunc(h.base+"/file/{name}", h.file)
	mux.HandleFunc(h.base+"/history", s.serveHistory)
	mux.HandleFunc(h.base+"/gateways.csv", s.serveGatewaysCSV)
	mux.HandleFunc(h.base+"/history.csv", s.serveHistoryCSV)
	if h.base != "" {
		mux.Handle(h.base, http.RedirectHandler(h.base+"/", http.StatusPermanentRedirect))
	}
	return readOnly(mux)
}

// readOnly refuses whatever could change something, and sets what every
// answer carries.
func readOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "this page is read-only", http.StatusMethodNotAllowed)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// language is the one asked for in the address, else the browser's first that
// there is.
func language(r *http.Request) text.Lang {
	if asked := r.URL.Query().Get("lang"); asked != "" {
		return text.Pick(asked)
	}
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
		if lang := text.Pick(tag); lang != text.EN || strings.HasPrefix(strings.ToLower(tag), "en") {
			return lang
		}
	}
	return text.EN
}

func (h web) page(w http.ResponseWriter, r *http.Request) {
	lang := language(r)
	texts := map[string]string{}
	for name, key := range text.FleetPage {
		texts[name] = text.Of(lang, key)
	}
	var out bytes.Buffer
	if err := pageTemplate.Execute(&out, map[string]any{"Base": h.base, "Lang": string(lang), "T": texts, "Modules": modules}); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(out.Bytes())
}

func (h web) gateway(w http.ResponseWriter, r *http.Request) {
	out, ok := h.states.detail(r.PathValue("name"))
	if !ok {
		http.Error(w, "no such gateway", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(out)
}

// file serves the page's scripts and styles. Browsers keep them and ask
// whether they have changed.
func (h web) file(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	kind := mime.TypeByExtension(path.Ext(name))
	data, err := pageFiles.ReadFile("page/" + path.Base(name))
	if err != nil || path.Ext(name) == ".html" || kind == "" {
		http.NotFound(w, r)
		return
	}
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256(data))
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(data)
}
