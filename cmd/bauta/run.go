package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway"
)

type runCommand struct {
	place
	modelPlace
	Demo     bool       `help:"Add a built-in camera that plays a clip; nothing of it is stored."`
	Clip     string     `help:"Clip of the built-in camera. Default: demo.mp4 beside the program." type:"existingfile" placeholder:"FILE"`
	Camera   string     `help:"Add this camera for this run only: rtsp://USER:PASSWORD@ADDRESS/PATH." placeholder:"URL"`
	LogLevel slog.Level `help:"debug, info, warn or error." default:"info" placeholder:"LEVEL"`
}

// demoClip is made at build time, beside the program.
const demoClip = "demo.mp4"

// stopLimit is how long a clean stop may take.
const stopLimit = 9 * time.Second

func (c *runCommand) Run(p *program) error {
	cfg, err := c.load(p)
	if err != nil {
		return err
	}
	options, err := c.options(cfg)
	if err != nil {
		return err
	}
	options.Log = slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: c.LogLevel}))
	g, err := gateway.Start(p.ctx, options)
	if p.ctx.Err() != nil && err != nil {
		return nil // told to stop before it was up
	}
	if err != nil {
		return err
	}
	c.greet(p, g, cfg)
	<-p.ctx.Done()
	options.Log.Info("stopping")
	return stop(g)
}

func (c *runCommand) options(cfg config.Config) (gateway.Options, error) {
	o := gateway.Options{Config: cfg, Models: c.Models}
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
		guest := gateway.NewCamera{ID: "camera", Name: "Camera", URL: c.Camera}
		if err := guest.Check(); err != nil {
			return o, usageError{err}
		}
		o.Guests = append(o.Guests, guest)
	}
	return o, nil
}

// clip is what the demo plays.
func (c *runCommand) clip() (string, error) {
	if c.Clip != "" {
		return c.Clip, nil
	}
	clip := gateway.Beside(demoClip)
	if _, err := os.Stat(clip); err != nil {
		return "", fmt.Errorf("no clip for the demo: %w: give one with --clip FILE", err)
	}
	return clip, nil
}

// greet prints the addresses, ready to paste. The password is for a person at
// a terminal or of the demo: elsewhere stdout ends in a journal.
func (c *runCommand) greet(p *program, g *gateway.Gateway, cfg config.Config) {
	viewer := g.Viewer()
	secret := !viewer.Anonymous && !c.Demo && !isTerminal(p.stdout)
	for _, address := range viewer.URLs {
		if secret {
			address = withoutLogin(address)
		}
		p.say(text.RunStream, address)
	}
	p.say(text.RunMQTT, subscribe(g.Broker()))
	if address := g.ConsoleURL(); address != "" {
		p.say(text.RunConsole, address)
	}
	if code := g.SetupCode(); code.Code != "" && code.Console != "" {
		p.say(text.RunSetup, code.Code)
	}
	p.say(text.RunReady, gateway.Version)
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

// stop takes the daemon down. Workers that do not end in time die with the
// process: their pipes close.
func stop(g *gateway.Gateway) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		g.Close()
	}()
	select {
	case <-done:
		return nil
	case <-time.After(stopLimit):
		return fmt.Errorf("some part did not stop within %v: ending anyway", stopLimit)
	}
}
