package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

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
	Transport   string `help:"auto, tcp or udp." enum:"auto,tcp,udp" default:"auto"`
	Fingerprint string `help:"SHA-256 of the certificate of an rtsps:// camera, in hex: only this one is trusted." placeholder:"HEX"`
	InsecureTLS bool   `name:"insecure-tls" help:"Trust any certificate of an rtsps:// camera."`
}

type cameraAdd struct {
	place
	login
	link
	Name      string         `arg:"" help:"Name for people, such as \"North gate\"."`
	URL       string         `arg:"" help:"The camera's address: rtsp://... or rtsps://..." name:"url"`
	ID        string         `help:"Short name in addresses and topics: a-z, 0-9 and dashes. Default: made of the name." placeholder:"SLUG"`
	Mask      string         `help:"blur, mosaic or solid. Default: as in the settings." enum:",blur,mosaic,solid" default:"" placeholder:"STYLE"`
	Cover     string         `help:"What is masked: faces, or moving for faces and all that moves. Default: faces; with --replace as before." enum:",faces,moving" default:"" placeholder:"COVER"`
	Mounting  media.Mounting `help:"Which way is up: auto, or how many degrees clockwise the picture has to be turned to be upright: 0, 90, 180 or 270. Default: auto; with --replace as before." enum:",auto,0,90,180,270" default:"" placeholder:"DEGREES"`
	LookAhead *time.Duration `help:"How long a picture waits for what later ones tell of it: 0s to 1s. Default: as in the settings." placeholder:"SPAN"`
	RateCap   *float64       `help:"Bound of the bitrate as a multiple of the camera's; 0: none. Default: as in the settings." placeholder:"X"`
	Place     policy.Place   `help:"What kind of place it looks at: bauta camera places lists them. A prohibited one is refused." placeholder:"PLACE" name:"place"`
	Purpose   string         `help:"What it serves, such as public-safety." placeholder:"PURPOSE"`
	Replace   bool           `help:"Change the camera with this id instead of adding one; nothing of the old one is kept."`
}

func (c *cameraAdd) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	cam := api.NewCamera{ID: c.ID, Name: c.Name, URL: c.URL, Mask: c.Mask, Cover: c.Cover, Mounting: c.Mounting, RateCap: c.RateCap, Replace: c.Replace, Place: c.Place, Purpose: c.Purpose}
	if c.LookAhead != nil {
		ms := float64(*c.LookAhead) / float64(time.Millisecond)
		cam.LookAheadMS = &ms
	}
	c.link.fill(&cam)
	if err := c.login.fill(p, &cam); err != nil {
		return err
	}
	added, err := client.AddCamera(p.ctx, cam)
	if err != nil {
		return err
	}
	done := text.CameraAdded
	if c.Replace {
		done = text.CameraReplaced
	}
	p.say(done, added.ID, added.Stream)
	if rtsp.HasCredentials(c.URL) {
		fmt.Fprintln(p.stderr, p.text(text.CameraURLPassword))
	}
	return nil
}

func (l link) fill(cam *api.NewCamera) {
	cam.Transport, cam.Fingerprint, cam.InsecureTLS = l.Transport, l.Fingerprint, l.InsecureTLS
}

// fill adds user and password, asking for the password where a user is given alone.
func (l login) fill(p *program, cam *api.NewCamera) error {
	cam.User = l.User
	var err error
	switch {
	case l.PasswordStdin:
		cam.Password, err = readPassword(p.stdin)
	case l.PasswordFile != "":
		cam.Password, err = passwordFile(l.PasswordFile)
	case l.User != "":
		cam.Password, err = p.askPassword(p.text(text.CameraPassword, l.User))
	}
	if err == nil && cam.Password != "" && cam.User == "" {
		err = usageError{errors.New("a password without a user: add --user NAME")}
	}
	return err
}

func passwordFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	defer f.Close()
	return readPassword(f)
}

type cameraList struct {
	place
	JSON bool `help:"Print JSON, the cameras of bauta status --json."`
}

func (c *cameraList) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	cams, err := client.Cameras(p.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.json(cams)
	}
	if len(cams) == 0 {
		p.say(text.CameraNone)
		return nil
	}
	var t table
	t.add(p.text(text.HeadCamera), p.text(text.HeadName), p.text(text.HeadProtection), p.text(text.HeadState), p.text(text.HeadSource))
	for _, cam := range cams {
		t.add(string(cam.ID), cam.Name, p.text(text.Protection(string(cam.Protection))),
			p.text(text.CameraState(cam.Source.Phase)), cam.URL)
	}
	t.print(p.stdout)
	return nil
}

type cameraRemove struct {
	place
	ID string `arg:"" help:"The camera's id."`
}

func (c *cameraRemove) Run(p *program) error {
	id, err := media.ParseCameraID(c.ID)
	if err != nil {
		return usageError{err}
	}
	client, err := c.client(p)
	if err != nil {
		return err
	}
	if err := client.RemoveCamera(p.ctx, id); err != nil {
		return err
	}
	p.say(text.CameraRemoved, id)
	return nil
}

type cameraTest struct {
	place
	login
	link
	Camera string `arg:"" help:"The id of a stored camera, or an address: rtsp://... or rtsps://..."`
}

func (c *cameraTest) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	result, err := c.probe(p, client)
	if err != nil {
		return p.testFailed(err)
	}
	p.say(text.TestPassed, result.Codec, result.Width, result.Height, result.FPS, result.Transport)
	if len(result.Dropped) > 0 {
		p.say(text.TestDropped, strings.Join(result.Dropped, ", "))
	}
	return nil
}

func (c *cameraTest) probe(p *program, client *api.Client) (api.ProbeResult, error) {
	if !strings.Contains(c.Camera, "://") {
		id, err := media.ParseCameraID(c.Camera)
		if err != nil {
			return api.ProbeResult{}, usageError{err}
		}
		p.trying(c.Camera)
		return client.TestStored(p.ctx, id)
	}
	cam := api.NewCamera{Name: "test", URL: c.Camera}
	c.link.fill(&cam)
	if err := c.login.fill(p, &cam); err != nil {
		return api.ProbeResult{}, err
	}
	p.trying(rtsp.RedactURL(c.Camera))
	return client.TestCamera(p.ctx, cam)
}

func (p *program) trying(what string) {
	fmt.Fprintln(p.stderr, p.text(text.TestTrying, what))
}

// testFailed tells why the camera gave no picture and what to do.
func (p *program) testFailed(err error) error {
	var refused *api.Error
	if !errors.As(err, &refused) || refused.Code != api.CodeProbe {
		return err
	}
	why := p.text(text.SlateReason(refused.Reason))
	if refused.Message != "" {
		why += " (" + refused.Message + ")"
	}
	fmt.Fprintln(p.stderr, "bauta: "+p.text(text.TestFailed, why))
	if hint, ok := text.Hint(refused.Reason); ok {
		fmt.Fprintln(p.stderr, p.text(text.StatusNext, p.text(hint)))
	}
	return errRefused
}
