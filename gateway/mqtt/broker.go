package mqtt

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/bauta-gateway/bauta/gateway/media"
	"github.com/bauta-gateway/bauta/gateway/ports"
)

// The embedded broker's bounds: it serves one box.
const (
	maxGuests     = 64
	maxPacket     = 64 << 10 // bytes
	maxWaiting    = 1024     // messages for one slow subscriber; more are lost to it
	deadSession   = 600      // seconds that a persistent session outlives its connection
	sysTopicsRest = 24 * 3600
)

// broker is the embedded MQTT broker: anyone on this box may read, only the
// gateway may tell how the gateway is.
type broker struct {
	server *mochi.Server
	gate   *gate
	rules  *rules
}

// startBroker listens on a loopback address.
func startBroker(want ports.Want, gateway, ownID string) (*broker, error) {
	ln, err := ports.TCP(want)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &failure{PortBusy, "or set mqtt.broker", fmt.Errorf("the embedded broker cannot start: %w", err)}
	}
	if err != nil {
		return nil, &failure{NoListen, "set another mqtt.embedded_address", fmt.Errorf("the embedded broker cannot start: %w", err)}
	}
	b := &broker{gate: newGate(ln, maxGuests), rules: newRules(gateway, ownID)}
	if err := b.serve(); err != nil {
		ln.Close()
		return nil, &failure{NoListen, "report this with the log", fmt.Errorf("the embedded broker cannot start: %w", err)}
	}
	return b, nil
}

func (b *broker) serve() error {
	limits := mochi.NewDefaultServerCapabilities()
	limits.MaximumClients = maxGuests
	limits.MaximumPacketSize = maxPacket
	limits.MaximumClientWritesPending = maxWaiting
	limits.MaximumInflight = maxWaiting
	limits.MaximumSessionExpiryInterval = deadSession
	limits.TopicAliasMaximum = 0 // an alias would hide a topic from the rules
	b.server = mochi.New(&mochi.Options{
		Capabilities: limits,
		// What strangers send stays out of the log.
		Logger:                 slog.New(slog.DiscardHandler),
		SysTopicResendInterval: sysTopicsRest,
	})
	if err := b.server.AddHook(b.rules, nil); err != nil {
		return err
	}
	if err := b.server.AddListener(b.gate); err != nil {
		return err
	}
	return b.server.Serve()
}

func (b *broker) addr() string { return b.gate.Address() }

// close ends all connections and waits for that.
func (b *broker) close() { b.server.Close() }

// drain waits until every reader of the status has heard the farewell, so
// that none loses its connection first; not longer than limit, for the slow ones.
func (b *broker) drain(limit time.Duration) {
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	for !b.allHeard() {
		select {
		case <-b.rules.news:
		case <-deadline.C:
			return
		}
	}
}

func (b *broker) allHeard() bool {
	for id := range b.server.Topics.Subscribers(b.rules.topics.status()).Subscriptions {
		cl, ok := b.server.Clients.Get(id)
		if _, heard := b.rules.heard.Load(id); ok && !cl.Closed() && !heard {
			return false
		}
	}
	return true
}

// rules are the embedded broker's access rules. The gateway's own client is
// known by its client ID, which nobody else can use without the secret.
type rules struct {
	mochi.HookBase
	topics  topics
	gateway string
	ownID   string
	secret  string
	refused atomic.Uint64
	heard   sync.Map      // IDs of the clients that the farewell was sent to
	news    chan struct{} // someone heard it, or left

	// retained guards the server's index of retained messages, which it
	// reads for a new subscriber without a lock of its own.
	retained sync.RWMutex
}

const ownUser = "gateway"

func newRules(gateway, ownID string) *rules {
	return &rules{topics: topicsOf(gateway), gateway: gateway, ownID: ownID, secret: rand.Text(), news: make(chan struct{}, 1)}
}

// ID names the hook.
func (r *rules) ID() string { return "bauta-rules" }

// Provides names the events that the rules hang on.
func (r *rules) Provides(b byte) bool {
	switch b {
	case mochi.OnConnectAuthenticate, mochi.OnACLCheck, mochi.OnPublish, mochi.OnWill, mochi.OnRetainMessage,
		mochi.OnSubscribe, mochi.OnPacketProcessed, mochi.OnPacketSent, mochi.OnDisconnect:
		return true
	}
	return false
}

