package mqtt

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"net"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/slug"
	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Defaults of Config.
const (
	DefaultEmbeddedAddr = "127.0.0.1:1883"
	DefaultHeartbeat    = 30 * time.Second
)

// Config says where to publish. Only Gateway has no default.
type Config struct {
	// Gateway is this gateway's name in every topic: a lower-case slug, as
	// media.ParseCameraID takes them. Two gateways at one broker need two names.
	Gateway string
	// Prefix begins all topics but Home Assistant's, as topics.ParsePrefix takes it;
	// empty means topics.Root.
	Prefix string
	// Broker is tcp://host[:1883] or ssl://host[:8883], without user and
	// password, or several of these, parted by commas. Empty means the embedded broker.
	Broker string
	// User, Password, CAFile, CertFile and KeyFile are for Broker, as in broker.Config.
	User                      string
	Password                  func() (string, error)
	CAFile, CertFile, KeyFile string
	// EmbeddedAddr is where the embedded broker listens; empty means
	// DefaultEmbeddedAddr. Port 0 lets the system choose. Without Broker,
	// CertFile and KeyFile are its own, and it speaks TLS alone.
	EmbeddedAddr string
	// Login proves a user and a password of the embedded broker; nil: there are
	// none. Without a login clients of this host alone are let in, to read. It may
	// be called from any goroutine.
	Login func(user, password string) (topics.May, bool)
	// NextPort takes the next free port where another program has that one.
	NextPort bool
	// Consents takes what the broker has and gets about consents; nil means that nothing is
	// wanted. It is called from one goroutine and may wait a while, but not after Close was
	// called. What it is given is not proved. The broker has its receipt once stored is called.
	Consents func(kind consent.Kind, name string, payload []byte, stored func())
	// Issuers are those whose lists are wanted; nil: none are. It is called at each
	// connection and after each AskConsents, from one goroutine, and must not wait.
	Issuers func() []string
	// Anchor takes what the broker has at bauta/<gw>/anchor, by whomever; AnchorsReceived
	// is called once all that it had when the connection was made has been taken. Both
	// are quick; nil means that nobody wants to know.
	Anchor          func(payload []byte)
	AnchorsReceived func()
	// Heartbeat is the time between two repetitions of all states; 0 means
	// DefaultHeartbeat. Readers take a state older than three as unknown.
	Heartbeat time.Duration
	// Discovery announces the gateway and its cameras to Home Assistant, which has this
	// DiscoveryPrefix and says BirthPayload at BirthTopic when it has started; empty ones are
	// the usual: homeassistant, status below the prefix, and online.
	Discovery                                 bool
	DiscoveryPrefix, BirthTopic, BirthPayload string
	// Snapshots lets masked pictures leave; else Snapshot does nothing.
	Snapshots bool
	// SafeMode: the gateway has lost what it knew. Cameras and clauses that
	// the broker still has a state of are reported as blocked and unknown.
	SafeMode bool
	// Outbox holds the events to deliver; nil: none.
	Outbox Outbox
	// Command takes what asks to hide more of a camera's picture; nil: nothing
	// does. It must return at once. The broker has its receipt once stored is called.
	Command func(id media.CameraID, level Level, stored func())
}

// endpoint is a checked Config.
type endpoint struct {
	Config
	remote    *broker.Rotation // nil: the embedded one; the run's alone
	assistant topics.Assistant
}

// check fills the defaults in and refuses what can never work.
func (c Config) check() (endpoint, error) {
	if _, err := media.ParseCameraID(c.Gateway); err != nil {
		return endpoint{}, fmt.Errorf("gateway name %q is not a slug: use 1 to %d of a-z, 0-9 and single dashes between them", c.Gateway, media.MaxCameraID)
	}
	if _, err := topics.ParsePrefix(c.Prefix); err != nil {
		return endpoint{}, err
	}
	if c.Heartbeat < 0 {
		return endpoint{}, fmt.Errorf("heartbeat %v is negative: use %v", c.Heartbeat, DefaultHeartbeat)
	}
	if c.Heartbeat == 0 {
		c.Heartbeat = DefaultHeartbeat
	}
	for _, topic := range []string{c.DiscoveryPrefix, c.BirthTopic} {
		_, ours := c.prefix().Below(topic + "/")
		if ours || topic != "" && !slug.IsTopic(topic) {
			return endpoint{}, fmt.Errorf("topic %q is none for Home Assistant: write mqtt.discovery_prefix and mqtt.birth_topic without wildcards, and not below %s", topic, cmp.Or(c.Prefix, topics.Root))
		}
	}
	c.BirthPayload = cmp.Or(c.BirthPayload, topics.Online)
	e := endpoint{Config: c, assistant: topics.AssistantAt(c.DiscoveryPrefix, c.BirthTopic)}
	if c.Broker == "" {
		return e, e.checkEmbedded()
	}
	var err error
	e.remote, err = broker.NewRotation(c.remote())
	return e, err
}

func (c Config) prefix() topics.Prefix { return topics.Prefix(c.Prefix) }

// remote is what concerns a broker that is not the embedded one.
func (c Config) remote() broker.Config {
	return broker.Config{Address: c.Broker, User: c.User, Password: c.Password, CAFile: c.CAFile, CertFile: c.CertFile, KeyFile: c.KeyFile}
}

// checkEmbedded does not resolve names: what localhost means is not for a DNS
// server to say.
func (e *endpoint) checkEmbedded() error {
	if e.EmbeddedAddr == "" {
		e.EmbeddedAddr = DefaultEmbeddedAddr
	}
	host, port, err := net.SplitHostPort(e.EmbeddedAddr)
	if err != nil {
		return fmt.Errorf("address of the embedded broker: %w: write %s", err, DefaultEmbeddedAddr)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	e.EmbeddedAddr = net.JoinHostPort(host, port)
	if (e.CertFile == "") != (e.KeyFile == "") {
		return broker.ErrHalfCertificate
	}
	return nil
}

// embeddedTLS is nil for plain TCP.
func (e *endpoint) embeddedTLS() (*tls.Config, error) {
	if e.CertFile == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(e.CertFile, e.KeyFile)
	if err != nil {
		return nil, &broker.Failure{Reason: broker.BadFile, Hint: "the files are read again at the next try", Err: fmt.Errorf("mqtt.cert_file and mqtt.key_file: %w", err)}
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// host is the broker's host:port, by the settings; of several the first.
func (e *endpoint) host() string {
	if e.remote != nil {
		return e.remote.Servers()[0].Host()
	}
	return e.EmbeddedAddr
}

// exposed names a broker at which logins would cross a network in clear text.
func (e *endpoint) exposed() (host string, exposed bool) {
	if e.remote != nil {
		return e.remote.Exposed()
	}
	return e.EmbeddedAddr, e.CertFile == "" && !broker.Loopback(e.EmbeddedAddr)
}
