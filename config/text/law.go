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
	FoundOtherDevices   Key = "found.other_devices"
	FoundControlsOn     Key = "found.controls_on"
	FoundAssessmentLate Key = "found.assessment_late"
	FoundNoFirstUse     Key = "found.no_first_use"
	FoundNoCount        Key = "found.no_count"
	FoundNoPrivateRooms Key = "found.no_private_rooms"
	FoundUnreported     Key = "found.unreported"
	FoundReportedLate   Key = "found.reported_late"
	FoundUncounted      Key = "found.uncounted"
	FoundNoExports      Key = "found.no_exports"
	FoundNoMaskReport   Key = "found.no_mask_report"
	FoundMaskedReleases Key = "found.masked_releases"
	FoundOriginals      Key = "found.originals"
	FoundNoOriginals    Key = "found.no_originals"

	NextAnswer        Key = "next.answer"
	NextCamera        Key = "next.camera"
	NextIncident      Key = "next.incident"
	NextDoors         Key = "next.doors"
	NextExport        Key = "next.export"
	NextComplaint     Key = "next.complaint"
	NextDevices       Key = "next.devices"
	NextFirstUse      Key = "next.first_use"
	NextReport        Key = "next.report"
	NextRegister      Key = "next.register"
	NextReportOfMasks Key = "next.report_of_masks"
	NextOriginals     Key = "next.originals"
)

