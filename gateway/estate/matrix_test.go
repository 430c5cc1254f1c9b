package estate

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
)

// Whoever is away when somebody withdraws a consent, each gateway masks that person again once
// all are back: the table of docs/mqtt.md, in seconds from when the broker had the withdrawal
// and nothing was in the way any more.
func TestWithdrawals(t *testing.T) {
	wanted(t)
	for _, name := range []string{"mosquitto", "nats", "rabbitmq"} {
		t.Run(name, func(t *testing.T) {
			net := newNetwork(t)
			e := engines[name](t, net, options{})
			w := newWorld(t, e)
			for i, s := range outages {
				if only := os.Getenv("BAUTA_ESTATE_OUTAGE"); only != "" && only != s.name {
					continue
				}
				took, all := w.play(s, w.ids[i])
				note(t, name, s.name, took, all)
				if !all {
					w.explain(w.ids[i])
				}
				w.restore()
			}
		})
	}
	t.Run("embedded", func(t *testing.T) { embeddedAlone(t) })
}

// world is an engine, gateways on a host beside it and a desk on this one.
type world struct {
	t        *testing.T
	e        *engine
	gateways group
	desk     *desk
	ids      []string
}

func newWorld(t *testing.T, e *engine) *world {
	raws, ids := consents(t, len(outages))
	w := &world{t: t, e: e, desk: newDesk(t), ids: ids}
	on := e.net.join()
	for i := range number("BAUTA_ESTATE_GATEWAYS", 20) {
		w.gateways = append(w.gateways, newGateway(t, on, fmt.Sprintf("gw-%02d", i+1), "  broker: \""+e.urls(0)+"\""))
	}
	w.gateways.each(func(g *gateway) { g.knows(raws...) })
	w.gateways.awaitConnected()
	time.Sleep(2 * time.Second) // until each has subscribed, too
	return w
}

// outage is one thing that is in the way of a withdrawal. It returns the moment from which on
// nothing is.
type outage struct {
	name string
	run  func(w *world, id string) time.Time
}

var outages = []outage{
	{"gateway away", func(w *world, id string) time.Time {
		w.gateways.each((*gateway).kill)
		w.withdraw(id)
		w.gateways.each((*gateway).start)
		return time.Now()
	}},
	{"broker away", func(w *world, id string) time.Time {
		w.e.kill(w.e.nodes...)
		taken := w.withdrawMeanwhile(id)
		time.Sleep(3 * time.Second)
		w.e.start()
		return <-taken
	}},
	// The broker is killed once more right after it took the withdrawal: it has to be on its disk.
	{"both away", func(w *world, id string) time.Time {
		w.gateways.each((*gateway).kill)
		w.e.kill(w.e.nodes...)
		taken := w.withdrawMeanwhile(id)
		w.e.start()
		<-taken
		w.e.kill(w.e.nodes...)
		w.e.start()
		w.gateways.each((*gateway).start)
		return time.Now()
	}},
	{"node killed", func(w *world, id string) time.Time {
		w.e.kill(w.e.nodes[0])
		if len(w.e.nodes) == 1 {
			w.e.boot(w.e.nodes...)
		}
		return w.withdraw(id)
	}},
	// The gateways and the node that they use are cut off from the others and from the desk.
	{"partition healed", func(w *world, id string) time.Time {
		first, rest := w.e.nodes[0], w.e.nodes[1:]
		gateways := w.gateways[0].on
		gateways.cutFrom(w.e.hosts(rest...)...)
		if len(rest) == 0 {
			gateways.cutFrom(first.host)
		}
		first.cutFrom(w.e.hosts(rest...)...)
		taken := w.withdrawMeanwhile(id)
		time.Sleep(20 * time.Second) // longer than any of the three takes to see it
		w.e.net.heal(append(w.e.hosts(w.e.nodes...), gateways)...)
		healed := time.Now()
		if at := <-taken; at.After(healed) {
			return at
		}
		return healed
	}},
	{"session expired", func(w *world, id string) time.Time {
		w.gateways.each((*gateway).kill)
		w.gateways.each(func(g *gateway) { g.forgetSession(w.e.nodes[0]) })
		w.withdraw(id)
		w.gateways.each((*gateway).start)
		return time.Now()
	}},
	{"session full", func(w *world, id string) time.Time {
		w.gateways.each((*gateway).kill)
		w.stuff(w.gateways[0])
		w.withdraw(id)
		w.gateways.each((*gateway).start)
		return time.Now()
	}},
}

