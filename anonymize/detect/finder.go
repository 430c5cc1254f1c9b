// Package detect finds the faces of a frame, and chooses which part of it the network sees
// when: the full view in each pass, tiles of large frames, the edges, the frame rotated,
// and single faces.
//
// In: a View of one frame, with its tracks and what moves in it. Out: a track.Pass, the
// faces found and what the pass could have found. It has no goroutine: whoever calls
// Detect owns the Finder. It keeps no frame beyond the call (but for averages of it), never
// changes one, and decides nothing about masks.
package detect

import (
	"image"
	"slices"

	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/detector/track"
)

// Finder looks for faces in one frame at a time.
type Finder interface {
	// Detect returns the faces of the frame that it can afford to find. After an
	// error all rotations count as searched.
	Detect(View) (track.Pass, error)
	// DetectAt looks for a face around where it is thought to be, as it lay before.
	DetectAt(View, track.Position) (f track.Face, found bool, err error)
	// Params are the scores that suit its finds.
	Params() track.Params
	Close()
}

// View is a frame and what is known before looking.
type View struct {
	Frame     *image.YCbCr
	FullRange bool
	// Rotation is how many quarter turns clockwise bring the frame upright, as far as it
	// says, or as a person said of the camera: then Mounted is true. Stretch is a pixel's
	// width to its height, 0 where it is not known.
	Rotation int
	Mounted  bool
	Stretch  float64
	// Small is the luma reduced Scale times each way.
	Small *image.Gray
	Scale int
	// Moving marks the cells of Small, MovingWidth in a row, that changed since the last pass.
	Moving      []bool
	MovingWidth int
	Tracks      []*track.Track
	// N is the frame's number, Since how many came since the last pass.
	N, Since int
	FPS      float64
	// Cheap asks for little beyond the full view and what shows which way is up.
	Cheap bool
}

// modelFinder searches with YuNet: the full view reduced, tiles of large frames, and single
// faces.
type modelFinder struct {
	yunet     *detector.YuNet
	cuts      map[image.Point]*image.YCbCr // parts of the frame, by size
	rotations rotations
	tiles     [track.RotationCount]tileScheduler
	strips    [2]*image.YCbCr // of the left and the right edge
	enhancer  enhancer
	faces     faceBudget
	last      lastView
	parts     []part // that the full view of this pass is cut to; none: all of it
}

// fullView is the network's input for the full frame: faces from about 10
// pixels in it are found.
const fullView = 640

// NewModel opens the network.
func NewModel() (Finder, error) {
	// 16:9 is what most cameras send.
	yunet, err := detector.NewYuNet(image.Pt(fullView, 352))
	if err != nil {
		return nil, err
	}
	m := &modelFinder{yunet: yunet, cuts: map[image.Point]*image.YCbCr{}, rotations: newRotations(0)}
	for i := range m.tiles {
		m.tiles[i] = newTileScheduler()
	}
	return m, nil
}

// net is the network for inputs of one size, until it is asked for with another.
func (m *modelFinder) net(size image.Point) (*detector.YuNet, error) {
	return m.yunet, m.yunet.Resize(size)
}

func (m *modelFinder) Params() track.Params {
	return track.Params{Start: 0.3, Continue: 0.15, Sure: 0.6}
}

func (m *modelFinder) Close() {
	m.yunet.Close()
}

func (m *modelFinder) Detect(v View) (track.Pass, error) {
	p := poseOf(v)
	v = m.enhancer.newest(v)
	m.rotations.begin(v, p.rotation)
	m.faces.begin(v)
	pass, err := m.detectAll(v, p)
	if err != nil {
		m.last.forget()
		return track.Pass{Rotations: track.AllRotations}, err
	}
	pass.More = m.enhancer.improves()
	m.last.remember(v, pass.Faces)
	return pass, nil
}

