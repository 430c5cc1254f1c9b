package e2e

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
)

// Three hundred idle connections of one address to each door, fifty viewers
// that take nothing, and a broker that sends messages of 10 MB without end:
// viewers elsewhere and masks do not notice, and a command still masks. What
// the host can do without all of it is measured before.
func TestE2ECrowdsAndHugeMessages(t *testing.T) {
	need(t, "mosquitto_pub")
	cfg := realSettings(t)
	cfg.MQTT.Broker = mosquitto(t)
	log := &logTo{}
	g, client := start(t, gateway.Options{Config: cfg, Demo: clip(t), Log: log.logger()})
	awaitMasking(t, g, "demo")
	eventually(t, "the broker", func() bool { return brokerConnected(g) })
	first := watch(t, viewer(t, g).URLs[0])
	eventually(t, "a picture", func() bool { n, _ := first.seen(); return n > 10 })
	length := 4 * time.Second
	if long() {
		length = time.Minute
	}
	alone := observe(t, g, client, first, length)
	for _, door := range []string{hostOf(t, viewer(t, g).URLs[0]), hostOf(t, g.ConsoleURL())} {
		for range 300 {
			dialFrom(t, "127.0.0.9", door)
		}
	}
	for range 50 {
		stallFrom(t, viewer(t, g).URLs[0], "127.0.0.8")
	}
	eventually(t, "fifty more viewers", func() bool { return cameraStatus(t, client, "demo").Viewers == 51 })
	ctx, cancel := context.WithCancel(t.Context())
	var flood sync.WaitGroup
	flood.Go(func() { floodWithLarge(ctx, t, cfg.MQTT.Broker) })
	defer flood.Wait()
	defer cancel()
	eventually(t, "large messages", func() bool { return strings.Contains(log.String(), "too large") })
	memory := residentMiB(t)
	crowded := observe(t, g, client, first, length)
	grown := residentMiB(t) - memory
	first.assertConnected(t)
	t.Logf("alone:   %+v", alone)
	t.Logf("crowded: %+v; %d MiB more memory", crowded, grown)
	if crowded.rate < alone.rate/2 || crowded.gap > alone.gap+time.Second || crowded.slates > alone.slates+0.2 {
		t.Errorf("viewers notice: alone %+v, crowded %+v", alone, crowded)
	}
	if n := cameraStatus(t, client, "demo").Viewers; n < 51 {
		t.Errorf("%d viewers are left of 51: who watched was dropped", n)
	}
	if grown > 100 {
		t.Errorf("memory has grown by %d MiB", grown)
	}
	faultlog.Check(t, faultlog.Row{Topic: "viewer", Fault: "300 idle connections of one address, 50 viewers that take nothing and a broker that sends 10 MB messages", Ends: "viewers from elsewhere join, those who watch stay", Bound: 5 * time.Second}, crowded.join)

	// Among all of it a command arrives.
	began := time.Now()
	publishWith(t, cfg.MQTT.Broker, "bauta/test/camera/demo/mask/set", "-m", string(mqtt.LevelPicture))
	eventually(t, "the command is carried out", func() bool { return cameraStatus(t, client, "demo").MaskLevel == string(mqtt.LevelPicture) })
	faultlog.Check(t, faultlog.Row{Topic: "broker", Fault: "messages of 10 MB without end", Ends: "a command to hide more is carried out meanwhile", Bound: 5 * time.Second}, time.Since(began))
	if n := strings.Count(log.String(), "mqtt connected"); n != 1 {
		t.Errorf("%d connections to the broker", n)
	}
}

// observed is how it went for a while.
type observed struct {
	rate       float64       // frames a second for the viewer who was there before
	gap        time.Duration // the longest pause in them
	slates     float64       // share of slates in what was shown
	join, page time.Duration // the longest that a viewer and a browser from elsewhere waited
}

func observe(t *testing.T, g *gateway.Gateway, client *api.Client, first *watcher, length time.Duration) (o observed) {
	t.Helper()
	before := cameraStatus(t, client, "demo").Totals
	first.forget()
	seen, _ := first.seen()
	began := time.Now()
	for time.Since(began) < length {
		o.join = max(o.join, joinFrom(t, viewer(t, g).URLs[0], "127.0.0.2"))
		o.page = max(o.page, pageFrom(t, g.ConsoleURL(), "127.0.0.2"))
		time.Sleep(200 * time.Millisecond)
	}
	units, gap := first.seen()
	after := cameraStatus(t, client, "demo").Totals
	o.rate, o.gap = float64(units-seen)/time.Since(began).Seconds(), gap
	if all := after.Pictures + after.Slates - before.Pictures - before.Slates; all > 0 {
		o.slates = float64(after.Slates-before.Slates) / float64(all)
	}
	return o
}

