package track

// Rotation is how a face lies in the frame: how many eighths of a turn clockwise,
// 0 to 7, bring it upright.
type Rotation uint8

// RotationCount is how many rotations there are.
const RotationCount = 8

// Quarter is a rotation of whole quarters, which may be negative or more than a circle.
func Quarter(n int) Rotation { return Rotation(2 * (n & 3)) }

// Eighth is a rotation of eighths, which may be more than a circle.
func Eighth(n int) Rotation { return Rotation(n & 7) }

// Quarters is how many whole quarters the rotation holds.
func (t Rotation) Quarters() int { return int(t / 2) }

// Aslant reports whether a rotation lies between two quarters.
func (t Rotation) Aslant() bool { return t%2 == 1 }

// OnSide reports whether a frame so rotated is as wide as it was high.
func (t Rotation) OnSide() bool { return t%4 == 2 }

// Sides are where the sides of what is upright lie in the frame, to a quarter of a turn: that on
// its left first.
func (t Rotation) Sides(left, top, right, bottom float32) (l, u, r, d float32) {
	for range t.Quarters() {
		left, top, right, bottom = top, right, bottom, left
	}
	return left, top, right, bottom
}

// RotationSet is a set of rotations, one bit each.
type RotationSet uint8

// AllRotations is all rotations.
const AllRotations RotationSet = 1<<RotationCount - 1

// Has reports whether a rotation is among them.
func (t RotationSet) Has(rotation Rotation) bool { return t>>rotation&1 == 1 }

// With is the set and one more rotation.
func (t RotationSet) With(rotation Rotation) RotationSet { return t | 1<<rotation }
