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
