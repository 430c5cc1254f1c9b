package sealed

import (
	"cmp"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/sealed"
)

// hostVariable asks this program to be a gateway that seals, until it is killed; hostLength is how long its
// segments are.
const (
	hostVariable = "BAUTA_TEST_SEALS"
	hostLength   = "BAUTA_TEST_SEALS_LENGTH"
)

// TestHost is that gateway.
func TestHost(t *testing.T) {
	dir := os.Getenv(hostVariable)
	if dir == "" {
		t.Skip("only for TestE2EKilledGateway")
	}
	length, err := time.ParseDuration(cmp.Or(os.Getenv(hostLength), "100ms"))
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, dir, func(c *Config) { c.Length = length })
	if k, err := b.Keys(); err != nil || none(k) {
		b.seal("gate")
	}
	for {
		b.feed("gate", 1)
	}
}

// Whenever a gateway is killed, what was finished is there afterwards as it was, its last segment ends by
// itself, and the next gateway goes on with the chain.
func TestE2EKilledGateway(t *testing.T) {
	rounds := 12
	if os.Getenv("BAUTA_LONG") != "" {
		rounds = 500
	}
	dir := t.TempDir()
	known := map[uint64]sealed.Sum{}
	var slowest time.Duration
	for range rounds {
		host := exec.Command(os.Args[0], "-test.run=^TestHost$")
		host.Env = append(os.Environ(), hostVariable+"="+dir)
		if err := host.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(200+rand.IntN(600)) * time.Millisecond)
		host.Process.Kill()
		host.Wait()
		slowest = max(slowest, compared(t, dir, known))
	}
	r, err := sealed.Verify(os.DirFS(filepath.Join(dir, "sealed")), "gate", nil)
	if err != nil || len(r.Faults) > 0 || r.Segments < rounds/2 {
		t.Errorf("%d segments, faults %v, %v", r.Segments, r.Faults, err)
	}
	t.Logf("%d kills: %d segments, %d torn, %d gaps; known again within %v", rounds, r.Segments, len(r.Torn), len(r.Gaps), slowest)
	if slowest > 2*time.Second {
		t.Errorf("%v until all was known again", slowest)
	}
}

// compared reads what there is, as the next gateway does, and compares it with what was known.
func compared(t *testing.T, dir string, known map[uint64]sealed.Sum) time.Duration {
	t.Helper()
	began := time.Now()
	f, err := load(filepath.Join(dir, "sealed"), "gate")
	took := time.Since(began)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range f.blocks {
		for seq, e := range f.index(b.Number) {
			if was, ok := known[seq]; ok && was != e.Sum {
				b, _ := json.Marshal(e)
				t.Errorf("segment %d is another than it was: %s", seq, b)
			}
			known[seq] = e.Sum
		}
	}
	for seq, sum := range known {
		if _, now, err := sealed.SumOf(os.DirFS(f.root), "gate", seq); now != sum {
			t.Errorf("segment %d: %v", seq, err)
		}
	}
	return took
}
