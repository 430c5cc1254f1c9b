package mqtt

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/gateway/backoff"
	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/ports"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// offlineLimit bounds the final messages; drainLimit the time in which the readers
	// at the embedded broker receive them.
	offlineLimit = 2 * time.Second
	drainLimit   = time.Second
	// retainedWithin is how long a broker has to send what it keeps.
	retainedWithin = time.Second
)

// Publisher sends the gateway's states. Its methods may be called from any
// goroutine, before Start and after Close too, and none but Close waits.
type Publisher struct {
	end    endpoint
	topics topics.Gateway
	log    *slog.Logger
	states *stateCache
	ask    chan struct{} // holds one: all about consents is wanted
	said   chan consentMessage

	warnings   connlimit.LogLimiter
	outboxRest time.Time      // the outbox fails: not before; the run's alone
	tries      broker.Retries // at the embedded broker; the run's alone
	// commandsRefused: the broker does not let the gateway read its own topics; the run's alone.
	commandsRefused bool

	start  sync.Once
	cancel context.CancelFunc
	done   chan struct{}

	mu     sync.Mutex
	state  State
	broker *embedded // nil without an embedded broker that listens
	info   *Info     // nil: not said yet
	names  map[media.CameraID]string
	levels map[media.CameraID]Level
}

// State reports how the connection is. It holds no credential.
type State struct {
	// Connected: the broker has taken the login and gets the states.
	Connected bool
	// Reason is why not, for programs; empty when Connected.
	Reason broker.Reason
	// Text is why not and what to do about it, in English, for people; when Connected,
	// what the broker refuses the gateway.
	Text string
	// Broker is the host:port of the broker in use, or tried last; empty: none yet.
	Broker string
	// Since is when Connected or Reason last changed.
	Since time.Time
	// NextTry is when the next try begins or began; zero when Connected.
	NextTry time.Time
	// Connects counts logins that succeeded.
	Connects uint64
	// MetricsDropped counts metrics that were never sent: no connection, no
	// such camera, or a newer one came first. StatesDropped counts
	// states refused because of too many cameras.
	MetricsDropped, StatesDropped uint64
	// SnapshotsDropped counts pictures that were never sent: no connection, no such camera, or
	// more than MaxSnapshot bytes.
	SnapshotsDropped uint64
	// ConsentsDropped counts what was to be said about consents and found no room.
	ConsentsDropped uint64
	// Refused counts what the embedded broker did not let strangers do,
	// CommandsRefused what came as a command and was none.
	Refused, CommandsRefused uint64
	// TooLarge counts messages that were passed over because they had more
	// than broker.MaxReceived bytes.
	TooLarge uint64
	// Events counts events that a broker has confirmed.
	Events uint64
}

// New checks cfg; nothing runs before Start. An error means that cfg can never
// work and says what to change. A broker that is away is no error.
func New(cfg Config, log *slog.Logger) (*Publisher, error) {
	end, err := cfg.check()
	if err != nil {
		return nil, fmt.Errorf("mqtt: %w", err)
	}
	t := end.prefix().Of(end.Gateway)
	p := &Publisher{end: end, topics: t, log: log, names: map[media.CameraID]string{}, levels: map[media.CameraID]Level{}, states: newStateCache(t.Status()), ask: make(chan struct{}, 1), said: make(chan consentMessage, maxSaid), done: make(chan struct{})}
	p.state = State{Reason: broker.Connecting, Since: time.Now()}
	p.states.set(broker.Message{Topic: t.Status(), Payload: topics.Online})
	return p, nil
}

// Start begins to connect, forever, until ctx ends or Close. It returns at
// once; the embedded broker listens by then, if it can. Further calls do nothing.
func (p *Publisher) Start(ctx context.Context) {
	p.start.Do(func() {
		ctx, p.cancel = context.WithCancel(ctx)
		if host, exposed := p.end.exposed(); exposed {
			p.log.Warn("logins at the broker cross the network unencrypted: use ssl://, or give the embedded broker a certificate", "broker", host)
		}
		_ = p.ensureBroker() // the first session tries again and reports
		go p.run(ctx)
	})
}

