package text

// What is said of records, of the audit log and of evidence.
const (
	RecordKind     Key = "record.kind"
	RecordNotFound Key = "record.not_found"
	AuditText      Key = "trail.text"
	AuditBroken    Key = "trail.broken"
	AuditForged    Key = "trail.forged"
)

var records = table{
	RecordKind:     {"there are no records of kind %q", "没有 %q 类登记"},
	RecordNotFound: {"there is no %s record %s: list them first", "没有 %s 登记 %s：请先列出"},
	AuditText:      {"an entry %q for the audit trail holds more than slugs and numbers", "审计条目 %q 含有标识和数字以外的内容"},
	AuditForged:    {"entry %d of the audit trail does not fit the one before: it was changed outside of bauta; keep the data folder as it is and ask for help", "审计记录第 %d 条与前一条不符：数据在 bauta 之外被改动；请保留数据目录原样并寻求协助"},
	AuditBroken:    {"entry %d of the audit trail is damaged: keep this file and restore a backup", "审计记录第 %d 条已损坏：请保留此文件并恢复备份"},
}

// What `bauta compliance` and the commands on records say.
const (
	RecordNone           Key = "cli.record.none"
	RecordAdded          Key = "cli.record.added"
	RecordChanged        Key = "cli.record.changed"
	ComplianceState      Key = "cli.compliance.state"
	ComplianceDay        Key = "cli.compliance.day"
	ComplianceUnverified Key = "cli.compliance.unverified"
	ComplianceAdvice     Key = "cli.compliance.advice"

	StatusPass    Key = "status.pass"
	StatusWarn    Key = "status.warn"
	StatusFail    Key = "status.fail"
	StatusUnknown Key = "status.unknown"
	StatusInfo    Key = "status.info"
	StatusSpared  Key = "status.not_applicable"

	// A pass by what it rests on.
	StatusMeasured Key = "status.measured"
	StatusRecorded Key = "status.recorded"
	StatusDeclared Key = "status.declared"
	StatusDesign   Key = "status.design"
)

// Status returns the word for how a clause stands.
func Status(status string) Key { return word("status.", status) }

// Standing is Status with what a pass rests on: only what was measured is said to be met.
func Standing(status, basis string) Key {
	if basis != "" {
		return word("status.", basis)
	}
	return Status(status)
}

var complianceTexts = table{
	RecordNone:           {"none on record", "没有登记"},
	RecordAdded:          {"%s %s recorded", "已登记 %s %s"},
	RecordChanged:        {"%s %s changed", "已修改 %s %s"},
	ComplianceState:      {"%s, version %s: %s since %s", "%s，版本 %s：%s，始于 %s"},
	ComplianceDay:        {"camera %s today: %.0f minutes protected, %.0f of gaps, %.0f offline", "摄像机 %s 今日：受保护 %.0f 分钟，中断 %.0f 分钟，离线 %.0f 分钟"},
	ComplianceUnverified: {"(not verified)", "（未核实）"},
	ComplianceAdvice:     {"this is no legal advice", "以上不构成法律意见"},

	StatusPass:     {"met or on record", "符合或已登记"},
	StatusWarn:     {"warn", "需要关注"},
	StatusFail:     {"not met", "需要整改"},
	StatusUnknown:  {"not known: answer needed", "未确认"},
	StatusSpared:   {"does not apply", "不适用"},
	StatusMeasured: {"met (measured)", "符合（实测）"},
	StatusRecorded: {"on record", "已登记，材料在册"},
	StatusDeclared: {"declared, not checked", "已登记（未核验）"},
	StatusDesign:   {"by design", "设计保证"},
	StatusInfo:     {"info", "信息"},
}

// The evidence report and the commands that make and prove it.
const (
	ReportTitle      Key = "report.title"
	ReportGateway    Key = "report.gateway"
	ReportPeriod     Key = "report.period"
	ReportZone       Key = "report.zone"
	ReportCreated    Key = "report.created"
	ReportPack       Key = "report.pack"
	ReportState      Key = "report.state"
	ReportShare      Key = "report.share"
	ReportAudit      Key = "report.trail"
	ReportKey        Key = "report.key"
	ReportAdvice     Key = "report.advice"
	ReportProtection Key = "report.protection"
	ReportLegend     Key = "report.legend"
	ReportActs       Key = "report.acts"
	ReportClauses    Key = "report.clauses"
	ReportCameras    Key = "report.cameras"
	ReportConsents   Key = "report.consents"
	ReportRecords    Key = "report.records"
	ReportNo         Key = "report.no"
	ReportLaw        Key = "report.law"
	ReportDuty       Key = "report.duty"
	ReportFound      Key = "report.found"

	EvidenceWritten Key = "cli.evidence.written"
	EvidenceProven  Key = "cli.evidence.proven"
	EvidenceKey     Key = "cli.evidence.key"
	EvidenceOther   Key = "cli.evidence.other_key"
	EvidenceForged  Key = "cli.evidence.forged"
	EvidencePeriod  Key = "cli.evidence.period"
)

