package text

// What messages of the notifications say, and what is refused of their settings. What kinds and
// reasons are called stands in the texts of the page.
const (
	NotifyOver      Key = "notify.over"
	NotifyAndMore   Key = "notify.and_more"
	NotifyIntro     Key = "notify.intro"
	NotifyHeadNew   Key = "notify.head_new"
	NotifyHeadStill Key = "notify.head_still"
	NotifyHeadOver  Key = "notify.head_over"
	NotifySince     Key = "notify.since"
	NotifyFromTo    Key = "notify.from_to"
	NotifyTurns     Key = "notify.turns"
	NotifyNext      Key = "notify.next"
	NotifyMore      Key = "notify.more"
	NotifyHeld      Key = "notify.held"
	NotifyFoot      Key = "notify.foot"
	NotifyTest      Key = "notify.test"
	NotifyTestBody  Key = "notify.test_body"
	NotifyTestSent  Key = "notify.test_sent"
	NotifyFree      Key = "notify.free"
	NotifyDue       Key = "notify.due"
	NotifyOpenSince Key = "notify.open_since"
	NotifyEnds      Key = "notify.ends"

	NotifyConsole       Key = "notify.bad.console"
	NotifyName          Key = "notify.bad.name"
	NotifyMailHost      Key = "notify.bad.mail_host"
	NotifyMailPort      Key = "notify.bad.mail_port"
	NotifyMailSecurity  Key = "notify.bad.mail_security"
	NotifyMailPlain     Key = "notify.bad.mail_plain"
	NotifyMailFrom      Key = "notify.bad.mail_from"
	NotifyMailLogin     Key = "notify.bad.mail_login"
	NotifyRules         Key = "notify.bad.rules"
	NotifyURL           Key = "notify.bad.url"
	NotifyEvery         Key = "notify.bad.every"
	NotifyKind          Key = "notify.bad.kind"
	NotifyQuiet         Key = "notify.bad.quiet"
	NotifyNobody        Key = "notify.bad.nobody"
	NotifyNoAddress     Key = "notify.bad.no_address"
	NotifyPersonAddress Key = "notify.bad.address"
	NotifyMany          Key = "notify.bad.many"
	NotifyNoWebhook     Key = "notify.bad.no_webhook"
	NotifyTestsRun      Key = "notify.bad.tests_run"

	NotifySaved     Key = "notify.cli.saved"
	NotifyRemoved   Key = "notify.cli.removed"
	NotifySecret    Key = "notify.cli.secret"
	NotifyNothing   Key = "notify.cli.nothing"
	NotifyAskSecret Key = "notify.cli.ask_password"
	NotifyHeadWho   Key = "notify.cli.who"
	NotifyHeadWhere Key = "notify.cli.where"
	NotifyHeadKinds Key = "notify.cli.kinds"
	NotifyHeadGoing Key = "notify.cli.going"
	NotifyGoingWell Key = "notify.cli.well"
	NotifyGoingWait Key = "notify.cli.waits"
)

