package sealed

import (
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// KeyTargetDays is how long footage of key targets is kept: Decree 799, Article 17. It holds too for footage of which
// nobody says how long it is kept, such as that of a disk from another gateway.
const KeyTargetDays = 90

// promisesSetting is where the store keeps for how long footage was to be kept before somebody shortened that.
const promisesSetting = "sealed.promises"

// promise is that segments up to one are kept for some days, whatever is said later.
type promise struct {
	Through uint64 `json:"through"`
	Days    int    `json:"days"`
}

func (r *Room) promises() map[media.CameraID][]promise {
	all := map[media.CameraID][]promise{}
	_ = r.Store.LoadSetting(promisesSetting, &all) // without it footage stays as long as the setting says
	return all
}

// promised writes down that what there is of a camera is kept for as long as was said until now. What is past is
// dropped from the list.
func (r *Room) promised(id media.CameraID, days int) error {
	all, gone := r.promises(), r.gone(id).Sequence
	kept := []promise{{Through: r.newest(id), Days: days}}
	for _, p := range all[id] {
		if p.Through > gone {
			kept = append(kept, p)
		}
	}
	all[id] = kept
	return r.Store.KeepSetting(promisesSetting, all)
}

// newest is the number of a camera's newest segment, the one that is being written included.
func (r *Room) newest(id media.CameraID) uint64 {
	c := r.of(id)
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	n := uint64(0)
	if len(c.state.blocks) > 0 {
		n = c.state.blocks[len(c.state.blocks)-1].Last
	}
	return n + 1
}

// terms says how long each block of a camera is kept: as long as the setting says, and not shorter than was said when
// it was sealed.
func (r *Room) terms(id media.CameraID) func(block) time.Duration {
	promises := r.promises()[id]
	s, set := r.Settings()[id]
	return func(b block) time.Duration {
		days := s.Days
		for _, p := range promises {
			if b.First <= p.Through {
				days = max(days, p.Days)
			}
		}
		if !set && days == 0 {
			days = KeyTargetDays
		}
		return time.Duration(days) * 24 * time.Hour
	}
}
