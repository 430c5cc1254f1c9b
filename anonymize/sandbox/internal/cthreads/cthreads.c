#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "_cgo_export.h"

static long turns, opened, denied;

static void allocate(unsigned i)
{
	size_t n = 64 + i * 7919 % (512 << 10); /* small ones from the heap, large ones by mmap */
	char *p = malloc(n);
	if (!p)
		abort();
	memset(p, 1, n);
	free(p);
}

static void *spin(void *arg)
{
	for (unsigned i = 0;; i++) {
		allocate(i);
		int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
		__atomic_add_fetch(fd < 0 ? &denied : &opened, 1, __ATOMIC_RELAXED);
		if (fd >= 0)
			close(fd);
		__atomic_add_fetch(&turns, 1, __ATOMIC_RELAXED);
		usleep(500);
	}
	return arg;
}

int cthreads_start(int n)
{
	for (int i = 0; i < n; i++) {
		pthread_t t;
		int err = pthread_create(&t, NULL, spin, NULL);
		if (err)
			return err;
	}
	return 0;
}

static void *once(void *call_go)
{
	for (unsigned i = 0; i < 20; i++)
		allocate(i * 31);
	if (call_go)
		cthreadsCalled();
	return NULL;
}

int cthreads_churn(int go)
{
	pthread_t t;
	int err = pthread_create(&t, NULL, once, go ? &turns : NULL);
	return err ? err : pthread_join(t, NULL);
}

void cthreads_read(long *t, long *o, long *d)
{
	*t = __atomic_load_n(&turns, __ATOMIC_RELAXED);
	*o = __atomic_load_n(&opened, __ATOMIC_RELAXED);
	*d = __atomic_load_n(&denied, __ATOMIC_RELAXED);
}

void cthreads_crash(void)
{
	*(volatile int *)0 = 1;
}
