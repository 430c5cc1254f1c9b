package estate

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// At each broker, by the examples of docs/brokers: a gateway works under its own name, and one
// that takes another's name can neither write there, read there, nor leave a last will.
func TestPermissions(t *testing.T) {
	wanted(t)
	for name, o := range map[string]options{"mosquitto": mosquittoACL(t), "rabbitmq": {nodes: 1, prepared: rabbitACL}, "nats": {nodes: 1, more: natsACL(t)}} {
		t.Run(name, func(t *testing.T) {
			e := engines[name](t, newNetwork(t), o)
			w := listen(t, e)
			hall := properGateway(t, e, w)
			for trick, try := range tricks {
				t.Run(trick, func(t *testing.T) { try(t, e, w) })
			}
			t.Run("client ID", func(t *testing.T) { stealClientID(t, e, w, hall) })
			t.Run("gateway", func(t *testing.T) { wrongName(t, e, w) })
		})
	}
}

// mosquittoACL proves who is who by passwords here: gateway/mqtt tests client certificates.
func mosquittoACL(t *testing.T) options {
	dir := folder(t)
	acl := example(t, "mosquitto/acl") + "user " + probeUser + "\ntopic readwrite #\n"
	conf := strings.ReplaceAll(example(t, "mosquitto/acl.conf"), "/etc/mosquitto/bauta.acl", write(t, dir, "acl", acl))
	conf = strings.NewReplacer("require_certificate true\n", "", "use_identity_as_username true\n", "").Replace(conf)
	passwords := filepath.Join(dir, "passwords")
	for i, user := range users {
		args := []string{"-b", passwords, user, password}
		if i == 0 {
			args = append([]string{"-c"}, args...)
		}
		sh(t, "mosquitto_passwd", args...)
	}
	return options{more: func(int) string { return conf + "\npassword_file " + passwords }}
}

var users = []string{"hall", "gate", "desk", "watcher", probeUser}

// rabbitACL runs the example's script as its operator does, with rabbitmqctl of the node.
func rabbitACL(e *engine) {
	n, t := e.nodes[0], e.t
	dir := envOf(n.cmd.Env, "HOME")
	for end := time.Now().Add(bootLimit); rabbit(n, dir, "rabbitmqctl", "await_startup").Run() != nil; time.Sleep(time.Second) {
		if time.Now().After(end) {
			t.Fatalf("rabbitmq does not start: %s", tail(n.log.String()))
		}
	}
	script, err := filepath.Abs(filepath.Join(root, "docs/brokers/rabbitmq/permissions.sh"))
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"hall"}, {"gate"}, {"--desk", "desk"}, {"--watcher", "watcher"}} {
		cmd := n.host.command("sh", append([]string{script}, append(args, password)...)...)
		cmd.Env = append(rabbit(n, dir, "rabbitmqctl").Env, "PATH=/usr/lib/rabbitmq/bin:"+os.Getenv("PATH"))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("permissions.sh %v: %v: %s", args, err, out)
		}
	}
	for _, args := range [][]string{{"add_user", probeUser, password}, {"set_permissions", probeUser, ".*", ".*", ".*"}} {
		if out, err := rabbit(n, dir, "rabbitmqctl", args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", args, err, out)
		}
	}
}

func envOf(env []string, name string) (value string) {
	for _, e := range env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			value = v
		}
	}
	return value
}

func natsACL(t *testing.T) func(int) string {
	conf := strings.Replace(example(t, "nats/permissions.conf"), "  users: [", fmt.Sprintf("  users: [\n    { user: %s, password: %q }", probeUser, password), 1)
	return func(int) string { return conf }
}

// listener is somebody who may read all.
type listener struct {
	client paho.Client
	mu     sync.Mutex
	got    map[string]string
}

func listen(t *testing.T, e *engine) *listener {
	t.Helper()
	w := &listener{got: map[string]string{}}
	w.client = as(t, e, probeUser, "listener", nil)
	token := w.client.Subscribe("bauta/#", 1, func(_ paho.Client, m paho.Message) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.got[m.Topic()] = string(m.Payload())
	})
	if !token.WaitTimeout(brokertest.Patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	return w
}

func (w *listener) last(topic string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.got[topic]
}

