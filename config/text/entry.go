package text

// What is said when a record is entered or corrected, and of its versions.
const (
	PolicyAhead      Key = "policy.ahead"
	PolicyCameraList Key = "policy.camera_list"
	PolicyFilingList Key = "policy.filing_list"
	RecordFilled     Key = "record.filled"
	RecordReason     Key = "record.reason"
	RecordSealed     Key = "record.sealed"
	RecordVersion    Key = "cli.record.version"
	RecordUnknown    Key = "cli.record.unknown"
	RecordUnreadable Key = "cli.record.unreadable"
	RecordConfirm    Key = "cli.record.confirm"
	ReportVersions   Key = "report.versions"
	ReportUnreadable Key = "report.unreadable"

	FieldAuthority Key = "field.authority"
	FieldScope     Key = "field.scope"
	FieldModel     Key = "field.model"
	FieldFirmware  Key = "field.firmware"
	FieldCause     Key = "field.cause"
	FieldMeasure   Key = "field.measure"
	FieldDocument  Key = "field.document"
)

var entry = table{
	PolicyAhead:      {"%s is %s, which is after today, %s: give the day on which it happened", "%s 的日期是 %s，晚于今天 %s：请填写实际发生的日期"},
	PolicyCameraList: {"the list of cameras is missing: name each camera, the record counts for those alone", "缺少摄像机清单：请逐一列出摄像机，登记只对所列摄像机有效"},
	PolicyFilingList: {"the list of cameras is missing: name each camera that the filing lists, with the authority and the number of its receipt", "缺少摄像机清单：请逐一列出备案所列的摄像机，并填写受理机关和回执编号"},
	RecordFilled:     {"%s is filled in by the gateway and is not taken from elsewhere: leave it out", "%s 由网关填写，不接受外部提供的值：请删除该项"},
	RecordReason:     {"a correction wants its reason in one line: say why the record is changed", "更正须用一行文字说明理由：请写明为何修改"},
	RecordSealed:     {"version %[3]d of the %[1]s record %[2]s is damaged, or was changed outside of bauta, and cannot be read: restore a backup that has it", "%[1]s 记录 %[2]s 的版本 %[3]d 已损坏或被 bauta 以外的程序改动，无法读取：请恢复含有该版本的备份"},
	RecordVersion:    {"version %d, entered %s by %s, reason: %s, SHA-256 %s", "版本 %d，%s 由 %s 录入，理由：%s，SHA-256 %s"},
	RecordUnknown:    {"not known", "未知"},
	RecordUnreadable: {"version %d cannot be read", "版本 %d 无法读取"},

	RecordConfirm:    {"to be confirmed: %s", "待确认：%s"},
	ReportVersions:   {"Records that were corrected: all their versions", "更正过的登记：全部版本"},
	ReportUnreadable: {"cannot be read", "无法读取"},

	FieldAuthority: {"authority that it was handed in to", "受理机关"},
	FieldScope:     {"what it is about: devices, how many people", "备案范围：设备、人数"},
	FieldModel:     {"model of the device tested", "被检测设备的型号"},
	FieldCause:     {"where it was wrong: why it happened", "如有不当：原因"},
	FieldMeasure:   {"where it was wrong: what was done", "如有不当：整改措施"},
	FieldDocument:  {"document that shows it (its SHA-256)", "证明文件（SHA-256）"},
	FieldFirmware:  {"firmware of the device tested", "被检测设备的固件版本"},
}

// What the console's forms of records say besides.
var consoleEntry = table{
	"console.record.cameras_hint":    {"Tick each camera that it covers: it counts for those alone", "请逐一勾选所涵盖的摄像机：只对勾选的有效"},
	"console.record.correct":         {"Correct", "更正"},
	"console.record.correction":      {"Why is it changed?", "为何修改？"},
	"console.record.correction_hint": {"The version before stays on record", "原版本仍会保留"},
	"console.record.confirm":         {"To be confirmed: %s", "待确认：%s"},
	"console.record.versions":        {"%d versions", "%d 个版本"},
	"console.record.version":         {"Version %d, %s, by %s: %s", "版本 %d，%s，录入者 %s：%s"},
	"console.record.not_known":       {"not known", "未知"},
	"console.record.unreadable":      {"Cannot be read: restore a backup that has it", "无法读取：请恢复含有该记录的备份"},

	"console.record.field.cameras":   {"Cameras", "摄像机"},
	"console.record.field.cause":     {"Where it served another purpose: why it happened", "用于其他目的的：原因"},
	"console.record.field.measure":   {"What was done about it", "整改措施"},
	"console.record.field.document":  {"Document that shows it", "证明文件"},
	"console.record.field.authority": {"Authority that it was handed in to", "受理机关"},
	"console.record.field.scope":     {"Enrolment: devices, how many people", "存储人数备案：设备、人数"},
	"console.record.filing.of_hint":  {"For the video system name its cameras, for enrolments what it is about", "视频系统备案请列出摄像机，存储人数备案请写明范围"},
}
