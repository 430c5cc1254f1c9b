// Package upkeep keeps a gateway well by itself: it writes sealed backups into a folder by a plan,
// remembers when the last one was made, measures the disk, and asks apt for a newer package.
//
// In: the plan that a manager gave, which the store keeps sealed with its passphrase; what apt says.
// Out: files, the age of the last backup, the room on the disk, the newer package's version.
// Backups.Run, Disk.Run and Updates.Run are its goroutines, started and awaited by who composes the
// gateway; one that asks a disk which does not answer ends with that answer. It must never write an
// unsealed backup, show a passphrase, remove a file that it did not write itself, or install anything.
package upkeep

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/store/wholefile"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/restore"
)

const (
	// planSetting and lastSetting are where the store keeps them, encrypted.
	planSetting = "backup.plan"
	lastSetting = "backup.last"
	minKeep     = 1
	maxKeep     = 100
	// dueAfter is when a person is reminded; a gateway without any backup has that long too.
	dueAfter = 30 * 24 * time.Hour
	// checkEvery is how often the plan is looked at, retryAfter how soon one that failed is tried again.
	checkEvery = time.Minute
	retryAfter = time.Hour
)

// plan as the store has it.
type plan struct {
	api.BackupPlan
	Passphrase string    `json:"passphrase"`
	Done       time.Time `json:"done,omitzero"` // the last one by the plan
}

func (p plan) period() time.Duration {
	if p.Every == "week" {
		return 7 * 24 * time.Hour
	}
	return 24 * time.Hour
}

// Backups makes them by the plan. Its methods may be called from any goroutine.
type Backups struct {
	store   *store.Store
	audit   *audit.Log
	gateway string
	data    string // the folder in which no backup belongs
	log     *slog.Logger
	wake    chan struct{}

	keeping sync.Mutex // one change of the stored plan at a time; it may wait for the disk

	mu     sync.Mutex
	plan   plan
	last   time.Time
	failed error // of the last planned one
	tried  time.Time
}

// Config of Backups.
type Config struct {
	Store         *store.Store
	Audit         *audit.Log
	Gateway, Data string
	Log           *slog.Logger
}

// Open reads the plan. One that cannot be read is none, and said.
func Open(c Config) *Backups {
	b := &Backups{store: c.Store, audit: c.Audit, gateway: c.Gateway, data: c.Data, log: c.Log, wake: make(chan struct{}, 1)}
	if err := c.Store.LoadSetting(planSetting, &b.plan); err != nil {
		c.Log.Error("the plan of backups cannot be read: give it again", "error", err)
	}
	if err := c.Store.LoadSetting(lastSetting, &b.last); err != nil {
		c.Log.Error("when the last backup was made cannot be read", "error", err)
	}
	return b
}

// Made notes that a backup was made just now, by whatever way. A full disk does not keep one from
// being made, so an error is only said.
func (b *Backups) Made(now time.Time) {
	b.mu.Lock()
	b.last = now.UTC().Truncate(time.Second)
	last := b.last
	b.mu.Unlock()
	if err := b.store.KeepSetting(lastSetting, last); err != nil {
		b.log.Warn("when a backup was made is not stored", "error", err)
	}
}

// State says how things stand, in a language.
func (b *Backups) State(now time.Time, lang text.Lang) api.BackupState {
	b.mu.Lock()
	s := api.BackupState{Last: b.last, Plan: b.plan.BackupPlan, Problem: text.Explain(lang, b.failed)}
	b.mu.Unlock()
	since := s.Last
	if since.IsZero() {
		since = b.store.AuditBegan()
	}
	s.Due = !since.IsZero() && now.Sub(since) > dueAfter || s.Problem != ""
	return s
}

// SetPlan puts another plan in force; an empty folder ends it. The passphrase of before holds where
// none is given.
func (b *Backups) SetPlan(ctx context.Context, in api.NewBackupPlan) error {
	b.mu.Lock()
	next := plan{BackupPlan: in.BackupPlan, Passphrase: in.Passphrase}
	if next.Passphrase == "" {
		next.Passphrase = b.plan.Passphrase
	}
	b.mu.Unlock()
	if next.Folder == "" {
		next = plan{}
	} else if err := b.check(next); err != nil {
		return api.Because(api.CodeInvalid, err)
	}
	if err := b.keep(next); err != nil {
		return err
	}
	select {
	case b.wake <- struct{}{}:
	default:
	}
	return b.audit.Did(ctx, audit.BackupPlan, "store", fmt.Sprintf("every=%s keep=%d", next.Every, next.Keep), nil)
}

