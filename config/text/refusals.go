package text

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// What the last export of evidence says of itself, and a configuration that nobody can compare.
const (
	EvidenceFailed Key = "evidence.failed"
	ChangedOf      Key = "changed.of"
	ChangedUnknown Key = "changed.unknown"
)

// Requests that cannot be read, and refusals of which nothing more is to be said to people than
// their code: the log has the rest.
const (
	RefusedInvalid   Key = "refused.invalid"
	RefusedNotFound  Key = "refused.not_found"
	RefusedExists    Key = "refused.exists"
	RefusedTooLarge  Key = "refused.too_large"
	RefusedForbidden Key = "refused.forbidden"
	RefusedLogin     Key = "refused.login"
	RefusedCSRF      Key = "refused.csrf"
	RefusedNoFrame   Key = "refused.no_picture"
	RefusedPlace     Key = "refused.prohibited"
	RefusedProbe     Key = "refused.probe_failed"
	RefusedSecond    Key = "refused.second_factor"
	RefusedOtherName Key = "refused.other_name"
	RefusedInternal  Key = "refused.internal"
	RefusedTooMany   Key = "refused.too_many"
	RefusedBusy      Key = "refused.busy"
	RefusedStore     Key = "refused.store_damaged"
	CauseInLog       Key = "refused.cause"

	RequestField  Key = "request.field"
	RequestType   Key = "request.type"
	RequestSyntax Key = "request.syntax"
	RequestCut    Key = "request.cut"
	RequestEmpty  Key = "request.empty"
	RequestValue  Key = "request.value"

	SealedDiskFull    Key = "sealed.disk_full"
	SealedDiskAway    Key = "sealed.disk_away"
	SealedDiskRead    Key = "sealed.disk_read"
	SealedKeysDamaged Key = "sealed.keys_damaged"
	OpeningDamaged    Key = "opening.damaged"

	CameraIDForm    Key = "camera.id_form"
	CameraNameForm  Key = "camera.name_form"
	CameraGroupForm Key = "camera.group_form"
	StreamCameras   Key = "stream.cameras_missing"
)

// Why a camera that was tried gave no masked frame and what to do, by the reason's code and,
// where one reason has several causes, by the kind. Those with %s take the one fact that the
// camera or the gateway found: a fingerprint, a size, a status.
const (
	ProbeUnreachable   Key = "probe.unreachable"
	ProbeUnknownHost   Key = "probe.unreachable.unknown_host"
	ProbeClosedPort    Key = "probe.unreachable.closed_port"
	ProbeNoWay         Key = "probe.unreachable.no_way"
	ProbeSilentHost    Key = "probe.unreachable.silent"
	ProbeUnauthorized  Key = "probe.unauthorized"
	ProbeNoLogin       Key = "probe.unauthorized.no_login"
	ProbeForbidden     Key = "probe.unauthorized.forbidden"
	ProbeNotFound      Key = "probe.not_found"
	ProbeNoVideo       Key = "probe.no_video"
	ProbeUnknownCodec  Key = "probe.unknown_codec"
	ProbeOtherCodec    Key = "probe.unknown_codec.named"
	ProbeDisagreeing   Key = "probe.disagreeing"
	ProbeTLS           Key = "probe.tls"
	ProbeOtherPin      Key = "probe.tls.other"
	ProbeUntrusted     Key = "probe.tls.untrusted"
	ProbeNoTLS         Key = "probe.tls.none"
	ProbeTimeout       Key = "probe.timeout"
	ProbeClosed        Key = "probe.closed"
	ProbeProtocol      Key = "probe.protocol"
	ProbeStatus        Key = "probe.protocol.status"
	ProbeTransport     Key = "probe.protocol.transport"
	ProbeNotRTSP       Key = "probe.not_rtsp"
	ProbeMoved         Key = "probe.moved"
	ProbeBasicOnly     Key = "probe.basic_only"
	ProbeUnreadable    Key = "probe.unreadable"
	ProbeNoKeyframe    Key = "probe.no_keyframe"
	ProbeNoUDP         Key = "probe.no_udp"
	ProbeSize          Key = "probe.unsupported_size"
	ProbeSizeNamed     Key = "probe.unsupported_size.named"
	ProbeUndecodable   Key = "probe.undecodable"
	ProbeOverload      Key = "probe.overload"
	ProbeWorkerSlow    Key = "probe.worker_slow"
	ProbeWorkerFailed  Key = "probe.worker_failed"
	ProbeWorkerMissing Key = "probe.worker_missing"
	ProbeRestarting    Key = "probe.worker_restarting"
	ProbeModelDamaged  Key = "probe.model_missing"
	ProbeLockdown      Key = "probe.lockdown"
	ProbeNoUsualPath   Key = "probe.no_usual_path"
	ProbeOther         Key = "probe.other"
)

