package main

import (
	"slices"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/worker/slate"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// slates knows the NAL units that slates of the cameras are made of, by making
// them again: a slate is the same to the bit for the same size, words and
// second.
type slates struct {
	cards []card           // all that a slate may say, without camera and second
	known map[digest]bool  // of all cameras: parameter sets and what changes nothing
	begin map[[4]byte]bool // how slices of slates begin, whatever they show
	made  map[drawn]map[digest]bool
	order map[string][]card // for each camera, the newest one first: the next slate most likely says the same
}

type card struct {
	reason text.Key
	size   [2]int
}

// drawn is a card in one second, as a keyframe or as the change of its clock.
type drawn struct {
	card
	camera   string
	second   int64
	keyframe bool
}

// clockSpan is how many seconds older than its arrival a slate may be: viewers
// are cut off after two of delay, the rest is for a busy host.
const clockSpan = 10

func newSlates(sizes [][2]int) *slates {
	s := &slates{known: map[digest]bool{}, begin: map[[4]byte]bool{}, made: map[drawn]map[digest]bool{}, order: map[string][]card{}}
	for _, size := range append(slices.Clone(sizes), [2]int{0, 0}) {
		s.repeats(size)
		for _, reason := range text.SlateReasons() {
			s.cards = append(s.cards, card{reason, size})
		}
	}
	return s
}

// repeats learns a size's parameter sets and the frames that change nothing,
// of all numbers.
func (s *slates) repeats(size [2]int) {
	one, now := slate.New(size[0], size[1]), time.Now()
	for range 2 { // neighbouring keyframes have two ids in turn
		nalus, _ := one.Next(now, true)
		learn(s.known, nalus[:2])
		s.begin[begins(nalus[2])] = true
	}
	for range 256 {
		nalus, _ := one.Next(now, false)
		learn(s.known, nalus)
		s.begin[begins(nalus[0])] = true
	}
}

// begins is the header of a slice up to where it speaks of the frame: 22 bits
// behind the NAL unit's own. Of an encoder's slices hardly any has a slate's.
func begins(nalu []byte) (b [4]byte) {
	copy(b[:], nalu)
	b[3] &^= 3
	return b
}

func learn(into map[digest]bool, nalus [][]byte) {
	for _, n := range nalus {
		into[digestOf(n)] = true
	}
}

// has reports whether a NAL unit is of a slate of this camera that was made
// shortly before.
func (s *slates) has(camera string, nalu []byte, at time.Time) bool {
	d := digestOf(nalu)
	if s.known[d] {
		return true
	}
	if !s.begin[begins(nalu)] {
		return false
	}
	if s.order[camera] == nil {
		s.order[camera] = slices.Clone(s.cards)
	}
	for _, search := range []struct{ cards, seconds int }{{3, 3}, {len(s.cards), 2}, {len(s.cards), clockSpan}} {
		if s.among(s.order[camera][:min(search.cards, len(s.cards))], search.seconds, camera, media.H264Type(nalu) == h264.NALUTypeIDR, d, at) {
			return true
		}
	}
	return false
}

// among looks through the first cards of an order and puts the right one first.
func (s *slates) among(cards []card, seconds int, camera string, keyframe bool, d digest, at time.Time) bool {
	for i, c := range cards {
		for back := range int64(seconds) {
			if s.draw(drawn{c, camera, at.Unix() - back, keyframe})[d] {
				copy(cards[1:i+1], cards[:i])
				cards[0] = c
				return true
			}
		}
	}
	return false
}

// draw makes all frames of a card in one second.
func (s *slates) draw(c drawn) map[digest]bool {
	if s.made[c] != nil {
		return s.made[c]
	}
	all, now := map[digest]bool{}, time.Unix(c.second, 0)
	s.made[c] = all
	if c.keyframe {
		one := c.start()
		for range 2 {
			nalus, _ := one.Next(now, true)
			learn(all, nalus)
		}
		return all
	}
	for _, back := range []time.Duration{time.Millisecond, time.Second + time.Millisecond} { // the latter on a busy host
		c.changes(all, now, back)
	}
	return all
}

// changes learns the frames that bring the clock to now from a while back, of
// all numbers since the keyframe: it sets the clock to and fro, from an odd
// and from an even number on.
func (c drawn) changes(all map[digest]bool, now time.Time, back time.Duration) {
	const most = int(slate.KeyframeInterval/slate.Interval) + 4
	then := now.Add(-back)
	for _, repeats := range []int{0, 1} {
		one := c.start()
		one.Next(then, true)
		for range repeats {
			one.Next(then, false)
		}
		for range most / 2 {
			nalus, _ := one.Next(now, false)
			learn(all, nalus)
			one.Next(then, false)
		}
	}
}

func (c drawn) start() *slate.Slate {
	one := slate.New(c.size[0], c.size[1])
	one.SetCard(slate.Card{Title: both(text.SlateTitle), Reason: both(c.reason), Camera: c.camera})
	return one
}

func both(k text.Key) slate.Text {
	return slate.Text{EN: text.Of(text.EN, k), ZH: text.Of(text.ZhCN, k)}
}
