// Package logins is who may look: users of the console, logins at the embedded broker,
// logins at the masked streams, links of screens and the code of the set-up.
//
// In: flags, and passwords from the terminal or standard input. Out: requests to the
// daemon. It starts no goroutines and keeps no password. The scripts of cmd/bauta
// prove each command.
package logins

import (
	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

type userAdd struct {
	cli.Target
	Name     string `arg:"" help:"The user's name. The password is asked for, or read from standard input."`
	Role     string `help:"viewer: sees pictures and states. auditor: records and evidence, too. manager: may change everything." enum:"viewer,auditor,manager" required:"" placeholder:"ROLE"`
	Language string `help:"Language of the console: en or zh-CN. Default: the browser's." enum:",en,zh-CN" default:"" placeholder:"LANG"`
}

func (c *userAdd) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	password, err := p.NewPassword()
	if err != nil {
		return err
	}
	err = client.AddUser(p.Ctx, api.NewUser{User: c.Name, Password: password, Role: identity.Role(c.Role), Language: text.Lang(c.Language)})
	if err == nil {
		p.Say(text.UserAdded, c.Name, c.Role)
	}
	return err
}

type userList struct {
	cli.Target
	JSON bool `help:"Print JSON."`
}

func (c *userList) Run(p *cli.Program) error {
	return listed(p, c.Target, c.JSON, (*api.Client).Users, text.UserNone, func(t *cli.Table, all []identity.User) {
		t.Add(p.Text(text.HeadUser), p.Text(text.HeadRole), p.Text(text.HeadAccount))
		for _, u := range all {
			t.Add(u.Name, string(u.Role), u.ID)
		}
	})
}

type userRemove struct {
	cli.Target
	Name string `arg:"" help:"The user's name."`
}

func (c *userRemove) Run(p *cli.Program) error {
	return ended(p, c.Target, c.Name, (*api.Client).RemoveUser, text.UserRemoved)
}

type userPasswd struct {
	cli.Target
	Name string `arg:"" help:"The user's name. The new password is asked for, or read from standard input."`
}

func (c *userPasswd) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	password, err := p.NewPassword()
	if err != nil {
		return err
	}
	if err := client.SetPassword(p.Ctx, c.Name, password); err != nil {
		return err
	}
	p.Say(text.UserPasswordSet, c.Name, c.Name)
	return nil
}

type userReset struct {
	cli.Target
	Name string `arg:"" help:"The user's name."`
}

func (c *userReset) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	if err := client.ResetSecond(p.Ctx, c.Name); err != nil {
		return err
	}
	p.Say(text.UserSecondReset, c.Name, c.Name)
	return nil
}

// SetupCode is bauta setup-code.
type SetupCode struct {
	cli.Target
	JSON bool `help:"Print JSON."`
}

func (c *SetupCode) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	code, err := client.SetupCode(p.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(code)
	}
	if code.Console != "" {
		p.Say(text.RunConsole, code.Console)
	}
	if code.Code == "" {
		p.Say(text.SetupDone)
		return nil
	}
	p.Say(text.RunSetup, code.Code)
	if code.Console != "" {
		p.Say(text.RunSetupAddress, cli.SetupAddress(code.Console, code.Code))
		p.FirstVisit(code.Console, code.Code, code.Fingerprint)
	}
	return nil
}

// Users are the commands of bauta user.
type Users struct {
	Add      userAdd    `cmd:"" help:"Make a user of the console."`
	List     userList   `cmd:"" help:"List the users of the console."`
	Remove   userRemove `cmd:"" help:"Remove a user and end the logins."`
	Passwd   userPasswd `cmd:"" help:"Give a user a new password and end the logins."`
	Reset2FA userReset  `cmd:"" name:"reset-2fa" help:"Take a user's second factor away, for who has lost the app and the recovery codes."`
}
