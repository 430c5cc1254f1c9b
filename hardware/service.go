package hardware

import (
	"context"
	"errors"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// Service is this process to systemd (sd_notify(3)). Where systemd did not start
// it, or does not want to know, nothing is sent.
type Service struct {
	// Alive says within the context's time whether the daemon really works.
	Alive func(context.Context) bool
	// Status is a line for `systemctl status`.
	Status func() string
	// Trouble gets what could not be sent, and that the watchdog was not fed.
	Trouble func(error)
}

var errNotAlive = errors.New("part of the daemon does not answer: the watchdog is not fed")

// statusEvery is how often the status line is looked at without a watchdog.
const statusEvery = 10 * time.Second

// ErrReplaced as the cause of a context's end has Run end without a word: the
// process starts again under the same number.
var ErrReplaced = errors.New("the process begins anew")

// Run says that the daemon is ready and feeds systemd's watchdog at half of its
// interval until ctx ends, then that it is stopping. It does not feed it
// while Alive says no: systemd then restarts the daemon.
func (s Service) Run(ctx context.Context) {
	interval, err := daemon.SdWatchdogEnabled(false)
	s.trouble(err)
	every := statusEvery
	if interval > 0 {
		every = interval / 2
	}
	sent := s.Status()
	s.send(daemon.SdNotifyReady + "\nSTATUS=" + sent)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if interval > 0 {
			s.feed(ctx, every/2)
		}
		if line := s.Status(); line != sent {
			sent = line
			s.send("STATUS=" + sent)
		}
		select {
		case <-ctx.Done():
			if !errors.Is(context.Cause(ctx), ErrReplaced) {
				s.send(daemon.SdNotifyStopping)
			}
			return
		case <-tick.C:
		}
	}
}

func (s Service) feed(ctx context.Context, limit time.Duration) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	switch {
	case s.Alive(limited):
		s.send(daemon.SdNotifyWatchdog)
	case ctx.Err() == nil:
		s.trouble(errNotAlive)
	}
}

func (s Service) send(state string) {
	_, err := daemon.SdNotify(false, state)
	s.trouble(err)
}

func (s Service) trouble(err error) {
	if err != nil {
		s.Trouble(err)
	}
}
