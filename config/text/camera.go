package text

import "strings"

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
	ProtectionBlocked:    {"blocked", "画面暂不显示"},
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
	ONVIFBasicOnly      Key = "onvif.basic_only"
	ONVIFRange          Key = "onvif.range"
	ONVIFRangeForeign   Key = "onvif.range_foreign"
	ONVIFRangeLarge     Key = "onvif.range_large"
	ONVIFRangeName      Key = "onvif.range_name"
	ONVIFRangeNoWay     Key = "onvif.range_no_way"
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
	ONVIFBasicOnly:      {"the device wants the password readable for everybody on the network, so it was not sent: switch digest authentication or HTTPS on in the camera's settings", "设备要求以网络上任何人都能读取的方式发送密码，因此未发送：请在摄像机设置中启用摘要认证或 HTTPS"},
	ONVIFRange:          {"%q is no range of addresses: write 192.168.1.0/24, 192.168.1.10-40, a single address or the name of a host, several separated by commas", "%q 不是地址范围：请填写 192.168.1.0/24、192.168.1.10-40、单个地址或主机名，多个之间用逗号分隔"},
	ONVIFRangeForeign:   {"%s is not on a local network: only private and link-local addresses are searched, such as 192.168.1.0/24. Give a range of the cameras' own network", "%s 不在局域网内：只搜索私有地址和链路本地地址，例如 192.168.1.0/24。请填写摄像机所在网络的范围"},
	ONVIFRangeLarge:     {"more than %d addresses: search one part after another, such as 192.168.0.0/22", "超过 %d 个地址：请分段搜索，例如 192.168.0.0/22"},
	ONVIFRangeNoWay:     {"none of these addresses can be reached from here: connect this box to the cameras' network, or give it a route there", "从本机无法到达这些地址：请将本机接入摄像机所在网络，或添加到该网络的路由"},
	ONVIFRangeName:      {"no address is known for %s: write the camera's IP address, as the label or the router shows it", "找不到 %s 的地址：请填写设备标签或路由器上显示的 IP 地址"},
	ONVIFProtocol:       {"what answers there does not speak ONVIF: switch ONVIF on in the camera's settings, or type the stream's address", "该地址的应答不符合 ONVIF：请在摄像机设置中启用 ONVIF，或直接填写视频流地址"},
	ONVIFNoStreams:      {"the device offers no video stream: type the stream's address from its manual", "设备没有提供视频流：请按说明书直接填写视频流地址"},
	ONVIFLockedOut:      {"the device lets nobody log in for a while after wrong logins: nothing more is tried; wait half an hour, or restart the device", "设备因多次登录失败而暂时禁止登录：已停止尝试；请等待半小时，或重启设备"},
	ONVIFNoUsers:        {"the device does not let its accounts be changed by ONVIF: change their passwords on its own web page, then give the gateway its new one with bauta camera set", "设备不支持通过 ONVIF 修改账号：请在其网页上修改密码，再用 bauta camera set 告知网关新密码"},
	ONVIFRefused:        {"the device refuses the new password (%q): change it on the device's own web page, then give the gateway its new one with bauta camera set", "设备拒绝新密码（%q）：请在其网页上修改密码，再用 bauta camera set 告知网关新密码"},
	ONVIFOpen:           {"the device lists its accounts to anybody: switch authentication for ONVIF on in its settings, or no password of it protects anything", "设备向任何人公开账号列表：请在其设置中启用 ONVIF 认证，否则密码不起保护作用"},
	ONVIFCertificate:    {"the device's certificate is another one than before: no password is sent to it. Where it was reset or replaced: bauta camera unlock ID --forget", "设备证书与之前不同：不会向其发送密码。如果设备已重置或更换，请运行 bauta camera unlock --forget"},
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
	HLSBusy            Key = "hls.busy"
	HLSGone            Key = "hls.gone"
	HLSNoFrame         Key = "hls.no_frame"
	HLSLogin           Key = "hls.login"
	HLSWait            Key = "hls.wait"
)

