package sealed

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// With the disk and the memory of all processes nothing opens: the content keys of segments that are finished
// are nowhere, nor is any private key. A build of its own tells the keys that are looked for.
func TestE2EKeysAreNowhere(t *testing.T) {
	if os.Getenv("BAUTA_LONG") == "" {
		t.Skip("it builds this test again: make test-long")
	}
	program := filepath.Join(t.TempDir(), "sealed.test")
	if out, err := exec.Command("go", "test", "-c", "-tags", "bauta_reveal_keys", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	dir := t.TempDir()
	host := exec.Command(program, "-test.run=^TestHost$")
	host.Env = append(os.Environ(), hostVariable+"="+dir, hostLength+"=1s")
	said, err := host.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { host.Process.Kill(); host.Wait() }()
	var received subscriber
	go received.listen(said)
	await(t, "10 segments", func() bool { return len(received.all()) > 10 })
	keys := received.all()
	// The last one is of the segment at hand.
	finished, all := keys[:len(keys)-1], append(childrenOf(t, host.Process.Pid), host.Process.Pid)
	found, size := 0, 0
	for _, pid := range all {
		n, read := search(t, pid, finished)
		found, size = found+n, size+read
	}
	if found > 0 || size < 10<<20 {
		t.Errorf("%d keys found in %d bytes of %d processes", found, size, len(all))
	}
	for _, b := range written(t, dir) {
		if n := count(b, received.all()); n > 0 || bytes.Contains(b, []byte("AGE-SECRET-KEY")) {
			t.Error("a key on the disk")
		}
	}
	await(t, "the key of the segment at hand, in its process: the search finds what is there", func() bool {
		keys := received.all()
		seen := 0
		for _, pid := range childrenOf(t, host.Process.Pid) {
			n, _ := search(t, pid, keys[len(keys)-1:])
			seen += n
		}
		return seen > 0
	})
	t.Logf("%d keys of finished segments looked for in %d MB of memory of %d processes", len(finished), size>>20, len(all))
}

// subscriber receives keys as the build tells them: each byte with all its bits turned, so that no other copy of a
// key arises.
type subscriber struct {
	mu   sync.Mutex
	keys [][]byte
}

func (e *subscriber) listen(in io.Reader) {
	one := make([]byte, 0, 16)
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var camera string
		var seq, at, b int
		if n, _ := fmt.Sscanf(lines.Text(), "reveal %s %d %d %d", &camera, &seq, &at, &b); n != 4 {
			continue
		}
		if one = append(one, byte(b)); len(one) == 16 {
			e.mu.Lock()
			e.keys = append(e.keys, one)
			e.mu.Unlock()
			one = make([]byte, 0, 16)
		}
	}
}

func (e *subscriber) all() [][]byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.keys)
}

func childrenOf(t *testing.T, parent int) (pids []int) {
	t.Helper()
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range all {
		b, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		rest := string(b[bytes.LastIndexByte(b, ')')+2:])
		if f := strings.Fields(rest); len(f) > 1 && f[1] == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
			pids = append(pids, pid)
		}
	}
	return pids
}

// search counts keys in the memory of a process, and says how much of it was read.
func search(t *testing.T, pid int, keys [][]byte) (found, size int) {
	t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return 0, 0 // it has ended
	}
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		return 0, 0
	}
	defer mem.Close()
	for line := range strings.Lines(string(maps)) {
		var from, to int64
		var perms string
		if n, _ := fmt.Sscanf(line, "%x-%x %s", &from, &to, &perms); n != 3 || !strings.HasPrefix(perms, "rw") {
			continue
		}
		b := make([]byte, min(to-from, 256<<20))
		n, _ := mem.ReadAt(b, from)
		found, size = found+count(b[:n], keys), size+n
	}
	return found, size
}

// count counts keys, which are said with all their bits turned.
func count(b []byte, keys [][]byte) (n int) {
	for i := 0; i+16 <= len(b); i++ {
		for _, k := range keys {
			if ^b[i] == k[0] && ^b[i+1] == k[1] && ^b[i+2] == k[2] && same(b[i:i+16], k) {
				n++
			}
		}
	}
	return n
}

func same(b, turned []byte) bool {
	for i := range turned {
		if ^b[i] != turned[i] {
			return false
		}
	}
	return true
}

// written is all that the gateway has written.
func written(t *testing.T, dir string) (all [][]byte) {
	t.Helper()
	time.Sleep(100 * time.Millisecond)
	filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			if b, err := os.ReadFile(name); err == nil {
				all = append(all, b)
			}
		}
		return nil
	})
	if len(all) < 10 {
		t.Fatalf("%d files on the disk", len(all))
	}
	return all
}
