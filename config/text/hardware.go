package text

import "strings"

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

	ServiceStatus: {"cameras: %d, masked: %d, heat: %s", "摄像机 %d 台，正在遮挡 %d 台，主机温度：%s"},

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
	AcceleratorNoDevice:   {"not used: no device file of it here", "未使用：本机没有相应的设备文件"},
	AcceleratorAbsent:     {"%v, and no device file of it is here", "%v，且本机没有相应的设备文件"},
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

// SlateReason returns the line for a slate whose reason has this code: one of
// the codes below or of the camera source. An unknown code gives the line that
// says no more than that the frame is withheld.
func SlateReason(code string) Key {
	if key := Key(slateReason + code); Has(key) {
		return key
	}
	return SlateSafeMode
}

// SlateReasons lists the lines of all reasons that a slate may give.
func SlateReasons() []Key {
	all := []Key{SlateSafeMode}
	for key := range slate {
		if strings.HasPrefix(string(key), slateReason) {
			all = append(all, key)
		}
	}
	return all
}

const slateReason = "slate.reason."

// The lines of a slate. Both languages stand on it together, so they are short
// enough for a frame 320 pixels wide and free of arguments.
const (
	SlateTitle  Key = "slate.title"
	SlateCamera Key = "slate.camera"
	SlateTime   Key = "slate.time"

	// SlateWithheld stands for a reason without a line of its own.
	SlateSafeMode Key = "slate.withheld"
)

// The reasons of a slate; each key ends in the code that SlateReason takes.
const (
	// The camera's side, by the codes of the camera source.
	SlateUnreachable  Key = "slate.reason.unreachable"
	SlateUnauthorized Key = "slate.reason.unauthorized"
	SlateNotFound     Key = "slate.reason.not_found"
	SlateNoVideo      Key = "slate.reason.no_video"
	SlateUnknownCodec Key = "slate.reason.unknown_codec"
	SlateTLS          Key = "slate.reason.tls"
	SlateTimeout      Key = "slate.reason.timeout"
	SlateClosed       Key = "slate.reason.closed"
	SlateProtocol     Key = "slate.reason.protocol"
	SlateNotRTSP      Key = "slate.reason.not_rtsp"
	SlateNoUsualPath  Key = "slate.reason.no_usual_path" // of a test alone
	SlateMoved        Key = "slate.reason.moved"
	SlateBasicOnly    Key = "slate.reason.basic_only"
	SlateUnreadable   Key = "slate.reason.unreadable"
	SlateNoKeyframe   Key = "slate.reason.no_keyframe"
	SlateNoUDP        Key = "slate.reason.no_udp"

	// The gateway's side.
	SlateStarting         Key = "slate.reason.starting"
	SlateWaiting          Key = "slate.reason.waiting"
	SlateSilent           Key = "slate.reason.silent"
	SlateWorkerRestarting Key = "slate.reason.worker_restarting"
	SlateWorkerSlow       Key = "slate.reason.worker_slow"
	SlateWorkerFailed     Key = "slate.reason.worker_failed"
	SlateWorkerMissing    Key = "slate.reason.worker_missing"
	SlateModelDamaged     Key = "slate.reason.model_missing"
	SlateUnsupportedSize  Key = "slate.reason.unsupported_size"
	SlateUndecodable      Key = "slate.reason.undecodable"
	SlateDisagreeing      Key = "slate.reason.disagreeing"
	SlateLockdown         Key = "slate.reason.lockdown"
	SlateOverload         Key = "slate.reason.overload"
	SlateBlocked          Key = "slate.reason.blocked"
	SlateStopped          Key = "slate.reason.stopped"
	SlateStoreDamaged     Key = "slate.reason.store_damaged"
)

var slate = table{
	SlateTitle:    {"Picture withheld to protect privacy", "为保护隐私，画面暂不显示"},
	SlateCamera:   {"Camera", "摄像机"},
	SlateTime:     {"Time", "时间"},
	SlateSafeMode: {"No vouched picture at the moment", "暂无经确认可显示的画面"},

	SlateUnreachable:  {"Camera unreachable", "无法连接摄像机"},
	SlateUnauthorized: {"Camera refused the login", "摄像机拒绝登录，请检查用户名和密码"},
	SlateNotFound:     {"Stream not found at the camera", "摄像机上没有该视频流"},
	SlateNoVideo:      {"Stream has no video track", "流中没有视频轨道"},
	SlateUnknownCodec: {"Video codec not supported", "不支持该视频编码"},
	SlateTLS:          {"Camera's certificate not trusted", "摄像机证书不受信任"},
	SlateTimeout:      {"Camera is connected and silent", "摄像机已连接，但没有应答"},
	SlateClosed:       {"Camera closed the connection", "摄像机断开了连接"},
	SlateProtocol:     {"Camera's answer not understood", "无法识别摄像机的应答"},
	SlateNoUsualPath:  {"No stream at a usual path", "常用路径上没有视频流"},
	SlateNotRTSP:      {"No RTSP camera at this address and port", "该地址和端口上没有 RTSP 摄像机"},
	SlateMoved:        {"Camera names another address", "摄像机要求改用其他地址"},
	SlateBasicOnly:    {"Camera wants the password unprotected", "摄像机要求不加保护地发送密码"},
	SlateUnreadable:   {"Camera's packets cannot be read", "无法读取摄像机发送的数据包"},
	SlateNoKeyframe:   {"Camera sends no keyframe", "摄像机没有发送关键帧"},
	SlateNoUDP:        {"Nothing comes by UDP", "收不到 UDP 数据包"},

	SlateStarting:         {"Starting", "正在启动"},
	SlateWaiting:          {"Waiting for the first picture", "正在等待首帧画面"},
	SlateSilent:           {"Camera sends no pictures", "摄像机没有发送画面"},
	SlateWorkerRestarting: {"Privacy worker restarting", "隐私处理进程正在重启"},
	SlateWorkerSlow:       {"Privacy worker too slow", "隐私处理速度跟不上"},
	SlateWorkerFailed:     {"Privacy worker failed", "隐私处理进程出错"},
	SlateWorkerMissing:    {"Privacy worker not found", "找不到隐私处理程序"},
	SlateModelDamaged:     {"Face detection model damaged", "人脸检测模型损坏"},
	SlateUnsupportedSize:  {"Picture size not supported", "不支持该画面尺寸"},
	SlateUndecodable:      {"Pictures cannot be decoded", "画面无法解码"},
	SlateDisagreeing:      {"Picture sizes disagree: choose H.264", "画面尺寸不一致：请选择 H.264"},
	SlateLockdown:         {"Privacy worker could not be locked down", "隐私处理进程无法进入隔离状态"},
	SlateOverload:         {"Box overloaded", "网关负载过高"},
	SlateBlocked:          {"Camera blocked: prohibited place", "此处禁止采集，摄像机已被封锁"},
	SlateStopped:          {"Camera switched off", "摄像机已停用"},
	SlateStoreDamaged:     {"Gateway's data damaged", "网关数据已损坏，请恢复备份"},
}