// Probe is one sentence on a camera that gave no masked frame: its cause, and what to do.
func Probe(lang Lang, reason, kind, fact string) string {
	key := Key("probe." + reason)
	if named := key + Key("."+kind); Has(named) && (fact != "" || !takesFact(named)) {
		key = named
	}
	switch {
	case !Has(key):
		return Of(lang, ProbeOther)
	case takesFact(key):
		return Of(lang, key, fact)
	}
	return Of(lang, key)
}

func takesFact(key Key) bool { return strings.Contains(catalogue[key].en, "%s") }

// Field is the name of a field as an argument of a text: in Chinese the label that forms have for
// it, and the name itself, which flags and JSON have, in English and where no form has it.
type Field string

// In tells the field in lang.
func (f Field) In(lang Lang) string {
	if lang == ZhCN {
		for _, form := range []string{"console.record.field.", "console.site.", "console.facts.", "console.violation."} {
			if key := Key(form + string(f)); Has(key) {
				return Of(lang, key)
			}
		}
	}
	return string(f)
}

// Refused is what a refusal with this code says where nothing more is to be said to people.
func Refused(code string) Key {
	if key := Key("refused." + code); Has(key) {
		return key
	}
	return RefusedInternal
}

// Unreadable says what is wrong with JSON that could not be decoded.
func Unreadable(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	if _, field, unknown := strings.Cut(err.Error(), "json: unknown field "); unknown {
		return Fail(err, RequestField, field)
	}
	switch {
	case errors.As(err, &syntax):
		return Fail(err, RequestSyntax, syntax.Offset)
	case errors.As(err, &kind):
		return Fail(err, RequestType, kind.Field)
	case errors.Is(err, io.EOF):
		return Fail(err, RequestEmpty)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return Fail(err, RequestCut)
	}
	return Fail(err, RequestValue)
}

// ForPeople tells err in lang to people, by its Problems alone: what no text exists for, such as
// another program's own words, is for the log. It is empty where err holds no Problem.
func ForPeople(lang Lang, err error) string {
	for at := err; at != nil; at = errors.Unwrap(at) {
		if p, ok := at.(*Problem); ok {
			return p.forPeople(lang)
		}
		if many, ok := at.(interface{ Unwrap() []error }); ok {
			var lines []string
			for _, part := range many.Unwrap() {
				if line := ForPeople(lang, part); line != "" {
					lines = append(lines, line)
				}
			}
			return strings.Join(lines, "\n")
		}
	}
	return ""
}

// forPeople is In without the words of errors that hold no Problem.
func (p *Problem) forPeople(lang Lang) string {
	args := make([]any, len(p.Args))
	for i, arg := range p.Args {
		args[i] = arg
		if err, ok := arg.(error); ok {
			args[i] = cmp.Or(ForPeople(lang, err), Of(lang, CauseInLog))
		}
	}
	return Of(lang, p.Key, args...)
}

// Hidden reports whether ForPeople leaves out a part of err, which is for the log.
func Hidden(err error) bool {
	return ForPeople(EN, err) != Explain(EN, err)
}

