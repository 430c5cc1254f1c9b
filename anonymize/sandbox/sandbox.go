// Package sandbox locks the worker down before the first frame of a camera
// is decoded: no files, no network, no other programs, and nobody looks in.
//
// # Order
//
// The worker's main does, in this order: read Hello; open everything that is
// read from disk (device files); decode, detect and encode
// one made-up frame, so that OpenCV and libavcodec have made their tables,
// counted the processors and started their threads; call Lock once; send Ready
// with the layers that Lock returned; read the first access unit. A Lock that
// fails is fatal: the worker sends FailLockdown and exits.
//
// # The layers
//
// Mandatory, for every thread that exists or is ever made, cgo's included:
//
//   - no_new_privs: a set-user-ID program gives nothing.
//   - not_dumpable: no core file, whatever core_pattern says, and
//     /proc/<pid>/mem, ptrace and process_vm_readv are closed to the same user.
//   - rlimits: no core, no further descriptor. Those open stay. RLIMIT_NPROC is
//     left alone because it counts the threads of all the user's workers and
//     the Go runtime dies where it cannot make one; the filter stops fork instead.
//   - address_space: only with Options.Headroom.
//   - seccomp: an allow-list, with a few additions for the accelerator in use.
//     SECCOMP_FILTER_FLAG_TSYNC puts it, and no_new_privs with it, on all
//     threads at once or on none.
//
// A call that is not on the list fails with EPERM and the process goes on: the
// Go runtime, glibc and libavcodec probe for things that they can do without,
// and a worker killed for that would be a camera lost. clone3 fails with ENOSYS
// because glibc then falls back to clone, whose flags a filter can see: threads
// pass, processes do not. No new memory may be executable. Swscale's
// SWS_FAST_BILINEAR makes code at run time on amd64 and therefore fails.
//
// Best effort: landlock_fs (Linux 5.13), landlock_net (6.7), landlock_scope
// (6.12). The supervisor adds what it puts up around the process.
//
// # Landlock
//
// Before Linux 7.0 Landlock confines the calling thread alone, and at the time
// of Lock there are many. Signalling all of them to do it (what libpsx does)
// finds them through /proc/<pid>/task, which shows other processes when the worker
// sits in its own PID namespace without its own /proc. So it is done where
// there is one thread only, and all later ones inherit: when the program
// starts, ahead of the Go runtime and of all libraries' constructors. It runs
// when the environment has BAUTA_WORKER_READ. From then on the process reads
// only /usr, /lib, /lib64, /proc, /sys, /dev and the loader's cache; it
// writes, creates, removes and executes nothing; it binds and connects no TCP
// port (Linux 6.7) and signals nobody outside (6.12). This holds
// ahead of seccomp too. BAUTA_WORKER_DEVICES is a list of an accelerator's device
// files, which may be written to.
//
// The package works on Linux on amd64 and arm64; elsewhere Lock returns an error.
package sandbox

// Options tunes Lock. The zero value is fit for use.
type Options struct {
	// Headroom is how many bytes the process may map beyond what it has
	// mapped at the time of Lock, so that a worker that takes too much ends alone: RLIMIT_AS. 0 means
	// no bound. A lower limit from outside stays. What the Go runtime, thread
	// stacks and the allocator only reserve counts too.
	Headroom uint64
	// Accelerator names the one whose devices are open: the filter then passes
	// what its drivers need, and descriptors for its buffers. Empty: none.
	Accelerator string
}
