// Package estate proves what many gateways at real brokers are promised: a withdrawal is
// in force on every one of them, whoever of them, and whichever broker, was away meanwhile.
//
// In: BAUTA_ESTATE=1, build/bauta, build/nats-server, Debian's mosquitto and RabbitMQ, and
// root, for each broker is a host of its own in a network namespace: `make test-estate` sees
// to all of it. Out: test results, and the tables of docs/mqtt.md. Everything that a test
// starts ends with it, by its process id. It holds tests alone and must never use another
// machine's network.
package estate

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// wanted skips a test of the estate where nobody asked for these.
func wanted(t *testing.T) {
	t.Helper()
	if os.Getenv("BAUTA_ESTATE") == "" {
		t.Skip("make test-estate runs this")
	}
}

// number is a setting of the test run, or what it is without one.
func number(name string, standard int) int {
	n, _ := strconv.Atoi(os.Getenv(name))
	return cmp.Or(n, standard)
}

// network is a bridge with hosts, all of them network namespaces.
type network struct {
	t      *testing.T
	bridge string
	subnet string // 10.79.N
	hosts  int
}

// host is one of them.
type host struct {
	net  *network
	name string // of the namespace
	ip   string
}

func newNetwork(t *testing.T) *network {
	t.Helper()
	var n *network
	for id := os.Getpid(); ; id++ { // another run may have one of that name
		n = &network{t: t, bridge: fmt.Sprintf("bauta%d", id%250), subnet: fmt.Sprintf("10.79.%d", id%250+1)}
		out, err := exec.Command("ip", "link", "add", n.bridge, "type", "bridge").CombinedOutput()
		if err == nil {
			break
		}
		if !strings.Contains(string(out), "exists") {
			t.Fatalf("no bridge: %v: %s", err, out)
		}
	}
	t.Cleanup(func() { sh(t, "ip", "link", "del", n.bridge) })
	sh(t, "ip", "addr", "add", n.subnet+".1/24", "dev", n.bridge)
	sh(t, "ip", "link", "set", n.bridge, "up")
	return n
}

// join adds a host. What still runs on it when the test ends is killed.
func (n *network) join() *host {
	n.t.Helper()
	n.hosts++
	h := &host{net: n, name: fmt.Sprintf("%s-%d", n.bridge, n.hosts), ip: fmt.Sprintf("%s.%d", n.subnet, 10+n.hosts)}
	outer := fmt.Sprintf("%sv%d", n.bridge, n.hosts)
	sh(n.t, "ip", "netns", "add", h.name)
	n.t.Cleanup(h.leave)
	sh(n.t, "ip", "link", "add", outer, "type", "veth", "peer", "name", "eth0", "netns", h.name)
	sh(n.t, "ip", "link", "set", outer, "master", n.bridge, "up")
	for _, args := range [][]string{
		{"ip", "addr", "add", h.ip + "/24", "dev", "eth0"}, {"ip", "link", "set", "eth0", "up"}, {"ip", "link", "set", "lo", "up"},
		{"nft", "add table ip cut"}, {"nft", "add chain ip cut in { type filter hook input priority 0; }"},
	} {
		sh(n.t, "ip", append([]string{"netns", "exec", h.name}, args...)...)
	}
	return h
}

func (h *host) leave() {
	out, _ := exec.Command("ip", "netns", "pids", h.name).Output()
	for _, pid := range strings.Fields(string(out)) {
		if n, err := strconv.Atoi(pid); err == nil {
			syscall.Kill(n, syscall.SIGKILL)
		}
	}
	sh(h.net.t, "ip", "netns", "del", h.name)
}

// command is a program on the host, in a process group of its own.
func (h *host) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command("ip", append([]string{"netns", "exec", h.name, program}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// cutFrom drops all packets between the host and others; heal takes it back.
func (h *host) cutFrom(others ...*host) {
	h.net.t.Helper()
	for _, o := range others {
		sh(h.net.t, "ip", "netns", "exec", h.name, "nft", "add rule ip cut in ip saddr "+o.ip+" drop")
		sh(h.net.t, "ip", "netns", "exec", o.name, "nft", "add rule ip cut in ip saddr "+h.ip+" drop")
	}
}

func (n *network) heal(hosts ...*host) {
	n.t.Helper()
	for _, h := range hosts {
		sh(n.t, "ip", "netns", "exec", h.name, "nft", "flush chain ip cut in")
	}
}

func sh(t *testing.T, program string, args ...string) {
	t.Helper()
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Errorf("%s %s: %v: %s", program, strings.Join(args, " "), err, out)
	}
}
