package hardware

import (
	"os"
	"path/filepath"
	"testing"
	"time"
	_ "time/tzdata"
)

func TestZone(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	local := time.Local
	defer func() { time.Local = local }()
	for name, test := range map[string]struct {
		local            *time.Location
		env, link, named string
		want             string
	}{
		"the variable":           {shanghai, ":Asia/Shanghai", "", "", "Asia/Shanghai"},
		"the link":               {shanghai, "", "/usr/share/zoneinfo/Asia/Shanghai", "", "Asia/Shanghai"},
		"the file":               {shanghai, "", "", "Asia/Chongqing\n", "Asia/Chongqing"},
		"nothing, in UTC":        {time.UTC, "", "", "", "UTC"},
		"a name that is not so":  {time.UTC, "", "/usr/share/zoneinfo/Asia/Shanghai", "", "UTC"},
		"nobody says which":      {time.FixedZone("x", 1234), "", "", "", "x"},
		"a name that is no zone": {shanghai, "Nowhere/Here", "", "Asia/Shanghai", "Asia/Shanghai"},
	} {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, "etc"), 0o700); err != nil {
			t.Fatal(err)
		}
		if test.link != "" {
			err = os.Symlink(test.link, filepath.Join(dir, "etc/localtime"))
		}
		if test.named != "" && err == nil {
			err = os.WriteFile(filepath.Join(dir, "etc/timezone"), []byte(test.named), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Setenv("TZ", test.env)
		time.Local = test.local
		if got := At(os.DirFS(dir)).Zone().String(); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
