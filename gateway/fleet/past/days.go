package past

import "time"

// The page that watches is a row of its own, under a name that no gateway can have: it stands
// there when it began, each WatchEvery while it goes on, and when it ended.
const (
	watcher    = "\x00watch"
	WatchEvery = 15 * time.Minute
	// gap is after how long without such a row nobody watched any more.
	gap = 2 * WatchEvery
)

// Watch is that somebody watches at a time, or ends to.
func Watch(at time.Time, goesOn bool) Entry {
	e := Entry{Gateway: watcher, At: at.Unix()}
	if goesOn {
		e.To = 1
	}
	return e
}

// Day is how long a gateway stood how on one day, in UTC.
type Day struct {
	// Begin is in seconds since 1970.
	Begin int64 `json:"t"`
	// Seconds in each state; the rest of the day nobody watched, or nothing was known.
	Seconds [MaxState + 1]int `json:"s"`
}

// Sum adds up how a gateway stood on each day of its year. What stands in the first entry as
// the state before counts from when somebody watched.
func Sum(entries, watched []Entry, now time.Time) []Day {
	today := now.Unix() / day
	first := today - Days + 1
	days := make([]Day, Days)
	for i := range days {
		days[i].Begin = (first + int64(i)) * day
	}
	for _, w := range spans(watched, now) {
		for _, p := range stood(entries, w) {
			share(days, p, first)
		}
	}
	return days
}

// span is from until before to, in state.
type span struct {
	from, to int64
	state    uint8
}

// spans are the times in which somebody watched.
func spans(watched []Entry, now time.Time) (all []span) {
	for i, e := range watched {
		if e.To == 0 {
			continue
		}
		end := min(e.At+int64(gap.Seconds()), now.Unix())
		if i+1 < len(watched) {
			end = min(end, watched[i+1].At)
		}
		if n := len(all); n > 0 && all[n-1].to == e.At {
			all[n-1].to = end
		} else {
			all = append(all, span{from: e.At, to: end})
		}
	}
	return all
}

// stood is how a gateway stood within a span.
func stood(entries []Entry, within span) (all []span) {
	state, known := uint8(0), false
	at := within.from
	for _, e := range entries {
		switch {
		case e.By != "":
			continue
		case !known:
			state, known = e.From, true
		}
		if e.At >= within.to {
			break
		}
		if e.At > at {
			all = append(all, span{at, e.At, state})
			at = e.At
		}
		state = e.To
	}
	if known && within.to > at {
		all = append(all, span{at, within.to, state})
	}
	return all
}

// share gives each day its part of a span.
func share(days []Day, p span, first int64) {
	for at := max(p.from, first*day); at < p.to; {
		i := at/day - first
		end := min(p.to, (at/day+1)*day)
		if i >= int64(len(days)) {
			return
		}
		days[i].Seconds[p.state] += int(end - at)
		at = end
	}
}

// Watched are the entries of who watched in the year that ends with now.
func (s *Store) Watched(now time.Time) ([]Entry, error) { return s.Year(watcher, now) }
