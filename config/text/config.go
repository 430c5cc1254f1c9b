package text

// What the settings file says of itself: problems in it, and the comments of
// the example. Values are shown as they were written, so nothing that may hold
// a password is ever among the arguments.
const (
	ConfigUnreadable  Key = "config.unreadable"
	ConfigTooLarge    Key = "config.too_large"
	ConfigNotUTF8     Key = "config.not_utf8"
	ConfigLine        Key = "config.line"
	ConfigSyntax      Key = "config.syntax"
	ConfigOneDocument Key = "config.one_document"
	ConfigNotPairs    Key = "config.not_pairs"
	ConfigNotSection  Key = "config.not_section"
	ConfigDuplicate   Key = "config.duplicate"
	ConfigNearest     Key = "config.nearest"
	ConfigUnknown     Key = "config.unknown"
	ConfigSecret      Key = "config.secret"
	ConfigSecretMQTT  Key = "config.secret_mqtt"

	ConfigWantText   Key = "config.want.text"
	ConfigWantQuotes Key = "config.want.quotes"
	ConfigWantBool   Key = "config.want.bool"
	ConfigWantNumber Key = "config.want.number"
	ConfigWantWhole  Key = "config.want.whole"
	ConfigWantSpan   Key = "config.want.span"

	ConfigRange          Key = "config.range"
	ConfigRangeOrZero    Key = "config.range_or_zero"
	ConfigChoice         Key = "config.choice"
	ConfigPurposes       Key = "config.purposes"
	ConfigSlug           Key = "config.slug"
	ConfigTooLong        Key = "config.too_long"
	ConfigControl        Key = "config.control"
	ConfigAddress        Key = "config.address"
	ConfigPort           Key = "config.port"
	ConfigEvenPort       Key = "config.even_port"
	ConfigBroker         Key = "config.broker"
	ConfigBrokerLogin    Key = "config.broker_login"
	ConfigHome           Key = "config.home"
	ConfigSocketLong     Key = "config.socket_long"
	ConfigNeeds          Key = "config.needs"
	ConfigNeedsTLSBroker Key = "config.needs_tls_broker"

	PasswordFileUnreadable Key = "config.password_file.unreadable"
	PasswordFileOpen       Key = "config.password_file.open"
	PasswordFileEmpty      Key = "config.password_file.empty"
	PasswordFileLines      Key = "config.password_file.lines"
)

// The comments at the top of the example. Those of the settings follow in the table,
// by config.about and the key; config finds them by its tags.
const (
	AboutFile     Key = "config.about.file"
	AboutDefaults Key = "config.about.defaults"
	AboutPaths    Key = "config.about.paths"
)

