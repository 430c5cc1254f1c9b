package text

// What is said of violations: what a camera did against the law, until somebody closes it.
const (
	ViolationShown Key = "violation.shown_without_token"
	ViolationLate  Key = "violation.late_withdrawal"
	ViolationPlace Key = "violation.prohibited_place"

	FoundViolations Key = "found.violations"
	FoundViolation  Key = "found.violation"
	FoundNoFirstUse Key = "found.no_first_use"
	NextViolation   Key = "next.violation"
	NextFirstUse    Key = "next.first_use"

	ViolationNotFound Key = "violation.not_found"
	ViolationIsClosed Key = "violation.is_closed"
	ViolationInPlace  Key = "violation.in_place"
	ViolationHead     Key = "cli.violation.head"
	ViolationOpen     Key = "cli.violation.open"
	ViolationClosedAt Key = "cli.violation.closed_at"
	ViolationClosed   Key = "cli.violation.closed"

	ReportViolations     Key = "report.violations"
	ReportViolationOpen  Key = "report.violation_open"
	ReportFootageDeleted Key = "report.footage_deleted"
	ReportFootageKept    Key = "report.footage_kept"
)

// Violation returns the words for a kind of violations.
func Violation(kind string) Key { return word("violation.", kind) }

var violations = table{
	ViolationShown: {"faces shown without a valid token", "未经有效同意而显示人脸"},
	ViolationLate:  {"withdrawn consents counted too long", "撤回的同意未及时失效"},
	ViolationPlace: {"camera in a prohibited place", "摄像机位于禁止场所"},

	FoundViolations: {"not closed: %s", "尚未结案：%s"},
	FoundViolation:  {"camera %s (%s), %s, since %s, seen %d times", "摄像机 %s（%s），%s，始于 %s，共 %d 次"},
	FoundNoFirstUse: {"first day of use not stated: %s", "未说明首次使用日期：%s"},
	NextViolation:   {"end the cause, then close the violation with its proof: bauta violation list, bauta violation close", "请消除原因，再附证明结案：bauta violation list，bauta violation close"},
	NextFirstUse:    {"state the first day of use: bauta camera set CAMERA --commissioned DAY", "请说明首次使用日期：bauta camera set 摄像机 --commissioned 日期"},

	ViolationNotFound: {"there is no violation %s: list them first with bauta violation list", "没有违规记录 %s：请先用 bauta violation list 列出"},
	ViolationIsClosed: {"violation %s is closed already, nothing changes it", "违规记录 %s 已结案，不可更改"},
	ViolationInPlace:  {"camera %s is still in the prohibited place: dismantle it and run bauta camera remove %[1]s, then close the violation", "摄像机 %s 仍在禁止场所：请拆除并运行 bauta camera remove %[1]s，然后再结案"},
	ViolationHead:     {"violation %s: %s", "违规记录 %s：%s"},
	ViolationOpen:     {"open", "未结案"},
	ViolationClosedAt: {"closed on %s by %s; cause: %s; measure: %s", "%s 由 %s 结案；原因：%s；措施：%s"},
	ViolationClosed:   {"violation %s is closed", "违规记录 %s 已结案"},

	ReportViolations:     {"Violations and how they were closed (violations.json)", "违规记录及结案情况（violations.json）"},
	ReportViolationOpen:  {"open", "未结案"},
	ReportFootageDeleted: {"footage deleted", "录像已删除"},
	ReportFootageKept:    {"footage not deleted", "录像未删除"},

	"console.violation.title":       {"Violations", "违规记录"},
	"console.violation.about":       {"Each stays until its cause, what was done and a proof are on record, also when the camera is gone", "在登记原因、措施和证明之前一直保留，摄像机移除后也是如此"},
	"console.violation.none":        {"None is open", "没有未结案的违规记录"},
	"console.violation.seen":        {"Camera %s, since %s, seen %d times", "摄像机 %s，始于 %s，共 %d 次"},
	"console.violation.close":       {"Close it", "结案"},
	"console.violation.cause":       {"What was the cause?", "原因是什么？"},
	"console.violation.cause_hint":  {"Without names", "不要填写姓名"},
	"console.violation.measure":     {"What was done about it?", "采取了什么措施？"},
	"console.violation.proof":       {"Photo or document that proves it", "证明照片或文件"},
	"console.violation.proof_hint":  {"Only its fingerprint is kept; keep the file yourself", "仅保存其指纹；文件请自行保管"},
	"console.violation.police":      {"Reference of the report to the police", "向公安机关报告的编号"},
	"console.violation.footage":     {"Is its footage deleted?", "录像是否已删除？"},
	"console.violation.footage.yes": {"yes", "是"},
	"console.violation.footage.no":  {"no", "否"},
	"console.violation.closed_now":  {"The violation is closed", "已结案"},
	"console.violation.waits":       {"It is being stored", "正在保存"},
	"console.fix.violation":         {"Close the violation", "登记结案"},
	"console.fix.first_use":         {"State the first day of use", "填写首次使用日期"},
}
