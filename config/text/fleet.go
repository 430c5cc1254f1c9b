package text

// What the fleet page and bauta dashboard say.
const (
	FleetTitle      Key = "fleet.title"
	FleetSkip       Key = "fleet.skip"
	FleetOverview   Key = "fleet.overview"
	FleetNow        Key = "fleet.now"
	FleetOf         Key = "fleet.of"
	FleetGateways   Key = "fleet.gateways"
	FleetAttention  Key = "fleet.attention"
	FleetAllGood    Key = "fleet.all_good"
	FleetShare      Key = "fleet.share"
	FleetShareHint  Key = "fleet.share_hint"
	FleetHour       Key = "fleet.hour"
	FleetHourHint   Key = "fleet.hour_hint"
	FleetNoCurve    Key = "fleet.no_curve"
	FleetClauses    Key = "fleet.clauses"
	FleetNoClauses  Key = "fleet.no_clauses"
	FleetSearch     Key = "fleet.search"
	FleetState      Key = "fleet.state"
	FleetClause     Key = "fleet.clause"
	FleetEvery      Key = "fleet.every"
	FleetShown      Key = "fleet.shown"
	FleetReset      Key = "fleet.reset"
	FleetNothing    Key = "fleet.nothing"
	FleetEmpty      Key = "fleet.empty"
	FleetOpen       Key = "fleet.open"
	FleetClose      Key = "fleet.close"
	FleetConnected  Key = "fleet.connected"
	FleetLost       Key = "fleet.lost"
	FleetPageLost   Key = "fleet.page_lost"
	FleetIgnored    Key = "fleet.ignored"
	FleetReadOnly   Key = "fleet.read_only"
	FleetCameras    Key = "fleet.cameras"
	FleetCamera     Key = "fleet.camera"
	FleetProtection Key = "fleet.protection"
	FleetFrames     Key = "fleet.pictures"
	FleetLatency    Key = "fleet.latency"
	FleetFaces      Key = "fleet.faces"
	FleetReceived   Key = "fleet.heard"
	FleetVersion    Key = "fleet.version"
	FleetPack       Key = "fleet.pack"
	FleetSince      Key = "fleet.since"
	FleetNext       Key = "fleet.next"
	FleetUnverified Key = "fleet.unverified"
	FleetGone       Key = "fleet.gone"
	FleetAge        Key = "fleet.age"
	FleetRules      Key = "fleet.rules"

	FleetBack     Key = "fleet.back"
	FleetSort     Key = "fleet.sort"
	FleetWorst    Key = "fleet.sort.worst"
	FleetByName   Key = "fleet.sort.name"
	FleetByShare  Key = "fleet.sort.share"
	FleetBySize   Key = "fleet.sort.size"
	FleetBySince  Key = "fleet.sort.since"
	FleetExport   Key = "fleet.export"
	FleetPast     Key = "fleet.past"
	FleetPastNone Key = "fleet.past.none"
	FleetWeek     Key = "fleet.week"
	FleetSite     Key = "fleet.site"
	FleetConsole  Key = "fleet.console"
	FleetGoTo     Key = "fleet.go_to"
	FleetSeen     Key = "fleet.seen"
	FleetSee      Key = "fleet.see"
	FleetSeenBy   Key = "fleet.seen_by"
	FleetNotSeen  Key = "fleet.not_seen"
	FleetWhen     Key = "fleet.when"
	FleetFrom     Key = "fleet.from"
	FleetTo       Key = "fleet.to"
	FleetNotify   Key = "fleet.told"
	FleetFullFew  Key = "fleet.bad.full"
	FleetIsGood   Key = "fleet.bad.good"

	FleetRankPapers  Key = "fleet.rank.papers"
	FleetRankFailing Key = "fleet.rank.failing"
	FleetRankGone    Key = "fleet.rank.gone"
	FleetRankSilent  Key = "fleet.rank.silent"
	FleetRankWarning Key = "fleet.rank.warning"
	FleetRankGood    Key = "fleet.rank.good"

	FleetMarkProtected Key = "fleet.mark.protected"
	FleetMarkOver      Key = "fleet.mark.over_masked"
	FleetMarkBlocked   Key = "fleet.mark.blocked"
	FleetMarkOffline   Key = "fleet.mark.offline"
	FleetMarkUnknown   Key = "fleet.mark.unknown"
	FleetMarkStale     Key = "fleet.mark.stale"

	FleetGradePass   Key = "fleet.grade.pass"
	FleetGradeOnFile Key = "fleet.grade.on_file"
	FleetGradeWarn   Key = "fleet.grade.warn"
	FleetGradeFail   Key = "fleet.grade.fail"
	FleetGradeUnsure Key = "fleet.grade.unknown"
	FleetGradeStale  Key = "fleet.grade.stale"
	FleetGradeNone   Key = "fleet.grade.none"

	FleetServed  Key = "fleet.served"
	FleetExposed Key = "fleet.exposed"
	FleetHalfTLS Key = "fleet.half_tls"

	FleetYear          Key = "fleet.year"
	FleetYearNone      Key = "fleet.year.none"
	FleetYearPart      Key = "fleet.year.part"
	FleetYearUnwatched Key = "fleet.year.unwatched"
	FleetYearExport    Key = "fleet.year.export"
	FleetYearChanges   Key = "fleet.year.changes"
	FleetYearLost      Key = "fleet.year.lost"
	FleetPassword      Key = "fleet.password"
)

