package console

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/console/icon"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/reply"
)

//go:embed web
var web embed.FS

// pageNames are the pages by their paths; each is a template <name>.html.
var pageNames = map[string]string{
	"/{$}": "overview", "/cameras": "cameras", "/cameras/new": "camera-new", "/cameras/{id}": "camera", "/consents": "consents", "/compliance": "compliance",
	"/evidence": "evidence", "/settings": "settings", "/sign": "sign", "/questions": "questions", "/update": "update", "/forms": "forms", "/records": "records",
	"/upkeep": "upkeep", "/audit": "audit",
	"/second": secondPage, "/notify": "notify",
}

// pageRoles are the least roles that the pages are for; the others are for everybody.
var pageRoles = map[string]identity.Role{"camera-new": identity.Manager, "consents": identity.Auditor, "evidence": identity.Auditor}

// The pages for who has not logged in.
const (
	loginPage = "login"
	setupPage = "setup"
)

// secondPage sets the second factor up; the others stand in a page's place.
const (
	secondPage  = "second"
	missingPage = "missing"
	deniedPage  = "denied"
	enteredPage = "entered" // after a login by the provider
)

// pages are the templates and the files that they load.
type pages struct {
	templates *template.Template
	files     map[string]file // by path
}

// file is what a browser may keep, as long as it asks whether it is still so.
type file struct {
	kind, etag string
	content    []byte
}

var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".json": "application/json", ".svg": "image/svg+xml",
	".png": "image/png", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json",
}

// scriptTexts are the prefixes of the texts that the pages' scripts read.
var scriptTexts = []string{"console.", "answer.", "slate.reason.", "status.", "violation.", "consent.state.", "consent.reason.", "cli.mask.", "cli.cover.", "cli.mounting.", "cli.step.", "cli.compliance.", "pack.kind.", "trust."}

func readPages() (*pages, error) {
	t, err := template.ParseFS(web, "web/*.html")
	if err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	for _, name := range append(slices.Collect(maps.Values(pageNames)), displayPage, wallPage) {
		if t.Lookup(name+".html") == nil {
			return nil, fmt.Errorf("console: there is no page %s.html", name)
		}
	}
	p := &pages{templates: t, files: map[string]file{}}
	err = fs.WalkDir(web, "web/static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := web.ReadFile(name)
		p.add(name[len("web"):], b)
		return err
	})
	for _, side := range []int{192, 512} {
		b, err := icon.PNG(p.files["/static/icon.svg"].content, side)
		if err != nil {
			return nil, err
		}
		p.add(fmt.Sprintf("/static/icon-%d.png", side), b)
	}
	for _, lang := range text.Langs {
		b, _ := json.Marshal(text.Under(lang, scriptTexts...)) // a map of texts always encodes
		p.add("/static/texts."+string(lang)+".json", b)
	}
	return p, err
}

func (p *pages) add(name string, content []byte) {
	sum := sha256.Sum256(content)
	kind := cmp.Or(kinds[path.Ext(name)], "application/octet-stream")
	p.files[name] = file{kind, `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`, content}
}

func (s *Server) pageRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /static/", s.getStatic)
	mux.HandleFunc("GET /login", func(w http.ResponseWriter, r *http.Request) { s.getEntry(w, r, loginPage) })
	mux.HandleFunc("GET /setup", func(w http.ResponseWriter, r *http.Request) { s.getEntry(w, r, setupPage) })
	mux.HandleFunc("GET "+DisplayPath, s.getDisplay)
	mux.HandleFunc("GET /"+wallPage, s.getWall)
	mux.HandleFunc("GET /fleet", s.getFleet)
	mux.HandleFunc("GET /fleet/", s.getFleet)
	if s.cfg.HLS != nil {
		mux.Handle("GET /hls/", s.cfg.HLS)
	}
	s.signOnPages(mux)
	mux.HandleFunc("/", s.getMissing)
	for pattern, name := range pageNames {
		mux.HandleFunc("GET "+pattern, func(w http.ResponseWriter, r *http.Request) { s.getPage(w, r, name) })
	}
}

func (s *Server) getStatic(w http.ResponseWriter, r *http.Request) {
	f, ok := s.pages.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.kind)
	w.Header().Set("ETag", f.etag)
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.content))
}

// page is what a template sees.
type page struct {
	Lang    text.Lang
	Session SessionInfo
	// Path is the request's.
	Path string
	// Needs is the role that a page asks for; SignOn the words of the login provider's button,
	// empty without one.
	Needs  identity.Role
	SignOn string
	// Said is why a login by the provider failed.
	Said string
}

// May reports whether who looks at the page has this role.
func (p page) May(role identity.Role) bool { return p.Session.Role.May(role) }

// T is the text of a key of the catalogue.
func (p page) T(key string, args ...any) string { return text.Of(p.Lang, text.Key(key), args...) }

// Current is the value of aria-current of an entry of the menu: this page, or the one that it
// belongs to; empty: neither.
func (p page) Current(entry string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(p.Path, "/"), "/")
	switch {
	case p.Path == entry:
		return "page"
	case belongs[first] == entry:
		return "true"
	}
	return ""
}

// belongs are the entries of the menu that lead to the pages without one, by the first part of their paths.
var belongs = map[string]string{"cameras": "/", "sign": "/compliance", "questions": "/compliance", "update": "/compliance", "forms": "/compliance", "records": "/compliance", "upkeep": "/settings", "audit": "/settings", secondPage: "/settings", "notify": "/settings"}