// as is a client with a login; options change what it says.
func as(t *testing.T, e *engine, user, id string, change func(*paho.ClientOptions)) paho.Client {
	t.Helper()
	opts := paho.NewClientOptions().AddBroker(e.nodes[0].url()).SetClientID(id).SetProtocolVersion(4).SetAutoReconnect(false)
	if e.nodes[0].logins {
		opts.SetUsername(user).SetPassword(password)
	}
	if change != nil {
		change(opts)
	}
	// Again and again: NATS makes one wait who takes its own client ID over.
	for end := time.Now().Add(brokertest.Patience); ; time.Sleep(200 * time.Millisecond) {
		c := paho.NewClient(opts)
		token := c.Connect()
		if token.WaitTimeout(brokertest.Patience) && token.Error() == nil {
			t.Cleanup(func() { c.Disconnect(100) })
			return c
		}
		if time.Now().After(end) {
			t.Fatalf("%s does not connect: %v", user, token.Error())
		}
	}
}

// properGateway is hall, with its own login: it works wholly.
func properGateway(t *testing.T, e *engine, w *listener) *mqtt.Publisher {
	t.Helper()
	taken, commands := make(chan string, 8), make(chan media.CameraID, 8)
	anchors := make(chan struct{}, 8)
	p, _ := publisher(t, e, "hall", "hall", func(c *mqtt.Config) {
		c.Consents = func(_ consent.Kind, id string, _ []byte, stored func()) { stored(); taken <- id }
		c.Command = func(id media.CameraID, _ mqtt.Level, stored func()) { stored(); commands <- id }
		c.Anchor = func([]byte) { anchors <- struct{}{} }
	})
	brokertest.Until(t, "hall is connected", func() bool { return p.State().Connected })
	p.SetAnchor([]byte("{}"))
	p.SetCamera("lobby", true, media.Protected)
	brokertest.Until(t, "the states", func() bool {
		return w.last("bauta/hall/status") == "online" && w.last("bauta/hall/camera/lobby/protection") == "protected"
	})
	time.Sleep(time.Second) // until it has subscribed
	const id = "0123456789abcdef"
	desk := as(t, e, "desk", "desk", nil)
	if token := desk.Publish("bauta/consent/revocation/"+id, 1, true, "signed"); !token.WaitTimeout(brokertest.Patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	w.client.Publish("bauta/hall/camera/lobby/mask/set", 1, false, "picture").WaitTimeout(brokertest.Patience)
	brokertest.Until(t, "a withdrawal, a command and the anchor", func() bool { return len(taken) > 0 && len(commands) > 0 && len(anchors) > 0 })
	if s := p.State(); s.Connects != 1 {
		t.Errorf("hall connected %d times: %+v", s.Connects, s)
	}
	watch(t, e)
	return p
}

// watch reads as the page of many gateways does, with the login for that.
func watch(t *testing.T, e *engine) {
	t.Helper()
	log := &brokertest.Journal{}
	page, err := broker.NewReader(broker.Config{Address: e.nodes[0].url(), User: "watcher", Password: func() (string, error) { return password, nil }}, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	online := make(chan string, 100)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		page.Run(ctx, []string{topics.Prefix("").AllStatus()}, broker.Subscriber{Receive: func(topic string, _ []byte) { online <- topic }, Connection: func(broker.Reason, string) {}})
	}()
	defer func() { cancel(); <-done }()
	brokertest.Until(t, "the page sees hall: "+log.String(), func() bool { return len(online) > 0 })
}

func publisher(t *testing.T, e *engine, name, user string, change func(*mqtt.Config)) (*mqtt.Publisher, *brokertest.Journal) {
	t.Helper()
	log := &brokertest.Journal{}
	c := mqtt.Config{Gateway: name, Broker: e.nodes[0].url(), User: user, Password: func() (string, error) { return password, nil }, Heartbeat: time.Second}
	change(&c)
	p, err := mqtt.New(c, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	p.Start(context.WithoutCancel(t.Context()))
	t.Cleanup(p.Close)
	return p, log
}

// settled waits until all that was sent before has arrived wherever it goes.
func (w *listener) settled(t *testing.T, e *engine) {
	t.Helper()
	mark := fmt.Sprint(time.Now().UnixNano())
	c := as(t, e, "gate", "bauta-gate", nil)
	c.Publish("bauta/gate/mark", 1, false, mark).WaitTimeout(brokertest.Patience)
	brokertest.Until(t, "the mark", func() bool { return w.last("bauta/gate/mark") == mark })
	c.Disconnect(100)
}

// tricks are those of somebody with gate's login at hall's topics.
var tricks = map[string]func(*testing.T, *engine, *listener){
	"publish": func(t *testing.T, e *engine, w *listener) {
		for _, topic := range []string{"bauta/hall/status", "bauta/hall/camera/lobby/protection", "bauta/hall/camera/lobby/mask/set", "bauta/other", "bauta/consent/revocation/fedcba9876543210"} {
			c := as(t, e, "gate", "bauta-gate", nil)
			c.Publish(topic, 1, true, "stolen").WaitTimeout(2 * time.Second)
			c.Disconnect(0)
			w.settled(t, e)
			if w.last(topic) == "stolen" {
				t.Errorf("gate writes %s", topic)
			}
		}
	},
	"subscribe": func(t *testing.T, e *engine, w *listener) {
		for _, filter := range []string{"bauta/hall/#", "bauta/#", "bauta/+/status", "#", "bauta/hall/camera/+/mask/set", "$MQTT/sub/#", "$MQTT/#"} {
			got := make(chan string, 100)
			c := as(t, e, "gate", "bauta-gate", nil)
			c.Subscribe(filter, 1, func(_ paho.Client, m paho.Message) { got <- m.Topic() }).WaitTimeout(2 * time.Second)
			w.client.Publish("bauta/hall/camera/lobby/mask/set", 1, false, "solid").WaitTimeout(brokertest.Patience)
			w.settled(t, e)
			c.Disconnect(0)
			for len(got) > 0 {
				if topic := <-got; strings.HasPrefix(topic, "bauta/hall/") {
					t.Errorf("gate reads %s by %s", topic, filter)
				}
			}
		}
	},
	"last will": func(t *testing.T, e *engine, w *listener) {
		conns := make(chan func(), 1)
		c := as(t, e, "gate", "bauta-gate", func(o *paho.ClientOptions) {
			o.SetWill("bauta/hall/status", "stolen", 1, true)
			o.SetCustomOpenConnectionFn(cuttable(conns))
		})
		(<-conns)()
		c.Disconnect(0)
		time.Sleep(time.Second)
		w.settled(t, e)
		if w.last("bauta/hall/status") == "stolen" {
			t.Error("gate's last will is hall's")
		}
	},
}

// cuttable opens plain connections and says how to cut them off.
func cuttable(cuts chan<- func()) paho.OpenConnectionFunc {
	return func(u *url.URL, _ paho.ClientOptions) (net.Conn, error) {
		c, err := net.Dial("tcp", u.Host)
		if err == nil {
			cuts <- func() { c.Close() }
		}
		return c, err
	}
}

// stealClientID takes hall's client ID, and its session with it, by gate's login. mosquitto
// does not even cut hall off; the others have no way to bind a client ID to a user: hall is cut
// off and comes back, and gate gets nothing of what is hall's.
func stealClientID(t *testing.T, e *engine, w *listener, hall *mqtt.Publisher) {
	before := hall.State().Connects
	got := make(chan string, 100)
	for _, clean := range []bool{false, true} {
		opts := paho.NewClientOptions().AddBroker(e.nodes[0].url()).SetClientID("bauta-hall").SetUsername("gate").SetPassword(password).SetProtocolVersion(4).SetAutoReconnect(false).SetCleanSession(clean)
		opts.SetDefaultPublishHandler(func(_ paho.Client, m paho.Message) { got <- m.Topic() })
		c := paho.NewClient(opts)
		if token := c.Connect(); token.WaitTimeout(5*time.Second) && token.Error() == nil {
			c.Subscribe("bauta/hall/camera/+/mask/set", 1, nil).WaitTimeout(2 * time.Second)
			w.client.Publish("bauta/hall/camera/lobby/mask/set", 1, false, "solid").WaitTimeout(brokertest.Patience)
			time.Sleep(time.Second)
			c.Disconnect(0)
		}
	}
	for len(got) > 0 {
		if topic := <-got; strings.HasPrefix(topic, "bauta/hall/") {
			t.Errorf("gate gets %s by hall's client ID", topic)
		}
	}
	brokertest.Until(t, "hall is connected", func() bool { return hall.State().Connected })
	again := hall.State().Connects - before
	t.Logf("%s: hall was cut off %d times", e.name, again)
	if e.name == "mosquitto" && again > 0 {
		t.Error("hall was cut off by somebody with another login")
	}
}

// wrongName is a whole gateway that was given another one's name, with its own login: nothing
// of it comes to stand under that name, and it says so, but at mosquitto, which confirms what
// it drops.
func wrongName(t *testing.T, e *engine, w *listener) {
	p, log := publisher(t, e, "hall", "gate", func(c *mqtt.Config) {})
	p.SetCamera("lobby", true, media.Blocked)
	for range 5 {
		time.Sleep(time.Second)
		if got := w.last("bauta/hall/camera/lobby/protection"); got == string(media.Blocked) {
			t.Fatalf("a gateway writes under a name that is not its login's: %s", got)
		}
	}
	s := p.State()
	if e.name != "mosquitto" && s.Text == "" {
		t.Errorf("%s: the state of a gateway under a wrong name is %+v", e.name, s)
	}
	t.Logf("%s: state %+v, log:\n%s", e.name, p.State(), log)
}
