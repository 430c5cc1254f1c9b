package estate

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
)

// engine is a broker as an estate runs it: one node, or three that are one cluster.
type engine struct {
	t     *testing.T
	name  string
	net   *network
	nodes []*node
}

// node is one broker process.
type node struct {
	*host
	log     brokertest.Journal
	command func() *exec.Cmd
	cmd     *exec.Cmd // nil: it does not run
	logins  bool      // it lets nobody in without one
}

const bootLimit = 3 * time.Minute

// engines make each kind of broker by its name.
var engines = map[string]func(*testing.T, *network, options) *engine{
	"mosquitto": newMosquitto, "rabbitmq": newRabbitMQ, "nats": newNATS,
}

// options are what a test wants of a broker beside that it runs.
type options struct {
	// nodes of the cluster; 0 means the engine's own number.
	nodes int
	// more is added to each node's configuration, by its place.
	more func(n int) string
	// prepared is called once the nodes' configuration stands; nil: nothing.
	prepared func(e *engine)
}

func (o options) extra(n int) string {
	if o.more == nil {
		return ""
	}
	return o.more(n)
}

// start starts all nodes and waits until each takes a message.
func (e *engine) start() {
	e.t.Helper()
	e.boot(e.nodes...)
	e.ready()
}

func (e *engine) boot(nodes ...*node) {
	e.t.Helper()
	for _, n := range nodes {
		n.cmd = n.command()
		n.cmd.Stdout, n.cmd.Stderr = &n.log, &n.log
		if err := n.cmd.Start(); err != nil {
			e.t.Fatal(err)
		}
	}
}

// kill kills nodes as a power cut does.
func (e *engine) kill(nodes ...*node) {
	for _, n := range nodes {
		if n.cmd != nil {
			syscall.Kill(-n.cmd.Process.Pid, syscall.SIGKILL)
			n.cmd.Wait()
			n.cmd = nil
		}
	}
}

// ready waits until each node has confirmed a message.
func (e *engine) ready() {
	e.t.Helper()
	e.await(e.nodes...)
}

func (e *engine) await(nodes ...*node) {
	e.t.Helper()
	for _, n := range nodes {
		for end := time.Now().Add(bootLimit); !n.confirms(); time.Sleep(250 * time.Millisecond) {
			if time.Now().After(end) {
				e.t.Fatalf("%s at %s takes no message within %v:\n%s", e.name, n.ip, bootLimit, tail(n.log.String()))
			}
		}
	}
}

func (n *node) confirms() bool {
	opts := paho.NewClientOptions().AddBroker(n.url()).SetClientID("probe-" + n.name).SetProtocolVersion(4).SetAutoReconnect(false).SetConnectTimeout(2 * time.Second)
	if n.logins {
		opts.SetUsername(probeUser).SetPassword(password)
	}
	c := paho.NewClient(opts)
	if t := c.Connect(); !t.WaitTimeout(3*time.Second) || t.Error() != nil {
		return false
	}
	defer c.Disconnect(0)
	t := c.Publish("bauta/probe/status", 1, false, "x")
	return t.WaitTimeout(5*time.Second) && t.Error() == nil
}

func (n *node) url() string { return "tcp://" + n.ip + ":1883" }

// urls are all nodes as mqtt.broker names them, beginning with one of them.
func (e *engine) urls(first int) string {
	var all []string
	for i := range e.nodes {
		all = append(all, e.nodes[(first+i)%len(e.nodes)].url())
	}
	return strings.Join(all, ", ")
}

func (e *engine) hosts(nodes ...*node) (all []*host) {
	for _, n := range nodes {
		all = append(all, n.host)
	}
	return all
}

// usage is what all nodes have used: processor seconds, and resident memory in MiB.
func (e *engine) usage() (cpu, mib float64) {
	for _, n := range e.nodes {
		if n.cmd != nil {
			c, m := usageOf(groupOf(n.cmd.Process.Pid)...)
			cpu, mib = cpu+c, mib+m
		}
	}
	return cpu, mib
}

func newEngine(t *testing.T, net *network, name string, nodes int, o options) *engine {
	e := &engine{t: t, name: name, net: net}
	for range nodes {
		e.nodes = append(e.nodes, &node{host: net.join(), logins: o.more != nil || o.prepared != nil})
	}
	t.Cleanup(func() { e.kill(e.nodes...) })
	return e
}

// The example logins: probeUser may do all, and gateways and desks what docs/brokers says.
const (
	probeUser = "estate-probe"
	password  = "sesame sesame"
)