var preview = table{
	PreviewOffer:       {"the live preview cannot answer this request: use a current browser, or watch the snapshots", "无法建立实时预览：请使用较新的浏览器，或改看快照"},
	PreviewNoH264:      {"this browser does not take H.264 video: use another one, or watch the snapshots", "此浏览器不支持 H.264 视频：请换用其他浏览器，或改看快照"},
	PreviewBusy:        {"all %d live previews are in use: close one elsewhere, or watch the snapshots", "%d 路实时预览已全部占用：请先关闭其他页面上的预览，或改看快照"},
	PreviewCameraBusy:  {"all %d live previews of this camera are in use: close one elsewhere, or watch the snapshots", "该摄像机的 %d 路实时预览已全部占用：请先关闭其他页面上的预览，或改看快照"},
	PreviewAddressBusy: {"this address has %d live previews open already: close one of them, or watch the snapshots", "该地址已打开 %d 路实时预览：请先关闭其中一路，或改看快照"},
	HLSBusy:            {"too many players watch by HLS now: close one elsewhere, or try again later", "当前通过 HLS 观看的播放器过多：请先关闭其中一个，或稍后重试"},
	HLSGone:            {"there is no such stream or file, or no longer: begin with index.m3u8 of a camera that this login may watch", "没有此视频流或文件，或已过期：请从该登录可观看的摄像机的 index.m3u8 开始"},
	HLSNoFrame:         {"the camera's masked stream has not begun yet: try again in a few seconds", "摄像机的遮挡视频流尚未开始：请几秒后重试"},
	HLSLogin:           {"log in with the user name and password of a login at the streams: bauta viewer shows the gateway's own", "请使用视频流登录的用户名和密码：bauta viewer 可显示网关自带的登录"},
	HLSWait:            {"too many wrong logins from this address: wait as long as Retry-After says", "该地址登录失败次数过多：请按 Retry-After 的秒数等待后重试"},
	PreviewStopped:     {"the gateway is stopping: try again when it runs", "网关正在停止：请在其恢复运行后重试"},
}

// What is said of zones.
const (
	ZoneID         Key = "zone.id"
	ZoneName       Key = "zone.name"
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
	ZoneReplaced Key = "zone.replaced"
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
	ZoneID:             {"%q is no id of an area: leave it out, one is made of the name; or use 1 to %d of a-z, 0-9 and single dashes between them", "%q 不是区域编号：可不填，系统会按名称生成；或用 1 到 %d 个小写字母 a-z、数字 0-9，中间可用单个连字符"},
	ZoneName:           {"the area's name is longer than %d bytes, or holds line breaks or other control characters: shorten it", "区域名称超过 %d 字节，或含有换行等控制字符：请改短"},
	ZoneKind:           {"%q is no kind of zone: use private, masked, moving, consent or capture", "%q 不是区域类型：请用 private（完全遮盖）、masked（整体模糊）、moving（模糊移动的内容）、consent（同意在此生效）或 capture（可采集区域）"},
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
	ZoneReplaced:       {"a camera that takes the place of another one keeps its areas: leave zones out, or replace without them and change them then", "替换摄像机时其区域保持不变：请不要同时给出区域，替换之后再修改"},
	ZoneExists:         {"camera %s has a zone %s already: choose another name, or change it with --replace", "摄像机 %s 已有区域 %s：请换一个名称，或用 --replace 修改"},
	ZoneNotFound:       {"camera %s has no zone %s: bauta zone list shows the known ones", "摄像机 %s 没有区域 %s：可用 bauta zone list 查看"},
	ZoneAdded:          {"zone %[2]s of camera %[1]s is in force", "摄像机 %s 的区域 %s 已生效"},
	ZoneRemoved:        {"zone %[2]s of camera %[1]s removed", "已删除摄像机 %s 的区域 %s"},
	ZoneNone:           {"camera %s has no zones: all faces are masked, no consent counts", "摄像机 %s 没有区域：所有人脸均被遮挡，同意不生效"},
	ZoneShares:         {"of the picture: %.0f%% private, %.0f%% masked, %.0f%% consent, %.0f%% moving", "占画面比例：完全遮盖 %.0f%%，整体模糊 %.0f%%，同意在此生效 %.0f%%，模糊移动的内容 %.0f%%"},
	ZoneDrawn:          {"zones drawn over a masked picture: %s", "已在遮挡后的画面上绘出区域：%s"},
	ZoneNoFrame:        {"camera %s gives no masked picture at the moment: see bauta status", "摄像机 %s 目前没有遮挡后的画面：请查看 bauta status"},
	ZoneOneShape:       {"give the zone's shape by --points or by --rect", "请用 --points 或 --rect 给出区域形状"},
	HeadZone:           {"zone", "区域"},
	HeadKind:           {"kind", "类型"},
	HeadPoints:         {"points", "顶点"},

	ZoneKindPrivate: {"private", "完全遮盖"},
	ZoneKindMasked:  {"masked", "整体模糊"},
	ZoneKindMoving:  {"moving", "模糊移动的内容"},
	ZoneKindConsent: {"consent", "同意在此生效"},
	ZoneKindCapture: {"capture", "可采集区域"},
}

