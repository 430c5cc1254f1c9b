package store

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// childEnv makes the test binary play another bauta: its value is the role
// and the path of the store.
const childEnv = "BAUTA_STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	role, path, isChild := strings.Cut(os.Getenv(childEnv), ":")
	if !isChild {
		os.Exit(m.Run())
	}
	if role == "migrate" {
		migrateForChild(path)
	}
	s, err := Open(path, Options{LockTimeout: 10 * time.Second})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	if role == "hold" {
		fmt.Println("open")
		io.Copy(io.Discard, os.Stdin) // until the parent lets go
		os.Exit(0)                    // without Close, as a crash
	}
	if role == "consents" {
		consentsUntilDone(s)
		os.Exit(0)
	}
	putForever(s)
}

// putForever acknowledges each put on its standard output, as the daemon does
// to whoever added the camera.
func putForever(s *Store) {
	known, err := s.Cameras()
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for i := len(known); ; i++ {
		if err := s.PutCamera(full(numbered(i)), false); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(i)
	}
}

func numbered(i int) media.CameraID { return media.CameraID(fmt.Sprintf("c%06d", i)) }

type child struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines *bufio.Scanner
}

func startChild(t *testing.T, role, path string) *child {
	t.Helper()
	c := &child{cmd: exec.Command(os.Args[0])}
	c.cmd.Env = append(os.Environ(), childEnv+"="+role+":"+path)
	c.cmd.Stderr = os.Stderr
	var err error
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.lines = bufio.NewScanner(out)
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.cmd.Process.Kill() // fails where it ended already
		c.cmd.Wait()
	})
	return c
}

// acknowledged reads numbers until the child's end and returns the last.
func (c *child) acknowledged(t *testing.T, kill func(count int) bool) int {
	t.Helper()
	last := -1
	for count := 1; c.lines.Scan(); count++ {
		n, err := strconv.Atoi(c.lines.Text())
		if err != nil {
			t.Fatalf("the child says %q", c.lines.Text())
		}
		last = n
		if kill(count) {
			c.cmd.Process.Kill()
		}
	}
	return last
}

// TestKilledBetweenPuts kills a process at any moment, again and again on the
// same store: all that it acknowledged must be there.
func TestKilledBetweenPuts(t *testing.T) {
	path := newPath(t)
	rounds := 6
	if testing.Short() {
		rounds = 2
	}
	var slowest time.Duration
	for round := range rounds {
		c := startChild(t, "put", path)
		after := 3 + rand.IntN(10)
		last := c.acknowledged(t, func(count int) bool { return count == after })
		var died *exec.ExitError
		if err := c.cmd.Wait(); !errors.As(err, &died) || last < after-1 {
			t.Fatalf("the child ended by itself: %v, last put %d", err, last)
		}
		began := time.Now()
		s := open(t, path)
		slowest = max(slowest, time.Since(began))
		got, err := s.Cameras()
		if err != nil {
			t.Fatal(err)
		}
		// One more may be there: killed after the commit, before the word of it.
		if len(got) != last+1 && len(got) != last+2 {
			t.Errorf("round %d: %d cameras after %d was acknowledged", round, len(got), last)
		}
		for i, cam := range got {
			if cam.ID != numbered(i) || cam.Password.Reveal() != full("x").Password.Reveal() {
				t.Errorf("round %d: camera %d is %v", round, i, cam.ID)
			}
		}
		closed(t, s)
	}
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "SIGKILL in the middle of changes", Ends: "all that was acknowledged is there, nothing by half",
		Bound: 5 * time.Second}, slowest)
}

func TestLockedByAnotherProcess(t *testing.T) {
	path := made(t)
	c := startChild(t, "hold", path)
	if !c.lines.Scan() || c.lines.Text() != "open" {
		t.Fatalf("the child says %q", c.lines.Text())
	}
	refused(t, path, ErrLocked, "another bauta uses "+path)

	// Whoever waits gets in when the other goes.
	opened := make(chan error, 1)
	go func() {
		s, err := Open(path, Options{LockTimeout: 20 * time.Second})
		if err == nil {
			err = s.Close()
		}
		opened <- err
	}()
	c.stdin.Close()
	select {
	case err := <-opened:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("still waiting")
	}
}
