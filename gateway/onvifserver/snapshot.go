package onvifserver

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// SnapshotEvery is the least time between two snapshots of a camera: who asks meanwhile gets the last one.
	SnapshotEvery = time.Second
	snapshotLimit = 5 * time.Second
)

// snapshots shares each camera's newest one.
type snapshots struct {
	make func(context.Context, media.CameraID) ([]byte, error)

	mu  sync.Mutex
	all map[media.CameraID]*snapshot
}

// snapshot is one that comes, or came at a time.
type snapshot struct {
	done chan struct{} // closed when the rest is there
	jpeg []byte
	err  error
	at   time.Time
}

func newSnapshots(make func(context.Context, media.CameraID) ([]byte, error)) *snapshots {
	return &snapshots{make: make, all: map[media.CameraID]*snapshot{}}
}

// get waits for the newest of a camera. life ends with the server: the one who has it made for all
// does so to the end, even if nobody waits any more.
func (s *snapshots) get(ctx, life context.Context, id media.CameraID) ([]byte, error) {
	one, mine := s.join(id)
	if mine {
		life, cancel := context.WithTimeout(life, snapshotLimit)
		one.jpeg, one.err = s.make(life, id)
		one.at = time.Now()
		cancel()
		close(one.done)
	}
	select {
	case <-one.done:
		return one.jpeg, one.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// join is the newest one of a camera, or a new one that the caller has to make.
func (s *snapshots) join(id media.CameraID) (one *snapshot, mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one = s.all[id]
	if one != nil {
		select {
		case <-one.done:
			if time.Since(one.at) < SnapshotEvery {
				return one, false
			}
		default:
			return one, false
		}
	}
	one = &snapshot{done: make(chan struct{})}
	s.all[id] = one
	return one, true
}

// keep forgets the snapshots of cameras that are gone.
func (s *snapshots) keep(has func(media.CameraID) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.all {
		if !has(id) {
			delete(s.all, id)
		}
	}
}

// errNoFrame is that of a camera whose viewers get the slate.
var errNoFrame = errors.New("no masked frame now")

func (s *Server) serveSnapshot(w http.ResponseWriter, r *http.Request, id media.CameraID) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "a snapshot can only be read", http.StatusMethodNotAllowed)
		return
	}
	p, err := s.byDigest(r, time.Now())
	if err == nil {
		err = s.prove(p, connlimit.Source(r.RemoteAddr))
	}
	var f *fault
	if errors.As(err, &f) {
		w.Header().Set("WWW-Authenticate", s.challenge(time.Now(), f.stale))
		http.Error(w, f.reason, http.StatusUnauthorized)
		return
	}
	defer connlimit.Use(r.Context())()
	jpeg, err := s.snapshot(r.Context(), p.name, id)
	switch {
	case errors.Is(err, errNoCamera):
		http.Error(w, err.Error(), http.StatusNotFound)
	case err != nil:
		w.Header().Set("Retry-After", "5")
		http.Error(w, errNoFrame.Error(), http.StatusServiceUnavailable)
	default:
		w.Header().Set("Content-Type", "image/jpeg")
		w.Header().Set("Content-Length", strconv.Itoa(len(jpeg)))
		if r.Method == http.MethodGet {
			_, _ = w.Write(jpeg) // the client may be gone
		}
	}
}

// errNoCamera is that of one that is not there, or not for this login.
var errNoCamera = errors.New("no such camera for this login")

// snapshot of a camera that the login may watch. Where viewers get the slate there is none: a
// recorder would keep it for a picture.
func (s *Server) snapshot(ctx context.Context, user string, id media.CameraID) ([]byte, error) {
	all := map[media.CameraID]media.Protection{}
	for _, c := range s.cfg.Cameras() {
		all[c.ID] = c.Protection
	}
	protection, ok := all[id]
	s.snapshots.keep(func(id media.CameraID) bool { _, is := all[id]; return is })
	switch {
	case !ok || !s.cfg.Logins.May(user, id):
		return nil, errNoCamera
	case protection != media.Protected && protection != media.OverMasked:
		return nil, errNoFrame
	}
	return s.snapshots.get(ctx, s.ctx, id)
}
