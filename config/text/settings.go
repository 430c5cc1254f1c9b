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
	OutputSizeUnknown    Key = "config.output_size"
	SubStreamUnknown     Key = "config.sub_stream"
	ConfigPurposes       Key = "config.purposes"
	ConfigHosts          Key = "config.hosts"
	ConfigICEServers     Key = "config.ice_servers"
	ConfigInterfaces     Key = "config.interfaces"
	ConfigSlug           Key = "config.slug"
	ConfigTopic          Key = "config.topic"
	ConfigWord           Key = "config.word"
	ConfigSnapshots      Key = "config.snapshots"
	ConfigTooLong        Key = "config.too_long"
	ConfigControl        Key = "config.control"
	ConfigAddress        Key = "config.address"
	ConfigPort           Key = "config.port"
	ConfigEvenPort       Key = "config.even_port"
	ConfigBroker         Key = "config.broker"
	ConfigBrokers        Key = "config.brokers"
	ConfigPrefix         Key = "config.prefix"
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
	SubStreamUnknown:     {"there is no sub-stream of size %q with %d frames a second: use auto, half or quarter, and 1 to %d", "没有画面尺寸 %q、每秒 %d 帧的子码流：尺寸请用 auto、half（一半）或 quarter（四分之一），帧率为 1 到 %d"},
	OutputSizeUnknown:    {"%s is %q: write auto, full, half, or a size from 96x96 to 7680x4320 such as 3840x2160", "%s 的值是 %q：请写 auto（自动）、full（原尺寸）、half（减半），或 96x96 到 7680x4320 之间的尺寸，例如 3840x2160"},
	ConfigChoice:         {"%s is %q: write one of %s", "%s 的值是 %q：请写以下之一：%s"},
	ConfigHosts:          {"%s: %q is neither an IP address nor a host name: write for example %s", "%s：%q 既不是 IP 地址也不是主机名：例如写成 %s"},
	ConfigICEServers:     {"%s: %q is no STUN or TURN server: write for example %s", "%s：%q 不是 STUN 或 TURN 服务器：例如写成 %s"},
	ConfigInterfaces:     {"%s: %q cannot be a network interface: write for example %s", "%s：%q 不是网络接口名：例如写成 %s"},
	ConfigSlug:           {"%s is %q: use 1 to %d of a-z, 0-9 and single dashes between them, such as %s", "%s 的值是 %q：请用 1 到 %d 个小写字母 a-z、数字 0-9，中间可用单个连字符，例如 %s"},
	ConfigTopic:          {"%s is %q: write at most %d bytes of levels parted by /, of a-z, A-Z, 0-9, dashes, underscores and dots, the first of them not bauta, such as %s", "%s 的值是 %q：请写不超过 %d 字节、以 / 分隔的层级，可用英文字母、数字、连字符、下划线和点，第一层不能是 bauta，例如 %s"},
	ConfigWord:           {"%s is %q: write 1 to 64 of a-z, A-Z, 0-9, dashes, underscores and dots, such as %s", "%s 的值是 %q：请写 1 到 64 个英文字母、数字、连字符、下划线或点，例如 %s"},
	ConfigSnapshots:      {"%s is %q: write off, or a span of time with its unit from %s to %s, such as 10s", "%s 的值是 %q：请写 \"off\"（关闭），或 %s 到 %s 之间带单位的时长，例如 10s"},
	ConfigTooLong:        {"%s is longer than %d bytes: write a shorter one", "%s 超过 %d 字节：请写短一些"},
	ConfigControl:        {"%s holds a line break or another control character: write it on one line", "%s 含有换行或其他控制字符：请写在一行内"},
	ConfigAddress:        {"%s is %q: write an address and a port, such as %s", "%s 的值是 %q：请写地址和端口，例如 %s"},
	ConfigPort:           {"%s is %q: its port is outside of 0 to 65535: write for example %s", "%s 的值是 %q：端口超出范围 0 到 65535：例如可写 %s"},
	ConfigEvenPort:       {"%s is %q: its port must be even and at most 65534, the next one is used too: write for example %s", "%s 的值是 %q：端口须为偶数且不大于 65534，下一个端口也会使用：例如可写 %s"},
	ConfigBroker:         {"%s is not a broker's address: write tcp://HOST:1883 or ssl://HOST:8883, or nothing for the embedded broker", "%s 不是 MQTT 服务器地址：请写成 tcp://主机:1883 或 ssl://主机:8883，留空则使用内置服务器"},
	ConfigBrokers:        {"%s has more than %d addresses: name fewer", "%s 中的地址超过 %d 个：请减少"},
	ConfigPrefix:         {"%s is %q: use up to %d levels of a-z, 0-9 and single dashes parted by /, %d bytes in all, such as %s", "%s 为 %q：最多 %d 级，以 / 分隔，每级只用 a-z、0-9 和单个连字符，总长不超过 %d 字节，例如 %s"},
	ConfigBrokerLogin:    {"%s holds a user or password: move them to mqtt.user and mqtt.password_file", "%s 中含有用户名或密码：请移到 mqtt.user 和 mqtt.password_file"},
	ConfigHome:           {"%s is %q: \"~\" is not expanded here, write the whole path", "%s 的值是 %q：此处不会展开 \"~\"，请写完整路径"},
	ConfigSocketLong:     {"%s is %d bytes long, the system allows %d: set api.socket to a shorter path, such as /run/bauta/bauta.sock", "%s 长 %d 字节，系统最多允许 %d 字节：请将 api.socket 设为较短的路径，例如 /run/bauta/bauta.sock"},
	ConfigNeeds:          {"%s is set without %s: set both or neither", "设置了 %s 却没有设置 %s：请同时设置或都不设置"},
	ConfigNeedsTLSBroker: {"%s works with an ssl:// broker alone: set mqtt.broker to ssl://HOST:8883, or remove this line", "%s 只能与 ssl:// 服务器一起使用：请将 mqtt.broker 设为 ssl://主机:8883，或删除此行"},

	PasswordFileUnreadable: {"mqtt.password_file cannot be read: %v", "无法读取 mqtt.password_file：%v"},
	PasswordFileOpen:       {"mqtt.password_file can be read by everybody: run chmod 600 %s", "所有人都能读取 mqtt.password_file：请运行 chmod 600 %s"},
	PasswordFileEmpty:      {"mqtt.password_file is empty: write the password into %s", "mqtt.password_file 是空的：请将密码写入 %s"},
	PasswordFileLines:      {"mqtt.password_file is not one short line: write the password alone into %s", "mqtt.password_file 不是一行短文本：请只将密码写入 %s"},

	AboutFile:                                {"Settings of the Bauta privacy gateway", "Bauta 隐私网关的配置"},
	AboutDefaults:                            {"Every key may be left out; the values below are the defaults", "每个键都可以省略，以下均为默认值"},
	AboutPaths:                               {"Paths are relative to this file's folder", "相对路径以本文件所在目录为准"},
	"config.about.name":                      {"Name of this gateway in MQTT topics: a-z, 0-9 and dashes; empty: made from the host name", "本网关在 MQTT 主题中的名称：a-z、0-9 和连字符；留空：取自主机名"},
	"config.about.language":                  {"Language of messages: auto (by the environment), en or zh-CN", "消息语言：auto（按系统环境）、en 或 zh-CN"},
	"config.about.data":                      {"Folder for state (cameras, keys); empty: /var/lib/bauta for a service, else ~/.local/state/bauta", "状态数据（摄像机、密钥）的目录；留空：服务用 /var/lib/bauta，否则用 ~/.local/state/bauta"},
	"config.about.rtsp.address":              {"Where viewers and recorders fetch masked streams, such as :8554 or 192.168.1.5:8554", "观看端和录像机获取已遮挡视频流的地址，例如 :8554 或 192.168.1.5:8554"},
	"config.about.rtsp.tls_address":          {"The same over TLS (RTSPS), used once a certificate is set", "经 TLS 加密的同一服务（RTSPS），设置证书后启用"},
	"config.about.rtsp.certificate":          {"Certificate for RTSPS in PEM, with its chain", "RTSPS 的证书（PEM），含证书链"},
	"config.about.rtsp.key":                  {"Private key of the certificate in PEM", "证书的私钥（PEM）"},
	"config.about.rtsp.udp":                  {"Offer UDP beside TCP", "除 TCP 外也提供 UDP 传输"},
	"config.about.rtsp.udp_address":          {"Port for UDP, an even one; the next one is used too", "UDP 端口，须为偶数；下一个端口也会使用"},
	"config.about.rtsp.anonymous":            {"Let anyone watch without a login; this is reported as a weakness", "允许任何人无需登录观看；会作为薄弱点上报"},
	"config.about.mqtt.broker":               {"MQTT broker: tcp://HOST:1883 or ssl://HOST:8883, or a list of several, tried in turn; empty: the embedded broker", "MQTT 服务器：tcp://主机:1883 或 ssl://主机:8883，也可以是依次尝试的多个地址的列表；留空：使用内置服务器"},
	"config.about.mqtt.prefix":               {"What all topics begin with, for several tenants at one broker: levels of a-z, 0-9 and dashes, parted by /", "所有主题的前缀，用于多个租户共用一台 MQTT 服务器：各级只用 a-z、0-9 和连字符，以 / 分隔"},
	"config.about.mqtt.embedded_address":     {"Where the embedded broker listens, such as :1883; other machines need a login", "内置 MQTT 服务器的监听地址，例如 :1883；其他机器须登录"},
	"config.about.mqtt.user":                 {"User at the broker", "MQTT 服务器的用户名"},
	"config.about.mqtt.password_file":        {"File of mode 0600 with the password at the broker, on one line", "保存 MQTT 服务器密码的文件（权限 0600），密码占一行"},
	"config.about.mqtt.ca_file":              {"Certificates in PEM that may vouch for an ssl:// broker; empty: the system's", "可信任的 ssl:// 服务器根证书（PEM）；留空：使用系统证书"},
	"config.about.mqtt.cert_file":            {"Client certificate for an ssl:// broker in PEM; of the embedded broker its own, for TLS", "连接 ssl:// 服务器的客户端证书（PEM）；使用内置服务器时为其自身的 TLS 证书"},
	"config.about.mqtt.key_file":             {"Private key of that certificate in PEM", "该证书的私钥（PEM）"},
	"config.about.mqtt.heartbeat":            {"Time between two repetitions of all states: 5s to 10m", "重复发布全部状态的间隔：5s 到 10m"},
	"config.about.mqtt.home_assistant":       {"Announce the gateway and its cameras to Home Assistant", "向 Home Assistant 通告本网关及其摄像机"},
	"config.about.mqtt.discovery_prefix":     {"Prefix of Home Assistant's discovery, as it is set there", "Home Assistant 自动发现的主题前缀，须与其中的设置一致"},
	"config.about.mqtt.birth_topic":          {"Topic on which Home Assistant says that it has started; empty: status below the prefix", "Home Assistant 报告已启动的主题；留空：前缀下的 status"},
	"config.about.mqtt.birth_payload":        {"What Home Assistant says there", "Home Assistant 在该主题上发布的内容"},
	"config.about.mqtt.snapshots":            {"Publish masked pictures of the cameras: off, or how often, 5s to 1h; whoever may read the topics sees them", "发布摄像机的已遮挡画面：\"off\"（关闭），或发布间隔 5s 到 1h；凡可读取这些主题者均能看到画面"},
	"config.about.worker.binary":             {"The bauta-worker program; empty: beside bauta", "bauta-worker 程序；留空：与 bauta 同一目录"},
	"config.about.worker.models":             {"Ignored: the face model is part of bauta-worker", "已忽略：人脸模型内置于 bauta-worker"},
	"config.about.worker.mask":               {"How faces are masked: blur, mosaic or solid", "人脸遮挡方式：blur（模糊）、mosaic（马赛克）或 solid（纯色）"},
	"config.about.worker.look_ahead":         {"How long a picture waits, so that a face is masked from its first frame on: 0s to 1s", "画面等待时间，使人脸从首帧起即被遮挡：0s 到 1s"},
	"config.about.worker.accelerator":        {"What decodes and encodes: auto (what a trial at the start finds best), none (software), or vaapi, nvidia, jetson, rkmpp, v4l2m2m", "视频编解码方式：auto（启动时试用后择优）、none（软件），或 vaapi、nvidia、jetson、rkmpp、v4l2m2m"},
	"config.about.worker.rate_cap":           {"Highest bitrate of a masked stream as a multiple of the camera's: 0.2 to 10; 0: no bound", "已遮挡视频流的最高码率，为摄像机码率的倍数：0.2 到 10；0：不限制"},
	"config.about.output.max_size":           {"Largest size of a masked stream: auto (the camera's; half of it where the box cannot keep up with more than 4096 pixels), full, half, or one such as 3840x2160", "已遮挡视频流的最大画面尺寸：auto（与摄像机相同；画面边长超过 4096 像素而主机处理能力不足时减半）、full（原尺寸）、half（减半），或具体尺寸，例如 3840x2160"},
	"config.about.output.sub_size":           {"Size of the sub-streams for walls and phones, which are made only while somebody watches them: half, quarter, or auto (half of up to 1280 pixels, a quarter of more)", "子码流（供电视墙和手机使用，仅在有人观看时生成）的画面尺寸：half（一半）、quarter（四分之一）或 auto（1280 像素以内为一半，更大则为四分之一）"},
	"config.about.output.sub_fps":            {"Most frames a second of a sub-stream: 1 to 30", "子码流的最高帧率：每秒 1 到 30 帧"},
	"config.about.webrtc.udp_address":        {"One UDP port for all browsers that watch, such as :8189, for boxes behind NAT and in containers; empty: each gets one of its own", "所有浏览器观看共用的 UDP 端口，例如 :8189，用于 NAT 之后或容器中的网关；留空：各用各的端口"},
	"config.about.webrtc.tcp_address":        {"One TCP port for browsers whose network lets no UDP through, such as :8189; empty: none", "供无法使用 UDP 的浏览器观看的 TCP 端口，例如 :8189；留空：不提供"},
	"config.about.webrtc.public_addresses":   {"Addresses or host names under which browsers reach these ports from elsewhere, parted by commas; empty: the box's own addresses alone", "浏览器从外部访问上述端口所用的地址或主机名，以逗号分隔；留空：仅本机地址"},
	"config.about.webrtc.ice_servers":        {"STUN and TURN servers for browsers and gateway; a list of stun: and turn: addresses, parted by commas; empty: none", "浏览器和网关使用的 STUN 和 TURN 服务器，以逗号分隔；留空：不使用"},
	"config.about.webrtc.turn_user":          {"User at the TURN servers", "TURN 服务器的用户名"},
	"config.about.webrtc.turn_password_file": {"File of mode 0600 with the password at the TURN servers, on one line; whoever watches is given it", "保存 TURN 服务器密码的文件（权限 0600），密码占一行；观看者会得到该密码"},
	"config.about.onvif.address":             {"Where recorders find the masked cameras by ONVIF, such as :8580; empty: nowhere", "录像机通过 ONVIF 发现已遮挡摄像机的监听地址，例如 :8580；留空：不提供"},
	"config.about.onvif.interfaces":          {"Network interfaces on which the search of ONVIF recorders is answered, parted by commas, such as eth0; empty: on none", "响应 ONVIF 录像机搜索的网络接口，以逗号分隔，例如 eth0；留空：均不响应"},
	"config.about.console.address":           {"Where the web console and the API listen over HTTPS, such as :8443 or 192.168.1.5:8443; empty: no console", "网页控制台和 API 的 HTTPS 监听地址，例如 :8443 或 192.168.1.5:8443；留空：不启用控制台"},
	"config.about.console.certificate":       {"Certificate of the console in PEM, with its chain; empty: the gateway makes its own", "控制台的证书（PEM），含证书链；留空：网关自行生成"},
	"config.about.console.key":               {"Private key of that certificate in PEM", "该证书的私钥（PEM）"},
	"config.about.api.socket":                {"Socket for local administration; empty: bauta.sock in the data folder", "本机管理用的套接字；留空：数据目录中的 bauta.sock"},
	"config.about.limits.cameras":            {"Most cameras on this box: 1 to 256", "本机最多的摄像机数：1 到 256"},
	"config.about.consent.purposes":          {"Purposes that consent tokens may name: lower-case words, parted by commas", "同意令牌可以注明的用途：小写单词，以逗号分隔"},
	"config.about.consent.max_days":          {"Longest life of a consent token in days: 1 to 3650", "同意令牌的最长有效天数：1 到 3650"},
	"config.about.consent.fresh_days":        {"Days after which an issuer's consents show nobody unless the issuer proves that nothing was withdrawn meanwhile: 0 asks for no proof, 7 suits several gateways at one broker; 0 to 365", "签发方超过多少天未证明没有新的撤回，其同意便不再显示任何人：0 表示不要求证明，多台网关共用一个 MQTT 服务器时宜为 7；0 到 365"},
	"config.about.consent.quarantine_days":   {"Days that a badge rests before another person may wear it: 0 to 3650", "胸牌换人佩戴前须停用的天数：0 到 3650"},
	"config.about.sealed.folder":             {"Where sealed originals are kept: a disk or a mounted share; empty: sealed in the data folder", "加密原始录像的存放位置：磁盘或已挂载的共享目录；留空：数据目录中的 sealed"},
	"config.about.sealed.quota_gb":           {"Most gigabytes for them; 0: what the disk has, but for half a gigabyte", "可占用的最大空间（千兆字节）；0：磁盘可用空间，保留半个千兆字节"},
	"config.about.policy.pack":               {"Rules that add to those of where the site lies: cn-2025, cn-2023-draft, cn-shenzhen-draft or eu-gdpr", "在场所所在地规则之外对照的规则包：cn-2025、cn-2023-draft、cn-shenzhen-draft 或 eu-gdpr"},
}

