package estate

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
)

const (
	issuer = "front-desk"
	// never is when a withdrawal counts as one that is not applied at all: longer than the
	// longest pause between two tries of a gateway.
	never = 120 * time.Second
	poll  = 100 * time.Millisecond
)

// gateway is a real one, without cameras.
type gateway struct {
	t      *testing.T
	name   string
	on     *host
	config string
	data   string
	cmd    *exec.Cmd // nil: it does not run
	client *api.Client
	log    brokertest.Journal
}

// newGateway starts one on a host, with these lines below mqtt: in its settings.
func newGateway(t *testing.T, on *host, name, mqtt string) *gateway {
	t.Helper()
	g := &gateway{t: t, name: name, on: on, data: folder(t)}
	g.config = write(t, g.data, "bauta.yaml", fmt.Sprintf("gateway: {name: %s}\nrtsp: {address: \"127.0.0.1:0\", udp: false}\nconsole: {address: \"\"}\nmqtt:\n%s\n  home_assistant: false\n", name, mqtt))
	g.client = api.NewClient(filepath.Join(g.data, "bauta.sock"), text.EN)
	g.start()
	t.Cleanup(g.kill)
	return g
}

// start returns at once.
func (g *gateway) start() {
	g.t.Helper()
	g.cmd = g.on.command(built(g.t, "bauta"), "run", "--config", g.config, "--data", g.data)
	g.cmd.Stdout, g.cmd.Stderr = &g.log, &g.log
	if err := g.cmd.Start(); err != nil {
		g.t.Fatal(err)
	}
}

// kill is a power cut.
func (g *gateway) kill() {
	if g.cmd != nil {
		g.cmd.Process.Signal(syscall.SIGKILL)
		g.cmd.Wait()
		g.cmd = nil
	}
}

// status is nil while the gateway does not answer.
func (g *gateway) status() *api.Status {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	s, err := g.client.Status(ctx)
	if err != nil {
		return nil
	}
	return &s
}

func (g *gateway) connected() bool {
	s := g.status()
	return s != nil && s.Gateway.MQTT.Connected
}

// knows makes the gateway trust the desk and have a consent.
func (g *gateway) knows(raws ...string) {
	g.t.Helper()
	brokertest.Until(g.t, g.name+" runs", func() bool { return g.status() != nil })
	if _, err := g.client.AddIssuer(context.Background(), api.NewIssuer{Name: issuer, Key: string(consenttest.Key.Public().PEM())}); err != nil {
		g.t.Fatalf("%s: %v", g.name, err)
	}
	err := g.client.ImportConsents(context.Background(), raws, func(i api.Import) {
		if i.Outcome != api.Accepted {
			g.t.Errorf("%s: import: %+v", g.name, i)
		}
	})
	if err != nil {
		g.t.Fatalf("%s: %v", g.name, err)
	}
}

// masked reports whether nobody is shown by a consent any more.
func (g *gateway) masked(id string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	c, err := g.client.Consent(ctx, id)
	return err == nil && c.State == api.ConsentRevoked
}

// forgetSession has the broker discard the gateway's session, as it does once that has expired.
func (g *gateway) forgetSession(n *node) {
	g.t.Helper()
	c := paho.NewClient(paho.NewClientOptions().AddBroker(n.url()).SetClientID("bauta-" + g.name).SetCleanSession(true).SetProtocolVersion(4).SetAutoReconnect(false))
	if t := c.Connect(); !t.WaitTimeout(10*time.Second) || t.Error() != nil {
		g.t.Fatalf("%s: %v", g.name, t.Error())
	}
	time.Sleep(200 * time.Millisecond)
	c.Disconnect(250)
}

// group is a number of gateways that are measured together.
type group []*gateway

func (gs group) each(f func(*gateway)) {
	var all sync.WaitGroup
	for _, g := range gs {
		all.Go(func() { f(g) })
	}
	all.Wait()
}

func (gs group) awaitConnected() {
	for _, g := range gs {
		brokertest.Until(g.t, g.name+" is connected", g.connected)
	}
}

// until is how long after a moment the last of them has masked whoever gave a consent;
// false: not all of them did.
func (gs group) until(id string, from time.Time) (took time.Duration, all bool) {
	end := time.Now().Add(never)
	for _, g := range gs {
		for !g.masked(id) {
			if time.Now().After(end) {
				return never, false
			}
			time.Sleep(poll)
		}
	}
	return max(time.Since(from), 0), true
}

// desk withdraws consents by the command line, as a person does.
type desk struct {
	t    *testing.T
	on   *host // nil: this host
	key  string
	data string
}

func newDesk(t *testing.T) *desk {
	dir := folder(t)
	return &desk{t: t, key: write(t, dir, issuer+".key", string(consenttest.Key.PEM())), data: dir}
}

// withdraw tries until a broker has taken it, and returns when that was.
func (d *desk) withdraw(ctx context.Context, id, brokers string) time.Time {
	for {
		args := []string{"consent", "revoke", id, "--sign", d.key, "--issuer", issuer, "--broker", strings.ReplaceAll(brokers, " ", "")}
		cmd := exec.CommandContext(ctx, built(d.t, "bauta"), args...)
		if d.on != nil {
			cmd = d.on.command(built(d.t, "bauta"), args...)
		}
		out, err := cmd.CombinedOutput()
		if err == nil {
			return time.Now()
		}
		if ctx.Err() != nil {
			d.t.Errorf("the withdrawal was taken by no broker: %v: %s", err, out)
			return time.Now()
		}
		time.Sleep(time.Second)
	}
}

// consents makes n of them.
func consents(t *testing.T, n int) (raws, ids []string) {
	t.Helper()
	for i := range n {
		raw := consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject, c.Zones = 1+i, fmt.Sprintf("p-%d", i), []string{"*"} })
		raws, ids = append(raws, raw), append(ids, consenttest.ID(t, raw))
	}
	return raws, ids
}
