package source

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/bauta-gateway/bauta/config/sealed"
)

// asked is a folder, whose name a pattern would take for something else, with a disk and a request
// on it.
func asked(t *testing.T) (Files, Item, *age.X25519Identity) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a[1]*")
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	keys := sealed.Keys{{Holders: []sealed.Holder{{Key: key.Recipient().String()}}}, {Holders: []sealed.Holder{{Key: other.Recipient().String()}}}}
	at := time.Now().Add(-time.Minute)
	var b bytes.Buffer
	w, err := sealed.NewWriter(&b, sealed.Header{Camera: "gate", Sequence: 1, Start: at}, keys)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Close(sealed.Trailer{Length: 1000, End: sealed.EndFull}); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, filepath.FromSlash(sealed.Path("gate", 1)))
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	r, _, err := sealed.NewRequest(sealed.Request{Camera: "gate", From: at, To: time.Now(), Purpose: "p", Basis: "b", Document: "d", By: sealed.Person{ID: "p3"}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	f := Files{Disk: os.DirFS(dir), Folder: dir, Out: filepath.Join(dir, "r.json")}
	if _, n, err := f.Submit(t.Context(), r); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	f.Out = ""
	i, err := f.Load(t.Context(), filepath.Join(dir, "r.json"))
	if err != nil {
		t.Fatal(err)
	}
	return f, i, key
}

// What lies beside a request belongs to it, and nothing else in the folder does.
func TestFiles(t *testing.T) {
	f, i, key := asked(t)
	for _, name := range []string{"other.json", "rx.approval-1-p9.json", "notes.txt", "broken.approval-1.json"} {
		if err := os.WriteFile(filepath.Join(f.Folder, name), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	fronts, err := (Files{Folder: f.Folder}).Fronts(t.Context(), i) // without the disk
	if err != nil || len(fronts) != 1 {
		t.Fatal(len(fronts), err)
	}
	a, err := sealed.Approve(i.Request, fronts, sealed.Person{ID: "p1"}, time.Now(), key)
	if err != nil {
		t.Fatal(err)
	}
	if at, err := f.Answer(t.Context(), i, a); err != nil || filepath.Base(at) != "r.approval-1-p1.json" {
		t.Errorf("%s, %v", at, err)
	}
	if _, err := f.Answer(t.Context(), i, a); !errors.Is(err, os.ErrExist) {
		t.Errorf("an approval was replaced: %v", err)
	}
	all, err := f.List(t.Context())
	if err != nil || len(all) != 1 || len(all[0].Given) != 1 || all[0].State != StateWaiting || all[0].Groups() != [sealed.Groups]bool{true, false} {
		t.Errorf("%+v, %v", all, err)
	}
	no, err := sealed.Refuse(i.Request, "no", sealed.Person{ID: "p2"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Answer(t.Context(), i, no); err != nil {
		t.Fatal(err)
	}
	again, err := f.Load(t.Context(), i.Ref)
	if by, refused := again.Refused(); err != nil || !refused || by.By.ID != "p2" || again.State != StateRefused {
		t.Errorf("%+v, %v", again, err)
	}
	if err := os.WriteFile(filepath.Join(f.Folder, "r.x.json"), []byte(`{"request":"../x"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Load(t.Context(), i.Ref); !errors.Is(err, sealed.ErrRequest) {
		t.Errorf("something else beside a request: %v", err)
	}
}
