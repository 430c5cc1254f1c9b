package onvifserver

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/challenge"
	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// logins are the recorder's, which may watch all cameras, and the wall's, which may watch the lobby.
type logins struct {
	mu   sync.Mutex
	seen map[string]string
	gone bool // the wall's was withdrawn
}

const recorderPassword, wallPassword = "r3corder-password", "wall-password"

func (l *logins) Password(name string) (string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, ok := map[string]string{"recorder": recorderPassword, "wall": wallPassword}[name]
	return p, ok && !(name == "wall" && l.gone)
}

func (l *logins) May(name string, camera media.CameraID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return name == "recorder" || name == "wall" && camera == "lobby" && !l.gone
}

func (l *logins) Saw(name, door string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen[name] = door
}

func (l *logins) withdraw() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gone = true
}

// device is a server under test with its cameras.
type device struct {
	*Server
	t      *testing.T
	logins *logins

	mu      sync.Mutex
	cameras []Camera
	shots   int           // snapshots made
	slow    time.Duration // how long one takes
	frame   []byte
}

const deviceUUID = "00000000-0000-4000-8000-000000000001"

func camera(id media.CameraID, name string) Camera {
	main := Encoding{Width: 1280, Height: 720, FPS: 14.9, Kbps: 900, Keyframes: 2 * time.Second}
	sub := Encoding{Width: 640, Height: 360, FPS: 10, Kbps: 200, Keyframes: 2 * time.Second}
	return Camera{ID: id, Name: name, Main: main, Sub: sub, Protection: media.Protected}
}

func start(t *testing.T, with ...func(*Config)) *device {
	t.Helper()
	d := &device{t: t, logins: &logins{seen: map[string]string{}}, cameras: []Camera{camera("lobby", `Lobby <"1">`), camera("yard", "Yard")}, frame: []byte("\xff\xd8 masked")}
	cfg := Config{
		Address: "127.0.0.1:0", ID: deviceUUID, Name: "gate house", Version: "1.2.3", Logins: d.logins, Cameras: d.all, Snapshot: d.shoot,
		Streams: func() (string, string) { return "[::]:8554", "[::]:8322" }, Log: slog.New(slog.DiscardHandler),
	}
	for _, f := range with {
		f(&cfg)
	}
	d.Server = New(cfg)
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	for _, c := range d.all() {
		d.Changed(c.ID, c.Protection)
	}
	return d
}

func (d *device) all() []Camera {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.cameras)
}

func (d *device) shoot(ctx context.Context, _ media.CameraID) ([]byte, error) {
	d.mu.Lock()
	d.shots++
	slow := d.slow
	d.mu.Unlock()
	select {
	case <-time.After(slow):
		return d.frame, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// protect changes a camera as the gateway does.
func (d *device) protect(id media.CameraID, p media.Protection) {
	d.mu.Lock()
	for i := range d.cameras {
		if d.cameras[i].ID == id {
			d.cameras[i].Protection = p
		}
	}
	d.mu.Unlock()
	d.Changed(id, p)
}

func (d *device) url(path string) string { return "http://" + d.Addr() + path }

const spaces = `xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl"` +
	` xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" xmlns:tev="http://www.onvif.org/ver10/events/wsdl" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" xmlns:tt="http://www.onvif.org/ver10/schema"`

func enveloped(header, body string) string {
	return `<?xml version="1.0"?><s:Envelope ` + spaces + `><s:Header>` + header + `</s:Header><s:Body>` + body + `</s:Body></s:Envelope>`
}

// token is a WS-UsernameToken of a moment.
func token(user, password, nonce string, at time.Time) string {
	created := at.UTC().Format("2006-01-02T15:04:05.000Z")
	sum := sha1.Sum([]byte(nonce + created + password))
	b64 := base64.StdEncoding.EncodeToString
	return `<wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><wsse:UsernameToken><wsse:Username>` + user + `</wsse:Username>` +
		`<wsse:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest">` + b64(sum[:]) + `</wsse:Password>` +
		`<wsse:Nonce>` + b64([]byte(nonce)) + `</wsse:Nonce><wsu:Created xmlns:wsu="x">` + created + `</wsu:Created></wsse:UsernameToken></wsse:Security>`
}

var nonces struct {
	sync.Mutex
	n int
}

func freshNonce() string {
	nonces.Lock()
	defer nonces.Unlock()
	nonces.n++
	return fmt.Sprintf("n0nce-%d", nonces.n)
}

// post sends an envelope and returns the status and the body of the answer.
func (d *device) post(path, envelope string) (int, *soapxml.Node, http.Header) {
	d.t.Helper()
	res, err := http.Post(d.url(path), "application/soap+xml", strings.NewReader(envelope))
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	doc, err := soapxml.Parse(data)
	if err != nil {
		d.t.Fatalf("%s: %v: %q", path, err, data)
	}
	return res.StatusCode, doc.Find("Body"), res.Header
}

// ask asks as the recorder, and fails the test where that is refused.
func (d *device) ask(path, question string) *soapxml.Node {
	d.t.Helper()
	status, body, _ := d.post(path, enveloped(token("recorder", recorderPassword, freshNonce(), time.Now()), question))
	if status != http.StatusOK {
		d.t.Fatalf("%s: %d %s", question, status, body.Value("Fault", "Reason", "Text"))
	}
	return body
}

// refused asks as somebody and returns the fault's codes and reason.
func (d *device) refused(path, header, question string) (status int, code string) {
	d.t.Helper()
	status, body, _ := d.post(path, enveloped(header, question))
	f := body.Find("Fault")
	if f == nil {
		d.t.Errorf("%s was answered: %+v", question, body.Children)
		return status, ""
	}
	return status, f.Value("Code", "Value") + " " + f.Value("Subcode", "Value") + " " + f.Value("Subcode", "Subcode", "Value") + " " + f.Value("Reason", "Text")
}

const theDevice = "/onvif/device_service"

// digest makes a request with HTTP digest; of two answers the last.
func (d *device) digest(method, path, user, password string, body []byte) (*http.Response, []byte) {
	d.t.Helper()
	res, data := d.request(method, path, "", body)
	for _, one := range challenge.Read(res.Header.Values("WWW-Authenticate")).Digests {
		return d.request(method, path, one.Answer(method, path, user, password), body)
	}
	return res, data
}

func (d *device) request(method, path, authorization string, body []byte) (*http.Response, []byte) {
	d.t.Helper()
	r, err := http.NewRequest(method, d.url(path), bytes.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return res, data
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 10 s", what)
		}
	}
}
