package hardware

import (
	"path"
	"strings"
)

// Accelerator is a way to leave video coding to a chip's own unit.
type Accelerator string

// The accelerators that libavcodec may know. A build of it has some of them.
const (
	V4L2M2M  Accelerator = "v4l2m2m" // the kernel's memory-to-memory codecs
	VAAPI    Accelerator = "vaapi"   // Intel and AMD graphics
	NVIDIA   Accelerator = "nvidia"  // NVIDIA graphics cards
	Jetson   Accelerator = "jetson"  // NVIDIA's Tegra
	Rockchip Accelerator = "rkmpp"   // Rockchip's Media Process Platform
)

// Accelerators are all that can be chosen, in the order in which they are tried.
var Accelerators = []Accelerator{VAAPI, NVIDIA, Jetson, Rockchip, V4L2M2M}

// deviceFiles are patterns of what an accelerator opens for writing.
var deviceFiles = map[Accelerator][]string{
	VAAPI:    {"dev/dri/renderD[0-9]*"},
	NVIDIA:   {"dev/nvidia[0-9]*", "dev/nvidiactl", "dev/nvidia-uvm"},
	Jetson:   {"dev/nvhost-*", "dev/nvmap", "dev/nvgpu/igpu0/*"},
	Rockchip: {"dev/mpp_service", "dev/rga", "dev/dma_heap/*"},
}

// Devices are the files that an accelerator needs and that exist, as absolute
// paths; without any of them it cannot work here.
func (b Host) Devices(a Accelerator) (paths []string) {
	if a == V4L2M2M {
		return b.codecNodes()
	}
	for i, pattern := range deviceFiles[a] {
		found := b.glob(pattern)
		if i == 0 && len(found) == 0 {
			return nil // the rest are other drivers' too
		}
		for _, name := range found {
			paths = append(paths, "/"+name)
		}
	}
	return paths
}

// codecNodes are the video devices whose driver says by its name that it is a
// codec. A USB camera is a video device as well, and none of the worker's business.
func (b Host) codecNodes() (paths []string) {
	for _, file := range b.glob("sys/class/video4linux/video[0-9]*/name") {
		name := strings.ToLower(b.line(file))
		for _, word := range []string{"codec", "dec", "vpu", "venus", "mfc"} {
			if strings.Contains(name, word) {
				paths = append(paths, "/dev/"+path.Base(path.Dir(file)))
				break
			}
		}
	}
	return paths
}
