package text

// What is wrong with a record of the registers.
const (
	RecordOrder  Key = "record.order"
	RecordNobody Key = "record.nobody"
	RecordMark   Key = "record.mark"
	// What the command on records of all kinds says.
	RecordPair    Key = "record.pair"
	RecordNoField Key = "record.no_field"
	OpenNone      Key = "cli.open.none"
	OpenClause    Key = "cli.open.clause"
	OpenWas       Key = "cli.open.was"
	OpenRecord    Key = "cli.open.record"
	OpenNext      Key = "cli.open.next"
)

// RecordKindName returns the words for a kind of records.
func RecordKindName(kind string) Key { return word("console.record.", kind+".title") }

// RecordAbout says what a kind of records is for.
func RecordAbout(kind string) Key { return word("console.record.", kind+".about") }

// RecordLabel returns the words for a field of a record: the kind's own ones, else those of
// all fields of that name.
func RecordLabel(kind, field string) Key {
	if own := Key("console.record." + kind + "." + field); Has(own) {
		return own
	}
	return word("console.record.field.", field)
}

// RecordHint says more of a field; empty: there is nothing to say.
func RecordHint(kind, field string) Key {
	if hint := Key("console.record." + kind + "." + field + "_hint"); Has(hint) {
		return hint
	}
	return ""
}

// RecordChoice returns the words for what can be chosen in a field.
func RecordChoice(kind, field, choice string) Key {
	switch own := Key("console.record." + kind + "." + choice); {
	case field == "items" && Has(own):
		return own
	case field == "purpose" && Has(Purpose(choice)):
		return Purpose(choice)
	}
	return word("console.record.choice.", choice)
}

// What the checks of the registers find, and what to do next.
const (
	QuestionProcessors Key = "question.processors"

	FoundAssessmentUnsure Key = "found.assessment_unsure"
	FoundAfterIncident    Key = "found.after_incident"
	FoundMajorUnknown     Key = "found.major_unknown"
	FoundNoProcessing     Key = "found.no_processing"
	FoundProcessing       Key = "found.processing"
	FoundOpenIncident     Key = "found.open_incident"
	FoundNotNotified      Key = "found.not_notified"
	FoundNotifiedLate     Key = "found.notified_late"
	FoundNotifyBy         Key = "found.notify_by"
	FoundNoNotice         Key = "found.no_notice"
	FoundNoticeUnread     Key = "found.notice_unread"
	FoundNoticeUnbound    Key = "found.notice_unbound"
	FoundNoticeLacks      Key = "found.notice_lacks"
	FoundNoticeOld        Key = "found.notice_old"
	FoundAccessUnknown    Key = "found.access_unknown"
	FoundNotAccessible    Key = "found.not_accessible"
	FoundSignLeadsNowhere Key = "found.sign_leads_nowhere"
	FoundNotice           Key = "found.notice"
	FoundNoTraining       Key = "found.no_training"
	FoundOldTraining      Key = "found.old_training"
	FoundNotVetted        Key = "found.not_vetted"
	FoundVettingUnknown   Key = "found.vetting_unknown"
	FoundRegisterGap      Key = "found.register_gap"
	FoundNoRequester      Key = "found.no_requester"
	FoundOrganLacks       Key = "found.organ_lacks"
	FoundOrgan            Key = "found.organ"
	FoundNoOrgan          Key = "found.no_organ"
	FoundPersonUnchecked  Key = "found.person_unchecked"
	FoundPersonUnknown    Key = "found.person_unknown"
	FoundPerson           Key = "found.person"
	FoundNoPerson         Key = "found.no_person"
	FoundNoRequests       Key = "found.no_requests"
	FoundRequests         Key = "found.requests"
	FoundOpenRequest      Key = "found.open_request"
	FoundRequestUnchecked Key = "found.request_unchecked"
	FoundRequestUnknown   Key = "found.request_unknown"
	FoundNoDocument       Key = "found.no_document"
	FoundOldDocument      Key = "found.old_document"
	FoundRules            Key = "found.rules"
	FoundAudit            Key = "found.audit"
	FoundAcceptance       Key = "found.acceptance"
	FoundNoContract       Key = "found.no_contract"
	FoundNoProcessors     Key = "found.no_processors"
	FoundNoAudit          Key = "found.no_audit"
	FoundContracts        Key = "found.contracts"
	FoundNotOperated      Key = "found.not_operated"
	FoundNoSecrecy        Key = "found.no_secrecy"
	FoundSecrecyUnknown   Key = "found.secrecy_unknown"
	FoundSecrecy          Key = "found.secrecy"
	FoundMaskedOnly       Key = "found.masked_only"
	FoundNoRecorder       Key = "found.no_recorder"
	FoundNeverOpened      Key = "found.never_opened"
	FoundKeptOriginals    Key = "found.kept_originals"
	FoundSealed           Key = "found.sealed"
	FoundSealedChanged    Key = "found.sealed_changed"
	FoundSealedNothing    Key = "found.sealed_nothing"
	FoundSealedStopped    Key = "found.sealed_stopped"
	FoundSealedGaps       Key = "found.sealed_gaps"
	FoundSealedDisk       Key = "found.sealed_disk"
	FoundSealedUntried    Key = "found.sealed_untried"
	FoundRemoved          Key = "found.removed"
	FoundGone             Key = "found.gone"
	FoundUntouched        Key = "found.untouched"
	FoundDriftLong        Key = "found.drift_long"
	FoundLogs             Key = "found.logs"
	FoundNoKeyTarget      Key = "found.no_key_target"

	NextProcessing Key = "next.processing"
	NextBreach     Key = "next.breach"
	NextNotice     Key = "next.notice"
	NextTraining   Key = "next.training"
	NextQuiet      Key = "next.quiet"
	NextRequester  Key = "next.requester"
	NextRequest    Key = "next.request"
	NextDocument   Key = "next.document"
	NextContract   Key = "next.contract"
	NextRecorder   Key = "next.recorder"
	NextApproval   Key = "next.approval"
	NextComplete   Key = "next.complete"
)