// Close says offline to the broker, disconnects and returns when everything
// has ended, after a few seconds at most. Further calls do nothing.
func (p *Publisher) Close() {
	p.start.Do(func() { close(p.done) }) // never started: never to be
	if p.cancel != nil {
		p.cancel()
	}
	<-p.done
}

// SetInfo sets what bauta/<gw>/info says.
func (p *Publisher) SetInfo(i Info) {
	p.inform(func() { p.info = &i })
}

// NameCamera sets what people call a camera: in info, and in Home Assistant instead of the id that
// topics are made of.
func (p *Publisher) NameCamera(id media.CameraID, name string) {
	p.inform(func() { p.names[id] = name })
}

// inform publishes what is said of the gateway, once anything is.
func (p *Publisher) inform(change func()) {
	p.mu.Lock()
	change()
	if p.info == nil {
		p.mu.Unlock()
		return
	}
	info, payload := *p.info, mustJSON(infoPayload{*p.info, p.end.Heartbeat.Seconds(), p.names})
	p.mu.Unlock()
	p.states.set(state(p.topics.Info(), payload))
	p.announceGateway(info)
}

// SetWatchdog sets what bauta/<gw>/watchdog says.
func (p *Publisher) SetWatchdog(w Watchdog) {
	p.states.set(state(p.topics.Watchdog(), mustJSON(w)))
}

// SetAnchor sets what bauta/<gw>/anchor says.
func (p *Publisher) SetAnchor(payload []byte) {
	p.states.set(state(p.topics.Anchor(), payload))
}

// SetCamera sets a camera's availability and protection. Online means that the
// camera sends frames. Values that did not change are not sent again before
// the next heartbeat.
func (p *Publisher) SetCamera(id media.CameraID, isOnline bool, protection media.Protection) {
	if _, err := media.ParseCameraID(string(id)); err != nil {
		p.log.Error("camera without MQTT states", "error", err)
		return
	}
	if !protection.Known() {
		protection = media.UnknownProtection
	}
	ok := p.states.set(p.level(id),
		state(p.topics.Camera(id, topics.Availability), []byte(onlineWord(isOnline))),
		state(p.topics.Camera(id, topics.Protection), []byte(protection)))
	if ok {
		p.states.know(id, p.topics.Camera(id, topics.Metrics))
		p.announceCamera(id)
	}
}

// SetLevel sets what commands hide of a camera; empty: nothing. It is published once SetCamera has
// made the camera known.
func (p *Publisher) SetLevel(id media.CameraID, level Level) {
	p.mu.Lock()
	p.levels[id] = level
	p.mu.Unlock()
	if p.states.knows(id) {
		p.states.set(p.level(id))
	}
}

func (p *Publisher) level(id media.CameraID) broker.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return state(p.topics.Camera(id, topics.Mask), []byte(cmp.Or(p.levels[id], LevelNone)))
}

// RemoveCamera clears a camera's retained topics at the broker: first its discovery, or Home
// Assistant would take the empty states for states.
func (p *Publisher) RemoveCamera(id media.CameraID) {
	p.inform(func() { delete(p.names, id); delete(p.levels, id) })
	p.states.forget(id)
	p.states.clearAfter(p.end.assistant.Device(p.deviceID(string(id))),
		p.topics.Camera(id, topics.Availability), p.topics.Camera(id, topics.Protection), p.topics.Camera(id, topics.Mask))
}

// Cameras are those that SetCamera has made known.
func (p *Publisher) Cameras() []media.CameraID {
	p.states.mu.Lock()
	defer p.states.mu.Unlock()
	return slices.Sorted(maps.Keys(p.states.metrics))
}

// ForgetCamera clears a camera's topics that an earlier Publisher set.
func (p *Publisher) ForgetCamera(id media.CameraID) {
	p.SetCamera(id, false, media.UnknownProtection)
	p.RemoveCamera(id)
}

// Metrics sends the figures of a camera that SetCamera has made known.
func (p *Publisher) Metrics(id media.CameraID, m Metrics) {
	p.states.measure(id, m.payload())
}

