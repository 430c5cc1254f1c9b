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
	ONVIFLockedOut      Key = "onvif.locked_out"
	ONVIFNoUsers        Key = "onvif.no_users"
	ONVIFRefused        Key = "onvif.refused"
	ONVIFOpen           Key = "onvif.open"
	ONVIFCertificate    Key = "onvif.certificate"
	ONVIFUnproved       Key = "onvif.unproved"
)

var discovery = table{
	ONVIFAddress:        {"this is no device's address: write its IP address, as the label or the router shows it", "这不是设备地址：请填写设备标签或路由器上显示的 IP 地址"},
	ONVIFLoginInAddress: {"the address holds a login: give user and password apart from it", "地址中含有登录信息：请单独填写用户名和密码"},
	ONVIFNotLocal:       {"the address is not on a local network: only cameras of this building are asked", "该地址不在局域网内：只能查询本建筑内的摄像机"},
	ONVIFUnreachable:    {"no answer from the device: check its power and cable, and that this box is on its network", "设备没有应答：请检查电源和网线，并确认本机与其处于同一网络"},
	ONVIFLogin:          {"the device refuses the login: give the user and password of its ONVIF account, which some makers keep apart from the one of its web page", "设备拒绝登录：请填写其 ONVIF 账号的用户名和密码，部分厂商的该账号与网页账号不同"},
	ONVIFProtocol:       {"what answers there does not speak ONVIF: switch ONVIF on in the camera's settings, or type the stream's address", "该地址的应答不符合 ONVIF：请在摄像机设置中启用 ONVIF，或直接填写视频流地址"},
	ONVIFNoStreams:      {"the device offers no video stream: type the stream's address from its manual", "设备没有提供视频流：请按说明书直接填写视频流地址"},
	ONVIFLockedOut:      {"the device lets nobody log in for a while after wrong logins: nothing more is tried; wait half an hour, or restart the device", "设备因多次登录失败而暂时禁止登录：已停止尝试；请等待半小时，或重启设备"},
	ONVIFNoUsers:        {"the device does not let its accounts be changed by ONVIF: change their passwords on its own web page, then give the gateway its new one with bauta camera add --replace", "设备不支持通过 ONVIF 修改账号：请在其网页上修改密码，再用 bauta camera add --replace 告知网关新密码"},
	ONVIFRefused:        {"the device refuses the new password (%q): change it on the device's own web page, then give the gateway its new one with bauta camera add --replace", "设备拒绝新密码（%q）：请在其网页上修改密码，再用 bauta camera add --replace 告知网关新密码"},
	ONVIFOpen:           {"the device lists its accounts to anybody: switch authentication for ONVIF on in its settings, or no password of it protects anything", "设备向任何人公开账号列表：请在其设置中启用 ONVIF 认证，否则密码不起保护作用"},
	ONVIFCertificate:    {"the device's certificate is another one than before: no password is sent to it. Where it was reset or replaced: bauta camera unlock ID --forget", "设备证书与之前不同：不会向其发送密码。如果设备已重置或更换，请运行 bauta camera unlock ID --forget"},
	ONVIFUnproved:       {"the device answers without a login what this account may ask, so that nobody can tell whether its password works: change it on the device's own web page", "设备无需登录即可应答该账号的请求，无法验证其密码：请在设备网页上修改"},
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

// What is said of zones.
const (
	ZoneID         Key = "zone.id"
	ZoneKind       Key = "zone.kind"
	ZonePoints     Key = "zone.points"
	ZonePointsForm Key = "zone.points_form"
	ZoneRectForm   Key = "zone.rect_form"
	ZoneOutside    Key = "zone.outside"
	ZoneCrossed    Key = "zone.crossed"
	ZoneSmall      Key = "zone.small"
	ZoneLimit      Key = "zone.limit"

	ZonePurposeKind    Key = "zone.purpose_kind"
	ZonePurposes       Key = "zone.purposes"
	ZonePurposeFile    Key = "zone.purpose_file"
	ZonePurposeForm    Key = "zone.purpose_form"
	ZonePurposeUnknown Key = "zone.purpose_unknown"
	ZonePurposeNone    Key = "zone.purpose_none"
	ZonePurposeAssumed Key = "zone.purpose_assumed"
	ZonePurposesSet    Key = "zone.purposes_set"

	ZoneExists   Key = "zone.exists"
	ZoneNotFound Key = "zone.not_found"
	ZoneAdded    Key = "zone.added"
	ZoneRemoved  Key = "zone.removed"
	ZoneNone     Key = "zone.none"
	ZoneShares   Key = "zone.shares"
	ZoneDrawn    Key = "zone.drawn"
	ZoneNoFrame  Key = "zone.no_picture"
	ZoneOneShape Key = "zone.one_shape"
	HeadZone     Key = "cli.head.zone"
	HeadKind     Key = "cli.head.kind"
	HeadPoints   Key = "cli.head.points"

	ZoneKindPrivate Key = "zone.kind.private"
	ZoneKindMasked  Key = "zone.kind.masked"
	ZoneKindMoving  Key = "zone.kind.moving"
	ZoneKindConsent Key = "zone.kind.consent"
	ZoneKindCapture Key = "zone.kind.capture"
)

// ZoneWord returns the word for a kind of zone.
func ZoneWord(kind string) Key { return word("zone.kind.", kind) }

var zones = table{
	ZoneID:             {"%q is no name of a zone: use 1 to %d of a-z, 0-9 and single dashes between them", "%q 不是区域名称：请用 1 到 %d 个小写字母 a-z、数字 0-9，中间可用单个连字符"},
	ZoneKind:           {"%q is no kind of zone: use private, masked, moving, consent or capture", "%q 不是区域类型：请用 private（隐私）、masked（遮挡）、moving（移动）、consent（同意）或 capture（采集）"},
	ZonePoints:         {"zone %s has %d points: use %d to %d", "区域 %s 有 %d 个顶点：请用 %d 到 %d 个"},
	ZonePointsForm:     {"%q is not a point: write at most %d points such as \"0.1,0.2 0.5,0.2 0.5,0.9\"", "%q 不是顶点：请最多写 %d 个顶点，例如 \"0.1,0.2 0.5,0.2 0.5,0.9\""},
	ZoneRectForm:       {"%q is not a rectangle: write left,top,right,bottom such as \"0,0.5,0.3,1\"", "%q 不是矩形：请写 \"左,上,右,下\"，例如 \"0,0.5,0.3,1\""},
	ZoneOutside:        {"point %[2]d of zone %[1]s lies outside of the picture: coordinates are from 0 to 1", "区域 %s 的第 %d 个顶点在画面之外：坐标范围为 0 到 1"},
	ZoneCrossed:        {"the outline of zone %s crosses or touches itself at the edges from points %d and %d: give the corners in order around it", "区域 %s 的轮廓在第 %d 和第 %d 个顶点开始的边处相交：请按顺序给出各顶点"},
	ZoneSmall:          {"zone %s is smaller than a ten thousandth of the picture: draw it larger", "区域 %s 小于画面的万分之一：请画大一些"},
	ZoneLimit:          {"camera %s has %d zones already, the most that it can have: remove one first", "摄像机 %s 已有 %d 个区域，达到上限：请先删除一个"},
	ZonePurposeKind:    {"zone %s has purposes, but tokens count in consent zones alone: leave them out or make it a consent zone", "区域 %s 注明了用途，但令牌只在同意区域内生效：请去掉用途，或改为同意区域"},
	ZonePurposes:       {"zone %s has %d purposes: name at most %d", "区域 %s 有 %d 个用途：最多 %d 个"},
	ZonePurposeFile:    {"%s shows nobody on a live picture, only in a copy made by bauta redact: name another purpose", "%s 不会在实时画面中显示任何人，只用于 bauta redact 制作的副本：请使用其他用途"},
	ZonePurposeForm:    {"the purpose %q comes twice or is no lower-case word: name each once, such as visitor-reception", "用途 %q 重复或不是小写单词：请各写一次，例如 \"visitor-reception\""},
	ZonePurposeUnknown: {"the purpose %s is not served here: use one of %s, or change consent.purposes in the settings", "此处不提供用途 %s：请使用 %s 之一，或修改配置项 consent.purposes"},
	ZonePurposeNone:    {"no purpose counts in zone %[2]s of camera %[1]s, so nobody is shown there: bauta zone set %[1]s %[2]s --purpose %[3]s", "摄像机 %s 的区域 %s 没有生效的用途，因此不会显示任何人：请运行 bauta zone set %[1]s %[2]s --purpose %[3]s"},
	ZonePurposeAssumed: {"camera %[1]s: the purposes of zone %[2]s (%[3]s) were taken over from its consents and nobody has confirmed them: bauta zone set %[1]s %[2]s --purpose PURPOSE", "摄像机 %s：区域 %s 的用途（%s）沿用自该区域的同意，尚未有人确认：请运行 bauta zone set %[1]s %[2]s --purpose 用途"},
	ZonePurposesSet:    {"zone %[2]s of camera %[1]s, tokens count there for: %[3]s", "摄像机 %s 的区域 %s 中，令牌按以下用途生效：%s"},
	ZoneExists:         {"camera %s has a zone %s already: choose another name, or change it with --replace", "摄像机 %s 已有区域 %s：请换一个名称，或用 --replace 修改"},
	ZoneNotFound:       {"camera %s has no zone %s: bauta zone list shows the known ones", "摄像机 %s 没有区域 %s：可用 bauta zone list 查看"},
	ZoneAdded:          {"zone %[2]s of camera %[1]s is in force", "摄像机 %s 的区域 %s 已生效"},
	ZoneRemoved:        {"zone %[2]s of camera %[1]s removed", "已删除摄像机 %s 的区域 %s"},
	ZoneNone:           {"camera %s has no zones: all faces are masked, no consent counts", "摄像机 %s 没有区域：所有人脸均被遮挡，同意不生效"},
	ZoneShares:         {"of the picture: %.0f%% private, %.0f%% masked, %.0f%% consent, %.0f%% moving", "占画面比例：隐私 %.0f%%，遮挡 %.0f%%，同意 %.0f%%，移动 %.0f%%"},
	ZoneDrawn:          {"zones drawn over a masked picture: %s", "已在遮挡后的画面上绘出区域：%s"},
	ZoneNoFrame:        {"camera %s gives no masked picture at the moment: see bauta status", "摄像机 %s 目前没有遮挡后的画面：请查看 bauta status"},
	ZoneOneShape:       {"give the zone's shape by --points or by --rect", "请用 --points 或 --rect 给出区域形状"},
	HeadZone:           {"zone", "区域"},
	HeadKind:           {"kind", "类型"},
	HeadPoints:         {"points", "顶点"},

	ZoneKindPrivate: {"private", "隐私"},
	ZoneKindMasked:  {"masked", "遮挡"},
	ZoneKindMoving:  {"moving", "移动"},
	ZoneKindConsent: {"consent", "同意"},
	ZoneKindCapture: {"capture", "采集"},
}