var registerChecks = table{
	QuestionProcessors: {"does another unit handle personal information on your behalf, or build, run or maintain the video system?", "是否有其他单位受托处理个人信息，或者承担视频系统的建设、运行、维护？"},

	FoundAssessmentUnsure: {"not known whether the assessment of %s, of an earlier version, was made for: %s", "无法确认旧版本登记的 %s 的评估是否涵盖：%s"},
	FoundAfterIncident:    {"the newest assessment, of %s, is from before the major incident of %s", "最近一次评估（%s）早于重大事件（%s）"},
	FoundMajorUnknown:     {"not said whether the incident of %s was a major one", "未说明 %s 的事件是否重大"},
	FoundNoProcessing:     {"no processing record for %s that covers: %s", "%s 没有涵盖以下设备的处理情况记录：%s"},
	FoundProcessing:       {"each month of use has a processing record (%d on record)", "使用期间的各月均有处理情况记录（共 %d 条）"},
	FoundOpenIncident:     {"the incident of %s is open", "%s 的事件尚未结案"},
	FoundNotNotified:      {"of the incident of %s the authority or the people were not notified", "%s 的事件未通知主管部门或者个人"},
	FoundNotifiedLate:     {"of the incident of %s the authority was notified on %s only", "%s 的事件至 %s 才通知主管部门"},
	FoundNotifyBy:         {"of the incident of %s the authority is to be notified by %s", "%s 的事件应在 %s 前通知主管部门"},
	FoundNoNotice:         {"no full notice is on record", "没有完整告知的登记"},
	FoundNoticeUnread:     {"what the full notice at %s says is not on record", "%s 处的完整告知，内容未登记"},
	FoundNoticeUnbound:    {"not known what the notice of %s was made for", "无法确认 %s 的告知所依据的配置"},
	FoundNoticeLacks:      {"the notice of %s lacks: %s", "%s 的告知缺少：%s"},
	FoundNoticeOld:        {"changed since the notice of %s: %s", "自 %s 的告知以来已变化：%s"},
	FoundAccessUnknown:    {"not said whether disabled and old people can read the notice of %s", "未说明残疾人、老年人能否方便获取 %s 的告知"},
	FoundNotAccessible:    {"disabled and old people cannot read the notice of %s", "残疾人、老年人无法方便获取 %s 的告知"},
	FoundSignLeadsNowhere: {"the sign does not lead to the notice: %s", "标识未指向告知：%s"},
	FoundNotice:           {"the notice of %s is on record with all contents (not checked)", "已登记 %s 的告知，内容齐全（未核验）"},
	FoundNoTraining:       {"no training is on record", "没有培训记录"},
	FoundOldTraining:      {"the last training was on %s", "最近一次培训日期：%s"},
	FoundNotVetted:        {"trained on %s and not vetted: %s", "%s 培训的人员未经背景审查：%s"},
	FoundVettingUnknown:   {"trained on %s, vetting or promise of secrecy not on record: %s", "%s 培训的人员，背景审查或保密承诺未登记：%s"},
	FoundRegisterGap:      {"%s has no entry in the register of views and exports, and nobody confirmed that there was none", "%s 没有查阅、调取登记，也未确认无登记事项"},
	FoundNoRequester:      {"not said who asked for the footage of %s", "未说明 %s 的录像由何方申请"},
	FoundOrganLacks:       {"given to a state organ on %s without legal basis, document number, two officers or approval", "%s 向国家机关提供，缺少法律依据、文书编号、两名经办人或批准"},
	FoundOrgan:            {"what state organs got is on record with basis, document, officers and approval", "向国家机关的提供均登记了依据、文书、经办人和批准"},
	FoundNoOrgan:          {"no state organ asked for footage, by the register", "依登记，没有国家机关查阅、调取"},
	FoundPersonUnchecked:  {"given to a person on %s without a check of identity or the unit's consent", "%s 向个人提供，未核验身份或未经管理单位同意"},
	FoundPersonUnknown:    {"given to a person on %s: identity check, relation or the unit's consent not on record", "%s 向个人提供，身份核验、关系或管理单位同意未登记"},
	FoundPerson:           {"what persons saw or were refused is on record", "个人查阅及拒绝情况均已登记"},
	FoundNoPerson:         {"no person asked for footage, by the register", "依登记，没有个人申请查阅"},
	FoundNoRequests:       {"contact declared: %s; no request is on record", "已登记联系方式：%s；没有个人权利请求的登记"},
	FoundRequests:         {"requests of persons on record: %d", "个人权利请求登记 %d 件"},
	FoundOpenRequest:      {"a request waits for an answer for %d days", "有个人权利请求已 %d 天未答复"},
	FoundRequestUnchecked: {"the request of %s was granted without a check of identity", "%s 的请求未核验身份即予同意"},
	FoundRequestUnknown:   {"not said whether the identity was checked for the request of %s", "未说明 %s 的请求是否核验身份"},
	FoundNoDocument:       {"not on record, or no longer valid: %s", "未登记或者已过期：%s"},
	FoundOldDocument:      {"older than %[2]d days: %[1]s", "已超过 %[2]d 日：%[1]s"},
	FoundRules:            {"rules, classification, plan for incidents and training are on record", "制度、分类、应急预案和培训均已登记"},
	FoundAudit:            {"audit of %s on record", "已登记 %s 的审计"},
	FoundAcceptance:       {"acceptance of %s on record", "已登记 %s 的验收"},
	FoundNoContract:       {"another unit is at work, and no contract that holds is on record", "有其他单位受托，但没有有效的合同登记"},
	FoundNoProcessors:     {"no other unit is at work, answered by %s on %s", "没有其他单位受托，由 %s 于 %s 答复"},
	FoundNoAudit:          {"not said how %s is looked after", "未说明对 %s 的监督方式"},
	FoundContracts:        {"contracts that hold on record: %d", "已登记有效合同 %d 份"},
	FoundNotOperated:      {"no contract is about building, running or maintaining the system", "没有关于系统建设、运行、维护的合同"},
	FoundNoSecrecy:        {"%s builds, runs or maintains the system and is not bound to secrecy", "%s 承担系统建设、运行或维护，未约定保密义务"},
	FoundSecrecyUnknown:   {"not said whether %s runs the system and is bound to secrecy", "未说明 %s 是否承担系统运行并负有保密义务"},
	FoundSecrecy:          {"whoever builds, runs or maintains the system is bound to secrecy", "承担建设、运行、维护的单位均已约定保密义务"},
	FoundMaskedOnly:       {"originals are not kept, masked pictures alone: %s", "只保存遮挡后的录像，未保存原始录像：%s"},
	FoundNoRecorder:       {"not stated which pictures are kept: %s", "未说明保存何种录像：%s"},
	FoundNeverOpened:      {"originals are sealed, and who opens them or a trial of it is not on record: %s", "原始录像已加密保存，未登记密钥持有人或打开演练：%s"},
	FoundSealed:           {"originals of all %d cameras are kept here, sealed to two groups of keys", "全部 %d 台摄像机的原始录像由本网关加密保存，须两组密钥才能打开"},
	FoundSealedChanged:    {"sealed originals are not as they were sealed: %s", "加密保存的原始录像被改动：%s"},
	FoundSealedNothing:    {"originals are to be sealed, and none are: %s", "应加密保存原始录像，但尚无任何保存：%s"},
	FoundSealedStopped:    {"originals are not being sealed now: %s", "原始录像目前未在加密保存：%s"},
	FoundSealedGaps:       {"more than ten minutes are missing from the sealed originals: %s", "加密保存的原始录像缺失超过十分钟：%s"},
	FoundSealedDisk:       {"the disk will be full before the sealed originals have been kept for their time: %s", "磁盘将在保存期满之前写满：%s"},
	FoundSealedUntried:    {"nobody opened sealed originals within the last year, so nobody knows that they open: %s", "最近一年内未演练打开，无法确认能够打开：%s"},
	FoundKeptOriginals:    {"originals of %d cameras are kept, by the records of the recorders", "依录像设备登记，%d 台摄像机的原始录像均有保存"},
	FoundRemoved:          {"taken away without an approval: %s", "未经批准拆除：%s"},
	FoundGone:             {"filed and not here, and nobody said why: %s", "已备案但不在此处，原因未说明：%s"},
	FoundUntouched:        {"no device was taken away without an approval, and originals are kept", "没有未经批准拆除的设备，原始录像均有保存"},
	FoundDriftLong:        {"filed and taken away more than %[2]d days ago: %[1]s", "已备案但拆除超过 %[2]d 日：%[1]s"},
	FoundLogs:             {"by design: the audit log keeps each entry for at least three years (%s)", "设计保证：审计日志每条至少保存三年（%s）"},
	FoundNoKeyTarget:      {"not a key target, answered by %s on %s", "不属于重点目标，由 %s 于 %s 答复"},

	NextProcessing: {"record what was done in that month: bauta record add processing", "请登记该月的处理情况：bauta record add processing"},
	NextBreach:     {"notify the authority and the people, and complete the record of the incident: bauta record correct incident", "请通知主管部门和个人，并补全事件登记：bauta record correct incident"},
	NextNotice:     {"write the notice anew and record the version: bauta record add notice", "请重新编写告知并登记新版本：bauta record add notice"},
	NextTraining:   {"vet and train them, have them promise secrecy, and record it: bauta record add training", "请完成背景审查、保密承诺和培训并登记：bauta record add training"},
	NextQuiet:      {"enter what was viewed or handed out, or confirm that there was nothing: bauta record add quiet register=export", "请登记查阅、调取情况，或确认无登记事项：bauta record add quiet register=export"},
	NextRequester:  {"complete the record: bauta record correct export", "请补全登记：bauta record correct export"},
	NextRequest:    {"answer the request and record it: bauta record correct request", "请答复该请求并登记：bauta record correct request"},
	NextDocument:   {"record the document: bauta record add document", "请登记该文件：bauta record add document"},
	NextContract:   {"make the contract, and record it: bauta record add contract", "请订立合同并登记：bauta record add contract"},
	NextRecorder:   {"state it: bauta record add recorder", "请登记：bauta record add recorder"},
	NextComplete:   {"complete the record: bauta record correct %s %s", "请补全该登记：bauta record correct %s %s"},
	NextApproval:   {"get the approval of the police and record it: bauta record add approval", "请取得公安机关批准并登记：bauta record add approval"},
}

