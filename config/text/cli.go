package text

// What the command line says. Hints tell the next step after a failure; each
// ends in a reason's code, for Hint.
const (
	// Column heads and labels.
	HeadCamera     Key = "cli.head.camera"
	HeadName       Key = "cli.head.name"
	HeadState      Key = "cli.head.state"
	HeadProtection Key = "cli.head.protection"
	HeadReason     Key = "cli.head.reason"
	HeadSource     Key = "cli.head.source"
	HeadStream     Key = "cli.head.stream"
	HeadCodec      Key = "cli.head.codec"
	HeadSize       Key = "cli.head.size"
	HeadRate       Key = "cli.head.rate"
	HeadViewers    Key = "cli.head.viewers"
	HeadLatency    Key = "cli.head.latency"
	HeadSince      Key = "cli.head.since"
	HeadModel      Key = "cli.head.model"
	HeadCheck      Key = "cli.head.check"

	// bauta camera.
	CameraAdded       Key = "cli.camera.added"
	CameraReplaced    Key = "cli.camera.replaced"
	CameraRemoved     Key = "cli.camera.removed"
	CameraExists      Key = "cli.camera.exists"
	CameraNotFound    Key = "cli.camera.not_found"
	CameraNone        Key = "cli.camera.none"
	CameraLimit       Key = "cli.camera.limit"
	CameraAddress     Key = "cli.camera.address"
	CameraPassword    Key = "cli.camera.password"
	CameraURLPassword Key = "cli.camera.url_password"

	// Why a camera cannot be changed as was said.
	CameraSecretAgain   Key = "camera.secret_again"
	CameraPasswordAgain Key = "camera.password_again"

	// bauta camera test.
	DiscoverTrying Key = "cli.discover.trying"
	DiscoverNone   Key = "cli.discover.none"
	DiscoverNext   Key = "cli.discover.next"
	DiscoverAdd    Key = "cli.discover.add"
	HeadHost       Key = "cli.head.host"
	HeadService    Key = "cli.head.service"

	TestTrying  Key = "cli.test.trying"
	TestFound   Key = "cli.test.found"
	TestOther   Key = "cli.test.other"
	TestPassed  Key = "cli.test.passed"
	TestDropped Key = "cli.test.dropped"
	TestFailed  Key = "cli.test.failed"
	TestBusy    Key = "cli.test.busy"
	TestPinned  Key = "cli.test.pinned"
	TestMoved   Key = "cli.test.moved"
	TrustSaved  Key = "cli.trust.saved"

	// bauta status.
	StatusDown            Key = "cli.status.down"
	StatusRunning         Key = "cli.status.running"
	StatusCameras         Key = "cli.status.cameras"
	StatusBroker          Key = "cli.status.broker"
	StatusBrokerRefuses   Key = "cli.status.broker_refuses"
	StatusBrokerLost      Key = "cli.status.broker_lost"
	StatusViewer          Key = "cli.status.viewer"
	StatusAnonymous       Key = "cli.status.anonymous"
	StatusSocketForbidden Key = "cli.status.socket_forbidden"

	// bauta doctor.
	DoctorOK            Key = "cli.doctor.ok"
	DoctorWarning       Key = "cli.doctor.warning"
	DoctorMissing       Key = "cli.doctor.missing"
	BundleWritten       Key = "cli.doctor.bundle"
	DoctorAllGood       Key = "cli.doctor.all_good"
	DoctorProblems      Key = "cli.doctor.problems"
	DoctorNoWorker      Key = "cli.doctor.no_worker"
	DoctorOtherBuild    Key = "cli.doctor.other_build"
	DoctorPortTaken     Key = "cli.doctor.port_taken"
	DoctorNoSandbox     Key = "cli.doctor.no_sandbox"
	DoctorDataFolder    Key = "cli.doctor.data_folder"
	DoctorConfigDefault Key = "cli.doctor.config_default"
	DoctorConfigFile    Key = "cli.doctor.config_file"

	// bauta models.
	ModelBuiltIn Key = "cli.model.built_in"
	ModelSource  Key = "cli.model.source"
	ModelTable   Key = "cli.model.table"
	ModelIgnored Key = "cli.model.ignored"

	// bauta redact.
	RedactProgress Key = "cli.redact.progress"
	RedactDone     Key = "cli.redact.done"
	RedactSameFile Key = "cli.redact.same_file"
	RedactExists   Key = "cli.redact.exists"
	FileNoRoom     Key = "file.no_room"
	FileNoFolder   Key = "file.no_folder"
	FileForbidden  Key = "file.forbidden"
	FileUnwritten  Key = "file.unwritten"

	RedactUnreadable  Key = "cli.redact.unreadable"
	RedactUnsupported Key = "cli.redact.unsupported"
	RedactFailed      Key = "cli.redact.failed"

	// bauta run.
	RunReady    Key = "cli.run.ready"
	RunDemo     Key = "cli.run.demo"
	RunStream   Key = "cli.run.stream"
	RunMQTT     Key = "cli.run.mqtt"
	RunStopHint Key = "cli.run.stop_hint"
	RunStopping Key = "cli.run.stopping"
)

