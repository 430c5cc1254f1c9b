package mqtt

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// retainedMessages are the gateway's newest retained messages by topic, for those who
// subscribe. The server has an index of its own, but reads that without a lock while a
// message is added: it is never asked (see OnSubscribe). Methods may be called from any
// goroutine; none holds the lock while it calls or writes.
type retainedMessages struct {
	mu    sync.Mutex
	count uint64
	all   map[string]retainedMessage
}

type retainedMessage struct {
	packets.Packet
	number uint64 // of a topic's messages, the newest has the highest
}

// keep notes a message; an empty one clears its topic.
func (r *retainedMessages) keep(pk packets.Packet) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(pk.Payload) == 0 {
		delete(r.all, pk.TopicName)
		return
	}
	if r.all == nil {
		r.all = map[string]retainedMessage{}
	}
	if bytes.Equal(r.all[pk.TopicName].Payload, pk.Payload) {
		return // a state that is repeated
	}
	r.count++
	r.all[pk.TopicName] = retainedMessage{pk.Copy(false), r.count}
}

// matching are the messages that a filter finds, by topic.
func (r *retainedMessages) matching(filter string) []retainedMessage {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []retainedMessage
	for topic, m := range r.all {
		if matches(filter, topic) {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b retainedMessage) int { return strings.Compare(a.TopicName, b.TopicName) })
	return out
}

// changed are the newest messages on the topics of some that are no longer the newest.
// One that was cleared is empty.
func (r *retainedMessages) changed(sent []retainedMessage) []retainedMessage {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []retainedMessage
	for _, m := range sent {
		now, kept := r.all[m.TopicName]
		if kept && now.number != m.number {
			out = append(out, now)
		}
		if !kept && len(m.Payload) > 0 {
			m.Packet = m.Copy(false)
			m.Payload, m.FixedHeader.Retain = nil, false
			out = append(out, m)
		}
	}
	return out
}

// matches reports whether a filter finds a topic (MQTT 3.1.1, section 4.7). Topics that
// begin with $ are not kept.
func matches(filter, topic string) bool {
	for {
		level, filterRest, moreFilter := strings.Cut(filter, "/")
		if level == "#" {
			return true
		}
		name, topicRest, moreTopic := strings.Cut(topic, "/")
		switch {
		case level != "+" && level != name:
			return false
		case !moreFilter:
			return !moreTopic
		case !moreTopic:
			return filterRest == "#" // it finds the level above, too
		}
		filter, topic = filterRest, topicRest
	}
}

// retainedPasses bounds how often what changes is sent again: the heartbeat repeats
// what is newer still.
const retainedPasses = 4

// sendRetained sends a new subscriber what is kept. It may wait for the subscriber, on
// the subscriber's own goroutine. What changes meanwhile goes out by the server's queue,
// maybe before the older message sent here, and is therefore sent once more.
func (r *rules) sendRetained(cl *mochi.Client, sub packets.Subscription) error {
	sent := r.retained.matching(sub.Filter)
	for range retainedPasses {
		for _, m := range sent {
			if err := r.send(cl, sub, m.Packet); err != nil {
				return err
			}
		}
		sent = r.retained.changed(sent)
	}
	return nil
}

// send sends one message, with a receipt wanted where both sides want it and not too
// many are waited for.
func (r *rules) send(cl *mochi.Client, sub packets.Subscription, m packets.Packet) error {
	out := m.Copy(false)
	for _, id := range sub.Identifiers {
		out.Properties.SubscriptionIdentifier = append(out.Properties.SubscriptionIdentifier, id)
	}
	out.FixedHeader.Qos = min(out.FixedHeader.Qos, sub.Qos)
	if out.FixedHeader.Qos > 0 && cl.State.Inflight.Len() >= MaxWaiting {
		out.FixedHeader.Qos = 0
	}
	if out.FixedHeader.Qos > 0 {
		id, err := cl.NextPacketID()
		if err != nil {
			return err
		}
		out.PacketID = uint16(id)
		if cl.State.Inflight.Set(out) {
			atomic.AddInt64(&r.info.Inflight, 1)
			cl.State.Inflight.DecreaseSendQuota()
		}
	}
	return cl.WritePacket(out)
}
