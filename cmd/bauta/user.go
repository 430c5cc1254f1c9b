package main

import (
	"errors"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/console"
)

// newPassword is how a command gets a user's password: asked for at a
// terminal, else one line of standard input.
func (p *program) newPassword() (string, error) {
	read := func() (string, error) { return readPassword(p.stdin) }
	if isTerminal(p.stdin) {
		read = func() (string, error) { return p.askPassword(p.text(text.UserAskPassword)) }
	}
	password, err := read()
	if err == nil && password == "" {
		err = text.Fail(usageError{errors.New("no password")}, text.UserPasswordEmpty)
	}
	return password, err
}

type userAdd struct {
	place
	Name     string `arg:"" help:"The user's name. The password is asked for, or read from standard input."`
	Role     string `help:"viewer: sees pictures and states. auditor: records and evidence, too. manager: may change everything." enum:"viewer,auditor,manager" required:"" placeholder:"ROLE"`
	Language string `help:"Language of the console: en or zh-CN. Default: the browser's." enum:",en,zh-CN" default:"" placeholder:"LANG"`
}

func (c *userAdd) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	password, err := p.newPassword()
	if err != nil {
		return err
	}
	err = client.AddUser(p.ctx, api.NewUser{User: c.Name, Password: password, Role: console.Role(c.Role), Language: text.Lang(c.Language)})
	if err == nil {
		p.say(text.UserAdded, c.Name, c.Role)
	}
	return err
}

type userList struct {
	place
	JSON bool `help:"Print JSON."`
}

func (c *userList) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	all, err := client.Users(p.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.json(all)
	}
	if len(all) == 0 {
		p.say(text.UserNone)
		return nil
	}
	var t table
	t.add(p.text(text.HeadUser), p.text(text.HeadRole), p.text(text.HeadAccount))
	for _, u := range all {
		t.add(u.Name, string(u.Role), u.ID)
	}
	t.print(p.stdout)
	return nil
}

type userRemove struct {
	place
	Name string `arg:"" help:"The user's name."`
}

func (c *userRemove) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	if err := client.RemoveUser(p.ctx, c.Name); err != nil {
		return err
	}
	p.say(text.UserRemoved, c.Name)
	return nil
}

type userPasswd struct {
	place
	Name string `arg:"" help:"The user's name. The new password is asked for, or read from standard input."`
}

func (c *userPasswd) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	password, err := p.newPassword()
	if err != nil {
		return err
	}
	if err := client.SetPassword(p.ctx, c.Name, password); err != nil {
		return err
	}
	p.say(text.UserPasswordSet, c.Name, c.Name)
	return nil
}

type setupCode struct {
	place
	JSON bool `help:"Print JSON."`
}

func (c *setupCode) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	code, err := client.SetupCode(p.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.json(code)
	}
	if code.Console != "" {
		p.say(text.RunConsole, code.Console)
	}
	if code.Code == "" {
		p.say(text.SetupDone)
		return nil
	}
	p.say(text.RunSetup, code.Code)
	return nil
}