// What goes wrong with the store of cameras and settings. No argument ever
// holds a password.
const (
	StoreFolder     Key = "store.folder"
	StoreFolderOpen Key = "store.folder_open"
	StoreOpen       Key = "store.open"
	StoreNoRoom     Key = "store.no_room"
	StoreLocked     Key = "store.locked"
	StoreNewer      Key = "store.newer"
	StoreDamaged    Key = "store.damaged"
	StoreForeign    Key = "store.foreign"
	StoreMigration  Key = "store.migration"
	StoreOlder      Key = "store.older"
	StoreOlderNow   Key = "store.older.now"
	OlderByFile     Key = "store.older.file"
	OlderByBroker   Key = "store.older.broker"
	OlderByTPM      Key = "store.older.tpm"
	OlderMissing    Key = "store.older.missing"
	OlderForeign    Key = "store.older.foreign"
	OlderNot        Key = "store.older.not"
	OlderAccepted   Key = "store.older.accepted"
	OlderAsk        Key = "store.older.ask"
	OlderRefused    Key = "store.older.refused"
	StoreSave       Key = "store.save"
	StoreUnstored   Key = "store.unstored"
	StoreBehind     Key = "store.behind"
	StoreNoUpdate   Key = "store.no_update"
	StoreUndone     Key = "store.undone"
	StoreNotUndone  Key = "store.not_undone"
	StoreNoSetting  Key = "store.no_setting"
	StoreSealed     Key = "store.sealed"
	StoreEntry      Key = "store.entry"

	StoreKeyMissing    Key = "store.key.missing"
	StoreKeyWrong      Key = "store.key.wrong"
	StoreKeyOpen       Key = "store.key.open"
	StoreKeyBroken     Key = "store.key.broken"
	StoreKeyUnreadable Key = "store.key.unreadable"
	StoreKeyNotMade    Key = "store.key.not_made"

	StoreFieldLong    Key = "store.field.long"
	StoreFieldControl Key = "store.field.control"
	StoreURL          Key = "store.url"
	StoreURLLogin     Key = "store.url_login"
	StoreFingerprint  Key = "store.fingerprint"
	StoreSettingName  Key = "store.setting_name"

	// The words for a camera's fields in the messages above.
	FieldName    Key = "store.field.name"
	FieldGroup   Key = "store.field.group"
	FieldAddress Key = "store.field.address"
	// Of a camera's own settings, as refusals name them.
	FieldTransport Key = "store.field.transport"
	FieldMask      Key = "store.field.mask"
	FieldMaxSize   Key = "store.field.max_size"
	FieldAhead     Key = "store.field.look_ahead"
	FieldRateCap   Key = "store.field.rate_cap"
	FieldUser      Key = "store.field.user"
	FieldPassword  Key = "store.field.password"
	FieldSetting   Key = "store.field.setting"
)

