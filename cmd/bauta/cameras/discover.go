package cameras

import (
	"errors"
	"fmt"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

type cameraDiscover struct {
	cli.Target
	login
	Address string `arg:"" optional:"" help:"A camera's ONVIF service, as a search lists it, or its host: its streams are listed. Without it cameras are searched for."`
	Range   string `help:"Ask these addresses one by one instead of the own networks: 192.168.1.0/24, 192.168.1.10-40, addresses or hosts, separated by commas; local ones, at most 1024." placeholder:"RANGE"`
	NoHTTP  bool   `name:"no-http" help:"Of a range, do not ask those by HTTP that answer no probe."`
	JSON    bool   `help:"Print JSON."`
}

// Run searches, or asks one camera.
func (c *cameraDiscover) Run(p *cli.Program) error {
	if c.Address != "" && c.Range != "" {
		return cli.Usage(errors.New("an address and a range: give one of them"))
	}
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	if c.Address != "" {
		return c.streams(p, client)
	}
	fmt.Fprintln(p.Stderr, p.Text(text.DiscoverTrying))
	found, err := client.Discover(p.Ctx, api.DiscoverRequest{Range: c.Range, NoHTTP: c.NoHTTP})
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(found)
	}
	if len(found) == 0 {
		p.Say(text.DiscoverNone)
		return nil
	}
	var t cli.Table
	t.Add(p.Text(text.HeadHost), p.Text(text.HeadName), p.Text(text.HeadModel), p.Text(text.HeadService))
	for _, f := range found {
		t.Add(f.Host, f.Name, f.Hardware, f.Address)
	}
	t.Print(p.Stdout)
	p.Say(text.DiscoverNext, found[0].Address)
	return nil
}

// streams lists what one camera offers.
func (c *cameraDiscover) streams(p *cli.Program, client *api.Client) error {
	var as api.NewCamera
	if err := c.login.fill(p, &as); err != nil {
		return err
	}
	trying(p, c.Address)
	found, err := client.Streams(p.Ctx, api.StreamsRequest{Address: c.Address, User: as.User, Password: as.Password})
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(found)
	}
	var t cli.Table
	t.Add(p.Text(text.HeadName), p.Text(text.HeadCodec), p.Text(text.HeadSize), p.Text(text.HeadSource))
	for _, f := range found {
		t.Add(f.Name, f.Codec, size(f), f.URL)
	}
	t.Print(p.Stdout)
	p.Say(text.DiscoverAdd)
	return nil
}

// size is that of a stream's picture; empty: the camera did not say it.
func size(f api.FoundStream) string {
	if f.Width == 0 || f.Height == 0 {
		return ""
	}
	return fmt.Sprintf("%dx%d", f.Width, f.Height)
}
