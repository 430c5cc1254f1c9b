// Package reference runs YuNet through OpenCV's DNN module: what the
// detector's own kernel is tested and timed against. Only tests use it. The model
// that OpenCV reads is written from the table of weights that the kernel uses.
package reference

// #cgo LDFLAGS: -lopencv_dnn
import "C"

import (
	"errors"
	"fmt"
	"image"
	"math"

	"gocv.io/x/gocv"

	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/detector/yunet"
)

// Net is the network for one size of input. It belongs to one goroutine.
type Net struct {
	net   gocv.Net
	input gocv.Mat
	last  []gocv.Mat
	size  image.Point
}

// Open loads the network; both sides of size are multiples of 32.
func Open(size image.Point) (*Net, error) {
	weights, err := yunet.Weights()
	if err != nil {
		return nil, err
	}
	net, err := gocv.ReadNetFromONNXBytes(write(weights, size))
	if err != nil {
		return nil, fmt.Errorf("OpenCV does not load the model: %w", err)
	}
	if net.Empty() {
		return nil, errors.New("OpenCV does not load the model")
	}
	net.SetPreferableBackend(gocv.NetBackendOpenCV)
	return &Net{net: net, input: gocv.NewMatWithSizes([]int{1, 3, size.Y, size.X}, gocv.MatTypeCV32F), size: size}, nil
}

// Close frees the network.
func (n *Net) Close() {
	n.drop()
	n.input.Close()
	n.net.Close()
}

func (n *Net) drop() {
	for i := range n.last {
		n.last[i].Close()
	}
	n.last = nil
}

// Scale brings part of a plane to the size of to, which is a part of a plane as
// well: by whole numbers first, as averages, then between pixels.
func Scale(from, to *image.Gray) {
	w, h, dw, dh := from.Rect.Dx(), from.Rect.Dy(), to.Rect.Dx(), to.Rect.Dy()
	f := max(1, min(w/dw, h/dh))
	small := gocv.NewMatWithSize(h/f, w/f, gocv.MatTypeCV8U)
	defer small.Close()
	pixels, err := small.DataPtrUint8()
	if err != nil {
		panic(err) // it is a plane of bytes
	}
	for i := range pixels {
		x, y, sum := i%(w/f)*f, i/(w/f)*f, f*f/2
		for k := range f * f {
			sum += int(from.Pix[(y+k/f)*from.Stride+x+k%f])
		}
		pixels[i] = byte(sum / (f * f))
	}
	out := gocv.NewMat()
	defer out.Close()
	gocv.Resize(small, &out, image.Pt(dw, dh), 0, 0, gocv.InterpolationLinear)
	scaled := out.ToBytes()
	for y := range dh {
		copy(to.Pix[y*to.Stride:][:dw], scaled[y*dw:])
	}
}

// SetInput takes planes of the input's size, turned to colours by BT.601.
func (n *Net) SetInput(y, cb, cr []byte, fullRange bool) error {
	area := n.size.X * n.size.Y
	in, err := n.input.DataPtrFloat32()
	if err != nil {
		return err
	}
	gain, lift, cg := float32(255./219), float32(16), float32(255./224)
	if fullRange {
		gain, lift, cg = 1, 0, 1
	}
	for i := range area {
		l, u, v := (float32(y[i])-lift)*gain, (float32(cb[i])-128)*cg, (float32(cr[i])-128)*cg
		in[i] = max(0, min(255, l+1.772*u))
		in[area+i] = max(0, min(255, l-0.344136*u-0.714136*v))
		in[2*area+i] = max(0, min(255, l+1.402*v))
	}
	return nil
}

// Output is one level's result: for each cell the class's and the object's
// score; the box is four maps of one number for each cell.
type Output struct{ Class, Object, Box []float32 }

// outputs are the names of what Forward returns.
var outputs = []string{"cls_8", "obj_8", "bbox_8", "cls_16", "obj_16", "bbox_16", "cls_32", "obj_32", "bbox_32"}

// Forward runs the network. The outputs, for strides 8, 16 and 32, are valid until the next run.
func (n *Net) Forward() (out [3]Output, err error) {
	n.drop()
	n.net.SetInput(n.input, "")
	if n.last = n.net.ForwardLayers(outputs); len(n.last) != len(outputs) {
		return out, fmt.Errorf("OpenCV gives %d outputs, not %d", len(n.last), len(outputs))
	}
	for level := range out {
		for i, part := range []*[]float32{&out[level].Class, &out[level].Object, &out[level].Box} {
			if *part, err = n.last[3*level+i].DataPtrFloat32(); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

// Faces are the boxes in the input's pixels that score at least minScore, not merged.
func (n *Net) Faces(out [3]Output, minScore float32) []track.Face {
	var faces []track.Face
	for level, o := range out {
		stride := float32(int(8) << level)
		cols, cells := n.size.X>>(3+level), len(o.Class)
		for i := range o.Class {
			s := min(o.Class[i], 1) * min(o.Object[i], 1)
			if s <= minScore*minScore {
				continue
			}
			w, h := exp(o.Box[2*cells+i])*stride, exp(o.Box[3*cells+i])*stride
			cx, cy := (float32(i%cols)+o.Box[i])*stride, (float32(i/cols)+o.Box[cells+i])*stride
			faces = append(faces, track.Face{Box: track.Box{X: cx - w/2, Y: cy - h/2, W: w, H: h}, Score: float32(math.Sqrt(float64(s)))})
		}
	}
	return faces
}

func exp(x float32) float32 { return float32(math.Exp(float64(x))) }