var storage = table{
	StoreFolder:     {"the data folder %s cannot be used: %v: choose another with --data, or mend its owner and mode", "无法使用数据目录 %s：%v：请用 --data 指定其他目录，或修正其所有者和权限"},
	StoreFolderOpen: {"others may write to the data folder %s: run chmod go-w %s, or choose another folder with --data", "其他用户可以写入数据目录 %s：请运行 chmod go-w %s，或用 --data 指定其他目录"},
	StoreOpen:       {"the store %s cannot be opened: %v: run bauta as the user that owns it", "无法打开数据库 %s：%v：请以其所有者的身份运行 bauta"},
	StoreNoRoom:     {"no space left for the store in %s: free some space there, then start bauta again; nothing is lost", "%s 中没有剩余空间存放数据库：请清理空间，然后重新启动 bauta；数据不会丢失"},
	StoreLocked:     {"another bauta uses %s: stop it (systemctl stop bauta), or give this one another folder with --data", "另一个 bauta 正在使用 %s：请先停止它（systemctl stop bauta），或用 --data 指定其他目录"},
	StoreNewer:      {"%s was written by a newer bauta (schema %d, this one knows up to %d): install that version again; nothing was changed", "%s 由更新版本的 bauta 写入（结构版本 %d，本程序最高支持 %d）：请重新安装该版本；未作任何改动"},
	StoreDamaged:    {"%s is damaged (%v) and was left as it is: put a backup in its place with bauta restore FILE, or stop bauta, run mv %s %s.damaged and add the cameras again", "%s 已损坏（%v），未作任何改动：请用 bauta restore 文件 恢复备份，或停止 bauta，运行 mv %s %s.damaged 后重新添加摄像机"},
	StoreForeign:    {"%s is a database of another program and was left as it is: give another folder with --data", "%s 是其他程序的数据库，未作任何改动：请用 --data 指定其他目录"},
	StoreMigration:  {"%s could not be brought from schema %d to %d and is as it was: %v: install the earlier version again and report this", "%s 无法从结构版本 %d 升级到 %d，已保持原样：%v：请重新安装先前的版本并报告此问题"},
	StoreNoUpdate:   {"%s holds no unfinished update, or something was stored since: to go back, run bauta restore with a backup", "%s 没有未完成的升级，或者此后已写入数据：如需恢复到更早的状态，请用备份运行 bauta restore"},
	StoreUndone:     {"the update is undone: the earlier version opens the store again; what the update had made of it is kept as %s", "升级已撤销：先前的版本可以重新打开数据库；升级后的数据库保存为 %s"},
	StoreNotUndone:  {"the update could not be undone: %v: run bauta restore --undo-update before installing the earlier version", "无法撤销升级：%v：安装先前的版本之前，请运行 bauta restore --undo-update"},
	StoreOlder:      {"the store may be an older one than this gateway had: %v", "数据库可能早于本网关曾使用的版本：%v"},
	StoreOlderNow:   {"%v; nobody is shown and all pictures are hidden: restore the newest backup with bauta restore FILE, or, if you know why, take the store as it is with bauta restore --accept-older", "%v；目前不显示任何人，所有画面均被遮挡：请用 bauta restore 文件 恢复最新备份；若已知原因，可用 bauta restore --accept-older 使用现有数据库"},
	OlderByFile:     {"the anchor in another folder is ahead of it", "另一目录中的锚点比它更新"},
	OlderByBroker:   {"the anchor at the MQTT broker is ahead of it", "MQTT 服务器上的锚点比它更新"},
	OlderByTPM:      {"the counter in the TPM is ahead of it", "TPM 中的计数器比它更新"},
	OlderMissing:    {"the anchors that it had in another folder are gone", "它在另一目录中的锚点已丢失"},
	OlderForeign:    {"the anchor in another folder is of another gateway", "另一目录中的锚点属于其他网关"},
	OlderNot:        {"the store is no older one: there is nothing to accept", "数据库并非旧版本：无需确认"},
	OlderAccepted:   {"the store is taken as it is: look at the zones of all cameras, and withdraw again what was withdrawn since", "已采用现有数据库：请检查所有摄像机的区域，并再次撤回此后撤回过的同意"},
	OlderRefused:    {"nothing was changed: only the word yes takes the store as it is", "未作任何改动：只有输入 yes 才会采用现有数据库"},
	OlderAsk:        {"consents that were withdrawn and private zones may be other than they were. Take the store as it is? Type yes", "已撤回的同意和完全遮盖的区域可能与先前不同。采用现有数据库？请输入 yes"},
	StoreUnstored:   {"masked, not yet stored: the disk does not answer; it is written once the disk is back, and lost if the gateway ends before", "已遮挡，尚未保存：磁盘没有响应；磁盘恢复后会写入，若网关在此之前停止则会丢失"},
	StoreBehind:     {"masked, but not kept: %d changes wait for the disk already: try again once it answers", "已遮挡，但未保存：已有 %d 项更改在等待磁盘：请在磁盘恢复后重试"},
	StoreSave:       {"%v could not be saved: %v: make sure that the data folder has room and can be written", "无法保存 %v：%v：请确认数据目录有剩余空间且可以写入"},
	StoreNoSetting:  {"there is no setting %s", "没有设置项 %s"},
	StoreSealed:     {"%s is damaged, or was changed outside of bauta, and cannot be decrypted: remove it and enter it again", "%s 已损坏或被 bauta 以外的程序改动，无法解密：请删除后重新录入"},
	StoreEntry:      {"%s is damaged and cannot be read: %v: remove it and enter it again", "%s 已损坏，无法读取：%v：请删除后重新录入"},

	StoreKeyMissing:    {"the key %s is missing, without it the passwords in %s cannot be read: put the key back from a backup, or run mv %s %s.locked and add the cameras again; nothing was deleted", "缺少密钥 %s，没有它就无法读取 %s 中的密码：请从备份恢复该密钥，或运行 mv %s %s.locked 后重新添加摄像机；未删除任何数据"},
	StoreKeyWrong:      {"the key %s does not belong to %s: put back the key that does; nothing was changed", "密钥 %s 与 %s 不匹配：请恢复与之匹配的密钥；未作任何改动"},
	StoreKeyOpen:       {"others may read the key %s: run chmod 600 %s", "其他用户可以读取密钥 %s：请运行 chmod 600 %s"},
	StoreKeyBroken:     {"the key %s does not hold 64 hexadecimal digits: put it back from a backup", "密钥 %s 的内容不是 64 位十六进制数字：请从备份恢复"},
	StoreKeyUnreadable: {"the key %s cannot be read: %v: run bauta as the user that owns it", "无法读取密钥 %s：%v：请以其所有者的身份运行 bauta"},
	StoreKeyNotMade:    {"the key %s cannot be made: %v: make sure that its folder can be written", "无法创建密钥 %s：%v：请确认其所在目录可以写入"},

	StoreFieldLong:    {"the %s is longer than %d bytes: give a shorter one", "%s 超过 %d 字节：请缩短"},
	StoreFieldControl: {"the %s holds a line break, another control character or broken text: enter it on one line in UTF-8", "%s 含有换行、控制字符或乱码：请以 UTF-8 在一行内输入"},
	StoreURL:          {"the camera's address is not understood: write rtsp://ADDRESS:554/PATH or rtsps://ADDRESS:322/PATH, through a tunnel rtsp+http://ADDRESS/PATH", "无法识别摄像机地址：请写成 rtsp://地址:554/路径 或 rtsps://地址:322/路径，使用隧道时写成 rtsp+http://地址/路径"},
	StoreURLLogin:     {"the camera's address holds a user or password: give them apart from it", "摄像机地址中含有用户名或密码：请与地址分开填写"},
	StoreFingerprint:  {"the fingerprint is not the SHA-256 of a certificate: write its 64 hexadecimal digits in lower case, without colons", "指纹不是证书的 SHA-256：请写 64 位小写十六进制数字，不带冒号"},
	StoreSettingName:  {"%q is no name of a setting: use 1 to %d of a-z, 0-9, dots and dashes", "%q 不是设置项的名称：请用 1 到 %d 个小写字母 a-z、数字 0-9、点或连字符"},

	FieldName:      {"camera's name", "摄像机名称"},
	FieldGroup:     {"group of a camera", "摄像机分组"},
	FieldAddress:   {"camera's address", "摄像机地址"},
	FieldTransport: {"transport", "传输方式"},
	FieldMask:      {"mask", "遮挡方式"},
	FieldMaxSize:   {"largest size", "最大画面尺寸"},
	FieldAhead:     {"look-ahead", "预读时间"},
	FieldRateCap:   {"rate cap", "码率上限倍数"},
	FieldUser:      {"user", "用户名"},
	FieldPassword:  {"password", "密码"},
	FieldSetting:   {"setting", "设置项"},
}

