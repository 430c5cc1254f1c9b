package console

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/reply"
)

const (
	// uploadedSetting holds what a manager uploaded; the store encrypts it. Empty: nothing.
	uploadedSetting = "console.uploaded"
	// maxChain bounds the certificates of an upload: a browser needs two or three.
	maxChain = 8
	minRSA   = 2048 // bits
)

// NewCertificate is the body of PUT /v1/certificate, in PEM.
type NewCertificate struct {
	// Chain is the gateway's certificate, then those that lead to its authority.
	Chain string `json:"chain"`
	Key   string `json:"key"`
	// OtherName takes a certificate that does not name the address in use.
	OtherName bool `json:"other_name,omitempty"`
}

// CertificateInfo is the answer of GET /v1/certificate. Where it comes from is one of the
// sources.
type CertificateInfo struct {
	Source string    `json:"source"`
	Names  []string  `json:"names"`
	Issuer string    `json:"issuer"`
	Until  time.Time `json:"until"`
	// Renews is when the gateway makes itself another one; zero: somebody has to.
	Renews      time.Time `json:"renews,omitzero"`
	Fingerprint string    `json:"fingerprint"`
	// File is its place where the settings file names one.
	File string `json:"file,omitempty"`
}

// Where a certificate comes from.
const (
	certificateOwn      = "own"
	certificateUploaded = "uploaded"
	certificateFile     = "file" // of bauta.yaml, which wins
)

// uploadedPair is what the store has of an upload.
type uploadedPair struct {
	Chain string `json:"chain"`
	Key   string `json:"key"`
}

// readUploaded returns what a manager uploaded; nil: nothing.
func (c *certificates) readUploaded() (*tls.Certificate, error) {
	var p uploadedPair
	if err := c.store.LoadSetting(uploadedSetting, &p); err != nil || p == (uploadedPair{}) {
		return nil, err
	}
	pair, err := tls.X509KeyPair([]byte(p.Chain), []byte(p.Key))
	return &pair, err
}

// put checks a certificate, keeps it and has it in force from the next connection on.
func (c *certificates) put(in NewCertificate, host string) error {
	pair, err := checkUpload(in, c.now())
	switch {
	case err != nil:
		return err
	case c.certFile != "":
		return text.Fail(ErrForbidden, text.CertificateFile, c.certFile)
	case !in.OtherName && pair.Leaf.VerifyHostname(host) != nil:
		return text.Fail(ErrOtherName, text.CertificateOther, strings.Join(namesOf(pair.Leaf), ", "), host)
	}
	c.changing.Lock()
	defer c.changing.Unlock()
	if err := c.store.KeepSetting(uploadedSetting, uploadedPair{in.Chain, in.Key}); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current, c.uploaded = &pair, true
	return nil
}

// drop goes back to the certificate of our own making.
func (c *certificates) drop() error {
	c.changing.Lock()
	defer c.changing.Unlock()
	if err := c.store.PutSetting(uploadedSetting, store.Secret{}); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.uploaded {
		c.current, c.uploaded = nil, false
	}
	return c.refresh()
}

// checkUpload refuses what no browser would take, in the words of who has the files at hand.
func checkUpload(in NewCertificate, now time.Time) (tls.Certificate, error) {
	bad := func(key text.Key, args ...any) (tls.Certificate, error) {
		return tls.Certificate{}, text.Fail(ErrInvalid, key, args...)
	}
	chain, err := parseChain(in.Chain)
	if err != nil || len(chain) == 0 || len(chain) > maxChain {
		return bad(text.CertificateChain)
	}
	if locked(in.Key) {
		return bad(text.CertificateLocked)
	}
	leaf := chain[0]
	pair, err := tls.X509KeyPair([]byte(in.Chain), []byte(in.Key))
	switch {
	case err != nil && leaf.PublicKey != nil && hasKey(in.Key):
		return bad(text.CertificateKeyOther)
	case err != nil:
		return bad(text.CertificateKey)
	case now.After(leaf.NotAfter):
		return bad(text.CertificateEnded, leaf.NotAfter.Format(time.DateOnly))
	case now.Before(leaf.NotBefore):
		return bad(text.CertificateEarly, leaf.NotBefore.Format(time.DateOnly))
	case !strong(leaf):
		return bad(text.CertificateWeak, minRSA)
	case !forServers(leaf) || len(namesOf(leaf)) == 0:
		return bad(text.CertificateUse)
	}
	for i, one := range chain[1:] {
		if chain[i].CheckSignatureFrom(one) != nil {
			return bad(text.CertificateOrder)
		}
	}
	pair.Leaf = leaf
	return pair, nil
}

