package mqtt

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/config/consent"
)

// MaxHeard is the largest packet that is taken from a broker, in bytes; what
// gateways and issuers send is below 8 KiB.
const MaxHeard = 64 << 10

// window is how many subscriptions may wait for their receipt. Brokers drop
// what they have to send beyond some 1000 messages, so a reader of very many
// retained ones asks for them bit by bit.
const window = 16

// Reader hears topics at a broker. It publishes nothing, has no last will and
// leaves no session behind.
type Reader struct {
	end     endpoint
	log     *slog.Logger
	skipped atomic.Uint64

	mu       sync.Mutex
	followed map[string][]string
	orders   []order       // for the present connection
	poke     chan struct{} // holds one: there are orders
}

// order is to subscribe to filters, or to leave them.
type order struct {
	filters []string
	leave   bool
}

// Ear is what a Reader tells, all of it from one goroutine at a time. It must be quick.
type Ear struct {
	// Heard takes a message; its payload is the taker's.
	Heard func(topic string, payload []byte)
	// Link takes each change of the connection: the reason is empty when
	// connected, and what says why not is English, for people.
	Link func(r Reason, why string)
}

// NewReader checks cfg, of which the broker, the login and the files count.
func NewReader(cfg Config, log *slog.Logger) (*Reader, error) {
	cfg.Gateway = "reader"
	if cfg.Broker == "" {
		return nil, errors.New("mqtt: no broker named: write tcp://host:1883 or ssl://host:8883")
	}
	end, err := cfg.check()
	if err != nil {
		return nil, fmt.Errorf("mqtt: %w", err)
	}
	return &Reader{end: end, log: log, followed: map[string][]string{}, poke: make(chan struct{}, 1)}, nil
}

// Follow has filters heard from now on, over reconnects too, under a name by
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
	case r.poke <- struct{}{}:
	default: // the connection has not looked since the last one
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

// Skipped counts packets that were too large to be taken.
func (r *Reader) Skipped() uint64 { return r.skipped.Load() }

// Run connects, subscribes and hears until ctx ends, and tries again for as
// long as it takes.
func (r *Reader) Run(ctx context.Context, filters []string, ear Ear) {
	if r.end.exposed() {
		r.log.Warn("the broker's login crosses the network unencrypted: use ssl://", "broker", r.end.host)
	}
	for failures := 0; ctx.Err() == nil; failures++ {
		began := time.Now()
		f := r.session(ctx, filters, ear)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) >= steady {
			failures = 0
		}
		ear.Link(f.reason, f.Error())
		d := pause(f.reason, failures, rand.Float64())
		r.log.Warn("the broker is not heard", "reason", f.reason, "error", f, "next_try", d.Round(time.Millisecond))
		select {
		case <-time.After(d):
		case <-ctx.Done():
		}
	}
}

func (r *Reader) session(ctx context.Context, filters []string, ear Ear) *failure {
	t := target{host: r.end.host, clientID: "bauta-" + consent.NewID()[:16], dial: r.end.Dial, skip: func(int) { r.skipped.Add(1) }}
	var err error
	if t.tls, err = r.end.tlsConfig(); err == nil {
		t.user, t.password, err = r.end.login()
	}
	if err != nil {
		return &failure{BadFile, "the file is read again at the next try", err}
	}
	t.heard = func(_ paho.Client, m paho.Message) { ear.Heard(m.Topic(), m.Payload()) }
	l, err := connect(ctx, t)
	if err != nil {
		return explain(err, t.host)
	}
	ear.Link("", "")
	r.log.Info("the broker is heard", "broker", t.host, "tls", t.tls != nil)
	r.begin()
	if err = subscribeTo(ctx, l, filters); err == nil {
		err = r.follow(ctx, l)
	}
	if ctx.Err() != nil {
		l.leave()
		return nil
	}
	l.abort()
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	return &failure{Lost, "", fmt.Errorf("lost the connection to the broker at %s: %w", t.host, err)}
}