// FleetPage are the texts of the page itself, by the names that its scripts use.
// A number sign in a text is where a script puts a number.
var FleetPage = map[string]Key{
	"title": FleetTitle, "skip": FleetSkip, "overview": FleetOverview, "now": FleetNow, "of": FleetOf,
	"gateways": FleetGateways, "attention": FleetAttention, "allGood": FleetAllGood, "share": FleetShare, "shareHint": FleetShareHint, "unmeasured": ShareNone,
	"hour": FleetHour, "hourHint": FleetHourHint, "noCurve": FleetNoCurve, "clauses": FleetClauses, "noClauses": FleetNoClauses,
	"search": FleetSearch, "state": FleetState, "clause": FleetClause, "every": FleetEvery, "shown": FleetShown, "reset": FleetReset,
	"nothing": FleetNothing, "empty": FleetEmpty, "open": FleetOpen, "close": FleetClose, "connected": FleetConnected, "lost": FleetLost,
	"pageLost": FleetPageLost, "ignored": FleetIgnored, "readOnly": FleetReadOnly, "cameras": FleetCameras, "camera": FleetCamera,
	"protection": FleetProtection, "pictures": FleetFrames, "latency": FleetLatency, "faces": FleetFaces, "heard": FleetReceived,
	"version": FleetVersion, "pack": FleetPack, "since": FleetSince, "next": FleetNext, "unverified": FleetUnverified,
	"gone": FleetGone, "age": FleetAge, "rules": FleetRules,
	"rank0": FleetRankFailing, "rank1": FleetRankGone, "rank2": FleetRankSilent, "rank3": FleetRankPapers, "rank4": FleetRankWarning, "rank5": FleetRankGood,
	"back": FleetBack, "sort": FleetSort, "sort.worst": FleetWorst, "sort.name": FleetByName, "sort.share": FleetByShare, "sort.size": FleetBySize, "sort.since": FleetBySince,
	"export": FleetExport, "past": FleetPast, "pastNone": FleetPastNone, "week": FleetWeek, "site": FleetSite, "goTo": FleetGoTo, "see": FleetSee, "seenBy": FleetSeenBy, "notSeen": FleetNotSeen,
	"year": FleetYear, "yearNone": FleetYearNone, "yearPart": FleetYearPart, "yearUnwatched": FleetYearUnwatched, "yearExport": FleetYearExport, "yearChanges": FleetYearChanges,
	"when": FleetWhen, "told": FleetNotify,
	"mark.p": FleetMarkProtected, "mark.o": FleetMarkOver, "mark.b": FleetMarkBlocked, "mark.f": FleetMarkOffline, "mark.u": FleetMarkUnknown, "mark.s": FleetMarkStale,
	"grade.p": FleetGradePass, "grade.d": FleetGradeOnFile, "grade.w": FleetGradeWarn, "grade.f": FleetGradeFail, "grade.u": FleetGradeUnsure, "grade.s": FleetGradeStale, "grade.-": FleetGradeNone,
}

