package mqtt

import (
	"cmp"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
	"github.com/mochi-mqtt/server/v2/system"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/topics"
)

// ownClients are this process's own: the publisher and the reader of the fleet
// page, each with one that is about to end.
const ownClients = 4

// rules are the embedded broker's access rules. The gateway's own clients are
// known by their connection, which nobody outside of the process can have.
type rules struct {
	mochi.HookBase
	topics  topics.Gateway
	prefix  topics.Prefix
	gateway string
	home    topics.Assistant
	// snapshots: pictures leave; else nobody can publish one.
	snapshots bool
	ownID     string
	login     func(user, password string) (topics.May, bool) // nil: there are none
	log       *slog.Logger
	warnings  connlimit.LogLimiter
	refused   atomic.Uint64
	informed  sync.Map      // IDs of the clients that the final message was sent to
	changed   chan struct{} // one more was informed, or left

	clients     *mochi.Clients
	info        *system.Info
	unsubscribe func(*mochi.Client)

	retained retainedMessages
}

func newRules(e endpoint, ownID string, log *slog.Logger) *rules {
	return &rules{topics: e.prefix().Of(e.Gateway), prefix: e.prefix(), gateway: e.Gateway, home: e.assistant, snapshots: e.Snapshots, ownID: ownID, login: e.Login, log: log, changed: make(chan struct{}, 1)}
}

// ID names the hook.
func (r *rules) ID() string { return "bauta-rules" }

// Provides names the events that the rules hang on.
func (r *rules) Provides(b byte) bool {
	switch b {
	case mochi.OnConnectAuthenticate, mochi.OnACLCheck, mochi.OnPublish, mochi.OnRetainMessage,
		mochi.OnSubscribe, mochi.OnPacketProcessed, mochi.OnPacketSent, mochi.OnDisconnect:
		return true
	}
	return false
}

// of is a client's connection.
func of(cl *mochi.Client) *brokerConn {
	g, _ := cl.Net.Conn.(*brokerConn)
	return g
}

// OnConnectAuthenticate lets in who has a login, and others from this host, but
// nobody in the gateway's name. The server publishes a last will unasked, so
// one that its owner could not publish is taken away here.
func (r *rules) OnConnectAuthenticate(cl *mochi.Client, pk packets.Packet) bool {
	g := of(cl)
	switch {
	case g == nil:
		return false
	case g.inside:
		return true
	case cl.ID == r.ownID, !r.admit(g, pk.Connect), r.other(cl), !g.counted.Busy():
		return r.refuse(g, "login")
	}
	r.makeRoom(cl.ID)
	if w := cl.Properties.Will; w.Flag != 0 && (w.Retain || !r.mayWrite(cl, w.TopicName)) {
		cl.Properties.Will = mochi.Will{}
		r.refuse(g, "last will")
	}
	return true
}

// admit proves a login. Without one a client of this host may read.
func (r *rules) admit(g *brokerConn, c packets.ConnectParams) bool {
	if !c.UsernameFlag && !c.PasswordFlag {
		g.may = topics.MayRead
		return g.local()
	}
	if r.login == nil {
		return false
	}
	may, ok := r.login(string(c.Username), string(c.Password))
	g.may = may
	return ok
}

// other reports whether somebody else has the client ID: to take it would end
// that connection, or get what waits for it.
func (r *rules) other(cl *mochi.Client) bool {
	was, there := r.clients.Get(cl.ID)
	return there && string(was.Properties.Username) != string(cl.Properties.Username)
}

// makeRoom forgets the sessions that have been without a connection for
// longest, where there are too many.
func (r *rules) makeRoom(id string) {
	all := r.clients.GetAll()
	if _, known := all[id]; known || len(all) < MaxSessions {
		return
	}
	var left []*mochi.Client
	for _, cl := range all {
		if cl.StopTime() != 0 {
			left = append(left, cl)
		}
	}
	slices.SortFunc(left, func(x, y *mochi.Client) int { return cmp.Compare(x.StopTime(), y.StopTime()) })
	for _, cl := range left[:min(len(left), len(all)-MaxSessions+1)] {
		r.unsubscribe(cl)
		cl.ClearInflights()
		r.clients.Delete(cl.ID)
	}
}

// OnACLCheck decides on one topic or filter.
func (r *rules) OnACLCheck(cl *mochi.Client, topic string, write bool) bool {
	g := of(cl)
	switch {
	case !write:
		return r.mayRead(cl, topic)
	case g == nil:
		return false
	case !r.mayWrite(cl, topic), g.rate != nil && !g.rate.Allow():
		return r.refuse(g, "publication")
	}
	return true
}

// mayRead decides on a filter, and once more on each message that goes out. Pictures are for
// those who have logged in, like the streams.
func (r *rules) mayRead(cl *mochi.Client, topic string) bool {
	if g := of(cl); r.prefix.IsSnapshot(topic) && (g == nil || !g.inside && len(cl.Properties.Username) == 0) {
		return false
	}
	_, ours := r.prefix.Below(topic)
	return ours || r.home.Owns(topic)
}

