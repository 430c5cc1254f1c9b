package hardware

import (
	"reflect"
	"runtime"
	"testing"
	"testing/fstest"
)

func files(trees ...map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for _, m := range trees {
		for name, text := range m {
			out[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return out
}

// cores adds processors from..to with a highest frequency in kHz, and what they
// may reach now.
func cores(from, to int, could, may string) map[string]string {
	tree := map[string]string{}
	for i := from; i <= to; i++ {
		dir := "sys/devices/system/cpu/cpu" + string(rune('0'+i)) + "/cpufreq/"
		tree[dir+"cpuinfo_max_freq"], tree[dir+"scaling_max_freq"] = could+"\n", may+"\n"
	}
	return tree
}

// The boards' trees hold what their kernels publish: compatible strings and
// trip points from the device trees of Linux, frequencies from the data sheets.
var (
	pi4 = files(map[string]string{
		"proc/device-tree/model":                               "Raspberry Pi 4 Model B Rev 1.4\x00",
		"proc/device-tree/compatible":                          "raspberrypi,4-model-b\x00brcm,bcm2711\x00",
		"proc/meminfo":                                         "MemTotal:        3884424 kB\nMemFree:  1 kB\nMemAvailable:    3500000 kB\n",
		"sys/class/thermal/thermal_zone0/type":                 "cpu-thermal\n",
		"sys/class/thermal/thermal_zone0/temp":                 "81298\n",
		"sys/class/thermal/thermal_zone0/policy":               "step_wise\n",
		"sys/class/thermal/thermal_zone0/trip_point_0_type":    "critical\n",
		"sys/class/thermal/thermal_zone0/trip_point_0_temp":    "110000\n",
		"sys/class/video4linux/video10/name":                   "bcm2835-codec-decode\n",
		"sys/class/video4linux/video11/name":                   "bcm2835-codec-encode\n",
		"sys/class/video4linux/video0/name":                    "UVC Camera (046d:0825)\n",
		"sys/devices/platform/soc/soc:firmware/get_throttled":  "80008\n",
		"sys/class/thermal/cooling_device0/type":               "cpufreq-cpu0\n",
		"sys/class/thermal/cooling_device0/cur_state":          "0\n",
		"sys/class/thermal/cooling_device0/max_state":          "9\n",
		"sys/devices/system/cpu/cpu0/topology/physical_id":     "0\n",
		"sys/class/thermal/thermal_zone0/trip_point_0_hyst":    "0\n",
		"sys/class/thermal/thermal_zone0/available_policies":   "step_wise\n",
		"sys/devices/platform/soc/soc:firmware/unrelated_file": "0x5\n",
	}, cores(0, 3, "1800000", "1800000"))
	pi5 = files(map[string]string{
		"proc/device-tree/model":                                                    "Raspberry Pi 5 Model B Rev 1.0\x00",
		"proc/device-tree/compatible":                                               "raspberrypi,5-model-b\x00brcm,bcm2712\x00",
		"sys/class/thermal/thermal_zone0/type":                                      "cpu-thermal\n",
		"sys/class/thermal/thermal_zone0/temp":                                      "55050\n",
		"sys/class/thermal/thermal_zone0/policy":                                    "step_wise\n",
		"sys/class/thermal/thermal_zone0/trip_point_0_type":                         "critical\n",
		"sys/class/thermal/thermal_zone0/trip_point_0_temp":                         "110000\n",
		"sys/class/thermal/thermal_zone0/trip_point_1_type":                         "active\n",
		"sys/class/thermal/thermal_zone0/trip_point_1_temp":                         "50000\n",
		"sys/class/thermal/cooling_device0/type":                                    "pwm-fan\n",
		"sys/class/thermal/cooling_device0/cur_state":                               "1\n",
		"sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled": "50005\n",
	}, cores(0, 3, "2400000", "1500000"))
	rk3588 = files(map[string]string{
		"proc/device-tree/model":                            "Radxa ROCK 5B\x00",
		"proc/device-tree/compatible":                       "radxa,rock-5b\x00rockchip,rk3588\x00",
		"sys/class/thermal/thermal_zone0/type":              "soc-thermal\n",
		"sys/class/thermal/thermal_zone0/temp":              "79500\n",
		"sys/class/thermal/thermal_zone0/policy":            "power_allocator\n",
		"sys/class/thermal/thermal_zone0/trip_point_0_type": "passive\n",
		"sys/class/thermal/thermal_zone0/trip_point_0_temp": "75000\n",
		"sys/class/thermal/thermal_zone0/trip_point_1_type": "passive\n",
		"sys/class/thermal/thermal_zone0/trip_point_1_temp": "85000\n",
		"sys/class/thermal/thermal_zone0/trip_point_2_type": "critical\n",
		"sys/class/thermal/thermal_zone0/trip_point_2_temp": "115000\n",
		"sys/class/thermal/thermal_zone1/type":              "gpu-thermal\n",
		"sys/class/thermal/thermal_zone1/temp":              "61000\n",
		"sys/class/thermal/cooling_device0/type":            "thermal-cpufreq-0\n",
		"sys/class/thermal/cooling_device0/cur_state":       "2\n",
		"dev/mpp_service":                                   "",
		"dev/rga":                                           "",
		"dev/dma_heap/system":                               "",
	}, cores(0, 3, "1800000", "1800000"), cores(4, 7, "2400000", "2208000"))
	rk3568 = files(map[string]string{
		"proc/device-tree/model":                            "Radxa ROCK3 Model A\x00",
		"proc/device-tree/compatible":                       "radxa,rock3a\x00rockchip,rk3568\x00",
		"sys/class/thermal/thermal_zone0/type":              "cpu-thermal\n",
		"sys/class/thermal/thermal_zone0/temp":              "48000\n",
		"sys/class/thermal/thermal_zone0/policy":            "step_wise\n",
		"sys/class/thermal/thermal_zone0/trip_point_0_type": "passive\n",
		"sys/class/thermal/thermal_zone0/trip_point_0_temp": "70000\n",
		"sys/class/thermal/thermal_zone0/trip_point_1_type": "passive\n",
		"sys/class/thermal/thermal_zone0/trip_point_1_temp": "75000\n",
		"sys/class/thermal/thermal_zone0/trip_point_2_type": "critical\n",
		"sys/class/thermal/thermal_zone0/trip_point_2_temp": "95000\n",
	}, cores(0, 3, "1992000", "1992000"))
	orin = files(map[string]string{
		"proc/device-tree/model":                            "NVIDIA Jetson Orin Nano Developer Kit\x00",
		"proc/device-tree/compatible":                       "nvidia,p3768-0000+p3767-0005\x00nvidia,p3767-0005\x00nvidia,tegra234\x00",
		"sys/class/thermal/thermal_zone0/type":              "cpu-thermal\n",
		"sys/class/thermal/thermal_zone0/temp":              "50250\n",
		"sys/class/thermal/thermal_zone0/trip_point_0_type": "passive\n",
		"sys/class/thermal/thermal_zone0/trip_point_0_temp": "99000\n",
		"sys/class/thermal/thermal_zone0/trip_point_1_type": "critical\n",
		"sys/class/thermal/thermal_zone0/trip_point_1_temp": "104500\n",
		"sys/class/thermal/thermal_zone1/type":              "cv0-thermal\n",
		"sys/class/thermal/thermal_zone1/temp":              "-256000\n",
		"dev/nvhost-ctrl-gpu":                               "",
		"dev/nvmap":                                         "",
	}, cores(0, 5, "1510400", "1510400"))
	h618 = files(map[string]string{
		"proc/device-tree/model":                            "OrangePi Zero3\x00",
		"proc/device-tree/compatible":                       "xunlong,orangepi-zero3\x00allwinner,sun50i-h618\x00",
		"sys/class/thermal/thermal_zone0/type":              "cpu-thermal\n",
		"sys/class/thermal/thermal_zone0/temp":              "94100\n",
		"sys/class/thermal/thermal_zone0/trip_point_0_type": "critical\n",
		"sys/class/thermal/thermal_zone0/trip_point_0_temp": "100000\n",
	})
	pc = files(map[string]string{
		"sys/class/dmi/id/sys_vendor":                       "Intel(R) Client Systems\n",
		"sys/class/dmi/id/product_name":                     "NUC8i5BEH\n",
		"proc/cpuinfo":                                      "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Core(TM) i5-8259U CPU @ 2.30GHz\n\nprocessor\t: 1\n",
		"proc/meminfo":                                      "MemTotal: many kB\n",
		"sys/class/thermal/thermal_zone0/type":              "acpitz\n",
		"sys/class/thermal/thermal_zone0/temp":              "27800\n",
		"sys/class/thermal/thermal_zone0/trip_point_0_type": "critical\n",
		"sys/class/thermal/thermal_zone0/trip_point_0_temp": "119000\n",
		"sys/class/thermal/thermal_zone1/type":              "x86_pkg_temp\n",
		"sys/class/thermal/thermal_zone1/temp":              "62000\n",
		"sys/class/thermal/thermal_zone1/trip_point_0_type": "passive\n",
		"sys/class/thermal/thermal_zone1/trip_point_0_temp": "-274000\n",
		"sys/class/thermal/cooling_device0/type":            "TCC Offset\n",
		"sys/class/thermal/cooling_device0/cur_state":       "3\n",
		"sys/class/thermal/cooling_device1/type":            "Processor\n",
		"sys/class/thermal/cooling_device1/cur_state":       "0\n",
		"dev/dri/renderD128":                                "",
		"dev/dri/card0":                                     "",
	}, cores(0, 7, "3800000", "3800000"))
	virtual = files(map[string]string{
		"sys/class/dmi/id/sys_vendor":          "QEMU\n",
		"sys/class/dmi/id/product_name":        "Standard PC\n",
		"sys/class/thermal/thermal_zone0/temp": "hot",
	})
)

func TestBoards(t *testing.T) {
	for _, b := range []struct {
		root       fstest.MapFS
		board, soc string
		clusters   []Cluster
		total      int64
		condition  Condition
		heat       Heat
		devices    map[Accelerator][]string
	}{
		{pi4, "Raspberry Pi 4 Model B Rev 1.4", "brcm,bcm2711", []Cluster{{4, 1800}}, 3884424 << 10,
			Condition{Zones: []Zone{{"cpu-thermal", 81.298, 80, 110}}, Throttled: true}, Hot,
			map[Accelerator][]string{V4L2M2M: {"/dev/video10", "/dev/video11"}}},
		{pi5, "Raspberry Pi 5 Model B Rev 1.0", "brcm,bcm2712", []Cluster{{4, 2400}}, 0,
			Condition{Zones: []Zone{{"cpu-thermal", 55.05, 80, 110}}, Undervoltage: true, Capped: true}, Cool, nil},
		{rk3588, "Radxa ROCK 5B", "rockchip,rk3588", []Cluster{{4, 2400}, {4, 1800}}, 0,
			Condition{Zones: []Zone{{"soc-thermal", 79.5, 85, 115}, {"gpu-thermal", 61, 85, 0}}, Throttled: true, Capped: true}, Hot,
			map[Accelerator][]string{Rockchip: {"/dev/mpp_service", "/dev/rga", "/dev/dma_heap/system"}}},
		{rk3568, "Radxa ROCK3 Model A", "rockchip,rk3568", []Cluster{{4, 1992}}, 0,
			Condition{Zones: []Zone{{"cpu-thermal", 48, 70, 95}}}, Cool, nil},
		{orin, "NVIDIA Jetson Orin Nano Developer Kit", "nvidia,tegra234", []Cluster{{6, 1510}}, 0,
			Condition{Zones: []Zone{{"cpu-thermal", 50.25, 99, 104.5}}}, Cool,
			map[Accelerator][]string{Jetson: {"/dev/nvhost-ctrl-gpu", "/dev/nvmap"}}},
		{h618, "OrangePi Zero3", "allwinner,sun50i-h618", nil, 0,
			Condition{Zones: []Zone{{"cpu-thermal", 94.1, 80, 100}}}, Critical, nil},
		{pc, "Intel(R) Client Systems NUC8i5BEH", "Intel(R) Core(TM) i5-8259U CPU @ 2.30GHz", []Cluster{{8, 3800}}, 0,
			Condition{Zones: []Zone{{"acpitz", 27.8, 99, 119}, {"x86_pkg_temp", 62, 85, 0}}}, Cool,
			map[Accelerator][]string{VAAPI: {"/dev/dri/renderD128"}}},
		{virtual, "QEMU Standard PC", "", nil, 0, Condition{}, Cool, nil},
	} {
		t.Run(b.board, func(t *testing.T) {
			host := At(b.root)
			f := host.Facts()
			if f.Board != b.board || f.SoC != b.soc || !reflect.DeepEqual(f.Clusters, b.clusters) || f.MemoryTotal != b.total {
				t.Errorf("facts = %+v", f)
			}
			if f.Arch != runtime.GOARCH || f.Cores != runtime.GOMAXPROCS(0) {
				t.Errorf("facts = %+v", f)
			}
			c := host.Condition()
			if !reflect.DeepEqual(c, b.condition) {
				t.Errorf("condition = %+v, want %+v", c, b.condition)
			}
			if got := new(Thermostat).Take(c, at(0)); got != b.heat {
				t.Errorf("it is %v, want %v", got, b.heat)
			}
			for _, a := range Accelerators {
				if got := host.Devices(a); !reflect.DeepEqual(got, b.devices[a]) {
					t.Errorf("%s has %v, want %v", a, got, b.devices[a])
				}
			}
		})
	}
}

func TestHottestAndMargin(t *testing.T) {
	if _, ok := (Condition{}).Hottest(); ok {
		t.Error("a temperature without a sensor")
	}
	if _, ok := (Condition{}).Margin(); ok {
		t.Error("a margin without a sensor")
	}
	c := Condition{Zones: []Zone{{Celsius: 70, Limit: 100}, {Celsius: 66, Limit: 75}, {Celsius: 40, Limit: 85}}}
	if got, _ := c.Hottest(); got != 70 {
		t.Errorf("hottest = %v", got)
	}
	if got, _ := c.Margin(); got != 9 {
		t.Errorf("margin = %v", got)
	}
}

func TestReadHere(t *testing.T) {
	if got := Here().Facts(); got.Cores < 1 || got.Arch == "" || got.MemoryTotal < 1<<20 {
		t.Errorf("facts = %+v", got)
	}
}

// Whatever the kernel or its drivers write, the figures stay plausible.
func FuzzHost(f *testing.F) {
	f.Add([]byte("81298\n"), []byte("passive\n"), []byte("75000\n"), []byte("raspberrypi,4-model-b\x00brcm,bcm2711\x00"), []byte("0x50005\n"), []byte("MemTotal: 3884424 kB\n"), []byte("1800000\n"))
	f.Add([]byte("-274000"), []byte("critical"), []byte("9223372036854775807"), []byte("\x00\x00 \xff"), []byte("ffffffffffff"), []byte("MemAvailable: -1 kB\nMemTotal"), []byte("-1"))
	f.Fuzz(func(t *testing.T, temp, trip, at, compatible, bits, mem, khz []byte) {
		tree := fstest.MapFS{}
		for name, text := range map[string][]byte{
			"sys/class/thermal/thermal_zone0/temp": temp, "sys/class/thermal/thermal_zone0/trip_point_0_type": trip,
			"sys/class/thermal/thermal_zone0/trip_point_0_temp": at, "proc/device-tree/compatible": compatible,
			"sys/devices/platform/soc/soc:firmware/get_throttled": bits, "proc/meminfo": mem,
			"sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq": khz,
		} {
			tree[name] = &fstest.MapFile{Data: text}
		}
		facts, c := At(tree).Facts(), At(tree).Condition()
		if facts.MemoryTotal < 0 || facts.MemoryFree < 0 || len(facts.Clusters) > 1 {
			t.Errorf("facts = %+v", facts)
		}
		for _, one := range facts.Clusters {
			if one.MaxMHz < 1 || one.Cores != 1 {
				t.Errorf("facts = %+v", facts)
			}
		}
		for _, z := range c.Zones {
			if z.Celsius <= 0 || z.Celsius > 150 || z.Limit < plausibleTrip || z.Limit > 150 || z.Critical < 0 || z.Critical > 150 {
				t.Errorf("zone %+v", z)
			}
		}
	})
}
