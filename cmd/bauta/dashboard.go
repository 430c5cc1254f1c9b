//go:build linux

package main

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"unicode/utf8"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/fleet"
	"github.com/bauta-gateway/bauta/gateway/fleet/past"
)

type dashboardCommand struct {
	Broker       string `help:"The broker of the gateways: tcp://host:1883 or ssl://host:8883, or several, parted by commas." required:"" placeholder:"URL"`
	Prefix       string `help:"What the gateways' topics begin with: their mqtt.prefix." default:"bauta" placeholder:"PREFIX"`
	User         string `help:"User at the broker; one that may read bauta/# and nothing else is enough." placeholder:"NAME"`
	PasswordFile string `help:"File with the user's password." type:"existingfile" placeholder:"FILE"`
	CAFile       string `name:"ca-file" help:"Certificates that may vouch for the broker, in PEM." type:"existingfile" placeholder:"FILE"`

	Listen             string `help:"Where to serve the page." default:"127.0.0.1:8450" placeholder:"HOST:PORT"`
	TLSCert            string `name:"tls-cert" help:"Certificate of the page, in PEM." type:"existingfile" placeholder:"FILE"`
	TLSKey             string `name:"tls-key" help:"Key of the certificate, in PEM." type:"existingfile" placeholder:"FILE"`
	ViewerPasswordFile string `help:"File with the password that the page asks for; the user is viewer." type:"existingfile" placeholder:"FILE"`

	History string `help:"File that keeps how each gateway stood for a year. Default: nothing is kept." type:"path" placeholder:"FILE"`
	Keep    string `help:"File that keeps what happened over a restart. Default: nothing is kept." type:"path" placeholder:"FILE"`

	LogLevel slog.Level `help:"debug, info, warn or error." default:"info" placeholder:"LEVEL"`
}

// minPassword is the shortest password of a page, in characters.
const minPassword = 8

func (c *dashboardCommand) Run(p *cli.Program) error {
	login := broker.Config{Address: c.Broker, User: c.User, CAFile: c.CAFile}
	if c.PasswordFile != "" {
		login.Password = func() (string, error) { return cli.PasswordFile(c.PasswordFile) }
	}
	cfg := fleet.Config{Broker: login, Prefix: c.Prefix, Keep: keptIn(c.Keep), Log: slog.New(slog.NewTextHandler(p.Stderr, &slog.HandlerOptions{Level: c.LogLevel}))}
	if c.History != "" {
		kept, err := past.Open(c.History, cfg.Log)
		if err != nil {
			return err
		}
		defer kept.Close()
		cfg.Past = kept
	}
	dashboard, err := fleet.New(cfg)
	if err != nil {
		return cli.Usage(err)
	}
	serve := fleet.ServeConfig{Listen: c.Listen, CertFile: c.TLSCert, KeyFile: c.TLSKey, Ready: func(url string) { p.Say(text.FleetServed, url) }}
	if c.ViewerPasswordFile != "" {
		if serve.Password, err = cli.PasswordFile(c.ViewerPasswordFile); err != nil {
			return err
		}
		if utf8.RuneCountInString(serve.Password) < minPassword {
			return text.Fail(nil, text.FleetPassword, c.ViewerPasswordFile)
		}
	}
	if err = dashboard.Serve(p.Ctx, serve); errors.Is(err, fleet.ErrExposed) {
		return cli.Usage(err)
	}
	return err
}

// keptIn keeps what the page remembers in a file; empty: nowhere.
func keptIn(file string) fleet.Keeper {
	if file == "" {
		return fleet.Keeper{}
	}
	return fleet.Keeper{
		Load: func() ([]byte, error) {
			b, err := cli.ReadSmall(file)
			if errors.Is(err, fs.ErrNotExist) {
				return nil, nil
			}
			return b, err
		},
		Save: func(b []byte) error {
			return cli.WriteFile(file, 0o600, func(w io.Writer) error { _, err := w.Write(b); return err })
		},
	}
}
