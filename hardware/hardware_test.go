package hardware

import (
	"runtime"
	"testing"
	"testing/fstest"
)

func files(m map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range m {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func TestTemperature(t *testing.T) {
	const zone = "sys/class/thermal/thermal_zone"
	tests := []struct {
		name  string
		files map[string]string
		want  float64
		ok    bool
	}{
		{"no sensor", nil, 0, false},
		{"hottest wins", map[string]string{zone + "0/temp": "41000\n", zone + "1/temp": "56500\n"}, 56.5, true},
		{"nonsense is left out", map[string]string{zone + "0/temp": "-274000\n", zone + "1/temp": "0\n", zone + "2/temp": "9999000"}, 0, false},
		{"garbage is left out", map[string]string{zone + "0/temp": "hot", zone + "1/temp": "38000"}, 38, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, ok := temperature(files(test.files))
			if got != test.want || ok != test.ok {
				t.Errorf("temperature = %v, %v; want %v, %v", got, ok, test.want, test.ok)
			}
		})
	}
}

func TestFacts(t *testing.T) {
	got := readFacts(files(map[string]string{
		"proc/device-tree/model": "Orange Pi 5\x00",
		"proc/meminfo":           "MemTotal:        2048 kB\nMemFree:  1 kB\nMemAvailable:    1024 kB\n",
	}))
	want := Facts{Board: "Orange Pi 5", Arch: runtime.GOARCH, Cores: runtime.GOMAXPROCS(0), MemoryTotal: 2 << 20, MemoryFree: 1 << 20}
	if got != want {
		t.Errorf("facts = %+v, want %+v", got, want)
	}
}

func TestFactsOfAPC(t *testing.T) {
	got := readFacts(files(map[string]string{
		"sys/class/dmi/id/sys_vendor":   "QEMU\n",
		"sys/class/dmi/id/product_name": "Standard PC\n",
		"proc/meminfo":                  "MemTotal: many kB\n",
	}))
	if got.Board != "QEMU Standard PC" || got.MemoryTotal != 0 {
		t.Errorf("facts = %+v", got)
	}
}

func TestReadHere(t *testing.T) {
	if got := Read(); got.Cores < 1 || got.Arch == "" {
		t.Errorf("facts = %+v", got)
	}
}