// getEntry serves the pages that lead in. Only one of them has a use at a time.
func (s *Server) getEntry(w http.ResponseWriter, r *http.Request, name string) {
	if setup := s.cfg.Accounts.SetupNeeded(); setup != (name == setupPage) {
		s.sendIn(w, r)
		return
	}
	one, _ := s.session(r, false)
	s.render(w, r, name, one)
}

// sendIn leads who has not logged in to where that can be done.
func (s *Server) sendIn(w http.ResponseWriter, r *http.Request) {
	to, query := "/"+loginPage, url.Values{}
	if s.cfg.Accounts.SetupNeeded() {
		to = "/" + setupPage
	} else if back := here(r); back != "/" {
		query.Set("next", back)
	}
	if lang := s.asked(r); lang != "" {
		query.Set("lang", string(lang))
	}
	if len(query) > 0 {
		to += "?" + query.Encode()
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// here is a page's own path, without the language that it was asked for in; the pages that lead
// in are not gone back to.
func here(r *http.Request) string {
	if path := r.URL.Path; path == "/"+loginPage || path == "/"+setupPage {
		return "/"
	}
	query := r.URL.Query()
	query.Del("lang")
	return (&url.URL{Path: r.URL.Path, RawQuery: query.Encode()}).String()
}

func (s *Server) getPage(w http.ResponseWriter, r *http.Request, name string) {
	one, ok := s.session(r, true)
	if !ok {
		s.sendIn(w, r)
		return
	}
	if lang := s.asked(r); lang != "" {
		c, _ := r.Cookie(cookieName) // there is one, or there were no session
		s.cfg.Accounts.sessions.speak(c.Value, lang)
		one.language = lang
	}
	switch needs := pageRoles[name]; {
	case s.cfg.Accounts.held(one) && name != secondPage:
		http.Redirect(w, r, "/"+secondPage, http.StatusSeeOther)
	case needs != "" && !one.role.May(needs):
		s.renderAs(w, r, one, http.StatusForbidden, deniedPage, needs)
	default:
		s.render(w, r, name, one)
	}
}

// getMissing answers for what is not there; scripts and machines get it short.
func (s *Server) getMissing(w http.ResponseWriter, r *http.Request) {
	if !safe(r) || !strings.Contains(r.Header.Get("Accept"), "text/html") {
		http.NotFound(w, r)
		return
	}
	one, _ := s.session(r, false)
	s.renderAs(w, r, one, http.StatusNotFound, missingPage, "")
}

// getFleet serves the page of all gateways, which has an own layout. Only the
// page itself keeps a session alive, not what it asks for by itself.
func (s *Server) getFleet(w http.ResponseWriter, r *http.Request) {
	one, ok := s.session(r, r.URL.Path == "/fleet/")
	switch {
	case !ok && strings.Count(r.URL.Path, "/") > 1 && r.URL.Path != "/fleet/":
		s.refuse(w, r, http.StatusUnauthorized, reply.Login, text.AccessNeeded)
	case !ok:
		s.sendIn(w, r)
	case s.cfg.Accounts.held(one):
		http.Redirect(w, r, "/"+secondPage, http.StatusSeeOther)
	case s.cfg.Fleet == nil:
		http.NotFound(w, r)
	default:
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // else the server's own ends its stream of events
		s.serveFor(one.identity(), s.cfg.Fleet, w, r)
	}
}

func (s *Server) render(w http.ResponseWriter, r *http.Request, name string, one session) {
	s.renderAs(w, r, one, http.StatusOK, name, "")
}

func (s *Server) renderAs(w http.ResponseWriter, r *http.Request, one session, status int, name string, needs identity.Role) {
	lang := s.language(r)
	if asked := s.asked(r); asked != "" { // Lax: who comes back from a login provider is spoken to as before
		http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: string(asked), Path: "/", MaxAge: 365 * 86400, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode})
	}
	info := s.info(one)
	info.Language = lang
	var out bytes.Buffer
	view := page{Lang: lang, Session: info, Path: r.URL.Path, Needs: needs, SignOn: s.cfg.SignOn.Label()}
	if why := r.URL.Query().Get("signon"); name == loginPage && text.Has(text.Key("console.signon.said."+why)) {
		view.Said = why
	}
	if err := s.pages.templates.ExecuteTemplate(&out, name+".html", view); err != nil {
		s.cfg.Log.Error("a page cannot be made", "page", name, "error", err)
		http.Error(w, text.Of(lang, text.RefusedInternal), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w) // the client may be gone
}

// languageCookie keeps the choice for the login page.
const languageCookie = "__Host-bauta-lang"

// asked is the language that the address asks for; empty where it does not.
func (s *Server) asked(r *http.Request) text.Lang { return known(r.URL.Query().Get("lang")) }

func known(lang string) text.Lang {
	if slices.Contains(text.Langs, text.Lang(lang)) {
		return text.Lang(lang)
	}
	return ""
}

// language is the one to answer in: the address's, the session's, the last
// choice's, the browser's, the gateway's.
func (s *Server) language(r *http.Request) text.Lang {
	if lang := s.asked(r); lang != "" {
		return lang
	}
	if one, ok := s.session(r, false); ok && one.language != "" {
		return one.language
	}
	if c, err := r.Cookie(languageCookie); err == nil && known(c.Value) != "" {
		return known(c.Value)
	}
	if header := r.Header.Get("Accept-Language"); header != "" {
		return text.Pick(header)
	}
	return cmp.Or(s.cfg.Language, text.EN)
}
