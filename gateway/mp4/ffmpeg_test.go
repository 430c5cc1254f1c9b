package mp4

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// What ffmpeg makes is kept for all tests of a run: it is most of their time.
var made struct {
	sync.Mutex
	dir    string
	files  map[string]string
	probes map[string]probed
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "bauta-mp4")
	if err != nil {
		panic(err)
	}
	made.dir, made.files, made.probes = dir, map[string]string{}, map[string]probed{}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// recipes are what ffmpeg makes of one test frame and one tone, in one go:
// starting it costs more than all the rest. The last word is the file's suffix.
var recipes = map[string]string{
	"plain":      "-frames:v 40 " + x264 + " -bf 0 -g 10 .mp4",
	"bframes":    "-frames:v 40 " + x264 + " -bf 3 -b_strategy 0 -g 12 .mp4",
	"bframesmov": "-r 30000/1001 -frames:v 40 " + x264 + " -bf 2 -g 15 .mov",
	"noedits":    "-frames:v 40 " + x264 + " -bf 3 -b_strategy 0 -g 12 -use_editlist 0 .mp4",
	"negctts":    "-frames:v 40 " + x264 + " -bf 3 -b_strategy 0 -g 12 -movflags negative_cts_offsets+faststart .mp4",
	"h265":       "-frames:v 20 -pix_fmt yuv420p -c:v libx265 -preset ultrafast -x265-params log-level=error:bframes=2:keyint=10 -tag:v hvc1 .mp4",
	"mjpegmp4":   "-s 162x122 -frames:v 12 -pix_fmt yuvj420p -c:v mjpeg .mp4",
	"mjpegmov":   "-s 161x121 -frames:v 12 -pix_fmt yuvj420p -c:v mjpeg .mov",
	"vfr":        "-frames:v 40 -vf setpts=PTS+floor(N/7)*0.13/TB -fps_mode vfr " + x264 + " -bf 0 -g 10 -video_track_timescale 90000 .mp4",
	"vfrb":       "-frames:v 40 -vf setpts=PTS+floor(N/7)*0.13/TB -fps_mode vfr " + x264 + " -bf 3 -b_strategy 0 -g 12 .mp4",
	"frag":       "-frames:v 40 " + x264 + " -bf 0 -g 10 -movflags frag_keyframe+empty_moov .mp4",
	"fragb":      "-frames:v 40 " + x264 + " -bf 3 -b_strategy 0 -g 10 -movflags frag_keyframe+empty_moov .mp4",
	"fragdelay":  "-frames:v 40 " + x264 + " -bf 3 -b_strategy 0 -g 10 -movflags frag_every_frame+delay_moov+default_base_moof .mp4",
	"fragfirst":  "-frames:v 40 " + x264 + " -bf 0 -g 10 -movflags frag_keyframe .mp4",
	"fragaudio":  "-map 1:a -t 1.6 -c:a aac " + x264 + " -bf 2 -g 10 -movflags frag_keyframe+empty_moov+omit_tfhd_offset .mp4",
	"audio":      "-map 1:a -t 1.6 -c:a aac " + x264 + " -bf 2 .mp4",
	"shape":      "-frames:v 10 -vf scale=322:182,setsar=4/3 " + x264 + " -bf 0 -color_primaries bt709 -color_trc bt709 -colorspace bt709 -movflags write_colr .mp4",
}

func src(w, h int, fps float64) string {
	return "-f lavfi -i testsrc2=size=" + strconv.Itoa(w) + "x" + strconv.Itoa(h) + ":rate=" + strconv.FormatFloat(fps, 'f', 6, 64)
}

const x264 = "-pix_fmt yuv420p -c:v libx264 -preset ultrafast"

// derived are files made of other files.
var derived = map[string]struct{ from, in, out string }{
	"rotated":  {"bframes", "", "-c copy .mp4"}, // and rotate
	"cut":      {"bframes", "-ss 0.7", "-c copy .mp4"},
	"late":     {"bframes", "-itsoffset 1.5", "-c copy .mp4"},
	"lateonly": {"plain", "-itsoffset 0.5", "-c copy .mp4"},
	"trimend":  {"bframes", "", "-t 0.9 -c copy .mp4"},
}

// clip returns the path of a test file, made when first asked for.
func clip(t testing.TB, name string) string {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Fatal("ffmpeg is not installed: make setup-test installs it")
	}
	made.Lock()
	defer made.Unlock()
	return makeClip(t, name)
}

