// Package cameras is bauta camera, bauta zone and bauta site: what cameras there are,
// what is hidden in their frames, and what the operator says of them and of the site.
//
// In: flags. Out: requests to the daemon and its answers as lines or JSON. It starts no
// goroutines and never opens the store. The scripts of cmd/bauta prove each command.
package cameras

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// login is how a command gets the camera's user and password. On a command
// line a password would stand in the process list and in the shell's history,
// so there is no flag that takes one.
type login struct {
	User          string `help:"User at the camera. The password is then asked for." placeholder:"NAME"`
	PasswordStdin bool   `help:"Read the password from standard input." xor:"password"`
	PasswordFile  string `help:"Read the password from this file." type:"existingfile" placeholder:"FILE" xor:"password"`
}

// link is how the camera is reached.
type link struct {
	Transport   string `help:"auto, tcp, udp, or http for RTSP in an HTTP tunnel." enum:"auto,tcp,udp,http" default:"auto"`
	Fingerprint string `help:"SHA-256 of the certificate of an rtsps:// camera, in hex: only this one is trusted. Default: the one that it shows first." placeholder:"HEX"`
	InsecureTLS bool   `name:"insecure-tls" help:"Trust any certificate of an rtsps:// camera."`
	BasicLogin  bool   `name:"basic-login" help:"Let the camera have the password by basic login, though it was read more safely before."`
}

type cameraAdd struct {
	cli.Target
	login
	link
	Name      string         `arg:"" help:"Name for people, such as \"North gate\"."`
	URL       string         `arg:"" help:"The camera's address: rtsp://... or rtsps://..., rtsp+http://... through a tunnel. Its IP address or host name alone will do: its stream is looked for." name:"url"`
	ID        string         `help:"Short name in addresses and topics: a-z, 0-9 and dashes. Default: made of the name." placeholder:"SLUG"`
	Mask      string         `help:"blur, mosaic or solid. Default: as in the settings." enum:",blur,mosaic,solid" default:"" placeholder:"STYLE"`
	Cover     string         `help:"What is masked: faces, or moving for faces and all that moves. Default: faces; with --replace as before." enum:",faces,moving" default:"" placeholder:"COVER"`
	Mounting  media.Mounting `help:"Which way is up: auto, or how many degrees clockwise the picture has to be turned to be upright: 0, 90, 180 or 270. Default: auto; with --replace as before." enum:",auto,0,90,180,270" default:"" placeholder:"DEGREES"`
	LookAhead *time.Duration `help:"How long a picture waits for what later ones tell of it: 0s to 1s. Default: as in the settings." placeholder:"SPAN"`
	RateCap   *float64       `help:"Bound of the bitrate as a multiple of the camera's; 0: none. Default: as in the settings." placeholder:"X"`
	MaxSize   string         `help:"Largest size that viewers get: auto, full, half, or one such as 3840x2160. Default: as in the settings." placeholder:"SIZE"`
	SubSize   media.SubSize  `help:"Size of the sub-stream for walls and phones: auto, half or quarter. Default: as in the settings." enum:",auto,half,quarter" default:"" placeholder:"SIZE"`
	SubFPS    int            `help:"Most frames a second of the sub-stream: 1 to 30. Default: as in the settings." placeholder:"N" name:"sub-fps"`
	Place     policy.Place   `help:"What kind of place it looks at: bauta camera places lists them. A prohibited one is refused." placeholder:"PLACE" name:"place"`
	Purpose   string         `help:"What it serves, such as public-safety." placeholder:"PURPOSE"`
	Replace   bool           `help:"Put this camera in the place of the one with this id: areas, facts, consents and the stream's address stay, and what is masked and which way is up unless said anew; name, login and all else are as said here. To change one thing alone: bauta camera set."`
}

func (c *cameraAdd) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	cam := api.NewCamera{ID: c.ID, Name: c.Name, URL: c.URL, Mask: c.Mask, Cover: c.Cover, Mounting: c.Mounting, RateCap: c.RateCap, MaxSize: media.OutputSize(c.MaxSize), SubSize: c.SubSize, SubFPS: c.SubFPS, Replace: c.Replace, Place: c.Place, Purpose: c.Purpose}
	if c.LookAhead != nil {
		ms := float64(*c.LookAhead) / float64(time.Millisecond)
		cam.LookAheadMS = &ms
	}
	c.link.fill(&cam)
	if err := c.login.fill(p, &cam); err != nil {
		return err
	}
	added, err := client.AddCamera(p.Ctx, cam)
	if err != nil {
		return testFailed(p, err)
	}
	done := text.CameraAdded
	if c.Replace {
		done = text.CameraReplaced
	}
	p.Say(done, added.ID, added.Stream)
	if rtsp.HasCredentials(c.URL) {
		fmt.Fprintln(p.Stderr, p.Text(text.CameraURLPassword))
	}
	return nil
}

func (l link) fill(cam *api.NewCamera) {
	cam.Transport, cam.Fingerprint, cam.InsecureTLS, cam.BasicLogin = l.Transport, l.Fingerprint, l.InsecureTLS, l.BasicLogin
}

// fill adds user and password, asking for the password where a user is given alone.
func (l login) fill(p *cli.Program, cam *api.NewCamera) error {
	cam.User = l.User
	var err error
	cam.Password, err = l.password(p)
	if err == nil && cam.Password != "" && cam.User == "" {
		err = cli.Usage(errors.New("a password without a user: add --user NAME"))
	}
	return err
}

