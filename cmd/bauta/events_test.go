//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
)

// keeper is a mosquitto that keeps its sessions over a restart.
type keeper struct {
	t    *testing.T
	addr string
	conf string
	cmd  *exec.Cmd
}

func newKeeper(t *testing.T) *keeper {
	t.Helper()
	if _, err := exec.LookPath("mosquitto"); err != nil {
		t.Fatal("mosquitto is not in PATH, which needs /usr/sbin: make setup-test installs it")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k := &keeper{t: t, addr: l.Addr().String(), conf: filepath.Join(t.TempDir(), "mosquitto.conf")}
	l.Close()
	_, port, _ := net.SplitHostPort(k.addr)
	conf := fmt.Sprintf("listener %s 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location %s/\nmax_queued_messages 0\n", port, filepath.Dir(k.conf))
	if os.Getuid() == 0 {
		conf += "user root\n"
	}
	if err := os.WriteFile(k.conf, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	k.start()
	t.Cleanup(k.stop)
	return k
}

func (k *keeper) start() {
	k.cmd = exec.Command("mosquitto", "-c", k.conf)
	if err := k.cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	eventually(k.t, "mosquitto listens", func() bool {
		conn, err := net.Dial("tcp", k.addr)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

func (k *keeper) stop() {
	if k.cmd.ProcessState == nil {
		k.cmd.Process.Signal(syscall.SIGTERM)
		k.cmd.Wait()
	}
}

// reader is a subscriber with a session of its own at the broker, which comes
// back after each loss.
type reader struct {
	schema *jsonschema.Schema
	mu     sync.Mutex
	events []audit.Event
	bad    []string
}

func read(t *testing.T, addr string) *reader {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("../../docs/mqtt/event.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{schema: schema}
	opts := paho.NewClientOptions().AddBroker("tcp://" + addr).SetClientID("reader").SetCleanSession(false).
		SetAutoReconnect(true).SetConnectRetry(true).SetMaxReconnectInterval(200 * time.Millisecond).
		SetDefaultPublishHandler(r.receive)
	opts.SetOnConnectHandler(func(c paho.Client) { c.Subscribe("bauta/box/event/#", 1, r.receive) })
	c := paho.NewClient(opts)
	if token := c.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatalf("connect: %v", token.Error())
	}
	t.Cleanup(func() { c.Disconnect(100) })
	return r
}

func (r *reader) receive(_ paho.Client, m paho.Message) {
	var e audit.Event
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(m.Payload())))
	if err == nil {
		err = r.schema.Validate(v)
	}
	if err == nil {
		err = json.Unmarshal(m.Payload(), &e)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil || m.Topic() != "bauta/box/event/"+string(e.Type) {
		r.bad = append(r.bad, fmt.Sprintf("%s: %s: %v", m.Topic(), m.Payload(), err))
	}
	r.events = append(r.events, e)
}

func (r *reader) received() []audit.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]audit.Event(nil), r.events...)
}

// While 2,000 things change the broker is away for a while and the gateway is
// killed twice. Each change that was acknowledged arrives, in order; what
// comes twice has the same id.
func TestEveryEventArrives(t *testing.T) {
	const all = 2000
	broker := newKeeper(t)
	r := read(t, broker.addr)
	config := "mqtt: {broker: \"tcp://" + broker.addr + "\"}\ngateway: {name: box}\n"
	cmd, data := daemon(t, config)
	client := api.NewClient(filepath.Join(data, "bauta.sock"), text.EN)
	again := func() {
		cmd.Process.Kill()
		cmd.Wait()
		cmd = bauta(t, "run", "--config", filepath.Join(filepath.Dir(data), "bauta.yaml"), "--data", data)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		started := cmd
		t.Cleanup(func() { started.Process.Kill(); started.Wait() })
		eventually(t, "the daemon answers", func() bool { _, err := client.Status(t.Context()); return err == nil })
	}
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "gate", URL: "rtsp://127.0.0.1:9/live"}); err != nil {
		t.Fatal(err)
	}
	var acknowledged []string
	for i := 0; i < all/2; i++ {
		switch i {
		case 200:
			broker.stop()
		case 300, 700:
			// In the middle of a request, so that some are cut in two.
			go client.PutZone(context.Background(), "gate", numbered(99999))
			again()
		case 500:
			broker.start()
		}
		name := numbered(i)
		if err := client.PutZone(t.Context(), "gate", name); err != nil {
			t.Fatal(err)
		}
		acknowledged = append(acknowledged, "zone-changed "+name.ID)
		if err := client.RemoveZone(t.Context(), "gate", name.ID); err != nil {
			t.Fatal(err)
		}
		acknowledged = append(acknowledged, "zone-removed "+name.ID)
	}
	last := acknowledged[len(acknowledged)-1]
	eventually(t, "the last event", func() bool {
		events := r.received()
		for _, e := range events[max(0, len(events)-50):] {
			if string(e.Type)+" "+e.Zone == last {
				return true
			}
		}
		return false
	})
	checkEvents(t, r, acknowledged)
}

func numbered(i int) api.NewZone {
	return api.NewZone{Zone: zone.Zone{ID: "z" + strconv.Itoa(i), Kind: zone.Masked, Points: []zone.Point{{}, {X: 1}, {X: 1, Y: 1}}}}
}

func checkEvents(t *testing.T, r *reader, acknowledged []string) {
	t.Helper()
	ids, twice, newest := map[uint64]string{}, 0, uint64(0)
	var order []string
	for _, e := range r.received() {
		if id, known := ids[e.Seq]; known {
			twice++
			if id != e.ID {
				t.Errorf("event %d came with the ids %s and %s", e.Seq, id, e.ID)
			}
			continue
		}
		if e.Seq < newest {
			t.Errorf("event %d came after event %d", e.Seq, newest)
		}
		ids[e.Seq], newest = e.ID, e.Seq
		order = append(order, string(e.Type)+" "+e.Zone)
	}
	if uint64(len(ids)) != newest {
		t.Errorf("%d events of %d", len(ids), newest)
	}
	at := 0
	for _, want := range acknowledged {
		for at < len(order) && order[at] != want {
			at++
		}
		if at == len(order) {
			t.Fatalf("%q never came, or out of order", want)
		}
	}
	if len(r.bad) > 0 {
		t.Errorf("%d bad events, such as %s", len(r.bad), r.bad[0])
	}
	t.Logf("%d events, %d of them acknowledged changes, %d came twice", len(ids), len(acknowledged), twice)
}
