package estate

import (
	"context"
	"fmt"
	"log/slog"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
)

// crowdRows are what is measured of many gateways.
var crowdRows = []string{
	"gateways", "all connected, s", "50 % have it, s", "99 % have it, s", "100 % have it, s",
	"a node killed meanwhile: 50 %, s", "99 %, s", "100 %, s", "lost",
	"brokers: processor seconds", "brokers: memory, MiB", "page: processor seconds", "page: memory, MiB",
}

// A withdrawal reaches each of very many gateways at a cluster, also while one of its nodes dies.
func TestCrowd(t *testing.T) {
	wanted(t)
	for _, name := range []string{"nats", "rabbitmq"} {
		t.Run(name, func(t *testing.T) {
			e := engines[name](t, newNetwork(t), options{})
			page := newPage(t, e)
			c := newCrowd(t, e, number("BAUTA_ESTATE_CROWD", 1000))
			c.withdraw(t, "50 % have it, s", "99 % have it, s", "100 % have it, s", func() {})
			c.figures(page)
			c.withdraw(t, "a node killed meanwhile: 50 %, s", "99 %, s", "100 %, s", func() { e.kill(e.nodes[2]) })
		})
	}
}

// page is a real dashboard that reads the cluster.
func newPage(t *testing.T, e *engine) *exec.Cmd {
	cmd := exec.Command(built(t, "bauta"), "dashboard", "--broker", e.urls(0), "--listen", "127.0.0.1:0", "--log-level", "error")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Signal(syscall.SIGKILL); cmd.Wait() })
	return cmd
}

// members are real publishers without a gateway around them.
type members struct {
	t    *testing.T
	e    *engine
	desk *desk
	all  []*mqtt.Publisher
	log  brokertest.Journal // warnings of all
	mu   sync.Mutex
	got  map[string]map[int]time.Time // by withdrawal, when each member had it first
}

func newCrowd(t *testing.T, e *engine, n int) *members {
	t.Helper()
	c := &members{t: t, e: e, desk: newDesk(t), got: map[string]map[int]time.Time{}}
	began := time.Now()
	var wait sync.WaitGroup
	t.Cleanup(func() {
		for _, p := range c.all {
			wait.Go(p.Close)
		}
		wait.Wait()
	})
	for i := range n {
		p, err := mqtt.New(mqtt.Config{
			Gateway: fmt.Sprintf("sim-%04d", i), Broker: e.urls(i), Heartbeat: 10 * time.Minute,
			Consents: func(_ consent.Kind, id string, _ []byte, stored func()) { stored(); c.note(id, i) },
		}, slog.New(slog.NewTextHandler(&c.log, &slog.HandlerOptions{Level: slog.LevelWarn})))
		if err != nil {
			t.Fatal(err)
		}
		c.all = append(c.all, p)
		p.SetInfo(mqtt.Info{Version: "estate"})
		p.Start(context.WithoutCancel(t.Context()))
		time.Sleep(5 * time.Millisecond) // an estate does not start in one instant
	}
	for end := time.Now().Add(5 * time.Minute); c.connected() < n; time.Sleep(poll) {
		if time.Now().After(end) {
			t.Errorf("%s: %d of %d are connected; one says %+v", e.name, c.connected(), n, c.oneAway())
			break
		}
	}
	c.put("gateways", fmt.Sprint(n))
	c.put("all connected, s", seconds(time.Since(began)))
	time.Sleep(5 * time.Second) // until each has subscribed, too
	return c
}

func (c *members) put(row, cell string) {
	c.t.Logf("%s: %s: %s", c.e.name, row, cell)
	results.put(crowd, row, c.e.name, cell)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f", d.Seconds()) }

func (c *members) note(id string, member int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.got[id] == nil {
		c.got[id] = map[int]time.Time{}
	}
	if _, before := c.got[id][member]; !before {
		c.got[id][member] = time.Now()
	}
}

func (c *members) have(id string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.got[id])
}

func (c *members) connected() (n int) {
	for _, p := range c.all {
		if p.State().Connected {
			n++
		}
	}
	return n
}

func (c *members) oneAway() mqtt.State {
	for _, p := range c.all {
		if s := p.State(); !s.Connected {
			return s
		}
	}
	return mqtt.State{}
}

// withdraw measures one withdrawal; meanwhile is called right before it.
func (c *members) withdraw(t *testing.T, half, most, every string, meanwhile func()) {
	t.Helper()
	_, ids := consents(t, 1)
	ctx, cancel := context.WithTimeout(t.Context(), never)
	defer cancel()
	meanwhile()
	began := c.desk.withdraw(ctx, ids[0], c.e.urls(0))
	for end := time.Now().Add(never); c.have(ids[0]) < len(c.all) && time.Now().Before(end); time.Sleep(poll) {
	}
	var took []time.Duration
	for _, at := range c.got[ids[0]] {
		took = append(took, max(at.Sub(began), 0))
	}
	slices.Sort(took)
	for row, share := range map[string]float64{half: 0.5, most: 0.99, every: 1} {
		cell := "never"
		if i := int(share*float64(len(c.all))+0.5) - 1; i < len(took) {
			cell = seconds(took[i])
		}
		c.put(row, cell)
	}
	lost := len(c.all) - len(took)
	c.put("lost", fmt.Sprint(lost))
	if lost > 0 {
		t.Errorf("%s: %d of %d gateways do not have the withdrawal; their warnings end in\n%s", c.e.name, lost, len(c.all), tail(c.log.String()))
	}
}

// figures are what all of this cost so far.
func (c *members) figures(page *exec.Cmd) {
	cpu, mib := c.e.usage()
	c.put("brokers: processor seconds", fmt.Sprintf("%.0f", cpu))
	c.put("brokers: memory, MiB", fmt.Sprintf("%.0f", mib))
	cpu, mib = usageOf(page.Process.Pid)
	c.put("page: processor seconds", fmt.Sprintf("%.1f", cpu))
	c.put("page: memory, MiB", fmt.Sprintf("%.0f", mib))
}
