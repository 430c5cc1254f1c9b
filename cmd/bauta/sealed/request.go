package sealed

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/cmd/bauta/sealed/keyfile"
	"github.com/bauta-gateway/bauta/cmd/bauta/sealed/source"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/text"
)

type request struct {
	where
	cli.CameraArg
	From     *cli.Moment   `help:"Where the stretch begins: 2026-05-01T08:00." placeholder:"TIME" xor:"begin"`
	To       *cli.Moment   `help:"Where it ends." placeholder:"TIME" xor:"end"`
	Last     time.Duration `help:"The last minutes, in an emergency: 5m." placeholder:"SPAN" xor:"begin,end"`
	Purpose  string        `help:"What for." required:"" placeholder:"TEXT"`
	Basis    string        `help:"By which law." required:"" placeholder:"TEXT"`
	Document string        `help:"Number of the paper that asks for it." required:"" placeholder:"TEXT"`
	By       string        `help:"Who asks: the person's id in the register, no name." required:"" placeholder:"ID"`
	Test     bool          `help:"It is the yearly test of opening."`
	Key      string        `help:"File for the request's own private key; one that is there is never replaced." required:"" type:"path" placeholder:"FILE"`
	Out      string        `help:"With --disk: file for the request, to be given to the holders." type:"path" placeholder:"R.json"`
}

func (c *request) Run(p *cli.Program) error {
	r, err := c.request(time.Now())
	if err != nil {
		return err
	}
	src, err := c.source(p)
	if err != nil {
		return err
	}
	r, key, err := sealed.NewRequest(r, time.Now())
	if err != nil {
		return cli.Usage(err)
	}
	content, err := keyfile.Key{Identity: key, Label: c.By}.File("", time.Now())
	if err != nil {
		return err
	}
	// The key first: a request whose key is lost opens nothing, and bothers the holders in vain.
	if err := cli.WriteNew(c.Key, content, 0o600); err != nil {
		return err
	}
	at, segments, err := src.Submit(p.Ctx, r)
	if err != nil {
		return errors.Join(err, os.Remove(c.Key))
	}
	if at != "" {
		p.Say(text.SealedRequestedFile, r.ID, segments, at, c.Key)
	} else {
		p.Say(text.SealedRequestedGateway, r.ID, segments, c.Key)
	}
	p.Say(text.SealedCodeIs, r.Code())
	return nil
}

func (c *request) source(p *cli.Program) (source.Source, error) {
	switch {
	case c.Disk == "" && c.Out != "", c.Disk != "" && !source.IsFile(c.Out):
		return nil, text.Fail(cli.Usage(errors.New("--out goes with --disk")), text.SealedOutJSON)
	case c.Disk != "":
		return c.files(c.Out), nil
	}
	return c.gateway(p)
}

func (c *request) request(now time.Time) (sealed.Request, error) {
	camera, err := c.ID()
	if err != nil {
		return sealed.Request{}, err
	}
	by, err := person(c.By, "")
	if err != nil {
		return sealed.Request{}, err
	}
	r := sealed.Request{Camera: camera, Purpose: c.Purpose, Basis: c.Basis, Document: c.Document, By: by, Test: c.Test}
	switch {
	case c.Last > 0:
		r.From, r.To = now.Add(-c.Last).UTC().Truncate(time.Second), now.UTC().Truncate(time.Second)
	case c.From == nil || c.To == nil:
		return sealed.Request{}, text.Fail(cli.Usage(errors.New("no stretch")), text.SealedNoStretch)
	default:
		r.From, r.To = c.From.Begin(), c.To.End()
	}
	return r, nil
}

type requests struct {
	where
	Folder string `help:"List the requests in the files of a folder, and ask no gateway." type:"existingdir" placeholder:"DIR"`
	JSON   bool   `help:"Print JSON."`
}

func (c *requests) Run(p *cli.Program) error {
	src, err := c.source(p)
	if err != nil {
		return err
	}
	all, err := src.List(p.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(all)
	}
	if len(all) == 0 {
		p.Say(text.SealedNoRequests)
		return nil
	}
	var t cli.Table
	t.Add(p.Text(text.SealedRowRequest), p.Text(text.HeadCamera), p.Text(text.SealedRowFrom), p.Text(text.SealedRowTo), p.Text(text.SealedRowBy), p.Text(text.HeadState))
	for _, i := range all {
		r := i.Request
		t.Add(i.Ref, string(r.Camera), cli.Seconds(r.From), cli.Seconds(r.To), r.By.ID, p.Text(text.SealedState(i.State)))
	}
	t.Print(p.Stdout)
	return nil
}

func (c *requests) source(p *cli.Program) (source.Source, error) {
	if c.Folder != "" {
		return source.Files{Folder: c.Folder}, nil
	}
	return c.gateway(p)
}

// show prints what a holder has to know before he gives anything.
func show(p *cli.Program, i source.Item, segments int) {
	r := i.Request
	var t cli.Table
	t.Add(p.Text(text.SealedRowRequest), r.ID)
	t.Add(p.Text(text.SealedRowCode), r.Code()+"  "+p.Text(text.SealedCompare))
	t.Add(p.Text(text.HeadCamera), string(r.Camera))
	t.Add(p.Text(text.SealedRowFrom), cli.Seconds(r.From))
	t.Add(p.Text(text.SealedRowTo), cli.Seconds(r.To))
	t.Add(p.Text(text.SealedRowSegments), fmt.Sprint(segments))
	t.Add(p.Text(text.SealedRowPurpose), printable(r.Purpose))
	t.Add(p.Text(text.SealedRowBasis), printable(r.Basis))
	t.Add(p.Text(text.SealedRowDocument), printable(r.Document))
	t.Add(p.Text(text.SealedRowBy), printable(r.By.ID)+" "+printable(i.Account))
	t.Add(p.Text(text.SealedRowCreated), cli.Seconds(r.Created))
	if r.Test {
		t.Add(p.Text(text.SealedRowTest), p.Text(text.AnswerYes))
	}
	t.Print(p.Stdout)
}
