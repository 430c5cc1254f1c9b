package mqtt

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"syscall"
	"time"

	mochi "github.com/mochi-mqtt/server/v2"

	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/ports"
)

// The reasons for which the embedded broker is not there, and the one of a closed Publisher.
const (
	PortBusy broker.Reason = "port_busy" // another program has the embedded broker's port
	NoListen broker.Reason = "no_listen" // the embedded broker cannot listen for another reason
	Stopped  broker.Reason = "stopped"   // after Close
)

// The embedded broker's bounds: it serves one host, and a few clients around it.
const (
	// MaxClients bounds the connections, MaxClientsOfOne those of one address that
	// have logged in. Others make room for newcomers; MaxGreeting bounds them.
	MaxClients      = 64
	MaxClientsOfOne = 32
	MaxGreeting     = 16
	// Greeting is the longest time from a connection's begin to its login.
	Greeting = 10 * time.Second
	// MaxSessions bounds the clients remembered, those included that have left
	// and may come back within SessionLife; the oldest of these are forgotten.
	MaxSessions = 128
	SessionLife = 10 * time.Minute
	// MaxPacket is the largest packet that is taken, in bytes.
	MaxPacket = 64 << 10
	// MaxWaiting messages wait for a slow subscriber; more are lost to it.
	MaxWaiting = 1024
	// MaxSubscriptions of one client, with filters of so many bytes and levels.
	MaxSubscriptions = 64
	MaxFilter        = 256
	MaxFilterLevels  = 8
	// PublishRate bounds a client's messages a second, after a first PublishBurst.
	PublishRate  = 10
	PublishBurst = 300

	sysTopicsRest = 24 * 3600
)

// embedded is the embedded MQTT broker. Who has a login, or is on this host, may
// read; only the gateway may write how the gateway is.
type embedded struct {
	server *mochi.Server
	gate   *gate
	rules  *rules
}

// startEmbedded listens, by TLS where conf is given.
func startEmbedded(want ports.Want, conf *tls.Config, rules *rules) (*embedded, error) {
	ln, err := ports.TCP(want)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, cannotStart(PortBusy, "or set mqtt.broker", err)
	}
	if err != nil {
		return nil, cannotStart(NoListen, "set another mqtt.embedded_address", err)
	}
	b := &embedded{gate: newGate(ln, conf), rules: rules}
	if err := b.serve(); err != nil {
		ln.Close()
		return nil, cannotStart(NoListen, "report this with the log", err)
	}
	return b, nil
}

func cannotStart(r broker.Reason, hint string, err error) error {
	return &broker.Failure{Reason: r, Hint: hint, Err: fmt.Errorf("the embedded broker cannot start: %w", err)}
}

func (b *embedded) serve() error {
	limits := mochi.NewDefaultServerCapabilities()
	limits.MaximumClients = MaxClients + ownClients
	limits.MaximumPacketSize = MaxPacket
	limits.MaximumClientWritesPending = MaxWaiting
	limits.MaximumInflight = MaxWaiting
	limits.MaximumSessionExpiryInterval = uint32(SessionLife / time.Second)
	limits.TopicAliasMaximum = 0 // an alias would hide a topic from the rules
	b.server = mochi.New(&mochi.Options{
		Capabilities: limits,
		// What strangers send stays out of the log.
		Logger:                 slog.New(slog.DiscardHandler),
		SysTopicResendInterval: sysTopicsRest,
		// Pictures are larger than what is taken from anybody: they do not come by a connection.
		InlineClient: b.rules.snapshots,
	})
	b.rules.clients, b.rules.info = b.server.Clients, b.server.Info
	b.rules.unsubscribe = b.server.UnsubscribeClient
	if err := b.server.AddHook(b.rules, nil); err != nil {
		return err
	}
	if err := b.server.AddListener(b.gate); err != nil {
		return err
	}
	return b.server.Serve()
}

func (b *embedded) addr() string { return b.gate.Address() }

// end cuts the connections of a login that is no more.
func (b *embedded) end(user string) {
	for _, cl := range b.server.Clients.GetAll() {
		if string(cl.Properties.Username) == user && cl.Net.Conn != nil {
			cl.Net.Conn.Close()
		}
	}
}

// close ends all connections and waits for that.
func (b *embedded) close() { b.server.Close() }

// drain waits until every subscriber of the status has received the final message, so
// that none loses its connection first; not longer than limit, for the slow ones.
func (b *embedded) drain(limit time.Duration) {
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	for !b.allInformed() {
		select {
		case <-b.rules.changed:
		case <-deadline.C:
			return
		}
	}
}

func (b *embedded) allInformed() bool {
	for id := range b.server.Topics.Subscribers(b.rules.topics.Status()).Subscriptions {
		cl, ok := b.server.Clients.Get(id)
		if _, received := b.rules.informed.Load(id); ok && !cl.Closed() && !received {
			return false
		}
	}
	return true
}

// Addr is the host:port at which the embedded broker listens; empty while it
// does not, and with a broker of one's own.
func (p *Publisher) Addr() string {
	if b := p.embedded(); b != nil {
		return b.addr()
	}
	return ""
}

// Dial connects to the embedded broker from within the process, to read.
func (p *Publisher) Dial(ctx context.Context) (net.Conn, error) {
	b := p.embedded()
	if b == nil {
		return nil, errors.New("the embedded broker does not run")
	}
	return b.gate.Dial(ctx)
}

// EndLogin cuts the connections of a login at the embedded broker that is no more.
func (p *Publisher) EndLogin(user string) {
	if b := p.embedded(); b != nil {
		b.end(user)
	}
}
