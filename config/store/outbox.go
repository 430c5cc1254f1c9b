package store

import (
	"encoding/binary"
	"encoding/json"

	"go.etcd.io/bbolt"
)

// Bounds of the outbox. When MaxOutbox messages wait, the oldest one that is
// not kept at all costs goes; only MaxKept of the others make them go too.
const (
	MaxOutbox = 10_000
	MaxKept   = 100_000
)

// Message waits in the outbox for its delivery.
type Message struct {
	// Seq grows with each message and is never given out twice.
	Seq uint64 `json:"-"`
	// Topic and Payload are what to deliver.
	Topic   string          `json:"topic"`
	Payload json.RawMessage `json:"payload"`
	// Keep: to be lost only after all that need not be kept.
	Keep bool `json:"keep,omitempty"`
}

// Enqueue puts messages at the end of the outbox. make gets the number of each
// and returns it. They are on the disk when it returns. dropped says how many
// older ones had to go for them.
func (s *Store) Enqueue(n int, make func(i int, seq uint64) Message) (dropped int, err error) {
	err = s.update("outbox", func(tx *bbolt.Tx) error {
		dropped, err = enqueue(tx, n, make)
		return err
	})
	return dropped, err
}

// Happened adds entries to the audit log and a message for each to the outbox: all
// or nothing.
func (s *Store) AppendWithMessages(all []AuditRecord, make func(i int, seq uint64) Message) (dropped int, err error) {
	for _, e := range all {
		if err := e.check(); err != nil {
			return 0, err
		}
	}
	err = s.update("audit trail", func(tx *bbolt.Tx) error {
		if err := s.append(tx, all...); err != nil {
			return err
		}
		dropped, err = enqueue(tx, len(all), make)
		return err
	})
	return dropped, err
}

func enqueue(tx *bbolt.Tx, n int, make func(i int, seq uint64) Message) (dropped int, err error) {
	b := tx.Bucket(outboxBucket)
	for i := range n {
		seq, err := b.NextSequence()
		if err != nil {
			return 0, err
		}
		v, err := json.Marshal(make(i, seq))
		if err != nil {
			return 0, err
		}
		if err := b.Put(number(seq), v); err != nil {
			return 0, err
		}
	}
	return shrink(b)
}

// shrink keeps the bounds.
func shrink(b *bbolt.Bucket) (dropped int, err error) {
	waiting := entriesIn(b) // more than there are, where some in between went
	if waiting <= MaxOutbox {
		return 0, nil
	}
	waiting = 0
	var victims [][]byte
	c := b.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		waiting++
	}
	for k, v := c.First(); k != nil && waiting-len(victims) > MaxOutbox; k, v = c.Next() {
		var m Message
		if json.Unmarshal(v, &m) == nil && m.Keep && waiting-len(victims) <= MaxKept {
			continue
		}
		victims = append(victims, k)
	}
	for _, k := range victims {
		if err := b.Delete(k); err != nil {
			return 0, err
		}
	}
	return len(victims), nil
}

// Waiting returns up to n messages, the oldest first.
func (s *Store) Waiting(n int) (all []Message, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket(outboxBucket).Cursor()
		for k, v := c.First(); k != nil && len(all) < n; k, v = c.Next() {
			var m Message
			if json.Unmarshal(v, &m) != nil {
				m = Message{} // damaged: without a topic it is given up
			}
			m.Seq = binary.BigEndian.Uint64(k)
			all = append(all, m)
		}
		return nil
	})
	return all, err
}

// Delivered removes messages from the outbox for good.
func (s *Store) Delivered(seqs ...uint64) error {
	return s.update("outbox", func(tx *bbolt.Tx) error {
		b := tx.Bucket(outboxBucket)
		for _, seq := range seqs {
			if err := b.Delete(number(seq)); err != nil {
				return err
			}
		}
		return nil
	})
}