var refusals = table{
	EvidenceFailed: {"the last export failed, the log says why", "上次导出失败，原因见日志"},
	ChangedOf:      {"camera %s, %s", "摄像机 %s 的%s"},
	ChangedUnknown: {"something, by the rule of an earlier version", "按旧版本的规则判断有变化"},

	RefusedInvalid:   {"what was sent cannot be taken as it is: check it and send it again", "提交的内容无法接受：请检查后重新提交"},
	RefusedNotFound:  {"there is no such entry any more: reload the page", "该条目已不存在：请刷新页面"},
	RefusedExists:    {"there is such an entry already: choose another name", "已有同名条目：请换一个名称"},
	RefusedTooLarge:  {"the file is too large: choose a smaller one", "文件过大：请选择较小的文件"},
	RefusedForbidden: {"this is not allowed to you: ask a manager", "您没有权限：请联系管理员"},
	RefusedLogin:     {"nobody is logged in here any more: log in", "登录已失效：请登录"},
	RefusedCSRF:      {"the request does not come from a page of this login: reload the page", "请求不是来自本次登录的页面：请刷新页面"},
	RefusedNoFrame:   {"the camera gives no masked picture now: look at its page for the cause", "摄像机目前没有可用的遮挡画面：原因见其页面"},
	RefusedPlace:     {"no camera may be in such a place: take it down and remove it here", "此类场所禁止安装摄像机：请拆除并在此移除"},
	RefusedProbe:     {"the camera gave no usable answer: check its address and login", "摄像机没有给出可用的应答：请检查地址和登录信息"},
	RefusedSecond:    {"a code of the second factor is needed: type the one that your app shows", "需要两步验证的验证码：请输入应用显示的验证码"},
	RefusedOtherName: {"the certificate is for another name: choose one for the console's address", "证书用于其他名称：请选择与控制台地址相符的证书"},
	RefusedInternal:  {"something failed inside the gateway: see its log", "网关内部出错：请查看日志"},
	RefusedTooMany:   {"too many tries: wait a moment, then try again", "尝试次数过多：请稍后再试"},
	RefusedBusy:      {"the gateway is busy with the same already: try again in a moment", "网关正在处理同类请求：请稍后再试"},
	RefusedStore:     {"the gateway's store is damaged: restore the newest backup", "网关的数据库已损坏：请恢复最新备份"},
	CauseInLog:       {"the log has the cause", "原因见日志"},

	RequestField:  {"the request has a field that is not known here: %s", "请求中有未知字段：%s"},
	RequestType:   {"the request's field %q holds another kind of value than it takes", "请求字段 %q 的值类型不正确"},
	RequestSyntax: {"the request is no JSON from byte %d on", "请求自第 %d 字节起不是有效的 JSON"},
	RequestCut:    {"the request ends too early", "请求内容不完整"},
	RequestEmpty:  {"the request is empty", "请求没有内容"},
	RequestValue:  {"the request holds a value that cannot be read: see /api/openapi.yaml", "请求中有无法读取的值：请查看 /api/openapi.yaml"},

	SealedDiskFull:    {"the disk for sealed originals is full: give it more room, or seal fewer cameras", "加密录像的磁盘已满：请扩容，或减少加密保存的摄像机"},
	SealedDiskAway:    {"the disk for sealed originals is not there: mount it, or give the new one with 'bauta sealed disk'", "加密录像的磁盘不在：请挂载，或用 bauta sealed disk 指定新的磁盘"},
	SealedDiskRead:    {"sealed footage cannot be read: check the disk", "无法读取加密录像：请检查磁盘"},
	SealedKeysDamaged: {"the keys of sealed footage are damaged: give them again with 'bauta sealed keys'", "加密录像的密钥已损坏：请用 bauta sealed keys 重新提供"},
	OpeningDamaged:    {"request %s to open sealed footage is damaged: remove its folder", "打开加密录像的申请 %s 已损坏：请删除其目录"},

	CameraIDForm:    {"%q is no id of a camera: leave it out, one is made of the name; or use 1 to %d of a-z, 0-9 and single dashes between them", "%q 不是摄像机编号：可不填，系统会按名称生成；或用 1 到 %d 个小写字母 a-z、数字 0-9，中间可用单个连字符"},
	CameraNameForm:  {"the camera's name is empty, longer than %d bytes or holds line breaks: write it on one line", "摄像机名称为空、超过 %d 字节或含有换行：请写在一行内"},
	CameraGroupForm: {"the camera's group is longer than %d bytes or holds line breaks: write it on one line", "摄像机分组超过 %d 字节或含有换行：请写在一行内"},
	StreamCameras:   {"the request says no cameras: an empty list means all", "请求未注明摄像机：空列表表示全部"},

	ProbeUnreachable:   {"nothing answers at this address: check the address, and that the camera is switched on and in this network", "该地址没有响应：请检查地址，并确认摄像机已开机且接入本网络"},
	ProbeUnknownHost:   {"there is no device of this name in the network: check the spelling, or give the camera's IP address", "网络中没有这个名称的设备：请检查拼写，或填写摄像机的 IP 地址"},
	ProbeClosedPort:    {"a device is there, but nothing answers at this port: check the port, mostly 554, and that RTSP is switched on in the camera", "该地址有设备，但端口无人响应：请检查端口，通常为 554，并确认摄像机已启用 RTSP"},
	ProbeNoWay:         {"no way leads to this address from here: check the address, the cable and the network of the gateway", "从网关无法到达该地址：请检查地址、网线和网关的网络"},
	ProbeSilentHost:    {"nobody answers at this address: is it the camera's, is the camera switched on, and does a firewall let the gateway through?", "该地址无人应答：请确认地址正确、摄像机已开机，且防火墙允许网关访问"},
	ProbeUnauthorized:  {"the camera refuses the login: type its user and password again, and wait some minutes if it locked the account", "摄像机拒绝登录：请重新输入用户名和密码；若账号已被摄像机锁定，请等待几分钟"},
	ProbeNoLogin:       {"the camera asks for a login: type its user and password", "摄像机要求登录：请输入用户名和密码"},
	ProbeForbidden:     {"the camera's account may not see the video: give it that right on the camera's own page", "该账号无权查看视频：请在摄像机网页上授予权限"},
	ProbeNotFound:      {"the camera answers, but has no video at this path: type its IP address alone to have the path looked for", "摄像机有应答，但该路径没有视频：可只填写其 IP 地址，由系统查找路径"},
	ProbeNoVideo:       {"the camera sends no video at this path: choose the path of a video stream", "摄像机在该路径不发送视频：请改用视频流的路径"},
	ProbeUnknownCodec:  {"the camera's video cannot be decoded here: set it to H.264 or H.265 on the camera's own page", "无法解码该摄像机的视频：请在摄像机网页上将编码设为 H.264 或 H.265"},
	ProbeOtherCodec:    {"the camera's video is %s, which cannot be decoded here: set it to H.264 or H.265 on the camera's own page", "摄像机的视频编码为 %s，无法解码：请在摄像机网页上设为 H.264 或 H.265"},
	ProbeDisagreeing:   {"what the camera says of its pictures contradicts itself: set it to H.264, or to a smaller size", "摄像机对画面的说明自相矛盾：请将编码设为 H.264，或选择较小的画面尺寸"},
	ProbeTLS:           {"the encrypted connection to the camera fails: check its certificate on its own page, or use rtsp:// instead", "与摄像机的加密连接失败：请在摄像机网页上检查证书，或改用 rtsp://"},
	ProbeOtherPin:      {"the camera shows another certificate than before, with the SHA-256 %s: trust it only if the certificate was renewed", "摄像机出示的证书与之前不同，其 SHA-256 为 %s：仅在证书确已更换时才信任"},
	ProbeUntrusted:     {"nobody vouches for the camera's certificate, its SHA-256 is %s: compare it with the camera's own page, then trust it", "摄像机的证书无人担保，其 SHA-256 为 %s：请与摄像机网页核对后再信任"},
	ProbeNoTLS:         {"the camera speaks without encryption at this port: use rtsp://, or its port for RTSPS", "摄像机在该端口不加密：请使用 rtsp://，或改用其 RTSPS 端口"},
	ProbeTimeout:       {"the camera took the connection and then said nothing: is this its address, and does it send? restart it if so", "摄像机接受了连接但没有发送：请确认地址正确；若正确，请重启摄像机"},
	ProbeClosed:        {"the camera ended the connection: check the address and the port, and end other connections to the camera", "摄像机断开了连接：请检查地址和端口，并断开其他客户端"},
	ProbeProtocol:      {"the camera answers in a way that is not understood here: choose another of its streams, or update it", "无法理解摄像机的应答：请选择其他视频流，或更新其固件"},
	ProbeStatus:        {"the camera refuses with the code %s: choose another of its streams, or update it", "摄像机以代码 %s 拒绝：请选择其他视频流，或更新其固件"},
	ProbeTransport:     {"the camera does not send this way: set the transport to automatic", "摄像机不支持该传输方式：请将传输方式设为自动"},
	ProbeNotRTSP:       {"what answers at this port is no camera stream: check the port, mostly 554", "该端口应答的不是视频流：请检查端口，通常为 554"},
	ProbeMoved:         {"the camera names another address: use that one if it is yours", "摄像机指向另一个地址：如确属您的设备，请改用该地址"},
	ProbeBasicOnly:     {"the camera would take the password unprotected, and was known to do better: it is not sent until somebody allows it", "摄像机现在只接受未加保护的密码，此前并非如此：经允许后才会发送"},
	ProbeUnreadable:    {"what the camera sends cannot be read: set it to H.264 and switch its extensions off", "无法读取摄像机发送的数据：请将编码设为 H.264，并关闭扩展编码"},
	ProbeNoKeyframe:    {"the camera sends a whole picture too seldom: shorten its keyframe interval to 4 seconds", "摄像机发送完整画面的间隔过长：请将关键帧间隔缩短到 4 秒"},
	ProbeNoUDP:         {"nothing of the camera comes by UDP: set the transport to TCP, or let UDP through the firewall", "收不到摄像机的 UDP 数据：请将传输方式设为 TCP，或在防火墙放行 UDP"},
	ProbeSize:          {"pictures of this size cannot be masked: set the camera to a size between 96x96 and 7680x4320, such as Full HD", "无法遮挡该尺寸的画面：请将摄像机设为 96x96 至 7680x4320 之间的分辨率，例如全高清"},
	ProbeSizeNamed:     {"pictures of %s pixels cannot be masked: set the camera to a size between 96x96 and 7680x4320, such as Full HD", "无法遮挡 %s 像素的画面：请将摄像机设为 96x96 至 7680x4320 之间的分辨率，例如全高清"},
	ProbeUndecodable:   {"the camera's pictures cannot be decoded: set it to H.264 and switch its extensions off", "无法解码摄像机的画面：请将编码设为 H.264，并关闭扩展编码"},
	ProbeOverload:      {"this box is too slow for the camera's pictures: lower its resolution", "本设备处理不过来：请降低摄像机的分辨率"},
	ProbeWorkerSlow:    {"no masked picture came in time: lower the camera's resolution, or try again when the box is less busy", "未能及时得到遮挡后的画面：请降低摄像机的分辨率，或稍后再试"},
	ProbeWorkerFailed:  {"the program that masks failed with this camera: set it to H.264, or call your installer", "遮挡程序处理该摄像机时出错：请将编码设为 H.264，或联系安装人员"},
	ProbeWorkerMissing: {"the program that masks does not start: call your installer", "遮挡程序无法启动：请联系安装人员"},
	ProbeRestarting:    {"the program that masks starts anew: try again in a moment", "遮挡程序正在重新启动：请稍后再试"},
	ProbeModelDamaged:  {"the face model is damaged: have Bauta installed again", "人脸模型已损坏：请重新安装 Bauta"},
	ProbeLockdown:      {"the program that masks cannot be locked down on this box: call your installer", "本设备无法隔离遮挡程序：请联系安装人员"},
	ProbeNoUsualPath:   {"the camera answers, but its stream is at none of the usual paths: look the path up in its manual and type the whole address", "摄像机有应答，但常用路径上没有视频流：请在说明书中查找路径，并填写完整地址"},
	ProbeOther:         {"the camera gave no picture that could be masked: try again, the log has the cause", "摄像机没有给出可遮挡的画面：请重试，原因见日志"},
}