// subscribeTo asks for filters and wants them allowed. QoS 0: every state is
// repeated with the heartbeat, and a reader that confirms nothing cannot be
// held up by what it skips.
func subscribeTo(ctx context.Context, l *link, filters []string) error {
	for _, filter := range filters {
		token := l.client.Subscribe(filter, 0, nil)
		if err := l.confirmed(ctx, []paho.Token{token}); err != nil {
			return err
		}
		if sub, ok := token.(*paho.SubscribeToken); ok && sub.Result()[filter] == refusedFilter {
			return &failure{Refused, "let this user read bauta/#", fmt.Errorf("the broker does not allow to read %s", filter)}
		}
	}
	return nil
}

// follow carries orders out until the connection or ctx ends.
func (r *Reader) follow(ctx context.Context, l *link) error {
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
		case <-r.poke:
		case <-l.gone:
			return l.err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func carryOut(l *link, o order) paho.Token {
	if o.leave {
		return l.client.Unsubscribe(o.filters...)
	}
	all := map[string]byte{}
	for _, f := range o.filters {
		all[f] = 0
	}
	return l.client.SubscribeMultiple(all, nil)
}

// maxHeader is the type and the length of a packet (MQTT 3.1.1, section 2.2).
const maxHeader = 5

// capped is a connection on which packets above a size are left out: MQTT
// 3.1.1 cannot tell a broker how much one takes, and paho would allocate up
// to 256 MiB for each. A message among them that wants a receipt gets it, or the
// broker would hold those after it back.
type capped struct {
	net.Conn
	in      *bufio.Reader
	largest int
	skip    func(bytes int)

	head []byte // of the packet at hand, yet to be given
	body int    // its bytes yet to be given
}

func newCapped(c net.Conn, largest int, skip func(bytes int)) *capped {
	return &capped{Conn: c, in: bufio.NewReaderSize(c, 64<<10), largest: largest, skip: skip}
}

// Read gives the next bytes of packets that are small enough.
func (c *capped) Read(b []byte) (int, error) {
	for len(c.head) == 0 && c.body == 0 {
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	if len(c.head) > 0 {
		n := copy(b, c.head)
		c.head = c.head[n:]
		return n, nil
	}
	n, err := c.in.Read(b[:min(len(b), c.body)])
	c.body -= n
	return n, err
}

// next reads a header and passes over the packet if it is too large.
func (c *capped) next() error {
	head := make([]byte, 1, maxHeader)
	if _, err := io.ReadFull(c.in, head); err != nil {
		return err
	}
	length := 0
	for shift := 0; ; shift += 7 {
		digit, err := c.in.ReadByte()
		if err != nil {
			return err
		}
		head = append(head, digit)
		length |= int(digit&127) << shift
		if digit < 128 {
			break
		}
		if len(head) == maxHeader {
			return errors.New("the broker sent a packet of no valid length")
		}
	}
	if length > c.largest {
		return c.pass(head[0], length)
	}
	c.head, c.body = head, length
	return nil
}

// The first byte of a PUBLISH with QoS 1, without its flags, and of its receipt
// (MQTT 3.1.1, sections 3.3 and 3.4).
const (
	publishQoS1 = 0x32
	publishMask = 0xf6
	puback      = 0x40
)

// pass reads over a packet of so many bytes.
func (c *capped) pass(kind byte, length int) error {
	c.skip(length)
	if kind&publishMask != publishQoS1 {
		_, err := c.in.Discard(length)
		return err
	}
	var two [2]byte
	if _, err := io.ReadFull(c.in, two[:]); err != nil {
		return err
	}
	topic := int(binary.BigEndian.Uint16(two[:]))
	if topic+4 > length {
		return errors.New("the broker sent a topic that is longer than its packet")
	}
	if _, err := c.in.Discard(topic); err != nil {
		return err
	}
	if _, err := io.ReadFull(c.in, two[:]); err != nil {
		return err
	}
	if _, err := c.in.Discard(length - topic - 4); err != nil {
		return err
	}
	_, err := c.Conn.Write([]byte{puback, 2, two[0], two[1]}) // whole, beside what paho writes
	return err
}
