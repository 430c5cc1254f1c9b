package page

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/cmd/bauta/sealed/keyfile"
	"github.com/bauta-gateway/bauta/cmd/bauta/sealed/source"
	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

var sheetPolicy = document.ContentPolicy

// view is what a page shows.
type view struct {
	Lang text.Lang
	// Done and Failed say what came of the last form.
	Done, Failed string
	Requests     []source.Item
	// Item is the request that is shown; nil: the list is.
	Item *source.Item
	// Public is the key that was made, Sheet the id of its page to print.
	Public, Sheet string
	// Videos are the files that were opened.
	Videos []string
	Folder string
}

// shownItem is one request for the template.
type shownItem struct {
	Lang   text.Lang
	Item   *source.Item
	Videos []string
}

// Waits reports whether it takes answers, Opens whether who asked may open it.
func (s shownItem) Waits() bool {
	return s.Item.State == source.StateWaiting || s.Item.State == source.StateApproved
}
func (s shownItem) Opens() bool {
	return s.Item.State == source.StateApproved || s.Item.State == source.StateOpened
}

func (s *Server) show(w http.ResponseWriter, v view) {
	v.Lang, v.Folder = s.speaks(), s.cfg.Folder
	var out bytes.Buffer
	if err := layout.Execute(&out, v); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(out.Bytes()) // the browser may be gone
}

// home lists the requests, with what came of a form before.
func (s *Server) home(w http.ResponseWriter, r *http.Request) { s.list(w, r.Context(), view{}) }

func (s *Server) list(w http.ResponseWriter, ctx context.Context, v view) {
	all, err := s.cfg.Source.List(ctx)
	if err != nil && v.Failed == "" {
		v.Failed = s.said(err)
	}
	v.Requests = all
	s.show(w, v)
}

func (s *Server) said(err error) string { return text.Explain(s.speaks(), err) }

func (s *Server) request(w http.ResponseWriter, r *http.Request) {
	s.one(w, r, r.URL.Query().Get("ref"), view{})
}

// one shows a request.
func (s *Server) one(w http.ResponseWriter, r *http.Request, ref string, v view) {
	i, err := s.find(r.Context(), ref)
	if err != nil {
		v.Failed = s.said(err)
		s.list(w, r.Context(), v)
		return
	}
	v.Item = &i
	s.show(w, v)
}

// find takes a request of the list alone: a reference is no way to any file.
func (s *Server) find(ctx context.Context, ref string) (source.Item, error) {
	all, err := s.cfg.Source.List(ctx)
	if err != nil {
		return source.Item{}, err
	}
	for _, i := range all {
		if i.Ref == ref {
			return i, nil
		}
	}
	return source.Item{}, text.Fail(sealed.ErrRequest, text.SealedNoRequest, ref)
}

// key makes a key and its sheet.
func (s *Server) key(w http.ResponseWriter, r *http.Request) {
	v, err := s.makeKey(r)
	if err != nil {
		v.Failed = s.said(err)
	}
	s.list(w, r.Context(), v)
}

func (s *Server) makeKey(r *http.Request) (view, error) {
	label, passphrase := r.FormValue("label"), r.FormValue("passphrase")
	if err := keyfile.CheckPerson(label); err != nil {
		return view{}, err
	}
	if err := keyfile.CheckPassphrase(passphrase); err != nil {
		return view{}, err
	}
	if passphrase != r.FormValue("again") {
		return view{}, text.Fail(sealed.ErrKeys, text.SealedPassphraseDiffers)
	}
	k, err := keyfile.New(label)
	if err != nil {
		return view{}, err
	}
	content, err := k.File(passphrase, time.Now())
	if err != nil {
		return view{}, err
	}
	name := filepath.Join(s.cfg.Folder, label+".key")
	if err := cli.WriteNew(name, content, 0o600); err != nil {
		return view{}, err
	}
	var sheet bytes.Buffer
	if err := (document.Printer{}).Print(&sheet, k.Sheet(time.Now()), document.HTML); err != nil {
		return view{}, err
	}
	id := rand.Text()
	s.mu.Lock()
	s.sheets = map[string][]byte{id: sheet.Bytes()}
	s.mu.Unlock()
	return view{Done: text.Of(s.speaks(), text.SealedPageKeyMade, name), Public: k.Public(), Sheet: id}, nil
}

