// Package storetest makes a store fail, for tests.
package storetest

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/bauta-gateway/bauta/config/store"
)

// Stall keeps the store from writing, as a disk that does not answer: the one
// transaction that may write does not end before release is called, or the test ends.
// Reading goes on. Afterwards one more event, of type x, lies in the outbox.
func Stall(t testing.TB, s *store.Store) (release func()) {
	t.Helper()
	writing, held, written := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		_, err := s.Enqueue(1, func(int, uint64) store.Message {
			close(writing)
			<-held
			return store.Message{Topic: "x", Payload: json.RawMessage("1")}
		})
		written <- err
	}()
	<-writing
	release = sync.OnceFunc(func() {
		close(held)
		if err := <-written; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(release) // a test that fails must not hang
	return release
}
