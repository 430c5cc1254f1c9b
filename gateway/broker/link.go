package broker

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"sync"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// Limits of one connection.
const (
	connectLimit = 10 * time.Second // dial, TLS handshake and login together
	writeLimit   = 5 * time.Second  // one packet
	ackLimit     = 10 * time.Second // the broker's receipt for a batch of messages
	leaveLimit   = time.Second      // paho's own goroutines
	keepAlive    = 15 * time.Second // the broker misses a dead client after 1.5 times that
)

// refusedFilter is the broker's answer to a subscription that it does not allow.
const refusedFilter = 0x80

// Message is one on its way to a broker.
type Message struct{ Topic, Payload string }

// Received is a message from a broker.
type Received interface {
	Topic() string
	// Payload is the taker's.
	Payload() []byte
	// Retained: the broker had kept it; it is of before the subscription.
	Retained() bool
	// Ack gives the broker its receipt, where Session.Receipts wants that.
	Ack()
}

// Handler takes messages, one after the other, on paho's goroutine: it must not wait.
type Handler func(Received)

func (h Handler) paho() paho.MessageHandler {
	if h == nil {
		return nil
	}
	return func(_ paho.Client, m paho.Message) { h(m) }
}

// Session is what one connection is for. Only ClientID has no default.
type Session struct {
	ClientID string
	// Will is what the broker sends, retained, once the connection is lost; without a
	// topic: nothing.
	Will Message
	// TooLarge is told the size of a packet that was passed over; nil: nobody is.
	TooLarge func(bytes int)
	// Received takes what no Subscribe has a handler for; nil: it is dropped.
	Received Handler
	// Durable: the broker keeps the subscriptions, and what comes for them meanwhile, when the
	// connection ends. What it kept comes to Received, before any Subscribe. A broker that is
	// not to keep them must be told so by a session of this ClientID that is not Durable.
	Durable bool
	// Receipts: the handlers give them by Received.Ack; else they are given at once.
	Receipts bool
}

// Link is one connection to a broker, by one paho client that lives no longer than it:
// what paho would keep for the next connection dies with it. Its methods may be called
// from any goroutine, Leave or Abort once and last.
type Link struct {
	client paho.Client
	conn   net.Conn      // below TLS: closing it never waits
	gone   chan struct{} // closed when paho lost the connection
	err    error         // why; read after gone
}

// access is what the files and the login say at this moment.
type access struct {
	user, password string
	tls            *tls.Config // nil for plain TCP
}

// Connect dials and logs in; files are read anew, since they may have been mended. The
// context counts until it returns. Errors are Failures.
func (s *Server) Connect(ctx context.Context, what Session) (*Link, error) {
	var a access
	var err error
	if a.tls, err = s.tlsConfig(); err == nil {
		a.user, a.password, err = s.login()
	}
	if err != nil {
		return nil, &Failure{BadFile, "the file is read again at the next try", err}
	}
	l, err := s.connect(ctx, what, a)
	if err != nil {
		return nil, Explain(err, s.host)
	}
	return l, nil
}

func (s *Server) connect(ctx context.Context, what Session, a access) (*Link, error) {
	l := &Link{gone: make(chan struct{})}
	var release func() bool
	opts := s.options(what, a)
	opts.SetConnectionLostHandler(func(_ paho.Client, err error) {
		l.err = err
		close(l.gone)
	})
	opts.SetCustomOpenConnectionFn(func(*url.URL, paho.ClientOptions) (net.Conn, error) {
		raw, conn, err := s.open(ctx, a.tls)
		if err != nil {
			return nil, err
		}
		l.conn = raw
		release = context.AfterFunc(ctx, func() { raw.Close() })
		return newCapped(conn, MaxReceived, what.TooLarge), nil
	})
	l.client = paho.NewClient(opts)
	token := l.client.Connect()
	<-token.Done() // within connectLimit
	cut := release != nil && !release()
	if token.Error() != nil {
		return nil, token.Error() // paho has closed the connection
	}
	if cut {
		l.Abort()
		return nil, ctx.Err()
	}
	return l, nil
}