// refuse counts what was not allowed and logs it now and then. What a
// stranger sent stays out of the log.
func (r *rules) refuse(g *brokerConn, what string) bool {
	r.refused.Add(1)
	if muted, ok := r.warnings.Allow(g.source()); ok {
		r.log.Warn("the embedded broker refused a client", "from", g.source(), "what", what, "muted", muted)
	}
	return false
}

// mayWrite: clients may pass on what an issuer signed, and some may ask for more
// masking, nothing else.
func (r *rules) mayWrite(cl *mochi.Client, topic string) bool {
	g := of(cl)
	if g.inside {
		return cl.ID == r.ownID && (r.topics.Owns(topic) || strings.HasPrefix(topic, r.home.DevicePrefix(r.gateway)))
	}
	if topic == r.home.Birth() {
		return true // all it does is have the discovery sent again
	}
	if kind, _, ok := r.prefix.ConsentOf(topic); ok && kind != consent.KindDigest && kind != consent.KindAsk {
		return true // it counts by its signature alone
	}
	_, isMask := r.topics.CameraOf(topic, topics.MaskSet)
	return g.may == topics.MayMask && isMask
}

// OnPublish keeps strangers' messages from staying: a retained command would
// come again after each reconnect.
func (r *rules) OnPublish(cl *mochi.Client, pk packets.Packet) (packets.Packet, error) {
	if g := of(cl); g == nil || !g.inside {
		pk.FixedHeader.Retain = false
	}
	return pk, nil
}

// OnRetainMessage comes before a retained message goes to those who have subscribed.
// A last will comes here, too; strangers have no retained one.
func (r *rules) OnRetainMessage(_ *mochi.Client, pk packets.Packet, _ int64) { r.retained.keep(pk) }

// OnSubscribe comes before a subscription is in force. The server is kept from sending
// what is retained: OnPacketProcessed does that. The server counts what a reader of MQTT 5
// has not confirmed in a way that can lock up: such readers get everything once, as TCP
// delivers it.
func (r *rules) OnSubscribe(cl *mochi.Client, pk packets.Packet) packets.Packet {
	g := of(cl)
	if g == nil {
		return pk
	}
	if !g.inside {
		r.bound(cl, g, pk.Filters)
	}
	g.awaiting = nil
	for i := range pk.Filters {
		f := &pk.Filters[i]
		if cl.Properties.ProtocolVersion >= 5 {
			f.Qos = 0
		}
		_, known := cl.State.Subscriptions.Get(f.Filter)
		if f.RetainHandling != neverRetained && !(f.RetainHandling == retainedIfNew && known) && !mochi.IsSharedFilter(f.Filter) {
			g.awaiting = append(g.awaiting, *f)
		}
		f.RetainHandling = neverRetained
	}
	return pk
}

// What a subscriber of MQTT 5 may say of retained messages (MQTT 5.0, section 3.8.3.1).
const (
	retainedIfNew = 1
	neverRetained = 2
)

// OnPacketProcessed comes once a subscriber has the answer.
func (r *rules) OnPacketProcessed(cl *mochi.Client, pk packets.Packet, err error) {
	g := of(cl)
	if pk.FixedHeader.Type != packets.Subscribe || g == nil || err != nil {
		return
	}
	for _, f := range g.awaiting {
		if _, granted := cl.State.Subscriptions.Get(f.Filter); granted && r.sendRetained(cl, f) != nil {
			return // it has left
		}
	}
}

// OnPacketSent notes who was informed that the gateway stops.
func (r *rules) OnPacketSent(cl *mochi.Client, pk packets.Packet, _ []byte) {
	if pk.FixedHeader.Type == packets.Publish && pk.TopicName == r.topics.Status() && string(pk.Payload) == topics.Offline {
		r.informed.Store(cl.ID, nil)
		r.notify()
	}
}

// OnDisconnect notes that there is one less to wait for.
func (r *rules) OnDisconnect(*mochi.Client, error, bool) { r.notify() }

func (r *rules) notify() {
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

// bound empties the filters that a client may not have, so that the server
// refuses them: each level of one costs memory for as long as it is in force.
func (r *rules) bound(cl *mochi.Client, g *brokerConn, filters packets.Subscriptions) {
	held := cl.State.Subscriptions.Len()
	for i, f := range filters {
		_, known := cl.State.Subscriptions.Get(f.Filter)
		if !known {
			held++
		}
		if len(f.Filter) > MaxFilter || strings.Count(f.Filter, "/") >= MaxFilterLevels || !known && held > MaxSubscriptions {
			filters[i].Filter = ""
			held--
			r.refuse(g, "subscription")
		}
	}
}
