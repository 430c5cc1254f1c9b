package doctor

import (
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/worker"
)

// What only another user than root gets is not missing to root.
func TestAbsentLayers(t *testing.T) {
	if got := absent(worker.BestEffort, 0); len(got) > 0 {
		t.Errorf("all are there, and absent are %v", got)
	}
	if got := absent(nil, 990); !slices.Equal(got, worker.BestEffort) {
		t.Errorf("a user lacks %v, want %v", got, worker.BestEffort)
	}
	want := slices.DeleteFunc(slices.Clone(worker.BestEffort), func(l string) bool { return l == worker.MemoryClosed })
	if got := absent(nil, 0); !slices.Equal(got, want) {
		t.Errorf("root lacks %v, want %v", got, want)
	}
}

func TestMemorySizes(t *testing.T) {
	for n, want := range map[int64]string{512 << 20: "512 MB", 3 << 30: "3.0 GB"} {
		if got := Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %s, want %s", n, got, want)
		}
	}
}
