package av

import (
	"bytes"
	"testing"
)

// Where a stream says how its pictures are shown, each of the eight ways gives the edge that
// is up. The message's rotation is anticlockwise, after its flips.
func TestTurnOfStream(t *testing.T) {
	for _, c := range []struct {
		message string
		want    int
	}{
		{"rotate=90", 3}, {"rotate=180", 2}, {"rotate=270", 1},
		{"rotate=0:flip=horizontal", 0}, {"rotate=90:flip=horizontal", 1}, {"rotate=180:flip=horizontal", 2}, {"rotate=270:flip=horizontal", 3},
		{"rotate=0:flip=vertical", 2}, {"rotate=90:flip=vertical", 3}, {"rotate=80", 3},
	} {
		units := stream(t, H264, "320x180", 2, "-bsf:v", "h264_metadata=display_orientation=insert:"+c.message)
		turns, said := turnsOf(t, H264, units)
		if !said[0] || turns[0] != c.want {
			t.Errorf("%s: turn %d, %v, want %d", c.message, turns[0], said[0], c.want)
		}
		if said[1] {
			t.Errorf("%s: it is said again at the second picture", c.message)
		}
	}
}

// turnsOf is what came with each picture.
func turnsOf(t *testing.T, codec Codec, units [][][]byte) (turns []int, said []bool) {
	t.Helper()
	d, err := NewDecoder(codec, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	decodeAll(t, d, units, func(f *Frame) {
		turn, is := f.Turn()
		turns, said = append(turns, turn), append(said, is)
	})
	if len(turns) != len(units) {
		t.Fatalf("%d pictures of %d", len(turns), len(units))
	}
	return turns, said
}

// exif is a JPEG's segment that holds an orientation and nothing else.
func exif(orientation byte) []byte {
	return []byte{
		0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
		0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
	}
}

// Exif's orientations name the row and the column of the stored picture that are its upper
// and its left edge: 1 is top and left, 2 top and right, 3 bottom and right and so on.
func TestTurnOfJPEG(t *testing.T) {
	picture := stream(t, MJPEG, "320x180", 1, "-pix_fmt", "yuvj420p")[0][0]
	if turns, said := turnsOf(t, MJPEG, [][][]byte{{picture}}); said[0] {
		t.Errorf("a JPEG without Exif says turn %d", turns[0])
	}
	for orientation, want := range []int{2: 0, 3: 2, 4: 2, 5: 1, 6: 1, 7: 3, 8: 3} {
		if orientation < 2 {
			continue
		}
		marked := bytes.Join([][]byte{picture[:2], exif(byte(orientation)), picture[2:]}, nil)
		if turns, said := turnsOf(t, MJPEG, [][][]byte{{marked}}); !said[0] || turns[0] != want {
			t.Errorf("orientation %d: turn %d, %v, want %d", orientation, turns[0], said[0], want)
		}
	}
}
