package text

// Question returns the words of a question that decides which duties a site has; the name
// itself where there is none.
func Question(name string) Key { return word("question.", name) }

// Said is the word for yes or no.
func Said(answer string) Key { return word("answer.", answer) }

// The questions, what is found while answers are wanting, and where to give them.
const (
	AnswerYes Key = "answer.yes"
	AnswerNo  Key = "answer.no"

	AnsweredBy Key = "console.questions.by"

	QuestionFaceDevices     Key = "question.face-devices"
	QuestionPrivateRooms    Key = "question.private-rooms"
	QuestionSecretNeighbour Key = "question.secret-neighbour"
	QuestionKeyTarget       Key = "question.key-target"
	QuestionGrading         Key = "question.grading"
	QuestionOriginals       Key = "question.originals"
	QuestionIncident        Key = "question.incident"

	FoundUnanswered     Key = "found.unanswered"
	FoundNoRecognition  Key = "found.no_recognition"
	FoundNoCameras      Key = "found.no_cameras"
	FoundNobodyEnrolled Key = "found.nobody_enrolled"
	FoundIncident       Key = "found.incident"
	FoundNoIncident     Key = "found.no_incident"
	FoundNoDoors        Key = "found.no_doors"
	FoundNeverExported  Key = "found.never_exported"
	FoundOpenComplaint  Key = "found.open_complaint"
	FoundSecretUndated  Key = "found.secret_undated"
	FoundSecretLate     Key = "found.secret_late"
	FoundControlsOn     Key = "found.controls_on"
	FoundAssessmentLate Key = "found.assessment_late"
	FoundNoCount        Key = "found.no_count"
	FoundNoPrivateRooms Key = "found.no_private_rooms"
	FoundUnreported     Key = "found.unreported"
	FoundReportedLate   Key = "found.reported_late"
	FoundUncounted      Key = "found.uncounted"
	FoundNoExports      Key = "found.no_exports"
	FoundNoMaskReport   Key = "found.no_mask_report"
	FoundMaskedReleases Key = "found.masked_releases"
	FoundOriginals      Key = "found.originals"

	FoundUnreadable Key = "found.unreadable"
	FoundAhead      Key = "found.ahead"
	NextUnreadable  Key = "next.unreadable"
	NextAhead       Key = "next.ahead"

	FoundOtherDevice Key = "found.other_device"
	IncidentNote     Key = "policy.incident_note"

	NextAnswer        Key = "next.answer"
	NextCamera        Key = "next.camera"
	NextIncident      Key = "next.incident"
	NextExport        Key = "next.export"
	NextComplaint     Key = "next.complaint"
	NextReport        Key = "next.report"
	NextRegister      Key = "next.register"
	NextReportOfMasks Key = "next.report_of_masks"
	NextOriginals     Key = "next.originals"
	NextSealed        Key = "next.sealed"
	NextSealedVerify  Key = "next.sealed_verify"
	NextSealedDisk    Key = "next.sealed_disk"
	NextSealedOpen    Key = "next.sealed_open"
)