// stuffing is more than a session has room for by docs/brokers.
const stuffing = 11_000

// stuff fills the session of a gateway that is away with commands.
func (w *world) stuff(g *gateway) {
	w.t.Helper()
	c := as(w.t, w.e, probeUser, "stuffer", nil)
	var last paho.Token
	for n := range stuffing {
		if last = c.Publish("bauta/"+g.name+"/camera/none/mask/set", 1, false, "picture"); n%500 == 0 {
			last.WaitTimeout(brokertest.Patience)
		}
	}
	if !last.WaitTimeout(brokertest.Patience) {
		w.t.Errorf("%s does not confirm %d messages", w.e.name, stuffing)
	}
	c.Disconnect(1000)
}

// withdraw begins with the last node: the first one is what the gateways use.
func (w *world) withdraw(id string) time.Time {
	ctx, cancel := context.WithTimeout(w.t.Context(), bootLimit+never)
	defer cancel()
	return w.desk.withdraw(ctx, id, w.e.urls(len(w.e.nodes)-1))
}

// withdrawMeanwhile sends when it was taken, once.
func (w *world) withdrawMeanwhile(id string) <-chan time.Time {
	taken := make(chan time.Time, 1)
	go func() { taken <- w.withdraw(id) }()
	return taken
}

func (w *world) play(s outage, id string) (time.Duration, bool) {
	w.t.Helper()
	w.t.Logf("%s: %s", w.e.name, s.name)
	return w.gateways.until(id, s.run(w, id))
}

// explain logs how the gateways are that have not masked.
func (w *world) explain(id string) {
	for _, g := range w.gateways {
		if s := g.status(); !g.masked(id) && s != nil {
			w.t.Logf("%s: %+v\n%s", g.name, s.Gateway.MQTT, tail(g.log.String()))
			return
		}
	}
}

// restore has all run again.
func (w *world) restore() {
	for _, n := range w.e.nodes {
		if n.cmd == nil {
			w.e.boot(n)
		}
	}
	w.e.ready()
	w.gateways.awaitConnected()
	time.Sleep(2 * time.Second)
}

// embeddedAlone is one gateway with the broker in it: both are away together, and the desk
// tries until it is back.
func embeddedAlone(t *testing.T) {
	net := newNetwork(t)
	on := net.join()
	raws, ids := consents(t, 2)
	g := newGateway(t, on, "gw-01", "  embedded_address: \"127.0.0.1:1883\"")
	g.knows(raws...)
	group{g}.awaitConnected()
	d := newDesk(t)
	d.on = on
	for i, name := range []string{"gateway away", "node killed"} {
		g.kill()
		taken := make(chan time.Time, 1)
		go func() {
			ctx, cancel := context.WithTimeout(t.Context(), never)
			defer cancel()
			taken <- d.withdraw(ctx, ids[i], "tcp://127.0.0.1:1883")
		}()
		time.Sleep(time.Duration(2-2*i) * time.Second)
		g.start()
		took, all := group{g}.until(ids[i], <-taken)
		note(t, "embedded", name, took, all)
		if i == 0 { // one process: the same
			note(t, "embedded", "broker away", took, all)
			note(t, "embedded", "both away", took, all)
		}
	}
}

// note puts a figure into the table; a withdrawal that is not applied fails the test but where
// docs/mqtt.md says so.
func note(t *testing.T, engine, outage string, took time.Duration, all bool) {
	t.Helper()
	cell := "never"
	if all {
		cell = fmt.Sprintf("%.1f", took.Seconds())
	} else {
		t.Errorf("%s, %s: not masked within %v on every gateway", engine, outage, never)
	}
	t.Logf("%s, %s: %s", engine, outage, cell)
	results.put(matrix, engine, outage, cell)
}

// columns of the table of withdrawals.
func columns() (names []string) {
	for _, s := range outages {
		names = append(names, s.name)
	}
	return names
}
