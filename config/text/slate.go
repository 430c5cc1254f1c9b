package text

import "strings"

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
	SlateTimeout:      {"Camera did not answer in time", "摄像机响应超时"},
	SlateClosed:       {"Camera closed the connection", "摄像机断开了连接"},
	SlateProtocol:     {"Camera's answer not understood", "无法识别摄像机的应答"},

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
	SlateOverload:         {"Box overloaded", "设备负载过高"},
	SlateBlocked:          {"Camera blocked: prohibited place", "此处禁止采集，摄像机已被封锁"},
	SlateStopped:          {"Camera switched off", "摄像机已停用"},
	SlateStoreDamaged:     {"Gateway's data damaged", "网关数据已损坏，请恢复备份"},
}
