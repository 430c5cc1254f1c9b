//go:build linux

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/restore"
)

// passphrase is how the one of a sealed backup is given.
type passphrase struct {
	PassphraseFile string `help:"Read the passphrase from this file instead of asking." type:"existingfile" placeholder:"FILE"`
}

type backupCommand struct {
	cli.Target
	passphrase
	File string `arg:"" help:"File to write; one that is there is replaced." type:"path"`
	Seal bool   `help:"Encrypt it with a passphrase and put the key in: it then restores on any box."`
}

func (c *backupCommand) Run(p *cli.Program) error {
	cfg, err := c.Load(p)
	if err != nil {
		return err
	}
	sealed := c.Seal || c.PassphraseFile != ""
	secret := ""
	if sealed {
		if secret, err = c.choose(p); err != nil {
			return err
		}
	}
	var made store.Backup
	err = cli.WriteFile(c.File, 0o600, func(w io.Writer) (err error) {
		made, err = fetch(p, cfg, sealed, secret, w)
		return err
	})
	if err != nil {
		return err
	}
	p.Say(text.BackupWritten, c.File, made.Size>>10)
	if !sealed {
		p.Say(text.BackupNoKey, filepath.Join(cfg.Data, "bauta.key"))
	}
	return nil
}

// fetch gets the backup from the daemon, or makes it where none runs.
func fetch(p *cli.Program, cfg config.Config, sealed bool, secret string, w io.Writer) (made store.Backup, err error) {
	if sealed {
		out, err := restore.Seal(w, secret)
		if err != nil {
			return made, err
		}
		defer func() { // its end is part of what is written
			if closed := out.Close(); err == nil {
				err = closed
			}
		}()
		w = out
	}
	made, err = api.NewClient(cfg.Socket(), p.Lang).Backup(p.Ctx, sealed, w)
	if _, missing := os.Stat(cfg.Store()); missing != nil || !errors.Is(err, api.ErrNotRunning) {
		return made, err
	}
	return offline(cfg, sealed, w)
}

// offline opens the store itself; its lock keeps a daemon away meanwhile.
func offline(cfg config.Config, withKey bool, w io.Writer) (store.Backup, error) {
	s, err := store.Open(cfg.Store(), store.Options{AsIs: true})
	if err != nil {
		return store.Backup{}, err
	}
	defer s.Close()
	r, out := io.Pipe()
	go func() { out.CloseWithError(s.WriteBackup(out, restore.Head(cfg.Gateway.Name), withKey)) }()
	made, err := store.ReadBackup(io.TeeReader(r, w), io.Discard)
	r.CloseWithError(err) // lets the writer go
	return made, err
}

// choose takes a new passphrase.
func (c passphrase) choose(p *cli.Program) (string, error) {
	secret, err := c.ask(p)
	if err == nil && c.PassphraseFile == "" {
		var again string
		if again, err = p.AskPassword(p.Text(text.BackupAgain) + ": "); err == nil && again != secret {
			err = cli.Usage(text.Fail(nil, text.BackupDiffer))
		}
	}
	if err == nil {
		if short := restore.CheckPassphrase(secret); short != nil {
			err = cli.Usage(short)
		}
	}
	return secret, err
}

func (c passphrase) ask(p *cli.Program) (string, error) {
	if c.PassphraseFile != "" {
		return cli.PasswordFile(c.PassphraseFile)
	}
	return p.AskPassword(p.Text(text.BackupPassphrase) + ": ")
}

type restoreCommand struct {
	cli.Target
	passphrase
	File        string `arg:"" optional:"" help:"The backup." type:"existingfile"`
	AcceptOlder bool   `help:"Instead of a backup take the store as it is, though it is an older one than the gateway had. It asks first."`
	Yes         bool   `help:"With --accept-older: do not ask."`
	UndoUpdate  bool   `help:"Instead of a backup put back what was there before an update whose gateway did not come up; the gateway must be stopped."`
}

func (c *restoreCommand) Run(p *cli.Program) error {
	if !c.one() {
		return cli.Usage(errors.New("give the backup's file, or --accept-older or --undo-update without one"))
	}
	cfg, err := c.Load(p)
	if err != nil {
		return err
	}
	switch {
	case c.UndoUpdate:
		return undoUpdate(p, cfg)
	case c.AcceptOlder:
		return c.acceptOlder(p, cfg)
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	backup, err := c.open(p, bufio.NewReader(f))
	if err != nil {
		return err
	}
	done, err := api.NewClient(cfg.Socket(), p.Lang).Restore(p.Ctx, backup)
	if errors.Is(err, api.ErrNotRunning) {
		done, err = restoreOffline(cfg, backup)
	}
	if errors.Is(err, store.ErrBackup) || errors.Is(err, store.ErrBackupKey) || errors.Is(err, store.ErrLocked) {
		err = cli.Refuse(err)
	}
	if err != nil {
		return err
	}
	restored(p, done)
	return nil
}

// one reports whether just one thing is asked for.
func (c *restoreCommand) one() bool {
	n := 0
	for _, is := range []bool{c.File != "", c.UndoUpdate, c.AcceptOlder} {
		if is {
			n++
		}
	}
	return n == 1 && (c.AcceptOlder || !c.Yes)
}

// acceptOlder has the gateway go on with the store that it has, once a person said so.
func (c *restoreCommand) acceptOlder(p *cli.Program, cfg config.Config) error {
	if !c.Yes {
		fmt.Fprint(p.Stderr, p.Text(text.OlderAsk)+": ")
		said, err := p.ReadUntilStopped()
		if err != nil || said != "yes" {
			return cli.Refuse(text.Fail(err, text.OlderRefused))
		}
	}
	if err := api.NewClient(cfg.Socket(), p.Lang).AcceptOlder(p.Ctx); err != nil {
		return err
	}
	p.Say(text.OlderAccepted)
	return nil
}

func undoUpdate(p *cli.Program, cfg config.Config) error {
	kept, err := store.UndoUpdate(cfg.Store(), store.Options{})
	if errors.Is(err, store.ErrNoUpdate) || errors.Is(err, store.ErrLocked) {
		err = cli.Refuse(err)
	}
	if err == nil {
		p.Say(text.StoreUndone, kept)
	}
	return err
}

// open returns the backup itself, decrypted where it is sealed.
func (c *restoreCommand) open(p *cli.Program, r *bufio.Reader) (io.Reader, error) {
	plain, err := restore.Unseal(r, func() (string, error) { return c.ask(p) })
	if errors.Is(err, restore.ErrPassphrase) {
		err = cli.Refuse(text.Fail(err, text.BackupWrong, c.File))
	}
	return plain, err
}

func restoreOffline(cfg config.Config, backup io.Reader) (store.Restored, error) {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return store.Restored{}, err
	}
	from, err := store.Stage(cfg.Store(), backup)
	if err != nil {
		return store.Restored{}, err
	}
	return store.Adopt(cfg.Store(), from, store.Options{})
}

func restored(p *cli.Program, done store.Restored) {
	p.Say(text.BackupRestored, done.Created.Local().Format("2006-01-02 15:04"), done.Gateway)
	if done.Revocations+done.Blocked+done.Zones > 0 {
		p.Say(text.BackupHeld, done.Revocations, done.Withdrawn, done.Blocked, done.Zones)
	}
	if done.Kept != "" {
		p.Say(text.BackupKept, done.Kept)
	}
	if done.Old == store.OldDamaged {
		fmt.Fprintln(p.Stderr, p.Text(text.BackupSalvaged))
	}
}
