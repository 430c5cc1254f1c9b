package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/detector"
)

// doc is docs/BENCHMARKS.md.
type doc struct {
	setup      []string
	date       time.Time
	strip      string // file name of the image; empty for none
	pairs      int
	liveTime   time.Duration
	peerFrames int
	noPeer     string
	withSecond bool

	clips    []clipRow
	entries  []measurement
	live     []liveRow
	many     []manyResult
	variants []measurement
	empty    []measurement
	day      []dayResult
	kinds    []kindRow
	spare    []spareRow
	still    []stillRow
	skipped  []string
}

type clipRow struct {
	clip
	result leak.Result
}

type liveRow struct {
	clip
	liveResult
}

func (d *doc) skip(what, why string) { d.skipped = append(d.skipped, what+": "+why) }

// setup says on what was measured. Names of hosts and folders stay out.
func (b *bench) setup(ctx context.Context) []string {
	return []string{
		fmt.Sprintf("%s, %d cores, %s/%s", processor(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH),
		fmt.Sprintf("%s, %s, %s, %s", version(ctx, b.bauta, "--version"), detector.Version(),
			version(ctx, "ffmpeg", "-version"), version(ctx, "gst-launch-1.0", "--version")),
	}
}

// processor names the computer's; boards that do not tell are unknown.
func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	defer f.Close()
	name, lines := "unknown processor", bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), ":")
		switch strings.TrimSpace(key) {
		case "model name", "Model":
			name = strings.TrimSpace(value)
		case "flags", "Features":
			return name + extensions(strings.Fields(value))
		}
	}
	return name
}

// extensions names the instructions that the programs' speed hangs on most.
func extensions(flags []string) string {
	for _, e := range [][2]string{{"avx512_vnni", "AVX-512 with VNNI"}, {"avx512bw", "AVX-512"}, {"avx2", "AVX2"}, {"asimddp", "NEON with dot products"}, {"asimd", "NEON"}} {
		if slices.Contains(flags, e[0]) {
			return " with " + e[1]
		}
	}
	return ""
}

// version is a program's name and version, without the rest of what it tells.
func version(ctx context.Context, program string, flag string) string {
	b, _ := exec.CommandContext(ctx, program, flag).Output() // without it the report says unknown
	line, _, _ := strings.Cut(string(b), "\n")
	if short := regexp.MustCompile(`^\S+( version)? v?[0-9]\S*`).FindString(line); short != "" {
		return strings.Replace(short, " version", "", 1)
	}
	return "unknown version of " + program[strings.LastIndexByte(program, '/')+1:]
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func (d *doc) markdown() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Benchmarks\n\nMade by `make bench` (cmd/dev/bauta-bench) on %s. All figures of a table come from one run.\n\n", d.date.UTC().Format("2 January 2006"))
	for _, s := range d.setup {
		fmt.Fprintf(&b, "- %s\n", s)
	}
	if d.strip != "" {
		fmt.Fprintf(&b, "\nFour moments of the demo's clip, before (above) and after (below):\n\n![The demo's clip before and after](%s)\n", d.strip)
	}
	b.WriteString(d.tables())
	b.WriteString(d.method())
	return b.Bytes()
}

// tables are the figures alone.
func (d *doc) tables() string {
	var b strings.Builder
	d.clipTable(&b)
	b.WriteString("\n## Side by side\n\n")
	b.WriteString("| clip | program | faces judged | leaked | tracks with a leak | changed area | while empty | CPU ms a picture | times plain | memory MB |\n")
	b.WriteString("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, e := range d.entries {
		b.WriteString(e.line(e.tool))
	}
	for _, tool := range []string{toolBauta, toolFaceblur, toolPlain} {
		d.together(&b, tool)
	}
	if d.noPeer != "" {
		fmt.Fprintf(&b, "\nGStreamer's faceblur is not in the table: %s.\n", d.noPeer)
	}
	d.liveTable(&b)
	b.WriteString(d.manyTable())
	d.variantTable(&b)
	b.WriteString(d.kindTables())
	if len(d.empty) > 0 {
		b.WriteString("\n## Empty scene\n\n| clip | program | changed area | CPU ms a picture | times plain | memory MB |\n|---|---|--:|--:|--:|--:|\n")
		for _, e := range d.empty {
			fmt.Fprintf(&b, "| %s | %s | %.4f | %.1f | %.2f | %s |\n", e.clip, e.tool, e.result.ChangedArea, ms(e.perFrame), e.ratio, megabytes(e.peak))
		}
	}
	b.WriteString(d.dayTable())
	for _, s := range d.skipped {
		fmt.Fprintf(&b, "\nNot measured: %s.\n", s)
	}
	return b.String()
}

