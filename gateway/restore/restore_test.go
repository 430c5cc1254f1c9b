package restore

import (
	"bytes"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// A backup that is whole is taken once and put in place; what is none is refused and
// leaves room for the next.
func TestIntake(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bauta.db")
	s, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var backup bytes.Buffer
	if err := errors.Join(s.PutSetting("before", store.NewSecret("1")), s.WriteBackup(&backup, Head("box-7"), true), s.PutSetting("after", store.NewSecret("1"))); err != nil {
		t.Fatal(err)
	}
	in := NewIntake(path)
	var refused *api.Error
	if _, err := in.Take(strings.NewReader("no backup")); !errors.As(err, &refused) || refused.Code != api.CodeInvalid {
		t.Errorf("no backup: %v", err)
	}
	answer, err := in.Take(&backup)
	if err != nil || answer.ID == "" {
		t.Fatal(answer, err)
	}
	if _, err := in.Take(strings.NewReader("")); !errors.As(err, &refused) || refused.Code != api.CodeBusy {
		t.Errorf("a second one: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	p := <-in.Ready()
	if p.From.Gateway != "box-7" {
		t.Errorf("taken: %+v", p.From)
	}
	done := p.Adopt(path, time.Second, slog.New(slog.DiscardHandler))
	if done.Err != nil || done.ID != answer.ID {
		t.Fatalf("%+v", done)
	}
	if s, err = store.Open(path, store.Options{}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Setting("before"); err != nil {
		t.Error(err)
	}
	if _, err := s.Setting("after"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what came after the backup: %v", err)
	}
}

// A browser's backup is kept as it is, opened by its passphrase, and put in place only after somebody
// looked at it; what is none, or another one by now, is refused and leaves nothing behind.
func TestUpload(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bauta.db")
	s, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var sealed bytes.Buffer
	out, err := Seal(&sealed, "correct horse")
	if err == nil {
		err = errors.Join(s.WriteBackup(out, Head("box-7"), true), out.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	in := NewIntake(path)
	refused := func(what string, err error, code api.Code) {
		t.Helper()
		var e *api.Error
		if !errors.As(err, &e) || e.Code != code {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err = in.Inspect("", "x")
	refused("nothing was sent", err, api.CodeNotFound)
	up, err := in.Upload(strings.NewReader("no backup"), -1)
	if err != nil || up.Sealed {
		t.Fatal(up, err)
	}
	_, err = in.Inspect(up.ID, "")
	refused("no backup", err, api.CodeInvalid)
	_, err = in.Upload(strings.NewReader(""), 1<<60)
	refused("more than the disk has", err, api.CodeTooLarge)

	if up, err = in.Upload(bytes.NewReader(sealed.Bytes()), int64(sealed.Len())); err != nil || !up.Sealed || up.Size != int64(sealed.Len()) {
		t.Fatal(up, err)
	}
	for what, passphrase := range map[string]string{"none": "", "another": "wrong horse"} {
		_, err := in.Inspect(up.ID, passphrase)
		refused(what, err, api.CodeInvalid)
	}
	_, err = in.TakeInspected(up.ID)
	refused("nobody looked", err, api.CodeNotFound)
	from, err := in.Inspect(up.ID, "correct horse")
	if err != nil || from.Gateway != "box-7" {
		t.Fatal(from, err)
	}
	_, err = in.TakeInspected("another")
	refused("another id", err, api.CodeNotFound)

	// Another one that is sent in between takes its place.
	if _, err := in.Take(strings.NewReader("no backup")); err == nil {
		t.Error("no backup was taken")
	}
	_, err = in.TakeInspected(up.ID)
	refused("after another one", err, api.CodeNotFound)
	if _, err = in.Inspect(up.ID, "correct horse"); err != nil {
		t.Fatal(err)
	}
	answer, err := in.TakeInspected(up.ID)
	if p := <-in.Ready(); err != nil || answer.ID != up.ID || p.From.Gateway != "box-7" {
		t.Errorf("%+v, %+v, %v", answer, p, err)
	}
	if left, _ := filepath.Glob(path + ".upload"); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}
