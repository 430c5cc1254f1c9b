package stops

import (
	"slices"
	"testing"
)

func TestPartsStopInReverseAndOnce(t *testing.T) {
	var got []int
	var s Stack
	for i := range 3 {
		s.Push(func() { got = append(got, i) })
	}
	s.Run()
	s.Run()
	if !slices.Equal(got, []int{2, 1, 0}) {
		t.Error(got)
	}
}
