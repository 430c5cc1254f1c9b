package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
)

type runCommand struct {
	place
	modelPlace
	Demo      bool       `help:"Add a built-in camera that plays a clip; nothing of it is stored."`
	Clip      string     `help:"Clip of the built-in camera. Default: demo.mp4 beside the program." type:"existingfile" placeholder:"FILE"`
	FreePorts bool       `help:"Where another program has a port, take the next free one and say so, instead of failing."`
	Open      bool       `help:"Open the console in this desktop's browser."`
	Camera    string     `help:"Add this camera for this run only: rtsp://USER:PASSWORD@ADDRESS/PATH." placeholder:"URL"`
	LogLevel  slog.Level `help:"debug, info, warn or error." default:"info" placeholder:"LEVEL"`
}

// demoClip is made at build time, beside the program.
const demoClip = "demo.mp4"

func (c *runCommand) Run(p *program) error {
	cfg, err := c.load(p)
	if err != nil {
		return err
	}
	c.note(p, cfg)
	options, err := c.options(cfg)
	if err != nil {
		return err
	}
	options.Log = slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: c.LogLevel}))
	open := c.Open
	if open {
		defer os.Remove(pagePath(cfg.Data)) // it may not be there
	}
	err = gateway.Serve(p.ctx, options, func(g *gateway.Gateway) {
		client := api.NewClient(cfg.Socket(), p.lang)
		setup, err := client.SetupCode(p.ctx)
		if err != nil {
			options.Log.Error("the set-up code cannot be asked for: use bauta status", "error", err)
		}
		c.greet(p, g, client, setup)
		if open {
			p.openConsole(cfg.Data, setup)
		}
		open = false // after a restore the page is there already
	})
	if errors.Is(err, gateway.ErrStoreFailed) {
		options.Log.Error(text.Of(text.EN, text.StoreBrokeDown, err))
		return gateway.Restart(err)
	}
	return err
}

func (c *runCommand) options(cfg config.Config) (gateway.Options, error) {
	o := gateway.Options{Config: cfg, FreePorts: c.FreePorts}
	if c.Clip != "" && !c.Demo {
		return o, usageError{errors.New("--clip is the clip of --demo: give both")}
	}
	if c.Demo {
		var err error
		if o.Demo, err = c.clip(); err != nil {
			return o, err
		}
	}
	if c.Camera != "" {
		transient := api.NewCamera{ID: "camera", Name: "Camera", URL: c.Camera}
		if err := camera.Check(transient); err != nil {
			return o, usageError{err}
		}
		o.Transient = append(o.Transient, transient)
	}
	return o, nil
}

// clip is what the demo plays.
func (c *runCommand) clip() (string, error) {
	if c.Clip != "" {
		return c.Clip, nil
	}
	clip := executable.Beside(demoClip)
	if _, err := os.Stat(clip); err != nil {
		return "", fmt.Errorf("no clip for the demo: %w: give one with --clip FILE", err)
	}
	return clip, nil
}

// greet prints the addresses, ready to paste. The password is for a person at
// a terminal or of the demo: elsewhere stdout ends in a journal.
func (c *runCommand) greet(p *program, g *gateway.Gateway, client *api.Client, setup api.SetupCode) {
	p.sayConsole(setup)
	for _, m := range g.Moved() {
		p.say(text.RunMoved, m.Holder.Port, m.Setting, m.Holder, m.Port)
	}
	viewer, err := client.Viewer(p.ctx)
	if err != nil {
		p.say(text.RunReady, wire.Version)
		return
	}
	secret := !viewer.Anonymous && !c.Demo && !isTerminal(p.stdout)
	for _, address := range viewer.URLs {
		if secret {
			address = withoutLogin(address)
		}
		p.say(text.RunStream, address)
	}
	p.say(text.RunMQTT, subscribe(g.Broker()))
	p.say(text.RunReady, wire.Version)
	if len(viewer.URLs) == 0 {
		p.say(text.CameraNone)
	}
	if secret {
		p.say(text.RunLogin, "bauta viewer")
	}
	if viewer.Anonymous {
		p.say(text.RunAnonymous)
	}
	if c.Demo {
		p.say(text.RunDemo)
	}
	if isTerminal(p.stdout) {
		p.say(text.RunStopHint)
	}
}

// sayConsole prints the console's address; where there is no user yet it leads to
// the set-up with the code filled in.
func (p *program) sayConsole(at api.SetupCode) {
	switch {
	case at.Console == "":
	case at.Code == "":
		p.say(text.RunConsole, at.Console)
	default:
		p.say(text.RunConsoleSetup, setupAddress(at), at.Code)
	}
}

// setupAddress has the code in its fragment, which no browser sends.
func setupAddress(at api.SetupCode) string { return at.Console + "#setup=" + at.Code }

func withoutLogin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.User = nil
	return u.String()
}

// subscribe is the command that shows all states.
func subscribe(broker string) string {
	host, port, err := net.SplitHostPort(broker)
	if err != nil {
		host, port = broker, "1883"
	}
	return fmt.Sprintf("mosquitto_sub -h %s -p %s -t 'bauta/#' -v", host, port)
}