// Cameras taken over: why not, what was done, and the recovery sheet. BypassWord and the
// console's keys end in the words that the API has.
const (
	LockPlain      Key = "lock.plain"
	LockOriginals  Key = "lock.originals"
	LockNotAdmin   Key = "lock.not_admin"
	LockNoAccount  Key = "lock.no_account"
	LockNone       Key = "lock.none"
	LockNoLogin    Key = "lock.no_login"
	LockLogin      Key = "lock.login"
	LockNotApplied Key = "lock.not_applied"
	LockNoPassword Key = "lock.no_password"
	LockOpen       Key = "lock.open"
	LockRemove     Key = "lock.remove"
	LockTransient  Key = "lock.transient"
	LockFormat     Key = "lock.format"

	LockAccounts     Key = "cli.lock.accounts"
	LockHow          Key = "cli.lock.how"
	LockReadable     Key = "cli.lock.readable"
	LockDone         Key = "cli.lock.done"
	LockSheet        Key = "cli.lock.sheet"
	LockFailed       Key = "cli.lock.failed"
	LockUndone       Key = "cli.lock.undone"
	LockByHand       Key = "cli.lock.by_hand"
	LockLost         Key = "cli.lock.lost"
	LockSheetName    Key = "cli.lock.sheet_name"
	LockForgotten    Key = "cli.lock.forgotten"
	LockStateOwn     Key = "cli.lock.own"
	LockStateLocked  Key = "cli.lock.locked"
	HeadAccountName  Key = "cli.head.account_name"
	HeadAccountLevel Key = "cli.head.account_level"

	SheetTitle    Key = "sheet.title"
	SheetNotice   Key = "sheet.notice"
	SheetCamera   Key = "sheet.camera"
	SheetAddress  Key = "sheet.address"
	SheetDay      Key = "sheet.day"
	SheetPassword Key = "sheet.password"
	SheetFoot     Key = "sheet.foot"
	SheetAbout    Key = "sheet.about"
)

// BypassWord returns the words for a way around a camera's lock.
func BypassWord(way string) Key { return word("console.lock.bypass.", way) }

// AccountLevel says the level of an account at a camera; one that is no word of ONVIF stays.
func AccountLevel(lang Lang, level string) string {
	if key := Key("console.lock.level." + strings.ToLower(level)); Has(key) {
		return Of(lang, key)
	}
	return level
}