var law = table{
	AnswerYes: {"yes", "是"},
	AnswerNo:  {"no", "否"},

	QuestionFaceDevices:     {"does any device here verify or pick out persons by their faces: gates, attendance, doors, search in the recorder?", "本场所是否有设备通过人脸核验或查找个人：门禁闸机、考勤、录像机人脸检索等？"},
	QuestionPrivateRooms:    {"are there rooms in which nobody may be filmed: lodging, dormitories, baths, toilets, changing, nursing or fitting rooms?", "是否有禁止安装摄像机的房间：客房、宿舍、浴室、卫生间、更衣室、哺乳室、试衣间等？"},
	QuestionSecretNeighbour: {"is a military or secret unit nearby?", "周边是否有军事、涉密单位？"},
	QuestionKeyTarget:       {"is the site a key target under the Counter-Terrorism Law?", "本场所是否为反恐怖主义法规定的重点目标？"},
	QuestionGrading:         {"does graded protection apply to the video system?", "视频系统是否须定级保护（等级保护）？"},
	QuestionOriginals:       {"does the recorder keep the original footage, whole and unmasked?", "录像机是否完整保存未遮挡的原始录像？"},
	QuestionIncident:        {"is an incident with personal information open: a leak, harm to others, footage given out against the law?", "是否有尚未结案的个人信息事件：泄露、损害他人权益、非法对外提供图像？"},

	FoundUnanswered:     {"not answered: %s", "未答复：%s"},
	FoundNoRecognition:  {"no device recognises faces here, answered by %s on %s", "本场所没有人脸识别设备，由 %s 于 %s 答复"},
	FoundNoCameras:      {"there is no camera: nothing to judge", "没有摄像机：无可检查"},
	FoundNobodyEnrolled: {"nobody has a consent here", "本场所没有人登记同意"},
	FoundIncident:       {"an incident is open, said %s on %s", "有尚未结案的事件，由 %s 于 %s 登记"},
	FoundNoIncident:     {"no incident is open, said %s on %s (not checked)", "没有未结案的事件，由 %s 于 %s 登记（未核验）"},
	FoundNoDoors:        {"does not apply: no face device lets people in or asks them for their faces, by what was declared", "不适用：没有人脸设备用于放行或核验人员（依据登记）"},
	FoundNeverExported:  {"no evidence was exported yet", "尚未生成过证据包"},
	FoundOpenComplaint:  {"a complaint is open for %d days", "有投诉已 %d 天未办结"},
	FoundSecretUndated:  {"the day of the neighbour's consent is not known", "周边单位同意的日期不明"},
	FoundSecretLate:     {"the neighbour's consent of %s came after the first use of: %s", "周边单位的同意（%s）晚于以下摄像机的启用：%s"},
	FoundControlsOn:     {"encryption, audit, access, authorisation and intrusion defence are on", "加密、审计、访问控制、授权、入侵防御均已启用"},
	FoundAssessmentLate: {"the first assessment, of %s, came after the first use of: %s", "首次评估（%s）晚于以下摄像机的启用：%s"},
	FoundNoCount:        {"not stated how many people's faces are stored", "未说明存储的人脸人数"},
	FoundNoPrivateRooms: {"there are no such rooms, answered by %s on %s", "没有此类房间，由 %s 于 %s 答复"},
	FoundUnreported:     {"a camera was found on %s and not reported to the police", "%s 发现摄像机，未向公安机关报告"},
	FoundReportedLate:   {"a camera found on %s was reported on %s only", "%s 发现的摄像机至 %s 才报告"},
	FoundUncounted:      {"not stated whether the inspection of %s found a camera", "未说明 %s 的检查是否发现摄像机"},
	FoundNoExports:      {"nothing is in the register of views and exports", "查阅、调取登记中尚无条目"},
	FoundNoMaskReport:   {"the public export of %s has no report of bauta redact", "%s 公开提供的录像没有 bauta redact 的遮挡报告"},
	FoundMaskedReleases: {"each public export has a mask report", "登记的公开提供均附遮挡报告"},
	FoundOriginals:      {"the recorder keeps the originals, said %s on %s (not checked)", "录像机保存原始录像，由 %s 于 %s 登记（未核验）"},

	FoundUnreadable: {"records that cannot be read: %s", "无法读取的登记：%s"},
	FoundAhead:      {"records dated after today do not count: %s", "日期晚于今天的登记不计入：%s"},
	NextUnreadable:  {"restore a backup, or enter the record again", "请恢复备份，或重新登记"},
	NextAhead:       {"correct the day of the record", "请更正登记日期"},

	FoundOtherDevice: {"tested as another model or firmware: %s", "检测时为其他型号或固件：%s"},
	IncidentNote:     {"an incident ends with a note: its cause, what was done, and who was told", "事件结案须填写说明：原因、处理措施、已告知的部门和人员"},

	NextAnswer:        {"answer the question here or with bauta site answer %s yes|no", "请在此页答复，或运行 bauta site answer %s yes|no"},
	NextCamera:        {"add a camera: bauta camera add", "请添加摄像机：bauta camera add"},
	NextIncident:      {"tell the authority and the people concerned, end it, and answer anew: bauta site answer incident no", "请报告主管部门并告知当事人，处理完毕后重新答复：bauta site answer incident no"},
	NextExport:        {"export evidence once: bauta evidence export", "请生成一次证据包：bauta evidence export"},
	NextComplaint:     {"answer the complaint: bauta complaint close", "请答复该投诉：bauta complaint close"},
	NextReport:        {"report to the police at once, and correct the inspection's record with the day: Correct on the page of legal duties", "请立即报告公安机关，并在法规事项页面更正该检查记录、填写报告日期"},
	NextRegister:      {"enter what was viewed or handed out: bauta disclosure add", "请登记查阅、调取情况：bauta disclosure add"},
	NextReportOfMasks: {"mask the film with bauta redact --report and record the report's hash", "请用 bauta redact --report 遮挡，并登记报告哈希"},
	NextSealed:        {"see why with 'bauta sealed list', and mend the disk or the keys", "请用 bauta sealed list 查看原因，并修复磁盘或密钥"},
	NextSealedVerify:  {"run 'bauta sealed verify': it names what was changed; keep the disk and tell the person in charge", "请运行 bauta sealed verify 查明被改动的录像段；保留磁盘并告知负责人"},
	NextSealedDisk:    {"give the originals a larger disk, or seal fewer cameras", "请更换更大的磁盘，或减少加密保存的摄像机"},
	NextSealedOpen:    {"open a short stretch as a trial: bauta sealed request --test", "请演练一次打开：bauta sealed request --test"},
	NextOriginals:     {"have the recorder keep the originals, sealed, and show masked pictures for viewing", "请由录像机加密保存原始录像，日常观看使用遮挡画面"},
}