func (m *modelFinder) detectAll(v View, p pose) (pass track.Pass, err error) {
	var list []track.Rotation
	list, pass.Rotations = m.rotations.full()
	m.parts = m.changedParts(v, p, list)
	pass.Parts = crops(m.parts)
	for _, rotation := range list {
		found, err := m.fullPass(v, pose{rotation, p.stretch})
		if err != nil {
			return pass, err
		}
		m.rotations.searched(rotation, found)
		pass.Faces = append(pass.Faces, found...)
	}
	m.rotations.changed(v, pass.Faces)
	found, full, err := m.sidePasses(v, p, pass.Faces, pass.Rotations)
	if err != nil {
		return pass, err
	}
	pass.Rotations |= full
	all := append(pass.Faces, found...)
	if pass.Faces, err = m.confirm(v, p, all); err != nil {
		return pass, err
	}
	fresh := m.rotations.learn(v, pass.Faces, m.Params().Sure)
	m.rotations.prefer(pass.Faces, m.Params().Sure)
	if err := m.completePasses(v, p, fresh, all, &pass); err != nil {
		return pass, err
	}
	better, err := m.compareRotations(v, p, pass.Faces)
	if err != nil {
		return pass, err
	}
	if err := m.completePasses(v, p, better, all, &pass); err != nil {
		return pass, err
	}
	return pass, m.recheck(v, p, &pass)
}

// completePasses searches all of the frame at rotations that had hardly any pass so far. Where
// another rotation is preferred by then, all that was found is judged by that one.
func (m *modelFinder) completePasses(v View, p pose, list []track.Rotation, all []track.Face, pass *track.Pass) error {
	if len(list) == 0 {
		return nil
	}
	var fresh []track.Face
	for _, rotation := range list {
		found, err := m.completePass(v, pose{rotation, p.stretch})
		if err != nil {
			return err
		}
		m.rotations.searched(rotation, found)
		fresh = append(fresh, found...)
		pass.Rotations = pass.Rotations.With(rotation)
	}
	before := m.rotations.preferred
	if m.rotations.prefer(track.Merge(slices.Concat(pass.Faces, fresh)), m.Params().Sure); m.rotations.preferred != before {
		fresh, pass.Faces = append(fresh, all...), nil
	}
	found, err := m.confirm(v, p, fresh)
	pass.Faces = track.Merge(append(pass.Faces, found...))
	return err
}

// completePass searches all of the frame at one rotation, in all tiles as well.
func (m *modelFinder) completePass(v View, p pose) ([]track.Face, error) {
	faces, err := m.detectFullView(v, p, fullView)
	if err != nil || v.Cheap {
		return faces, err
	}
	found, err := m.detectTiles(v, p, m.tiles[p.rotation].all(v, p))
	return append(faces, found...), err
}

// fullPass searches the frame at one rotation: the full view, and tiles where that pays.
func (m *modelFinder) fullPass(v View, p pose) ([]track.Face, error) {
	faces, err := m.detectChanged(v, p)
	if err != nil {
		return nil, err
	}
	if p.rotation == m.rotations.preferred {
		entering, err := m.detectEdges(v, p)
		if err != nil {
			return nil, err
		}
		faces = track.Merge(append(faces, entering...))
	}
	c := &m.tiles[p.rotation]
	c.doubts.notice(v, p, faces, m.Params())
	if p.pays(v.Frame.Rect) {
		c.replenish(v)
	} else {
		c.replenishFine(v)
	}
	tiles := c.choose(v, p)
	more, err := m.detectTiles(v, p, tiles)
	return mergeTiles(faces, more, func(f track.Face) bool { return f.Across() >= v.plain() || cutByAll(tiles, f, v.Frame.Rect) }), err
}

// mergeTiles joins the finds of the full view and of tiles. A tile's box is the
// better one, whichever score is higher, save of faces that the full view shows better.
func mergeTiles(full, close []track.Face, better func(track.Face) bool) []track.Face {
	close = track.Merge(close)
	for _, f := range full {
		i := slices.IndexFunc(close, func(c track.Face) bool { return track.Same(c.Box, f.Box) })
		switch {
		case i < 0:
			close = append(close, f)
		case better(f):
			f.Score = max(close[i].Score, f.Score)
			close[i] = f
		default:
			close[i].Score = max(close[i].Score, f.Score)
		}
	}
	return track.Merge(close)
}

