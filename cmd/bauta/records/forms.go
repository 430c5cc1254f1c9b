package records

import (
	"path/filepath"
	"strings"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/text"
)

type formList struct {
	cli.Target
	JSON bool `help:"Print JSON."`
}

func (c *formList) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	all, err := client.Forms(p.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(all)
	}
	var t cli.Table
	t.Add(p.Text(text.HeadForm), p.Text(text.HeadName))
	for _, f := range all {
		t.Add(f.ID, f.Name.In(p.Lang))
	}
	t.Print(p.Stdout)
	return nil
}

type formPrint struct {
	cli.Target
	ID    string `arg:"" help:"The form, as bauta form list names it."`
	File  string `arg:"" help:"File to write; its ending says how: .html, .pdf or .csv." type:"path"`
	Names bool   `help:"With names of persons; the audit log notes it."`
}

func (c *formPrint) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	format := document.Format(strings.ToLower(strings.TrimPrefix(filepath.Ext(c.File), ".")))
	if format == "" {
		return cli.Usage(text.Fail(nil, text.FormFormat, ""))
	}
	if err := client.Form(p.Ctx, c.ID, p.Lang, format, c.Names, c.File); err != nil {
		return err
	}
	p.Say(text.FormWritten, c.File)
	return nil
}

// Forms are the commands of bauta form.
type Forms struct {
	List  formList  `cmd:"" help:"List the forms that can be printed."`
	Print formPrint `cmd:"" help:"Print a form, filled in with what is known; a person looks it over and confirms it."`
}

type noticeExport struct {
	cli.Target
	File string `arg:"" help:"File to write, such as notice.html." type:"path"`
}

func (c *noticeExport) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	if err := client.Notice(p.Ctx, c.File); err != nil {
		return err
	}
	p.Say(text.NoticeWritten, c.File)
	return nil
}

// Notice are the commands of bauta notice.
type Notice struct {
	Export noticeExport `cmd:"" help:"Write the page of the newest notice on record, to put it where the sign leads."`
}
