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