// options leave nothing to paho but the protocol: no retries, no queue.
func (s *Server) options(what Session, a access) *paho.ClientOptions {
	scheme := "tcp"
	if a.tls != nil {
		scheme = "ssl"
	}
	opts := paho.NewClientOptions().
		AddBroker(scheme + "://" + s.host).
		SetClientID(what.ClientID).
		SetUsername(a.user).
		SetPassword(a.password).
		SetProtocolVersion(4). // 3.1.1; said aloud, or a refused login is tried twice
		SetCleanSession(!what.Durable).
		SetAutoReconnect(false).
		SetConnectRetry(false).
		SetConnectTimeout(connectLimit).
		SetWriteTimeout(writeLimit).
		SetKeepAlive(keepAlive).
		SetPingTimeout(connectLimit).
		SetAutoAckDisabled(what.Receipts)
	if what.Received != nil {
		opts.SetDefaultPublishHandler(what.Received.paho())
	}
	if what.Will.Topic != "" {
		opts.SetWill(what.Will.Topic, what.Will.Payload, 1, true)
	}
	return opts
}

// open returns the connection and, below it, the raw one.
func (s *Server) open(ctx context.Context, secure *tls.Config) (raw, conn net.Conn, err error) {
	ctx, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	if s.cfg.Dial != nil {
		raw, err = s.cfg.Dial(ctx)
	} else {
		raw, err = new(net.Dialer).DialContext(ctx, "tcp", s.host)
	}
	if err != nil || secure == nil {
		return raw, raw, err
	}
	c := tls.Client(raw, secure)
	if err := c.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, nil, err
	}
	return raw, c, nil
}

// Retain sends retained messages in order and waits until the broker has all of them.
func (l *Link) Retain(ctx context.Context, ms []Message) error { return l.send(ctx, ms, true) }

// Send is Retain for messages that the broker does not keep.
func (l *Link) Send(ctx context.Context, ms []Message) error { return l.send(ctx, ms, false) }

func (l *Link) send(ctx context.Context, ms []Message, retained bool) error {
	var tokens []paho.Token
	for _, m := range ms {
		tokens = append(tokens, l.client.Publish(m.Topic, 1, retained, m.Payload))
	}
	return l.confirmed(ctx, tokens)
}

// SendOnce sends a message that nobody confirms; a failure ends the link.
func (l *Link) SendOnce(topic string, payload []byte) {
	l.client.Publish(topic, 0, false, payload)
}

// Subscribe asks for topics with QoS 1 and waits for the broker's answer, which may be
// that it allows none of them.
func (l *Link) Subscribe(ctx context.Context, h Handler, filters ...string) error {
	return l.confirmed(ctx, []paho.Token{l.client.SubscribeMultiple(withQoS(1, filters), h.paho())})
}

// SubscribeAllowed is Subscribe with a QoS for filters of which the broker has to allow each:
// else the error is a Failure with Refused.
func (l *Link) SubscribeAllowed(ctx context.Context, h Handler, qos byte, filters ...string) error {
	token := l.client.SubscribeMultiple(withQoS(qos, filters), h.paho())
	if err := l.confirmed(ctx, []paho.Token{token}); err != nil {
		return err
	}
	sub, ok := token.(*paho.SubscribeToken)
	for _, filter := range filters {
		if ok && sub.Result()[filter] == refusedFilter {
			return &Failure{Refused, "let this user read bauta/#", fmt.Errorf("the broker does not allow to read %s", filter)}
		}
	}
	return nil
}

func withQoS(qos byte, filters []string) map[string]byte {
	all := map[string]byte{}
	for _, f := range filters {
		all[f] = qos
	}
	return all
}

