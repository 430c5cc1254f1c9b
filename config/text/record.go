package text

// What is said of records, of the audit trail and of evidence.
const (
	RecordKind     Key = "record.kind"
	RecordNotFound Key = "record.not_found"
	TrailText      Key = "trail.text"
	TrailBroken    Key = "trail.broken"
)

var records = table{
	RecordKind:     {"there are no records of kind %q", "没有 %q 类记录"},
	RecordNotFound: {"there is no %s record %s: list them first", "没有 %s 记录 %s：请先列出"},
	TrailText:      {"an entry %q for the audit trail holds more than slugs and numbers", "审计条目 %q 含有标识和数字以外的内容"},
	TrailBroken:    {"entry %d of the audit trail is damaged: keep this file and restore a backup", "审计记录第 %d 条已损坏：请保留此文件并恢复备份"},
}

// What `bauta compliance` and the commands on records say.
const (
	RecordNone           Key = "cli.record.none"
	RecordAdded          Key = "cli.record.added"
	RecordChanged        Key = "cli.record.changed"
	ComplianceState      Key = "cli.compliance.state"
	ComplianceShare      Key = "cli.compliance.share"
	ComplianceDay        Key = "cli.compliance.day"
	ComplianceUnverified Key = "cli.compliance.unverified"
	ComplianceAdvice     Key = "cli.compliance.advice"

	StatusPass    Key = "status.pass"
	StatusWarn    Key = "status.warn"
	StatusFail    Key = "status.fail"
	StatusUnknown Key = "status.unknown"
	StatusInfo    Key = "status.info"
)

// Status returns the word for how a clause stands.
func Status(status string) Key { return word("status.", status) }

var judgement = table{
	RecordNone:           {"none on record", "没有记录"},
	RecordAdded:          {"%s %s recorded", "已登记 %s %s"},
	RecordChanged:        {"%s %s changed", "已修改 %s %s"},
	ComplianceState:      {"%s, version %s: %s since %s", "%s，版本 %s：%s，始于 %s"},
	ComplianceShare:      {"protected today: %.1f%% of the time that cameras sent", "今日受保护时间：摄像机发送时间的 %.1f%%"},
	ComplianceDay:        {"camera %s today: %.0f minutes protected, %.0f of gaps, %.0f offline", "摄像机 %s 今日：受保护 %.0f 分钟，中断 %.0f 分钟，离线 %.0f 分钟"},
	ComplianceUnverified: {"(not verified)", "（未核实）"},
	ComplianceAdvice:     {"this is no legal advice", "以上不构成法律意见"},

	StatusPass:    {"pass", "合规"},
	StatusWarn:    {"warn", "预警"},
	StatusFail:    {"fail", "不合规"},
	StatusUnknown: {"unknown", "未知"},
	StatusInfo:    {"info", "信息"},
}
