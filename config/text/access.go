package text

// Who may use the console and the API: logins, users, tokens.
const (
	AccessPassword      Key = "access.password"
	AccessPasswordName  Key = "access.password_name"
	AccessWrongPassword Key = "access.wrong_password"
	AccessUserName      Key = "access.user_name"
	AccessUserExists    Key = "access.user_exists"
	AccessUserLimit     Key = "access.user_limit"
	AccessNoUser        Key = "access.no_user"
	AccessLastManager   Key = "access.last_manager"
	AccessOwnOnly       Key = "access.own_only"
	AccessTokenName     Key = "access.token_name"
	AccessTokenLimit    Key = "access.token_limit"
	AccessNoToken       Key = "access.no_token"
	AccessLogin         Key = "access.login"
	AccessWait          Key = "access.wait"
	AccessBusy          Key = "access.busy"
	AccessCode          Key = "access.code"
	AccessSetupDone     Key = "access.setup_done"
	AccessNeeded        Key = "access.needed"
	AccessRole          Key = "access.role"
	AccessCSRF          Key = "access.csrf"
	AccessOrigin        Key = "access.origin"
	QueryNumber         Key = "query.number"
	QueryDay            Key = "query.day"
	AccessTooLarge      Key = "access.too_large"
	AccessPath          Key = "access.path"
	APINoPath           Key = "access.no_path"

	APIChanged     Key = "refused.changed"
	UndoOver       Key = "access.undo_over"
	ProgressFrames Key = "access.progress_frames"
	APIStreams     Key = "access.streams"
	APINoBadge     Key = "access.no_badge"
	APINoPreview   Key = "access.no_preview"
	APINoStream    Key = "access.no_stream"
	APIStills      Key = "access.stills"

	RunConsole        Key = "cli.run.console"
	RunSetup          Key = "cli.run.setup"
	RunSetupAddress   Key = "cli.run.setup_address"
	RunFingerprint    Key = "cli.run.fingerprint"
	RunScan           Key = "cli.run.scan"
	SetupDone         Key = "cli.setup.done"
	UserAdded         Key = "cli.user.added"
	UserRemoved       Key = "cli.user.removed"
	UserPasswordSet   Key = "cli.user.password_set"
	UserNone          Key = "cli.user.none"
	UserAskPassword   Key = "cli.user.ask_password"
	UserPasswordEmpty Key = "cli.user.password_empty"
	HeadUser          Key = "cli.head.user"
	HeadRole          Key = "cli.head.role"
	HeadAccount       Key = "cli.head.account"
)