// Where a site lies, the packs that follow from it, and what clauses say beside their duty.
const (
	PolicyJurisdiction Key = "policy.jurisdiction"

	FoundNoCode      Key = "found.no_code"
	FoundNotCovered  Key = "found.not_covered"
	FoundAbsentLaw   Key = "found.absent_law"
	NextJurisdiction Key = "next.jurisdiction"

	ComplianceOverlay Key = "cli.compliance.overlay"
	ComplianceWho     Key = "cli.compliance.who"
	CompliancePenalty Key = "cli.compliance.penalty"

	PackLaw      Key = "pack.kind.law"
	PackOverlay  Key = "pack.kind.overlay"
	PackGuidance Key = "pack.kind.guidance"

	TrustLaw    Key = "trust.V"
	TrustNotice Key = "trust.A"
	TrustSecond Key = "trust.S"
	TrustMemory Key = "trust.M"

	ReportWho          Key = "report.who"
	ReportPenalty      Key = "report.penalty"
	ReportOverlayAbout Key = "report.overlay_about"
)

// PackKind returns the words for a kind of rule packs.
func PackKind(name string) Key { return word("pack.kind.", name) }

// Trust returns the words for how well a clause is known.
func Trust(name string) Key { return word("trust.", name) }

var jurisdictions = table{
	PolicyJurisdiction: {"jurisdiction \"%s\" is no known code: write one such as %v", "所在地区 \"%s\" 不是有效代码：请填写代码，例如 %v"},

	FoundNoCode:      {"\"%s\", where the site lies, is no known code: which law holds is not known", "所在地区 \"%s\" 不是有效代码，无法确定适用的法律"},
	FoundAbsentLaw:   {"the site lies in %v, where this law does not hold", "场所位于%v，不适用该法"},
	FoundNotCovered:  {"no rule pack holds the law of %v", "没有规则包收录 %v 的法律"},
	NextJurisdiction: {"state where the site lies by its code, such as CN-44", "填写场所所在地区的代码，例如 \"CN-44\""},

	ComplianceOverlay: {"%s (%s, version %s): shown for comparison, it does not count", "%s（%s，版本 %s）：仅供对照，不计入结果"},
	ComplianceWho:     {"owed by: %s", "义务人：%s"},
	CompliancePenalty: {"if broken: %s", "违反后果：%s"},

	PackLaw:      {"law in force", "现行法律"},
	PackOverlay:  {"draft, not law", "草案，非现行法"},
	PackGuidance: {"guidance, not law", "指引，非法律"},

	TrustLaw:    {"the text was read", "已核对原文"},
	TrustNotice: {"an official notice or quotation was read", "已核对官方通告或条文引用"},
	TrustSecond: {"from a secondary source", "来自二手资料"},
	TrustMemory: {"not verified", "未核实"},

	"console.compliance.overlay":       {"%s: %s, version %s", "%s：%s，版本 %s"},
	"console.compliance.overlay_about": {"Shown for comparison: it does not count and replaces no law in force", "仅供对照：不计入结果，也不取代现行法律"},
	"console.compliance.who":           {"Owed by: %s", "义务人：%s"},
	"console.compliance.penalty":       {"If broken: %s", "违反后果：%s"},
	ReportOverlayAbout:                 {"shown for comparison: it does not count and replaces no law in force", "仅供对照：不计入结果，也不取代现行法律"},
	ReportWho:                          {"owed by", "义务人"},
	ReportPenalty:                      {"if broken", "违反后果"},
}

