package hls

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strconv"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/lockout"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// DoorPath is where Door serves: /hls/lobby/index.m3u8, /hls/lobby/sub/index.m3u8.
const DoorPath = "/hls/"

// doorName is the door's in what is kept of a login.
const doorName = "hls"

// Logins at the streams.
type Logins interface {
	Password(name string) (string, bool)
	May(name string, camera media.CameraID) bool
	Saw(name, door string)
}

// Door serves players that know a user name and a password and nothing else, by HTTP's Basic
// login, which is for TLS alone. Each request is checked, so that a login that is withdrawn
// ends with the next one; wrong ones have to wait, as at the console.
type Door struct {
	server *Server
	logins Logins
	has    func(media.CameraID) bool
	wrong  *lockout.Lockout
}

// NewDoor makes one; has reports whether there is a camera.
func NewDoor(s *Server, logins Logins, has func(media.CameraID) bool) *Door {
	return &Door{s, logins, has, lockout.New(lockout.LongestWait, time.Now)}
}

// ServeHTTP answers what lies below DoorPath.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	user, password, given := r.BasicAuth()
	source := connlimit.Source(r.RemoteAddr)
	if !given {
		d.ask(w, r)
		return
	}
	if wait := d.wrong.Begin(source); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
		http.Error(w, text.Of(text.Pick(r.Header.Get("Accept-Language")), text.HLSWait), http.StatusTooManyRequests)
		return
	}
	if !d.right(user, password) {
		d.server.loginFailed()
		d.ask(w, r)
		return
	}
	d.wrong.Right(source)
	d.logins.Saw(user, doorName)
	defer connlimit.Use(r.Context())()
	id, name, ok := parsePath(r.URL.Path)
	if !ok || !d.has(id.Camera) || !d.logins.May(user, id.Camera) {
		refuse(w, r, text.Fail(ErrNotFound, text.HLSGone)) // no hint at which cameras there are
		return
	}
	d.server.Serve(w, r, id, name, Viewer{user + "@" + source, source}, func(err error) { refuse(w, r, err) })
}

// right compares by digests, so that the time says nothing of the password or of whether
// there is such a login.
func (d *Door) right(user, password string) bool {
	want, known := d.logins.Password(user)
	a, b := sha256.Sum256([]byte(want)), sha256.Sum256([]byte(password))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && known
}

func (d *Door) ask(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("WWW-Authenticate", `Basic realm="bauta", charset="UTF-8"`)
	http.Error(w, text.Of(text.Pick(r.Header.Get("Accept-Language")), text.HLSLogin), http.StatusUnauthorized)
}

func (s *Server) loginFailed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.LoginsFailed++
}

func refuse(w http.ResponseWriter, r *http.Request, err error) {
	http.Error(w, text.Explain(text.Pick(r.Header.Get("Accept-Language")), err), status(err))
}