var settings = table{
	ConfigUnreadable:  {"the settings cannot be read: %v: give another file with --config, or none for the defaults", "无法读取配置：%v：请用 --config 指定其他文件，或不指定以使用默认值"},
	ConfigTooLarge:    {"%s is larger than %d KiB: this is no settings file, give another one with --config", "%s 大于 %d KiB：这不是配置文件，请用 --config 指定其他文件"},
	ConfigNotUTF8:     {"the text is not UTF-8: save the file as UTF-8 (not GBK)", "文本不是 UTF-8 编码：请将文件另存为 UTF-8（不要用 GBK）"},
	ConfigLine:        {"%s line %d: %v", "%s 第 %d 行：%v"},
	ConfigSyntax:      {"not valid YAML: %s: indent with spaces and put values with special characters in quotes", "不是有效的 YAML：%s：请用空格缩进，含特殊字符的值请加引号"},
	ConfigOneDocument: {"a second document begins here: remove this and what follows", "此处开始了第二个文档：请删除此行及其后的内容"},
	ConfigNotPairs:    {"expected lines of the form KEY: VALUE, with a plain colon (not the full-width one) and a space after it", "应为 \"键: 值\" 形式的行：请用半角冒号（不是全角冒号），其后加一个空格"},
	ConfigNotSection:  {"%s is a section: write its keys on the lines below it, two spaces further in, each with a plain colon and a space after it", "%s 是一个分组：请把其中的键写在下面各行，缩进两个空格，每个键后用半角冒号并加一个空格"},
	ConfigDuplicate:   {"%s is set on line %d already: remove one of the two", "%s 已在第 %d 行设置：请删除其中一处"},
	ConfigNearest:     {"unknown key %s: did you mean %s?", "未知的键 %s：您是否想写 %s？"},
	ConfigUnknown:     {"unknown key %s: the keys here are %s", "未知的键 %s：此处可用的键有 %s"},
	ConfigSecret:      {"%s: passwords do not belong in this file: remove the line (bauta keeps the passwords of cameras and viewers encrypted in its store)", "%s：此文件中不应有密码：请删除该行（bauta 会将摄像机和观看者的密码加密保存）"},
	ConfigSecretMQTT:  {"%s: passwords do not belong in this file: write the password into a file of its own with mode 0600 and name that file in mqtt.password_file", "%s：此文件中不应有密码：请将密码写入单独的文件（权限 0600），并在 mqtt.password_file 中指明该文件"},

	ConfigWantText:   {"%s is not a text: write one value on the same line, such as %s", "%s 不是文本：请在同一行写一个值，例如 %s"},
	ConfigWantQuotes: {"%s is %s, which YAML does not take for a text: write for example %s", "%s 的值 %s 不会被 YAML 视为文本：例如可写 %s"},
	ConfigWantBool:   {"%s is %s: write true or false, without quotes", "%s 的值是 %s：请写 true 或 false，不加引号"},
	ConfigWantNumber: {"%s is %s: write a number from %s to %s, such as %s", "%s 的值是 %s：请写 %s 到 %s 之间的数，例如 %s"},
	ConfigWantWhole:  {"%s is %s: write a whole number from %s to %s, such as %s", "%s 的值是 %s：请写 %s 到 %s 之间的整数，例如 %s"},
	ConfigWantSpan:   {"%s is %s: write a span of time with its unit from %s to %s, such as %s", "%s 的值是 %s：请写 %s 到 %s 之间的时长并带单位，例如 %s"},

	ConfigRange:          {"%s is %s, outside of %s to %s: write for example %s", "%s 的值 %s 超出范围 %s 到 %s：例如可写 %s"},
	ConfigRangeOrZero:    {"%s is %s, neither 0 (no bound) nor within %s to %s: write for example %s", "%s 的值 %s 既不是 0（不限制），也不在 %s 到 %s 之间：例如可写 %s"},
	ConfigPurposes:       {"%s is %q: write lower-case words such as %s", "%s 的值是 %q：请写小写单词，例如 %s"},
	ConfigChoice:         {"%s is %q: write one of %s", "%s 的值是 %q：请写以下之一：%s"},
	ConfigSlug:           {"%s is %q: use 1 to %d of a-z, 0-9 and single dashes between them, such as %s", "%s 的值是 %q：请用 1 到 %d 个小写字母 a-z、数字 0-9，中间可用单个连字符，例如 %s"},
	ConfigTooLong:        {"%s is longer than %d bytes: write a shorter one", "%s 超过 %d 字节：请写短一些"},
	ConfigControl:        {"%s holds a line break or another control character: write it on one line", "%s 含有换行或其他控制字符：请写在一行内"},
	ConfigAddress:        {"%s is %q: write an address and a port, such as %s", "%s 的值是 %q：请写地址和端口，例如 %s"},
	ConfigPort:           {"%s is %q: its port is outside of 0 to 65535: write for example %s", "%s 的值是 %q：端口超出范围 0 到 65535：例如可写 %s"},
	ConfigEvenPort:       {"%s is %q: its port must be even and at most 65534, the next one is used too: write for example %s", "%s 的值是 %q：端口须为偶数且不大于 65534，下一个端口也会使用：例如可写 %s"},
	ConfigBroker:         {"%s is not a broker's address: write tcp://HOST:1883 or ssl://HOST:8883, or nothing for the embedded broker", "%s 不是 MQTT 服务器地址：请写成 tcp://主机:1883 或 ssl://主机:8883，留空则使用内置服务器"},
	ConfigBrokerLogin:    {"%s holds a user or password: move them to mqtt.user and mqtt.password_file", "%s 中含有用户名或密码：请移到 mqtt.user 和 mqtt.password_file"},
	ConfigHome:           {"%s is %q: \"~\" is not expanded here, write the whole path", "%s 的值是 %q：此处不会展开 \"~\"，请写完整路径"},
	ConfigSocketLong:     {"%s is %d bytes long, the system allows %d: set api.socket to a shorter path, such as /run/bauta/bauta.sock", "%s 长 %d 字节，系统最多允许 %d 字节：请将 api.socket 设为较短的路径，例如 /run/bauta/bauta.sock"},
	ConfigNeeds:          {"%s is set without %s: set both or neither", "设置了 %s 却没有设置 %s：请同时设置或都不设置"},
	ConfigNeedsTLSBroker: {"%s works with an ssl:// broker alone: set mqtt.broker to ssl://HOST:8883, or remove this line", "%s 只能与 ssl:// 服务器一起使用：请将 mqtt.broker 设为 ssl://主机:8883，或删除此行"},

	PasswordFileUnreadable: {"mqtt.password_file cannot be read: %v", "无法读取 mqtt.password_file：%v"},
	PasswordFileOpen:       {"mqtt.password_file can be read by everybody: run chmod 600 %s", "所有人都能读取 mqtt.password_file：请运行 chmod 600 %s"},
	PasswordFileEmpty:      {"mqtt.password_file is empty: write the password into %s", "mqtt.password_file 是空的：请将密码写入 %s"},
	PasswordFileLines:      {"mqtt.password_file is not one short line: write the password alone into %s", "mqtt.password_file 不是一行短文本：请只将密码写入 %s"},

	AboutFile:                              {"Settings of the Bauta privacy gateway", "Bauta 隐私网关的配置"},
	AboutDefaults:                          {"Every key may be left out; the values below are the defaults", "每个键都可以省略，以下均为默认值"},
	AboutPaths:                             {"Paths are relative to this file's folder", "相对路径以本文件所在目录为准"},
	"config.about.name":                    {"Name of this gateway in MQTT topics: a-z, 0-9 and dashes; empty: made from the host name", "本网关在 MQTT 主题中的名称：a-z、0-9 和连字符；留空：取自主机名"},
	"config.about.language":                {"Language of messages: auto (by the environment), en or zh-CN", "消息语言：auto（按系统环境）、en 或 zh-CN"},
	"config.about.data":                    {"Folder for state (cameras, keys); empty: /var/lib/bauta for a service, else ~/.local/state/bauta", "状态数据（摄像机、密钥）的目录；留空：服务用 /var/lib/bauta，否则用 ~/.local/state/bauta"},
	"config.about.rtsp.address":            {"Where viewers and recorders fetch masked streams, such as :8554 or 192.168.1.5:8554", "观看端和录像机获取已遮挡视频流的地址，例如 :8554 或 192.168.1.5:8554"},
	"config.about.rtsp.tls_address":        {"The same over TLS (RTSPS), used once a certificate is set", "经 TLS 加密的同一服务（RTSPS），设置证书后启用"},
	"config.about.rtsp.certificate":        {"Certificate for RTSPS in PEM, with its chain", "RTSPS 的证书（PEM），含证书链"},
	"config.about.rtsp.key":                {"Private key of the certificate in PEM", "证书的私钥（PEM）"},
	"config.about.rtsp.udp":                {"Offer UDP beside TCP", "除 TCP 外也提供 UDP 传输"},
	"config.about.rtsp.udp_address":        {"Port for UDP, an even one; the next one is used too", "UDP 端口，须为偶数；下一个端口也会使用"},
	"config.about.rtsp.anonymous":          {"Let anyone watch without a login; this is reported as a weakness", "允许任何人无需登录观看；会作为薄弱点上报"},
	"config.about.mqtt.broker":             {"MQTT broker: tcp://HOST:1883 or ssl://HOST:8883; empty: the embedded broker", "MQTT 服务器：tcp://主机:1883 或 ssl://主机:8883；留空：使用内置服务器"},
	"config.about.mqtt.embedded_address":   {"Where the embedded broker listens, such as :1883; other machines need a login", "内置 MQTT 服务器的监听地址，例如 :1883；其他机器须登录"},
	"config.about.mqtt.user":               {"User at the broker", "MQTT 服务器的用户名"},
	"config.about.mqtt.password_file":      {"File of mode 0600 with the password at the broker, on one line", "保存 MQTT 服务器密码的文件（权限 0600），密码占一行"},
	"config.about.mqtt.ca_file":            {"Certificates in PEM that may vouch for an ssl:// broker; empty: the system's", "可信任的 ssl:// 服务器根证书（PEM）；留空：使用系统证书"},
	"config.about.mqtt.cert_file":          {"Client certificate for an ssl:// broker in PEM; of the embedded broker its own, for TLS", "连接 ssl:// 服务器的客户端证书（PEM）；使用内置服务器时为其自身的 TLS 证书"},
	"config.about.mqtt.key_file":           {"Private key of that certificate in PEM", "该证书的私钥（PEM）"},
	"config.about.mqtt.heartbeat":          {"Time between two repetitions of all states: 5s to 10m", "重复发布全部状态的间隔：5s 到 10m"},
	"config.about.mqtt.home_assistant":     {"Announce the gateway and its cameras to Home Assistant", "向 Home Assistant 通告本网关及其摄像机"},
	"config.about.worker.binary":           {"The bauta-worker program; empty: beside bauta", "bauta-worker 程序；留空：与 bauta 同一目录"},
	"config.about.worker.models":           {"Ignored: the face model is part of bauta-worker", "已忽略：人脸模型内置于 bauta-worker"},
	"config.about.worker.mask":             {"How faces are masked: blur, mosaic or solid", "人脸遮挡方式：blur（模糊）、mosaic（马赛克）或 solid（纯色）"},
	"config.about.worker.look_ahead":       {"How long a picture waits, so that a face is masked from its first frame on: 0s to 1s", "画面等待时间，使人脸从首帧起即被遮挡：0s 到 1s"},
	"config.about.worker.accelerator":      {"What decodes and encodes: auto (what a trial at the start finds best), none (software), or vaapi, nvidia, jetson, rkmpp, v4l2m2m", "视频编解码方式：auto（启动时试用后择优）、none（软件），或 vaapi、nvidia、jetson、rkmpp、v4l2m2m"},
	"config.about.worker.rate_cap":         {"Highest bitrate of a masked stream as a multiple of the camera's: 0.2 to 10; 0: no bound", "已遮挡视频流的最高码率，为摄像机码率的倍数：0.2 到 10；0：不限制"},
	"config.about.console.address":         {"Where the web console and the API listen over HTTPS, such as :8443 or 192.168.1.5:8443; empty: no console", "网页控制台和 API 的 HTTPS 监听地址，例如 :8443 或 192.168.1.5:8443；留空：不启用控制台"},
	"config.about.console.certificate":     {"Certificate of the console in PEM, with its chain; empty: the gateway makes its own", "控制台的证书（PEM），含证书链；留空：网关自行生成"},
	"config.about.console.key":             {"Private key of that certificate in PEM", "该证书的私钥（PEM）"},
	"config.about.api.socket":              {"Socket for local administration; empty: bauta.sock in the data folder", "本机管理用的套接字；留空：数据目录中的 bauta.sock"},
	"config.about.limits.cameras":          {"Most cameras on this box: 1 to 256", "本机最多的摄像机数：1 到 256"},
	"config.about.consent.purposes":        {"Purposes that consent tokens may name: lower-case words, parted by commas", "同意令牌可以注明的用途：小写单词，以逗号分隔"},
	"config.about.consent.max_days":        {"Longest life of a consent token in days: 1 to 3650", "同意令牌的最长有效天数：1 到 3650"},
	"config.about.consent.quarantine_days": {"Days that a badge rests before another person may wear it: 0 to 3650", "胸牌换人佩戴前须停用的天数：0 到 3650"},
	"config.about.policy.pack":             {"Rules that add to those of where the site lies: cn-2025, cn-2023-draft, cn-shenzhen-draft or eu-gdpr", "在场所所在地规则之外对照的规则包：cn-2025、cn-2023-draft、cn-shenzhen-draft 或 eu-gdpr"},
}