// The calendar of working days, and the site's time zone.
const (
	FoundFilingEstimate   Key = "found.filing_estimate"
	FoundEnrolmentChanged Key = "found.enrolment_changed"
	FoundEnrolmentEnded   Key = "found.enrolment_ended"
	FoundSystemDue        Key = "found.system_due"
	NextCalendar          Key = "next.calendar"

	PolicyTimeZone Key = "policy.time_zone"

	CalendarLarge   Key = "calendar.large"
	CalendarFile    Key = "calendar.file"
	CalendarYears   Key = "calendar.years"
	CalendarYear    Key = "calendar.year"
	CalendarSource  Key = "calendar.source"
	CalendarDay     Key = "calendar.day"
	CalendarDays    Key = "calendar.days"
	CalendarNoDays  Key = "calendar.no_days"
	CalendarWeekday Key = "calendar.weekday"
	CalendarTwice   Key = "calendar.twice"

	DeadlineLast     Key = "deadline.last"
	DeadlineEarliest Key = "deadline.earliest"

	CalendarSaved Key = "cli.calendar.saved"
	CalendarShown Key = "cli.calendar.shown"
	CalendarOwn   Key = "cli.calendar.own"
	CalendarBuilt Key = "cli.calendar.built_in"
	HeadYear      Key = "cli.head.year"
	HeadOff       Key = "cli.head.off"
	HeadWork      Key = "cli.head.work"
	HeadNotice    Key = "cli.head.notice"
	HeadOrigin    Key = "cli.head.origin"
	HeadTimeZone  Key = "cli.head.time_zone"
)

