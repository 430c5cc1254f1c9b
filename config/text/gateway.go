package text

// What the gateway's status, doctor and redact say beyond the words of cli.go.
const (
	// bauta status.
	StatusStreams       Key = "cli.status.streams"
	StatusONVIF         Key = "cli.status.onvif"
	StatusModel         Key = "cli.status.model"
	StatusHost          Key = "cli.status.box"
	StatusNewer         Key = "cli.status.newer"
	StatusCores         Key = "cli.status.cores"
	StatusMemory        Key = "cli.status.memory"
	StatusSince         Key = "cli.status.since"
	StatusNext          Key = "cli.status.next"
	StatusWatched       Key = "cli.status.watched"
	StatusLatency       Key = "cli.status.latency"
	StatusFaces         Key = "cli.status.faces"
	StatusRestarts      Key = "cli.status.restarts"
	StatusLost          Key = "cli.status.lost"
	StatusTemporary     Key = "cli.status.temporary"
	HeadFaces           Key = "cli.head.faces"
	HeadMask            Key = "cli.head.mask"
	HeadLevel           Key = "cli.head.step"
	HeadWorker          Key = "cli.head.worker"
	HeadLockdown        Key = "cli.head.lockdown"
	HeadLost            Key = "cli.head.lost"
	WorkerStarting      Key = "cli.worker.state.starting"
	WorkerMasking       Key = "cli.worker.state.masking"
	WorkerOnSlate       Key = "cli.worker.state.slate"
	WorkerStopped       Key = "cli.worker.state.stopped"
	MaskBlur            Key = "cli.mask.blur"
	MaskMosaic          Key = "cli.mask.mosaic"
	MaskSolid           Key = "cli.mask.solid"
	HeadPinned          Key = "cli.head.pinned"
	HeadLogin           Key = "cli.head.login"
	StatusBasic         Key = "cli.status.basic"
	HeadHidden          Key = "cli.head.hidden"
	StatusHidden        Key = "cli.status.hidden"
	HiddenSolid         Key = "cli.hidden.solid"
	HiddenFrame         Key = "cli.hidden.picture"
	HiddenPrivate       Key = "cli.hidden.private"
	HeadCover           Key = "cli.head.cover"
	CoverFaces          Key = "cli.cover.faces"
	CoverMoving         Key = "cli.cover.moving"
	CoverUnknown        Key = "cli.cover.unknown"
	CoverSaved          Key = "cli.cover.saved"
	HeadMounting        Key = "cli.head.mounting"
	MountingAuto        Key = "cli.mounting.auto"
	Mounting0           Key = "cli.mounting.0"
	Mounting90          Key = "cli.mounting.90"
	Mounting180         Key = "cli.mounting.180"
	Mounting270         Key = "cli.mounting.270"
	MountingUnknown     Key = "cli.mounting.unknown"
	MountingSaved       Key = "cli.mounting.saved"
	LevelNormal         Key = "cli.step.normal"
	LevelDetectLess     Key = "cli.step.detect_less"
	LevelLowerRate      Key = "cli.step.lower_rate"
	LevelBlurFrame      Key = "cli.step.blur_picture"
	HintSlow            Key = "cli.hint.worker_slow"
	HintWorkerMissing   Key = "cli.hint.worker_missing"
	HintWorkerFailed    Key = "cli.hint.worker_failed"
	HintModelDamaged    Key = "cli.hint.model_missing"
	HintLockdown        Key = "cli.hint.lockdown"
	HintUnsupportedSize Key = "cli.hint.unsupported_size"
	HintUndecodable     Key = "cli.hint.undecodable"

	// bauta doctor.
	CheckConfig        Key = "cli.check.config"
	CheckData          Key = "cli.check.data"
	CheckWorker        Key = "cli.check.worker"
	CheckLibraries     Key = "cli.check.libraries"
	CheckLockdown      Key = "cli.check.lockdown"
	CheckModel         Key = "cli.check.model"
	CheckPort          Key = "cli.check.port"
	CheckVersion       Key = "cli.check.version"
	CheckDisk          Key = "cli.check.disk"
	CheckLoad          Key = "cli.check.load"
	CheckCameras       Key = "cli.check.cameras"
	DoctorVersion      Key = "cli.doctor.version"
	DoctorDiskGood     Key = "cli.doctor.disk_good"
	DoctorDiskLow      Key = "cli.doctor.disk_low"
	DoctorDiskNone     Key = "cli.doctor.disk_none"
	DoctorAuditGrows   Key = "cli.doctor.audit_grows"
	DoctorLoadGood     Key = "cli.doctor.load_good"
	DoctorLoadHigh     Key = "cli.doctor.load_high"
	DoctorCamerasFit   Key = "cli.doctor.cameras_fit"
	DoctorCamerasFull  Key = "cli.doctor.cameras_full"
	CheckMemory        Key = "cli.check.memory"
	CheckClock         Key = "cli.check.clock"
	CheckTemperature   Key = "cli.check.temperature"
	DoctorDataOpen     Key = "cli.doctor.data_open"
	DoctorDataGood     Key = "cli.doctor.data_good"
	DoctorDataNew      Key = "cli.doctor.data_new"
	DoctorWorkerGood   Key = "cli.doctor.worker_good"
	DoctorWorkerFails  Key = "cli.doctor.worker_fails"
	DoctorUnknown      Key = "cli.doctor.unknown"
	DoctorNotLocked    Key = "cli.doctor.not_locked"
	DoctorLayersLess   Key = "cli.doctor.layers_less"
	DoctorModelGood    Key = "cli.doctor.model_good"
	DoctorPortFree     Key = "cli.doctor.port_free"
	DoctorPortOurs     Key = "cli.doctor.port_ours"
	DoctorPortExternal Key = "cli.doctor.port_external"
	DoctorBrokerInUse  Key = "cli.doctor.broker_in_use"
	DoctorPortNoAnswer Key = "cli.doctor.port_no_answer"
	DoctorPortBad      Key = "cli.doctor.port_bad"
	DoctorMemoryGood   Key = "cli.doctor.memory_good"
	DoctorMemoryLow    Key = "cli.doctor.memory_low"
	DoctorClockGood    Key = "cli.doctor.clock_good"
	DoctorClockBad     Key = "cli.doctor.clock_bad"
	DoctorNoSensor     Key = "cli.doctor.no_sensor"

	// bauta run and redact.
	RunAnonymous      Key = "cli.run.anonymous"
	RunLogin          Key = "cli.run.login"
	RedactLeft        Key = "cli.redact.left"
	RedactUndecodable Key = "cli.redact.undecodable"
	RedactInterrupted Key = "cli.redact.interrupted"
	ViewerNone        Key = "cli.viewer.none"
)

// MaskStyle returns the word for a style of masks; the name itself where there is none.
func MaskStyle(style string) Key { return word("cli.mask.", style) }

// MaskLevel returns the words for what a command over MQTT hides; the name itself where
// there are none.
func MaskLevel(level string) Key { return word("cli.hidden.", level) }

// CoverWord returns the word for what is masked; the name itself where there is none.
func CoverWord(cover string) Key { return word("cli.cover.", cover) }

// MountingWord returns the words for which way is up; the name itself where there are none.
func MountingWord(mounting string) Key { return word("cli.mounting.", mounting) }

// LoadStep returns the word for a level of degradation; the name itself
// where there is none.
func DegradationLevel(step string) Key { return word("cli.step.", step) }

// WorkerState returns the word for a worker's state; the name itself where
// there is none.
func WorkerState(state string) Key { return word("cli.worker.state.", state) }

func word(prefix, name string) Key {
	if key := Key(prefix + name); Has(key) {
		return key
	}
	return Key(name)
}

var daemon = table{
	StatusONVIF:         {"recorders find the cameras by ONVIF at %s", "录像机通过 ONVIF 添加摄像机的地址：%s"},
	StatusStreams:       {"streams at %s, login by %s", "视频流地址 %s，登录信息见 %s"},
	StatusModel:         {"face model, built in: %s", "内置人脸模型：%s"},
	StatusHost:          {"box: %s", "主机：%s"},
	StatusNewer:         {"newer package: %s (installed: %s): sudo apt install bauta", "有较新的软件包：%s（已安装：%s）：请运行 \"sudo apt install bauta\""},
	StatusCores:         {"%d cores", "%d 核"},
	StatusMemory:        {"%s of memory, %s free", "内存 %s，可用 %s"},
	StatusSince:         {"%s since %s", "%s，始于 %s"},
	StatusNext:          {"next: %s", "下一步：%s"},
	StatusWatched:       {"%s, %d viewers", "%s，%d 人观看"},
	HeadPinned:          {"certificate", "证书"},
	HeadLogin:           {"login", "登录方式"},
	StatusBasic:         {"basic, which anybody on the network can read: bauta camera set %s --no-basic-login forbids it", "基本认证，网络上任何人都可读取：可用 bauta camera set %s --no-basic-login 禁止"},
	HeadHidden:          {"command", "远程指令"},
	StatusHidden:        {"%s, by a command over MQTT: bauta camera set %s --reset-level takes it back", "%s（来自 MQTT 指令）：可用 bauta camera set %s --reset-level 撤销"},
	HiddenSolid:         {"faces are solid", "人脸以纯色遮挡"},
	HiddenFrame:         {"the whole picture is blurred", "整个画面已模糊"},
	HiddenPrivate:       {"the whole picture is hidden", "整个画面已遮挡"},
	StatusLatency:       {"%.0f ms in the worker, look-ahead %.0f ms", "处理 %.0f 毫秒，其中前瞻 %.0f 毫秒"},
	StatusFaces:         {"%d seen, %d masked, %d shown by consent", "发现 %d，遮挡 %d，经同意显示 %d"},
	StatusRestarts:      {"%s, %d restarts", "%s，重启 %d 次"},
	StatusLost:          {"%d dropped, %d refused", "丢弃 %d，拒绝 %d"},
	StatusTemporary:     {"for this run only, not stored", "仅限本次运行，不保存"},
	HeadFaces:           {"faces", "人脸"},
	HeadMask:            {"mask", "遮挡方式"},
	HeadLevel:           {"load step", "负载级别"},
	HeadWorker:          {"worker", "处理进程"},
	HeadLockdown:        {"lock-down", "隔离措施"},
	HeadLost:            {"access units", "访问单元"},
	WorkerStarting:      {"starting", "正在启动"},
	WorkerMasking:       {"masking", "正在遮挡"},
	WorkerOnSlate:       {"slate shown", "显示提示画面"},
	WorkerStopped:       {"stopped", "已停止"},
	MaskBlur:            {"blur", "模糊"},
	MaskMosaic:          {"mosaic", "马赛克"},
	MaskSolid:           {"solid", "纯色"},
	HeadCover:           {"masked", "遮挡内容"},
	CoverFaces:          {"faces", "人脸"},
	CoverMoving:         {"faces and all that moves", "人脸及一切移动的内容"},
	CoverUnknown:        {"%q is nothing that a camera can mask: use faces or moving", "%q 不是可遮挡的内容：请用 faces（人脸）或 moving（移动）"},
	HeadMounting:        {"upright", "画面方向"},
	MountingAuto:        {"found out by Bauta", "由 Bauta 自动判断"},
	Mounting0:           {"as the camera sends it", "摄像机画面本身是正的"},
	Mounting90:          {"turned by 90 degrees clockwise", "顺时针转 90 度后为正"},
	Mounting180:         {"turned by 180 degrees", "转 180 度后为正"},
	Mounting270:         {"turned by 270 degrees clockwise", "顺时针转 270 度后为正"},
	MountingUnknown:     {"%q is no mounting: use auto, or how many degrees clockwise the picture has to be turned to be upright: 0, 90, 180 or 270", "%q 不是可用的安装方向：请用 auto（自动），或画面顺时针转多少度后为正：0、90、180 或 270"},
	MountingSaved:       {"camera %s, upright picture: %s", "摄像机 %s 的画面方向：%s"},
	CoverSaved:          {"camera %s masks from now on: %s", "摄像机 %s 今后遮挡：%s"},
	LevelNormal:         {"normal", "正常"},
	LevelDetectLess:     {"faces looked for less often", "降低检测频率"},
	LevelLowerRate:      {"some pictures left out", "降低帧率"},
	LevelBlurFrame:      {"whole picture blurred", "整个画面模糊"},
	HintSlow:            {"the box is too slow for its cameras: lower the camera's resolution or frame rate", "主机处理能力不足：请降低摄像机的分辨率或帧率"},
	HintWorkerMissing:   {"run \"bauta doctor\"", "请运行 \"bauta doctor\""},
	HintWorkerFailed:    {"see the log and run \"bauta doctor\"", "请查看日志并运行 \"bauta doctor\""},
	HintModelDamaged:    {"install bauta again: its worker is damaged", "请重新安装 bauta：其处理进程已损坏"},
	HintLockdown:        {"run \"bauta doctor\": the worker works only where it can be locked down", "请运行 \"bauta doctor\"：处理进程只在可以隔离时才工作"},
	HintUnsupportedSize: {"set the camera to a size between 96x96 and 7680x4320 pixels, such as 1920x1080", "请将摄像机画面设置为 96x96 至 7680x4320 像素之间的尺寸，例如 1920x1080"},
	HintUndecodable:     {"set the camera to H.264 without its maker's extensions; where it is read by UDP, use --transport tcp", "请将摄像机设置为 H.264 编码并关闭厂商的扩展编码；如果通过 UDP 读取，请使用 --transport tcp"},

	CheckConfig:        {"settings", "配置"},
	CheckData:          {"data folder", "数据目录"},
	CheckWorker:        {"worker", "处理进程"},
	CheckLibraries:     {"libraries", "程序库"},
	CheckLockdown:      {"lock-down", "隔离措施"},
	CheckModel:         {"face model", "人脸模型"},
	CheckPort:          {"port of %s", "%s 端口"},
	CheckVersion:       {"version", "版本"},
	CheckDisk:          {"disk", "磁盘"},
	CheckLoad:          {"load", "负载"},
	CheckCameras:       {"cameras", "摄像机"},
	DoctorVersion:      {"%s, build %s, on Linux %s", "%s，构建 %s，系统内核 %s"},
	DoctorDiskGood:     {"%s of %s are free", "剩余 %s，共 %s"},
	DoctorDiskLow:      {"only %s of %s are free: make room soon", "仅剩 %s，共 %s：请尽快清理空间"},
	DoctorDiskNone:     {"only %s of %s are free, soon nothing can be stored: make room now", "仅剩 %s，共 %s，即将无法保存任何数据：请立即清理空间"},
	DoctorAuditGrows:   {"; the audit trail grows by %.1f MB a month", "；审计记录每月增加 %.1f 兆字节"},
	DoctorLoadGood:     {"%.1f on %d cores, up for %d days and %d hours", "%.1f（处理器核心 %d 个），已运行 %d 天 %d 小时"},
	DoctorLoadHigh:     {"%.1f on %d cores is too much, frames may come late (up for %d days and %d hours): see what else runs here, or use fewer cameras", "%.1f（处理器核心 %d 个）过高，画面可能延迟（已运行 %d 天 %d 小时）：请检查其他程序，或减少摄像机"},
	DoctorCamerasFit:   {"%d of %d that are allowed; about %d more fit", "已有 %d 台，最多允许 %d 台；大约还可添加 %d 台"},
	DoctorCamerasFull:  {"%d of %d that are allowed, and no more fit: raise limits.cameras in bauta.yaml, or add memory", "已有 %d 台，最多允许 %d 台，无法再添加：请在 bauta.yaml 中提高 limits.cameras，或增加内存"},
	CheckMemory:        {"memory", "内存"},
	CheckClock:         {"clock", "时钟"},
	CheckTemperature:   {"temperature", "温度"},
	DoctorDataOpen:     {"%s is open to other users: run chmod 700 %s", "%s 可被其他用户访问：请运行 chmod 700 %s"},
	DoctorDataGood:     {"%s can be written", "%s 可以写入"},
	DoctorDataNew:      {"%s will be made at the first start", "%s 将在首次启动时创建"},
	DoctorWorkerGood:   {"%s of the same build", "%s，构建号相同"},
	DoctorWorkerFails:  {"%s does not start: %s", "%s 无法启动：%s"},
	DoctorUnknown:      {"not known, since the worker does not start", "处理进程未能启动，无法得知"},
	DoctorNotLocked:    {"the worker reports no lock-down: install it again", "处理进程未报告任何隔离措施：请重新安装"},
	DoctorLayersLess:   {"%s; this system does not give: %s", "%s；本机系统不提供：%s"},
	DoctorModelGood:    {"%s, part of the worker, verified: SHA-256 %s", "%s，内置于处理进程，校验通过：SHA-256 %s"},
	DoctorPortFree:     {"%s is free", "%s 空闲"},
	DoctorPortOurs:     {"%s is in use by bauta itself", "%s 正由 bauta 使用"},
	DoctorPortExternal: {"the broker at %s answers", "%s 的服务器有应答"},
	DoctorBrokerInUse:  {"the broker at %s answers and is the one in use", "%s 的服务器有应答，正在使用"},
	DoctorPortNoAnswer: {"the broker at %s does not answer: check the address and that it runs", "%s 的服务器无应答：请检查地址并确认其正在运行"},
	DoctorPortBad:      {"%s cannot be listened on: %s: change %s in the settings", "无法监听 %s：%s：请修改配置项 %s"},
	DoctorMemoryGood:   {"%s free of %s: enough for about %d more cameras, should the cores allow as many", "共 %[2]s，可用 %[1]s：处理器允许时约可再接 %[3]d 台摄像机"},
	DoctorMemoryLow:    {"%s free of %s: a camera takes about %s, close other programs", "共 %[2]s，可用 %[1]s：每台摄像机约需 %[3]s，请关闭其他程序"},
	DoctorClockGood:    {"%s", "%s"},
	DoctorClockBad:     {"%s cannot be right: set the clock, as with %s", "时间 %s 不可能正确：请校准时钟，例如 %s"},
	DoctorNoSensor:     {"no sensor", "没有传感器"},

	RunAnonymous:      {"warning: viewers need no login (rtsp.anonymous is on)", "警告：观看无需登录（rtsp.anonymous 已开启）"},
	RunLogin:          {"the viewer login is shown by %s", "观看登录信息可用 %s 查看"},
	RedactLeft:        {"%s left", "剩余 %s"},
	RedactUndecodable: {"warning: %d pictures could not be decoded, the one before stands longer in their place", "警告：%d 帧无法解码，由前一帧延长显示代替"},
	RedactInterrupted: {"interrupted, %s was not written", "已中断，未写入 %s"},
	ViewerNone:        {"no login is needed, rtsp.anonymous is on", "无需登录，rtsp.anonymous 已开启"},
}