var fleet = table{
	FleetYear:          {"The year", "过去一年"},
	FleetYearNone:      {"nothing is known of the year yet", "尚无过去一年的记录"},
	FleetYearPart:      {"# on # days", "#，共 # 天"},
	FleetYearUnwatched: {"nobody watched", "无人监视"},
	FleetYearExport:    {"All changes as a table", "以表格导出全部变化"},
	FleetYearChanges:   {"The last # of # changes", "最近 # 次变化，共 # 次"},
	FleetYearLost:      {"the history cannot be read: the log of the gateway or dashboard says why", "无法读取历史记录：原因见网关或面板的日志"},
	FleetTitle:         {"Bauta: all gateways", "Bauta：全部网关"},
	FleetSkip:          {"To the list of gateways", "跳到网关列表"},
	FleetOverview:      {"Overview", "总览"},
	FleetNow:           {"Cameras protected now", "当前受保护的摄像机"},
	FleetOf:            {"# of # cameras", "# / # 台摄像机"},
	FleetGateways:      {"Gateways", "网关"},
	FleetAttention:     {"# need attention", "# 台需要处理"},
	FleetAllGood:       {"nothing to do", "没有待办事项"},
	FleetShare:         {"Protected share today", "今日受保护时长占比"},
	FleetShareHint:     {"mean of the gateways that are heard and have one; bars: gateways by their share", "在线且已测量的网关的平均值；柱形为各占比区间的网关数"},
	FleetHour:          {"Last hour", "最近一小时"},
	FleetHourHint:      {"cameras protected, from # to #", "受保护的摄像机，范围 # 至 #"},
	FleetNoCurve:       {"the curve begins within ten seconds", "曲线将在十秒内开始显示"},
	FleetClauses:       {"Duties, clause by clause", "逐条法规事项"},
	FleetNoClauses:     {"no gateway has told of its clauses yet", "尚无网关上报条款情况"},
	FleetSearch:        {"Gateway", "网关名称"},
	FleetState:         {"State", "状态"},
	FleetClause:        {"Clause not met", "未满足的条款"},
	FleetEvery:         {"All", "全部"},
	FleetShown:         {"# of # gateways", "# / # 台网关"},
	FleetReset:         {"Show all", "显示全部"},
	FleetNothing:       {"no gateway fits these filters", "没有符合筛选条件的网关"},
	FleetEmpty:         {"no gateway was heard yet: each one appears as soon as it is connected to this broker", "尚未收到任何网关的消息：网关连接到此 MQTT 服务器后会立即显示"},
	FleetOpen:          {"Open details", "查看详情"},
	FleetClose:         {"Close", "关闭"},
	FleetConnected:     {"live", "实时"},
	FleetLost:          {"the broker is not heard since #: all below is old", "自 # 起与 MQTT 服务器失去连接：以下内容均已过时"},
	FleetPageLost:      {"this page has lost its server: all below is old", "此页面与服务器失去连接：以下内容均已过时"},
	FleetIgnored:       {"messages ignored: #", "已忽略的消息：#"},
	FleetReadOnly:      {"This page reads what gateways say over MQTT and changes nothing", "本页面只读取网关通过 MQTT 上报的内容，不做任何更改"},
	FleetCameras:       {"Cameras", "摄像机"},
	FleetCamera:        {"Camera", "摄像机"},
	FleetProtection:    {"Protection", "保护状态"},
	FleetFrames:        {"Pictures/s", "帧率"},
	FleetLatency:       {"Latency", "延迟"},
	FleetFaces:         {"Faces: all, masked, shown", "人脸：总数、遮挡、显示"},
	FleetReceived:      {"last heard", "最近消息"},
	FleetVersion:       {"version", "版本"},
	FleetPack:          {"rule pack", "规则包"},
	FleetSince:         {"since #", "自 #"},
	FleetNext:          {"Next step", "下一步"},
	FleetUnverified:    {"stated, not verified", "已声明，未核实"},
	FleetGone:          {"this gateway is not known any more", "此网关已不存在"},
	FleetAge:           {"# s ago", "# 秒前"},
	FleetRules:         {"Legal duties", "法规事项"},

	FleetBack:     {"Back to the console", "返回控制台"},
	FleetSort:     {"Order", "排序"},
	FleetWorst:    {"worst first", "最差优先"},
	FleetByName:   {"by name", "按名称"},
	FleetByShare:  {"least protected first", "受保护占比从低到高"},
	FleetBySize:   {"most cameras first", "摄像机数从多到少"},
	FleetBySince:  {"newest change first", "最近变化优先"},
	FleetExport:   {"Export as a table", "导出表格"},
	FleetPast:     {"What happened", "历史记录"},
	FleetPastNone: {"nothing yet: changes that last for half a minute stand here", "暂无：持续半分钟以上的变化会记录在此"},
	FleetWeek:     {"Last seven days", "最近七天"},
	FleetSite:     {"Site", "场所"},
	FleetConsole:  {"Console", "控制台"},
	FleetGoTo:     {"Open its console", "打开其控制台"},
	FleetSeen:     {"Seen by", "确认人"},
	FleetSee:      {"I have seen this", "确认已知悉"},
	FleetSeenBy:   {"seen by #, #", "# 已于 # 确认"},
	FleetNotSeen:  {"This could not be noted: reload the page and try again", "无法记录：请刷新页面后重试"},
	FleetWhen:     {"When", "时间"},
	FleetFrom:     {"From", "原状态"},
	FleetTo:       {"To", "新状态"},
	FleetNotify:   {"Who is told", "通知"},
	FleetFullFew:  {"too many gateways are marked as seen already: mend some first", "已确认的网关过多：请先处理其中一些"},
	FleetIsGood:   {"nothing is wrong with this gateway: reload the page", "该网关一切正常：请刷新页面"},

	FleetRankPapers:  {"duties not met", "法规事项未满足"},
	FleetRankFailing: {"pictures withheld", "画面被拦截"},
	FleetRankGone:    {"offline", "离线"},
	FleetRankSilent:  {"not heard", "无消息"},
	FleetRankWarning: {"to look at", "需要关注"},
	FleetRankGood:    {"nothing to do", "没有待办事项"},

	FleetMarkProtected: {"protected", "已保护"},
	FleetMarkOver:      {"over-masked", "遮挡较多"},
	FleetMarkBlocked:   {"blocked", "画面暂不显示"},
	FleetMarkOffline:   {"no picture", "无画面"},
	FleetMarkUnknown:   {"unknown", "未知"},
	FleetMarkStale:     {"not heard", "无消息"},

	FleetGradePass:   {"met (measured)", "符合（实测）"},
	FleetGradeOnFile: {"on record", "已登记"},
	FleetGradeWarn:   {"warning", "需要关注"},
	FleetGradeFail:   {"not met", "需要整改"},
	FleetGradeUnsure: {"unknown", "未确认"},
	FleetGradeStale:  {"not heard", "无消息"},
	FleetGradeNone:   {"does not apply", "不适用"},

	FleetServed:   {"open %s in a browser", "请在浏览器中打开 %s"},
	FleetExposed:  {"on %s the whole network could read this page: give --tls-cert, --tls-key and --viewer-password-file, or listen on 127.0.0.1", "在 %s 上整个网络都能看到此页面：请给出 --tls-cert、--tls-key 和 --viewer-password-file，或改为监听 127.0.0.1"},
	FleetHalfTLS:  {"a certificate needs both its files: give --tls-cert and --tls-key", "证书需要两个文件：请同时给出 --tls-cert 和 --tls-key"},
	FleetPassword: {"%s holds no password: write one of at least 8 characters on its first line", "%s 中没有密码：请在第一行写入至少 8 个字符的密码"},
}