var access = table{
	AccessPassword:      {"the password needs at least %d characters and at most %d bytes: take a few words", "密码至少 %d 个字符，最多 %d 字节：可以用几个词"},
	AccessPasswordName:  {"the password is the user's name: take another one", "密码与用户名相同：请换一个"},
	AccessWrongPassword: {"the present password is wrong: type it again", "当前密码不正确：请重新输入"},
	AccessUserName:      {"a user's name has 1 to %d bytes of letters, digits and plain signs, without spaces, slashes and quotes", "用户名为 1 到 %d 字节的字母、数字和普通符号，不含空格、斜杠和引号"},
	AccessUserExists:    {"there is a user %s already: take another name", "用户 %s 已存在：请换一个名称"},
	AccessUserLimit:     {"there are %d users already: remove one first", "已有 %d 个用户：请先删除一个"},
	AccessNoUser:        {"there is no user %s: see the list of users", "没有用户 %s：请查看用户列表"},
	AccessLastManager:   {"this is the last manager: make another manager first", "这是最后一个管理员：请先设置另一个管理员"},
	AccessOwnOnly:       {"you may change this for yourself only: ask a manager", "只能修改自己的设置：请联系管理员"},
	AccessTokenName:     {"a token's name has 1 to %d bytes without control characters", "令牌名称为 1 到 %d 字节，不含控制字符"},
	AccessTokenLimit:    {"there are %d tokens already: remove one first", "已有 %d 个令牌：请先删除一个"},
	AccessNoToken:       {"there is no token %s: see the list of tokens", "没有令牌 %s：请查看令牌列表"},
	AccessLogin:         {"user or password is wrong: type both again", "用户名或密码不正确：请重新输入"},
	AccessWait:          {"too many wrong tries: wait %d seconds, then try again", "错误次数过多：请等待 %d 秒后再试"},
	AccessBusy:          {"too many logins at once: try again in a moment", "同时登录的人太多：请稍后再试"},
	AccessCode:          {"the set-up code is wrong: ask your installer, or look at what the gateway printed when it started", "设置码不正确：请询问安装人员，或查看网关启动时显示的内容"},
	AccessSetupDone:     {"the gateway is set up already: log in", "网关已完成设置：请登录"},
	AccessNeeded:        {"nobody is logged in here any more: log in", "登录已失效：请登录"},
	AccessRole:          {"your role is %s and this needs the role %s: ask a manager", "您的角色是 %s，此操作需要角色 %s：请联系管理员"},
	AccessCSRF:          {"the request does not come from a page of this login: reload the page", "请求不是来自本次登录的页面：请刷新页面"},
	AccessOrigin:        {"the request comes from another site: open the console itself", "请求来自其他网站：请直接打开控制台"},
	QueryNumber:         {"%s is a number", "%s 应为数字"},
	QueryDay:            {"%q is no day: write one such as 2026-01-31", "%q 不是日期：请写成 2026-01-31 的形式"},
	AccessTooLarge:      {"the request is larger than %d bytes", "请求超过 %d 字节"},
	AccessPath:          {"the address holds signs that no name here has", "地址中含有不允许的字符"},
	APINoPath:           {"there is no path %s: see /api/openapi.yaml", "没有路径 %s：请查看 /api/openapi.yaml"},
	UndoOver:            {"this cannot be taken back any more: a minute is over, or the gateway was restarted", "已无法撤销：一分钟已过，或网关已重启"},
	ProgressFrames:      {"Taking a masked picture of each camera", "正在为每台摄像机取一张遮挡画面"},
	APIChanged:          {"somebody else changed this meanwhile: read it again, then decide what holds", "在此期间已有其他人修改：请重新读取后再决定以哪个为准"},
	APIStreams:          {"%d pages follow the states already: close some", "已有 %d 个页面在接收状态：请关闭一些"},
	APINoBadge:          {"consent %s is bound to a face and has no badge", "同意 %s 绑定的是人脸，没有胸牌"},
	APINoStream:         {"a camera has no stream %q: use main or sub", "摄像机没有名为 %q 的视频流：请使用 main 或 sub"},
	APIStills:           {"ask for the stills of 1 to %d cameras at a time", "每次请求 1 到 %d 台摄像机的截图"},
	APINoPreview:        {"there is no such preview: it has ended", "没有此预览：它已结束"},

	RunConsole:        {"console: %s", "控制台：%s"},
	RunSetup:          {"set-up code for the first user: %s", "创建第一个用户的设置码：%s"},
	RunSetupAddress:   {"or open this, with the code filled in: %s", "或直接打开（已填好设置码）：%s"},
	RunFingerprint:    {"the browser warns once, because this gateway made its certificate itself: go on if it shows the SHA-256 fingerprint %s", "浏览器会警告一次，因为证书由本网关自行生成：若显示的 SHA-256 指纹为 %s，即可继续"},
	RunScan:           {"or scan this with a phone on the same network:", "或用同一网络中的手机扫描："},
	SetupDone:         {"the gateway is set up already: `bauta user add` makes further users", "网关已完成设置：用 `bauta user add` 添加其他用户"},
	UserAdded:         {"user %s added with the role %s", "已添加用户 %s，角色 %s"},
	UserRemoved:       {"user %s removed", "已移除用户 %s"},
	UserPasswordSet:   {"the password of %s is changed, and all logins of %s have ended", "%s 的密码已更改，%s 的所有登录已结束"},
	UserNone:          {"no users yet: `bauta setup-code` prints the code for the first one", "还没有用户：`bauta setup-code` 显示用于创建第一个用户的设置码"},
	UserAskPassword:   {"password: ", "密码："},
	UserPasswordEmpty: {"no password came on standard input: pipe it in or type it", "标准输入中没有密码：请输入或通过管道传入"},
	HeadUser:          {"USER", "用户"},
	HeadRole:          {"ROLE", "角色"},
	HeadAccount:       {"ID IN THE AUDIT TRAIL", "审计日志中的编号"},
}

// The second factor, the login provider and the console's certificate.
const (
	AccessSecond         Key = "access.second"
	AccessSecondWrong    Key = "access.second_wrong"
	AccessSecondOver     Key = "access.second_over"
	AccessSecondNeeded   Key = "access.second_needed"
	AccessSecondRequired Key = "access.second_required"
	AccessSecondFirst    Key = "access.second_first"
	AccessNoSecond       Key = "access.no_second"
	AccessByProvider     Key = "access.by_provider"
	AccessPeopleOnly     Key = "access.people_only"
	UserSecondReset      Key = "cli.user.second_reset"

	SignOnOff     Key = "signon.off"
	SignOnDown    Key = "signon.down"
	SignOnBusy    Key = "signon.busy"
	SignOnRefused Key = "signon.refused"
	SignOnFull    Key = "signon.full"
	SignOnNobody  Key = "signon.nobody"
	SignOnField   Key = "signon.field"
	SignOnIssuer  Key = "signon.issuer"
	SignOnConsole Key = "signon.console"
	SignOnClient  Key = "signon.client"

	CertificateChain    Key = "certificate.chain"
	CertificateKey      Key = "certificate.key"
	CertificateKeyOther Key = "certificate.key_other"
	CertificateLocked   Key = "certificate.locked"
	CertificateEnded    Key = "certificate.ended"
	CertificateEarly    Key = "certificate.early"
	CertificateWeak     Key = "certificate.weak"
	CertificateUse      Key = "certificate.use"
	CertificateOrder    Key = "certificate.order"
	CertificateOther    Key = "certificate.other"
	CertificateFile     Key = "certificate.file"
)

var signOn = table{
	AccessSecond:         {"type the code that your authenticator app shows, or a recovery code", "请输入验证器应用显示的验证码，或一个恢复码"},
	AccessSecondWrong:    {"the code is wrong or was used already: wait for the next one that the app shows", "验证码不正确或已使用：请等待应用显示下一个验证码"},
	AccessSecondOver:     {"this took too long: begin again", "操作超时：请重新开始"},
	AccessSecondNeeded:   {"managers need a second factor here: set yours up first", "此网关要求管理员使用两步验证：请先完成设置"},
	AccessSecondRequired: {"managers need a second factor here: it can be replaced, not taken away", "此网关要求管理员使用两步验证：可以更换，不能关闭"},
	AccessSecondFirst:    {"set up your own second factor first, or you would stand outside", "请先设置您自己的两步验证，否则您将无法登录"},
	AccessNoSecond:       {"user %s has no second factor: nothing was reset", "用户 %s 没有两步验证：未作更改"},
	AccessByProvider:     {"this account logs in through the login provider: change its password there", "该账号通过统一登录服务登录：请在那里修改密码"},
	AccessPeopleOnly:     {"only a person who is logged in can do this: use the console", "仅限已登录的人员操作：请使用控制台"},
	UserSecondReset:      {"the second factor of %s is gone, and all logins of %s have ended: the password alone counts until a new one is set up", "已清除 %s 的两步验证，%s 的所有登录已结束：重新设置之前仅凭密码登录"},

	SignOnOff:     {"no login provider is set up: log in with a password", "未设置统一登录服务：请用密码登录"},
	SignOnDown:    {"the login provider does not answer as it should: check its address, and that the gateway can reach it", "统一登录服务没有正确应答：请检查其地址，以及网关能否访问它"},
	SignOnBusy:    {"too many ask the login provider at once: try again in a moment", "同时访问统一登录服务的人太多：请稍后再试"},
	SignOnRefused: {"the login provider let nobody in here: begin again", "统一登录未成功：请重新开始"},
	SignOnFull:    {"too many wait for a role already: ask a manager to answer them", "等待分配角色的人太多：请管理员先处理"},
	SignOnNobody:  {"nobody waits under this number any more: reload the page", "该申请已不存在：请刷新页面"},
	SignOnField:   {"a value is longer than %d bytes or holds control characters: shorten it", "内容超过 %d 字节或含有控制字符：请缩短"},
	SignOnIssuer:  {"the provider's address begins with https:// and has no user, question mark or hash sign", "服务地址须以 \"https://\" 开头，不含用户名、问号和井号"},
	SignOnConsole: {"the console's address is https:// with a name or an address, and nothing behind the port", "控制台地址须为 \"https://\" 加名称或地址，端口之后不含其他内容"},
	SignOnClient:  {"the client's id is missing: the provider gives it", "缺少客户端编号：由统一登录服务提供"},

	CertificateChain:    {"these are no certificates in PEM: give the file with BEGIN CERTIFICATE, the gateway's own first", "不是 PEM 格式的证书：请选择含 \"BEGIN CERTIFICATE\" 的文件，网关自身的证书排在最前"},
	CertificateKey:      {"this is no private key in PEM: give the file with BEGIN PRIVATE KEY", "不是 PEM 格式的私钥：请选择含 \"BEGIN PRIVATE KEY\" 的文件"},
	CertificateKeyOther: {"the key does not belong to the first certificate: choose the pair that was made together", "私钥与第一个证书不匹配：请选择同时生成的一对文件"},
	CertificateLocked:   {"the key asks for a password: save it without one first", "私钥受密码保护：请先另存为无密码的私钥"},
	CertificateEnded:    {"the certificate ended on %s: get a new one", "证书已于 %s 到期：请申请新证书"},
	CertificateEarly:    {"the certificate counts from %s on: check the gateway's clock", "证书自 %s 起生效：请检查网关的时钟"},
	CertificateWeak:     {"browsers refuse the certificate's key: use RSA of %d bits or more, or ECDSA", "浏览器不接受该证书的密钥：请使用 %d 位以上的 RSA，或 ECDSA"},
	CertificateUse:      {"the certificate is not for a web server, or names no address: ask for one with the console's name in it", "证书不适用于网站，或未写明地址：请申请包含控制台名称的证书"},
	CertificateOrder:    {"the certificates are not in order: the gateway's own first, then each one's issuer", "证书顺序不正确：网关自身的证书在前，其后依次为各自的签发方"},
	CertificateOther:    {"the certificate is for %s, and you came by %s: browsers will warn there", "证书适用于 %s，而您访问的地址是 %s：浏览器将在该地址发出警告"},
	CertificateFile:     {"the settings file names a certificate (%s), which counts: take console.certificate out of it first", "设置文件已指定证书（%s），以其为准：请先从中删除 console.certificate"},
}

// The logins at the masked streams.
const (
	StreamLoginName     Key = "stream.login.name"
	StreamLoginPassword Key = "stream.login.password"
	StreamLoginExists   Key = "stream.login.exists"
	StreamLoginLimit    Key = "stream.login.limit"
	StreamLoginUnknown  Key = "stream.login.unknown"
	StreamLoginBuiltIn  Key = "stream.login.built_in"
	StreamLoginAdded    Key = "cli.viewer.added"
	StreamLoginSet      Key = "cli.viewer.set"
	StreamLoginRemoved  Key = "cli.viewer.removed"
	StreamLoginOpen     Key = "cli.viewer.open"
	ViewerOff           Key = "cli.viewer.off"
	HeadCameras         Key = "cli.head.cameras"
	HeadLastSeen        Key = "cli.head.last_seen"
	CamerasAll          Key = "cli.cameras.all"
	CamerasNone         Key = "cli.cameras.none"
	SeenNever           Key = "cli.seen.never"
)

var streamLogin = table{
	StreamLoginName:     {"%q cannot be a user name at the streams: use 1 to %d of a-z, 0-9 and single dashes between them", "%q 不能用作视频流的用户名：请使用 1 到 %d 个 a-z、0-9，中间可用单个连字符"},
	StreamLoginPassword: {"the password does not do: use %d to %d letters, digits and signs of ASCII, without space, quote, colon, slash or @", "密码不符合要求：请使用 %d 到 %d 个 ASCII 字母、数字和符号，不含空格、引号、冒号、斜杠和 @"},
	StreamLoginExists:   {"there is a login %s already: remove it first, or take another name", "登录名 %s 已存在：请先删除，或换一个名称"},
	StreamLoginLimit:    {"there are %d logins already: remove one that is of no use any more", "已有 %d 个登录：请先删除不再使用的登录"},
	StreamLoginUnknown:  {"there is no login %s: `bauta viewer list` shows them", "没有登录名 %s：用 `bauta viewer list` 查看"},
	StreamLoginBuiltIn:  {"the login %s is the gateway's own and stays: make one for each recorder with `bauta viewer add`", "登录名 %s 为网关自带，不能更改：请用 `bauta viewer add` 为每台录像机单独创建"},
	StreamLoginAdded:    {"login %s at the streams, password %s: it is shown this once", "视频流登录 %s，密码 %s：仅显示这一次"},
	StreamLoginSet:      {"login %s may watch: %s. What it watched beside that has ended", "登录 %s 可以观看：%s。其他正在进行的观看已断开"},
	StreamLoginRemoved:  {"login %s withdrawn; what it watched has ended", "已撤销登录 %s，其正在进行的观看已断开"},
	StreamLoginOpen:     {"rtsp.anonymous is on: everybody watches all cameras by RTSP without a login", "rtsp.anonymous 已开启：任何人无需登录即可通过 RTSP 观看所有摄像机"},
	ViewerOff:           {"the built-in login is switched off: `bauta viewer list` shows the others", "内置登录已停用：用 `bauta viewer list` 查看其他登录"},
	HeadCameras:         {"CAMERAS", "摄像机"},
	HeadLastSeen:        {"LAST SEEN", "最近使用"},
	CamerasAll:          {"all", "全部"},
	CamerasNone:         {"none", "无"},
	SeenNever:           {"never", "从未"},
}

// The links of screens.
const (
	DisplayUnknown   Key = "display.unknown"
	DisplayLimit     Key = "display.limit"
	DisplayNames     Key = "display.names"
	DisplayLabel     Key = "display.label"
	DisplayDays      Key = "display.days"
	DisplayCameras   Key = "display.cameras"
	DisplaySub       Key = "display.sub"
	DisplayRefused   Key = "display.refused"
	DisplayAdded     Key = "cli.display.added"
	DisplayNoConsole Key = "cli.display.no_console"
	DisplayWithdrawn Key = "cli.display.withdrawn"
	DisplayNone      Key = "cli.display.none"
	HeadLabel        Key = "cli.head.label"
	HeadLink         Key = "cli.head.link"
	HeadExpires      Key = "cli.head.expires"
)

var display = table{
	DisplayUnknown:   {"there is no link %s: see the list of links", "没有链接 %s：请查看链接列表"},
	DisplayLimit:     {"there are %d links already: withdraw one that is of no use any more", "已有 %d 个链接：请先撤销不再使用的链接"},
	DisplayNames:     {"a link needs a label, who answers for the screen, and where it hangs, each a line of at most %d bytes", "须填写链接名称、大屏责任人和所在位置，各占一行，最多 %d 字节"},
	DisplayLabel:     {"the label holds the person's name: lists show the label, so name the screen there", "名称中含有责任人姓名：列表会显示名称，请填写大屏的名称"},
	DisplayDays:      {"a link is good for 1 to %d days: make another one then", "链接有效期为 1 到 %d 天：到期后请重新创建"},
	DisplayCameras:   {"a link names at most %d cameras and groups: leave them out for all cameras", "一个链接最多指定 %d 个摄像机和分组：全部摄像机则无需填写"},
	DisplaySub:       {"a screen gets the smaller stream alone: ask for the stream sub", "大屏只能获取子码流：请使用 sub 码流"},
	DisplayRefused:   {"this link does not count, or no longer: ask a manager for another one", "此链接无效或已失效：请向管理员索取新链接"},
	DisplayAdded:     {"link %s for the screen %s, good until %s: open this address on the screen; it is shown this once", "链接 %s 用于大屏 %s，有效期至 %s：请在大屏上打开以下地址，仅显示这一次"},
	DisplayNoConsole: {"the console is off: set console.address, for screens open their link there", "管理界面已关闭：请设置 console.address，大屏须通过它打开链接"},
	DisplayWithdrawn: {"link %s withdrawn; its screen shows nothing any more", "已撤销链接 %s，大屏不再显示画面"},
	DisplayNone:      {"no links of screens yet", "还没有大屏链接"},
	HeadLabel:        {"SCREEN", "大屏"},
	HeadLink:         {"LINK", "链接"},
	HeadExpires:      {"UNTIL", "有效期至"},
}

// The logins at the embedded broker.
const (
	MQTTLoginName    Key = "mqtt.login.name"
	MQTTLoginKind    Key = "mqtt.login.kind"
	MQTTLoginExists  Key = "mqtt.login.exists"
	MQTTLoginLimit   Key = "mqtt.login.limit"
	MQTTLoginUnknown Key = "mqtt.login.unknown"
	MQTTLoginAdded   Key = "cli.mqtt.added"
	MQTTLoginRemoved Key = "cli.mqtt.removed"
	MQTTLoginNone    Key = "cli.mqtt.none"
	HeadMay          Key = "cli.head.may"
	HeadCreated      Key = "cli.head.created"
)

var mqttLogin = table{
	MQTTLoginName:    {"%q cannot be a user name at the broker: use 1 to %d of a-z, 0-9 and single dashes between them", "%q 不能用作 MQTT 用户名：请使用 1 到 %d 个 a-z、0-9，中间可用单个连字符"},
	MQTTLoginKind:    {"%q is no kind of login: use %s or %s", "%q 不是有效的权限：请使用 %s 或 %s"},
	MQTTLoginExists:  {"there is a login %s already: remove it first, or take another name", "登录名 %s 已存在：请先删除，或换一个名称"},
	MQTTLoginLimit:   {"there are %d logins already: remove one that is of no use any more", "已有 %d 个登录：请先删除不再使用的登录"},
	MQTTLoginUnknown: {"there is no login %s: `bauta mqtt list` shows them", "没有登录名 %s：用 `bauta mqtt list` 查看"},
	MQTTLoginAdded:   {"login %s at the embedded broker, password %s: it is shown this once", "内置 MQTT 服务器的登录 %s，密码 %s：仅显示这一次"},
	MQTTLoginRemoved: {"login %s removed; its connections have ended", "已删除登录 %s，其连接已断开"},
	MQTTLoginNone:    {"no logins yet: only programs on this box can read", "尚无登录：目前仅本机程序可以读取"},
	HeadMay:          {"MAY", "权限"},
	HeadCreated:      {"CREATED", "创建日期"},
}

// The words for purposes, by the names that the API has for them.
const (
	PurposePublicSafety Key = "purpose.public-safety"
	PurposeFireSafety   Key = "purpose.fire-safety"
	PurposeProperty     Key = "purpose.property-protection"
	PurposeProduction   Key = "purpose.production-safety"
	PurposeAccess       Key = "purpose.access-control"
	PurposeTraffic      Key = "purpose.traffic"
	PurposeInternal     Key = "purpose.internal-management"
	PurposeVisitors     Key = "purpose.visitor-reception"
	PurposeWorkplace    Key = "purpose.workplace-safety"
	PurposeCare         Key = "purpose.care"
	PurposeEvent        Key = "purpose.event"
	PurposeSubject      Key = "purpose.subject-access"
)

// Purpose returns the words for a purpose; the name itself where there are none.
func Purpose(name string) Key { return word("purpose.", name) }

var choices = table{
	PurposePublicSafety: {"public safety", "公共安全"},
	PurposeFireSafety:   {"fire safety", "消防安全"},
	PurposeProperty:     {"protection of property", "财产保护"},
	PurposeProduction:   {"safety at work", "安全生产"},
	PurposeAccess:       {"access control", "出入管理"},
	PurposeTraffic:      {"traffic", "交通管理"},
	PurposeInternal:     {"internal management", "内部管理"},
	PurposeVisitors:     {"reception of visitors", "访客接待"},
	PurposeWorkplace:    {"safety of dangerous work", "作业安全"},
	PurposeCare:         {"care", "看护照料"},
	PurposeEvent:        {"record of an event", "活动记录"},
	PurposeSubject:      {"copy of the own footage", "个人查阅、复制"},
}
