package console

import (
	"log/slog"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
)

// seenEvery is how exactly it is kept when an account was used last.
const seenEvery = time.Hour

// saw notes that an account is used now.
func (a *Accounts) saw(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	u, ok := a.users[id]
	if at := a.now().UTC().Truncate(seenEvery); ok && !u.LastSeen.Equal(at) {
		u.LastSeen = at
		a.users[id], a.unsaved[id] = u, true
	}
}

// keepSeen stores when accounts were used last. It waits for the disk; what fails is tried
// again the next time.
func (a *Accounts) keepSeen(log *slog.Logger) {
	a.changing.Lock()
	defer a.changing.Unlock()
	for _, u := range a.takeUnsaved() {
		if err := a.store.PutUser(u); err != nil {
			log.Warn("when users were last seen is not stored; it is tried again", "error", err)
			a.mu.Lock()
			a.unsaved[u.ID] = true
			a.mu.Unlock()
		}
	}
}

func (a *Accounts) takeUnsaved() (all []store.User) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id := range a.unsaved {
		if u, ok := a.users[id]; ok {
			all = append(all, u)
		}
	}
	clear(a.unsaved)
	return all
}