// Backups, restores and what runs in the place of a damaged store.
const (
	BackupHead          Key = "backup.head"
	BackupForeign       Key = "backup.foreign"
	BackupBroken        Key = "backup.broken"
	BackupKeyOther      Key = "backup.key.other"
	BackupKeyCredential Key = "backup.key.credential"

	BackupWritten      Key = "backup.written"
	BackupNoKey        Key = "backup.no_key"
	BackupPassphrase   Key = "backup.passphrase"
	BackupAgain        Key = "backup.passphrase.again"
	BackupDiffer       Key = "backup.passphrase.differ"
	BackupShort        Key = "backup.passphrase.short"
	BackupWrong        Key = "backup.passphrase.wrong"
	BackupRestored     Key = "backup.restored"
	BackupHeld         Key = "backup.held"
	BackupKept         Key = "backup.kept"
	BackupSalvaged     Key = "backup.salvaged"
	BackupNotRestored  Key = "backup.not_restored"
	BackupNoReturn     Key = "backup.no_return"
	BackupBusy         Key = "backup.busy"
	BackupWrongOne     Key = "backup.passphrase.wrong_one"
	BackupNoPassphrase Key = "backup.passphrase.none"
	BackupNoRoom       Key = "backup.no_room"
	BackupGone         Key = "backup.gone"
	BackupFolder       Key = "backup.folder"
	BackupClosed       Key = "backup.closed"
	BackupEvery        Key = "backup.every"
	BackupKeep         Key = "backup.keep"
	BackupByPassword   Key = "backup.by_password"
	BackupPlanUser     Key = "backup.user_only"

	StoreSafeMode  Key = "store.withheld"
	StoreBrokeDown Key = "store.broke_down"
	StatusSafeMode Key = "cli.status.withheld"
	StatusProblem  Key = "cli.status.problem"
)

