package upkeep

import (
	"context"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware"
)

const (
	measureEvery = 20 * time.Second
	growthEvery  = 10 * time.Minute
)

// Disk measures the disk of a folder. Its methods may be called from any goroutine; they answer at
// once, also while the disk does not.
type Disk struct {
	store  *store.Store
	folder string

	mu     sync.Mutex
	now    *api.DiskStatus // nil: not known
	growth int64
	grown  time.Time // when growth was reckoned
}

// NewDisk is of the folder that the store lies in.
func NewDisk(s *store.Store, folder string) *Disk { return &Disk{store: s, folder: folder} }

// Status is what was measured last; nil where nothing could be.
func (d *Disk) Status() *api.DiskStatus {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.now == nil {
		return nil
	}
	out := *d.now
	return &out
}

// Run measures until ctx ends. It does not wait for a disk that hangs.
func (d *Disk) Run(ctx context.Context) {
	tick := time.NewTicker(measureEvery)
	defer tick.Stop()
	for {
		done := make(chan struct{})
		go func() { defer close(done); d.measure(time.Now()) }() // ends with the disk's answer
		select {
		case <-done:
		case <-ctx.Done():
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (d *Disk) measure(now time.Time) {
	disk, err := hardware.DiskOf(d.folder)
	d.mu.Lock()
	growth, due := d.growth, now.Sub(d.grown) >= growthEvery
	d.mu.Unlock()
	if due {
		growth = d.store.AuditGrowth(now)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if due {
		d.growth, d.grown = growth, now
	}
	d.now = nil
	if err == nil {
		d.now = &api.DiskStatus{Disk: disk, Room: disk.Room(), AuditMonth: growth}
	}
}
