package gateway

import (
	"context"
	"net"
	"net/url"
	"sync"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/fleet"
)

// openAccounts reads who may use the console.
func (g *Gateway) openAccounts(Options) (err error) {
	g.accounts, err = console.NewAccounts(g.store, g.log)
	return err
}

// startConsole serves the routes over HTTPS, too.
func (g *Gateway) startConsole(r *routes) error {
	c := g.cfg.Console
	if c.Address == "" {
		return nil
	}
	board, err := g.startFleet()
	if err != nil {
		return err
	}
	s, err := console.New(console.Config{
		Addr: c.Address, NextPort: g.nextPort, CertFile: c.Certificate, KeyFile: c.Key, Store: g.store, Accounts: g.accounts,
		API: r.mux, Routes: r.patterns, Fleet: board.Handler("/fleet"), Audit: g.accessed, Language: g.cfg.Lang(), Log: g.log,
	})
	if err != nil {
		return err
	}
	if err := s.Start(); err != nil {
		return err
	}
	g.console = s
	return nil
}

// startFleet reads what all gateways of the broker say.
func (g *Gateway) startFleet() (*fleet.StateCache, error) {
	c := g.cfg.MQTT
	read := broker.Config{Address: c.Broker, User: c.User, CAFile: c.CAFile, CertFile: c.CertFile, KeyFile: c.KeyFile}
	if c.PasswordFile != "" {
		read.Password = c.Password
	}
	if c.Broker == "" {
		// By its own way in: no login is needed, and no place at the door. The
		// certificate and its key are the broker's then.
		read = broker.Config{Address: "tcp://" + g.Broker(), Dial: g.mqtt.Dial}
	}
	board, err := fleet.New(fleet.Config{Broker: read, Log: g.log})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { board.Run(ctx) })
	g.stopFleet = func() { cancel(); running.Wait() }
	return board, nil
}

// accessed puts a login, or a refused one, on the trail.
func (g *Gateway) accessed(actor, action, subject, detail string) {
	g.trail.note(happening{Entry: store.Entry{Action: action, Actor: actor, Subject: subject, Detail: detail}})
}

// ConsoleURL is where a browser finds the console; empty where it is off.
func (g *Gateway) ConsoleURL() string {
	if g.console == nil {
		return ""
	}
	host, port, err := net.SplitHostPort(g.console.Addr())
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = addressHere()
	}
	return "https://" + net.JoinHostPort(host, port) + "/"
}

// addressHere is an address by which others on the network reach this box.
func addressHere() string {
	all, _ := net.InterfaceAddrs() // without them the loopback one is left
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() && n.IP.To4() != nil {
			return n.IP.String()
		}
	}
	return "127.0.0.1"
}

// statusFor tells the status without what concerns a manager alone: a camera's
// address may hold a password in its path.
func (g *Gateway) statusFor(ctx context.Context) Status {
	s := g.Status()
	if who, ok := console.Who(ctx); !ok || who.Role.May(console.Manager) {
		return s
	}
	s.Gateway.DataDir = ""
	for i := range s.Cameras {
		s.Cameras[i].URL = hostOnly(s.Cameras[i].URL)
		s.Cameras[i].Source.Detail = ""
	}
	return s
}

func hostOnly(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
}