var registers = table{
	RecordOrder:  {"%s is %s, before %s, which is %s: correct one of them", "%s 为 %s，早于 %s（%s）：请更正"},
	RecordNobody: {"the record is about nobody: give a person or a pseudonym", "未说明涉及何人：请填写姓名或化名"},
	RecordMark:   {"%s begins with \"name:\", which stands for names that are kept apart: write the name itself", "%s 以 \"name:\" 开头，该标记表示另行保存的姓名：请直接填写姓名"},

	RecordPair:    {"%q is no field with its value: write it as topic=secrecy", "%q 不是“字段=值”的形式：例如 \"topic=secrecy\""},
	RecordNoField: {"a record of kind %s has no field %q: see bauta record kinds", "%s 类登记没有字段 %q：可用 bauta record kinds 查看"},
	OpenNone:      {"nothing waits for an answer", "没有待确认的事项"},
	OpenClause:    {"clause %s, %s: %s", "条款 %s，%s：%s"},
	OpenWas:       {"before the update: %s", "更新前：%s"},
	OpenRecord:    {"record %s %s: %s", "登记 %s %s：%s"},
	OpenNext:      {"next: %s", "下一步：%s"},

	"console.record.field.from":                {"From", "自"},
	"console.record.field.to":                  {"To", "至"},
	"console.record.field.activity":            {"Activity", "处理活动"},
	"console.record.field.devices":             {"Other devices, by name", "其他设备名称"},
	"console.record.field.manner":              {"Manner", "处理方式"},
	"console.record.field.data":                {"Kinds of data", "信息种类"},
	"console.record.field.people":              {"How many people", "涉及人数"},
	"console.record.field.ground":              {"Ground in law", "合法性依据"},
	"console.record.field.recipients":          {"Recipients", "接收方"},
	"console.record.field.keeping":             {"How long it is kept", "保存期限"},
	"console.record.field.deletion":            {"Deletion", "删除情况"},
	"console.record.field.incident":            {"Incidents", "安全事件"},
	"console.record.field.responsible":         {"Responsible person", "负责人"},
	"console.record.field.harm":                {"Harm", "可能造成的危害"},
	"console.record.field.measures":            {"Measures", "采取的措施"},
	"console.record.field.cause":               {"Cause", "原因"},
	"console.record.field.major":               {"Is it a major one?", "是否重大？"},
	"console.record.field.contact":             {"Name of the unit and how it is reached", "处理者名称和联系方式"},
	"console.record.field.necessity":           {"Why it is necessary", "必要性"},
	"console.record.field.effects":             {"Effects on people", "对个人权益的影响"},
	"console.record.field.rights":              {"Rights and how to use them", "个人权利及行使方式"},
	"console.record.field.complaints":          {"Where people complain", "投诉举报方式"},
	"console.record.field.minors":              {"People under 14", "不满十四周岁未成年人"},
	"console.record.field.accessible":          {"Can disabled and old people read it?", "残疾人、老年人能否方便获取？"},
	"console.record.field.shown":               {"Where it is shown", "展示位置"},
	"console.record.field.made_for":            {"Configuration that it was made for", "所依据的配置"},
	"console.record.field.config":              {"Hash of that configuration", "配置哈希"},
	"console.record.field.items":               {"Findings", "评估内容"},
	"console.record.field.model":               {"Model", "型号"},
	"console.record.field.firmware":            {"Firmware", "固件版本"},
	"console.record.field.person":              {"Name", "姓名"},
	"console.record.field.pseudonym":           {"Pseudonym", "化名"},
	"console.record.field.post":                {"Post", "岗位"},
	"console.record.field.topic":               {"Topic", "培训内容"},
	"console.record.field.result":              {"Result", "考核结果"},
	"console.record.field.vetted":              {"Was the person looked into before?", "是否经过背景审查？"},
	"console.record.field.undertaking":         {"Signed promise of secrecy", "已签署的保密承诺书"},
	"console.record.field.party":               {"Party", "合同对方"},
	"console.record.field.audit":               {"How the party is looked after", "监督方式"},
	"console.record.field.secrecy":             {"Does it bind the party to secrecy?", "是否约定保密义务？"},
	"console.record.field.operates":            {"Does the party build, run or maintain the system?", "对方是否承担系统建设、运行或维护？"},
	"console.record.field.identity_checked":    {"Was the identity checked?", "是否核验身份？"},
	"console.record.field.answered":            {"Answered on", "答复日期"},
	"console.record.field.outcome":             {"Outcome", "处理结果"},
	"console.record.field.refusal":             {"Why it was refused", "拒绝理由"},
	"console.record.field.number":              {"Number", "文号"},
	"console.record.field.expires":             {"Holds until", "有效期至"},
	"console.record.field.keeps":               {"What it keeps", "保存内容"},
	"console.record.field.where":               {"Where it stands", "存放地点"},
	"console.record.field.key_holders":         {"Who can open what is sealed", "密钥持有人"},
	"console.record.field.opened":              {"Opening last tried on", "最近一次打开演练的日期"},
	"console.record.field.platform":            {"Platform above that takes the footage over", "上级联网平台"},
	"console.record.field.register":            {"Register", "登记册"},
	"console.record.field.requester":           {"Who asked for it?", "申请方"},
	"console.record.field.second_officer":      {"Second officer", "第二名经办人"},
	"console.record.field.approver":            {"Who allowed it", "批准人"},
	"console.record.field.legal_basis":         {"Legal basis", "法律依据"},
	"console.record.field.document_number":     {"Number of the document", "法律文书编号"},
	"console.record.field.relation":            {"Relation to the person who is seen", "与画面中人的关系"},
	"console.record.field.unit_agreed":         {"Did the unit agree?", "管理单位是否同意？"},
	"console.record.field.refused":             {"It was refused", "已拒绝"},
	"console.record.field.footage_from":        {"Footage from", "录像起始日期"},
	"console.record.field.footage_to":          {"Footage to", "录像截止日期"},
	"console.record.field.medium":              {"Medium of the copy", "存储介质"},
	"console.record.field.returned":            {"Returned or destroyed on", "归还或销毁日期"},
	"console.record.field.found":               {"What was found", "检查结果"},
	"console.record.field.authority":           {"Authority", "机关名称"},
	"console.record.field.document":            {"Document", "文件"},
	"console.record.field.authority_notified":  {"Authority told on", "报告主管部门日期"},
	"console.record.field.people_notified":     {"People told on", "告知个人日期"},
	"console.record.field.people_not_notified": {"Why the people need not be told", "无须告知个人的理由"},

	"console.record.filing.authority":   {"Authority that got it", "受理机关"},
	"console.record.export.cause":       {"Where it served another purpose: why it happened", "用于其他目的的：原因"},
	"console.record.export.document":    {"Document that shows that it is settled", "办结证明文件"},
	"console.record.export.manner":      {"How was it given?", "提供方式"},
	"console.record.retention.hours":    {"How many hours it is kept (720 are 30 days)", "保存小时数（720 为 30 日）"},
	"console.record.training.hours":     {"Hours", "学时"},
	"console.record.incident.found":     {"Found on", "发现日期"},
	"console.record.incident.content":   {"What happened", "事件情况"},
	"console.record.incident.closed":    {"Over since", "结案日期"},
	"console.record.incident.document":  {"Report on it", "事件报告"},
	"console.record.notice.date":        {"Date of this version", "本版日期"},
	"console.record.notice.document":    {"The notice itself", "告知文本"},
	"console.record.notice.purpose":     {"Purpose of the handling", "处理目的"},
	"console.record.contract.document":  {"Signed contract", "已签署的合同"},
	"console.record.contract.deletion":  {"What becomes of the data at the end", "终止后信息的处理"},
	"console.record.contract.to_hint":   {"Empty: it has no end", "不填表示无固定期限"},
	"console.record.request.of":         {"What was asked for?", "请求事项"},
	"console.record.document.of":        {"What is it?", "文件类别"},
	"console.record.document.file":      {"The file", "文件"},
	"console.record.document.number":    {"Its number, where an authority gave one", "编号（由机关出具的）"},
	"console.record.document.authority": {"Authority that gave it", "出具机关"},
	"console.record.approval.of":        {"What is approved?", "批准事项"},
	"console.record.approval.document":  {"The approval itself", "批准文件"},
	"console.record.recorder.date":      {"As of", "登记日期"},
	"console.record.recorder.name":      {"Name of the recorder", "录像机名称"},

	"console.record.incident.people_not_notified_hint": {"Only where the measures keep them from harm", "仅限采取措施后能够有效避免危害的"},
	"console.record.training.pseudonym_hint":           {"Instead of the name, such as a number of your own", "可代替姓名，例如自定的编号"},
	"console.record.request.pseudonym_hint":            {"Instead of the name, such as a number of your own", "可代替姓名，例如自定的编号"},
	"console.record.processing.recipients_hint":        {"Whom the data went to; none is an answer", "信息提供给何方；没有的请写明"},
	"console.record.processing.deletion_hint":          {"What was deleted in that time, and how", "该期间删除了什么、如何删除"},
	"console.record.recorder.keeps_hint":               {"Decree 799 wants the original footage, whole", "条例要求视频图像信息原始、完整"},
	"console.record.export.second_officer_hint":        {"State organs come by two", "国家机关应由两人经办"},
	"console.record.export.legal_basis_hint":           {"The law by which a state organ asks", "国家机关调取的法律依据"},
	"console.record.assessment.lawful_necessary":       {"1. Are purpose and manner lawful, legitimate and necessary?", "1. 处理目的、方式是否合法、正当、必要？"},
	"console.record.assessment.effect_and_mitigation":  {"2. How does it affect people, and does what lessens it work?", "2. 对个人权益有何影响，降低不利影响的措施是否有效？"},
	"console.record.assessment.risks":                  {"3. What if data leak, change, are lost, or illegally got, sold or used?", "3. 泄露、篡改、丢失、毁损或者非法获取、出售、使用的风险如何？"},
	"console.record.assessment.measures":               {"4. Are the protection measures lawful, effective and fit for the risk?", "4. 保护措施是否合法、有效并与风险程度相适应？"},

	"console.record.processing.title": {"Processing records", "处理情况记录"},
	"console.record.processing.about": {"What was done with the data, month by month; kept for three years", "按月记录个人信息处理情况，保存三年"},
	"console.record.processing.add":   {"Record a month", "登记处理情况"},
	"console.record.incident.title":   {"Incidents", "安全事件"},
	"console.record.incident.about":   {"A leak, harm or other mishap: who was told when, and what was done", "泄露、损害等事件：何时告知何方，采取了哪些措施"},
	"console.record.incident.add":     {"Record an incident", "登记事件"},
	"console.record.notice.title":     {"Notices", "告知文本"},
	"console.record.notice.about":     {"The full notice to which the sign leads, version by version", "标识所指向的完整告知，按版本登记"},
	"console.record.notice.add":       {"Record a version", "登记新版本"},
	"console.record.training.title":   {"Training and secrecy", "培训与保密"},
	"console.record.training.about":   {"Each person who sees footage: vetted, bound to secrecy, trained every year", "接触录像的人员：背景审查、保密承诺、每年培训"},
	"console.record.training.add":     {"Record a training", "登记培训"},
	"console.record.contract.title":   {"Contracts", "委托合同"},
	"console.record.contract.about":   {"With whoever handles data for you, or builds, runs or maintains the system", "与受托处理信息或者承担建设、运行、维护的单位订立"},
	"console.record.contract.add":     {"Record a contract", "登记合同"},
	"console.record.request.title":    {"Requests of persons", "个人权利请求"},
	"console.record.request.about":    {"To see, copy, correct or delete: answered in 15 days", "查阅、复制、更正、删除等请求，十五日内答复"},
	"console.record.request.add":      {"Record a request", "登记请求"},
	"console.record.document.title":   {"Documents", "制度与文件"},
	"console.record.document.about":   {"Rules, plan for incidents, audit, acceptance, grading: what inspectors ask to see", "制度规程、应急预案、审计、验收、定级等检查材料"},
	"console.record.document.add":     {"Record a document", "登记文件"},
	"console.record.approval.title":   {"Approvals", "批准文件"},
	"console.record.approval.about":   {"Before a camera of a listed public place is removed, moved, altered or covered", "第七条场所的设备拆除、迁移、改动、遮挡之前取得"},
	"console.record.approval.add":     {"Record an approval", "登记批准"},
	"console.record.recorder.title":   {"Recorders", "录像设备"},
	"console.record.recorder.about":   {"What each recorder keeps of which cameras", "每台录像设备保存哪些摄像机的何种录像"},
	"console.record.recorder.add":     {"Record a recorder", "登记录像设备"},
	"console.record.quiet.title":      {"Nothing to enter", "无登记事项确认"},
	"console.record.quiet.about":      {"An empty register says nothing: confirm each month that there was nothing", "登记册空白不能说明情况：请每月确认无登记事项"},
	"console.record.quiet.add":        {"Confirm", "确认"},

	"console.record.choice.police":         {"police", "公安机关"},
	"console.record.choice.court":          {"court or another state organ", "法院等其他国家机关"},
	"console.record.choice.relative":       {"relative, guardian or carer", "近亲属、监护人等"},
	"console.record.choice.person":         {"the person who is seen", "本人"},
	"console.record.choice.other-unit":     {"another unit", "其他单位"},
	"console.record.choice.public":         {"the public", "社会公众"},
	"console.record.choice.internal":       {"the own unit", "本单位内部"},
	"console.record.choice.view":           {"looked at", "查看"},
	"console.record.choice.copy":           {"copied", "复制"},
	"console.record.choice.open-sealed":    {"sealed originals opened", "打开加密原始录像"},
	"console.record.choice.access":         {"to see it", "查阅"},
	"console.record.choice.correction":     {"to correct it", "更正"},
	"console.record.choice.deletion":       {"to delete it", "删除"},
	"console.record.choice.explanation":    {"to explain the rules", "解释说明处理规则"},
	"console.record.choice.withdrawal":     {"to withdraw a consent", "撤回同意"},
	"console.record.choice.other":          {"something else", "其他"},
	"console.record.choice.granted":        {"granted", "同意"},
	"console.record.choice.partly":         {"granted in part", "部分同意"},
	"console.record.choice.refused":        {"refused", "拒绝"},
	"console.record.choice.incident-plan":  {"plan for incidents", "应急预案"},
	"console.record.choice.drill":          {"drill of that plan", "应急演练"},
	"console.record.choice.audit":          {"compliance audit", "合规审计"},
	"console.record.choice.officer":        {"appointment of the person in charge of personal information", "个人信息保护负责人任命"},
	"console.record.choice.acceptance":     {"acceptance of the system", "系统验收"},
	"console.record.choice.rules":          {"rules of the house", "内部管理制度和操作规程"},
	"console.record.choice.rules-minors":   {"rules for people under 14", "不满十四周岁未成年人信息处理规则"},
	"console.record.choice.classification": {"classification of the data", "信息分类管理"},
	"console.record.choice.grading":        {"record of graded protection", "等级保护备案证明"},
	"console.record.choice.removal":        {"removal", "拆除"},
	"console.record.choice.move":           {"move", "迁移"},
	"console.record.choice.alteration":     {"alteration", "改动"},
	"console.record.choice.cover":          {"covering", "遮挡"},
	"console.record.choice.originals":      {"the originals", "原始录像"},
	"console.record.choice.masked":         {"masked pictures alone", "仅遮挡后的录像"},
	"console.record.choice.sealed":         {"the originals, sealed", "加密的原始录像"},
	"console.record.choice.both":           {"masked pictures, and the originals", "遮挡后的录像和原始录像"},
	"console.record.choice.export":         {"views and copies of footage", "查阅、调取登记"},
	"console.record.choice.request":        {"requests of persons", "个人权利请求"},
	"console.record.choice.complaint":      {"complaints", "投诉"},
	"console.record.choice.incident":       {"incidents", "安全事件"},

	"console.fix.processing": {"Record the month", "登记该月情况"},
	"console.fix.breach":     {"Complete the incident", "补全事件登记"},
	"console.fix.notice":     {"Record the notice", "登记告知"},
	"console.fix.training":   {"Record the training", "登记培训"},
	"console.fix.quiet":      {"Confirm that there was nothing", "确认无登记事项"},
	"console.fix.requester":  {"Complete the record", "补全登记"},
	"console.fix.request":    {"Answer the request", "答复该请求"},
	"console.fix.document":   {"Record the document", "登记文件"},
	"console.fix.contract":   {"Record the contract", "登记合同"},
	"console.fix.recorder":   {"Say what the recorder keeps", "登记录像设备"},
	"console.fix.approval":   {"Record the approval", "登记批准"},
}
