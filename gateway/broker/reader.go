package broker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/gateway/backoff"
)

// window is how many subscriptions may wait for their receipt. Brokers drop
// what they have to send beyond some 1000 messages, so a reader of very many
// retained ones asks for them bit by bit.
const window = 16

// Reader reads topics at a broker. It publishes nothing, has no last will and
// leaves no session behind. Its methods may be called from any goroutine.
type Reader struct {
	brokers  *Rotation // Run's alone
	log      *slog.Logger
	tooLarge atomic.Uint64

	mu       sync.Mutex
	followed map[string][]string
	orders   []order       // for the present connection
	due      chan struct{} // holds one: there are orders
}

// order is to subscribe to filters, or to leave them.
type order struct {
	filters []string
	leave   bool
}

// Subscriber takes what a Reader receives, all of it from one goroutine at a time. It
// must be quick. No lock of the Reader is held meanwhile: it may call Follow and Leave.
type Subscriber struct {
	// Receive takes a message; its payload is the taker's.
	Receive func(topic string, payload []byte)
	// Connection takes each change of the connection: the reason is empty when
	// connected, and what says why not is English, for people.
	Connection func(r Reason, why string)
}

// NewReader checks cfg; nothing is read before Run.
func NewReader(cfg Config, log *slog.Logger) (*Reader, error) {
	brokers, err := NewRotation(cfg)
	if err != nil {
		return nil, fmt.Errorf("mqtt: %w", err)
	}
	return &Reader{brokers: brokers, log: log, followed: map[string][]string{}, due: make(chan struct{}, 1)}, nil
}

// Follow has filters read from now on, over reconnects too, under a name by
// which Leave ends it. It does not wait. How many there are is the caller's to bound.
func (r *Reader) Follow(name string, filters ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.followed[name] == nil {
		r.followed[name] = filters
		r.give(order{filters: filters})
	}
}

// Leave ends Follow.
func (r *Reader) Leave(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if filters := r.followed[name]; filters != nil {
		delete(r.followed, name)
		r.give(order{filters, true})
	}
}

func (r *Reader) give(o order) {
	r.orders = append(r.orders, o)
	select {
	case r.due <- struct{}{}:
	default: // the connection has not taken the last ones yet
	}
}

// begin makes the orders of a new connection.
func (r *Reader) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.orders = nil
	for _, filters := range r.followed {
		r.give(order{filters: filters})
	}
}

func (r *Reader) take() []order {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.orders
	r.orders = nil
	return out
}

// TooLarge counts packets that were too large to be taken.
func (r *Reader) TooLarge() uint64 { return r.tooLarge.Load() }

// Run connects, subscribes and reads until ctx ends, and tries again for as
// long as it takes.
func (r *Reader) Run(ctx context.Context, filters []string, to Subscriber) {
	if host, exposed := r.brokers.Exposed(); exposed {
		r.log.Warn("the broker's login crosses the network unencrypted: use ssl://", "broker", host)
	}
	for ctx.Err() == nil {
		began := time.Now()
		s := r.brokers.Next()
		f := r.session(ctx, s, filters, to)
		if ctx.Err() != nil {
			return
		}
		to.Connection(f.Reason, f.Error())
		d := r.brokers.Pause(s, f.Reason, time.Since(began))
		r.log.Warn("the broker is not read", "reason", f.Reason, "error", f, "next_try", d.Round(time.Millisecond))
		backoff.Sleep(ctx, d)
	}
}

func (r *Reader) session(ctx context.Context, s *Server, filters []string, to Subscriber) *Failure {
	l, err := s.Connect(ctx, Session{
		ClientID: "bauta-" + consent.NewID()[:16],
		TooLarge: func(int) { r.tooLarge.Add(1) },
		Received: func(m Received) { to.Receive(m.Topic(), m.Payload()) },
	})
	if err != nil {
		return Explain(err, s.Host())
	}
	to.Connection("", "")
	r.log.Info("the broker is read", "broker", s.Host(), "tls", s.TLS())
	r.begin()
	if err = subscribeTo(ctx, l, filters); err == nil {
		err = r.follow(ctx, l)
	}
	if ctx.Err() != nil {
		l.Leave()
		return nil
	}
	l.Abort()
	if f := (*Failure)(nil); errors.As(err, &f) {
		return f
	}
	return &Failure{Lost, "", fmt.Errorf("lost the connection to the broker at %s: %w", s.Host(), err)}
}

// subscribeTo asks for filters and wants them allowed. QoS 0: every state is
// repeated with the heartbeat, and a reader that confirms nothing cannot be
// held up by what it skips.
func subscribeTo(ctx context.Context, l *Link, filters []string) error {
	for _, filter := range filters {
		if err := l.SubscribeAllowed(ctx, nil, 0, filter); err != nil {
			return err
		}
	}
	return nil
}

// follow carries orders out until the connection or ctx ends.
func (r *Reader) follow(ctx context.Context, l *Link) error {
	var waiting []paho.Token
	for {
		for _, o := range r.take() {
			waiting = append(waiting, carryOut(l, o))
			if len(waiting) < window {
				continue
			}
			if err := l.confirmed(ctx, waiting[:1]); err != nil {
				return err
			}
			waiting = waiting[1:]
		}
		select {
		case <-r.due:
		case <-l.gone:
			return l.err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func carryOut(l *Link, o order) paho.Token {
	if o.leave {
		return l.client.Unsubscribe(o.filters...)
	}
	return l.client.SubscribeMultiple(withQoS(0, o.filters), nil)
}