func (d *doc) clipTable(b *strings.Builder) {
	b.WriteString("\n## Clips\n\n| clip | size | pictures | a second | faces by | faces judged | tracks | area of the faces |\n|---|---|--:|--:|---|--:|--:|--:|\n")
	for _, c := range d.clips {
		fmt.Fprintf(b, "| %s | %dx%d | %d | %.4g | %s | %d | %d | %.4f |\n", c.name, c.width, c.height, c.frames, c.fps,
			c.facesFrom(), c.result.Faces, c.result.Tracks, c.result.FaceArea)
	}
}

// line is an entry's row of the table. The note stands with the program.
func (e measurement) line(what string) string {
	if e.note != "" {
		what += " (" + e.note + ")"
	}
	if e.result.Frames == 0 {
		return fmt.Sprintf("| %s | %s | - | - | - | - | - | - | - | - |\n", e.clip, what)
	}
	return fmt.Sprintf("| %s | %s | %s %.1f | %.2f | %s |\n", e.clip, what, leakCells(e.result), ms(e.perFrame), e.ratio, megabytes(e.peak))
}

// leakCells are the columns of the leak measure.
func leakCells(r leak.Result) string {
	leaked, tracks := "-", "-"
	if r.Faces > 0 {
		leaked, tracks = fmt.Sprintf("%.4f", r.Rate()), fmt.Sprintf("%d of %d", r.LeakedTracks, r.Tracks)
	}
	return fmt.Sprintf("%d | %s | %s | %.4f | %s |", r.Faces, leaked, tracks, r.ChangedArea, share(r.EmptyChanged))
}

// together sums a program's leaks over all clips.
func (d *doc) together(b *strings.Builder, tool string) {
	var sum leak.Result
	for _, e := range d.entries {
		if e.tool == tool {
			sum.Faces += e.result.Faces
			sum.Leaked += e.result.Leaked
			sum.Tracks += e.result.Tracks
			sum.LeakedTracks += e.result.LeakedTracks
		}
	}
	if sum.Faces > 0 {
		fmt.Fprintf(b, "| **all** | **%s** | %d | **%.4f** | %d of %d | | | | | |\n", tool, sum.Faces, sum.Rate(), sum.LeakedTracks, sum.Tracks)
	}
}

func (d *doc) liveTable(b *strings.Builder) {
	if len(d.live) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## Live\n\nOne camera through `bauta run`, %v each. The delay includes the look-ahead of %v.\n\n", d.liveTime, d.live[0].lookAhead)
	b.WriteString("| clip | size | a second | pictures | not delivered | faces judged | leaked | delay p50 ms | delay p99 ms | CPU, share of a core | worker's memory MB | remarks |\n")
	b.WriteString("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|\n")
	for _, l := range d.live {
		fmt.Fprintf(b, "| %s | %dx%d | %.4g | %d | %d | %d | %.4f | %.0f | %.0f | %.2f | %s | %s |\n", l.name, l.width, l.height, l.fps, l.sentFrames, l.missing,
			l.leak.Faces, l.leak.Rate(), ms(l.p50), ms(l.p99), l.cpu, megabytes(l.peak), strings.Join(l.notes, ", "))
	}
}