// A site as a file: bauta export, bauta apply, bauta fleet apply.
const (
	SiteFileAbout      Key = "site.file.about"
	SiteFileHow        Key = "site.file.how"
	SiteFileNoSecrets  Key = "site.file.no_secrets"
	SiteFileUnreadable Key = "site.file.unreadable"
	SiteFileLarge      Key = "site.file.large"
	SiteFileDeep       Key = "site.file.deep"
	SiteFileVersion    Key = "site.file.version"
	SiteFileSecret     Key = "site.file.secret"
	SiteFileSecretURL  Key = "site.file.secret_url"
	SiteFileList       Key = "site.file.list"
	SiteFileNoID       Key = "site.file.no_id"
	SiteFileWhole      Key = "site.file.whole"
	SiteFileNumber     Key = "site.file.number"
	SiteFileSpan       Key = "site.file.span"
	SiteFileNearWord   Key = "site.file.near_word"
	SiteFileAllOrSome  Key = "site.file.all_or_some"
	SiteFileGroups     Key = "site.file.groups"
	SiteFileProhibited Key = "site.file.prohibited"
	SiteFileBlocked    Key = "site.file.blocked"
	SiteFileTransient  Key = "site.file.transient"
	SiteFileNewCamera  Key = "site.file.new_camera"
	SiteFileRole       Key = "site.file.role"
	SiteFileNobody     Key = "site.file.nobody"

	ExportLeftOut   Key = "site.export.left_out"
	ExportWritten   Key = "site.export.written"
	ApplyNothing    Key = "site.apply.nothing"
	ApplyWould      Key = "site.apply.would"
	ApplyDone       Key = "site.apply.done"
	ApplyStopped    Key = "site.apply.stopped"
	ApplyUnstored   Key = "site.apply.unstored"
	ApplyMade       Key = "site.apply.made"
	SecretsMissing  Key = "site.secrets.missing"
	SecretsAsk      Key = "site.secrets.ask"
	SecretsForm     Key = "site.secrets.form"
	SecretsUnused   Key = "site.secrets.unused"
	SecretsOpen     Key = "site.secrets.open"
	TargetsNone     Key = "site.targets.none"
	TargetsAddress  Key = "site.targets.address"
	TargetsNoFile   Key = "site.targets.no_file"
	TargetsName     Key = "site.targets.name"
	TargetsToken    Key = "site.targets.token"
	TargetsPassword Key = "site.targets.password"
	HeadGateway     Key = "site.head.gateway"
	HeadResult      Key = "site.head.result"
	HeadChanges     Key = "site.head.changes"
	HeadDetail      Key = "site.head.detail"
	FleetStopped    Key = "site.fleet.stopped"
	FleetDone       Key = "site.fleet.done"
)

