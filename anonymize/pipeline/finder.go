package pipeline

import (
	"image"

	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/detector/track"
)

// Finder looks for faces in one picture at a time.
type Finder interface {
	// Look returns the faces of the picture that it can afford to find.
	Look(View) ([]track.Face, error)
	// Params are the scores that suit its finds.
	Params() track.Params
	Close()
}

// View is a picture and what is known before looking.
type View struct {
	Picture   *image.YCbCr
	FullRange bool
	// Small is the luma reduced Scale times each way.
	Small *image.Gray
	Scale int
	// Moving marks the cells of Small, MovingWidth in a row, that changed since the last look.
	Moving      []bool
	MovingWidth int
	Tracks      []*track.Track
	// N is the picture's number, Since how many came since the last look.
	N, Since int
	FPS      float64
	// Cheap asks for the full view only.
	Cheap bool
}

// modelFinder looks with YuNet: at the full view reduced, and closely at
// parts of large pictures.
type modelFinder struct {
	nets   map[image.Point]*detector.YuNet
	closer closer
	strips [2]*image.YCbCr // of the left and the right edge
}

// fullView is the network's input for the full picture: faces from about 10
// pixels in it are found.
const fullView = 640

// NewModelFinder opens the network.
func NewModelFinder() (Finder, error) {
	m := &modelFinder{nets: map[image.Point]*detector.YuNet{}, closer: newCloser()}
	// 16:9 is what most cameras send; other shapes open theirs when they come.
	if _, err := m.net(image.Pt(fullView, 352)); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *modelFinder) net(size image.Point) (*detector.YuNet, error) {
	if n := m.nets[size]; n != nil {
		return n, nil
	}
	n, err := detector.NewYuNet(size)
	if err == nil {
		m.nets[size] = n
	}
	return n, err
}

func (m *modelFinder) Params() track.Params {
	return track.Params{Start: 0.3, Continue: 0.15, Sure: 0.6, StartLarge: 0.5}
}

func (m *modelFinder) Close() {
	for _, n := range m.nets {
		n.Close()
	}
	m.nets = nil
}

func (m *modelFinder) Look(v View) ([]track.Face, error) {
	size, dst := fit(v.Picture.Rect, fullView)
	net, err := m.net(size)
	if err != nil {
		return nil, err
	}
	least := m.Params().Continue
	faces, err := net.Detect(v.Picture, v.FullRange, []detector.Tile{{Src: v.Picture.Rect, Dst: dst}}, least)
	if err != nil {
		return nil, err
	}
	entering, err := m.edges(v)
	if err != nil {
		return nil, err
	}
	if faces = track.Merge(append(faces, entering...)); v.Cheap {
		return faces, nil
	}
	m.closer.earn(v.Since, v.FPS)
	for _, r := range m.closer.choose(v, faces) {
		net, err := m.net(closeInput)
		if err != nil {
			return nil, err
		}
		more, err := net.Detect(v.Picture, v.FullRange, []detector.Tile{closeTile(r)}, least)
		if err != nil {
			return nil, err
		}
		faces = append(faces, whole(more, r, v.Picture.Rect)...)
	}
	return track.Merge(faces), nil
}

// fit is the network input for a picture whose longer side is brought down to
// at most `side`, and the picture's place in it. Both sides of an input are multiples of
// 32; a squeeze of 5 % to reach one costs no face and saves a tenth of the time.
func fit(pic image.Rectangle, side int) (size image.Point, dst image.Rectangle) {
	long := max(pic.Dx(), pic.Dy())
	side = min(side, long)
	w, h := max(1, pic.Dx()*side/long), max(1, pic.Dy()*side/long)
	squeeze := func(n int) (input, used int) {
		if low := n &^ 31; low > 0 && (n-low)*20 <= n {
			return low, low
		}
		return (n + 31) &^ 31, n
	}
	size.X, dst.Max.X = squeeze(w)
	size.Y, dst.Max.Y = squeeze(h)
	return size, dst
}