// unnoticed holds that viewers go on and join as before while crowd has others at a door.
func unnoticed(t *testing.T, g *gateway.Gateway, client *api.Client, crowd func()) (crowded observed) {
	t.Helper()
	first := watch(t, viewer(t, g).URLs[0])
	eventually(t, "a picture", func() bool { n, _ := first.seen(); return n > 10 })
	length := 3 * time.Second
	if long() {
		length = time.Minute
	}
	alone := observe(t, g, client, first, length)
	crowd()
	crowded = observe(t, g, client, first, length)
	first.assertConnected(t)
	t.Logf("alone:   %+v", alone)
	t.Logf("crowded: %+v", crowded)
	if crowded.rate < alone.rate/2 || crowded.gap > alone.gap+time.Second || crowded.slates > alone.slates+0.2 {
		t.Errorf("viewers notice: alone %+v, crowded %+v", alone, crowded)
	}
	return crowded
}

// dialFrom connects from another address of this host and says nothing.
func dialFrom(t *testing.T, local, addr string) {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(local)}, Timeout: patience}
	c, err := d.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
}

// stallFrom begins to watch and then takes nothing any more.
func stallFrom(t *testing.T, address, local string) {
	t.Helper()
	stop := &stalled{done: make(chan struct{})}
	w := viewerFrom(t, address, local, func(c net.Conn) net.Conn {
		_ = c.(*net.TCPConn).SetReadBuffer(4096)
		stop.Conn = c
		return stop
	})
	stop.deaf.Store(true)
	t.Cleanup(func() { close(stop.done); w.Close() })
}

// stalled is a connection that is read no more once it is deaf.
type stalled struct {
	net.Conn
	deaf atomic.Bool
	done chan struct{}
}

func (s *stalled) Read(b []byte) (int, error) {
	if s.deaf.Load() {
		<-s.done
		return 0, net.ErrClosed
	}
	return s.Conn.Read(b)
}

// viewerFrom plays a stream from another address of this host.
func viewerFrom(t *testing.T, address, local string, wrap func(net.Conn) net.Conn) *gortsplib.Client {
	t.Helper()
	u, err := base.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	tcp := gortsplib.TransportTCP
	c := &gortsplib.Client{Scheme: u.Scheme, Host: u.Host, Transport: &tcp, ReadTimeout: patience, OnPacketsLost: func(uint64) {}, OnDecodeError: func(error) {},
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(local)}}).DialContext(ctx, network, addr)
			if err == nil && wrap != nil {
				conn = wrap(conn)
			}
			return conn, err
		}}
	err = c.Start2()
	if err == nil {
		desc, _, describeErr := c.Describe(u)
		if err = describeErr; err == nil {
			err = c.SetupAll(desc.BaseURL, desc.Medias)
		}
	}
	if err == nil {
		_, err = c.Play(nil)
	}
	if err != nil {
		t.Fatalf("viewer from %s: %v", local, err)
	}
	return c
}

// joinFrom watches until the first bytes of a frame and returns how long it took.
func joinFrom(t *testing.T, address, local string) time.Duration {
	t.Helper()
	began := time.Now()
	c := viewerFrom(t, address, local, nil)
	defer c.Close()
	eventually(t, "a picture for the newcomer", func() bool { return c.Stats().Conn.BytesReceived > 20_000 })
	return time.Since(began)
}

// pageFrom fetches the console's login page and returns how long it took.
func pageFrom(t *testing.T, url, local string) time.Duration {
	t.Helper()
	began := time.Now()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(local)}}
	c := http.Client{Timeout: patience, Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} // its own certificate
	res, err := c.Get(url + "static/icon.svg")
	if err != nil {
		t.Errorf("the console: %v", err)
		return time.Since(began)
	}
	res.Body.Close()
	return time.Since(began)
}

// floodWithLarge has the broker send 10 MB messages until ctx ends.
func floodWithLarge(ctx context.Context, t *testing.T, broker string) {
	large := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(large, []byte(strings.Repeat("x", 10<<20)), 0o600); err != nil {
		t.Error(err)
		return
	}
	host, port, _ := net.SplitHostPort(strings.TrimPrefix(broker, "tcp://"))
	for n := 0; ctx.Err() == nil; n++ {
		topic := fmt.Sprintf("bauta/consent/revocation/%016d", n%20)
		out, err := exec.CommandContext(ctx, "mosquitto_pub", "-h", host, "-p", port, "-q", "1", "-t", topic, "-f", large).CombinedOutput()
		if err != nil && ctx.Err() == nil {
			t.Errorf("mosquitto_pub: %v: %s", err, out)
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func publishWith(t *testing.T, broker, topic string, args ...string) {
	t.Helper()
	host, port, _ := net.SplitHostPort(strings.TrimPrefix(broker, "tcp://"))
	if out, err := exec.Command("mosquitto_pub", append([]string{"-h", host, "-p", port, "-q", "1", "-t", topic}, args...)...).CombinedOutput(); err != nil {
		t.Fatal(errors.Join(err, errors.New(string(out))))
	}
}

// residentMiB is this process's memory, of which the gateway is a part here.
func residentMiB(t *testing.T) (mib int) {
	t.Helper()
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var size, resident int
	if _, err := fmt.Sscan(string(b), &size, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * os.Getpagesize() >> 20
}