var reports = table{
	ReportTitle:      {"Material for an inspection", "检查材料"},
	ReportGateway:    {"Gateway", "网关"},
	ReportPeriod:     {"Period", "期间"},
	ReportZone:       {"Days and times by the clock of", "日期和时间所用时区"},
	ReportCreated:    {"Made", "生成时间"},
	ReportPack:       {"Rules", "规则"},
	ReportState:      {"State", "状态"},
	ReportShare:      {"Protected share of the time in which cameras sent", "摄像机发送期间的受保护比例"},
	ReportAudit:      {"Entries of the audit trail, and the last one's hash", "审计记录条数及末条哈希"},
	ReportKey:        {"Public key: compare it with what the gateway shows", "公钥：请与网关显示的核对"},
	ReportAdvice:     {"This is no legal advice", "以上不构成法律意见"},
	ReportProtection: {"Protection by day", "每日保护情况"},
	ReportLegend:     {"Green: masked pictures; red: the camera sent, viewers got the slate; grey: the camera sent nothing", "绿色：遮挡后的画面；红色：摄像机有信号，观看者看到提示画面；灰色：摄像机无信号"},
	ReportActs:       {"Entries of the audit trail by day", "每日审计记录条数"},
	ReportClauses:    {"Clauses", "条款"},
	ReportCameras:    {"Cameras and their zones", "摄像机及其区域"},
	ReportConsents:   {"Consents, by pseudonym", "同意登记（化名）"},
	ReportRecords:    {"Records (records.json)", "登记（records.json）"},
	ReportNo:         {"No", "编号"},
	ReportLaw:        {"Rule, and how sure its text is", "规定及文本核对情况"},
	ReportDuty:       {"Duty, who owes it, what breaking it costs", "义务、义务人及违反后果"},
	ReportFound:      {"What was found, and the next step", "认定情况及下一步"},

	EvidenceWritten: {"%s written and signed, its key is %s", "已写入并签名 %s，密钥为 %s"},
	EvidenceProven:  {"%s is whole: gateway %s, %s to %s, %d entries of the trail (%d signed), %d files", "%s 完整：网关 %s，%s 至 %s，审计记录 %d 条（签名 %d 条），文件 %d 个"},
	EvidenceKey:     {"signed with the key %s: compare it with bauta evidence key on the gateway", "签名密钥 %s：请与网关上 bauta evidence key 的输出核对"},
	EvidenceOther:   {"%s was signed with the key %s, not with %s: it is not from that gateway", "%s 的签名密钥是 %s，不是 %s：它不来自该网关"},
	EvidenceForged:  {"%s proves nothing: %s", "%s 不能作为证据：%s"},
	EvidencePeriod:  {"the period from %s to %s is empty: give days such as 2026-01-31", "期间 %s 至 %s 为空：请给出日期，例如 2026-01-31"},
}

// What the commands on sites, places and records say.
const (
	FactsSaved       Key = "cli.facts.saved"
	SiteSaved        Key = "cli.site.saved"
	NotStated        Key = "cli.not_stated"
	PlaceProhibited  Key = "cli.place_prohibited"
	HeadPlace        Key = "cli.head.place"
	HeadMeaning      Key = "cli.head.meaning"
	HeadClass        Key = "cli.head.class"
	HeadMode         Key = "cli.head.mode"
	HeadJurisdiction Key = "cli.head.jurisdiction"
	HeadContact      Key = "cli.head.contact"
	HeadGrading      Key = "cli.head.grading"
	HeadSecret       Key = "cli.head.secret"
	HintBlocked      Key = "cli.hint.blocked"
)

var facts = table{
	FactsSaved:       {"what is known of camera %s is saved", "已保存摄像机 %s 的信息"},
	SiteSaved:        {"what is known of the site is saved", "已保存场所信息"},
	NotStated:        {"not stated", "未说明"},
	PlaceProhibited:  {"prohibited", "禁止"},
	HeadPlace:        {"place", "场所"},
	HeadMeaning:      {"meaning", "含义"},
	HeadClass:        {"class of the site", "场所类别"},
	HeadMode:         {"recognition mode", "识别模式"},
	HeadJurisdiction: {"jurisdiction", "地区"},
	HeadContact:      {"contact for complaints", "投诉举报"},
	HeadGrading:      {"graded protection", "等级保护"},
	HeadSecret:       {"military or secret unit nearby", "周边军事、涉密单位"},
	HintBlocked:      {"dismantle the camera, run bauta camera remove, then bauta violation close", "请拆除该摄像机，运行 bauta camera remove，再运行 bauta violation close"},
}
