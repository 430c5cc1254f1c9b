package console

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func own(t *testing.T) (*certificates, *clock) {
	c := &clock{at: time.Now()}
	return &certificates{store: openStore(t), log: silentLog(), now: c.now}, c
}

func (c *certificates) must(t *testing.T) *tls.Certificate {
	t.Helper()
	pair, err := c.get(nil)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func TestOwnCertificate(t *testing.T) {
	c, clock := own(t)
	first := c.must(t)
	pool := x509.NewCertPool()
	pool.AddCert(first.Leaf)
	for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
		if _, err := first.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: pool}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if host, err := os.Hostname(); err == nil && first.Leaf.VerifyHostname(host) != nil {
		t.Errorf("not for %s: %v", host, first.Leaf.DNSNames)
	}
	again := &certificates{store: c.store, log: silentLog(), now: clock.now}
	if fingerprint(again.must(t)) != fingerprint(first) {
		t.Error("another certificate after a restart")
	}
	clock.pass(certificateLife - renewBefore - time.Hour)
	if fingerprint(c.must(t)) != fingerprint(first) {
		t.Error("renewed too early")
	}
	clock.pass(2 * time.Hour)
	next := c.must(t)
	if fingerprint(next) == fingerprint(first) || !next.Leaf.NotAfter.After(clock.now().Add(300*24*time.Hour)) {
		t.Errorf("not renewed before its end: until %v", next.Leaf.NotAfter)
	}
	if !next.Leaf.PublicKey.(interface{ Equal(x crypto.PublicKey) bool }).Equal(first.Leaf.PublicKey) {
		t.Error("renewed with another key")
	}
}

// Another address than the certificate names makes another certificate at the
// next start.
func TestCertificateCoversThisMachine(t *testing.T) {
	c, _ := own(t)
	key, err := c.ownKey()
	if err != nil {
		t.Fatal(err)
	}
	old, err := selfSigned(key, []string{"elsewhere"}, []net.IP{net.IPv4(192, 0, 2, 1)}, c.now())
	if err != nil {
		t.Fatal(err)
	}
	if names, ips := namesHere(); covers(old.Leaf, names, ips) {
		t.Error("a certificate for elsewhere covers this machine")
	}
	if leaf := c.must(t).Leaf; leaf.VerifyHostname("localhost") != nil {
		t.Errorf("names %v", leaf.DNSNames)
	}
}

// Given files are taken, and taken anew when they change.
func TestGivenCertificate(t *testing.T) {
	c, _ := own(t)
	key, err := c.ownKey()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	given := &certificates{certFile: filepath.Join(dir, "c.pem"), keyFile: filepath.Join(dir, "k.pem"), log: silentLog(), now: time.Now}
	if _, err := given.get(nil); err == nil {
		t.Error("missing files are no error")
	}
	write := func(name string, at time.Time) string {
		t.Helper()
		pair, err := selfSigned(key, []string{name}, nil, time.Now())
		if err == nil {
			err = os.WriteFile(given.keyFile, keyPEM(key), 0o600)
		}
		if err == nil {
			err = os.WriteFile(given.certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}), 0o600)
		}
		if err == nil {
			err = os.Chtimes(given.certFile, at, at)
		}
		if err != nil {
			t.Fatal(err)
		}
		return fingerprint(&pair)
	}
	for i, name := range []string{"one", "two"} {
		want := write(name, time.Now().Add(time.Duration(i)*time.Minute))
		if fingerprint(given.must(t)) != want {
			t.Errorf("certificate %s is not in use", name)
		}
	}
	if err := os.WriteFile(given.certFile, []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	if given.must(t).Leaf.DNSNames[0] != "two" {
		t.Error("a file that was spoilt ends the service")
	}
}
