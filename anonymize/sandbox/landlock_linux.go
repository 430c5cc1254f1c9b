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
#define FS_READ_FILE (1ull << 2)
#define FS_READ_DIR  (1ull << 3)
struct ruleset { uint64_t fs, net, scoped; };
struct beneath { uint64_t rights; int32_t fd; } __attribute__((packed));

static int bauta_landlock_abi;

static void readable(int ruleset, const char *path)
{
	struct beneath rule = { FS_READ_FILE | FS_READ_DIR, open(path, O_PATH | O_CLOEXEC) };
	if (rule.fd < 0)
		return;
	if (syscall(SYS_landlock_add_rule, ruleset, 1, &rule, 0) != 0) {
		rule.rights = FS_READ_FILE; // a file takes no right of folders
		syscall(SYS_landlock_add_rule, ruleset, 1, &rule, 0);
	}
	close(rule.fd);
}

static void readable_list(int ruleset, const char *list)
{
	char path[4096];
	while (*list) {
		size_t n = strcspn(list, ":");
		if (n > 0 && n < sizeof path) {
			memcpy(path, list, n);
			path[n] = 0;
			readable(ruleset, path);
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

static void bauta_confine(int argc, char **argv, char **envp)
{
	static const char name[] = "BAUTA_WORKER_READ=";
	while (*envp && strncmp(*envp, name, sizeof name - 1) != 0)
		envp++;
	if (!*envp)
		return;
	int abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, 1);
	int ruleset = abi < 1 ? -1 : new_ruleset(abi);
	if (ruleset < 0)
		return;
	readable_list(ruleset, "/usr:/lib:/lib64:/etc/ld.so.cache:/proc:/sys:/dev");
	readable_list(ruleset, *envp + sizeof name - 1);
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
