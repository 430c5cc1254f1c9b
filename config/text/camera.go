package text

// CameraState returns the word for a camera's phase, such as "online"; an
// unknown phase gives CameraUnknown.
func CameraState(phase string) Key {
	if key := Key("camera.state." + phase); Has(key) {
		return key
	}
	return CameraUnknown
}

// Protection returns the word for a protection state as MQTT carries it; an
// unknown one gives ProtectionUnknown.
func Protection(state string) Key {
	if key := Key("protection." + state); Has(key) {
		return key
	}
	return ProtectionUnknown
}

// The words for cameras and their protection; each key ends in the code that
// the functions above take.
const (
	CameraConnecting Key = "camera.state.connecting"
	CameraOnline     Key = "camera.state.online"
	CameraWaiting    Key = "camera.state.waiting"
	CameraOffline    Key = "camera.state.offline"
	CameraStopped    Key = "camera.state.stopped"
	CameraBlocked    Key = "camera.state.blocked"
	CameraUnknown    Key = "camera.state.unknown"

	ProtectionProtected  Key = "protection.protected"
	ProtectionOverMasked Key = "protection.over_masked"
	ProtectionBlocked    Key = "protection.blocked"
	ProtectionOffline    Key = "protection.offline"
	ProtectionUnknown    Key = "protection.unknown"
)

var camera = table{
	CameraConnecting: {"connecting", "正在连接"},
	CameraOnline:     {"online", "在线"},
	CameraWaiting:    {"waiting for the next try", "等待重试"},
	CameraOffline:    {"offline", "离线"},
	CameraStopped:    {"stopped", "已停止"},
	CameraBlocked:    {"blocked", "已封锁"},
	CameraUnknown:    {"unknown", "未知"},

	ProtectionProtected:  {"protected", "已保护"},
	ProtectionOverMasked: {"protected, masked more than needed", "已保护（遮挡多于必要）"},
	ProtectionBlocked:    {"blocked", "已封锁"},
	ProtectionOffline:    {"offline", "离线"},
	ProtectionUnknown:    {"unknown", "未知"},
}

// Why a camera found on the network, or typed in, gave no streams.
const (
	ONVIFAddress        Key = "onvif.address"
	ONVIFLoginInAddress Key = "onvif.login_in_address"
	ONVIFNotLocal       Key = "onvif.not_local"
	ONVIFUnreachable    Key = "onvif.unreachable"
	ONVIFLogin          Key = "onvif.login"
	ONVIFProtocol       Key = "onvif.protocol"
	ONVIFNoStreams      Key = "onvif.no_streams"
)

var discovery = table{
	ONVIFAddress:        {"this is no device's address: write its IP address, as the label or the router shows it", "这不是设备地址：请填写设备标签或路由器上显示的 IP 地址"},
	ONVIFLoginInAddress: {"the address holds a login: give user and password apart from it", "地址中含有登录信息：请单独填写用户名和密码"},
	ONVIFNotLocal:       {"the address is not on a local network: only cameras of this building are asked", "该地址不在局域网内：只能查询本建筑内的摄像机"},
	ONVIFUnreachable:    {"no answer from the device: check its power and cable, and that this box is on its network", "设备没有应答：请检查电源和网线，并确认本机与其处于同一网络"},
	ONVIFLogin:          {"the device refuses the login: give the user and password of its ONVIF account, which some makers keep apart from the one of its web page", "设备拒绝登录：请填写其 ONVIF 账号的用户名和密码，部分厂商的该账号与网页账号不同"},
	ONVIFProtocol:       {"what answers there does not speak ONVIF: switch ONVIF on in the camera's settings, or type the stream's address", "该地址的应答不符合 ONVIF：请在摄像机设置中启用 ONVIF，或直接填写视频流地址"},
	ONVIFNoStreams:      {"the device offers no video stream: type the stream's address from its manual", "设备没有提供视频流：请按说明书直接填写视频流地址"},
}

// Why a live preview was refused.
const (
	PreviewOffer       Key = "preview.offer"
	PreviewNoH264      Key = "preview.no_h264"
	PreviewBusy        Key = "preview.busy"
	PreviewCameraBusy  Key = "preview.camera_busy"
	PreviewAddressBusy Key = "preview.address_busy"
	PreviewStopped     Key = "preview.stopped"
)

var preview = table{
	PreviewOffer:       {"the live preview cannot answer this request: use a current browser, or watch the snapshots", "无法建立实时预览：请使用较新的浏览器，或改看快照"},
	PreviewNoH264:      {"this browser does not take H.264 video: use another one, or watch the snapshots", "此浏览器不支持 H.264 视频：请换用其他浏览器，或改看快照"},
	PreviewBusy:        {"all %d live previews are in use: close one elsewhere, or watch the snapshots", "%d 路实时预览已全部占用：请先关闭其他页面上的预览，或改看快照"},
	PreviewCameraBusy:  {"all %d live previews of this camera are in use: close one elsewhere, or watch the snapshots", "该摄像机的 %d 路实时预览已全部占用：请先关闭其他页面上的预览，或改看快照"},
	PreviewAddressBusy: {"this address has %d live previews open already: close one of them, or watch the snapshots", "该地址已打开 %d 路实时预览：请先关闭其中一路，或改看快照"},
	PreviewStopped:     {"the gateway is stopping: try again when it runs", "网关正在停止：请在其恢复运行后重试"},
}
