package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/text"
)

// Files keeps a request in a file R.json, its approvals beside it as R.approval-….json, and finds
// segments on a disk.
type Files struct {
	// Disk is the root of sealed footage; nil: there is none, and the request's file has the
	// fronts.
	Disk fs.FS
	// Out is where a new request, approval or refusal goes; empty: beside the request.
	Out string
	// Folder is where List looks.
	Folder string
}

// requestFile is what R.json holds. With the fronts a holder needs neither the disk nor a
// gateway.
type requestFile struct {
	Request json.RawMessage `json:"request"`
	Fronts  [][]byte        `json:"fronts"`
}

// maxFile bounds a request's file: 20000 fronts of some 2 KiB, in base64.
const maxFile = 64 << 20

// IsFile reports whether a reference to a request names a file.
func IsFile(ref string) bool { return strings.HasSuffix(ref, ".json") }

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile))
}

func readRequest(name string) (sealed.Request, [][]byte, error) {
	b, err := readFile(name)
	if err != nil {
		return sealed.Request{}, nil, err
	}
	var f requestFile
	if err := json.Unmarshal(b, &f); err != nil || f.Request == nil {
		return sealed.Request{}, nil, text.Fail(errors.Join(sealed.ErrRequest, err), text.SealedRequestMalformed)
	}
	r, err := sealed.ParseRequest(f.Request)
	return r, f.Fronts, err
}

// Load reads the request's file and what lies beside it.
func (s Files) Load(_ context.Context, ref string) (Item, error) {
	r, fronts, err := readRequest(ref)
	if err != nil {
		return Item{}, err
	}
	i := Item{Ref: ref, Request: r, Segments: len(fronts), State: StateWaiting}
	names, err := beside(ref)
	if err != nil {
		return Item{}, err
	}
	for _, name := range names {
		a, err := ReadApproval(name)
		if err != nil {
			return Item{}, fmt.Errorf("%s: %w", name, err)
		}
		i.Given = append(i.Given, a)
	}
	slices.SortStableFunc(i.Given, func(a, b sealed.Approval) int { return a.At.Compare(b.At) })
	i.State = i.state()
	return i, nil
}

// beside are the names of the answers that lie beside a request's file.
func beside(ref string) (names []string, err error) {
	entries, err := os.ReadDir(filepath.Dir(ref))
	for _, e := range entries {
		if name := e.Name(); strings.HasPrefix(name, stem(filepath.Base(ref))+".") && name != filepath.Base(ref) && IsFile(name) {
			names = append(names, filepath.Join(filepath.Dir(ref), name))
		}
	}
	return names, err
}

func (i Item) state() string {
	_, refused := i.Refused()
	switch {
	case refused:
		return StateRefused
	case i.Groups() == [sealed.Groups]bool{true, true}:
		return StateApproved
	}
	return StateWaiting
}

// ReadApproval reads an approval's or a refusal's file.
func ReadApproval(name string) (sealed.Approval, error) {
	b, err := readFile(name)
	if err != nil {
		return sealed.Approval{}, err
	}
	return sealed.ParseApproval(b)
}

func stem(name string) string { return strings.TrimSuffix(name, ".json") }

// List reads the requests of the folder. What is none is passed over.
func (s Files) List(ctx context.Context) ([]Item, error) {
	entries, err := os.ReadDir(s.Folder)
	if err != nil {
		return nil, err
	}
	var all []Item
	for _, e := range entries {
		if !IsFile(e.Name()) || strings.Contains(stem(e.Name()), ".") {
			continue // something else, or an approval
		}
		if i, err := s.Load(ctx, filepath.Join(s.Folder, e.Name())); err == nil {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(a, b Item) int { return b.Request.Created.Compare(a.Request.Created) })
	return all, nil
}

// Submit writes the request with the fronts of its segments.
func (s Files) Submit(_ context.Context, r sealed.Request) (string, int, error) {
	fronts, err := FrontsOf(s.Disk, r)
	if err != nil {
		return "", 0, err
	}
	request, err := json.Marshal(r)
	if err != nil {
		return "", 0, err
	}
	b, err := json.Marshal(requestFile{request, fronts})
	if err != nil {
		return "", 0, err
	}
	return s.Out, len(fronts), cli.WriteNew(s.Out, append(b, '\n'), 0o600)
}

// FrontsOf reads the fronts of the segments of a request off a disk.
func FrontsOf(disk fs.FS, r sealed.Request) ([][]byte, error) {
	found, err := sealed.Find(disk, r.Camera, r.From, r.To)
	if err != nil {
		return nil, err
	}
	var fronts [][]byte
	for _, one := range found {
		front, err := frontOf(disk, one)
		if err != nil {
			continue // verify names it
		}
		fronts = append(fronts, front)
	}
	if len(fronts) == 0 {
		return nil, text.Fail(sealed.ErrRequest, text.SealedRequestNothing, r.Camera)
	}
	return fronts, nil
}

func frontOf(disk fs.FS, s sealed.Segment) ([]byte, error) {
	f, err := sealed.Open(disk, s.Header.Camera, s.Header.Sequence)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Front(f)
}

// Fronts are those of the disk, or those in the request's file.
func (s Files) Fronts(_ context.Context, i Item) ([][]byte, error) {
	if s.Disk != nil {
		return FrontsOf(s.Disk, i.Request)
	}
	_, fronts, err := readRequest(i.Ref)
	if err == nil && len(fronts) == 0 {
		err = text.Fail(sealed.ErrRequest, text.SealedNoDisk)
	}
	return fronts, err
}

// Answer writes the approval beside the request, or where the caller wants it.
func (s Files) Answer(_ context.Context, i Item, a sealed.Approval) (string, error) {
	b, err := json.Marshal(a)
	if err != nil {
		return "", err
	}
	name := s.Out
	if name == "" {
		kind := fmt.Sprintf("approval-%d", a.Group)
		if a.Refused != "" {
			kind = "refusal"
		}
		name = fmt.Sprintf("%s.%s-%s.json", stem(i.Ref), kind, a.By.ID)
	}
	return name, cli.WriteNew(name, append(b, '\n'), 0o600)
}

// Segment opens one of the disk.
func (s Files) Segment(_ context.Context, i Item, sequence uint64) (sealed.File, error) {
	if s.Disk == nil {
		return sealed.File{}, text.Fail(sealed.ErrRequest, text.SealedNoDisk)
	}
	return sealed.Open(s.Disk, i.Request.Camera, sequence)
}

// Opened has no log to note it in: who opens without a gateway writes it into the register
// by hand.
func (s Files) Opened(context.Context, Item, sealed.Person, int) error { return nil }
