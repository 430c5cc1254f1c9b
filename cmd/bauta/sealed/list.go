package sealed

import (
	"io/fs"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Listed is what is sealed of a camera.
type Listed struct {
	Camera   media.CameraID `json:"camera"`
	Segments int            `json:"segments"`
	Bytes    int64          `json:"bytes"`
	// From and To are zero where no segment can be read.
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

func listOf(root fs.FS, id media.CameraID) (Listed, error) {
	all, err := sealed.Sequences(root, id)
	l := Listed{Camera: id, Segments: len(all)}
	for _, seq := range all {
		f, err := sealed.Open(root, id, seq)
		if err != nil {
			continue // verify names it
		}
		f.Close()
		from, to := f.Header.Start, f.Header.Start.Add(f.Trailer.Duration())
		if l.From.IsZero() || from.Before(l.From) {
			l.From = from
		}
		if to.After(l.To) {
			l.To = to
		}
		l.Bytes += f.Size
	}
	return l, err
}

func (l Listed) from() string { return shown(l.From) }
func (l Listed) to() string   { return shown(l.To) }

func shown(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return cli.Seconds(t)
}
