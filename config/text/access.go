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
	AccessTooLarge      Key = "access.too_large"
	AccessPath          Key = "access.path"
	APINoPath           Key = "access.no_path"
	APIStreams          Key = "access.streams"
	APINoBadge          Key = "access.no_badge"
	APINoPreview        Key = "access.no_preview"
	APINoStream         Key = "access.no_stream"

	RunConsole        Key = "cli.run.console"
	RunSetup          Key = "cli.run.setup"
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
	AccessCode:          {"the set-up code is wrong: `bauta setup-code` on the gateway prints it", "设置码不正确：在网关上运行 `bauta setup-code` 可显示"},
	AccessSetupDone:     {"the gateway is set up already: log in", "网关已完成设置：请登录"},
	AccessNeeded:        {"nobody is logged in here any more: log in", "登录已失效：请登录"},
	AccessRole:          {"your role is %s and this needs the role %s: ask a manager", "您的角色是 %s，此操作需要角色 %s：请联系管理员"},
	AccessCSRF:          {"the request does not come from a page of this login: reload the page", "请求不是来自本次登录的页面：请刷新页面"},
	AccessOrigin:        {"the request comes from another site: open the console itself", "请求来自其他网站：请直接打开控制台"},
	AccessTooLarge:      {"the request is larger than %d bytes", "请求超过 %d 字节"},
	AccessPath:          {"the address holds signs that no name here has", "地址中含有不允许的字符"},
	APINoPath:           {"there is no path %s: see /api/openapi.yaml", "没有路径 %s：请查看 /api/openapi.yaml"},
	APIStreams:          {"%d pages follow the states already: close some", "已有 %d 个页面在接收状态：请关闭一些"},
	APINoBadge:          {"consent %s is bound to a face and has no badge", "同意 %s 绑定的是人脸，没有胸牌"},
	APINoStream:         {"a camera has no stream %q: use main or sub", "摄像机没有名为 %q 的码流：请使用 main 或 sub"},
	APINoPreview:        {"there is no such preview: it has ended", "没有此预览：它已结束"},

	RunConsole:        {"console: %s", "控制台：%s"},
	RunSetup:          {"set-up code for the first user: %s", "创建第一个用户的设置码：%s"},
	SetupDone:         {"the gateway is set up already: `bauta user add` makes further users", "网关已完成设置：用 `bauta user add` 添加其他用户"},
	UserAdded:         {"user %s added with the role %s", "已添加用户 %s，角色 %s"},
	UserRemoved:       {"user %s removed", "已删除用户 %s"},
	UserPasswordSet:   {"the password of %s is changed, and all logins of %s have ended", "%s 的密码已更改，%s 的所有登录已结束"},
	UserNone:          {"no users yet: `bauta setup-code` prints the code for the first one", "还没有用户：`bauta setup-code` 显示用于创建第一个用户的设置码"},
	UserAskPassword:   {"password: ", "密码："},
	UserPasswordEmpty: {"no password came on standard input: pipe it in or type it", "标准输入中没有密码：请输入或通过管道传入"},
	HeadUser:          {"USER", "用户"},
	HeadRole:          {"ROLE", "角色"},
	HeadAccount:       {"ID IN THE AUDIT TRAIL", "审计日志中的编号"},
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
	HeadCameras:         {"CAMERAS", "摄像机"},
	HeadLastSeen:        {"LAST SEEN", "最近使用"},
	CamerasAll:          {"all", "全部"},
	CamerasNone:         {"none", "无"},
	SeenNever:           {"never", "从未"},
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
