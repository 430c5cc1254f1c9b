package logins

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Viewer are the commands of bauta viewer.
type Viewer struct {
	Show   viewerShow   `cmd:"" default:"withargs" hidden:"" help:"Print the built-in login and the addresses of the masked streams."`
	Add    viewerAdd    `cmd:"" help:"Make a login for a recorder or viewer; its password is printed once, with the addresses."`
	List   viewerList   `cmd:"" help:"List the logins at the masked streams."`
	Set    viewerSet    `cmd:"" help:"Say anew which cameras a login may watch; what it watches beside them ends."`
	Remove viewerRemove `cmd:"" help:"Withdraw a login and end what it watches."`
}

type viewerShow struct {
	cli.Target
	JSON bool `help:"Print JSON."`
}

func (c *viewerShow) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	v, err := client.Viewer(p.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(v)
	}
	switch {
	case v.Anonymous:
		p.Say(text.ViewerNone)
	case v.Off:
		p.Say(text.ViewerOff)
	default:
		p.Say(text.StatusViewer, v.User, v.Password)
	}
	for _, url := range v.URLs {
		fmt.Fprintln(p.Stdout, url)
	}
	return nil
}

// errNoCamera keeps an empty variable in a script from meaning all cameras.
var errNoCamera = errors.New("--camera names none: give the id of a camera")

type viewerAdd struct {
	cli.Target
	Name          string           `arg:"" help:"The user name at the streams: a-z, 0-9 and dashes."`
	Camera        []media.CameraID `help:"A camera that it may watch; several times, or parted by commas. Default: all, those to come too." placeholder:"ID"`
	PasswordStdin bool             `help:"Read the password from standard input, for a recorder that has one already. Default: one is made."`
	JSON          bool             `help:"Print JSON."`
}

func (c *viewerAdd) Run(p *cli.Program) error {
	if c.Camera != nil && len(c.Camera) == 0 {
		return cli.Usage(errNoCamera)
	}
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	in := api.NewStreamLogin{Name: c.Name, Cameras: c.Camera}
	if c.PasswordStdin {
		if in.Password, err = p.NewPassword(); err != nil {
			return err
		}
	}
	made, err := client.AddStreamLogin(p.Ctx, in)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(made)
	}
	p.Say(text.StreamLoginAdded, made.Name, made.Password)
	v, err := client.Viewer(p.Ctx)
	if err != nil {
		return err
	}
	for _, address := range addresses(v.URLs, made) {
		fmt.Fprintln(p.Stdout, address)
	}
	if v.Anonymous {
		p.Say(text.StreamLoginOpen)
	}
	return nil
}

// addresses are those of all streams that a login may watch, with the login.
func addresses(all []string, login api.MadeStreamLogin) []string {
	var out []string
	for _, address := range all {
		u, err := url.Parse(address)
		if err != nil {
			continue
		}
		if login.All || slices.Contains(login.Cameras, media.CameraID(strings.Trim(u.Path, "/"))) {
			u.User = url.UserPassword(login.Name, login.Password)
			out = append(out, u.String())
		}
	}
	return out
}

type viewerList struct {
	cli.Target
	JSON bool `help:"Print JSON."`
}

func (c *viewerList) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	all, err := client.StreamLogins(p.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(all)
	}
	var t cli.Table
	t.Add(p.Text(text.HeadUser), p.Text(text.HeadCameras), p.Text(text.HeadCreated), p.Text(text.HeadLastSeen))
	for _, one := range all {
		created := "" // of the built-in one nobody wrote it down
		if !one.Created.IsZero() {
			created = one.Created.Local().Format("2006-01-02")
		}
		t.Add(one.Name, watches(p, one.All && !one.Off, one.Cameras), created, seen(p, one))
	}
	t.Print(p.Stdout)
	return nil
}

func watches(p *cli.Program, all bool, cameras []media.CameraID) string {
	switch {
	case all:
		return p.Text(text.CamerasAll)
	case len(cameras) == 0:
		return p.Text(text.CamerasNone)
	}
	names := make([]string, len(cameras))
	for i, id := range cameras {
		names[i] = string(id)
	}
	return strings.Join(names, ",")
}

func seen(p *cli.Program, one api.StreamLogin) string {
	if one.LastSeen.IsZero() {
		return p.Text(text.SeenNever)
	}
	return cli.Local(one.LastSeen) + " (" + one.Door + ")"
}

type viewerSet struct {
	cli.Target
	Name       string           `arg:"" help:"The user name."`
	Camera     []media.CameraID `help:"A camera that it may watch; several times, or parted by commas." required:"" xor:"cameras" placeholder:"ID"`
	AllCameras bool             `help:"It may watch all cameras, those to come too." required:"" xor:"cameras"`
}

func (c *viewerSet) Run(p *cli.Program) error {
	if !c.AllCameras && len(c.Camera) == 0 {
		return cli.Usage(errNoCamera)
	}
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	if err := client.SetStreamCameras(p.Ctx, c.Name, c.Camera); err != nil {
		return err
	}
	p.Say(text.StreamLoginSet, c.Name, watches(p, c.AllCameras, c.Camera))
	return nil
}

type viewerRemove struct {
	cli.Target
	Name string `arg:"" help:"The user name."`
}

func (c *viewerRemove) Run(p *cli.Program) error {
	return ended(p, c.Target, c.Name, (*api.Client).RemoveStreamLogin, text.StreamLoginRemoved)
}