var calendars = table{
	FoundFilingEstimate:   {"%d people enrolled; the last day for filing is not known yet, it is not before %s: the holidays of a year that it reaches are missing", "已登记 %d 人；备案期限尚不能确定，最早为 %s：所涉年份的节假日安排尚未录入"},
	FoundEnrolmentChanged: {"devices came or went since the filing of %s, first on %s: the change is to be filed by %s", "%s 备案后设备有增减，最早为 %s：变更备案期限为 %s"},
	FoundEnrolmentEnded:   {"face recognition was filed on %s and ended on %s: delete the face information, and have the filing cancelled by %s", "人脸识别于 %s 备案，已于 %s 终止：请删除人脸信息，注销备案期限为 %s"},
	FoundSystemDue:        {"no receipt yet for: %s; file by %s, that day included", "尚无备案回执：%s；请于 %s 前（含当日）备案"},
	NextCalendar:          {"bring the State Council's days off of that year: bauta calendar set FILE; file before the day named here", "请录入该年度国务院节假日安排：bauta calendar set 文件；并在所示日期之前备案"},

	PolicyTimeZone: {"%s is %q: write a name such as Asia/Shanghai or Europe/Berlin", "%s 的值是 %q：请写时区名称，例如 \"Asia/Shanghai\""},

	CalendarLarge:   {"a calendar file has up to %d bytes: leave out all but the years", "日历文件最多 %d 字节：请只保留年份内容"},
	CalendarFile:    {"this is no calendar file: %s; write years with year, source, off and work, as docs/cli.md shows", "这不是日历文件：%s；请按命令行文档写明 \"years\" 及其 \"year\"、\"source\"、\"off\"、\"work\""},
	CalendarYears:   {"a calendar file has 1 to %[2]d years, not %[1]d", "日历文件应有 1 至 %[2]d 个年份，现有 %[1]d 个"},
	CalendarYear:    {"year %d is there twice or is none of 2000 to 2100: write each year once", "年份 %d 重复，或不在 2000 至 2100 之间：每个年份请只写一次"},
	CalendarSource:  {"the source of %d is missing or longer than %d bytes: name the notice that the days are from", "%d 年的来源缺失或超过 %d 字节：请写明所依据的通知"},
	CalendarDay:     {"%q is no day or span of %d or of the December before it: write 2026-10-01 or 2026-10-01..2026-10-07", "%q 不是 %d 年或其上一年十二月的日期或区间：请写 2026-10-01 或 2026-10-01..2026-10-07"},
	CalendarDays:    {"year %d has more than %d days in one list: check its spans", "%d 年的一项列表超过 %d 天：请检查日期区间"},
	CalendarNoDays:  {"year %d has no days off: copy them from the notice", "%d 年没有休息日：请按通知录入"},
	CalendarWeekday: {"%s is no Saturday or Sunday, so no moved working day: check the list work", "%s 不是周六或周日，不是调休上班日：请检查 \"work\" 列表"},
	CalendarTwice:   {"%s is listed twice: write each day once, as off or as work", "%s 重复：每个日期只能在 \"off\" 或 \"work\" 中出现一次"},

	DeadlineLast:     {"last day: %s", "截止日：%s"},
	DeadlineEarliest: {"last day not known yet, earliest: %s", "截止日尚不能确定，最早：%s"},

	CalendarSaved: {"saved: the calendar knows %s", "已保存：日历已知年份 %s"},
	CalendarShown: {"today at the site: %s (%s)", "场所当前日期：%s（%s）"},
	CalendarOwn:   {"file", "文件"},
	CalendarBuilt: {"built in", "内置"},
	HeadYear:      {"year", "年份"},
	HeadOff:       {"days off", "休息日"},
	HeadWork:      {"moved working days", "调休上班日"},
	HeadNotice:    {"source", "来源"},
	HeadOrigin:    {"from", "录入方式"},
	HeadTimeZone:  {"time zone", "时区"},

	"console.fix.calendar":        {"Bring the days off of that year", "录入该年度节假日安排"},
	"console.site.time_zone":      {"Time zone", "时区"},
	"console.site.time_zone_hint": {"All days and times are told by it; empty: %s", "所有日期和时间均按此时区显示；留空则为 %s"},
	"console.calendar.title":      {"Working days", "工作日"},
	"console.due.left":            {"due on %s: %s days left", "期限 %s：还剩 %s 天"},
	"console.due.one":             {"due on %s: tomorrow", "期限 %s：明天"},
	"console.due.last":            {"due on %s: today is the last day", "期限 %s：今天是最后一天"},
	"console.due.over":            {"was due on %s: %s days ago", "期限 %s 已过 %s 天"},
	"console.due.earliest":        {"due on %s at the earliest", "期限最早为 %s"},
	"console.calendar.about":      {"Some deadlines are counted in working days. Of a year without days off here the last day cannot be known", "部分期限按工作日计算。未录入节假日安排的年份无法确定期限"},
	"console.calendar.today":      {"Today at the site: %s (%s)", "场所当前日期：%s（%s）"},
	"console.calendar.own":        {"brought here", "由您录入"},
	"console.calendar.built_in":   {"built in", "内置"},
	"console.calendar.file":       {"Calendar file", "日历文件"},
	"console.calendar.file_hint":  {"Its years take the place of the same ones; docs/cli.md describes it", "文件中的年份将替换已有的相同年份；格式见命令行文档"},
	"console.calendar.bring":      {"Bring it", "录入"},
	"console.calendar.deadlines":  {"Deadlines for your calendar", "导出期限日历"},
}