// Hint returns what to do about a camera that fails with this reason's code,
// and false where there is nothing to advise.
func Hint(code string) (Key, bool) {
	key := Key("cli.hint." + code)
	return key, Has(key)
}

// The hints, by the codes of the camera source.
const (
	HintUnreachable  Key = "cli.hint.unreachable"
	HintUnauthorized Key = "cli.hint.unauthorized"
	HintNotFound     Key = "cli.hint.not_found"
	HintNoVideo      Key = "cli.hint.no_video"
	HintUnknownCodec Key = "cli.hint.unknown_codec"
	HintDisagreeing  Key = "cli.hint.disagreeing"
	HintTLS          Key = "cli.hint.tls"
	HintTimeout      Key = "cli.hint.timeout"
	HintClosed       Key = "cli.hint.closed"
	HintProtocol     Key = "cli.hint.protocol"
	HintNotRTSP      Key = "cli.hint.not_rtsp"
	HintNoUsualPath  Key = "cli.hint.no_usual_path"
	HintMoved        Key = "cli.hint.moved"
	HintBasicOnly    Key = "cli.hint.basic_only"
	HintUnreadable   Key = "cli.hint.unreadable"
	HintNoKeyframe   Key = "cli.hint.no_keyframe"
	HintNoUDP        Key = "cli.hint.no_udp"
	HintSilent       Key = "cli.hint.silent"
	HintOverload     Key = "cli.hint.overload"
	HintWait         Key = "cli.hint.waiting"
	HintStarting     Key = "cli.hint.starting"
	HintRestarting   Key = "cli.hint.worker_restarting"
	HintStopped      Key = "cli.hint.stopped"
	HintStoreDamaged Key = "cli.hint.store_damaged"
)

