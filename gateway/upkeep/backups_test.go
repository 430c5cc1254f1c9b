package upkeep

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/restore"
)

const words = "correct horse battery"

func open(t *testing.T) (*Backups, *store.Store, string) {
	t.Helper()
	data := t.TempDir()
	s, err := store.Open(filepath.Join(data, "bauta.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	log := audit.New(audit.Config{Store: s, Log: slog.New(slog.DiscardHandler), Published: func() {}, Evaluate: func() {}, EachMinute: func() {}})
	return Open(Config{Store: s, Audit: log, Gateway: "box-7", Data: data, Log: slog.New(slog.DiscardHandler)}), s, data
}

func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		names = append(names, e.Name())
	}
	return names
}

// Backups are written by the plan, sealed, and only the newest are kept; a file of somebody else stays.
func TestPlan(t *testing.T) {
	b, s, data := open(t)
	to := t.TempDir()
	if err := os.WriteFile(filepath.Join(to, "bauta-other-20200101-000000.bauta"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	b.makeDue(time.Now())
	if got := files(t, to); len(got) != 1 {
		t.Fatalf("without a plan: %v", got)
	}
	if err := b.SetPlan(t.Context(), api.NewBackupPlan{BackupPlan: api.BackupPlan{Folder: to, Every: "day", Keep: 2}, Passphrase: words}); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 5, 1, 3, 0, 0, 0, time.UTC)
	for day := range 4 {
		at := now.AddDate(0, 0, day)
		b.makeDue(at)
		b.makeDue(at.Add(time.Hour)) // not due again
	}
	want := "bauta-box-7-20260503-030000.bauta bauta-box-7-20260504-030000.bauta bauta-other-20200101-000000.bauta"
	if got := strings.Join(files(t, to), " "); got != want {
		t.Fatalf("kept: %s", got)
	}
	prove(t, filepath.Join(to, "bauta-box-7-20260504-030000.bauta"))

	// What is known survives a restart, and the passphrase is in no state.
	again := Open(Config{Store: s, Audit: b.audit, Gateway: "box-7", Data: data, Log: slog.New(slog.DiscardHandler)})
	state := again.State(now.AddDate(0, 0, 4), text.EN)
	if !state.Last.Equal(now.AddDate(0, 0, 3)) || state.Due || state.Plan != (api.BackupPlan{Folder: to, Every: "day", Keep: 2}) {
		t.Errorf("after a restart: %+v", state)
	}
	if !again.State(now.AddDate(0, 2, 0), text.EN).Due {
		t.Error("nobody is reminded after two months")
	}
	again.makeDue(now.AddDate(0, 0, 5))
	if len(files(t, to)) != 3 || files(t, to)[1] != "bauta-box-7-20260506-030000.bauta" {
		t.Errorf("after a restart: %v", files(t, to))
	}
}

func prove(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if info, _ := f.Stat(); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	r := bufio.NewReader(f)
	if !restore.Sealed(r) {
		t.Fatal("it is not sealed")
	}
	plain, err := restore.Unseal(r, func() (string, error) { return words, nil })
	if err != nil {
		t.Fatal(err)
	}
	from, err := store.ReadBackup(plain, io.Discard)
	if err != nil || from.Gateway != "box-7" || from.Key == "" {
		t.Errorf("%+v, %v", from, err)
	}
}

// A folder that goes away is a problem that is said, and tried again in an hour.
func TestPlanFails(t *testing.T) {
	b, s, _ := open(t)
	to := filepath.Join(t.TempDir(), "stick")
	if err := os.Mkdir(to, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := b.SetPlan(t.Context(), api.NewBackupPlan{BackupPlan: api.BackupPlan{Folder: to, Every: "week", Keep: 3}, Passphrase: words}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(to); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	b.makeDue(now)
	en, zh := b.State(now, text.EN), b.State(now, text.ZhCN)
	if !en.Due || !strings.Contains(en.Problem, "there is no folder") || !strings.Contains(zh.Problem, "不存在") || !en.Last.IsZero() {
		t.Errorf("%+v %+v", en, zh)
	}
	if err := os.Mkdir(to, 0o700); err != nil {
		t.Fatal(err)
	}
	b.makeDue(now.Add(time.Minute))
	if len(files(t, to)) != 0 {
		t.Error("it is tried again at once")
	}
	made := func() (n int) {
		_, _, err := s.AuditPage(0, 100, func(e store.AuditRecord) bool {
			if e.Action == string(audit.BackupMade) {
				n++
			}
			return false
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := made(); n != 0 {
		t.Errorf("%d backups that failed are on record as made", n)
	}
	b.makeDue(now.Add(2 * time.Hour))
	if s := b.State(now, text.EN); len(files(t, to)) != 1 || s.Problem != "" || made() != 1 {
		t.Errorf("%v, %+v, %d on record", files(t, to), s, made())
	}
	// Ending it leaves what there is.
	if err := b.SetPlan(t.Context(), api.NewBackupPlan{}); err != nil || b.State(now, text.EN).Plan.Folder != "" || len(files(t, to)) != 1 {
		t.Errorf("%v, %v", err, files(t, to))
	}
}

// A plan that a manager changes while a backup by the former one is written stays, over a restart too.
func TestPlanChangesMeanwhile(t *testing.T) {
	b, s, data := open(t)
	to := t.TempDir()
	for _, every := range []string{"day", "week"} {
		before := b.plan
		if err := b.SetPlan(t.Context(), api.NewBackupPlan{BackupPlan: api.BackupPlan{Folder: to, Every: every, Keep: 3}, Passphrase: words + every}); err != nil {
			t.Fatal(err)
		}
		if err := b.settle(before, time.Now(), nil); err != nil {
			t.Fatal(err)
		}
	}
	again := Open(Config{Store: s, Audit: b.audit, Gateway: "box-7", Data: data, Log: slog.New(slog.DiscardHandler)})
	if p := again.plan; p.Every != "week" || p.Passphrase != words+"week" || !p.Done.IsZero() || p != b.plan {
		t.Errorf("in force is %+v, stored %+v", b.plan, p)
	}
}

func TestPlansThatAreRefused(t *testing.T) {
	b, _, data := open(t)
	good := api.NewBackupPlan{BackupPlan: api.BackupPlan{Folder: t.TempDir(), Every: "day", Keep: 1}, Passphrase: words}
	for name, bend := range map[string]func(*api.NewBackupPlan){
		"how often": func(p *api.NewBackupPlan) { p.Every = "hour" }, "none kept": func(p *api.NewBackupPlan) { p.Keep = 0 }, "too many": func(p *api.NewBackupPlan) { p.Keep = 101 },
		"short": func(p *api.NewBackupPlan) { p.Passphrase = "short" }, "none": func(p *api.NewBackupPlan) { p.Passphrase = "" }, "no folder": func(p *api.NewBackupPlan) { p.Folder = "/no/such/folder" },
		"not whole": func(p *api.NewBackupPlan) { p.Folder = "." }, "the data folder": func(p *api.NewBackupPlan) { p.Folder = data },
		"a file": func(p *api.NewBackupPlan) { p.Folder = filepath.Join(data, "bauta.db") },
	} {
		p := good
		bend(&p)
		var refused *api.Error
		if err := b.SetPlan(t.Context(), p); !errors.As(err, &refused) || refused.Code != api.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := b.SetPlan(t.Context(), good); err != nil {
		t.Error(err)
	}
	good.Passphrase = "" // the one of before
	if err := b.SetPlan(t.Context(), good); err != nil {
		t.Error(err)
	}
}

func TestDisk(t *testing.T) {
	_, s, data := open(t)
	d := NewDisk(s, data)
	if d.Status() != nil {
		t.Error("known before it was measured")
	}
	d.measure(time.Now())
	if is := d.Status(); is == nil || is.Total <= 0 || is.Room == "" {
		t.Errorf("%+v", is)
	}
	gone := NewDisk(s, filepath.Join(data, "gone"))
	gone.measure(time.Now())
	if _, err := os.Stat(filepath.Join(data, "gone")); !errors.Is(err, fs.ErrNotExist) || gone.Status() != nil {
		t.Error(err, gone.Status())
	}
}
