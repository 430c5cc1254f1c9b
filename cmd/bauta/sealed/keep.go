package sealed

import (
	"fmt"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// keep has the originals of a camera sealed.
type keep struct {
	where
	Camera string `arg:"" help:"The camera's id."`
	Days   int    `help:"For how many days, 30 to 365." default:"30" placeholder:"N"`
	Why    string `help:"What for, where the law does not oblige the site, or for longer than it wants." placeholder:"TEXT"`
}

func (c *keep) Run(p *cli.Program) error {
	client, id, err := c.camera(p, c.Camera)
	if err != nil {
		return err
	}
	if err := client.SetSealed(p.Ctx, id, api.NewSealed{Days: c.Days, Why: c.Why}); err != nil {
		return err
	}
	p.Say(text.SealedKept, id, c.Days)
	return nil
}

// stop ends it.
type stop struct {
	where
	Camera string `arg:"" help:"The camera's id."`
}

func (c *stop) Run(p *cli.Program) error {
	client, id, err := c.camera(p, c.Camera)
	if err != nil {
		return err
	}
	if err := client.UnsetSealed(p.Ctx, id); err != nil {
		return err
	}
	p.Say(text.SealedStopped, id)
	return nil
}

// remove is one of the two who have footage deleted that the law forbids.
type remove struct {
	where
	Camera string `arg:"" help:"The id of a camera in a place where none may be."`
}

func (c *remove) Run(p *cli.Program) error {
	client, id, err := c.camera(p, c.Camera)
	if err != nil {
		return err
	}
	done, err := client.DeleteSealed(p.Ctx, id)
	if err != nil {
		return err
	}
	if done.Deleted {
		p.Say(text.SealedRemoved, id)
	} else {
		p.Say(text.SealedRemovalAsked, id)
	}
	return nil
}

// exchange takes another disk.
type exchange struct{ where }

func (c *exchange) Run(p *cli.Program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	if err := client.AcceptSealedDisk(p.Ctx); err != nil {
		return err
	}
	p.Say(text.SealedDiskTaken)
	return nil
}

// heads prints what the audit log has of the chains, for a verification elsewhere.
type heads struct{ where }

func (c *heads) Run(p *cli.Program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	all, err := client.SealedHeads(p.Ctx)
	if err != nil {
		return err
	}
	return p.JSON(all)
}

func (w where) camera(p *cli.Program, name string) (*api.Client, media.CameraID, error) {
	id, err := media.ParseCameraID(name)
	if err != nil {
		return nil, "", cli.Usage(err)
	}
	client, err := w.client(p)
	return client, id, err
}

// status lists what a gateway keeps and how it stands.
func (c *list) status(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	all, err := client.Sealed(p.Ctx)
	switch {
	case err != nil:
		return err
	case c.JSON:
		return p.JSON(all)
	case len(all.Cameras) == 0:
		p.Say(text.SealedListNone)
		return nil
	}
	var t cli.Table
	t.Add(p.Text(text.HeadCamera), p.Text(text.SealedRowState), p.Text(text.SealedRowFrom), p.Text(text.SealedRowDays), p.Text(text.SealedRowGaps), "GB", p.Text(text.SealedRowLasts))
	for _, s := range all.Cameras {
		from, lasts := "-", "-"
		if s.From != nil {
			from = cli.Local(*s.From)
		}
		if s.LastsDays > 0 {
			lasts = fmt.Sprintf("%.0f", s.LastsDays)
		}
		gaps := fmt.Sprintf("%d (%s)", s.Gaps, (time.Duration(s.MissingS) * time.Second).String())
		t.Add(string(s.Camera), p.Text(stateOf(s)), from, fmt.Sprint(s.Days), gaps, fmt.Sprintf("%.1f", float64(s.Bytes)/1e9), lasts)
	}
	t.Print(p.Stdout)
	return nil
}

func stateOf(s api.SealedCamera) text.Key {
	switch {
	case s.Changed != 0:
		return text.SealedStateChanged
	case s.Fault != "":
		return text.OriginalsFault(s.Fault)
	case s.Sealing:
		return text.SealedStateSealing
	case s.Days == 0:
		return text.OriginalsEnded
	}
	return text.OriginalsWait
}