var cli = table{
	HeadCamera:     {"camera", "摄像机"},
	HeadName:       {"name", "名称"},
	HeadState:      {"state", "状态"},
	HeadProtection: {"protection", "保护状态"},
	HeadReason:     {"reason", "原因"},
	HeadSource:     {"source", "来源"},
	HeadStream:     {"stream", "视频流"},
	HeadCodec:      {"codec", "编码"},
	HeadSize:       {"size", "尺寸"},
	HeadRate:       {"frames/s", "帧率"},
	HeadViewers:    {"viewers", "观看数"},
	HeadLatency:    {"latency", "延迟"},
	HeadSince:      {"since", "起始时间"},
	HeadModel:      {"model", "模型"},
	HeadCheck:      {"check", "检查项"},

	CameraAdded:    {"camera %s added, watch it at %s", "已添加摄像机 %s，观看地址：%s"},
	CameraReplaced: {"camera %s changed, watch it at %s", "已修改摄像机 %s，观看地址：%s"},
	CameraRemoved:  {"camera %s removed", "已移除摄像机 %s"},
	CameraExists:   {"camera %s exists already: choose another name, or change it with --replace", "摄像机 %s 已存在：请换一个名称，或用 --replace 修改它"},
	CameraNotFound: {"there is no camera %s: bauta camera list shows the known ones", "没有摄像机 %s：可用 bauta camera list 查看已有的摄像机"},
	CameraNone:     {"no cameras yet: add one with bauta camera add NAME rtsp://ADDRESS/PATH", "还没有摄像机：请用 bauta camera add 名称 rtsp://地址/路径 添加"},
	CameraLimit:    {"the limit of %d cameras is reached: remove one, or raise limits.cameras in the settings", "已达到 %d 台摄像机的上限：请先移除一台，或在配置中调大 limits.cameras"},
	CameraAddress:  {"%q is no camera address: write its IP address such as 192.168.1.20, or the whole address, rtsp://ADDRESS:554/PATH or rtsps://ADDRESS:322/PATH, through a tunnel rtsp+http://ADDRESS/PATH", "%q 不是摄像机地址：请填写其 IP 地址（例如 192.168.1.20），或完整地址 rtsp://地址:554/路径、rtsps://地址:322/路径，使用隧道时写成 rtsp+http://地址/路径"},

	CameraSecretAgain:   {"a secret in the address is shown as ***: write it anew where the address changes", "地址中的密码显示为 ***：修改地址时请重新填写"},
	CameraPasswordAgain: {"this is another device's address: type the camera's password again, so that the stored one goes to no stranger", "这是另一台设备的地址：请重新输入摄像机的密码，以免将已保存的密码发送给陌生设备"},
	CameraPassword:      {"password of %s at the camera: ", "摄像机上用户 %s 的密码："},
	CameraURLPassword:   {"the password in the address is now stored encrypted, but the shell's history may still hold it", "地址中的密码已加密保存，但命令行历史记录里可能仍有它"},

	DiscoverTrying: {"searching for cameras ...", "正在查找摄像机……"},
	DiscoverNone:   {"no camera answered: check its power and cable and that ONVIF is switched on in its settings; where it is on another network, name that: bauta camera discover --range 192.168.2.0/24", "没有摄像机应答：请检查电源和网线，并确认摄像机设置中已启用 ONVIF；如果摄像机在其他网络，请指定该网络：bauta camera discover --range 192.168.2.0/24"},
	DiscoverNext:   {"its streams: bauta camera discover %s --user NAME", "查看视频流：bauta camera discover %s --user 用户名"},
	DiscoverAdd:    {"then: bauta camera add NAME ADDRESS --user NAME", "然后：bauta camera add 名称 地址 --user 用户名"},
	HeadHost:       {"host", "主机"},
	HeadService:    {"ONVIF service", "ONVIF 服务"},

	TestTrying:  {"trying %s ...", "正在尝试 %s ……"},
	TestPassed:  {"the camera works: %s, %dx%d, %.1f frames a second, over %s; masked %dx%d", "摄像机正常：%s，%dx%d，每秒 %.1f 帧，传输方式 %s；遮挡后 %dx%d"},
	TestDropped: {"left out on purpose: %s", "按设计舍弃：%s"},
	TestFailed:  {"no picture from the camera: %s", "未能从摄像机取得画面：%s"},
	TestFound:   {"found at %s %s %s", "已找到：%s %s %s"},
	TestOther:   {"another stream of it: %s %s %s", "其他视频流：%s %s %s"},
	TestBusy:    {"another camera is being tried: try again in a moment", "正在测试另一台摄像机：请稍后重试"},
	TestPinned:  {"its certificate is pinned on first use, SHA-256 %s: compare it with the camera's own page", "首次连接时固定其证书，SHA-256 为 %s：请与摄像机网页上的核对"},
	TestMoved:   {"it names the address %s", "它所指的地址：%s"},
	TrustSaved:  {"camera %s is connected to anew with what was said of its login and certificate", "已按所设的登录方式和证书重新连接摄像机 %s"},

	StatusDown:            {"bauta does not run (no answer at %s): start it with bauta run, or systemctl start bauta", "bauta 没有运行（%s 无应答）：请用 bauta run 或 systemctl start bauta 启动"},
	StatusRunning:         {"bauta %s on gateway %s, running for %s", "bauta %s，网关 %s，已运行 %s"},
	StatusCameras:         {"cameras: %d, protected: %d", "共 %d 台摄像机，其中 %d 台已保护"},
	StatusBroker:          {"MQTT broker: connected to %s", "MQTT 服务器：已连接 %s"},
	StatusBrokerRefuses:   {"MQTT broker: %s", "MQTT 服务器：%s"},
	StatusBrokerLost:      {"MQTT broker: no connection to %s: %s", "MQTT 服务器：未能连接 %s：%s"},
	StatusViewer:          {"viewer login: user %s, password %s", "观看登录：用户 %s，密码 %s"},
	StatusAnonymous:       {"warning: anyone on the network may watch without a login (rtsp.anonymous is on)", "警告：网络上任何人无需登录即可观看（rtsp.anonymous 已开启）"},
	StatusSocketForbidden: {"no permission to talk to bauta at %s: run the command as the user that bauta runs as, or with sudo", "没有权限访问 %s：请以运行 bauta 的用户身份或用 sudo 执行"},

	DoctorOK:            {"ok", "正常"},
	DoctorWarning:       {"warning", "警告"},
	DoctorMissing:       {"missing", "缺失"},
	BundleWritten:       {"%s written: look at index.txt in it, then send it to who helps you; it holds no password, picture, name or address", "已写入 %s：请先查看其中的 index.txt，再发送给协助人员；其中不含密码、画面、姓名和地址"},
	DoctorAllGood:       {"all that bauta needs is here", "bauta 所需的一切均已就绪"},
	DoctorProblems:      {"problems found: %d", "发现 %d 个问题"},
	DoctorNoWorker:      {"bauta-worker not found: put it beside bauta, or name it in worker.binary", "找不到 bauta-worker：请放在 bauta 旁边，或在 worker.binary 中指明"},
	DoctorOtherBuild:    {"bauta-worker is of build %s, bauta of %s: install both from the same package", "bauta-worker 的构建号是 %s，bauta 的是 %s：请安装同一软件包中的两个程序"},
	DoctorPortTaken:     {"%s is taken by another program: stop it, or change %s in the settings", "%s 已被其他程序占用：请停止该程序，或修改配置项 %s"},
	DoctorNoSandbox:     {"this kernel lacks %s, so the worker cannot be locked down: use a kernel that has it", "本机内核缺少 %s，无法隔离处理进程：请换用支持它的内核"},
	DoctorDataFolder:    {"the data folder %s cannot be written: %s", "数据目录 %s 无法写入：%s"},
	DoctorConfigDefault: {"no settings file, the defaults are in force", "没有配置文件，使用默认值"},
	DoctorConfigFile:    {"settings from %s", "配置来自 %s"},

	ModelBuiltIn: {"%s finds faces; it is part of bauta-worker (licence %s, %s)", "%s 用于发现人脸，内置于 bauta-worker（许可证 %s，%s）"},
	ModelSource:  {"made from %s, SHA-256 %s, of %s", "来自 %s，SHA-256 %s，出处 %s"},
	ModelTable:   {"table in bauta-worker, SHA-256 %s", "bauta-worker 中的权重表，SHA-256 %s"},
	ModelIgnored: {"%s does nothing any more, since the face model is part of bauta-worker: remove it, version %s refuses it", "%s 已不起作用，因为人脸模型内置于 bauta-worker：请将其删除，版本 %s 起不再接受"},

	RedactProgress: {"%d frames, %.1f a second", "%d 帧，每秒 %.1f 帧"},
	RedactDone:     {"%s written: %d frames, %d faces seen, %d masked, in %s", "已写入 %s：%d 帧，发现人脸 %d 次，遮挡 %d 次，用时 %s"},
	RedactSameFile: {"the output is the input: give another output file, so that the original stays", "输出文件与输入文件相同：请换一个输出文件，以保留原件"},
	RedactExists:   {"%s exists already: remove it, or give another output file", "%s 已存在：请删除它，或换一个输出文件"},
	FileNoRoom:     {"no space left in %s: free some space there, or choose another folder", "%s 中没有剩余空间：请清理空间，或选择其他目录"},
	FileNoFolder:   {"there is no folder %s: make it first, or choose another", "目录 %s 不存在：请先创建，或选择其他目录"},
	FileForbidden:  {"you may not write in %s: choose another folder, or run this as the user that owns it", "没有在 %s 中写入的权限：请选择其他目录，或以其所有者的身份运行"},
	FileUnwritten:  {"%s was not written: %v: choose another file", "未能写入 %s：%v：请选择其他文件"},

	RedactUnreadable:  {"%s cannot be read: %s", "无法读取 %s：%s"},
	RedactUnsupported: {"%s is not supported: %s: convert it to MP4 with H.264 or H.265 first", "不支持 %s：%s：请先转换为 H.264 或 H.265 编码的 MP4"},
	RedactFailed:      {"%s was not written: %s", "未能写入 %s：%s"},

	RunReady:    {"bauta %s is ready", "bauta %s 已就绪"},
	RunDemo:     {"demonstration with a built-in camera: nothing of it is kept", "演示模式：使用内置摄像机，不保留任何内容"},
	RunStream:   {"watch: %s", "观看：%s"},
	RunMQTT:     {"MQTT: %s", "MQTT 地址：%s"},
	RunStopHint: {"stop with Ctrl+C", "按 Ctrl+C 停止"},
	RunStopping: {"stopping", "正在停止"},

	HintUnreachable:  {"check the camera's power and cable, and that this box can reach its address", "请检查摄像机的电源和网线，并确认本机能访问其地址"},
	HintUnauthorized: {"check user and password; some cameras lock the account for a while after wrong ones", "请检查用户名和密码；有些摄像机在多次输错后会暂时锁定账号"},
	HintNotFound:     {"check the path after the address: the camera's manual or its ONVIF page names it", "请检查地址后的路径：可查看摄像机说明书或其 ONVIF 页面"},
	HintNoVideo:      {"the path gives audio or metadata only: use the path of a video stream", "该路径只有音频或元数据：请改用视频流的路径"},
	HintDisagreeing:  {"set the camera to H.264, or to pictures of at most 2040 pixels a side", "请将摄像机设置为 H.264，或将画面边长设为不超过 2040 像素"},
	HintUnknownCodec: {"set the camera to H.264, H.265 or Motion JPEG", "请将摄像机设置为 H.264、H.265 或 Motion JPEG 编码"},
	HintTLS:          {"compare the SHA-256 with the camera's own page and pin it with --fingerprint; bauta camera set ID --forget-fingerprint pins the next certificate that the camera shows", "请将 SHA-256 与摄像机网页上的核对，再用 --fingerprint 固定；bauta camera set --forget-fingerprint 会固定摄像机下次出示的证书"},
	HintTimeout:      {"restart the camera, and look on its own page whether it gives a picture", "请重启摄像机，并在其网页上查看是否有画面"},
	HintClosed:       {"end other connections to the camera, many take few at a time, or restart it", "请断开摄像机的其他连接（许多摄像机同时只接受少量连接），或重启摄像机"},
	HintProtocol:     {"try another stream of the camera, and update its firmware", "请尝试摄像机的其他视频流，并更新其固件"},
	HintNoUsualPath:  {"look the stream's path up in the camera's manual and give the whole address, rtsp://ADDRESS:554/PATH", "请在摄像机说明书中查找视频流路径，并填写完整地址 rtsp://地址:554/路径"},
	HintNotRTSP:      {"make sure that the port is the camera's RTSP port, mostly 554", "请确认端口是摄像机的 RTSP 端口，通常为 554"},
	HintMoved:        {"if the address that it names is the camera's, use that one: bauta camera set ID --url", "如果它所指的地址属于该摄像机，请改用该地址：bauta camera set --url"},
	HintBasicOnly:    {"it was read more safely before: switch digest on at the camera, make sure that it is the same one, or allow it with bauta camera set ID --basic-login", "之前曾以更安全的方式登录：请在摄像机上启用摘要认证，确认仍是同一台设备，或运行 bauta camera set --basic-login 允许"},
	HintUnreadable:   {"set the camera to H.264 without its maker's extensions, and update its firmware", "请将摄像机设置为 H.264 编码，关闭厂商的扩展编码，并更新其固件"},
	HintNoKeyframe:   {"shorten the keyframe interval on the camera to 4 seconds or less", "请将摄像机的关键帧间隔设为不超过 4 秒"},
	HintNoUDP:        {"use --transport tcp, or let UDP through the firewall", "请使用 --transport tcp，或在防火墙中放行 UDP"},
	HintSilent:       {"look on the camera's own page whether it gives a picture", "请在摄像机网页上查看是否有画面"},
	HintOverload:     {"lower the resolution or the frame rate of the cameras", "请降低摄像机的分辨率或帧率"},
	HintWait:         {"wait a moment", "请稍候"},
	HintStarting:     {"wait a moment", "请稍候"},
	HintRestarting:   {"wait a moment; where it comes again, see the log", "请稍候；如果反复出现，请查看日志"},
	HintStopped:      {"start bauta", "请启动 bauta"},
	HintStoreDamaged: {"restore the newest backup", "请恢复最新备份"},
}

