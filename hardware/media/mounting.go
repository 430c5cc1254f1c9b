package media

import "slices"

// Mounting says which way is up in a camera's frame: how many degrees clockwise it
// has to be turned so that people stand upright in it.
type Mounting string

// MountingAuto leaves it to the stream, and to what is found in the frame. The
// empty Mounting means the same.
const MountingAuto Mounting = "auto"

// Mountings are all of them.
var Mountings = []Mounting{MountingAuto, "0", "90", "180", "270"}

// TurnOf is how many quarter turns clockwise, 0 to 3, bring a stored frame nearest to how
// it is shown, where its point (p, q) is shown at a height of across*p + down*q. Mirror
// images count by where they have their upper edge.
func TurnOf(across, down float64) int {
	switch {
	case max(down, -down) >= max(across, -across):
		if down < 0 {
			return 2
		}
		return 0
	case across > 0:
		return 1
	}
	return 3
}

// Orientation is how a stored frame is shown.
type Orientation struct {
	// Turn is how many quarter turns clockwise, 0 to 3, bring its upper edge up.
	Turn int
	// Mirrored says that left and right of what is shown are swapped as well.
	Mirrored bool
}

// Number is one of 0 to 7: the turn, and 4 more for a mirror image.
func (o Orientation) Number() byte {
	if o.Mirrored {
		return byte(4 + o.Turn)
	}
	return byte(o.Turn)
}

// OrientationOf is the orientation of a number; ok is false where there is none.
func OrientationOf(number byte) (o Orientation, ok bool) {
	return Orientation{Turn: int(number & 3), Mirrored: number&4 != 0}, number < 8
}

// Known reports whether it is one of Mountings.
func (m Mounting) Known() bool { return slices.Contains(Mountings, m) }

// Turn is how many quarter turns clockwise, 0 to 3, bring the frame upright; it is not
// said where the mounting is MountingAuto.
func (m Mounting) Turn() (quarters int, said bool) {
	i := slices.Index(Mountings, m)
	return max(i-1, 0), i > 0
}
