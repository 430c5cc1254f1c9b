package console

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
)

// How long a certificate of our own making lasts, and how long before its end
// another one takes its place. Browsers take at most 398 days.
const (
	certificateLife = 397 * 24 * time.Hour
	renewBefore     = 30 * 24 * time.Hour
)

// The settings that hold what we made; the store encrypts them.
const (
	keySetting         = "console.key"
	certificateSetting = "console.certificate"
)

// certificates answers the handshakes.
type certificates struct {
	certFile, keyFile string // given; empty: our own
	store             *store.Store
	log               *slog.Logger
	now               func() time.Time

	changing sync.Mutex // one upload or removal at a time; it waits for the disk, no connection does

	mu       sync.Mutex
	current  *tls.Certificate
	uploaded bool      // current is a manager's
	read     time.Time // the given file's time of change
}

// get is what the TLS stack calls for each connection.
func (c *certificates) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refresh(); err != nil {
		if c.current == nil {
			return nil, err
		}
		c.log.Error("the console's certificate cannot be renewed, the old one stays", "error", err)
	}
	return c.current, nil
}

// refresh reads the given files where they changed, takes what was uploaded, or makes a
// certificate where there is none or it ends soon; the caller holds mu.
func (c *certificates) refresh() error {
	if c.certFile != "" {
		return c.readGiven()
	}
	if c.uploaded || c.current != nil && c.fresh(c.current.Leaf) {
		return nil
	}
	if c.current == nil {
		switch pair, err := c.readUploaded(); {
		case err != nil:
			c.log.Error("the uploaded certificate cannot be read, the gateway's own is in its place", "error", err)
		case pair != nil:
			c.current, c.uploaded = pair, true
			return nil
		}
	}
	return c.makeOwn()
}

func (c *certificates) fresh(leaf *x509.Certificate) bool {
	return leaf.NotAfter.Sub(c.now()) > renewBefore && !leaf.NotBefore.After(c.now())
}

func (c *certificates) readGiven() error {
	info, err := os.Stat(c.certFile)
	if err != nil {
		return fmt.Errorf("console.certificate: %w", err)
	}
	if c.current != nil && info.ModTime().Equal(c.read) {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("console.certificate and console.key: %w", err)
	}
	c.current, c.read = &pair, info.ModTime()
	return nil
}

// makeOwn takes the stored certificate, or makes another one with the same key
// where it ends or this machine has got another name or address.
func (c *certificates) makeOwn() error {
	key, err := c.ownKey()
	if err != nil {
		return err
	}
	names, ips := namesHere()
	if stored, err := c.store.Setting(certificateSetting); err == nil {
		pair, err := tls.X509KeyPair([]byte(stored.Reveal()), keyPEM(key))
		if err == nil && c.fresh(pair.Leaf) && (c.current != nil || covers(pair.Leaf, names, ips)) {
			c.current = &pair
			return nil
		}
	}
	pair, err := selfSigned(key, names, ips, c.now())
	if err != nil {
		return err
	}
	c.current = &pair
	pemBytes := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})
	c.log.Info("certificate made for the console", "fingerprint", fingerprint(&pair), "until", pair.Leaf.NotAfter.Format(time.DateOnly))
	return c.store.PutSetting(certificateSetting, store.NewSecret(string(pemBytes)))
}

// ownKey returns the stored key; the first call makes it.
func (c *certificates) ownKey() (*ecdsa.PrivateKey, error) {
	stored, err := c.store.Setting(keySetting)
	if err == nil {
		block, _ := pem.Decode([]byte(stored.Reveal()))
		if block == nil {
			return nil, errors.New("the console's stored key cannot be read")
		}
		return x509.ParseECPrivateKey(block.Bytes)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return key, c.store.PutSetting(keySetting, store.NewSecret(string(keyPEM(key))))
}

func keyPEM(key *ecdsa.PrivateKey) []byte {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		panic(fmt.Sprintf("console: %v", err)) // a P-256 key always encodes
	}
	return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})
}

func selfSigned(key *ecdsa.PrivateKey, names []string, ips []net.IP, now time.Time) (tls.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return tls.Certificate{}, err
	}
	template := x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: names[0], Organization: []string{"Bauta"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, DNSNames: names, IPAddresses: ips,
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, err
}

// namesHere are this machine's names and addresses, localhost among them.
func namesHere() (names []string, ips []net.IP) {
	if host, err := os.Hostname(); err == nil && host != "" {
		names = append(names, strings.ToLower(host))
		if !strings.Contains(host, ".") {
			names = append(names, strings.ToLower(host)+".local")
		}
	}
	names = append(names, "localhost")
	slices.Sort(names)
	ips = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	all, _ := net.InterfaceAddrs() // without them the loopback ones are left
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() {
			ips = append(ips, n.IP)
		}
	}
	return slices.Compact(names), ips
}

func covers(leaf *x509.Certificate, names []string, ips []net.IP) bool {
	for _, n := range names {
		if !slices.Contains(leaf.DNSNames, n) {
			return false
		}
	}
	for _, ip := range ips {
		if !slices.ContainsFunc(leaf.IPAddresses, ip.Equal) {
			return false
		}
	}
	return true
}

// fingerprint is the certificate's SHA-256 in hex, to compare by eye.
func fingerprint(c *tls.Certificate) string {
	sum := sha256.Sum256(c.Certificate[0])
	return hex.EncodeToString(sum[:])
}