// identities reads the key files that were sent along.
func (s *Server) identities(r *http.Request, field string) (keyfile.Set, error) {
	reader := keyfile.Reader{Passphrase: func(string) (string, error) { return r.FormValue("passphrase"), nil }, Token: s.cfg.Token}
	if err := r.ParseMultipartForm(maxBody); err != nil {
		return keyfile.Set{}, err
	}
	var all []keyfile.Content
	for _, h := range r.MultipartForm.File[field] {
		f, err := h.Open()
		if err != nil {
			return keyfile.Set{}, err
		}
		b, err := io.ReadAll(io.LimitReader(f, maxBody))
		if err := errors.Join(err, f.Close()); err != nil {
			return keyfile.Set{}, err
		}
		all = append(all, keyfile.Content{Name: h.Filename, Bytes: b})
	}
	return reader.ReadAll(all...)
}

// answer shows a request again after a form about it.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, do func(source.Item) (view, error)) {
	ref := r.FormValue("ref")
	i, err := s.find(r.Context(), ref)
	v := view{}
	if err == nil {
		v, err = do(i)
	}
	if err != nil {
		v.Failed = s.said(err)
	}
	s.one(w, r, ref, v)
}

func (s *Server) approve(w http.ResponseWriter, r *http.Request) {
	s.answer(w, r, func(i source.Item) (view, error) {
		if a, refused := i.Refused(); refused {
			return view{}, text.Fail(sealed.ErrShares, text.SealedRefused, i.Request.ID, a.By.ID, a.Refused)
		}
		keys, err := s.identities(r, "identity")
		if err != nil {
			return view{}, err
		}
		by, err := person(r.FormValue("by"), keys.Label)
		if err != nil {
			return view{}, err
		}
		fronts, err := s.cfg.Source.Fronts(r.Context(), i)
		if err != nil {
			return view{}, err
		}
		a, err := sealed.Approve(i.Request, fronts, by, time.Now(), keys.Identities...)
		if err != nil {
			return view{}, err
		}
		at, err := s.cfg.Source.Answer(r.Context(), i, a)
		return s.done(at, text.SealedApprovedFile, text.SealedApprovedGateway, a.Group, len(a.Segments)), err
	})
}

// done says where an answer is: in a file, or at the gateway.
func (s *Server) done(at string, file, gateway text.Key, args ...any) view {
	if at == "" {
		return view{Done: text.Of(s.speaks(), gateway, args...)}
	}
	return view{Done: text.Of(s.speaks(), file, append(args, at)...)}
}

func person(by, label string) (sealed.Person, error) {
	if by == "" {
		by = label
	}
	return sealed.Person{ID: by}, keyfile.CheckPerson(by)
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request) {
	s.answer(w, r, func(i source.Item) (view, error) {
		by, err := person(r.FormValue("by"), "")
		if err != nil {
			return view{}, err
		}
		a, err := sealed.Refuse(i.Request, r.FormValue("why"), by, time.Now())
		if err != nil {
			return view{}, err
		}
		at, err := s.cfg.Source.Answer(r.Context(), i, a)
		return s.done(at, text.SealedRefusedFile, text.SealedRefusedGateway, i.Request.ID), err
	})
}

// videoPrefix is how the names of opened stretches begin.
const videoPrefix = "opened-"

func (s *Server) open(w http.ResponseWriter, r *http.Request) {
	s.answer(w, r, func(i source.Item) (view, error) {
		keys, err := s.identities(r, "key")
		if err != nil {
			return view{}, err
		}
		if !media.IsSlug(i.Request.ID) {
			return view{}, text.Fail(sealed.ErrRequest, text.SealedRequestMalformed)
		}
		out := filepath.Join(s.cfg.Folder, videoPrefix+i.Request.ID+".mp4")
		if _, err := os.Lstat(out); err == nil {
			return view{}, text.Fail(os.ErrExist, text.KeygenExists, out)
		}
		given, err := s.cfg.Source.Approvals(r.Context(), i)
		if err != nil {
			return view{}, err
		}
		done, err := source.Export(r.Context(), s.cfg.Source, i, given, keys.Identities[0], out)
		if err != nil {
			return view{}, err
		}
		if len(done.Files) == 0 {
			return view{}, text.Fail(sealed.ErrRequest, text.SealedNothingInside, i.Request.Camera)
		}
		v := view{Done: text.Of(s.speaks(), text.SealedOpened, done.Files[0], done.Units, i.Request.Camera, cli.Seconds(done.From), cli.Seconds(done.To))}
		for _, name := range done.Files {
			v.Videos = append(v.Videos, filepath.Base(name))
		}
		if len(done.Skipped) > 0 {
			v.Failed = text.Of(s.speaks(), text.SealedSkipped, done.Skipped[0].Err)
		}
		return v, s.cfg.Source.Opened(r.Context(), i, sealed.Person{ID: keys.Label}, done.Units)
	})
}