// newMosquitto is one mosquitto that keeps sessions and retained messages on disk, by the
// settings of docs/mqtt.md.
func newMosquitto(t *testing.T, net *network, o options) *engine {
	e := newEngine(t, net, "mosquitto", 1, o)
	n, dir := e.nodes[0], folder(t)
	conf := fmt.Sprintf("user root\nlog_dest stderr\nlistener 1883 0.0.0.0\n%s\n", o.extra(0))
	if o.more == nil {
		conf += "allow_anonymous true\n"
	}
	conf += "persistence true\npersistence_location " + dir + "/\n" + example(t, "mosquitto/sessions.conf")
	n.command = func() *exec.Cmd { return n.host.command("mosquitto", "-c", write(t, dir, "mosquitto.conf", conf)) }
	if o.prepared != nil {
		o.prepared(e)
	}
	e.start()
	return e
}

// newRabbitMQ is a cluster of Debian's RabbitMQ with quorum queues for MQTT's sessions.
func newRabbitMQ(t *testing.T, net *network, o options) *engine {
	nodes := cmp.Or(o.nodes, 3)
	e := newEngine(t, net, "rabbitmq", nodes, o)
	peers := ""
	for i, n := range e.nodes {
		peers += fmt.Sprintf("cluster_formation.classic_config.nodes.%d = rabbit@%s\n", i+1, n.ip)
	}
	for i, n := range e.nodes {
		dir := folder(t)
		conf := "listeners.tcp.1 = 0.0.0.0:5672\nloopback_users = none\nmqtt.listeners.tcp.1 = 0.0.0.0:1883\nvm_memory_high_watermark.absolute = 1GB\ndisk_free_limit.absolute = 50MB\n" +
			"log.console = true\nlog.console.level = warning\nlog.file = false\ncluster_formation.peer_discovery_backend = classic_config\n" + peers + example(t, "rabbitmq/sessions.conf") + o.extra(i)
		write(t, dir, "rabbitmq.conf", conf)
		write(t, dir, "enabled_plugins", "[rabbitmq_mqtt].\n")
		os.Chmod(write(t, dir, ".erlang.cookie", "estate"), 0o400)
		n.command = func() *exec.Cmd { return rabbit(n, dir, "rabbitmq-server") }
	}
	// One after the other: where several join at once, one may stay without the list of
	// MQTT's client IDs and refuse all of them.
	for i, n := range e.nodes {
		e.boot(n)
		if i == 0 && o.prepared != nil {
			o.prepared(e)
		}
		e.await(n)
	}
	return e
}

func rabbit(n *node, dir, program string, args ...string) *exec.Cmd {
	cmd := n.host.command("/usr/lib/rabbitmq/bin/"+program, args...)
	cmd.Env = append(os.Environ(), "HOME="+dir, "RABBITMQ_NODENAME=rabbit@"+n.ip, "RABBITMQ_USE_LONGNAME=true", "RABBITMQ_MNESIA_BASE="+dir+"/mnesia",
		"RABBITMQ_LOG_BASE="+dir, "RABBITMQ_CONFIG_FILE="+dir+"/rabbitmq", "RABBITMQ_ENABLED_PLUGINS_FILE="+dir+"/enabled_plugins", "RABBITMQ_PID_FILE="+dir+"/pid",
		"RABBITMQ_CONF_ENV_FILE="+dir+"/none", "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel net_ticktime 8 +S 2:2")
	return cmd
}

// newNATS is a cluster whose JetStream keeps MQTT's sessions and retained messages thrice.
func newNATS(t *testing.T, net *network, o options) *engine {
	nodes := cmp.Or(o.nodes, 3)
	e := newEngine(t, net, "nats", nodes, o)
	var routes []string
	for _, n := range e.nodes {
		routes = append(routes, "nats://"+n.ip+":6222")
	}
	binary := built(t, "nats-server")
	for i, n := range e.nodes {
		dir := folder(t)
		conf := fmt.Sprintf("server_name: n%d\nlisten: \"%s:4222\"\njetstream { store_dir: %q, max_mem: 512M, max_file: 4G }\n%s\n%s\n", i+1, n.ip, dir, example(t, "nats/sessions.conf"), o.extra(i))
		if nodes > 1 {
			conf += fmt.Sprintf("cluster { name: estate, listen: \"%s:6222\", routes: [%s] }\n", n.ip, strings.Join(routes, ", "))
		} else {
			conf = strings.ReplaceAll(conf, "stream_replicas: 3", "stream_replicas: 1")
		}
		path := write(t, dir, "nats.conf", conf)
		n.command = func() *exec.Cmd { return n.host.command(binary, "-c", path) }
	}
	if o.prepared != nil {
		o.prepared(e)
	}
	e.start()
	return e
}

func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "estate") // short: a socket's path has 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	return brokertest.Write(t, filepath.Join(dir, name), text)
}

const root = "../.."

// example is a file of docs/brokers: what is shown there is what is tested.
func example(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "docs/brokers", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func built(t *testing.T, program string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(root, "build", program))
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Fatal(errors.Join(err, errors.New("make test-estate builds it")))
	}
	return path
}

func tail(s string) string { return s[max(0, len(s)-3000):] }
