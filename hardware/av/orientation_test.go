package av

import (
	"bytes"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Where a stream says how its frames are shown, each of the eight ways gives the edge that
// is up. The message's rotation is anticlockwise, after its flips.
func TestOrientationOfStream(t *testing.T) {
	for _, c := range []struct {
		message string
		want    media.Orientation
	}{
		{"rotate=90", media.Orientation{Turn: 3}}, {"rotate=180", media.Orientation{Turn: 2}}, {"rotate=270", media.Orientation{Turn: 1}},
		{"rotate=0:flip=horizontal", media.Orientation{Turn: 0, Mirrored: true}}, {"rotate=90:flip=horizontal", media.Orientation{Turn: 1, Mirrored: true}}, {"rotate=180:flip=horizontal", media.Orientation{Turn: 2, Mirrored: true}}, {"rotate=270:flip=horizontal", media.Orientation{Turn: 3, Mirrored: true}},
		{"rotate=0:flip=vertical", media.Orientation{Turn: 2, Mirrored: true}}, {"rotate=90:flip=vertical", media.Orientation{Turn: 3, Mirrored: true}}, {"rotate=80", media.Orientation{Turn: 3}},
	} {
		units := stream(t, H264, "320x180", 2, "-bsf:v", "h264_metadata=display_orientation=insert:"+c.message)
		got, said := orientations(t, H264, units)
		if !said[0] || got[0] != c.want {
			t.Errorf("%s: %+v, %v, want %+v", c.message, got[0], said[0], c.want)
		}
		if said[1] {
			t.Errorf("%s: it is said again at the second picture", c.message)
		}
	}
}

// An H.265 stream says it in the same words.
func TestOrientationOfH265(t *testing.T) {
	units := stream(t, H265, "320x180", 2)
	message := []byte{39 << 1, 1, 47, 3, 1<<6 | 1<<3, 0, 0b000_010_0_1, 0x80} // mirrored, then 90 degrees anticlockwise
	slice := slices.IndexFunc(units[0], func(n []byte) bool { return n[0]>>1&63 < 32 })
	units[0] = slices.Insert(units[0], slice, message)
	got, said := orientations(t, H265, units)
	if want := (media.Orientation{Turn: 1, Mirrored: true}); !said[0] || got[0] != want {
		t.Errorf("%+v, %v, want %+v", got[0], said[0], want)
	}
}

// orientations is what came with each frame.
func orientations(t *testing.T, codec Codec, units [][][]byte) (all []media.Orientation, said []bool) {
	t.Helper()
	d, err := NewDecoder(codec, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	decodeAll(t, d, units, func(f *Frame) {
		o, is := f.Orientation()
		all, said = append(all, o), append(said, is)
	})
	if len(all) != len(units) {
		t.Fatalf("%d pictures of %d", len(all), len(units))
	}
	return all, said
}

// exif is a JPEG's segment that holds an orientation and nothing else.
func exif(orientation byte) []byte {
	return []byte{
		0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
		0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
	}
}

// Exif's orientations name the row and the column of the stored frame that are its upper
// and its left edge: 1 is top and left, 2 top and right, 3 bottom and right and so on.
func TestOrientationOfJPEG(t *testing.T) {
	frame := stream(t, MJPEG, "320x180", 1, "-pix_fmt", "yuvj420p")[0][0]
	if got, said := orientations(t, MJPEG, [][][]byte{{frame}}); said[0] {
		t.Errorf("a JPEG without Exif says %+v", got[0])
	}
	for orientation, want := range map[int]media.Orientation{
		2: {Mirrored: true}, 3: {Turn: 2}, 4: {Turn: 2, Mirrored: true}, 5: {Turn: 1, Mirrored: true},
		6: {Turn: 1}, 7: {Turn: 3, Mirrored: true}, 8: {Turn: 3},
	} {
		marked := bytes.Join([][]byte{frame[:2], exif(byte(orientation)), frame[2:]}, nil)
		if got, said := orientations(t, MJPEG, [][][]byte{{marked}}); !said[0] || got[0] != want {
			t.Errorf("orientation %d: %+v, %v, want %+v", orientation, got[0], said[0], want)
		}
	}
}
