package onvifserver

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/ipv4"

	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
)

// The parts of TestChosenInterfaces, which this program is started for anew in networks of their own.
const (
	partVariable = "BAUTA_TEST_NAMESPACE"
	gatewayPart  = "gateway"
	askerPart    = "asker"
)

func TestMain(m *testing.M) {
	if os.Getenv(partVariable) == askerPart {
		os.Exit(asker())
	}
	os.Exit(m.Run())
}

// inNetwork starts this program once more, in a network of its own.
func inNetwork(part string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), partVariable+"="+part)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	return cmd
}

// A gateway with two networks of which one is chosen: it answers there, to few probes, from the
// address that it names, and announces itself; on the other one it is silent to probes to all and to itself.
func TestChosenInterfaces(t *testing.T) {
	if os.Getenv(partVariable) == gatewayPart {
		chosenInterfaces(t)
		return
	}
	if os.Getuid() != 0 {
		t.Skip("networks of their own need root")
	}
	out, err := inNetwork(gatewayPart, "-test.run=^TestChosenInterfaces$", "-test.v").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS") {
		t.Fatalf("%v\n%s", err, out)
	}
}

func chosenInterfaces(t *testing.T) {
	run(t, "ip", "link", "set", "lo", "up")
	chosen, other := neighbour(t, "chosen", "192.0.2"), neighbour(t, "other", "198.51.100")
	d := start(t, func(c *Config) {
		c.Address, c.Interfaces, c.Log = ":0", []string{"chosen", "missing"}, slog.New(slog.NewTextHandler(os.Stdout, nil))
	})
	xaddr := fmt.Sprintf("http://192.0.2.1:%d/onvif/device_service", portOf(d.Addr()))
	eventually(t, "hello", func() bool { return slices.Contains(chosen.do("received").Actions, "Hello "+xaddr) })
	for _, to := range []string{group.String(), "192.0.2.1:3702"} {
		if got := chosen.do("probe " + to); got.Answers != 1 || got.From != "192.0.2.1" || got.XAddr != xaddr {
			t.Errorf("a probe to %s: %+v", to, got)
		}
	}
	for _, to := range []string{group.String(), "198.51.100.1:3702"} {
		if got := other.do("probe " + to); got.Answers != 0 {
			t.Errorf("a probe to %s on the interface that is not chosen: %+v", to, got)
		}
	}
	time.Sleep(answersAtOnce / AnswersToOneSource * time.Second)
	if got := chosen.do("flood " + group.String()); got.Answers == 0 || got.Answers > answersAtOnce+AnswersToOneSource*2 {
		t.Errorf("%d answers to a flood", got.Answers)
	}
	if st := d.Stats().Discovery; st.Answered == 0 || st.Refused == 0 {
		t.Errorf("%+v", st)
	}
	d.Close()
	eventually(t, "bye", func() bool { return slices.Contains(chosen.do("received").Actions, "Bye ") })
	if got := other.do("received"); len(got.Actions) > 0 {
		t.Errorf("the interface that is not chosen received %q", got.Actions)
	}
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// peer is somebody in another network, at the end of an interface of ours.
type peer struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Scanner
}

// neighbour makes an interface, net.1, with somebody at net.2 behind it.
func neighbour(t *testing.T, name, network string) peer {
	t.Helper()
	cmd := inNetwork(askerPart)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	run(t, "ip", "link", "add", name, "type", "veth", "peer", "name", "veth0", "netns", fmt.Sprint(cmd.Process.Pid))
	run(t, "ip", "addr", "add", network+".1/24", "dev", name)
	run(t, "ip", "link", "set", name, "up")
	p := peer{t, in, bufio.NewScanner(out)}
	p.do("up " + network + ".2")
	return p
}

// report is what an asker saw.
type report struct {
	Answers     int
	From, XAddr string
	Actions     []string
}

func (p peer) do(command string) (r report) {
	p.t.Helper()
	fmt.Fprintln(p.in, command)
	if !p.out.Scan() || json.Unmarshal(p.out.Bytes(), &r) != nil {
		p.t.Fatalf("%s: %s", command, p.out.Text())
	}
	return r
}

// asker is the program in the other network: it takes commands and answers each with a report.
func asker() int {
	a := &listener{}
	for commands := bufio.NewScanner(os.Stdin); commands.Scan(); {
		verb, arg, _ := strings.Cut(commands.Text(), " ")
		var r report
		var err error
		switch verb {
		case "up":
			err = a.up(arg)
		case "probe":
			r, err = probeFor(arg, 1)
		case "flood":
			r, err = probeFor(arg, 200)
		case "received":
			r.Actions = a.received()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, verb, err)
			return 1
		}
		_ = json.NewEncoder(os.Stdout).Encode(r)
	}
	return 0
}

// listener notes what is sent to the group.
type listener struct {
	mu      sync.Mutex
	actions []string
}

func (l *listener) received() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.actions)
}

func (l *listener) up(addr string) error {
	for _, args := range [][]string{{"addr", "add", addr + "/24", "dev", "veth0"}, {"link", "set", "veth0", "up"}, {"link", "set", "lo", "up"}, {"route", "add", "224.0.0.0/4", "dev", "veth0"}} {
		if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %v: %w: %s", args, err, out)
		}
	}
	i, err := net.InterfaceByName("veth0")
	if err != nil {
		return err
	}
	conn, err := net.ListenMulticastUDP("udp4", i, net.UDPAddrFromAddrPort(group))
	if err != nil {
		return err
	}
	go l.listen(conn)
	return nil
}

func (l *listener) listen(conn *net.UDPConn) {
	buf := make([]byte, 1<<16)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		doc, err := soapxml.Parse(buf[:n])
		if err != nil {
			continue
		}
		action := doc.Value("Header", "Action")
		action = action[strings.LastIndexByte(action, '/')+1:]
		if action == "Probe" { // our own
			continue
		}
		l.mu.Lock()
		l.actions = append(l.actions, action+" "+doc.Value("XAddrs"))
		l.mu.Unlock()
	}
}

// probeFor sends probes and counts the answers of a second.
func probeFor(to string, times int) (r report, err error) {
	at, err := netip.ParseAddrPort(to)
	if err != nil {
		return r, err
	}
	conn, err := net.ListenUDP("udp4", nil)
	if err != nil {
		return r, err
	}
	defer conn.Close()
	_ = ipv4.NewPacketConn(conn).SetMulticastLoopback(false)
	for i := range times {
		if _, err := conn.WriteToUDPAddrPort(search(fmt.Sprintf(`<a:MessageID>urn:uuid:%d</a:MessageID>`, i), `<d:Probe/>`), at); err != nil {
			return r, err
		}
	}
	_ = conn.SetReadDeadline(time.Now().Add(time.Second))
	buf := make([]byte, 1<<16)
	for {
		n, from, err := conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return r, nil
		}
		if doc, err := soapxml.Parse(buf[:n]); err == nil {
			r.Answers, r.From, r.XAddr = r.Answers+1, from.Addr().Unmap().String(), doc.Value("XAddrs")
		}
	}
}