// The help of the command line, and what is said of a command line that is wrong.
const (
	HelpUsage     Key = "help.usage"
	HelpAbout     Key = "help.about"
	HelpCommands  Key = "help.commands"
	HelpArguments Key = "help.arguments"
	HelpFlags     Key = "help.flags"
	HelpShared    Key = "help.shared"
	HelpExample   Key = "help.example"
	HelpMore      Key = "help.more"
	HelpCodes     Key = "help.codes"
	HelpFirst     Key = "help.group.first"
	HelpCameras   Key = "help.group.cameras"
	HelpLaw       Key = "help.group.law"
	HelpConsent   Key = "help.group.consent"
	HelpUpkeep    Key = "help.group.upkeep"

	UsageTry      Key = "usage.try"
	UsageOf       Key = "usage.of"
	UsageCommand  Key = "usage.command"
	UsageArgument Key = "usage.argument"
	UsageFlag     Key = "usage.flag"
	UsageMeant    Key = "usage.meant"
	UsageMissing  Key = "usage.missing"
	UsageChoice   Key = "usage.choice"
	UsageOr       Key = "usage.or"
	UsageNumber   Key = "usage.number"
	UsageSpan     Key = "usage.span"
	UsageTogether Key = "usage.together"
	UsageNoFile   Key = "usage.no_file"
	UsageFolder   Key = "usage.folder"
	UsageValue    Key = "usage.value"
	UsageMoment   Key = "usage.moment"
	UsageDays     Key = "usage.days"
)

