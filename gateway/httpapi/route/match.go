package route

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/reply"
)

// Edits keep people from overwriting each other unseen: what is read has a tag, and a change
// with another tag than that of now (the header If-Match) is refused with who changed it
// meanwhile. Changes without the header, such as those of scripts, are taken as ever.
type Edits struct {
	mu sync.Mutex
	// by path: held while one change with a tag is compared and made.
	turns map[string]*sync.Mutex
	last  map[string]reply.Changed
}

// maxEdits bounds what is remembered, in paths: more than a gateway has.
const maxEdits = 4096

// NewEdits remembers nothing yet: who changed what before a restart is not known.
func NewEdits() *Edits {
	return &Edits{turns: map[string]*sync.Mutex{}, last: map[string]reply.Changed{}}
}

// Tag is the tag of a value: a word is its own one, of all else it is a hash of the JSON.
func Tag(v any) string {
	if word, ok := v.(string); ok {
		return `"` + word + `"`
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "" // which matches nothing
	}
	sum := sha256.Sum256(b)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// Read answers with a value and its tag.
func Read(now func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := now(r)
		if err != nil {
			RefuseTo(w, r, err)
			return
		}
		w.Header().Set("ETag", Tag(v))
		reply.JSON(w, http.StatusOK, v)
	}
}

// Change lets change through where the request's tag, if it has one, is that of what now
// says of the same path.
func (e *Edits) Change(now func(*http.Request) (any, error), change http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		if want := r.Header.Get("If-Match"); want != "" && want != "*" {
			turn := e.turn(path)
			turn.Lock()
			defer turn.Unlock()
			v, err := now(r)
			if err == nil && Tag(v) != want {
				err = e.refusal(path, r)
			}
			if err != nil {
				RefuseTo(w, r, err)
				return
			}
		}
		seen := &watched{ResponseWriter: w}
		change(seen, r)
		if seen.status < 300 {
			e.note(path, r)
		}
	}
}

func (e *Edits) turn(path string) *sync.Mutex {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.turns[path] == nil {
		if len(e.turns) >= maxEdits {
			clear(e.turns) // at worst two changes of one thing pass at once
		}
		e.turns[path] = &sync.Mutex{}
	}
	return e.turns[path]
}

// note remembers who changed what.
func (e *Edits) note(path string, r *http.Request) {
	by := reply.Changed{At: time.Now().UTC().Truncate(time.Second)}
	who, remote := identity.Who(r.Context())
	switch {
	case !remote:
		by.Way = reply.WayHost
	case who.User == "":
		by.Way = reply.WayMachine
	default:
		by.By, by.Way = who.User, reply.WayUser
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.last) >= maxEdits {
		clear(e.last)
	}
	e.last[path] = by
}

// refusal names a user only to those who may see the users.
func (e *Edits) refusal(path string, r *http.Request) error {
	e.mu.Lock()
	by, known := e.last[path]
	e.mu.Unlock()
	if who, remote := identity.Who(r.Context()); remote && !who.Role.May(identity.Manager) {
		by.By = ""
	}
	out := &api.Error{Code: api.CodeChanged}
	if known {
		out.Changed = &by
	}
	return text.Fail(out, text.APIChanged)
}

// watched is an answer whose status is remembered.
type watched struct {
	http.ResponseWriter
	status int
}

func (w *watched) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }
