package text

// What the last export of evidence says of itself, and a configuration that nobody can compare.
const (
	EvidenceFailed Key = "evidence.failed"
	ChangedOf      Key = "changed.of"
	ChangedUnknown Key = "changed.unknown"
)

var refusals = table{
	EvidenceFailed: {"the last export failed, the log says why", "上次导出失败，原因见日志"},
	ChangedOf:      {"camera %s, %s", "摄像机 %s 的%s"},
	ChangedUnknown: {"something, by the rule of an earlier version", "按旧版本的规则判断有变化"},
}