var locks = table{
	LockPlain:      {"camera %s has no HTTPS here: the new passwords would cross the network readable, for everybody on it. Agree to that with --plain, or better switch HTTPS on in the camera's settings", "摄像机 %s 未提供 HTTPS：新密码将以明文经过网络，网内任何人都能读到。可用 --plain 表示同意，最好先在摄像机设置中启用 HTTPS"},
	LockOriginals:  {"camera %s is at a place of Article 7, where the originals must be kept whole, and no sealed originals of it are being kept: a recorder that is locked out would be the only one that has them. Let sealed originals run for this camera first", "摄像机 %s 位于第七条所列场所，须完整保存原始录像，而网关尚未加密保存该摄像机的原始录像：被锁在外面的录像机可能是唯一保存原始录像的设备。请先为该摄像机启用加密原始录像"},
	LockNotAdmin:   {"the gateway's account at the camera (%s) is no administrator: change the passwords on the camera's own web page, or give the gateway an administrator's login with bauta camera set", "网关在摄像机上的账号（%s）不是管理员：请在摄像机网页上修改密码，或用 bauta camera set 为网关提供管理员账号"},
	LockNoAccount:  {"camera %[1]s has no account %[2]s: bauta camera lock %[1]s lists them", "摄像机 %[1]s 没有账号 %[2]s：可用 bauta camera lock %[1]s 查看"},
	LockNone:       {"camera %s is not locked: there is nothing to give back", "摄像机 %s 未锁定：没有可恢复的密码"},
	LockNoLogin:    {"the gateway has no login at camera %s: give it an administrator's with bauta camera set --user NAME", "网关没有摄像机 %s 的登录信息：请用 bauta camera set --user 用户名 提供管理员账号"},
	LockLogin:      {"the camera does not let the gateway's account (%s) see who else can log in: it must be an administrator of ONVIF, which some makers keep apart from their web page. Else change the passwords on that page", "摄像机不允许网关账号（%s）查看其他账号：该账号须为 ONVIF 管理员，部分厂商的 ONVIF 账号与网页账号不同。否则请在摄像机网页上修改密码"},
	LockNotApplied: {"the camera says that it took the new password of %s and keeps the old one: change it on the camera's own web page, then give the gateway its new one with bauta camera set", "摄像机称已接受 %s 的新密码，但仍在使用旧密码：请在摄像机网页上修改，再用 bauta camera set 告知网关新密码"},
	LockNoPassword: {"camera %[1]s refuses the passwords that were tried; none is forgotten, and the others are tried within the hour and with each bauta camera lock %[1]s. Where it was set anew by hand: bauta camera unlock %[1]s --forget", "摄像机 %[1]s 拒绝了已尝试的密码；所有密码都仍保存，其余密码会在一小时内以及每次运行 bauta camera lock %[1]s 时继续尝试。如果已手工重设，请运行 bauta camera unlock %[1]s --forget"},
	LockOpen:       {"whether camera %[1]s took the new password is not known yet (%[2]s): both are kept, and tried again within the hour and with bauta camera lock %[1]s", "尚不清楚摄像机 %[1]s 是否已接受新密码（%[2]s）：新旧密码都已保存，一小时内或运行 bauta camera lock %[1]s 时会再次尝试"},
	LockRemove:     {"camera %[1]s is locked, and nobody but this gateway has its passwords: bauta camera unlock %[1]s first, with --forget where the camera is gone", "摄像机 %[1]s 已锁定，其密码只有本网关保存：请先运行 bauta camera unlock %[1]s；摄像机已不在时加 --forget"},
	LockTransient:  {"camera %s is there for this run only: add it with bauta camera add first", "摄像机 %s 仅用于本次运行：请先用 bauta camera add 添加"},
	LockFormat:     {"%q is no format of a recovery sheet: use html or pdf", "%q 不是恢复单的格式：请用 html 或 pdf"},

	LockAccounts:     {"these accounts can log in at camera %s and see the unmasked picture:", "以下账号可登录摄像机 %s 并看到未遮挡的画面："},
	LockHow:          {"to lock them out, name each: bauta camera lock %[1]s --account NAME ... The gateway's own account (%[2]s) gets a new password in any case; its own name alone leaves the others as they are", "如需锁定，请逐一列出：bauta camera lock %[1]s --account 用户名 …… 网关自己的账号（%[2]s）总会获得新密码；只写它则其他账号保持不变"},
	LockReadable:     {"the camera has no HTTPS here: add --plain to agree that the new passwords cross the network readable", "摄像机未提供 HTTPS：需加 --plain，表示同意新密码以明文经过网络"},
	LockDone:         {"camera %s is locked; new passwords: %s", "摄像机 %s 已锁定；已设新密码的账号：%s"},
	LockSheet:        {"the recovery sheet with the passwords is in %s, once: print it, lock it away and delete the file", "恢复单（含密码）已写入 %s，仅此一次：请打印并妥善保管，然后删除该文件"},
	LockFailed:       {"account %s stays as it was: %s", "账号 %s 保持不变：%s"},
	LockUndone:       {"camera %s is unlocked: the former passwords hold again", "摄像机 %s 已解锁：原密码已恢复"},
	LockByHand:       {"nobody said the former passwords of %[2]s at camera %[1]s, so those on the recovery sheet hold on: log in at the camera's web page as the administrator and set others there, then bauta camera unlock %[1]s --forget", "摄像机 %[1]s 上 %[2]s 的原密码未知，恢复单上的密码继续有效：请以管理员登录摄像机网页设置，然后运行 bauta camera unlock %[1]s --forget"},
	LockLost:         {"the recovery sheet could not be written to %[2]s (%[3]s): free some room and run bauta camera lock %[1]s --account NAME ... again, which sets other passwords and prints them", "恢复单无法写入 %[2]s（%[3]s）：请腾出空间后再次运行 bauta camera lock %[1]s --account 用户名 ……，将重新设置密码并打印"},
	LockSheetName:    {"%s is no name of a recovery sheet: end it in .html or .pdf", "%s 不是恢复单的文件名：请以 .html 或 .pdf 结尾"},
	LockForgotten:    {"the passwords of camera %s are forgotten; the camera was not asked", "已忘记摄像机 %s 的密码；未联系摄像机"},
	LockStateOwn:     {"the gateway's own", "网关自用"},
	LockStateLocked:  {"locked", "已锁定"},
	HeadAccountName:  {"account", "账号"},
	HeadAccountLevel: {"level", "级别"},

	SheetTitle:    {"Recovery sheet: passwords at a camera", "恢复单：摄像机密码"},
	SheetNotice:   {"Whoever has this sheet can see the camera's unmasked picture. Print it once, lock it away and delete the file", "持有此单者可看到摄像机未遮挡的画面。请打印一份妥善保管，并删除文件"},
	SheetCamera:   {"Camera", "摄像机"},
	SheetAddress:  {"Address", "地址"},
	SheetDay:      {"Day", "日期"},
	SheetPassword: {"password", "密码"},
	SheetFoot:     {"To give the former passwords back: bauta camera unlock %s. Without the gateway: log in at the camera's web page with a password from this sheet. A later lock makes this sheet worthless", "恢复原密码：bauta camera unlock %s。网关不可用时：用本单上的密码登录摄像机网页。再次锁定后本单失效"},
	SheetAbout:    {"Capital and small letters count; zero, one and the letters i, l and o are not among them", "区分大小写；不含数字零和一，也不含与其相似的字母"},

	"console.lock.title":               {"Who else can log in at this camera", "还有谁能登录这台摄像机"},
	"console.lock.about":               {"A recorder that knows the camera's own login gets the unmasked picture past this gateway. New passwords end that; only the gateway then has them", "知道摄像机登录信息的录像机可绕过网关获得未遮挡的画面。更换密码即可阻止，新密码只有网关保存"},
	"console.lock.where":               {"The camera answers at another address", "摄像机使用其他地址应答"},
	"console.lock.address":             {"Address of its ONVIF service", "ONVIF 服务地址"},
	"console.lock.address_hint":        {"Empty: at the host of the camera's stream, by HTTPS where it has that", "留空：使用视频流所在主机，优先 HTTPS"},
	"console.lock.ask":                 {"Ask the camera", "查询摄像机"},
	"console.lock.choose":              {"Whose passwords are to change", "要更换哪些账号的密码"},
	"console.lock.own":                 {"the gateway's own, changes in any case", "网关自用，总会更换"},
	"console.lock.ours":                {"locked", "已锁定"},
	"console.lock.level.administrator": {"administrator", "管理员"},
	"console.lock.level.operator":      {"operator", "操作员"},
	"console.lock.level.user":          {"user", "普通用户"},
	"console.lock.level.anonymous":     {"anonymous", "匿名"},
	"console.lock.level.extended":      {"extended", "扩展"},
	"console.lock.do":                  {"Set new passwords", "设置新密码"},
	"console.lock.sure":                {"Lock this camera?", "锁定这台摄像机？"},
	"console.lock.sure_about":          {"The accounts that are ticked get new passwords. Whoever uses them now, such as an old recorder, is locked out at once", "勾选的账号将获得新密码。目前使用它们的设备（如旧录像机）会立即无法登录"},
	"console.lock.plain":               {"Send the passwords readable?", "以明文发送密码？"},
	"console.lock.plain_about":         {"The camera has no HTTPS here: everybody on this network can read the new passwords as they are sent. Better switch HTTPS on in the camera's settings first", "摄像机未提供 HTTPS：新密码发送时网内任何人都能读到。最好先在摄像机设置中启用 HTTPS"},
	"console.lock.plain_do":            {"Send them all the same", "仍然发送"},
	"console.lock.done":                {"Locked. The recovery sheet with the passwords is shown this once: save and print it", "已锁定。含密码的恢复单只显示这一次：请保存并打印"},
	"console.lock.sheet":               {"Save the recovery sheet", "保存恢复单"},
	"console.lock.failed":              {"Account %s stays as it was: %s", "账号 %s 保持不变：%s"},
	"console.lock.locked":              {"Locked since %s", "自 %s 起锁定"},
	"console.lock.unlocked":            {"Not locked", "未锁定"},
	"console.lock.pending":             {"A new password is not proved yet: the gateway tries again within the hour and has forgotten none", "新密码尚未验证：网关会在一小时内再次尝试，所有密码都仍保存"},
	"console.lock.undo":                {"Give the former passwords back", "恢复原密码"},
	"console.lock.undo_sure":           {"Unlock this camera?", "解锁这台摄像机？"},
	"console.lock.undo_about":          {"Who had the former password can then see the unmasked picture again", "知道原密码的人将能再次看到未遮挡的画面"},
	"console.lock.undone":              {"The former passwords hold again", "原密码已恢复"},
	"console.lock.by_hand":             {"Nobody said the former passwords of %s: log in at the camera's web page as the administrator and set them there", "%s 的原密码未知：请以管理员登录摄像机网页设置"},
	"console.lock.forget":              {"Forget the passwords", "忘记密码"},
	"console.lock.forget_sure":         {"Forget the passwords of this camera?", "忘记这台摄像机的密码？"},
	"console.lock.forget_about":        {"Only where the camera is gone or was reset by hand: afterwards nobody but the recovery sheet has them", "仅限摄像机已不在或已手工重置时：此后只有恢复单上有这些密码"},
	"console.lock.bypass":              {"The unmasked picture can be had past the gateway: %s. Lock the camera again, and give it a network of its own", "可绕过网关获得未遮挡的画面：%s。请再次锁定摄像机，并让其使用独立网络"},
	"console.lock.bypass.former_onvif": {"a former password works again", "原密码重新有效"},
	"console.lock.bypass.former_rtsp":  {"a former password opens the stream", "原密码可打开视频流"},
	"console.lock.bypass.open_rtsp":    {"the stream opens without a login", "视频流无需登录即可打开"},
	"console.lock.checked":             {"Ways around were last looked for %s", "上次检查绕过途径：%s"},
}

