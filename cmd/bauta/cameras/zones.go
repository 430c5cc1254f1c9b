package cameras

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"image/jpeg"
	"os"
	"strings"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/config/zone/drawing"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

type zoneAdd struct {
	cli.Target
	cli.CameraArg
	Zone    string   `arg:"" optional:"" help:"The zone's id, which tokens name: a-z, 0-9 and dashes. Default: a free one, made of the name."`
	Name    string   `help:"What people call it, in any script: \"Reception\". It stands on badges and consents." placeholder:"NAME"`
	Kind    string   `help:"private (always solid), masked (all of it blurred), moving (what moves in it blurred), consent (tokens count here) or capture (all outside is solid)." enum:"private,masked,moving,consent,capture" required:"" placeholder:"KIND"`
	Points  string   `help:"Corners in order, from 0,0 (top left) to 1,1: \"0.1,0.2 0.5,0.2 0.5,0.9\"." xor:"shape" placeholder:"POINTS"`
	Rect    string   `help:"A rectangle instead: left,top,right,bottom." xor:"shape" placeholder:"RECT"`
	Purpose []string `help:"What tokens may be for to count in a consent zone, several parted by commas: visitor-reception. Without any nobody is shown there." placeholder:"PURPOSE"`
	Replace bool     `help:"Change the zone with this id; without --name its name stays."`
}

func (c *zoneAdd) Run(p *cli.Program) error {
	points, err := c.shape()
	if err != nil {
		return cli.Usage(err)
	}
	id, client, err := c.Connect(p, c.Target)
	if err != nil {
		return err
	}
	z := api.NewZone{Zone: zone.Zone{ID: c.Zone, Name: c.Name, Kind: zone.Kind(c.Kind), Points: points, Purposes: c.Purpose}, Replace: c.Replace}
	if z.ID, err = client.AddZone(p.Ctx, id, z); err != nil {
		return err
	}
	p.Say(text.ZoneAdded, id, cmp.Or(z.ID, c.Zone))
	if z.Kind == zone.Consent {
		sayPurposes(p, id, cmp.Or(z.ID, c.Zone), c.Purpose)
	}
	return nil
}

// sayPurposes says what counts in a consent zone.
func sayPurposes(p *cli.Program, id media.CameraID, zone string, purposes []string) {
	if len(purposes) == 0 {
		p.Say(text.ZonePurposeNone, id, zone, "PURPOSE")
		return
	}
	p.Say(text.ZonePurposesSet, id, zone, strings.Join(purposes, ", "))
}

type zoneSet struct {
	cli.Target
	cli.CameraArg
	Zone    string   `arg:"" help:"The consent zone's id."`
	Purpose []string `help:"What tokens may be for to count there, in place of what was said before; several parted by commas." required:"" xor:"what" placeholder:"PURPOSE"`
	Nobody  bool     `help:"No token counts there any more: everybody is masked." required:"" xor:"what"`
}

func (c *zoneSet) Run(p *cli.Program) error {
	id, client, err := c.Connect(p, c.Target)
	if err != nil {
		return err
	}
	if err := client.SetPurposes(p.Ctx, id, c.Zone, c.Purpose); err != nil {
		return err
	}
	sayPurposes(p, id, c.Zone, c.Purpose)
	return nil
}

func (c *zoneAdd) shape() ([]zone.Point, error) {
	switch {
	case c.Points != "":
		return drawing.ParsePoints(c.Points)
	case c.Rect != "":
		return drawing.ParseRect(c.Rect)
	}
	return nil, text.Fail(nil, text.ZoneOneShape)
}

type zoneList struct {
	cli.Target
	cli.CameraArg
	JSON bool `help:"Print JSON."`
}

func (c *zoneList) Run(p *cli.Program) error {
	id, client, err := c.Connect(p, c.Target)
	if err != nil {
		return err
	}
	all, err := client.Zones(p.Ctx, id)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(all)
	}
	if len(all.Zones) == 0 {
		p.Say(text.ZoneNone, id)
		return nil
	}
	var t cli.Table
	t.Add(p.Text(text.HeadZone), p.Text(text.HeadKind), p.Text(text.HeadPoints), p.Text(text.HeadPurpose), p.Text(text.HeadName))
	for _, z := range all.Zones {
		t.Add(z.ID, p.Text(text.ZoneWord(string(z.Kind))), pointsText(z.Points), strings.Join(z.Purposes, ","), z.Name)
	}
	t.Print(p.Stdout)
	for _, z := range all.Zones {
		if z.Assumed {
			p.Say(text.ZonePurposeAssumed, id, z.ID, cmp.Or(strings.Join(z.Purposes, ", "), "-"))
		} else if z.Kind == zone.Consent && len(z.Purposes) == 0 {
			p.Say(text.ZonePurposeNone, id, z.ID, "PURPOSE")
		}
	}
	share := func(k zone.Kind) float64 { return policy.Percent(all.Shares[k], 0) }
	p.Say(text.ZoneShares, share(zone.Private), share(zone.Masked), share(zone.Consent), share(zone.Moving))
	return nil
}

func pointsText(ps []zone.Point) string {
	var b bytes.Buffer
	for i, p := range ps {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%g,%g", p.X, p.Y)
	}
	return b.String()
}

type zoneRemove struct {
	cli.Target
	cli.CameraArg
	Zone string `arg:"" help:"The zone's id."`
}

func (c *zoneRemove) Run(p *cli.Program) error {
	id, client, err := c.Connect(p, c.Target)
	if err != nil {
		return err
	}
	if err := client.RemoveZone(p.Ctx, id, c.Zone); err != nil {
		return err
	}
	p.Say(text.ZoneRemoved, id, c.Zone)
	return nil
}

type zoneTest struct {
	cli.Target
	cli.CameraArg
	Out string `arg:"" help:"File to write: an SVG drawing, which any browser shows." type:"path"`
}

func (c *zoneTest) Run(p *cli.Program) error {
	id, client, err := c.Connect(p, c.Target)
	if err != nil {
		return err
	}
	all, err := client.Zones(p.Ctx, id)
	if err != nil {
		return err
	}
	shot, err := client.Snapshot(p.Ctx, id)
	if err != nil {
		return err
	}
	size, err := jpeg.DecodeConfig(bytes.NewReader(shot.JPEG))
	if err != nil {
		return fmt.Errorf("the masked picture is damaged: %w", err)
	}
	f, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(drawing.SVG(shot.JPEG, size.Width, size.Height, all.Zones))
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	p.Say(text.ZoneDrawn, c.Out)
	return nil
}

// Zones are the commands of bauta zone.
type Zones struct {
	Add    zoneAdd    `cmd:"" help:"Add a zone to a camera's picture; it is in force at once."`
	Set    zoneSet    `cmd:"" help:"Say for which purposes tokens count in a consent zone."`
	List   zoneList   `cmd:"" help:"List a camera's zones."`
	Remove zoneRemove `cmd:"" help:"Remove a zone."`
	Test   zoneTest   `cmd:"" help:"Draw the zones over a masked picture."`
}