// tooLarge counts a message that was passed over, and logs it now and then.
func (p *Publisher) tooLarge(bytes int) {
	p.mu.Lock()
	p.state.TooLarge++
	p.mu.Unlock()
	if muted, ok := p.warnings.Allow("broker"); ok {
		p.log.Warn("the broker sent a message that is too large: it was passed over", "bytes", bytes, "limit", broker.MaxReceived, "muted", muted)
	}
}

// State reports how the connection is right now.
func (p *Publisher) State() State {
	p.mu.Lock()
	s, b := p.state, p.broker
	p.mu.Unlock()
	lost := p.states.losses()
	s.MetricsDropped, s.StatesDropped = lost.metrics, lost.states
	if b != nil {
		s.Refused = b.rules.refused.Load()
	}
	return s
}

// run owns the connection and the embedded broker.
func (p *Publisher) run(ctx context.Context) {
	defer close(p.done)
	defer p.cancel()
	defer p.stop()
	for ctx.Err() == nil {
		began := time.Now()
		s, f := p.try(ctx)
		if ctx.Err() == nil {
			p.pause(ctx, f, p.rest(s, f.Reason, time.Since(began)))
		}
	}
}

// try is one connection; the server is nil where the embedded broker does not run.
func (p *Publisher) try(ctx context.Context) (*broker.Server, *broker.Failure) {
	s, err := p.server()
	if err != nil {
		return nil, broker.Explain(err, p.end.host())
	}
	p.mu.Lock()
	p.state.Broker = s.Host()
	p.mu.Unlock()
	return s, p.session(ctx, s)
}

// rest is how long to wait for the next try.
func (p *Publisher) rest(s *broker.Server, why broker.Reason, took time.Duration) time.Duration {
	if p.end.remote != nil {
		return p.end.remote.Pause(s, why, took)
	}
	return p.tries.Pause(why, took)
}

// pause notes why there is no connection and waits for the next try.
func (p *Publisher) pause(ctx context.Context, f *broker.Failure, d time.Duration) {
	if p.setState(false, f.Reason, f.Error(), time.Now().Add(d)) {
		p.log.Warn("mqtt is not connected", "reason", f.Reason, "error", f, "next_try", d.Round(time.Millisecond))
	}
	backoff.Sleep(ctx, d)
}

// session connects and publishes until the connection is lost, which it
// explains, or ctx ends.
func (p *Publisher) session(ctx context.Context, s *broker.Server) *broker.Failure {
	l, err := s.Connect(ctx, broker.Session{
		ClientID: p.clientID(), Durable: p.end.remote != nil, Received: p.queued, Receipts: true, TooLarge: p.tooLarge,
		Will: broker.Message{Topic: p.topics.Status(), Payload: topics.Offline},
	})
	if err != nil {
		return broker.Explain(err, s.Host())
	}
	p.connected(s)
	err = p.serve(ctx, l)
	if ctx.Err() != nil {
		p.sayOffline(l)
		return nil
	}
	l.Abort()
	return &broker.Failure{Reason: broker.Lost, Hint: "another gateway of the same name would cause this again and again", Err: fmt.Errorf("lost the connection to the broker at %s: %w", s.Host(), err)}
}

// serve subscribes and publishes until ctx ends or the link fails.
func (p *Publisher) serve(ctx context.Context, l *broker.Link) error {
	p.states.stale()
	if err := p.listen(ctx, l); err != nil {
		return err
	}
	p.states.setLive(true)
	defer p.states.setLive(false)
	p.AskConsents()
	return p.publish(ctx, l)
}

// server is the broker to connect to. The embedded one, which it starts where it does
// not run, is reached from within the process.
func (p *Publisher) server() (*broker.Server, error) {
	if p.end.remote != nil {
		return p.end.remote.Next(), nil
	}
	if err := p.ensureBroker(); err != nil {
		return nil, err
	}
	b := p.embedded()
	return broker.New(broker.Config{Address: "tcp://" + b.addr(), Dial: b.gate.Dial})
}

// clientID stays the same, so that a broker which has not missed us yet drops
// the old connection when the new one comes.
func (p *Publisher) clientID() string { return p.end.prefix().ClientID(p.end.Gateway) }