// The columns of the cameras' table, and what is wrong with one that is read.
const (
	CSVID           Key = "csv.column.id"
	CSVName         Key = "csv.column.name"
	CSVGroup        Key = "csv.column.group"
	CSVAddress      Key = "csv.column.address"
	CSVUser         Key = "csv.column.user"
	CSVPassword     Key = "csv.column.password"
	CSVTransport    Key = "csv.column.transport"
	CSVMask         Key = "csv.column.mask"
	CSVCover        Key = "csv.column.cover"
	CSVMounting     Key = "csv.column.mounting"
	CSVMaxSize      Key = "csv.column.max_size"
	CSVSubSize      Key = "csv.column.sub_size"
	CSVSubFPS       Key = "csv.column.sub_fps"
	CSVAhead        Key = "csv.column.look_ahead"
	CSVRateCap      Key = "csv.column.rate_cap"
	CSVPlace        Key = "csv.column.place"
	CSVPurpose      Key = "csv.column.purpose"
	CSVNecessity    Key = "csv.column.necessity"
	CSVModel        Key = "csv.column.model"
	CSVFirmware     Key = "csv.column.firmware"
	CSVCertificate  Key = "csv.column.certificate"
	CSVCommissioned Key = "csv.column.commissioned"
	CSVExtras       Key = "csv.column.extras"
	CSVExtrasReason Key = "csv.column.extras_reason"

	CSVLarge       Key = "csv.large"
	CSVRows        Key = "csv.rows"
	CSVEncoding    Key = "csv.encoding"
	CSVEmpty       Key = "csv.empty"
	CSVBroken      Key = "csv.broken"
	CSVColumn      Key = "csv.unknown_column"
	CSVTwice       Key = "csv.column_twice"
	CSVCells       Key = "csv.cells"
	CSVCellLarge   Key = "csv.cell_large"
	CSVWord        Key = "csv.word"
	CSVNumber      Key = "csv.number"
	CSVNoName      Key = "csv.no_name"
	CSVNoAddress   Key = "csv.no_address"
	CSVHostAlone   Key = "csv.host_alone"
	CSVSame        Key = "csv.same"
	ManyProhibited Key = "many.prohibited"
	ManyOwn        Key = "many.own"

	CSVStateNew       Key = "csv.state.new"
	CSVStateChanged   Key = "csv.state.changed"
	CSVStateUnchanged Key = "csv.state.unchanged"
	CSVStateRefused   Key = "csv.state.refused"
	CSVLine           Key = "cli.csv.line"
	CSVWhy            Key = "cli.csv.why"
	CSVDry            Key = "cli.csv.dry"
	CSVDone           Key = "cli.csv.done"
	CSVWritten        Key = "cli.csv.written"
)

