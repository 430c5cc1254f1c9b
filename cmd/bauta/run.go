//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/loglines"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
)

type runCommand struct {
	cli.Target
	cli.OldModels
	Demo      bool       `help:"Add a built-in camera that plays a clip; nothing of it is stored."`
	Clip      string     `help:"Clip of the built-in camera. Default: demo.mp4 beside the program." type:"existingfile" placeholder:"FILE"`
	FreePorts bool       `help:"Where another program has a port, take the next free one and say so, instead of failing."`
	Open      bool       `help:"Open the console in this desktop's browser."`
	Camera    string     `help:"Add this camera for this run only: rtsp://USER:PASSWORD@ADDRESS/PATH." placeholder:"URL"`
	LogLevel  slog.Level `help:"debug, info, warn or error." default:"info" placeholder:"LEVEL"`
}

// demoClip is made at build time, beside the program.
const demoClip = "demo.mp4"

func (c *runCommand) Run(p *cli.Program) error {
	cfg, err := c.Load(p)
	if err != nil {
		return err
	}
	c.Note(p, cfg)
	options, err := c.options(cfg)
	if err != nil {
		return err
	}
	options.Lines = loglines.New()
	options.Log = slog.New(options.Lines.Handler(slog.NewTextHandler(p.Stderr, &slog.HandlerOptions{Level: c.LogLevel})))
	open := c.Open
	if open {
		defer os.Remove(pagePath(cfg.Data)) // it may not be there
	}
	err = gateway.Serve(p.Ctx, options, func(g *gateway.Gateway) {
		client := api.NewClient(cfg.Socket(), p.Lang)
		// The gateway is up until this returns: a stop meanwhile takes no address from the output.
		ctx := context.WithoutCancel(p.Ctx)
		setup, err := client.SetupCode(ctx)
		if err != nil {
			options.Log.Error("the set-up code cannot be asked for: use bauta status", "error", err)
		}
		c.greet(ctx, p, g, client, setup, subscribe(g.Broker(), cfg.MQTT.Prefix))
		if open {
			openConsole(p, cfg.Data, setup)
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
		return o, cli.Usage(errors.New("--clip is the clip of --demo: give both"))
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
			return o, cli.Usage(err)
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
func (c *runCommand) greet(ctx context.Context, p *cli.Program, g *gateway.Gateway, client *api.Client, setup api.SetupCode, mqtt string) {
	sayConsole(p, setup)
	for _, m := range g.Moved() {
		p.Say(text.RunMoved, m.Holder.Port, m.Setting, m.Holder, m.Port)
	}
	viewer, err := client.Viewer(ctx)
	if err != nil {
		p.Say(text.RunReady, wire.Version)
		return
	}
	secret := !viewer.Anonymous && !c.Demo && !cli.IsTerminal(p.Stdout)
	for _, address := range viewer.URLs {
		if secret {
			address = withoutLogin(address)
		}
		p.Say(text.RunStream, address)
	}
	p.Say(text.RunMQTT, mqtt)
	p.Say(text.RunReady, wire.Version)
	if len(viewer.URLs) == 0 {
		p.Say(text.CameraNone)
	}
	if secret {
		p.Say(text.RunLogin, "bauta viewer")
	}
	if viewer.Anonymous {
		p.Say(text.RunAnonymous)
	}
	if c.Demo {
		p.Say(text.RunDemo)
	}
	if cli.IsTerminal(p.Stdout) {
		p.Say(text.RunStopHint)
	}
}

// sayConsole prints the console's address; where there is no user yet it leads to
// the set-up with the code filled in.
func sayConsole(p *cli.Program, at api.SetupCode) {
	switch {
	case at.Console == "":
	case at.Code == "":
		p.Say(text.RunConsole, at.Console)
	default:
		p.Say(text.RunConsoleSetup, cli.SetupAddress(at.Console, at.Code), at.Code)
		p.FirstVisit(at.Console, at.Code, at.Fingerprint)
	}
}

func withoutLogin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.User = nil
	return u.String()
}

// subscribe is the command that shows all states.
func subscribe(broker, prefix string) string {
	host, port, err := net.SplitHostPort(broker)
	if err != nil {
		host, port = broker, "1883"
	}
	return fmt.Sprintf("mosquitto_sub -h %s -p %s -t '%s/#' -v", host, port, prefix)
}
