package slug

import (
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestOf(t *testing.T) {
	for name, want := range map[string]string{
		"走廊 10 层": "zoulang-10-ceng", "大堂 10 号": "datang-10-hao", "2楼东": "2-loudong", "2楼西": "2-louxi", "前台": "qiantai", "女卫": "nvwei",
		"A栋": "a-dong", "North gate": "north-gate", "Café ２号": "cafe-2-hao", "  --x--  ": "x", "大堂 Lobby north": "datang-lobby-north",
		"30": "camera-30", "Ворота 30": "camera-30", "Lobby's door": "lobby-s-door",
	} {
		if got := Of("camera", name, 40); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	for _, name := range []string{"", "Ворота", "🙂", "…", "ロビー"} {
		got := Of("area", name, 40)
		if !strings.HasPrefix(got, "area-") || len(got) != len("area-")+hashDigits || got != Of("area", name+" ", 40) {
			t.Errorf("%q: %s", name, got)
		}
	}
}

func TestLongNamesAreCut(t *testing.T) {
	for name, want := range map[string]string{
		strings.Repeat("a", 50):        strings.Repeat("a", 40),
		"a " + strings.Repeat("b", 50): "a",
		strings.Repeat("abcd ", 10):    strings.Repeat("abcd-", 7) + "abcd",
	} {
		if got := Of("camera", name, 40); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestFree(t *testing.T) {
	var all []string
	for range 12 {
		all = append(all, Free("datang", 8, func(id string) bool { return slices.Contains(all, id) }))
	}
	if got := strings.Join(all, " "); got != "datang datang-2 datang-3 datang-4 datang-5 datang-6 datang-7 datang-8 datang-9 datan-10 datan-11 datan-12" {
		t.Error(got)
	}
}

// Whatever a name is, its id is one that a camera and a zone may have, and it is free.
func FuzzOf(f *testing.F) {
	for _, name := range []string{"走廊 10 层", "North gate", "", "-", "🙂", strings.Repeat("大", 60), "Å1"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		id := Of("camera", name, media.MaxCameraID)
		if _, err := media.ParseCameraID(id); err != nil {
			t.Fatal(err)
		}
		other := Free(id, media.MaxCameraID, func(s string) bool { return s == id })
		if _, err := media.ParseCameraID(other); err != nil || other == id {
			t.Fatal(other, err)
		}
	})
}