// CSVState is the word for what becomes of a row.
func CSVState(state string) Key { return word("csv.state.", state) }

var csvTexts = table{
	CSVID:           {"ID", "编号"},
	CSVName:         {"Name", "名称"},
	CSVGroup:        {"Group", "分组"},
	CSVAddress:      {"Address", "地址"},
	CSVUser:         {"User", "用户名"},
	CSVPassword:     {"Password", "密码"},
	CSVTransport:    {"Transport", "传输方式"},
	CSVMask:         {"Mask", "遮挡方式"},
	CSVCover:        {"What is masked", "遮挡内容"},
	CSVMounting:     {"Which way is up", "画面方向"},
	CSVMaxSize:      {"Largest size", "最大画面尺寸"},
	CSVSubSize:      {"Small stream size", "子码流尺寸"},
	CSVSubFPS:       {"Small stream frames a second", "子码流帧率"},
	CSVAhead:        {"Look-ahead (ms)", "预读时间（毫秒）"},
	CSVRateCap:      {"Bitrate bound", "码率上限倍数"},
	CSVPlace:        {"Place", "拍摄场所"},
	CSVPurpose:      {"Purpose", "使用目的"},
	CSVNecessity:    {"Why it is needed", "必要性"},
	CSVModel:        {"Model", "型号"},
	CSVFirmware:     {"Firmware", "固件版本"},
	CSVCertificate:  {"Certificate number", "证书编号"},
	CSVCommissioned: {"First day of use", "启用日期"},
	CSVExtras:       {"Functions in use", "启用的功能"},
	CSVExtrasReason: {"Why these functions", "启用功能的理由"},

	CSVLarge:       {"the file is larger than %d KiB: split it", "文件超过 %d KiB：请拆分"},
	CSVRows:        {"the file has more than %d rows: split it", "文件超过 %d 行：请拆分"},
	CSVEncoding:    {"the characters of the file cannot be read: save it as CSV in UTF-8", "无法识别文件的字符编码：请另存为 UTF-8 编码的逗号分隔文件"},
	CSVEmpty:       {"the file has no row with the names of the columns: export the cameras and begin with that file", "文件缺少列名所在的首行：请先导出摄像机，在导出的文件上修改"},
	CSVBroken:      {"line %d of the file is no CSV: look for a quotation mark that is not closed", "文件第 %d 行格式有误：请检查是否有未闭合的引号"},
	CSVColumn:      {"there is no column %q here: name it as an exported file does, or leave it out", "没有名为 %q 的列：请使用导出文件中的列名，或删除该列"},
	CSVTwice:       {"the column %q is there twice: leave one out", "列 %q 出现两次：请删除其中一列"},
	CSVCells:       {"the row has more cells than there are columns", "该行的单元格多于列数"},
	CSVCellLarge:   {"the cell has more than %d bytes", "单元格超过 %d 字节"},
	CSVWord:        {"%q is unknown here: use the word of an exported file, or one of %s", "无法识别 %q：请使用导出文件中的词语，或以下之一：%s"},
	CSVNumber:      {"%q is no number of 0 or more", "%q 不是大于或等于 0 的数字"},
	CSVNoName:      {"a new camera needs a name", "新摄像机需要名称"},
	CSVNoAddress:   {"a new camera needs an address", "新摄像机需要地址"},
	CSVHostAlone:   {"a file needs the whole address, rtsp://ADDRESS:554/PATH: the page to add a camera finds the path", "文件中需要完整地址 rtsp://地址:554/路径：“添加摄像机”页面可以查找路径"},
	CSVSame:        {"row %d is of this camera already", "第 %d 行已是这台摄像机"},
	ManyProhibited: {"a prohibited place is said of one camera at a time, on its own page: it ends the connection", "禁止拍摄的场所须在摄像机自己的页面逐台填写：填写后将断开连接"},

	ManyOwn: {"name, address, login and trust are each camera's own: change them on its page", "名称、地址、登录信息和信任设置须逐台修改：请在摄像机自己的页面操作"},

	CSVStateNew:       {"new", "新增"},
	CSVStateChanged:   {"changed", "修改"},
	CSVStateUnchanged: {"unchanged", "未变"},
	CSVStateRefused:   {"refused", "拒绝"},
	CSVLine:           {"row %d: %s, %s %s", "第 %d 行：%s，%s %s"},
	CSVWhy:            {"row %d: refused, %s: %s", "第 %d 行：拒绝，%s：%s"},
	CSVDry:            {"nothing is changed yet: %d new, %d changed, %d unchanged, %d refused. To do it: the same command with --apply", "尚未做任何更改：新增 %d，修改 %d，未变 %d，拒绝 %d。执行时请在同一命令后加 --apply"},
	CSVDone:           {"done: %d new, %d changed, %d unchanged, %d refused", "已完成：新增 %d，修改 %d，未变 %d，拒绝 %d"},
	CSVWritten:        {"%d cameras written to %s, without passwords", "已将 %d 台摄像机写入 %s，不含密码"},
}
