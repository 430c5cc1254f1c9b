package console

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
)

// issued is a certificate of a test's authority, with its key.
type issued struct {
	cert *x509.Certificate
	key  crypto.Signer
	der  []byte
}

func (i issued) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.der}))
}

func (i issued) keyPEM(t *testing.T) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(i.key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// issue makes one; by nil: an authority.
func issue(t *testing.T, by *issued, key crypto.Signer, change func(*x509.Certificate)) issued {
	t.Helper()
	if key == nil {
		var err error
		if key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			t.Fatal(err)
		}
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), BasicConstraintsValid: true}
	parent, signer := c, key
	if by != nil {
		c.DNSNames, c.ExtKeyUsage = []string{"box.example"}, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		parent, signer = by.cert, by.key
	} else {
		c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign
	}
	if change != nil {
		change(c)
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return issued{cert, key, der}
}

// An uploaded certificate is in force at once, after a restart, and until it is removed.
func TestUploadedCertificate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bauta.db")
	db, err := store.Open(file, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c := &certificates{store: db, log: silentLog(), now: time.Now}
	made := c.must(t)
	root := issue(t, nil, nil, nil)
	middle := issue(t, &root, nil, func(c *x509.Certificate) { c.IsCA, c.KeyUsage, c.ExtKeyUsage = true, x509.KeyUsageCertSign, nil })
	leaf := issue(t, &middle, nil, nil)
	in := NewCertificate{Chain: leaf.pem() + middle.pem(), Key: leaf.keyPEM(t)}
	if err := c.put(in, "192.0.2.7"); !errors.Is(err, ErrOtherName) || fingerprint(c.must(t)) != fingerprint(made) {
		t.Fatalf("for another name: %v", err)
	}
	if err := c.put(in, "box.example"); err != nil {
		t.Fatal(err)
	}
	shown := func(c *certificates) *x509.Certificate {
		t.Helper()
		pool := x509.NewCertPool()
		pool.AddCert(root.cert)
		here, there := net.Pipe()
		server, client := tls.Server(here, &tls.Config{GetCertificate: c.get}), tls.Client(there, &tls.Config{RootCAs: pool, ServerName: "box.example"})
		go server.Handshake()
		if err := client.Handshake(); err != nil {
			t.Fatal(err)
		}
		here.Close()
		there.Close()
		return client.ConnectionState().PeerCertificates[0]
	}
	if !shown(c).Equal(leaf.cert) {
		t.Error("another certificate is shown")
	}
	again := &certificates{store: c.store, log: silentLog(), now: c.now}
	info, err := again.info()
	if err != nil || !shown(again).Equal(leaf.cert) || info.Source != certificateUploaded || !info.Renews.IsZero() || info.Names[0] != "box.example" {
		t.Errorf("after a restart: %+v, %v", info, err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if key, _ := pem.Decode([]byte(in.Key)); bytes.Contains(b, []byte("PRIVATE KEY")) || bytes.Contains(b, key.Bytes[40:]) {
		t.Error("the key lies open on the disk")
	}
	if err := again.drop(); err != nil || fingerprint(again.must(t)) != fingerprint(made) {
		t.Errorf("not back to the own one: %v", err)
	}
	if info, err := again.info(); err != nil || info.Source != certificateOwn || !info.Renews.Before(info.Until) {
		t.Errorf("%+v, %v", info, err)
	}
	files := &certificates{certFile: "c.pem", store: c.store, log: silentLog(), now: c.now}
	if err := files.put(in, "box.example"); !errors.Is(err, ErrForbidden) {
		t.Errorf("beside files of the settings: %v", err)
	}
}

// What no browser takes is refused by name, and nothing of it is in force.
func TestWrongCertificatesAreRefused(t *testing.T) {
	c, _ := own(t)
	made := fingerprint(c.must(t))
	root := issue(t, nil, nil, nil)
	good := issue(t, &root, nil, nil)
	weak, _ := rsa.GenerateKey(rand.Reader, 1024)
	_, edwards, _ := ed25519.GenerateKey(rand.Reader)
	spoilt := func(f func(*x509.Certificate)) NewCertificate {
		one := issue(t, &root, nil, f)
		return NewCertificate{Chain: one.pem(), Key: one.keyPEM(t)}
	}
	keyed := func(key crypto.Signer) NewCertificate {
		one := issue(t, &root, key, nil)
		return NewCertificate{Chain: one.pem(), Key: one.keyPEM(t)}
	}
	for what, one := range map[string]struct {
		in   NewCertificate
		want text.Key
	}{
		"nothing":              {NewCertificate{}, text.CertificateChain},
		"a text":               {NewCertificate{Chain: "hello", Key: good.keyPEM(t)}, text.CertificateChain},
		"a broken one":         {NewCertificate{Chain: strings.Replace(good.pem(), "MII", "MXX", 1), Key: good.keyPEM(t)}, text.CertificateChain},
		"a key of another":     {NewCertificate{Chain: good.pem(), Key: issue(t, &root, nil, nil).keyPEM(t)}, text.CertificateKeyOther},
		"no key":               {NewCertificate{Chain: good.pem(), Key: good.pem()}, text.CertificateKey},
		"a locked key":         {NewCertificate{Chain: good.pem(), Key: "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"}, text.CertificateLocked},
		"one that ended":       {spoilt(func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }), text.CertificateEnded},
		"one that comes":       {spoilt(func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) }), text.CertificateEarly},
		"one without a name":   {spoilt(func(c *x509.Certificate) { c.DNSNames = nil }), text.CertificateUse},
		"one for mail":         {spoilt(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection} }), text.CertificateUse},
		"a short key":          {keyed(weak), text.CertificateWeak},
		"Ed25519":              {keyed(edwards), text.CertificateWeak},
		"a chain of strangers": {NewCertificate{Chain: good.pem() + issue(t, nil, nil, nil).pem(), Key: good.keyPEM(t)}, text.CertificateOrder},
	} {
		err := c.put(one.in, "box.example")
		if problem := (*text.Problem)(nil); !errors.Is(err, ErrInvalid) || !errors.As(err, &problem) || problem.Key != one.want {
			t.Errorf("%s: %v, want %s", what, err, one.want)
		}
	}
	if fingerprint(c.must(t)) != made {
		t.Error("a refused certificate is in force")
	}
}
