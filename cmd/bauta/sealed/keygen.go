package sealed

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/cmd/bauta/sealed/keyfile"
	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/text"
)

// keeping says how a private key is kept.
type keeping struct {
	Out   string `help:"File for the private key; one that is there is never replaced." required:"" type:"path" placeholder:"FILE"`
	Label string `help:"Whose key it is: the person's id in the register, no name." placeholder:"ID"`
	Sheet string `help:"Write a recovery sheet to print and lock away: .pdf or .html, by its name." type:"path" placeholder:"FILE"`
	Plain bool   `help:"Keep the key without a passphrase, to encrypt it otherwise: for a hardware token, or in a store of your own."`
}

type keygen struct{ keeping }

func (c *keygen) Run(p *cli.Program) error {
	key, err := keyfile.New(c.Label)
	if err != nil {
		return cli.Usage(err)
	}
	return c.keep(p, key)
}

type restore struct{ keeping }

// Run asks for the secret as it asks for a password: it is not shown, and never an argument.
func (c *restore) Run(p *cli.Program) error {
	if err := c.check(); err != nil {
		return err
	}
	typed, err := p.AskSecret(p.Text(text.SealedAskSheet))
	if err != nil {
		return err
	}
	key, err := keyfile.Restore(typed, c.Label)
	if err != nil {
		return cli.Refuse(err)
	}
	return c.keep(p, key)
}

// keep writes the key's file and its sheet, and says the public key.
func (c keeping) keep(p *cli.Program, key keyfile.Key) error {
	if err := c.check(); err != nil {
		return err
	}
	passphrase := ""
	if !c.Plain {
		var err error
		if passphrase, err = newPassphrase(p); err != nil {
			return err
		}
	}
	b, err := key.File(passphrase, time.Now())
	if err != nil {
		return err
	}
	if c.Sheet != "" {
		if err := cli.WriteFile(c.Sheet, 0o600, func(w io.Writer) error { return c.print(w, key) }); err != nil {
			return err
		}
	}
	if err := cli.WriteNew(c.Out, b, 0o600); err != nil {
		return err
	}
	p.Say(text.SealedKeyMade, c.Out)
	if c.Sheet != "" {
		p.Say(text.SealedSheetMade, c.Sheet)
	}
	fmt.Fprintln(p.Stdout, key.Public())
	return nil
}

// check finds out before anything is typed what cannot be written.
func (c keeping) check() error {
	if _, err := os.Lstat(c.Out); err == nil {
		return text.Fail(cli.Refuse(fs.ErrExist), text.KeygenExists, c.Out)
	}
	if _, err := c.format(); c.Sheet != "" && err != nil {
		return cli.Usage(err)
	}
	return nil
}

func (c keeping) format() (document.Format, error) {
	switch f := document.Format(strings.TrimPrefix(strings.ToLower(filepath.Ext(c.Sheet)), ".")); f {
	case document.PDF, document.HTML:
		return f, nil
	}
	return "", text.Fail(errors.New("no such format"), text.SealedSheetFormat, c.Sheet)
}

func (c keeping) print(w io.Writer, key keyfile.Key) error {
	format, err := c.format()
	if err != nil {
		return err
	}
	return document.Printer{}.Print(w, key.Sheet(time.Now()), format)
}

// newPassphrase asks twice at a terminal; a program gives it once.
func newPassphrase(p *cli.Program) (string, error) {
	first, err := p.AskSecret(p.Text(text.SealedNewPassphrase))
	if err != nil {
		return "", err
	}
	if err := keyfile.CheckPassphrase(first); err != nil {
		return "", cli.Usage(err)
	}
	if !cli.IsTerminal(p.Stdin) {
		return first, nil
	}
	again, err := p.AskSecret(p.Text(text.SealedPassphraseAgain))
	if err == nil && again != first {
		err = text.Fail(cli.Usage(errors.New("not the same")), text.SealedPassphraseDiffers)
	}
	return first, err
}
