package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/restore"
)

const (
	// sealWork is scrypt's work factor, 2^16: 64 MB of memory and some tenths
	// of a second, which the smallest box has. maxSealWork is what is taken on
	// to open a file that anybody may have made.
	sealWork    = 16
	maxSealWork = 18
	// minPassphrase keeps the shortest ones out, in bytes.
	minPassphrase = 8
	ageHead       = "age-encryption.org/"
)

// passphrase is how the one of a sealed backup is given.
type passphrase struct {
	PassphraseFile string `help:"Read the passphrase from this file instead of asking." type:"existingfile" placeholder:"FILE"`
}

type backupCommand struct {
	place
	passphrase
	File string `arg:"" help:"File to write; one that is there is replaced." type:"path"`
	Seal bool   `help:"Encrypt it with a passphrase and put the key in: it then restores on any box."`
}

func (c *backupCommand) Run(p *program) error {
	cfg, err := c.load(p)
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
	size, err := writeWhole(c.File, func(w io.Writer) (int64, error) {
		made, err := fetch(p, cfg, sealed, secret, w)
		return made.Size, err
	})
	if err != nil {
		return err
	}
	p.say(text.BackupWritten, c.File, size>>10)
	if !sealed {
		p.say(text.BackupNoKey, filepath.Join(cfg.Data, "bauta.key"))
	}
	return nil
}

// fetch gets the backup from the daemon, or makes it where none runs.
func fetch(p *program, cfg config.Config, sealed bool, secret string, w io.Writer) (made store.Backup, err error) {
	if sealed {
		out, err := seal(w, secret)
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
	made, err = api.NewClient(cfg.Socket(), p.lang).Backup(p.ctx, sealed, w)
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

func seal(w io.Writer, secret string) (io.WriteCloser, error) {
	to, err := age.NewScryptRecipient(secret)
	if err != nil {
		return nil, err
	}
	to.SetWorkFactor(sealWork)
	return age.Encrypt(w, to)
}

// writeWhole makes a file of mode 0600 that appears once all is on the disk.
func writeWhole(path string, write func(io.Writer) (int64, error)) (size int64, err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".bauta-backup-*")
	if err != nil {
		return 0, err
	}
	defer os.Remove(tmp.Name())
	if size, err = write(tmp); err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return 0, err
	}
	return size, os.Rename(tmp.Name(), path)
}

// choose takes a new passphrase.
func (c passphrase) choose(p *program) (string, error) {
	secret, err := c.ask(p)
	if err == nil && c.PassphraseFile == "" {
		var again string
		if again, err = p.askPassword(p.text(text.BackupAgain) + ": "); err == nil && again != secret {
			err = usageError{text.Fail(nil, text.BackupDiffer)}
		}
	}
	if err == nil && len(secret) < minPassphrase {
		err = usageError{text.Fail(nil, text.BackupShort, minPassphrase)}
	}
	return secret, err
}

func (c passphrase) ask(p *program) (string, error) {
	if c.PassphraseFile != "" {
		return passwordFile(c.PassphraseFile)
	}
	return p.askPassword(p.text(text.BackupPassphrase) + ": ")
}

type restoreCommand struct {
	place
	passphrase
	File        string `arg:"" optional:"" help:"The backup." type:"existingfile"`
	AcceptOlder bool   `help:"Instead of a backup take the store as it is, though it is an older one than the gateway had. It asks first."`
	Yes         bool   `help:"With --accept-older: do not ask."`
	UndoUpdate  bool   `help:"Instead of a backup put back what was there before an update whose gateway did not come up; the gateway must be stopped."`
}

func (c *restoreCommand) Run(p *program) error {
	if !c.one() {
		return usageError{errors.New("give the backup's file, or --accept-older or --undo-update without one")}
	}
	cfg, err := c.load(p)
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
	done, err := api.NewClient(cfg.Socket(), p.lang).Restore(p.ctx, backup)
	if errors.Is(err, api.ErrNotRunning) {
		done, err = restoreOffline(cfg, backup)
	}
	if errors.Is(err, store.ErrBackup) || errors.Is(err, store.ErrBackupKey) || errors.Is(err, store.ErrLocked) {
		err = refusal{err}
	}
	if err != nil {
		return err
	}
	p.restored(done)
	return nil
}

// one tells whether just one thing is asked for.
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
func (c *restoreCommand) acceptOlder(p *program, cfg config.Config) error {
	if !c.Yes {
		fmt.Fprint(p.stderr, p.text(text.OlderAsk)+": ")
		said, err := p.readUntilStopped()
		if err != nil || said != "yes" {
			return refusal{text.Fail(err, text.OlderRefused)}
		}
	}
	if err := api.NewClient(cfg.Socket(), p.lang).AcceptOlder(p.ctx); err != nil {
		return err
	}
	p.say(text.OlderAccepted)
	return nil
}

func undoUpdate(p *program, cfg config.Config) error {
	kept, err := store.UndoUpdate(cfg.Store(), store.Options{})
	if errors.Is(err, store.ErrNoUpdate) || errors.Is(err, store.ErrLocked) {
		err = refusal{err}
	}
	if err == nil {
		p.say(text.StoreUndone, kept)
	}
	return err
}

// open returns the backup itself, decrypted where it is sealed.
func (c *restoreCommand) open(p *program, r *bufio.Reader) (io.Reader, error) {
	head, _ := r.Peek(len(ageHead)) // a shorter file is no backup, as is found later
	if string(head) != ageHead {
		return r, nil
	}
	secret, err := c.ask(p)
	if err != nil {
		return nil, err
	}
	who, err := age.NewScryptIdentity(secret)
	if err != nil {
		return nil, usageError{err}
	}
	who.SetMaxWorkFactor(maxSealWork)
	plain, err := age.Decrypt(r, who)
	if err != nil {
		return nil, refusal{text.Fail(err, text.BackupWrong, c.File)}
	}
	return plain, nil
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

func (p *program) restored(done store.Restored) {
	p.say(text.BackupRestored, done.Created.Local().Format("2006-01-02 15:04"), done.Gateway)
	if done.Revocations+done.Blocked+done.Zones > 0 {
		p.say(text.BackupHeld, done.Revocations, done.Withdrawn, done.Blocked, done.Zones)
	}
	if done.Kept != "" {
		p.say(text.BackupKept, done.Kept)
	}
	if done.Old == store.OldDamaged {
		fmt.Fprintln(p.stderr, p.text(text.BackupSalvaged))
	}
}