var notifications = table{
	NotifyOver:      {"over: %s", "已恢复：%s"},
	NotifyAndMore:   {"%s (and %d more)", "%s（另有 %d 项）"},
	NotifyIntro:     {"%s (gateway %s), %s", "%s（网关 %s），%s"},
	NotifyHeadNew:   {"NEW", "新出现"},
	NotifyHeadStill: {"STILL SO", "仍未解决"},
	NotifyHeadOver:  {"OVER", "已恢复"},
	NotifySince:     {"since %s", "自 %s 起"},
	NotifyFromTo:    {"from %s to %s", "%s 至 %s"},
	NotifyTurns:     {"came and went %d times", "反复出现 %d 次"},
	NotifyNext:      {"What to do: %s", "处理方法：%s"},
	NotifyMore:      {"%d more are not listed here: see the console", "另有 %d 项未列出：请查看控制台"},
	NotifyHeld:      {"%d of these waited, for at most %d messages are sent in an hour", "其中 %d 项因每小时最多发送 %d 条消息而延后"},
	NotifyFoot:      {"You get this because a manager of %s put you on the list of who is told. It holds no pictures and no names of persons", "您收到此消息，是因为 %s 的管理员将您列入了通知名单。本消息不含画面和个人姓名"},
	NotifyTest:      {"test message", "测试消息"},
	NotifyTestBody:  {"This is a test from %s (gateway %s), sent %s. Nothing is wrong", "这是来自 %s（网关 %s）的测试消息，发送于 %s。一切正常"},
	NotifyTestSent:  {"the test was taken: see that it arrived", "测试消息已被接收：请确认是否收到"},
	NotifyFree:      {"%s of %s free", "剩余 %s，共 %s"},
	NotifyDue:       {"due %s", "截止日期 %s"},
	NotifyOpenSince: {"of %s", "%s 提出"},
	NotifyEnds:      {"ends %s", "到期日 %s"},

	NotifyConsole:       {"the console's address is not one: write it as https://name or https://name:port", "控制台地址无效：请写完整的 HTTPS 地址"},
	NotifyName:          {"the name is empty or too long: write at most 60 bytes in one line", "名称为空或过长：请写一行，最多 60 字节"},
	NotifyMailHost:      {"the mail server's name is not one: write it without https:// and without a port", "邮件服务器名称无效：请只写名称，不要写协议和端口"},
	NotifyMailPort:      {"the port is not one: 587 for STARTTLS, 465 for TLS", "端口无效：先明文后加密用 587，直接加密用 465"},
	NotifyMailSecurity:  {"choose how the connection is protected", "请选择连接的加密方式"},
	NotifyMailPlain:     {"without encryption nobody logs in: leave the user empty, or choose STARTTLS or TLS", "未加密的连接不能登录：请清空用户名，或选择加密方式"},
	NotifyMailFrom:      {"the sender is not an address: write it as name@example.com", "发件人不是有效地址：请检查是否完整"},
	NotifyMailLogin:     {"user and password take at most 200 bytes each", "用户名和密码各最多 200 字节"},
	NotifyRules:         {"a number is out of its bounds: see the hints beside the fields", "有数值超出范围：请参看各栏旁的提示"},
	NotifyURL:           {"this address cannot be used: write it with https://, or tick own networks for http:// there", "该地址无法使用：请使用 HTTPS 地址；HTTP 地址仅限内网，并须勾选"},
	NotifyEvery:         {"minutes between two pings are 0 to 1440", "两次探测的间隔为 0 到 1440 分钟"},
	NotifyKind:          {"there is no kind %q: bauta notify list shows all", "没有 %q 这一类：用 bauta notify list 查看全部"},
	NotifyQuiet:         {"quiet hours need a begin and an end, such as 22:00 and 07:00", "免打扰时段需要起止时间，如 \"22:00\" 和 \"07:00\""},
	NotifyNobody:        {"there is no user %s: bauta user list shows all", "没有用户 %s：用 bauta user list 查看全部"},
	NotifyNoAddress:     {"%s has no mail address yet: fill it in and save first", "%s 还没有邮件地址：请先填写并保存"},
	NotifyPersonAddress: {"this is not a mail address: write it as name@example.com", "邮件地址无效：请检查是否完整"},
	NotifyMany:          {"there are %d already, which is the most: remove one first", "已有 %d 个，达到上限：请先移除一个"},
	NotifyNoWebhook:     {"this is not set up any more: reload the page", "该项已不存在：请刷新页面"},
	NotifyTestsRun:      {"other tests still run: try again in half a minute", "其他测试仍在进行：请半分钟后再试"},

	NotifySaved:     {"saved: try it with bauta notify test", "已保存：可用 bauta notify test 测试"},
	NotifyRemoved:   {"removed", "已移除"},
	NotifySecret:    {"webhook %s is made; this secret signs what it gets, and is shown this once: %s", "回调 %s 已创建；以下密钥用于签名，只显示这一次：%s"},
	NotifyNothing:   {"nobody is told of anything yet: bauta notify person NAME --mail ADDRESS", "还没有人会收到通知：请用 bauta notify person 设置"},
	NotifyAskSecret: {"password at the mail server (empty: none)", "邮件服务器的密码（留空表示没有）"},
	NotifyHeadWho:   {"WHO", "对象"},
	NotifyHeadWhere: {"WHERE", "地址"},
	NotifyHeadKinds: {"TOLD OF", "通知内容"},
	NotifyHeadGoing: {"STATE", "状态"},
	NotifyGoingWell: {"good", "正常"},
	NotifyGoingWait: {"waits since %s: %s", "自 %s 起等待：%s"},
}
