package cameras

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

type cameraLock struct {
	cli.Target
	cli.CameraArg
	Account []string `help:"Give this account a new password, beside the gateway's own; may be given several times. Without any the accounts are listed." placeholder:"NAME" sep:"none"`
	Plain   bool     `help:"The camera has no HTTPS: agree that the new passwords cross the network readable, for everybody on it."`
	Address string   `help:"The camera's ONVIF device service, such as https://192.0.2.7:8443/onvif/device_service. Default: at the host of the camera's address." placeholder:"URL"`
	Sheet   string   `help:"Where the recovery sheet with the passwords goes, as .html or .pdf. Default: bauta-lock-ID-DAY.html here." type:"path" placeholder:"FILE"`
}

func (c *cameraLock) Run(p *cli.Program) error {
	id, client, err := c.Connect(p, c.Target)
	if err != nil {
		return err
	}
	if len(c.Account) == 0 {
		return c.list(p, client, id)
	}
	if c.Sheet == "" {
		c.Sheet = "bauta-lock-" + string(id) + "-" + time.Now().Format(time.DateOnly) + ".html"
	}
	format := strings.TrimPrefix(filepath.Ext(c.Sheet), ".")
	if format != "html" && format != "pdf" {
		return text.Fail(cli.Usage(errors.New("no sheet")), text.LockSheetName, c.Sheet)
	}
	// The file is there first: passwords that could not be printed would be known to nobody.
	if err := cli.WriteNew(c.Sheet, nil, 0o600); err != nil {
		return err
	}
	done, err := client.LockCamera(p.Ctx, id, api.LockRequest{Accounts: c.Account, Plain: c.Plain, Address: c.Address, Format: format})
	if err != nil {
		return errors.Join(err, os.Remove(c.Sheet))
	}
	return c.done(p, id, done)
}

// list says who can log in, and how to go on.
func (c *cameraLock) list(p *cli.Program, client *api.Client, id media.CameraID) error {
	all, err := client.CameraAccounts(p.Ctx, id, c.Address)
	if err != nil {
		return err
	}
	p.Say(text.LockAccounts, id)
	var t cli.Table
	t.Add(p.Text(text.HeadAccountName), p.Text(text.HeadAccountLevel), "")
	own := ""
	for _, a := range all.Accounts {
		var marks []string
		if a.Own {
			own, marks = a.Name, append(marks, p.Text(text.LockStateOwn))
		}
		if a.Locked {
			marks = append(marks, p.Text(text.LockStateLocked))
		}
		t.Add(a.Name, text.AccountLevel(p.Lang, a.Level), strings.Join(marks, ", "))
	}
	t.Print(p.Stdout)
	p.Say(text.LockHow, id, own)
	if !all.Encrypted {
		p.Say(text.LockReadable)
	}
	return nil
}

// done writes the sheet and says what was changed.
func (c *cameraLock) done(p *cli.Program, id media.CameraID, done api.LockResult) error {
	if done.Format == "html" && filepath.Ext(c.Sheet) == ".pdf" { // no PDF could be printed there
		if err := os.Remove(c.Sheet); err != nil {
			return err
		}
		c.Sheet = strings.TrimSuffix(c.Sheet, ".pdf") + ".html"
	}
	if err := cli.WriteFile(c.Sheet, 0o600, func(w io.Writer) error { _, err := w.Write(done.Sheet); return err }); err != nil {
		return text.Fail(err, text.LockLost, id, c.Sheet, err)
	}
	p.Say(text.LockDone, id, strings.Join(done.Accounts, ", "))
	p.Say(text.LockSheet, c.Sheet)
	return sayFailed(p, done)
}

// sayFailed names the accounts that stayed as they were.
func sayFailed(p *cli.Program, done api.LockResult) error {
	for _, f := range done.Failed {
		p.Say(text.LockFailed, f.Name, f.Message)
	}
	if len(done.Failed) > 0 {
		return cli.ErrRefused
	}
	return nil
}

type cameraUnlock struct {
	cli.Target
	cli.CameraArg
	Forget bool `help:"The camera is gone, or was reset by hand: forget its passwords without asking it."`
}

func (c *cameraUnlock) Run(p *cli.Program) error {
	id, client, err := c.Connect(p, c.Target)
	if err != nil {
		return err
	}
	done, err := client.UnlockCamera(p.Ctx, id, api.UnlockRequest{Forget: c.Forget})
	if err != nil {
		return err
	}
	if c.Forget {
		p.Say(text.LockForgotten, id)
		return nil
	}
	p.Say(text.LockUndone, id)
	failed := sayFailed(p, done)
	byHand := slices.DeleteFunc(done.Accounts, func(name string) bool {
		return slices.ContainsFunc(done.Failed, func(f api.AccountFailed) bool { return f.Name == name })
	})
	if len(byHand) > 0 {
		p.Say(text.LockByHand, id, strings.Join(byHand, ", "))
	}
	return failed
}
