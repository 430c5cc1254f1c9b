package whep

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pion/webrtc/v4"

	"github.com/bauta-gateway/bauta/gateway/whep/wheptest"
)

// The networks of the test: gateway | its NAT | public | the browser's NAT | browser.
const (
	gatewayHost, gatewayNAT = "10.91.1.2", "10.91.1.1"
	browserHost, browserNAT = "10.91.2.2", "10.91.2.1"
	publicGateway           = "203.0.113.1"
	publicBrowser           = "203.0.113.2"
	natRole                 = "BAUTA_TEST_NAT_ROLE"
)

// networks is network namespaces with two NATs between gateway and browser.
type networks struct {
	*testing.T
	prefix string
}

func (n networks) name(role string) string { return n.prefix + role }

func (n networks) must(name string, args ...string) {
	n.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		n.Fatalf("%s %s: %v: %s", name, strings.Join(args, " "), err, out)
	}
}

// in runs a command in one of the namespaces.
func (n networks) in(role string, command ...string) {
	n.Helper()
	n.must("ip", append([]string{"netns", "exec", n.name(role)}, command...)...)
}

// link joins two of them by a network of their own.
func (n networks) link(a, addrA, b, addrB string) {
	n.Helper()
	one, other := "e-"+b, "e-"+a
	n.must("ip", "link", "add", one, "netns", n.name(a), "type", "veth", "peer", "name", other, "netns", n.name(b))
	for _, end := range [][3]string{{a, one, addrA}, {b, other, addrB}} {
		n.in(end[0], "ip", "addr", "add", end[2]+"/24", "dev", end[1])
		n.in(end[0], "ip", "link", "set", end[1], "up")
	}
}

// newNetworks publishes the ports of the gateway and none else, as a router and as podman do.
func newNetworks(t *testing.T, published ...string) networks {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("network namespaces are root's to make")
	}
	for _, tool := range []string{"ip", "nft"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: iproute2 and nftables make the networks", tool)
		}
	}
	if out, err := exec.Command("ip", "netns", "add", fmt.Sprintf("bauta%d-gw", os.Getpid())).CombinedOutput(); err != nil {
		t.Skipf("no network namespaces here: %v: %s", err, out)
	}
	n := networks{t, fmt.Sprintf("bauta%d-", os.Getpid())}
	for _, role := range []string{"gw", "ng", "nb", "br"} {
		if role != "gw" {
			n.must("ip", "netns", "add", n.name(role))
		}
		t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", n.name(role)).Run() })
		n.in(role, "ip", "link", "set", "lo", "up")
	}
	n.link("gw", gatewayHost, "ng", gatewayNAT)
	n.link("ng", publicGateway, "nb", publicBrowser)
	n.link("nb", browserNAT, "br", browserHost)
	n.in("gw", "ip", "route", "add", "default", "via", gatewayNAT)
	n.in("br", "ip", "route", "add", "default", "via", browserNAT)
	for role, public := range map[string]string{"ng": "e-nb", "nb": "e-ng"} {
		n.in(role, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
		n.in(role, "nft", "add table ip nat; add chain ip nat pre { type nat hook prerouting priority -100 ; }; add chain ip nat post { type nat hook postrouting priority 100 ; }; "+
			"add rule ip nat post oifname "+public+" masquerade; add table ip way; add chain ip way forward { type filter hook forward priority 0 ; }; "+
			// Who was not asked for does not come in, but for what is published.
			"add rule ip way forward iifname "+public+" ct state new ct status & dnat == 0 drop")
	}
	for _, port := range published {
		n.in("ng", "nft", "add rule ip nat pre iifname e-nb "+port+" dnat to "+gatewayHost)
	}
	return n
}

// start runs this test's program again in a namespace, as one of the two sides.
func (n networks) start(role string, env ...string) *exec.Cmd {
	n.Helper()
	cmd := exec.Command("ip", "netns", "exec", n.name(role), os.Args[0], "-test.run=^TestSideOfNAT$", "-test.v")
	cmd.Env = append(append(os.Environ(), natRole+"="+role), env...)
	return cmd
}

