package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
)

// The day is ten minutes of a made camera of 1920x1080: most of the time nobody is there, then one
// person, seldom a crowd. What a box carries through a day follows from it.
const (
	dayRate  = 15
	dayEmpty = 240 // seconds at either end: 80 % of the day
	dayOne   = 45  // seconds before and behind the crowd: 15 %
	dayCrowd = 30  // 5 %
)

// dayClips are what the day is made of: a hall that is empty in its first quarter, one person, a crowd.
var dayClips = [3]string{emptyClip, "closeup_480", "crowd_1080"}

// dayResult is the day's cost.
type dayResult struct {
	seconds     float64
	ours, plain measurement
}

// cores is the share of a core that a program takes to keep up with the day's camera.
func (d dayResult) cores(m measurement) float64 { return m.perFrame.Seconds() * dayRate }

// measureDay makes the day and takes turns at it; nothing is judged. Without the clips it says so.
func (b *bench) measureDay(ctx context.Context, paths []string, r *doc) error {
	var from [3]clip
	for i, name := range dayClips {
		c, ok, err := clipNamed(paths, name)
		if err != nil {
			return err
		}
		if !ok {
			r.skip("a day", "it is made of "+strings.Join(dayClips[:], ", ")+", and "+name+" is not at hand")
			return nil
		}
		from[i] = c
	}
	progress("making a day of ten minutes")
	made, err := b.makeDay(ctx, from)
	if err != nil {
		return err
	}
	ours, plain, err := b.costs(ctx, made)
	if err != nil {
		return err
	}
	r.day = append(r.day, dayResult{seconds: float64(made.frames) / made.fps, ours: ours, plain: plain})
	return nil
}

// makeDay plays each clip forth and back, so that nothing jumps: the empty hall, one person's picture
// in its corner, the crowd, one person, the empty hall.
func (b *bench) makeDay(ctx context.Context, from [3]clip) (clip, error) {
	out := filepath.Join(b.temp, "day.mp4")
	around := func(in, before string, frames int) string {
		return fmt.Sprintf("%s%sfps=%d,setpts=N/%[3]d/TB,split[%[4]s1][%[4]s2];[%[4]s2]reverse[%[4]s3];[%[4]s1][%[4]s3]concat=n=2,loop=loop=-1:size=%[5]d,setpts=N/%[3]d/TB", in, before, dayRate, "f"+in[1:2], 2*frames)
	}
	part := func(in string, seconds int, out string) string {
		return fmt.Sprintf("%strim=end_frame=%d,setpts=PTS-STARTPTS[%s];", in, seconds*dayRate, out)
	}
	hall, one, crowd := from[0], from[1], from[2]
	graph := around("[0:v]", fmt.Sprintf("trim=end_frame=%d,", hall.frames/4), hall.frames/4) + ",split=4[h1][h2][h3][h4];" +
		around("[1:v]", "", one.frames*dayRate/rate(one)) + ",split[o1][o2];" + around("[2:v]", "", crowd.frames*dayRate/rate(crowd)) + "[c];" +
		"[h2][o1]overlay=W-w-64:H-h[a];[h3][o2]overlay=64:H-h[b];" +
		part("[h1]", dayEmpty, "p1") + part("[a]", dayOne, "p2") + part("[c]", dayCrowd, "p3") + part("[b]", dayOne, "p4") + part("[h4]", dayEmpty, "p5") +
		"[p1][p2][p3][p4][p5]concat=n=5[day]"
	args := []string{"-v", "error", "-nostdin", "-y"}
	for _, c := range from {
		args = append(args, "-i", c.path)
	}
	args = append(args, "-filter_complex", graph, "-map", "[day]", "-r", fmt.Sprint(dayRate), "-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-bf", "0", "-g", fmt.Sprint(2*dayRate), "-pix_fmt", "yuv420p", out)
	if _, err := run(ctx, anywhere, "ffmpeg", args...); err != nil {
		return clip{}, fmt.Errorf("making a day: %w", err)
	}
	made, err := openClip(out)
	if want := (2*dayEmpty + 2*dayOne + dayCrowd) * dayRate; err == nil && made.frames != want {
		err = fmt.Errorf("the day has %d frames, not %d", made.frames, want)
	}
	return made, err
}

func (d *doc) dayTable() string {
	var b strings.Builder
	for _, day := range d.day {
		fmt.Fprintf(&b, "\n## A day\n\n%.0f seconds of 1920x1080 at %d pictures a second: 80 %% nobody, 15 %% one person, 5 %% a crowd.\n\n", day.seconds, dayRate)
		b.WriteString("| program | CPU ms a picture | times plain | cameras a core | memory MB |\n|---|--:|--:|--:|--:|\n")
		for _, m := range []measurement{day.ours, day.plain} {
			fmt.Fprintf(&b, "| %s | %.1f | %.2f | %.1f | %s |\n", m.tool, ms(m.perFrame), m.ratio, 1/day.cores(m), megabytes(m.peak))
		}
	}
	return b.String()
}