var backups = table{
	BackupHead:          {"the backup", "备份"},
	BackupForeign:       {"this is no backup of bauta: give a file that bauta backup made", "这不是 bauta 的备份：请使用 bauta backup 生成的文件"},
	BackupBroken:        {"the backup is damaged (%v): use another one; nothing was changed", "备份已损坏（%v）：请使用其他备份；未作任何改动"},
	BackupKeyOther:      {"the backup was made without its key, and %s does not fit it: put that box's key there, or use a backup made with --seal; nothing was changed", "该备份不含密钥，而 %s 与其不匹配：请放回原主机的密钥，或使用以 --seal 生成的备份；未作任何改动"},
	BackupKeyCredential: {"the backup has another key than the systemd credential %s, which bauta cannot change: give the service the backup's key first; nothing was changed", "备份的密钥与 systemd 凭据 %s 不同，bauta 无法更改该凭据：请先为服务配置备份所用的密钥；未作任何改动"},

	BackupWritten:      {"%s written: %d KiB, proved whole", "已写入 %s：%d KiB，已验证完整"},
	BackupNoKey:        {"passwords in it open with this box's key only: keep a copy of %s apart, or make the backup with --seal", "其中的密码只能用本机密钥打开：请另行保存 %s，或用 --seal 生成备份"},
	BackupPassphrase:   {"passphrase of the backup", "备份口令"},
	BackupAgain:        {"the passphrase once more", "请再次输入口令"},
	BackupDiffer:       {"the two passphrases differ: try again", "两次输入的口令不一致：请重试"},
	BackupShort:        {"the passphrase is shorter than %d bytes: take some words that nobody guesses", "口令少于 %d 字节：请使用几个不易猜到的词"},
	BackupWrong:        {"%s does not open with this passphrase, or is damaged: try again, or use another backup", "无法用该口令打开 %s，或文件已损坏：请重试或使用其他备份"},
	BackupRestored:     {"restored: the backup of %s, of gateway %s", "已恢复：%s 的备份，网关 %s"},
	BackupHeld:         {"what was withdrawn since stays so: %d revocations carried over (%d consents of the backup ended), %d cameras in prohibited places, %d zones that hide something", "此后撤回的同意仍然有效：保留 %d 条撤回记录（备份中 %d 份同意随之失效），%d 台摄像机位于禁止场所，%d 个遮挡区域"},
	BackupKept:         {"the store before is kept as %s: delete it when all is well", "原数据库保留为 %s：确认无误后可删除"},
	BackupSalvaged:     {"the store before was damaged: import signed revocations again, and remove issuers, console users and API tokens again, if any of that came after the backup; look at the places of all cameras", "原数据库已损坏：如备份之后曾撤回同意，或移除签发方、控制台用户、API 令牌，请再次导入撤回声明并再次移除；请检查所有摄像机的场所"},
	BackupNotRestored:  {"the backup was not restored, all is as it was: %v", "备份未恢复，一切保持原样：%v"},
	BackupNoReturn:     {"bauta has the backup but did not come back within %v: look at its log (journalctl -u bauta)", "bauta 已收到备份，但 %v 内未恢复运行：请查看日志（journalctl -u bauta）"},
	BackupWrongOne:     {"this passphrase does not open the backup, or the file is damaged: try again, or use another backup", "该口令无法打开备份，或文件已损坏：请重试或使用其他备份"},
	BackupNoPassphrase: {"this backup is sealed: enter its passphrase", "该备份已加密：请输入口令"},
	BackupNoRoom:       {"the restore needs %d MB of room in the data folder: free some space first", "恢复备份需要数据目录有 %d 兆字节剩余空间：请先清理空间"},
	BackupGone:         {"the file that was sent is not here any more: choose it again", "已上传的文件不存在：请重新选择文件"},
	BackupFolder:       {"give a folder that is there, by its full path, on another disk than the data folder %s", "请填写已存在目录的完整路径，且不要位于数据目录 %s 中"},
	BackupClosed:       {"the gateway may not write in %s: your installer allows it by \"sudo systemctl edit bauta\" (ReadWritePaths=) and gives the folder to the user bauta", "网关没有在 %s 中写入的权限：请安装人员通过 \"sudo systemctl edit bauta\" 设置 \"ReadWritePaths=\"，并将该目录的所有者改为用户 bauta"},
	BackupEvery:        {"a backup is made each day or each week: choose one of both", "备份周期为每天或每周：请选择其一"},
	BackupKeep:         {"keep %d to %d backups", "保留份数为 %d 至 %d"},
	BackupByPassword:   {"you log in through your organisation and have no password here: have a manager with one do this, or your installer", "您通过统一登录服务登录，在此没有密码：请由有密码的管理员或安装人员操作"},
	BackupPlanUser:     {"only a person who logs in may do that, not a machine's token", "只有登录的人员可以执行此操作，不能使用设备令牌"},
	BackupBusy:         {"another restore is under way: wait for it", "另一个恢复操作正在进行：请等待其完成"},

	StoreSafeMode:  {"blocked, the store is damaged: %v", "已封锁，数据库损坏：%v"},
	StoreBrokeDown: {"the store failed while bauta was running, it begins anew without it: %v", "数据库在运行中损坏，bauta 将在不使用它的情况下重新启动：%v"},
	StatusProblem:  {"attention: %s", "注意：%s"},
	StatusSafeMode: {"bauta %s, gateway %s, blocked for %s: no camera is connected to and viewers get the slate", "bauta %s，网关 %s，已封锁 %s：不连接任何摄像机，观看者看到提示画面"},
}