func (d *doc) variantTable(b *strings.Builder) {
	if len(d.variants) == 0 {
		return
	}
	b.WriteString("\n## Harder sources\n\nThe same clips, made worse before Bauta gets them.\n\n")
	b.WriteString("| clip | source | faces judged | leaked | tracks with a leak | changed area | while empty | CPU ms a picture |\n")
	b.WriteString("|---|---|--:|--:|--:|--:|--:|--:|\n")
	for _, e := range d.variants {
		fmt.Fprintf(b, "| %s | %s | %s %.1f |\n", e.clip, e.tool, leakCells(e.result), ms(e.perFrame))
	}
	for _, v := range variants {
		var sum leak.Result
		for _, e := range d.variants {
			if e.tool == v.name {
				sum.Faces += e.result.Faces
				sum.Leaked += e.result.Leaked
			}
		}
		if sum.Faces > 0 {
			fmt.Fprintf(b, "| **all** | **%s** | %d | **%.4f** | | | | |\n", v.name, sum.Faces, sum.Rate())
		}
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func share(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	return fmt.Sprintf("%.4f", v)
}

func megabytes(n int64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f", float64(n)/(1<<20))
}

// method says how the figures came about, so that others can get them too.
func (d *doc) method() string {
	peer := "It blurs what OpenCV's frontal cascade finds, picture by picture."
	if d.peerFrames > 0 {
		peer += fmt.Sprintf(" A picture takes it up to 0.7 s of\n  processor time: from longer clips it gets those %d pictures in a row that have the most faces, and the table says which.", d.peerFrames)
	}
	return fmt.Sprintf(`
## How it is measured

- **Faces**: the ground truth of the clip where it has one (annotated photos that drift over a wall). Otherwise what the YuNet
  model finds in the source at %d pixels of width with a score of %.1f or more, in two pictures running. Faces less than 16 pixels
  wide are not judged. The model errs as well: in the mirrored, rotated and dimmed closeup_480 it takes the skull printed on the man's
  shirt for a face in two to six pictures, which then counts as leaked.
- **Leaked**: share of the faces, picture by picture, whose fine detail survives: the correlation of the high-pass luma (less its
  Gaussian blur of a 16th of the face's width) in the inner 60 %% of the face, source against output, is above 0.5. Masked faces
  are near 0, merely re-encoded ones above 0.8. **Tracks with a leak**: appearances of a person with one leaked picture or more.
- **Changed area**: mean share of the picture that differs from the source by more than re-encoding explains. **While empty**: the
  same over the first quarter of the clip, as far as nobody is in it yet. Compare with the area of the faces under "Clips": a mask has
  to cover hair and ears as well, and the box of a face does not.
- **CPU**: user and system time of all processes, starting them included, divided by the pictures, all on one CPU (`+"`taskset -c 0`"+`). Bauta and the plain re-encode take turns,
  %d times; given is the median. **Times plain** is the median of the ratios within the turns; for faceblur it is its time a picture
  by the plain re-encode's of the whole clip.
- **Memory**: the most that one process of the program held in RAM (VmHWM, shared libraries included). With Bauta that is the worker.
- **Bauta**: `+"`bauta redact`"+` with its defaults.
- **Plain re-encode**: ffmpeg, H.264 decoder and x264 "ultrafast" with one thread each: the least that any change of a picture costs.
- **GStreamer faceblur**: the element of gst-plugins-bad with x264 "ultrafast". %s
- **Live**: a camera on the same computer plays the clip over RTSP in a loop and notes when it has written the last packet of each
  picture; a viewer of the masked stream notes when it has received the last packet of each. The two are matched by the capture time in the
  RTCP sender reports, which the gateway carries through. The delay is the difference: all that the gateway adds, the network
  being loopback. Pictures not delivered are those that the viewer never got.
  What it got is judged as the files are. The first seconds after the start are left out.
- **Many cameras**: CPU over the time said, of the supervisor and all workers; memory with each one's part of what they share (PSS).
- **A day**: %d s of an empty hall, with one person for %d s before and behind a crowd of %d s; cameras a core are the time that the day
  lasts by the processor time that it takes.
- **Harder sources**: re-encoded at 500 kbit/s, at 8 pictures a second, rotated by 10 degrees, dimmed to 35 %% of the
  brightness; the ground truth is carried over.
`, referenceWidth, referenceScore, d.pairs, peer, 2*dayEmpty, dayOne, dayCrowd) + d.kindMethod()
}

// kindMethod tells the same of the tables on kinds of frames.
func (d *doc) kindMethod() string {
	if len(d.spare) == 0 {
		return ""
	}
	second := "It was not at hand in this run."
	if d.withSecond {
		second = fmt.Sprintf("It judges every %dth picture.", secondStride)
	}
	return fmt.Sprintf(`- **Kinds of pictures**: the %d s of each clip with the most faces, as another camera, phone or recorder gives them: turned (in the
  picture, or stored turned with a display matrix in the file's header), mirrored, with pixels twice as wide or high as they are high or wide
  (stored so much narrower or lower), tilted (nothing in the corners), with every 2nd, 3rd or 4th picture alone (of so much longer a stretch), with noise of
  strength %d by ffmpeg's filter at crf 33. The faces of the clip as it is are carried over, those of YuNet too. Noise and
  YuNet's own errors count as everywhere.
- **Second judge**: another program, with the same faces: a face is leaked where its fine detail survives, or that of a
  middle band (correlation above 0.8). %s
- **Times the faces**: changed area by the area of the faces' boxes.
- **Where nobody is**: pictures at least %.1f s from the next face, of the clip as it is.
- **A still scene**: the picture of %s with the most faces, held for %d s with little noise and one keyframe: the structural similarity (SSIM) of
  each picture of Bauta's output with the source's, masks included, and the size of the file by the source's.
`, kindSeconds, noiseStrength, second, restSeconds, stillClip, stillSeconds)
}