func (b *Backups) keep(next plan) error {
	b.keeping.Lock()
	defer b.keeping.Unlock()
	if err := b.store.KeepSetting(planSetting, next); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.plan, b.failed, b.tried = next, nil, time.Time{}
	return nil
}

func (b *Backups) check(p plan) error {
	if p.Every != "day" && p.Every != "week" {
		return text.Fail(nil, text.BackupEvery)
	}
	if p.Keep < minKeep || p.Keep > maxKeep {
		return text.Fail(nil, text.BackupKeep, minKeep, maxKeep)
	}
	if err := restore.CheckPassphrase(p.Passphrase); err != nil {
		return err
	}
	info, err := os.Stat(p.Folder)
	within, relErr := filepath.Rel(b.data, p.Folder)
	if err != nil || !info.IsDir() || !filepath.IsAbs(p.Folder) || relErr != nil || !strings.HasPrefix(within, "..") {
		return text.Fail(err, text.BackupFolder, b.data)
	}
	probe, err := os.CreateTemp(p.Folder, ".bauta-*")
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return text.Fail(err, text.BackupClosed, p.Folder)
	case err != nil:
		return wholefile.Unwritten(filepath.Join(p.Folder, "x"), err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// Run makes backups when they are due, until ctx ends.
func (b *Backups) Run(ctx context.Context) {
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	for {
		b.makeDue(time.Now())
		select {
		case <-tick.C:
		case <-b.wake:
		case <-ctx.Done():
			return
		}
	}
}

func (b *Backups) makeDue(now time.Time) {
	b.mu.Lock()
	p, due := b.plan, b.plan.Folder != "" && now.Sub(b.plan.Done) >= b.plan.period() && now.Sub(b.tried) >= retryAfter
	if due {
		b.tried = now
	}
	b.mu.Unlock()
	if !due {
		return
	}
	name, err := b.write(p, now)
	if err == nil {
		b.Made(now)
		b.log.Info("planned backup made", "file", name)
		if missing := b.audit.Write(audit.Record{Action: audit.BackupMade, Actor: audit.Gateway, Subject: "store", Detail: "key=yes planned"}); missing != nil {
			b.log.Warn("a backup was made that is not in the audit log", "error", missing)
		}
	}
	if err = b.settle(p, now, err); err != nil {
		b.log.Error("the planned backup failed: it is tried again in an hour", "error", err)
	}
}

// settle notes what became of a backup by a plan, unless another plan is in force by now.
func (b *Backups) settle(p plan, now time.Time, err error) error {
	b.keeping.Lock()
	defer b.keeping.Unlock()
	b.mu.Lock()
	same := b.plan == p
	b.mu.Unlock()
	if !same {
		return err
	}
	if err == nil {
		p.Done = now.UTC()
		err = errors.Join(b.store.KeepSetting(planSetting, p), b.prune(p))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.plan.Done, b.failed = p.Done, err
	return err
}

// pattern is of the names of this gateway's planned backups; only such files are removed.
func (b *Backups) pattern() *regexp.Regexp {
	return regexp.MustCompile(`^bauta-` + regexp.QuoteMeta(b.gateway) + `-\d{8}-\d{6}\.bauta$`)
}

func (b *Backups) write(p plan, now time.Time) (string, error) {
	name := fmt.Sprintf("bauta-%s-%s.bauta", b.gateway, now.UTC().Format("20060102-150405"))
	path := filepath.Join(p.Folder, name)
	f, err := os.CreateTemp(p.Folder, ".bauta-*") // of mode 0600
	if err != nil {
		return name, wholefile.Unwritten(path, err)
	}
	defer os.Remove(f.Name())
	out, err := restore.Seal(f, p.Passphrase)
	if err == nil {
		err = b.store.WriteBackup(out, restore.Head(b.gateway), true)
	}
	if err == nil {
		err = errors.Join(out.Close(), f.Sync())
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return name, wholefile.Unwritten(path, err)
	}
	return name, wholefile.SyncDir(p.Folder)
}

// prune removes the oldest planned backups beyond those that are kept.
func (b *Backups) prune(p plan) error {
	all, err := fs.Glob(os.DirFS(p.Folder), "bauta-*.bauta")
	if err != nil {
		return err
	}
	is := b.pattern()
	all = slices.DeleteFunc(all, func(name string) bool { return !is.MatchString(name) })
	slices.Sort(all) // by their time
	var bad []error
	for _, name := range all[:max(0, len(all)-p.Keep)] {
		bad = append(bad, os.Remove(filepath.Join(p.Folder, name)))
	}
	return errors.Join(bad...)
}
