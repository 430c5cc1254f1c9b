package models

import (
	"os"
	"path/filepath"
)

// CascadeFiles are OpenCV's Haar cascades of the reserve detectors. They are
// OpenCV's own data, of its version, so there is no one hash to compare: the
// worker refuses those that OpenCV cannot load.
var CascadeFiles = []string{"haarcascade_frontalface_alt2.xml", "haarcascade_profileface.xml"}

// CascadePackage is the Debian package that has them.
const CascadePackage = "opencv-data"

// CascadePath lists the folders that are searched for the cascades: beside the
// program (exeDir), in the data folder, where Bauta's and Debian's packages
// put them. Empty folders are left out.
func CascadePath(exeDir, dataDir string) []string {
	var dirs []string
	if exeDir != "" {
		dirs = append(dirs, filepath.Join(exeDir, "cascades"))
	}
	if dataDir != "" {
		dirs = append(dirs, filepath.Join(dataDir, "cascades"))
	}
	return append(dirs, "/usr/share/bauta/cascades", "/usr/share/opencv4/haarcascades")
}

// Cascades returns the first folder that holds all cascades, or "".
func Cascades(dirs []string) string {
	for _, dir := range dirs {
		if holdsCascades(dir) {
			return dir
		}
	}
	return ""
}

func holdsCascades(dir string) bool {
	for _, name := range CascadeFiles {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || !info.Mode().IsRegular() {
			return false
		}
	}
	return true
}