// The kinds of a site's objects, what is done to one, and what came of a gateway.
const (
	siteSite         Key = "site.kind.site"
	siteAnswer       Key = "site.kind.answer"
	siteCalendar     Key = "site.kind.calendar"
	siteIssuer       Key = "site.kind.issuer"
	siteSealedKeys   Key = "site.kind.sealed-keys"
	siteCamera       Key = "site.kind.camera"
	siteZone         Key = "site.kind.zone"
	siteUser         Key = "site.kind.user"
	siteSecondFactor Key = "site.kind.second-factor"
	siteBuiltInLogin Key = "site.kind.built-in-login"
	siteStreamLogin  Key = "site.kind.stream-login"
	siteMqttLogin    Key = "site.kind.mqtt-login"
	siteNotify       Key = "site.kind.notify"
	sitePerson       Key = "site.kind.person"
	siteWebhook      Key = "site.kind.webhook"
	didAdd           Key = "site.op.add"
	didChange        Key = "site.op.change"
	didRemove        Key = "site.op.remove"
	wouldAdd         Key = "site.would.add"
	wouldChange      Key = "site.would.change"
	wouldRemove      Key = "site.would.remove"
	fleetChanged     Key = "site.result.changed"
	fleetWould       Key = "site.result.would"
	fleetUnchanged   Key = "site.result.unchanged"
	fleetFailed      Key = "site.result.failed"
	fleetNotTried    Key = "site.result.not_tried"
)

// SiteObject is what people call a kind of a site's objects.
func SiteObject(kind string) Key { return Key("site.kind." + kind) }

// SiteOp says what was done to one, or with would what would be.
func SiteOp(op string, would bool) Key {
	if would {
		return Key("site.would." + op)
	}
	return Key("site.op." + op)
}

// FleetResult is what came of one gateway.
func FleetResult(result string) Key { return Key("site.result." + result) }

