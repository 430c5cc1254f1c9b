// Package clips is for clips whose faces are known: it reads and writes the
// ground truth that lies beside them, and tells tests which ones to play.
package clips

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
)

// Face is a face in one frame of a clip. It may reach outside.
type Face struct {
	X, Y, W, H float64 // pixels of the frame
	Badge      int     // the number of the badge that it wears; 0: none
}

// Truth is what is known of a clip. It holds only faces that can be seen.
type Truth struct {
	FPS    float64 `json:"fps"`
	Width  int     `json:"width"`
	Height int     `json:"height"`
	// Frames are the faces of each frame, from the first to the last.
	Frames [][]Face `json:"frames"`
}

// MarshalJSON writes a face as [x, y, w, h], with its badge as a fifth number
// where it wears one.
func (f Face) MarshalJSON() ([]byte, error) {
	numbers := []float64{f.X, f.Y, f.W, f.H}
	for i, v := range numbers {
		numbers[i] = math.Round(v*10) / 10
	}
	if f.Badge != 0 {
		numbers = append(numbers, float64(f.Badge))
	}
	return json.Marshal(numbers)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (f *Face) UnmarshalJSON(b []byte) error {
	var numbers []float64
	if err := json.Unmarshal(b, &numbers); err != nil {
		return err
	}
	if len(numbers) != 4 && len(numbers) != 5 {
		return fmt.Errorf("a face has %d numbers: want x, y, width, height and perhaps a badge", len(numbers))
	}
	*f = Face{X: numbers[0], Y: numbers[1], W: numbers[2], H: numbers[3]}
	if len(numbers) == 5 {
		f.Badge = int(numbers[4])
	}
	return nil
}

// truthPath is where the ground truth of a clip lies: beside it, as JSON.
func truthPath(clip string) string {
	return strings.TrimSuffix(clip, filepath.Ext(clip)) + ".json"
}

// ReadTruth reads the ground truth of the clip. The error wraps
// fs.ErrNotExist where the clip has none.
func ReadTruth(clip string) (Truth, error) {
	b, err := os.ReadFile(truthPath(clip))
	if err != nil {
		return Truth{}, err
	}
	var t Truth
	if err := json.Unmarshal(b, &t); err != nil {
		return Truth{}, fmt.Errorf("%s: %w", truthPath(clip), err)
	}
	return t, nil
}

// Write puts the ground truth beside the clip, all of it or nothing.
func (t Truth) Write(clip string) error {
	b, err := json.Marshal(t)
	if err != nil {
		return err
	}
	path := truthPath(clip)
	part := path + ".part"
	defer os.Remove(part)
	if err := os.WriteFile(part, append(b, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(part, path)
}
