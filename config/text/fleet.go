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