// publish sends what is due until ctx ends or the link fails.
func (p *Publisher) publish(ctx context.Context, l *broker.Link) error {
	beat := time.NewTicker(p.end.Heartbeat)
	defer beat.Stop()
	subs := newSubscriptions()
	defer subs.again.Stop()
	retained := time.NewTimer(retainedWithin)
	defer retained.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-l.Gone():
			return l.Err()
		case <-beat.C:
			p.states.beat()
		case <-retained.C:
			if err := p.receivedAll(ctx, l); err != nil {
				return err
			}
		case <-p.ask:
			if err := subs.ask(ctx, p, l); err != nil {
				return err
			}
		case <-subs.again.C:
			p.AskConsents()
		case m := <-p.said:
			if err := m.send(ctx, l); err != nil {
				return err
			}
		case <-p.states.wake:
			if err := p.flush(ctx, l); err != nil {
				return err
			}
		}
	}
}

// receivedAll says that all that the broker keeps has been received, after one more
// answer of its: what it sent before that, a slow host may not have read yet.
func (p *Publisher) receivedAll(ctx context.Context, l *broker.Link) error {
	if p.end.AnchorsReceived == nil {
		return nil
	}
	if err := l.Subscribe(ctx, p.receive, p.topics.Anchor()); err != nil {
		return err
	}
	p.end.AnchorsReceived()
	return nil
}

// flush sends the states due, then the metrics.
func (p *Publisher) flush(ctx context.Context, l *broker.Link) error {
	if err := p.sendStates(ctx, l); err != nil {
		return err
	}
	for _, m := range p.states.takeMetrics() {
		l.SendOnce(m.topic, m.payload)
	}
	p.sendSnapshots(l)
	return p.deliver(ctx, l)
}

// sendStates sends the states due, and returns once the broker has them.
func (p *Publisher) sendStates(ctx context.Context, l *broker.Link) error {
	ms := p.states.take()
	if err := l.Retain(ctx, ms); err != nil {
		return err
	}
	p.states.confirmed(ms)
	return nil
}

// sayOffline sends the last states, says offline and disconnects. A broker that
// does not answer any more is cut off.
func (p *Publisher) sayOffline(l *broker.Link) {
	cut := time.AfterFunc(offlineLimit, l.Cut)
	defer cut.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), offlineLimit)
	defer cancel()
	err := p.sendStates(ctx, l)
	if err == nil {
		p.states.hurry()
		err = l.Retain(ctx, append(p.states.take(), state(p.topics.Status(), []byte(topics.Offline))))
	}
	if err != nil {
		p.log.Debug("the broker did not take the final message", "error", err)
		l.Abort() // then its last will says it
		return
	}
	l.Leave()
	if b := p.embedded(); b != nil {
		b.drain(drainLimit)
	}
}

// ensureBroker starts the embedded broker where it is wanted and not running.
func (p *Publisher) ensureBroker() error {
	if p.end.remote != nil || p.embedded() != nil {
		return nil
	}
	conf, err := p.end.embeddedTLS()
	if err != nil {
		return err
	}
	b, err := startEmbedded(ports.Want{Addr: p.end.EmbeddedAddr, Setting: "mqtt.embedded_address", Next: p.end.NextPort}, conf, newRules(p.end, p.clientID(), p.log))
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.broker = b
	p.mu.Unlock()
	return nil
}

func (p *Publisher) embedded() *embedded {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.broker
}

func (p *Publisher) stop() {
	p.setState(false, Stopped, "", time.Time{})
	p.mu.Lock()
	b := p.broker
	p.broker = nil
	p.mu.Unlock()
	if b != nil {
		b.close()
	}
}

func (p *Publisher) connected(s *broker.Server) {
	p.setState(true, "", "", time.Time{})
	p.mu.Lock()
	p.state.Connects++
	p.mu.Unlock()
	p.log.Info("mqtt connected", "broker", s.Host(), "tls", s.TLS())
}

// setState reports whether it is another state, worth a line in the log.
func (p *Publisher) setState(connected bool, r broker.Reason, text string, next time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	changed := p.state.Connected != connected || p.state.Reason != r
	if changed {
		p.state.Since = time.Now()
	}
	p.state.Connected, p.state.Reason, p.state.Text, p.state.NextTry = connected, r, text, next
	return changed
}
