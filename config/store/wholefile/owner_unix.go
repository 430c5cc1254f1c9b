//go:build unix

package wholefile

import (
	"io/fs"
	"syscall"
)

// owner is whose a file or folder is.
func owner(info fs.FileInfo) (uid, gid int, ok bool) {
	is, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return int(is.Uid), int(is.Gid), true
}

// NoFollow has os.OpenFile refuse a symbolic link, where the system can.
const NoFollow = syscall.O_NOFOLLOW
