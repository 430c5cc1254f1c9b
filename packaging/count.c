// A plugin of QEMU that counts the instructions which an emulated program executes, for
// packaging/bench-arm64.sh:
//
//	qemu-aarch64 -plugin count.so,to=FILE PROGRAM...
//
// FILE becomes an array of 64-bit counters, one for each of the program's threads; their sum
// is the count. It is mapped into memory, so that it is right however the program ends. A
// process that the program forks counts into the same file.
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// What is used of QEMU's interface for plugins (docs/devel/tcg-plugins in its sources),
// version 1: that of QEMU 4.2 and all later ones that still take it.
typedef uint64_t qemu_plugin_id_t;
typedef struct qemu_info_t qemu_info_t;
struct qemu_plugin_tb;
typedef void (*on_translation)(qemu_plugin_id_t, struct qemu_plugin_tb *);
typedef void (*on_execution)(unsigned int vcpu, void *data);
enum { NO_REGISTERS = 0 };
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, on_translation);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *, on_execution, int registers, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);

#define PUBLIC __attribute__((visibility("default")))
PUBLIC int qemu_plugin_version = 1;
PUBLIC int qemu_plugin_install(qemu_plugin_id_t, const qemu_info_t *, int argc, char **argv);

// Threads may take a number again that an earlier one had, or share a counter beyond so
// many: each addition is atomic.
enum { THREADS = 1024, LINE = 8 }; // a counter each 64 bytes: no two in one line of a cache
static uint64_t *counters;

static void executed(unsigned int vcpu, void *instructions)
{
	__atomic_fetch_add(&counters[vcpu % THREADS * LINE], (uint64_t)(uintptr_t)instructions, __ATOMIC_RELAXED);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
	(void)id;
	qemu_plugin_register_vcpu_tb_exec_cb(block, executed, NO_REGISTERS, (void *)(uintptr_t)qemu_plugin_tb_n_insns(block));
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	const size_t size = THREADS * LINE * sizeof *counters;
	(void)info;
	if (argc != 1 || strncmp(argv[0], "to=", 3) != 0) {
		fputs("count: say to=FILE\n", stderr);
		return 1;
	}
	int file = open(argv[0] + 3, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (file < 0 || ftruncate(file, (off_t)size) != 0) {
		perror(argv[0] + 3);
		return 1;
	}
	counters = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	if (counters == MAP_FAILED) {
		perror("count: mmap");
		return 1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