// What is said of the time in which cameras were protected.
const (
	ComplianceShare   Key = "cli.compliance.share"
	ComplianceNoShare Key = "cli.compliance.no_share"
	ShareNone         Key = "share.none"
)

var shares = table{
	ComplianceShare:   {"protected today: %.2f%% of the time that cameras sent", "今日受保护时间：摄像机发送时间的 %.2f%%"},
	ComplianceNoShare: {"protected today: not measured, no camera has sent", "今日受保护时间：未测量，没有摄像机发送画面"},
	ShareNone:         {"not measured", "未测量"},
}

// What is said when a record is entered or corrected, and of its versions.
const (
	PolicyAhead      Key = "policy.ahead"
	PolicyCameraList Key = "policy.camera_list"
	PolicyFilingList Key = "policy.filing_list"
	RecordFilled     Key = "record.filled"
	RecordReason     Key = "record.reason"
	RecordWithdrawn  Key = "record.withdrawn"
	RecordSealed     Key = "record.sealed"
	RecordVersion    Key = "cli.record.version"
	RecordUnknown    Key = "cli.record.unknown"
	RecordUnreadable Key = "cli.record.unreadable"
	RecordConfirm    Key = "cli.record.confirm"
	RecordNoReport   Key = "cli.record.no_report"
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
	RecordWithdrawn:  {"withdrawn: %s", "已撤回：%s"},
	RecordReason:     {"a correction wants its reason in one line: say why the record is changed", "更正须用一行文字说明理由：请写明为何修改"},
	RecordSealed:     {"version %[3]d of the %[1]s record %[2]s is damaged, or was changed outside of bauta, and cannot be read: restore a backup that has it", "%[1]s 登记 %[2]s 的版本 %[3]d 已损坏或被 bauta 以外的程序改动，无法读取：请恢复含有该版本的备份"},
	RecordVersion:    {"version %d, entered %s by %s, reason: %s, SHA-256 %s", "版本 %d，%s 由 %s 录入，理由：%s，SHA-256 %s"},
	RecordUnknown:    {"not known", "未知"},
	RecordUnreadable: {"version %d cannot be read", "版本 %d 无法读取"},

	RecordNoReport:   {"%s is no report of bauta redact: give the file that bauta redact --report wrote", "%s 不是 bauta redact 的报告：请提供 bauta redact --report 写出的文件"},
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
	"console.record.unreadable":      {"Cannot be read: restore a backup that has it", "无法读取：请恢复含有该登记的备份"},

	"console.record.field.cameras":  {"Cameras", "摄像机"},
	"console.record.field.measure":  {"What was done about it", "整改措施"},
	"console.record.field.scope":    {"Enrolment: devices, how many people", "存储人数备案：设备、人数"},
	"console.record.filing.of_hint": {"For the video system name its cameras, for enrolments what it is about", "视频系统备案请列出摄像机，存储人数备案请写明范围"},
}

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