func parseChain(text string) (all []*x509.Certificate, err error) {
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			if len(bytes.TrimSpace(rest)) > 0 {
				return nil, errors.New("there is more than PEM")
			}
			return all, nil
		}
		if block.Type != "CERTIFICATE" {
			continue // a key beside them is no error: programs write both into one file
		}
		one, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
}

// locked reports whether a key asks for a password.
func locked(key string) bool {
	block, _ := pem.Decode([]byte(key))
	return block != nil && (block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"))
}

func hasKey(key string) bool {
	block, _ := pem.Decode([]byte(key))
	return block != nil && strings.HasSuffix(block.Type, "PRIVATE KEY")
}

// strong reports whether browsers take a certificate's key.
func strong(leaf *x509.Certificate) bool {
	switch k := leaf.PublicKey.(type) {
	case *rsa.PublicKey:
		return k.N.BitLen() >= minRSA
	case *ecdsa.PublicKey:
		return k.Curve.Params().BitSize >= 256
	}
	return false
}

func forServers(leaf *x509.Certificate) bool {
	return len(leaf.ExtKeyUsage)+len(leaf.UnknownExtKeyUsage) == 0 || slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageServerAuth) || slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageAny)
}

// namesOf are the names and addresses that a certificate is for.
func namesOf(leaf *x509.Certificate) []string {
	all := slices.Clone(leaf.DNSNames)
	for _, ip := range leaf.IPAddresses {
		all = append(all, ip.String())
	}
	return all
}

// info tells of the certificate in use.
func (c *certificates) info() (CertificateInfo, error) {
	pair, err := c.get(nil)
	if err != nil {
		return CertificateInfo{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	leaf := pair.Leaf
	out := CertificateInfo{Source: certificateOwn, Names: namesOf(leaf), Issuer: leaf.Issuer.CommonName, Until: leaf.NotAfter.UTC(), Fingerprint: fingerprint(pair), File: c.certFile}
	switch {
	case c.certFile != "":
		out.Source = certificateFile
	case c.uploaded:
		out.Source = certificateUploaded
	default:
		out.Renews = leaf.NotAfter.Add(-renewBefore).UTC()
	}
	return out, nil
}

func (s *Server) getCertificate(w http.ResponseWriter, r *http.Request) {
	info, err := s.certs.info()
	if err != nil {
		s.fail(w, r, err)
		return
	}
	reply.JSON(w, http.StatusOK, info)
}

func (s *Server) putCertificate(w http.ResponseWriter, r *http.Request) {
	var in NewCertificate
	if !s.read(w, r, &in) {
		return
	}
	if err := s.certs.put(in, hostOf(r.Host)); err != nil {
		s.fail(w, r, err)
		return
	}
	s.certificateChanged(w, r)
}

func (s *Server) deleteCertificate(w http.ResponseWriter, r *http.Request) {
	if err := s.certs.drop(); err != nil {
		s.fail(w, r, err)
		return
	}
	s.certificateChanged(w, r)
}

func (s *Server) certificateChanged(w http.ResponseWriter, r *http.Request) {
	info, err := s.certs.info()
	if err != nil {
		s.fail(w, r, err)
		return
	}
	who, _ := identity.Who(r.Context())
	s.cfg.Audit(who.Actor(), "certificate.changed", "console", "source="+info.Source+" sha256="+info.Fingerprint+" until="+info.Until.Format(time.DateOnly))
	reply.JSON(w, http.StatusOK, info)
}

// hostOf is a request's host without its port.
func hostOf(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return strings.Trim(address, "[]")
}