func makeClip(t testing.TB, name string) string {
	t.Helper()
	if len(made.files) == 0 {
		makeRecipes(t)
	}
	if p, ok := made.files[name]; ok {
		return p
	}
	d, ok := derived[name]
	if !ok {
		t.Fatalf("no recipe for %s", name)
	}
	path, args := output(name, d.out)
	ffmpeg(t, append(append(strings.Fields(d.in), "-i", makeClip(t, d.from)), args...)...)
	if name == "rotated" {
		rotate(t, path)
	}
	made.files[name] = path
	return path
}

// rotate writes a rotation by a quarter into the first track's header, as phones do. No
// option of ffmpeg asks for it in all versions.
func rotate(t testing.TB, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, tkhd, ok := bytes.Cut(b, []byte("tkhd"))
	if !ok {
		t.Fatalf("%s has no track header", path)
	}
	for i, v := range [9]uint32{0, 1 << 16, 0, 0xffff << 16, 0, 0, 120 << 16, 0, 1 << 30} {
		binary.BigEndian.PutUint32(tkhd[40+4*i:], v)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func makeRecipes(t testing.TB) {
	t.Helper()
	args := strings.Fields("-t 2 " + src(160, 120, 25) + " -t 2 -f lavfi -i sine") // an end, whatever ffmpeg makes of the outputs' own
	files := map[string]string{}
	for name, recipe := range recipes {
		path, more := output(name, recipe)
		files[name] = path
		args = append(append(args, "-map", "0:v", "-threads", "1"), more...)
	}
	ffmpeg(t, args...)
	made.files = files
}

// output is a recipe's file, and the recipe with the file in the suffix's place.
func output(name, recipe string) (path string, args []string) {
	args = strings.Fields(recipe)
	path = filepath.Join(made.dir, name+args[len(args)-1])
	args[len(args)-1] = path
	return path, args
}

func ffmpeg(t testing.TB, args ...string) string {
	t.Helper()
	cmd := exec.Command("ffmpeg", append([]string{"-v", "error", "-nostdin", "-y", "-threads", "1"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ffmpeg %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

type probed struct {
	Streams []struct {
		Width, Height  int
		CodecTag       string `json:"codec_tag_string"`
		NBFrames       string `json:"nb_frames"`
		AvgFrameRate   string `json:"avg_frame_rate"`
		TimeBase       string `json:"time_base"`
		StartTime      string `json:"start_time"`
		Duration       string `json:"duration"`
		SampleAspect   string `json:"sample_aspect_ratio"`
		ColorSpace     string `json:"color_space"`
		ColorPrimaries string `json:"color_primaries"`
		SideData       []struct {
			Rotation int
		} `json:"side_data_list"`
	}
	Packets []struct {
		PTS   int64
		DTS   int64
		Size  string
		Flags string
	}
	Frames []struct {
		PTS int64
	}
}

func probe(t testing.TB, path string) probed {
	t.Helper()
	made.Lock()
	p, ok := made.probes[path]
	made.Unlock()
	if ok {
		return p
	}
	out, err := exec.Command("ffprobe", "-v", "error", "-select_streams", "v:0", "-show_streams", "-show_packets", "-show_frames",
		"-of", "json", path).Output()
	if err != nil {
		t.Fatalf("ffprobe %s: %v", path, err)
	}
	// With packets and frames together ffprobe mixes both in one list.
	var mixed struct {
		PF []json.RawMessage `json:"packets_and_frames"`
	}
	if err := json.Unmarshal(out, &p); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &mixed); err != nil {
		t.Fatal(err)
	}
	for _, raw := range mixed.PF {
		var kind struct {
			Type string
			PTS  int64
		}
		if err := json.Unmarshal(raw, &kind); err != nil {
			t.Fatal(err)
		}
		if kind.Type == "packet" {
			p.Packets = append(p.Packets, struct {
				PTS   int64
				DTS   int64
				Size  string
				Flags string
			}{})
			_ = json.Unmarshal(raw, &p.Packets[len(p.Packets)-1])
		} else if kind.Type == "frame" {
			p.Frames = append(p.Frames, struct{ PTS int64 }{kind.PTS})
		}
	}
	if strings.HasPrefix(path, made.dir) { // an input, asked for again
		made.Lock()
		made.probes[path] = p
		made.Unlock()
	}
	return p
}

func itoa(v int64) string { return strconv.FormatInt(v, 10) }