var usage = table{
	HelpUsage:     {"Usage: %s", "用法：%s"},
	HelpAbout:     {"Bauta stands between RTSP cameras and whatever watches them: faces leave it masked", "Bauta 位于 RTSP 摄像机与观看端之间：人脸离开时已被遮挡"},
	HelpCommands:  {"Commands:", "命令："},
	HelpArguments: {"Arguments:", "参数："},
	HelpFlags:     {"Flags:", "选项："},
	HelpShared:    {"Flags of all commands:", "各命令通用的选项："},
	HelpExample:   {"Example:", "示例："},
	HelpMore:      {"\"bauta help\" lists all commands, \"bauta help COMMAND\" says more of one", "\"bauta help\" 列出所有命令，\"bauta help COMMAND\" 详细说明一个命令"},
	HelpCodes:     {"Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the gateway is not running, 4 refused or not found", "退出码：0 完成，1 失败，2 用法错误，3 网关没有运行，4 被拒绝或不存在"},
	HelpFirst:     {"First steps:", "开始使用："},
	HelpCameras:   {"Cameras and pictures:", "摄像机与画面："},
	HelpLaw:       {"Law and records:", "法规与登记："},
	HelpConsent:   {"Consent:", "同意："},
	HelpUpkeep:    {"Upkeep:", "维护："},

	UsageOf:       {"%s: %s", "选项或参数 %s：%s"},
	UsageTry:      {"try '%s'", "请运行 '%s'"},
	UsageCommand:  {"there is no command %s", "没有命令 %s"},
	UsageArgument: {"%s is one argument too many", "多余的参数 %s"},
	UsageFlag:     {"there is no flag %s", "没有选项 %s"},
	UsageMeant:    {"%s, did you mean %s?", "%s，是否想输入 %s？"},
	UsageMissing:  {"missing: %s", "缺少：%s"},
	UsageChoice:   {"%s takes %s, not \"%s\"", "%s 可取 %s，不能是 \"%s\""},
	UsageOr:       {"%s or %s", "%s 或 %s"},
	UsageNumber:   {"%s takes a number, not \"%s\"", "%s 须为数字，不能是 \"%s\""},
	UsageSpan:     {"%s takes a time such as 30s, 5m or 2h, not \"%s\"", "%s 须为时长，例如 30s、5m 或 2h，不能是 \"%s\""},
	UsageTogether: {"%s and %s exclude each other: give one of them", "%s 与 %s 不能同时使用：请只用其中一个"},
	UsageNoFile:   {"%s: there is no file or folder %s", "%s：没有文件或目录 %s"},
	UsageFolder:   {"%s: %s is a folder, and a file is meant", "%s：%s 是目录，此处须为文件"},
	UsageMoment:   {"\"%s\" is no time: write 2026-05-01 or \"2026-05-01T08:00\"", "\"%s\" 不是时间：请写作 2026-05-01 或 \"2026-05-01T08:00\""},
	UsageDays:     {"%s takes a time such as \"30d\", \"30 days\" or \"720h\", not \"%s\"", "%s 须为时长，例如 30d、\"30 days\" 或 720h，不能是 \"%s\""},
	UsageValue:    {"%s needs a value behind it", "%s 之后须有值"},
}