// sidePasses searches at some of the rotations that are not in `done`, and returns those
// of full passes.
func (m *modelFinder) sidePasses(v View, p pose, upright []track.Face, done track.RotationSet) (faces []track.Face, full track.RotationSet, err error) {
	first := v.Since > v.N
	somebody := slices.ContainsFunc(upright, func(f track.Face) bool { return f.Score >= certain })
	// Small faces in a first frame have no history to be found by, and who holds still draws no close pass later.
	closely := first && (p.pays(v.Frame.Rect) || !somebody)
	skip := done
	if first && somebody {
		skip |= aslantRotations // a comparison will tell whether they are the better ones
	}
	for {
		rotation, ok := m.rotations.nextSide(skip)
		if !ok {
			m.rotations.credit = min(m.rotations.credit, creditMost) // what was for passes at all rotations is spent or lost
			near, err := m.nearPasses(v, p, done|full)
			return append(faces, near...), full, err
		}
		skip = skip.With(rotation)
		p.rotation = rotation
		var found []track.Face
		if closely && !rotation.Aslant() {
			m.rotations.credit -= fullPrice.of(rotation)
			full = full.With(rotation)
			found, err = m.detectFullView(v, p, fullView)
		} else {
			m.rotations.credit -= sidePrice.of(rotation)
			found, err = m.reducedPass(v, p)
		}
		if err != nil {
			return nil, 0, err
		}
		faces = append(faces, found...)
	}
}

// reducedPass searches the full view much reduced, or every other time a tile where
// something moves.
func (m *modelFinder) reducedPass(v View, p pose) ([]track.Face, error) {
	c := &m.tiles[p.rotation]
	if c.reduced++; c.reduced%2 == 0 && p.pays(v.Frame.Rect) {
		if r, ok := c.moving(v, p.area()); ok {
			return m.detectTile(v, p, r)
		}
	}
	side := sideView
	if p.rotation.Aslant() {
		side = sideAslant
	}
	return m.detectFullView(v, p, side)
}

// detectTiles searches some tiles.
func (m *modelFinder) detectTiles(v View, p pose, list []image.Rectangle) ([]track.Face, error) {
	var faces []track.Face
	for _, r := range list {
		more, err := m.detectTile(v, p, r)
		if err != nil {
			return nil, err
		}
		faces = append(faces, more...)
	}
	return faces, nil
}

// detectFullView searches the full view, its longer side brought down to `usual`, or to more
// than that of a large frame.
func (m *modelFinder) detectFullView(v View, p pose, usual int) ([]track.Face, error) {
	side := v.side(usual)
	if p.rotation.Aslant() {
		aside := p.rotation != m.rotations.preferred
		if aside {
			side = min(side, v.side(aslantFull))
		}
		return m.detectWindow(v, p, aslantView(p, v.Frame.Rect, side, aside))
	}
	size, dst := fit(p.view(v.Frame.Rect), side)
	net, err := m.net(size)
	if err != nil {
		return nil, err
	}
	return net.Detect(v.Frame, v.FullRange, []detector.Tile{{Src: v.Frame.Rect, Dst: dst, Rotation: p.rotation.Quarters()}}, m.Params().Continue)
}

// detectTile searches one tile of the frame.
func (m *modelFinder) detectTile(v View, p pose, r image.Rectangle) ([]track.Face, error) {
	if p.rotation.Aslant() {
		x, y := float32(r.Min.X+r.Max.X)/2, float32(r.Min.Y+r.Max.Y)/2
		return m.detectWindow(v, p, p.window(x, y, tileScale, aslantInput))
	}
	net, err := m.net(tileInput)
	if err != nil {
		return nil, err
	}
	tile := detector.Tile{Src: r, Dst: image.Rectangle{Max: tileInput}, Rotation: p.rotation.Quarters()}
	faces, err := net.Detect(v.Frame, v.FullRange, []detector.Tile{tile}, m.Params().Continue)
	return whole(faces, r, v.Frame.Rect, v.plain()), err
}

// fit is the network input for a frame whose longer side is brought down to
// at most `side`, and the frame's rectangle in it. Both sides of an input are multiples of
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
