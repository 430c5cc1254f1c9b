package detect

import (
	"encoding/binary"
	"image"

	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/detector/track"
)

// Whoever comes in from the side shows half a face before the network takes it
// for one. So where something moves at the left or right edge, the strip along
// it is searched together with its mirror image: a half of a face and its
// reflection are a face.

const (
	// stripWidth is a strip's width in the network's input: faces up to twice
	// as wide are found when half of them is in the frame.
	stripWidth = 64
	// stripScore is the most that a mirrored find counts: enough to begin a
	// track, too little to keep a mask for long, for reflections make faces of other things too.
	stripScore = 0.55
	// stripCells is how many cells must move at an edge.
	stripCells = 3
	// stripBeyond is how many rows of the network's input are searched above and below
	// those in which something moves.
	stripBeyond = 64
)

// detectEdges searches the edges at which something moves. Where the frame lies on
// its side people come in from its upper and lower edge, which are not searched.
func (m *modelFinder) detectEdges(v View, p pose) ([]track.Face, error) {
	if p.rotation%4 != 0 {
		return nil, nil
	}
	_, dst := fit(p.view(v.Frame.Rect), v.side(fullView))
	wide := stripWidth * v.Frame.Rect.Dx() / dst.Dx() &^ 1
	if wide < 2 || 2*wide > v.Frame.Rect.Dx() {
		return nil, nil
	}
	h := v.Frame.Rect.Dy()
	var out []track.Face
	for i, right := range []bool{false, true} {
		top, bottom, ok := movesAt(v, right)
		if !ok {
			continue
		}
		beyond := stripBeyond * h / dst.Dy()
		top, bottom = max(0, top-beyond)&^1, min(h, bottom+beyond)
		high := max(1, (bottom-top)*dst.Dy()/h)
		size := image.Pt(2*stripWidth, (high+31)&^31)
		net, err := m.net(size)
		if err != nil {
			return nil, err
		}
		m.strips[i] = mirrored(m.strips[i], v.Frame, wide, right, top, bottom)
		strip := image.Rect(0, top, 2*wide, bottom).Intersect(m.strips[i].Rect)
		tile := detector.Tile{Src: strip, Dst: image.Rect(0, 0, size.X, high), Rotation: p.rotation.Quarters()}
		found, err := net.Detect(m.strips[i], v.FullRange, []detector.Tile{tile}, m.Params().Start)
		if err != nil {
			return nil, err
		}
		out = append(out, back(found, v.Frame.Rect.Dx(), wide, right)...)
	}
	return out, nil
}

// movesAt reports whether something moves at an edge, and the rows of the frame
// between which it does.
func movesAt(v View, right bool) (top, bottom int, ok bool) {
	cols := v.MovingWidth
	if cols < 4 {
		return 0, 0, false
	}
	n, first, last := 0, -1, 0
	for y := 0; (y+1)*cols <= len(v.Moving); y++ {
		row := v.Moving[y*cols : (y+1)*cols]
		if right {
			row = row[cols-2:]
		}
		for _, moves := range row[:2] {
			if moves {
				n++
				last = y
				if first < 0 {
					first = y
				}
			}
		}
	}
	return first * CellSide * v.Scale, (last + 1) * CellSide * v.Scale, n >= stripCells
}

// mirrored puts the strip along an edge and its reflection side by side, the
// edge in the middle, from row top, which is even, to row bottom.
func mirrored(old, img *image.YCbCr, wide int, right bool, top, bottom int) *image.YCbCr {
	h := img.Rect.Dy() &^ 1
	bottom = min(bottom, h)
	if old == nil || old.Rect != image.Rect(0, 0, 2*wide, h) {
		old = image.NewYCbCr(image.Rect(0, 0, 2*wide, h), image.YCbCrSubsampleRatio420)
	}
	reflect(old.Y, old.YStride, img.Y, img.YStride, img.Rect.Dx(), wide, right, top, bottom)
	for _, p := range [][2][]byte{{old.Cb, img.Cb}, {old.Cr, img.Cr}} {
		reflect(p[0], old.CStride, p[1], img.CStride, (img.Rect.Dx()+1)/2, wide/2, right, top/2, (bottom+1)/2)
	}
	return old
}

func reflect(dst []byte, dstStride int, src []byte, stride, w, wide int, right bool, top, bottom int) {
	for y := top; y < bottom; y++ {
		left, rest := dst[y*dstStride:y*dstStride+wide], dst[y*dstStride+wide:y*dstStride+2*wide]
		if right {
			copy(left, src[y*stride+w-wide:y*stride+w])
			reverse(rest, left)
		} else {
			copy(rest, src[y*stride:y*stride+wide])
			reverse(left, rest)
		}
	}
}

// reverse copies as many bytes as dst has, last first, eight at a time.
func reverse(dst, src []byte) {
	for ; len(dst) >= 8; dst = dst[8:] {
		binary.BigEndian.PutUint64(dst, binary.LittleEndian.Uint64(src[len(dst)-8:]))
	}
	for i := range dst {
		dst[i] = src[len(dst)-1-i]
	}
}

// back maps finds in a strip to the frame. Those in the reflection alone are
// seen in the frame itself as well.
func back(found []track.Face, w, wide int, right bool) []track.Face {
	var out []track.Face
	for _, f := range found {
		if right {
			f.X += float32(w - wide)
		} else {
			f.X -= float32(wide)
		}
		x0, x1 := max(f.X, 0), min(f.X+f.W, float32(w))
		if x1-x0 < 0.3*f.W { // hardly anything of it is in the frame
			continue
		}
		f.Score = min(f.Score, stripScore)
		out = append(out, f)
	}
	return out
}