// password is the one that was given, or is asked for; empty: there is none.
func (l login) password(p *cli.Program) (string, error) {
	switch {
	case l.PasswordStdin:
		return cli.ReadPassword(p.Stdin)
	case l.PasswordFile != "":
		return cli.PasswordFile(l.PasswordFile)
	case l.User != "":
		return p.AskPassword(p.Text(text.CameraPassword, l.User))
	}
	return "", nil
}

type cameraList struct {
	cli.Target
	JSON bool `help:"Print JSON, the cameras of bauta status --json."`
}

func (c *cameraList) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	cams, err := client.Cameras(p.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(cams)
	}
	if len(cams) == 0 {
		p.Say(text.CameraNone)
		return nil
	}
	var t cli.Table
	t.Add(p.Text(text.HeadCamera), p.Text(text.HeadName), p.Text(text.HeadProtection), p.Text(text.HeadState), p.Text(text.HeadSource))
	for _, cam := range cams {
		t.Add(string(cam.ID), cam.Name, p.Text(text.Protection(string(cam.Protection))),
			p.Text(text.CameraState(cam.Source.Phase)), cam.URL)
	}
	t.Print(p.Stdout)
	return nil
}

type cameraRemove struct {
	cli.Target
	ID string `arg:"" help:"The camera's id."`
}

func (c *cameraRemove) Run(p *cli.Program) error {
	id, err := media.ParseCameraID(c.ID)
	if err != nil {
		return cli.Usage(err)
	}
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	if err := client.RemoveCamera(p.Ctx, id); err != nil {
		return err
	}
	p.Say(text.CameraRemoved, id)
	return nil
}

type cameraTest struct {
	cli.Target
	login
	link
	Camera string `arg:"" help:"The id of a stored camera, or an address: rtsp://..., rtsps://... or rtsp+http://..., or an IP address or host name alone."`
}

func (c *cameraTest) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	result, err := c.probe(p, client)
	if err != nil {
		return testFailed(p, err)
	}
	for i, s := range result.Streams {
		said := text.TestOther
		if i == 0 {
			said = text.TestFound
		}
		p.Say(said, rtsp.RedactURL(s.URL), size(s), s.Maker)
	}
	p.Say(text.TestPassed, result.Codec, result.Width, result.Height, result.FPS, result.Transport, result.MaskedWidth, result.MaskedHeight)
	if result.Fingerprint != "" {
		p.Say(text.TestPinned, result.Fingerprint)
	}
	if len(result.Dropped) > 0 {
		p.Say(text.TestDropped, strings.Join(result.Dropped, ", "))
	}
	return nil
}

func (c *cameraTest) probe(p *cli.Program, client *api.Client) (api.ProbeResult, error) {
	if id, err := media.ParseCameraID(c.Camera); err == nil {
		trying(p, c.Camera)
		result, err := client.TestStored(p.Ctx, id)
		var refused *api.Error
		if !errors.As(err, &refused) || refused.Code != api.CodeNotFound || c.User == "" {
			return result, err
		} // else it is a host's name
	}
	cam := api.NewCamera{Name: "test", URL: c.Camera}
	c.link.fill(&cam)
	if err := c.login.fill(p, &cam); err != nil {
		return api.ProbeResult{}, err
	}
	trying(p, rtsp.RedactURL(c.Camera))
	return client.TestCamera(p.Ctx, cam)
}

func trying(p *cli.Program, what string) {
	fmt.Fprintln(p.Stderr, p.Text(text.TestTrying, what))
}

// testFailed says why the camera gave no frame and what to do.
func testFailed(p *cli.Program, err error) error {
	var answer *api.Error
	if !errors.As(err, &answer) || answer.Code != api.CodeProbe {
		return err
	}
	fmt.Fprintln(p.Stderr, "bauta: "+p.Text(text.TestFailed, answer.Message))
	if answer.Location != "" {
		fmt.Fprintln(p.Stderr, p.Text(text.TestMoved, answer.Location))
	}
	if hint, ok := text.Hint(answer.Reason); ok && strings.Contains(p.Text(hint), "--") { // what a page has no word for
		fmt.Fprintln(p.Stderr, p.Text(text.StatusNext, p.Text(hint)))
	}
	return cli.ErrRefused
}

// Commands are the commands of bauta camera.
type Commands struct {
	Add      cameraAdd      `cmd:"" help:"Add a camera to the running gateway."`
	List     cameraList     `cmd:"" help:"List the cameras."`
	Remove   cameraRemove   `cmd:"" help:"Stop and forget a camera."`
	Discover cameraDiscover `cmd:"" help:"Search for cameras by ONVIF, or ask one that was found for its streams."`
	Test     cameraTest     `cmd:"" help:"Try a camera: a stored one by its id, any other by its address."`
	Set      cameraSet      `cmd:"" help:"Change a camera: its name, address and login, where it is, what it serves and is, what it masks and how far it is trusted."`
	Lock     cameraLock     `cmd:"" help:"Set new passwords at a camera, so that an old recorder cannot pull the unmasked picture; without --account list who can log in."`
	Unlock   cameraUnlock   `cmd:"" help:"Give the former passwords at a camera back."`
	Export   cameraExport   `cmd:"" help:"Write the cameras and what is said of them as a table for spreadsheet programs, without passwords."`
	Import   cameraImport   `cmd:"" help:"Take such a table in: say what would come of each row, or with --apply do it."`
	Places   cameraPlaces   `cmd:"" help:"List the places, the prohibited ones first."`
}
