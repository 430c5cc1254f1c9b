// Package cthreads makes threads that the Go runtime did not, as OpenCV and
// libavcodec do. Only tests import it: a test file cannot hold C.
package cthreads

/*
#cgo LDFLAGS: -lpthread
int cthreads_start(int n);
int cthreads_churn(int go);
void cthreads_read(long *turns, long *opened, long *denied);
void cthreads_crash(void);
*/
import "C"

import (
	"fmt"
	"sync/atomic"
)

// Start makes n threads that allocate, and try to open /dev/null for reading
// and writing, until the process ends.
func Start(n int) error { return failed("start", C.cthreads_start(C.int(n))) }

// Counts says how many turns all threads of Start have made, and in how many
// of them the open worked or was refused.
func Counts() (turns, opened, denied int) {
	var c [3]C.long
	C.cthreads_read(&c[0], &c[1], &c[2])
	return int(c[0]), int(c[1]), int(c[2])
}

// Churn makes a thread that allocates, calls into Go where callGo says so, and
// ends; it returns when the thread has ended.
func Churn(callGo bool) error {
	var v C.int
	if callGo {
		v = 1
	}
	return failed("churn", C.cthreads_churn(v))
}

// Called counts the calls from C's threads into Go.
var Called atomic.Int64

//export cthreadsCalled
func cthreadsCalled() { Called.Add(1) }

// Crash writes to address 0 from C.
func Crash() { C.cthreads_crash() }

func failed(what string, code C.int) error {
	if code != 0 {
		return fmt.Errorf("%s a C thread: error %d", what, code)
	}
	return nil
}