// The manual pages' own words; what they describe brings its own.
const (
	ManualName        Key = "manual.name"
	ManualDescription Key = "manual.description"
	ManualSettings    Key = "manual.settings"
	ManualFiles       Key = "manual.files"
	ManualSeeAlso     Key = "manual.see_also"

	ManualConfigTitle  Key = "manual.config.title"
	ManualConfigAbout  Key = "manual.config.about"
	ManualConfigStrict Key = "manual.config.strict"
	ManualConfigStart  Key = "manual.config.start"
	ManualConfigFile   Key = "manual.config.file"
	ManualDefault      Key = "manual.default"
)

var manual = table{
	ManualName:        {"NAME", "名称"},
	ManualDescription: {"DESCRIPTION", "描述"},
	ManualSettings:    {"SETTINGS", "配置项"},
	ManualFiles:       {"FILES", "文件"},
	ManualSeeAlso:     {"SEE ALSO", "另见"},

	ManualConfigTitle:  {"settings of the Bauta privacy gateway", "Bauta 隐私网关的配置"},
	ManualConfigAbout:  {"The file is YAML and holds what an installer sets once. Every key may be left out. Paths are relative to the file's folder", "本文件为 YAML 格式，保存安装时设置一次的内容。每个键都可以省略。相对路径以本文件所在目录为准"},
	ManualConfigStrict: {"An unknown key, a value of the wrong kind or out of range and a password are errors that name the line and what to write instead", "未知的键、类型错误或超出范围的值以及密码都会报错，并指出所在行和应写的内容"},
	ManualConfigStart:  {"A change takes effect at the next start. Cameras are not in this file: bauta camera adds and changes them while the gateway runs", "更改在下次启动时生效。摄像机不在本文件中：网关运行时用 bauta camera 添加和更改"},
	ManualConfigFile:   {"The settings of the service", "服务的配置文件"},
	ManualDefault:      {"Default: %s", "默认值：%s"},
}
