package text

// The evidence report and the commands that make and prove it.
const (
	ReportTitle      Key = "report.title"
	ReportGateway    Key = "report.gateway"
	ReportPeriod     Key = "report.period"
	ReportCreated    Key = "report.created"
	ReportPack       Key = "report.pack"
	ReportState      Key = "report.state"
	ReportShare      Key = "report.share"
	ReportTrail      Key = "report.trail"
	ReportKey        Key = "report.key"
	ReportAdvice     Key = "report.advice"
	ReportProtection Key = "report.protection"
	ReportLegend     Key = "report.legend"
	ReportActs       Key = "report.acts"
	ReportClauses    Key = "report.clauses"
	ReportCameras    Key = "report.cameras"
	ReportConsents   Key = "report.consents"
	ReportRecords    Key = "report.records"

	EvidenceWritten Key = "cli.evidence.written"
	EvidenceProven  Key = "cli.evidence.proven"
	EvidenceKey     Key = "cli.evidence.key"
	EvidenceOther   Key = "cli.evidence.other_key"
	EvidenceForged  Key = "cli.evidence.forged"
	EvidencePeriod  Key = "cli.evidence.period"
)

var reports = table{
	ReportTitle:      {"Compliance evidence", "合规证据"},
	ReportGateway:    {"Gateway", "网关"},
	ReportPeriod:     {"Period", "期间"},
	ReportCreated:    {"Made", "生成时间"},
	ReportPack:       {"Rules", "规则"},
	ReportState:      {"State", "状态"},
	ReportShare:      {"Protected share of the time in which cameras sent", "摄像机发送期间的受保护比例"},
	ReportTrail:      {"Entries of the audit trail, and the last one's hash", "审计记录条数及末条哈希"},
	ReportKey:        {"Public key: compare it with what the gateway shows", "公钥：请与网关显示的核对"},
	ReportAdvice:     {"This is no legal advice", "以上不构成法律意见"},
	ReportProtection: {"Protection by day", "每日保护情况"},
	ReportLegend:     {"Green: masked pictures; red: the camera sent, viewers got the slate; grey: the camera sent nothing", "绿色：遮挡后的画面；红色：摄像机有信号，观看者看到提示画面；灰色：摄像机无信号"},
	ReportActs:       {"Entries of the audit trail by day", "每日审计记录条数"},
	ReportClauses:    {"Clauses", "条款"},
	ReportCameras:    {"Cameras and their zones", "摄像机及其区域"},
	ReportConsents:   {"Consents, by pseudonym", "同意登记（化名）"},
	ReportRecords:    {"Records (records.json)", "登记（records.json）"},

	EvidenceWritten: {"%s written and signed, its key is %s", "已写入并签名 %s，密钥为 %s"},
	EvidenceProven:  {"%s is whole: gateway %s, %s to %s, %d entries of the trail (%d signed), %d files", "%s 完整：网关 %s，%s 至 %s，审计记录 %d 条（签名 %d 条），文件 %d 个"},
	EvidenceKey:     {"signed with the key %s: compare it with bauta evidence key on the gateway", "签名密钥 %s：请与网关上 bauta evidence key 的输出核对"},
	EvidenceOther:   {"%s was signed with the key %s, not with %s: it is not from that gateway", "%s 的签名密钥是 %s，不是 %s：它不来自该网关"},
	EvidenceForged:  {"%s proves nothing: %s", "%s 不能作为证据：%s"},
	EvidencePeriod:  {"the period from %s to %s is empty: give days such as 2026-01-31", "期间 %s 至 %s 为空：请给出日期，例如 2026-01-31"},
}
