package text

// What is said of the host: its heat, what slows it down, and accelerators.
const (
	HeatCool     Key = "hardware.heat.cool"
	HeatWarm     Key = "hardware.heat.warm"
	HeatHot      Key = "hardware.heat.hot"
	HeatCritical Key = "hardware.heat.critical"

	ServiceStatus Key = "hardware.service.status"

	LevelByHeat Key = "hardware.step.heat"
	LevelByLoad Key = "hardware.step.load"

	StatusHeat        Key = "hardware.status.heat"
	StatusThrottled   Key = "hardware.status.throttled"
	StatusClusters    Key = "hardware.status.clusters"
	StatusCodecs      Key = "hardware.status.codecs"
	StatusSoftware    Key = "hardware.status.software"
	StatusFallback    Key = "hardware.status.fallback"
	HeadCodecs        Key = "hardware.head.codecs"
	HeadAccelerator   Key = "hardware.head.accelerator"
	CheckBoard        Key = "hardware.check.board"
	CheckThrottling   Key = "hardware.check.throttling"
	CheckAccelerator  Key = "hardware.check.accelerator"
	DoctorDegrees     Key = "hardware.doctor.degrees"
	DoctorHeat        Key = "hardware.doctor.heat"
	DoctorThrottled   Key = "hardware.doctor.throttled"
	DoctorWeakSupply  Key = "hardware.doctor.weak_supply"
	DoctorCapped      Key = "hardware.doctor.capped"
	DoctorFullSpeed   Key = "hardware.doctor.full_speed"
	DoctorForcedFails Key = "hardware.doctor.forced_fails"

	AcceleratorForced     Key = "hardware.accelerator.forced"
	AcceleratorOff        Key = "hardware.accelerator.off"
	AcceleratorNoDevice   Key = "hardware.accelerator.no_device"
	AcceleratorAbsent     Key = "hardware.accelerator.absent"
	AcceleratorFails      Key = "hardware.accelerator.fails"
	AcceleratorBroken     Key = "hardware.accelerator.broken"
	AcceleratorWrong      Key = "hardware.accelerator.wrong"
	AcceleratorSlow       Key = "hardware.accelerator.slow"
	AcceleratorNoGain     Key = "hardware.accelerator.no_gain"
	AcceleratorDecodes    Key = "hardware.accelerator.decodes"
	AcceleratorNotDecodes Key = "hardware.accelerator.not_decodes"
	AcceleratorEncodes    Key = "hardware.accelerator.encodes"
	AcceleratorNotEncodes Key = "hardware.accelerator.not_encodes"
)

// HeatWord returns the word for a degree of heat; the name itself where there
// is none.
func HeatWord(heat string) Key { return word("hardware.heat.", heat) }

// StepReason returns the word for why a level of degradation is in
// force; the name itself where there is none.
func LevelReason(reason string) Key { return word("hardware.step.", reason) }

var hardware = table{
	HeatCool:     {"cool", "正常"},
	HeatWarm:     {"warm", "偏热"},
	HeatHot:      {"hot", "过热"},
	HeatCritical: {"critical", "严重过热"},

	ServiceStatus: {"cameras: %d, masked: %d, heat: %s", "摄像机 %d 台，正在遮挡 %d 台，设备温度：%s"},

	LevelByHeat: {"because of heat", "因温度"},
	LevelByLoad: {"because of load", "因负载"},

	StatusHeat:       {"%s: %.1f degrees Celsius, %.0f below slowing down", "%s：%.1f 摄氏度，距降速还有 %.0f 度"},
	StatusThrottled:  {"slowed down by heat", "因过热已降速"},
	StatusClusters:   {"%d at %d MHz", "%d 个 %d 兆赫"},
	StatusCodecs:     {"decodes by %s, encodes by %s", "解码：%s，编码：%s"},
	StatusSoftware:   {"software", "软件"},
	StatusFallback:   {"software in its place: %s", "已改用软件：%s"},
	HeadCodecs:       {"video", "视频编解码"},
	HeadAccelerator:  {"accelerator", "硬件加速"},
	CheckBoard:       {"board", "主板"},
	CheckThrottling:  {"speed", "运行速度"},
	CheckAccelerator: {"accelerator %s", "硬件加速 %s"},
	DoctorDegrees:    {"%s: %.1f degrees Celsius, slows down at %.0f", "%s：%.1f 摄氏度，%.0f 度时降速"},
	DoctorHeat:       {"%s, %s: cool it better, detection is reduced meanwhile", "%s，%s：请改善散热，期间会降低检测频率"},
	DoctorThrottled:  {"slowed down by heat at this moment: cool it better", "目前因过热降速：请改善散热"},
	DoctorWeakSupply: {"the power supply is too weak at this moment: use the board's own one", "目前供电不足：请使用原装电源"},
	DoctorCapped: {"some cores may not reach their highest frequency: see scaling_max_freq and the power mode",
		"部分处理器核心不能达到最高频率：请检查 \"scaling_max_freq\" 和电源模式"},
	DoctorFullSpeed:   {"not slowed down", "未降速"},
	DoctorForcedFails: {"chosen by %s but fails, so software works: %s", "已由 %s 指定但无法使用，改用软件：%s"},

	AcceleratorForced:     {"chosen by %s, without a trial", "由 %s 指定，未经试用"},
	AcceleratorOff:        {"not tried: %s says so", "未试用：由 %s 决定"},
	AcceleratorNoDevice:   {"not used: no device file of it here", "未使用：此设备上没有相应的设备文件"},
	AcceleratorAbsent:     {"%v, and no device file of it is here", "%v，且此设备上没有相应的设备文件"},
	AcceleratorFails:      {"not used: %s", "未使用：%s"},
	AcceleratorBroken:     {"%s", "%s"},
	AcceleratorWrong:      {"its pictures differ from what went in: %.1f dB, at least %.1f are needed", "输出画面与输入不符：%.1f 分贝，至少需要 %.1f"},
	AcceleratorSlow:       {"too slow: %.1f ms a picture, %.1f are allowed", "太慢：每帧 %.1f 毫秒，最多允许 %.1f"},
	AcceleratorNoGain:     {"saves too little: %.1f ms of processor time a picture, software takes %.1f", "节省太少：每帧占用处理器 %.1f 毫秒，软件为 %.1f"},
	AcceleratorDecodes:    {"decodes: %.1f ms of processor time a picture, software takes %.1f", "用于解码：每帧占用处理器 %.1f 毫秒，软件为 %.1f"},
	AcceleratorNotDecodes: {"does not decode: %s", "不用于解码：%s"},
	AcceleratorEncodes:    {"encodes: %.1f ms of processor time a picture, software takes %.1f", "用于编码：每帧占用处理器 %.1f 毫秒，软件为 %.1f"},
	AcceleratorNotEncodes: {"does not encode: %s", "不用于编码：%s"},
}