// What `bauta run` says as it starts.
const (
	ListenBusy    Key = "listen.busy"
	ListenOwner   Key = "listen.owner"
	ListenOften   Key = "listen.often"
	ListenUnknown Key = "listen.unknown"

	RunConsoleSetup Key = "cli.run.console_setup"
	RunMoved        Key = "cli.run.moved"
	RunOpened       Key = "cli.run.opened"
	RunNotOpened    Key = "cli.run.not_opened"
	RunNoDesktop    Key = "cli.run.no_desktop"
	RunNoOpener     Key = "cli.run.no_opener"
	RunNoConsole    Key = "cli.run.no_console"
)

var running = table{
	ListenBusy:    {"port %d is in use by %v: stop that program, or choose another %s in bauta.yaml, or run with --free-ports", "端口 %d 已被 %v 占用：请停止该程序，或在 bauta.yaml 中设置其他 %s，或使用 --free-ports 运行"},
	ListenOwner:   {"%s (process %d)", "%s（进程 %d）"},
	ListenOften:   {"another program (often %s; %s names it)", "其他程序（常见的有 %s；%s 可查看）"},
	ListenUnknown: {"another program (%s names it)", "其他程序（%s 可查看）"},

	RunConsoleSetup: {"console: %s (set-up code for the first user: %s)", "控制台：%s（创建第一个用户的设置码：%s）"},
	RunMoved:        {"port %d (%s) is in use by %v: this run uses port %d instead", "端口 %d（%s）已被 %v 占用：本次运行改用端口 %d"},
	RunOpened:       {"the console opens in the browser; it warns of the certificate, which the gateway made itself", "正在浏览器中打开控制台；由于证书由网关自行生成，浏览器会发出警告"},
	RunNotOpened:    {"the browser was not opened: %v: open the console's address above yourself", "未能打开浏览器：%v：请自行打开上面的控制台地址"},
	RunNoDesktop:    {"no desktop is here (neither %s nor %s is set)", "此处没有桌面环境（未设置 %s 或 %s）"},
	RunNoOpener:     {"%s is not installed (package %s)", "未安装 %s（软件包 %s）"},
	RunNoConsole:    {"the console is switched off in the settings", "设置中已关闭控制台"},
}
