package viewcount

import (
	"fmt"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestOnlyChangesAreSaid(t *testing.T) {
	now := map[media.StreamID]int{}
	var said []string
	c := New(func(id media.StreamID) int { return now[id] }, func(id media.StreamID, n int) { said = append(said, fmt.Sprint(id, " ", n)) })
	lobby, wall := media.StreamID{Camera: "lobby"}, media.StreamID{Camera: "lobby", Sub: true}
	c.Changed(lobby)
	now[lobby], now[wall] = 1, 2
	c.Changed(lobby)
	c.Changed(lobby)
	c.Changed(wall)
	delete(now, lobby)
	c.AllChanged()
	c.AllChanged()
	if want := []string{"lobby 1", "lobby/sub 2", "lobby 0"}; !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
	New(func(media.StreamID) int { return 1 }, nil).Changed(lobby) // nobody wants it
}
