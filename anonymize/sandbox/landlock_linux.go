//go:build cgo && (amd64 || arm64)

package sandbox

/*
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Debian 12's headers know the first two versions only.
#define FS_WRITE_FILE (1ull << 1)
#define FS_READ_FILE (1ull << 2)
#define FS_READ_DIR  (1ull << 3)
#define FS_IOCTL_DEV (1ull << 15)
struct ruleset { uint64_t fs, net, scoped; };
struct beneath { uint64_t rights; int32_t fd; } __attribute__((packed));

static int bauta_landlock_abi;

static void allow(int ruleset, const char *path, uint64_t rights)
{
	struct beneath rule = { rights, open(path, O_PATH | O_CLOEXEC) };
	if (rule.fd < 0)
		return;
	if (syscall(SYS_landlock_add_rule, ruleset, 1, &rule, 0) != 0) {
		rule.rights &= ~FS_READ_DIR; // a file takes no right of folders
		syscall(SYS_landlock_add_rule, ruleset, 1, &rule, 0);
	}
	close(rule.fd);
}

static void allow_list(int ruleset, const char *list, uint64_t rights)
{
	char path[4096];
	while (*list) {
		size_t n = strcspn(list, ":");
		if (n > 0 && n < sizeof path) {
			memcpy(path, list, n);
			path[n] = 0;
			allow(ruleset, path, rights);
		}
		list += n + (list[n] == ':');
	}
}

// All that version abi can forbid. Bit 13 came with version 2, 14 with 3, 15
// with 5; net with 4, scoped with 6.
static int new_ruleset(int abi)
{
	struct ruleset r = { (1ull << 13) - 1, 3, 3 };
	if (abi >= 2) r.fs |= 1ull << 13;
	if (abi >= 3) r.fs |= 1ull << 14;
	if (abi >= 5) r.fs |= 1ull << 15;
	return syscall(SYS_landlock_create_ruleset, &r, (size_t)(abi < 4 ? 8 : abi < 6 ? 16 : 24), 0);
}

// The value of a variable, NULL without it.
static const char *value(char **envp, const char *name)
{
	size_t n = strlen(name);
	for (; *envp; envp++)
		if (strncmp(*envp, name, n) == 0)
			return *envp + n;
	return NULL;
}

static void bauta_confine(int argc, char **argv, char **envp)
{
	const char *devices = value(envp, "BAUTA_WORKER_DEVICES=");
	if (!value(envp, "BAUTA_WORKER_READ="))
		return;
	int abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, 1);
	int ruleset = abi < 1 ? -1 : new_ruleset(abi);
	if (ruleset < 0)
		return;
	allow_list(ruleset, "/usr:/lib:/lib64:/etc/ld.so.cache:/proc:/sys:/dev", FS_READ_FILE | FS_READ_DIR);
	if (devices)
		allow_list(ruleset, devices, FS_READ_FILE | FS_WRITE_FILE | (abi >= 5 ? FS_IOCTL_DEV : 0));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0)
		bauta_landlock_abi = abi;
	close(ruleset);
}

// The loader calls these of the program ahead of all libraries' constructors,
// some of which start threads.
__attribute__((section(".preinit_array"), used))
static void (*bauta_at_start)(int, char **, char **) = bauta_confine;

static int landlock_abi(void) { return bauta_landlock_abi; }
*/
import "C"

// landlockABI is the version of Landlock that confines the process since its
// start, 0 where none does.
func landlockABI() int { return int(C.landlock_abi()) }