var law = table{
	AnswerYes: {"yes", "是"},
	AnswerNo:  {"no", "否"},

	QuestionFaceDevices:     {"does any device here verify or pick out persons by their faces: gates, attendance, doors, search in the recorder?", "本场所是否有设备通过人脸核验或查找个人：门禁闸机、考勤、录像机人脸检索等？"},
	QuestionPrivateRooms:    {"are there rooms in which nobody may be filmed: lodging, dormitories, baths, toilets, changing, nursing or fitting rooms?", "是否有禁止安装摄像机的房间：客房、宿舍、浴室、卫生间、更衣室、哺乳室、试衣间等？"},
	QuestionSecretNeighbour: {"is a military or secret unit nearby?", "周边是否有军事、涉密单位？"},
	QuestionKeyTarget:       {"is the site a key target under the Counter-Terrorism Law?", "本场所是否为反恐怖主义法规定的重点目标？"},
	QuestionGrading:         {"does graded protection apply to the video system?", "视频系统是否须定级保护（等级保护）？"},
	QuestionOriginals:       {"does the recorder keep the original footage, whole and unmasked?", "录像机是否完整保存未遮挡的原始图像？"},
	QuestionIncident:        {"is an incident with personal information open: a leak, harm to others, footage given out against the law?", "是否有尚未结案的个人信息事件：泄露、损害他人权益、非法对外提供图像？"},

	FoundUnanswered:     {"not answered: %s", "未答复：%s"},
	FoundNoRecognition:  {"no device recognises faces here, answered by %s on %s", "本场所没有人脸识别设备，由 %s 于 %s 答复"},
	FoundNoCameras:      {"there is no camera: nothing to judge", "没有摄像机：无可检查"},
	FoundNobodyEnrolled: {"nobody has a consent here", "本场所没有人登记同意"},
	FoundIncident:       {"an incident is open, said %s on %s", "有尚未结案的事件，由 %s 于 %s 登记"},
	FoundNoIncident:     {"no incident is open, said %s on %s (not checked)", "没有未结案的事件，由 %s 于 %s 登记（未核验）"},
	FoundNoDoors:        {"faces are recognised, and no door is marked", "有人脸识别，但未标明用于哪个出入口"},
	FoundNeverExported:  {"no evidence was exported yet", "尚未导出过检查材料"},
	FoundOpenComplaint:  {"a complaint is open for %d days", "有投诉已 %d 天未办结"},
	FoundSecretUndated:  {"the day of the neighbour's consent is not known", "周边单位同意的日期不明"},
	FoundSecretLate:     {"the neighbour's consent of %s came after the first use of: %s", "周边单位的同意（%s）晚于以下摄像机的启用：%s"},
	FoundOtherDevices:   {"this gateway keeps and sends no face data; of the other devices nobody knows", "本网关不保存、不外传人脸信息；其他设备未确认"},
	FoundControlsOn:     {"encryption, audit, access, authorisation and intrusion defence are on", "加密、审计、访问控制、授权、入侵防御均已启用"},
	FoundAssessmentLate: {"the first assessment, of %s, came after the first use of: %s", "首次评估（%s）晚于以下摄像机的启用：%s"},
	FoundNoFirstUse:     {"first day of use not stated: %s", "未说明启用日期：%s"},
	FoundNoCount:        {"not stated how many people's faces are stored", "未说明存储的人脸人数"},
	FoundNoPrivateRooms: {"there are no such rooms, answered by %s on %s", "没有此类房间，由 %s 于 %s 答复"},
	FoundUnreported:     {"a camera was found on %s and not reported to the police", "%s 发现摄像机，未向公安机关报告"},
	FoundReportedLate:   {"a camera found on %s was reported on %s only", "%s 发现的摄像机至 %s 才报告"},
	FoundUncounted:      {"not stated whether the inspection of %s found a camera", "未说明 %s 的检查是否发现摄像机"},
	FoundNoExports:      {"nothing is in the register of views and exports", "查阅、调取登记中尚无记录"},
	FoundNoMaskReport:   {"the public export of %s has no report of bauta redact", "%s 的公开导出没有 bauta redact 的遮挡报告"},
	FoundMaskedReleases: {"each public export has a mask report", "登记的公开导出均附遮挡报告"},
	FoundOriginals:      {"the recorder keeps the originals, said %s on %s (not checked)", "录像机保存原始图像，由 %s 于 %s 登记（未核验）"},
	FoundNoOriginals:    {"the recorder keeps masked pictures only, said %s on %s", "录像机只保存遮挡后的图像，由 %s 于 %s 登记"},

	NextAnswer:        {"answer the question here or with bauta site answer %s yes|no", "请在此页答复，或运行 bauta site answer %s yes|no"},
	NextCamera:        {"add a camera: bauta camera add", "请添加摄像机：bauta camera add"},
	NextIncident:      {"tell the authority and the people concerned, end it, and answer anew: bauta site answer incident no", "请报告主管部门并告知当事人，处理完毕后重新答复：bauta site answer incident no"},
	NextDoors:         {"mark the cameras at doors: bauta camera set CAMERA --access-control --alternative TEXT", "请标明出入口摄像机：bauta camera set 摄像机 --access-control --alternative 说明"},
	NextExport:        {"export evidence once: bauta evidence export", "请导出一次检查材料：bauta evidence export"},
	NextComplaint:     {"answer the complaint: bauta complaint close", "请答复该投诉：bauta complaint close"},
	NextDevices:       {"state it: bauta site answer face-devices yes --count PEOPLE --day DAY --note DEVICES", "请说明：bauta site answer face-devices yes --count 人数 --day 日期 --note 设备"},
	NextFirstUse:      {"state the first day of use: bauta camera set CAMERA --commissioned DAY", "请说明启用日期：bauta camera set 摄像机 --commissioned 日期"},
	NextReport:        {"report to the police at once, and record the day: bauta inspection add", "请立即报告公安机关并登记日期：bauta inspection add"},
	NextRegister:      {"enter what was viewed or handed out: bauta export add", "请登记查阅、调取情况：bauta export add"},
	NextReportOfMasks: {"mask the film with bauta redact --report and record the report's hash", "请用 bauta redact --report 遮挡，并登记报告哈希"},
	NextOriginals:     {"have the recorder keep the originals, sealed, and show masked pictures for viewing", "请由录像机加密保存原始图像，日常观看使用遮挡画面"},
}