var siteFile = table{
	SiteFileAbout:      {"the site of a Bauta gateway, written by bauta export and taken in by bauta apply", "Bauta 网关的场所文件，由 bauta export 写出，由 bauta apply 读入"},
	SiteFileHow:        {"what is at the gateway already is left alone, and what is not in here stays; with --prune it goes", "网关上已经一致的不动，文件中没有的保持不变；使用 --prune 则移除"},
	SiteFileNoSecrets:  {"no password is in it: bauta apply asks for those that are needed", "文件中没有密码：需要时 bauta apply 会询问"},
	SiteFileUnreadable: {"the file cannot be read: %v: give the name of one that was written by bauta export", "无法读取文件：%v：请给出由 bauta export 写出的文件"},
	SiteFileLarge:      {"%s is larger than %d KiB: this is no site's file, give one that was written by bauta export", "%s 大于 %d KiB：这不是场所文件，请给出由 bauta export 写出的文件"},
	SiteFileDeep:       {"this nests deeper than anything in such a file: look for a wrong indent or a bracket too many", "嵌套层次超出此类文件的任何内容：请检查缩进或多余的括号"},
	SiteFileVersion:    {"the file has to say by what version of its form it is to be read: write version: %d at its top", "文件开头须注明其格式版本，即 %d"},
	SiteFileSecret:     {"%s: secrets do not belong in this file: remove the line, and give the secret when bauta apply asks for it or with --secrets", "%s：此文件中不应有密码等机密：请删除该行，在 bauta apply 询问时输入，或用 --secrets 提供"},
	SiteFileSecretURL:  {"the address of camera %s has a login in it: take that out, write *** where the address itself needs it, and give it when bauta apply asks for it or with --secrets", "摄像机 %s 的地址中含有登录信息：请去掉；地址本身需要时写 ***，并在 bauta apply 询问时输入，或用 --secrets 提供"},
	SiteFileList:       {"%s is a list: write each of its values on a line of its own that begins with a dash, or [] where there is none", "%s 是列表：请把每一项写在以连字符开头的单独一行，没有时写 []"},
	SiteFileNoID:       {"an element of %s without %s: add it, for it tells the elements apart", "%s 中有一项缺少 %s：请补上，各项靠它区分"},
	SiteFileWhole:      {"%s is %s: write a whole number", "%s 的值是 %s：请写整数"},
	SiteFileNumber:     {"%s is %s: write a number, such as 1.5", "%s 的值是 %s：请写数字，例如 1.5"},
	SiteFileSpan:       {"%s is %s: write a span of time with its unit, such as 200ms", "%s 的值是 %s：请写带单位的时长，例如 200ms"},
	SiteFileNearWord:   {"%s is %q: did you mean %s?", "%s 的值是 %q：您是否想写 %s？"},
	SiteFileAllOrSome:  {"stream login %s has to say which cameras it may watch: write all: true, or the cameras in a list, not both", "视频流账号 %s 须说明可观看哪些摄像机：全部，或列表中的若干台，二者只写其一"},
	SiteFileGroups:     {"originals are sealed to the keys of %d groups: give as many", "原始画面加密给 %d 组密钥：请给出同样多的组"},
	SiteFileProhibited: {"camera %s would be in a place where none may be: %v: take it out of the file, and dismantle it", "摄像机 %s 位于禁止安装的场所：%v：请从文件中删除，并拆除该摄像机"},
	SiteFileBlocked:    {"camera %s is on record in a place where none may be: dismantle it and bauta camera remove %s, then apply the file again", "摄像机 %s 已记录在禁止安装的场所：请拆除后执行 bauta camera remove %s，再重新应用此文件"},
	SiteFileTransient:  {"camera %s runs for this run of the gateway only: choose another id, or start the gateway without it", "摄像机 %s 仅在网关本次运行期间存在：请换一个编号，或启动网关时不带它"},
	SiteFileNewCamera:  {"camera %s is not there yet: a new one needs name and url", "摄像机 %s 尚不存在：新摄像机须写明名称和地址"},
	SiteFileRole:       {"user %s is not there yet: a new one needs a role: viewer, auditor or manager", "用户 %s 尚不存在：新用户须写明其角色"},
	SiteFileNobody:     {"nobody is called %s who logs in by password: add the user to the file, or take the line out", "没有名为 %s 且用密码登录的用户：请在文件中添加该用户，或删除此行"},

	ExportLeftOut:   {"left out: camera %s, which is on record in a place where none may be", "未写出：摄像机 %s，它已记录在禁止安装的场所"},
	ExportWritten:   {"%s written: keep it where only those may read it who may know of the site", "已写出 %s：请存放在只有可了解本场所的人能读取的地方"},
	ApplyNothing:    {"nothing to change", "无需更改"},
	ApplyWould:      {"%d changes, none of them made: leave --dry-run out to make them", "共 %d 处更改，均未执行：去掉 --dry-run 即可执行"},
	ApplyDone:       {"%d changes made", "已完成 %d 处更改"},
	ApplyStopped:    {"stopped after %d of %d changes, at %s: mend what is said below and run the same command again, it goes on from there", "在完成 %d 处（共 %d 处）更改后停在 %s：请按下面的说明处理后再次执行同一命令，将从该处继续"},
	ApplyUnstored:   {"in force, not stored yet", "已生效，尚未保存"},
	ApplyMade:       {"secret of %s, shown this once: %s", "%s 的密码或密钥，仅显示这一次：%s"},
	SecretsMissing:  {"these secrets are needed and nothing was changed: write them in a file, a line KEY: SECRET each, and give it with --secrets:", "需要以下机密信息，尚未更改任何内容：请写入文件，每行一个键和对应的机密，并用 --secrets 给出："},
	SecretsAsk:      {"secret for %s (%s):", "%s 所需的机密（%s）："},
	SecretsForm:     {"%s: write lines of the form KEY: SECRET, each key once, such as camera/lobby: \"...\"", "%s：请每行写一个键和对应的机密，中间用半角冒号和空格，每个键只写一次"},
	SecretsUnused:   {"not needed of the secrets: %s", "机密文件中未用到：%s"},
	SecretsOpen:     {"%s can be read by others: chmod 600 it first", "%s 可被其他人读取：请先执行 chmod 600"},
	TargetsNone:     {"no gateway is listed: write them below targets:, each with name and address", "未列出任何网关：请逐个写明名称和地址"},
	TargetsAddress:  {"gateway %s needs an address, such as %s", "网关 %s 须写明地址，例如 %s"},
	TargetsNoFile:   {"there is no file %s for gateway %s: write one, or say site: FILE at the gateway", "没有文件 %s，网关 %s 因此没有场所文件：请写一个，或在网关列表中为它指定文件"},
	TargetsName:     {"%s is no name of a gateway: a-z, 0-9 and dashes", "%s 不是有效的网关名称：只用 a-z、0-9 和连字符"},
	TargetsToken:    {"token for gateway %s", "网关 %s 的令牌"},
	TargetsPassword: {"password of %s at gateway %s", "用户 %s 在网关 %s 的密码"},
	HeadGateway:     {"GATEWAY", "网关"},
	HeadResult:      {"RESULT", "结果"},
	HeadChanges:     {"CHANGES", "更改"},
	HeadDetail:      {"DETAIL", "说明"},
	FleetStopped:    {"stopped after %d failures: mend them and run the same command again", "失败 %d 个后停止：请处理后再次执行同一命令"},
	FleetDone:       {"%d gateways: %d changed, %d unchanged, %d failed, %d not tried", "共 %d 个网关：已更改 %d，无需更改 %d，失败 %d，未尝试 %d"},

	siteSite:         {"site", "场所的说明"},
	siteAnswer:       {"answer to question", "问题的回答"},
	siteCalendar:     {"calendar of", "工作日历"},
	siteIssuer:       {"issuer's key", "签发方密钥"},
	siteSealedKeys:   {"keys for sealed originals", "加密原始画面的密钥"},
	siteCamera:       {"camera", "摄像机"},
	siteZone:         {"area", "区域"},
	siteUser:         {"user", "用户"},
	siteSecondFactor: {"second factor of managers", "管理员的第二因素"},
	siteBuiltInLogin: {"built-in stream login", "内置的视频流账号"},
	siteStreamLogin:  {"stream login", "视频流账号"},
	siteMqttLogin:    {"MQTT login", "消息服务器账号"},
	siteNotify:       {"messages:", "通知设置："},
	sitePerson:       {"messages to", "通知对象"},
	siteWebhook:      {"webhook", "网络回调"},
	didAdd:           {"%s: added", "%s：已添加"},
	didChange:        {"%s: changed", "%s：已更改"},
	didRemove:        {"%s: removed", "%s：已移除"},
	wouldAdd:         {"%s: would be added", "%s：将添加"},
	wouldChange:      {"%s: would be changed", "%s：将更改"},
	wouldRemove:      {"%s: would be removed", "%s：将移除"},
	fleetChanged:     {"changed", "已更改"},
	fleetWould:       {"would change", "将更改"},
	fleetUnchanged:   {"unchanged", "无需更改"},
	fleetFailed:      {"failed", "失败"},
	fleetNotTried:    {"not tried", "未尝试"},
}
