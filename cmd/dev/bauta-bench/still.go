package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// stillClip is the clip of which one picture is held.
const stillClip = emptyClip

const (
	stillSeconds = 8
	stillNoise   = 3 // what a sensor adds by daylight
)

// stillRow is the quality of a calm scene whose source has one keyframe.
type stillRow struct {
	clip        string
	pictures    int
	least, mean float64 // structural similarity with the source, up to 1
	size        float64 // of the file, in times of the source's
}

// measureStill holds the picture with the most faces as cameras with few keyframes send it.
func (b *bench) measureStill(ctx context.Context, c clip, r *doc) error {
	progress("%s: one picture held", c.name)
	in, out := filepath.Join(b.temp, "still.mp4"), filepath.Join(b.temp, "still-out.mp4")
	at, _ := busiest(c.truth, 1)
	filter := fmt.Sprintf("select='eq(n,%d)',scale=-2:720,loop=loop=-1:size=1,setpts=N/(%g*TB),fps=%[2]g,trim=end_frame=%d,noise=alls=%d:allf=t+u:all_seed=7",
		at, c.fps, stillSeconds*rate(c), stillNoise)
	if err := convert(ctx, c.path, filter, in, "-preset", "veryfast", "-crf", "27", "-g", "300", "-pix_fmt", "yuv420p"); err != nil {
		return err
	}
	if _, err := b.redact(ctx, in, out); err != nil {
		return err
	}
	values, err := similarity(ctx, in, out)
	if err != nil {
		return err
	}
	row := stillRow{clip: c.name, pictures: len(values), least: 1}
	for _, v := range values {
		row.least = min(row.least, v)
		row.mean += v / float64(len(values))
	}
	if row.size, err = sizeRatio(in, out); err != nil {
		return err
	}
	r.still = append(r.still, row)
	return nil
}

func sizeRatio(in, out string) (float64, error) {
	a, err := os.Stat(in)
	if err != nil {
		return 0, err
	}
	b, err := os.Stat(out)
	if err != nil {
		return 0, err
	}
	return float64(b.Size()) / float64(max(1, a.Size())), nil
}

var ssimOfAll = regexp.MustCompile(`All:([0-9.]+)`)

// similarity is that of each picture, by ffmpeg.
func similarity(ctx context.Context, in, out string) (values []float64, err error) {
	b, err := exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-nostdin", "-i", in, "-i", out, "-lavfi", "[0:v][1:v]ssim=stats_file=-", "-f", "null", "/dev/null").Output()
	if err != nil {
		return nil, fmt.Errorf("ffmpeg: %w", err)
	}
	for _, m := range ssimOfAll.FindAllSubmatch(b, -1) {
		v, err := strconv.ParseFloat(string(m[1]), 64)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	if len(values) == 0 {
		return nil, errors.New("ffmpeg compared no picture")
	}
	return values, nil
}