// OnConnectAuthenticate lets everyone in, but not in the gateway's name. The
// server publishes a last will unasked, so one that its owner could not
// publish is taken away here.
func (r *rules) OnConnectAuthenticate(cl *mochi.Client, pk packets.Packet) bool {
	if cl.ID == r.ownID {
		ok := string(pk.Connect.Username) == ownUser && subtle.ConstantTimeCompare(pk.Connect.Password, []byte(r.secret)) == 1
		return ok || r.refuse()
	}
	if w := cl.Properties.Will; w.Flag != 0 && (w.Retain || !r.mayWrite(cl, w.TopicName)) {
		cl.Properties.Will = mochi.Will{}
		r.refuse()
	}
	return true
}

// OnACLCheck decides on one topic or filter.
func (r *rules) OnACLCheck(cl *mochi.Client, topic string, write bool) bool {
	if write {
		return r.mayWrite(cl, topic) || r.refuse()
	}
	return !strings.HasPrefix(topic, "$")
}

func (r *rules) refuse() bool {
	r.refused.Add(1)
	return false
}

// mayWrite: strangers may ask for more masking and pass on what an issuer
// signed, nothing else.
func (r *rules) mayWrite(cl *mochi.Client, topic string) bool {
	if cl.ID == r.ownID {
		return strings.HasPrefix(topic, r.topics.prefix) || strings.HasPrefix(topic, discoveryPrefix+r.gateway)
	}
	if topic == birthTopic {
		return true // all it does is have the discovery sent again
	}
	if _, ok := revocationID(topic); ok {
		return true
	}
	rest, ok := strings.CutPrefix(topic, r.topics.prefix+"camera/")
	camera, isMask := strings.CutSuffix(rest, "/mask/set")
	_, err := media.ParseCameraID(camera)
	return ok && isMask && err == nil
}

// OnPublish keeps strangers' messages from staying: a retained command would
// come again after each reconnect.
func (r *rules) OnPublish(cl *mochi.Client, pk packets.Packet) (packets.Packet, error) {
	if cl.ID != r.ownID {
		pk.FixedHeader.Retain = false
	}
	if pk.FixedHeader.Retain {
		r.retained.Lock() // until OnRetainMessage, which follows at once
	}
	return pk, nil
}

// OnWill is for a last will what OnPublish is for a message. Strangers have no
// retained one.
func (r *rules) OnWill(_ *mochi.Client, will mochi.Will) (mochi.Will, error) {
	if will.Retain {
		r.retained.Lock()
	}
	return will, nil
}

// OnRetainMessage comes after each retained message is in the index.
func (r *rules) OnRetainMessage(*mochi.Client, packets.Packet, int64) { r.retained.Unlock() }

// OnSubscribe comes before a subscriber is given the retained messages. The
// server counts what a reader of MQTT 5 has not confirmed in a way that can
// lock up; such readers get everything once, as TCP delivers it.
func (r *rules) OnSubscribe(cl *mochi.Client, pk packets.Packet) packets.Packet {
	r.retained.RLock() // until OnPacketProcessed; a deaf reader is cut off before that
	if cl.Properties.ProtocolVersion >= 5 {
		for i := range pk.Filters {
			pk.Filters[i].Qos = 0
		}
	}
	return pk
}

// OnPacketProcessed ends what OnSubscribe began.
func (r *rules) OnPacketProcessed(_ *mochi.Client, pk packets.Packet, _ error) {
	if pk.FixedHeader.Type == packets.Subscribe {
		r.retained.RUnlock()
	}
}

// OnPacketSent notes who has heard that the gateway goes.
func (r *rules) OnPacketSent(cl *mochi.Client, pk packets.Packet, _ []byte) {
	if pk.FixedHeader.Type == packets.Publish && pk.TopicName == r.topics.status() && string(pk.Payload) == offline {
		r.heard.Store(cl.ID, nil)
		r.tell()
	}
}

// OnDisconnect notes that there is one less to wait for.
func (r *rules) OnDisconnect(*mochi.Client, error, bool) { r.tell() }

func (r *rules) tell() {
	select {
	case r.news <- struct{}{}:
	default:
	}
}