// TestSideOfNAT is what the children do.
func TestSideOfNAT(t *testing.T) {
	switch os.Getenv(natRole) {
	case "gw":
		serveBehindNAT(t)
	case "br":
		watchThroughNAT(t)
	default:
		t.Skip("a part of TestThroughNAT")
	}
}

// serveBehindNAT plays until its input ends.
func serveBehindNAT(t *testing.T) {
	clip := newStudio()
	s := newServer(t, Config{KeyframeWanted: clip.wanted, Network: Network{UDPAddress: ":8189", TCPAddress: ":8189", PublicAddresses: []string{publicGateway}}})
	clip.run(t, s, lobby)
	l, err := net.Listen("tcp", ":8443")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = http.Serve(l, playerSite(s)) }()
	fmt.Println("serves")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// watchThroughNAT says how long the first frame took: of a page in Chromium from when it
// was asked for, of pion from the offer.
func watchThroughNAT(t *testing.T) {
	site := "http://" + publicGateway + ":8443/"
	if os.Getenv("BAUTA_TEST_BROWSER") == "" {
		pc, offer := wheptest.Offer(t, webrtc.RTPCodecTypeVideo)
		frame := make(chan time.Time, 100)
		pc.Watch(func([][]byte, error) { frame <- time.Now() })
		began := time.Now()
		res, err := http.Post(site+"whep", "application/sdp", strings.NewReader(offer))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		pc.Accept(t, string(answer))
		select {
		case at := <-frame:
			fmt.Printf("frame %d ms\n", at.Sub(began).Milliseconds())
		case <-time.After(patience):
			t.Fatalf("no frame, connection %v, answer\n%s", pc.ConnectionState(), answer)
		}
		return
	}
	browser := chromium(t)
	var shown float64
	wait := `new Promise(done => v.requestVideoFrameCallback(now => done(now)))`
	if err := chromedp.Run(browser, chromedp.Navigate(site), chromedp.Evaluate(wait, &shown, awaitPromise)); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("frame %.0f ms\n", shown)
}

// A browser behind one NAT watches a gateway behind another of which one TCP and one UDP port
// are published, within 2 s of its offer; where no UDP passes, by the TCP port.
func TestThroughNAT(t *testing.T) {
	for _, c := range []struct {
		name      string
		published []string
		noUDP     bool
	}{
		{"UDP", []string{"tcp dport 8443", "udp dport 8189"}, false},
		{"TCP", []string{"tcp dport { 8443, 8189 }", "udp dport 8189"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNetworks(t, c.published...)
			if c.noUDP {
				n.in("nb", "nft", "insert rule ip way forward meta l4proto udp drop")
			}
			gateway := n.start("gw")
			said, err := gateway.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			stdin, err := gateway.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := gateway.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				stdin.Close()
				_, _ = io.Copy(io.Discard, said)
				if err := gateway.Wait(); err != nil {
					t.Error(err)
				}
			})
			waitFor(t, said, "serves")
			for _, with := range []string{"", "chromium"} {
				var took int
				out, err := n.start("br", "BAUTA_TEST_BROWSER="+with).CombinedOutput()
				if at := bytes.Index(out, []byte("frame ")); err != nil || at < 0 {
					t.Fatalf("%q: %v: %s", with, err, out)
				} else if _, err := fmt.Sscanf(string(out[at:]), "frame %d ms", &took); err != nil {
					t.Fatal(err)
				}
				t.Logf("%q: first frame after %d ms", with, took)
				if took > 2000 {
					t.Errorf("%q: the first frame took %d ms", with, took)
				}
			}
		})
	}
}

// waitFor reads until a line says so.
func waitFor(t *testing.T, from io.Reader, line string) {
	t.Helper()
	var all []byte
	b := make([]byte, 1024)
	for !bytes.Contains(all, []byte(line)) {
		n, err := from.Read(b)
		all = append(all, b[:n]...)
		if err != nil {
			t.Fatalf("%v: %s", err, all)
		}
	}
}
