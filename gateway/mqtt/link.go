package mqtt

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// Limits of one connection.
const (
	connectLimit = 10 * time.Second // dial, TLS handshake and login together
	writeLimit   = 5 * time.Second  // one packet
	ackLimit     = 10 * time.Second // the broker's receipt for a batch of states
	leaveLimit   = time.Second      // paho's own goroutines
	keepAlive    = 15 * time.Second // the broker misses a dead box after 1.5 times that
)

// link is one connection to a broker, by one paho client that lives no longer
// than it: what paho would keep for the next connection dies with it.
type link struct {
	client paho.Client
	conn   net.Conn      // below TLS: closing it never waits
	gone   chan struct{} // closed when paho lost the connection
	err    error         // why; read after gone
}

// target is where and as whom to connect.
type target struct {
	host, clientID string
	user, password string
	tls            *tls.Config                             // nil for plain TCP
	will           message                                 // none where it has no topic
	dial           func(context.Context) (net.Conn, error) // nil: over the network
	skip           func(bytes int)                         // told of a packet that is too large
	heard          paho.MessageHandler                     // of all subscriptions without one of their own
	receipts       bool                                    // the handlers give them themselves
}

// connect dials and logs in. The context counts until then.
func connect(ctx context.Context, t target) (*link, error) {
	l := &link{gone: make(chan struct{})}
	var release func() bool
	opts := t.options()
	opts.SetConnectionLostHandler(func(_ paho.Client, err error) {
		l.err = err
		close(l.gone)
	})
	opts.SetCustomOpenConnectionFn(func(*url.URL, paho.ClientOptions) (net.Conn, error) {
		raw, conn, err := t.open(ctx)
		if err != nil {
			return nil, err
		}
		l.conn = raw
		release = context.AfterFunc(ctx, func() { raw.Close() })
		return newCapped(conn, MaxHeard, t.skip), nil
	})
	l.client = paho.NewClient(opts)
	token := l.client.Connect()
	<-token.Done() // within connectLimit
	cut := release != nil && !release()
	if token.Error() != nil {
		return nil, token.Error() // paho has closed the connection
	}
	if cut {
		l.abort()
		return nil, ctx.Err()
	}
	return l, nil
}

// options leave nothing to paho but the protocol: no retries, no queue.
func (t target) options() *paho.ClientOptions {
	scheme := "tcp"
	if t.tls != nil {
		scheme = "ssl"
	}
	opts := paho.NewClientOptions().
		AddBroker(scheme + "://" + t.host).
		SetClientID(t.clientID).
		SetUsername(t.user).
		SetPassword(t.password).
		SetProtocolVersion(4). // 3.1.1; said aloud, or a refused login is tried twice
		SetCleanSession(true).
		SetAutoReconnect(false).
		SetConnectRetry(false).
		SetConnectTimeout(connectLimit).
		SetWriteTimeout(writeLimit).
		SetKeepAlive(keepAlive).
		SetPingTimeout(connectLimit).
		SetAutoAckDisabled(t.receipts)
	if t.heard != nil {
		opts.SetDefaultPublishHandler(t.heard)
	}
	if t.will.topic != "" {
		opts.SetWill(t.will.topic, t.will.payload, 1, true)
	}
	return opts
}

// open returns the connection and, below it, the raw one.
func (t target) open(ctx context.Context) (raw, conn net.Conn, err error) {
	ctx, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	if t.dial != nil {
		raw, err = t.dial(ctx)
		return raw, raw, err
	}
	raw, err = new(net.Dialer).DialContext(ctx, "tcp", t.host)
	if err != nil || t.tls == nil {
		return raw, raw, err
	}
	secure := tls.Client(raw, t.tls)
	if err := secure.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, nil, err
	}
	return raw, secure, nil
}

// states sends retained messages and waits until the broker has all of them.
func (l *link) states(ctx context.Context, ms []message) error { return l.send(ctx, ms, true) }

// send sends messages in order and waits until the broker has all of them.
func (l *link) send(ctx context.Context, ms []message, retained bool) error {
	var tokens []paho.Token
	for _, m := range ms {
		tokens = append(tokens, l.client.Publish(m.topic, 1, retained, m.payload))
	}
	return l.confirmed(ctx, tokens)
}

// subscribe asks for topics and waits for the broker's consent.
func (l *link) subscribe(ctx context.Context, filters map[string]byte, f paho.MessageHandler) error {
	return l.confirmed(ctx, []paho.Token{l.client.SubscribeMultiple(filters, f)})
}

func (l *link) confirmed(ctx context.Context, tokens []paho.Token) error {
	limit := time.NewTimer(ackLimit)
	defer limit.Stop()
	for _, t := range tokens {
		select {
		case <-t.Done():
			if t.Error() != nil {
				return t.Error()
			}
		case <-l.gone:
			return l.err
		case <-limit.C:
			return errors.New("no receipt for a message")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// once sends a message that nobody confirms; a failure ends the link.
func (l *link) once(topic string, payload []byte) {
	l.client.Publish(topic, 0, false, payload)
}

// leave ends the link in order: the broker keeps the last will to itself.
func (l *link) leave() {
	l.client.Disconnect(uint(leaveLimit.Milliseconds()))
	l.conn.Close()
}

// abort cuts the connection, so that the broker tells the last will. What
// paho still wants to say fails at once, and its goroutines end.
func (l *link) abort() {
	l.conn.Close()
	l.client.Disconnect(uint(leaveLimit.Milliseconds()))
}
