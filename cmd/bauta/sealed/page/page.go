// Package page is bauta sealed page: what the commands do, in the browser of the holder's own PC.
//
// In: forms of one browser on this PC. Out: keys and their sheets, approvals, refusals, and
// opened stretches. It listens on 127.0.0.1 alone, lets in who has the address that the
// command printed, once, and knows that browser from then on. Its pages run no script and load nothing from
// elsewhere. Run has one goroutine, the server's, which ends before Run returns.
package page

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"filippo.io/age/plugin"

	"github.com/bauta-gateway/bauta/cmd/bauta/sealed/source"
	"github.com/bauta-gateway/bauta/config/text"
)

// Config is what a Server works with.
type Config struct {
	Source source.Source
	// Folder is where keys and opened stretches are written.
	Folder string
	Lang   text.Lang
	// Token is how programs of hardware tokens talk to the person.
	Token *plugin.ClientUI
	// Ready is called with the address that lets one browser in.
	Ready func(address string)
}

// Server is the page. Its handlers may be called from any goroutine.
type Server struct {
	cfg  Config
	host string // 127.0.0.1 and the port

	mu     sync.Mutex
	once   string // lets the first browser in; empty: it was used
	cookie string // of that browser
	lang   text.Lang
	sheets map[string][]byte // pages to print, each to be seen until the next key
}

//go:embed page.html page.css
var files embed.FS

func file(name string) string {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded
	}
	return string(b)
}

var (
	style  = file("page.css")
	layout = template.Must(template.New("page").Funcs(template.FuncMap{
		"style": func() template.CSS { return template.CSS(style) }, // ours
		"t":     func(lang text.Lang, key text.Key, args ...any) string { return text.Of(lang, key, args...) },
		"dict":  func(lang text.Lang, i *source.Item, videos []string) shownItem { return shownItem{lang, i, videos} },
		"state": func(s string) text.Key { return text.SealedState(s) },
		"local": func(t time.Time) string { return t.Local().Format(time.DateTime) },
	}).Parse(file("page.html")))
)

// policy lets a page have its own style and play its own video: it runs nothing and loads nothing.
var policy = func() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}()

// Run serves the page until ctx ends.
func Run(ctx context.Context, c Config) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s := &Server{cfg: c, host: l.Addr().String(), once: rand.Text(), cookie: rand.Text(), lang: c.Lang, sheets: map[string][]byte{}}
	server := &http.Server{Handler: s.handler(), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	c.Ready("http://" + s.host + "/?key=" + s.once)
	select {
	case err = <-done:
	case <-ctx.Done():
		err = errors.Join(server.Close(), ended(<-done))
	}
	return err
}

func ended(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /request", s.request)
	mux.HandleFunc("GET /language", s.language)
	mux.HandleFunc("GET /sheet/{id}", s.sheet)
	mux.HandleFunc("GET /video/{name}", s.video)
	mux.HandleFunc("POST /key", s.key)
	mux.HandleFunc("POST /approve", s.approve)
	mux.HandleFunc("POST /refuse", s.refuse)
	mux.HandleFunc("POST /open", s.open)
	return s.guard(mux)
}

// maxBody bounds a form with key files.
const maxBody = 1 << 20

// cookieName is the cookie's by which the one browser is known.
const cookieName = "bauta-sealed"

// guard lets in the one browser. A page of elsewhere that knows the port reaches nothing: its name
// of this host, its origin and its lack of the cookie give it away.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // with less, forms would come without their origin
		h.Set("Cache-Control", "no-store")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		origin := r.Header.Get("Origin")
		site := r.Header.Get("Sec-Fetch-Site")
		switch {
		case r.Host != s.host, origin != "" && origin != "http://"+s.host, r.Method == http.MethodPost && origin == "", site == "cross-site", site == "same-site":
			http.Error(w, text.Of(s.speaks(), text.SealedPageElsewhere), http.StatusForbidden)
			return
		case s.enters(w, r):
			return
		case !s.known(r):
			http.Error(w, text.Of(s.speaks(), text.SealedPageStranger), http.StatusForbidden)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// enters lets the browser in that has the printed address; the second one with it is too late.
func (s *Server) enters(w http.ResponseWriter, r *http.Request) bool {
	key := r.URL.Query().Get("key")
	if r.Method != http.MethodGet || r.URL.Path != "/" || key == "" {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.once == "" || subtle.ConstantTimeCompare([]byte(key), []byte(s.once)) != 1 {
		return false
	}
	s.once = ""
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: s.cookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	// No redirect: a browser that comes from elsewhere would not send the strict cookie with it.
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><title>Bauta</title>`)
	return true
}

func (s *Server) known(r *http.Request) bool {
	c, err := r.Cookie(cookieName)
	return err == nil && subtle.ConstantTimeCompare([]byte(c.Value), []byte(s.cookie)) == 1
}

func (s *Server) speaks() text.Lang {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lang
}

func (s *Server) language(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.lang = text.Pick(r.URL.Query().Get("to"))
	s.mu.Unlock()
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// sheet is the page to print of the last key that was made.
func (s *Server) sheet(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	content := s.sheets[r.PathValue("id")]
	s.mu.Unlock()
	if content == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", sheetPolicy)
	_, _ = w.Write(content) // the browser may be gone
}

// video plays what was opened here: a file of the folder that this page wrote.
func (s *Server) video(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if !strings.HasPrefix(name, videoPrefix) || filepath.Base(name) != name || filepath.Ext(name) != ".mp4" {
		http.NotFound(w, r)
		return
	}
	f, err := os.Open(filepath.Join(s.cfg.Folder, name))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer f.Close()
	http.ServeContent(w, r, name, time.Time{}, f)
}
