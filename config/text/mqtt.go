package text

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