func (l *Link) confirmed(ctx context.Context, tokens []paho.Token) error {
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

// Gone is closed when the connection was lost; Err is why, from then on.
func (l *Link) Gone() <-chan struct{} { return l.gone }

// Err is why the connection was lost; it may be called once Gone is closed.
func (l *Link) Err() error { return l.err }

// Cut ends the connection without a word; it never waits. Leave or Abort are still due.
func (l *Link) Cut() { _ = l.conn.Close() }

// Leave ends the link in order: the broker keeps the last will to itself.
func (l *Link) Leave() {
	l.client.Disconnect(uint(leaveLimit.Milliseconds()))
	l.Cut()
}

// Abort cuts the connection, so that the broker sends the last will. What paho still
// wants to send fails at once, and its goroutines end.
func (l *Link) Abort() {
	l.Cut()
	l.client.Disconnect(uint(leaveLimit.Milliseconds()))
}

// once connects to the first of the brokers of cfg that answers, for what leaves nothing behind.
func once(ctx context.Context, cfg Config, clientID string) (*Link, error) {
	r, err := NewRotation(cfg)
	if err != nil {
		return nil, fmt.Errorf("mqtt: %w", err)
	}
	l, err := r.first(func(s *Server) (*Link, error) { return s.Connect(ctx, Session{ClientID: clientID}) })
	if f := (*Failure)(nil); errors.As(err, &f) && f.Reason == BadFile {
		return nil, f.Err // there is no next try at which the file is read again
	}
	return l, err
}

// Pass connects, leaves one message at the broker of cfg, retained or not, and returns when it
// has it; where several are named, at the first that answers, and a retained one at each that
// does: not every cluster gives its other nodes what one of them keeps. Errors say what to do.
func Pass(ctx context.Context, cfg Config, clientID string, retained bool, m Message) error {
	if retained {
		return passToAll(ctx, cfg, clientID, m)
	}
	l, err := once(ctx, cfg, clientID)
	if err != nil {
		return err
	}
	defer l.Leave()
	return l.send(ctx, []Message{m}, false)
}

// passToAll fails where none of the brokers has taken the message.
func passToAll(ctx context.Context, cfg Config, clientID string, m Message) error {
	all, err := NewRotation(cfg)
	if err != nil {
		return fmt.Errorf("mqtt: %w", err)
	}
	errs := make([]error, len(all.Servers()))
	var passing sync.WaitGroup
	for i, s := range all.Servers() {
		passing.Go(func() {
			l, err := once(ctx, s.cfg, fmt.Sprintf("%s%d", clientID, i))
			if err == nil {
				err = l.Retain(ctx, []Message{m})
				l.Leave()
			}
			errs[i] = err
		})
	}
	passing.Wait()
	if slices.Contains(errs, nil) {
		return nil
	}
	if len(errs) == 1 {
		return errs[0]
	}
	return fmt.Errorf("none of the brokers: %w", errors.Join(errs...))
}

// keptWithin is how long a broker has to send what it keeps.
const keptWithin = 3 * time.Second

// Kept connects, reads what the broker of cfg keeps at a topic without wildcards, and returns
// it; empty where it keeps nothing. Of several brokers the first that answers is asked. Errors say what to do.
func Kept(ctx context.Context, cfg Config, clientID, topic string) (payload string, err error) {
	l, err := once(ctx, cfg, clientID)
	if err != nil {
		return "", err
	}
	defer l.Leave()
	got := make(chan string, 1)
	err = l.SubscribeAllowed(ctx, func(m Received) {
		select {
		case got <- string(m.Payload()):
		default: // the first is enough
		}
	}, 1, topic)
	if err != nil {
		return "", err
	}
	select {
	case payload = <-got:
	case <-time.After(keptWithin):
	case <-l.Gone():
		err = l.Err()
	case <-ctx.Done():
		err = ctx.Err()
	}
	return payload, err
}
