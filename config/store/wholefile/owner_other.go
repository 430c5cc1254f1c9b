//go:build !unix

package wholefile

import "io/fs"

// owner is nobody's where files have no owner by number.
func owner(fs.FileInfo) (uid, gid int, ok bool) { return 0, 0, false }

// NoFollow has os.OpenFile refuse a symbolic link, where the system can.
const NoFollow = 0
