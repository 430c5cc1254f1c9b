package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"image/jpeg"
	"os"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/config/zone/drawing"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// cameraArg is a camera's id as an argument.
type cameraArg struct {
	Camera string `arg:"" help:"The camera's id."`
}

func (a cameraArg) id() (media.CameraID, error) {
	id, err := media.ParseCameraID(a.Camera)
	if err != nil {
		return "", usageError{err}
	}
	return id, nil
}

// connect is what most commands on a camera begin with.
func (a cameraArg) connect(p *program, at place) (media.CameraID, *api.Client, error) {
	id, err := a.id()
	if err != nil {
		return "", nil, err
	}
	client, err := at.client(p)
	return id, client, err
}

type zoneAdd struct {
	place
	cameraArg
	Zone    string   `arg:"" help:"The zone's name: a-z, 0-9 and dashes."`
	Kind    string   `help:"private (always solid), masked (all of it blurred), moving (what moves in it blurred), consent (tokens count here) or capture (all outside is solid)." enum:"private,masked,moving,consent,capture" required:"" placeholder:"KIND"`
	Points  string   `help:"Corners in order, from 0,0 (top left) to 1,1: \"0.1,0.2 0.5,0.2 0.5,0.9\"." xor:"shape" placeholder:"POINTS"`
	Rect    string   `help:"A rectangle instead: left,top,right,bottom." xor:"shape" placeholder:"RECT"`
	Purpose []string `help:"What tokens may be for to count in a consent zone, several parted by commas: visitor-reception. Without any nobody is shown there." placeholder:"PURPOSE"`
	Replace bool     `help:"Change the zone of this name."`
}

func (c *zoneAdd) Run(p *program) error {
	points, err := c.shape()
	if err != nil {
		return usageError{err}
	}
	id, client, err := c.connect(p, c.place)
	if err != nil {
		return err
	}
	z := api.NewZone{Zone: zone.Zone{ID: c.Zone, Kind: zone.Kind(c.Kind), Points: points, Purposes: c.Purpose}, Replace: c.Replace}
	if err := client.PutZone(p.ctx, id, z); err != nil {
		return err
	}
	p.say(text.ZoneAdded, id, c.Zone)
	if z.Kind == zone.Consent {
		p.sayPurposes(id, c.Zone, c.Purpose)
	}
	return nil
}

// sayPurposes tells what counts in a consent zone.
func (p *program) sayPurposes(id media.CameraID, zone string, purposes []string) {
	if len(purposes) == 0 {
		p.say(text.ZonePurposeNone, id, zone, "PURPOSE")
		return
	}
	p.say(text.ZonePurposesSet, id, zone, strings.Join(purposes, ", "))
}

type zoneSet struct {
	place
	cameraArg
	Zone    string   `arg:"" help:"The consent zone's name."`
	Purpose []string `help:"What tokens may be for to count there, in place of what was said before; several parted by commas." required:"" xor:"what" placeholder:"PURPOSE"`
	Nobody  bool     `help:"No token counts there any more: everybody is masked." required:"" xor:"what"`
}

func (c *zoneSet) Run(p *program) error {
	id, client, err := c.connect(p, c.place)
	if err != nil {
		return err
	}
	if err := client.SetPurposes(p.ctx, id, c.Zone, c.Purpose); err != nil {
		return err
	}
	p.sayPurposes(id, c.Zone, c.Purpose)
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
	place
	cameraArg
	JSON bool `help:"Print JSON."`
}

func (c *zoneList) Run(p *program) error {
	id, client, err := c.connect(p, c.place)
	if err != nil {
		return err
	}
	all, err := client.Zones(p.ctx, id)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.json(all)
	}
	if len(all.Zones) == 0 {
		p.say(text.ZoneNone, id)
		return nil
	}
	var t table
	t.add(p.text(text.HeadZone), p.text(text.HeadKind), p.text(text.HeadPoints), p.text(text.HeadPurpose))
	for _, z := range all.Zones {
		t.add(z.ID, p.text(text.ZoneWord(string(z.Kind))), pointsText(z.Points), strings.Join(z.Purposes, ","))
	}
	t.print(p.stdout)
	for _, z := range all.Zones {
		if z.Assumed {
			p.say(text.ZonePurposeAssumed, id, z.ID, cmp.Or(strings.Join(z.Purposes, ", "), "-"))
		} else if z.Kind == zone.Consent && len(z.Purposes) == 0 {
			p.say(text.ZonePurposeNone, id, z.ID, "PURPOSE")
		}
	}
	p.say(text.ZoneShares, 100*all.Shares[zone.Private], 100*all.Shares[zone.Masked], 100*all.Shares[zone.Consent], 100*all.Shares[zone.Moving])
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
	place
	cameraArg
	Zone string `arg:"" help:"The zone's name."`
}

func (c *zoneRemove) Run(p *program) error {
	id, client, err := c.connect(p, c.place)
	if err != nil {
		return err
	}
	if err := client.RemoveZone(p.ctx, id, c.Zone); err != nil {
		return err
	}
	p.say(text.ZoneRemoved, id, c.Zone)
	return nil
}

type zoneTest struct {
	place
	cameraArg
	Out string `arg:"" help:"File to write: an SVG drawing, which any browser shows." type:"path"`
}

func (c *zoneTest) Run(p *program) error {
	id, client, err := c.connect(p, c.place)
	if err != nil {
		return err
	}
	all, err := client.Zones(p.ctx, id)
	if err != nil {
		return err
	}
	shot, err := client.Snapshot(p.ctx, id)
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
	p.say(text.ZoneDrawn, c.Out)
	return nil
}
