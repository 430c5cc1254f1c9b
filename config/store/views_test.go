package store

import (
	"errors"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Readers go on while a writer is held up anywhere, in the middle of its commit
// too, see what was there before it, and what it wrote once it is through. Nobody
// who reads long holds up a writer.
func TestReadersDoNotWaitForAWriter(t *testing.T) {
	s := open(t, newPath(t))
	put(t, s, full("first"))
	held, entered := make(chan struct{}), make(chan struct{})
	written := make(chan error, 1)
	go func() {
		written <- s.db.Update(func(tx *bbolt.Tx) error {
			if err := tx.Bucket(camerasBucket).Put([]byte("second"), []byte("{}")); err != nil {
				return err
			}
			close(entered)
			<-held
			return nil
		})
	}()
	<-entered
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for range 100 {
				if all, err := s.Cameras(); err != nil || len(all) != 1 {
					t.Errorf("%d cameras, %v", len(all), err)
					return
				}
			}
		})
	}
	readers.Wait()
	close(held)
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	if _, err := s.Camera("second"); errors.Is(err, ErrNotFound) {
		t.Error("what was written is not seen")
	}

	reading, read := make(chan struct{}), make(chan error, 1)
	go func() {
		read <- s.db.View(func(tx *bbolt.Tx) error {
			close(reading)
			for range 50 {
				time.Sleep(10 * time.Millisecond)
				if tx.Bucket(camerasBucket).Get([]byte("third")) != nil {
					return errors.New("a state changed while it was read")
				}
			}
			return nil
		})
	}()
	<-reading
	for _, id := range []string{"third", "fourth", "fifth"} {
		put(t, s, full(media.CameraID(id)))
	}
	if err := <-read; err != nil {
		t.Error(err)
	}
	put(t, s, full("sixth"))
}
