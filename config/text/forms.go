package text

// Extra, Recognition and Control are the words for a function of a camera, what the gateway
// does with faces, and one of its protections.
func Extra(name string) Key       { return word("console.facts.extra.", name) }
func Recognition(name string) Key { return word("console.site.mode.", name) }
func Control(name string) Key     { return word("form.line.control.", name) }

// Fact is what a line of a configuration is about.
func Fact(name string) Key { return word("form.line.fact.", name) }

// The forms: their names, what they are for, and what stands on all of them.
const (
	FormUnknown Key = "form.unknown"
	FormFormat  Key = "form.format"
	FormNoFont  Key = "form.no_font"
	FormNames   Key = "form.names"
	FormWritten Key = "form.written"
	HeadForm    Key = "cli.head.form"

	FormPolice          Key = "form.police"
	FormPoliceAbout     Key = "form.police.about"
	FormPoliceFoot      Key = "form.police.foot"
	FormProcessor       Key = "form.processor"
	FormProcessorAbout  Key = "form.processor.about"
	FormFace            Key = "form.face"
	FormFaceAbout       Key = "form.face.about"
	FormCACFoot         Key = "form.cac.foot"
	FormAssessment      Key = "form.assessment"
	FormAssessmentAbout Key = "form.assessment.about"
	FormAssessmentFoot  Key = "form.assessment.foot"
	FormEquipment       Key = "form.equipment"
	FormEquipmentAbout  Key = "form.equipment.about"
	FormTests           Key = "form.tests"
	FormTestsAbout      Key = "form.tests.about"
	FormTestsFoot       Key = "form.tests.foot"
	FormRegister        Key = "form.register"
	FormRegisterAbout   Key = "form.register.about"
	FormRegisterDraft   Key = "form.register.draft"

	FormDraft         Key = "form.draft"
	FormHead          Key = "form.head"
	FormNotSaid       Key = "form.not_said"
	FormNotSaidOf     Key = "form.not_said_of"
	FormNoNames       Key = "form.no_names"
	FormNameKept      Key = "form.name_kept"
	FormNameForgotten Key = "form.name_forgotten"
	FormColumnWhat    Key = "form.column.what"
	FormColumnValue   Key = "form.column.value"
	FormColumnSource  Key = "form.column.source"
	FormColumnNumber  Key = "form.column.number"
	FormColumnEntered Key = "form.column.entered"
	FormNoEntries     Key = "form.no_entries"

	FormByHand       Key = "form.from.hand"
	FormFromSite     Key = "form.from.site"
	FormFromQuestion Key = "form.from.question"
	FormFromAnswer   Key = "form.from.answer"
	FormFromRecord   Key = "form.from.record"
	FormFromKind     Key = "form.from.kind"
	FormOnRecord     Key = "form.from.records"
	FormFromCamera   Key = "form.from.camera"
	FormFromCameras  Key = "form.from.cameras"
	FormFromGateway  Key = "form.from.gateway"
	FormVersion      Key = "form.version"

	NoticeNone    Key = "form.notice.none"
	NoticeWritten Key = "form.notice.written"
	SignOriginals Key = "form.sign.originals"
	SignMasked    Key = "form.sign.masked"
	SignLive      Key = "form.sign.live"
	SignAddress   Key = "form.sign.address"
)

// forms are the words on forms; package config/forms names those of single lines by their
// keys, which its tests compare with these.
var forms = table{
	FormUnknown: {"there is no form %q: bauta form list names them", "没有表格 %q：可用 bauta form list 查看"},
	FormFormat:  {"%q is no format of a form: use html, pdf or csv", "%q 不是表格的格式：请使用 html、pdf 或 csv"},
	FormNoFont:  {"a PDF with Chinese characters needs the font %s: install the package fonts-droid-fallback, or print it as html", "含中文的 PDF 需要字体 %s：请安装软件包 fonts-droid-fallback，或改为输出 html"},
	HeadForm:    {"form", "表格"},
	FormNames:   {"names of persons are printed for managers alone: print it without them, or ask a manager", "只有管理员可以打印人员姓名：请改为不含姓名打印，或联系管理员"},
	FormWritten: {"%s written: look it over, a person confirms it", "已写入 %s：请核对，须由人员确认"},

	FormPolice:          {"Basic information of the public safety video system (filing with the police)", "公共安全视频图像信息系统备案基本信息表"},
	FormPoliceAbout:     {"Decree 799, Article 14: with the county's police, within 30 days of the first use. The law asks for the unit, the places, the number and types of cameras, and how long footage is kept", "依据第 799 号国务院令第十四条：投入使用之日起 30 日内向县级公安机关备案。法定内容为单位、位置、数量与类型、保存期限"},
	FormPoliceFoot:      {"To be handed in with it: letter of authorisation, copy of the licence. Whoever files confirms the list of cameras: wrong facts are punished (Article 29)", "一并提交：授权委托书、营业执照复印件。摄像机清单须由备案人确认：提供虚假信息将受处罚（第二十九条）"},
	FormProcessor:       {"Basic information of the personal information processor", "个人信息处理者基本情况表"},
	FormProcessorAbout:  {"Order 19, Article 15: due within 30 working days of the day on which the faces of 100,000 people are stored, with the internet authority of the province", "依据《人脸识别技术应用安全管理办法》第十五条：存储人脸信息达到 10 万人之日起 30 个工作日内，向省级网信部门备案"},
	FormFace:            {"Filing of the use of face recognition", "人脸识别技术应用情况备案表"},
	FormFaceAbout:       {"Order 19, Article 15. One part for each device that is on record", "依据《人脸识别技术应用安全管理办法》第十五条。每台已登记设备一节"},
	FormCACFoot:         {"To be handed in with it: impact assessment, rules of processing, identities, letter of authorisation, undertaking. Changes and the end of use are filed within 30 working days too", "一并提交：影响评估报告、处理规则、身份证明、授权委托书、承诺书。变更和终止亦须在 30 个工作日内办理"},
	FormAssessment:      {"Report of a personal information protection impact assessment", "个人信息保护影响评估报告"},
	FormAssessmentAbout: {"In the steps that GB/T 39335 describes; nothing here says that the standard is met. Made before the first use, and again when purpose or manner change", "按 GB/T 39335 所述步骤编排，不代表符合该标准。应在启用前进行，目的或方式变化时重新进行"},
	FormAssessmentFoot:  {"Keep the signed report for 3 years at least, and record it: its fingerprint binds it to this configuration", "签署后的报告至少保存 3 年并登记：指纹将报告与当前配置绑定"},
	FormEquipment:       {"Equipment files", "设备档案"},
	FormEquipmentAbout:  {"Decree 799, Articles 11 and 12: files of building, testing and acceptance, and proof that the devices meet the mandatory standards", "依据第 799 号国务院令第十一条、第十二条：建设、检验、验收档案，以及设备符合强制性标准的证明"},
	FormTests:           {"Device tests, by device", "设备检测记录（按设备）"},
	FormTestsAbout:      {"A test counts for the device that was tested: another model or firmware needs another test", "检测只对被检测的设备有效：更换型号或固件须重新检测"},
	FormTestsFoot:       {"The newest test decides", "以最近一次检测为准"},
	FormRegister:        {"Register: %s", "登记册：%s"},
	FormRegisterAbout:   {"All entries in their newest versions, the oldest first. Earlier versions stay on record", "全部条目的最新版本，按日期先后排列。以前的版本仍保留在册"},
	FormRegisterDraft:   {"Printed from the register as it was entered; nobody has checked it. A person confirms", "按登记内容打印，未经核验，须由人员确认"},

	FormDraft:         {"Draft: a person confirms. The authority's own layout has not been seen", "草稿：须由人员确认。未见过主管机关的正式表样"},
	FormHead:          {"Gateway %s, printed %s", "网关 %s，打印时间 %s"},
	FormNotSaid:       {"not said", "未填写"},
	FormNotSaidOf:     {"Not said of: %s", "尚未说明：%s"},
	FormNoNames:       {"Names of persons are not printed; a manager can print them", "未打印人员姓名；管理员可选择打印"},
	FormNameForgotten: {"name forgotten %s", "姓名已于 %s 删除"},
	FormNameKept:      {"name on record, not printed", "姓名在册，未打印"},
	FormColumnWhat:    {"Item", "项目"},
	FormColumnValue:   {"Value", "内容"},
	FormColumnSource:  {"Where it comes from", "来源"},
	FormColumnNumber:  {"No", "编号"},
	FormColumnEntered: {"Entered", "录入"},
	FormNoEntries:     {"No entries. An empty register says nothing: record that there was nothing to enter", "没有条目。空白登记册不能说明问题：请登记“本期无”"},

	FormByHand:       {"to be filled in by hand", "请手工填写"},
	FormFromSite:     {"said of the site", "场所信息"},
	FormFromQuestion: {"question not answered yet", "问题尚未答复"},
	FormFromAnswer:   {"answered %s by %s", "%s 由 %s 答复"},
	FormFromRecord:   {"%s %s, %s", "登记 %s %s，%s"},
	FormFromKind:     {"no record yet: %s", "尚无登记：%s"},
	FormOnRecord:     {"on record: %s", "登记：%s"},
	FormFromCamera:   {"said of camera %s", "摄像机 %s 的登记信息"},
	FormFromCameras:  {"said of the cameras", "各摄像机的登记信息"},
	FormFromGateway:  {"known by this gateway", "本网关掌握"},
	FormVersion:      {"version %d, entered %s by %s", "第 %d 版，%s 由 %s 录入"},

	"form.line.part.unit":        {"The unit", "单位信息"},
	"form.line.part.system":      {"The system", "系统信息"},
	"form.line.part.cameras":     {"The cameras", "摄像机"},
	"form.line.part.storage":     {"Storage, network and contractors", "存储、网络与运维"},
	"form.line.part.receipts":    {"Filings so far", "历次备案"},
	"form.line.part.scope":       {"What is done with personal information", "个人信息处理情况"},
	"form.line.part.people":      {"People whose faces are stored", "存储人脸信息的人数"},
	"form.line.part.protection":  {"Protection", "保护措施"},
	"form.line.part.here":        {"This gateway", "本网关"},
	"form.line.part.devices":     {"Devices that work with faces", "人脸相关设备"},
	"form.line.part.papers":      {"Papers", "相关材料"},
	"form.line.part.need":        {"1. Why it is assessed", "一、评估必要性"},
	"form.line.part.changes":     {"What changed since the last assessment", "自上次评估以来的变化"},
	"form.line.part.preparation": {"2. Preparation", "二、评估准备"},
	"form.line.part.map":         {"3. Data map", "三、数据映射"},
	"form.line.part.needs":       {"3.1 Written need of each camera and device", "（一）各摄像机和设备的必要性"},
	"form.line.part.risks":       {"4. Sources of risk", "四、风险源识别"},
	"form.line.part.effects":     {"5. Effect on people's rights", "五、个人权益影响分析"},
	"form.line.part.questions":   {"6. The four questions of Order 19, Article 9", "六、《办法》第九条的四项内容"},
	"form.line.part.overall":     {"7. Overall risk", "七、安全风险综合分析"},
	"form.line.part.measures":    {"8. Measures", "八、风险处置措施"},
	"form.line.part.decision":    {"9. Decision", "九、评估结论"},
	"form.line.part.acceptance":  {"Acceptance", "验收"},

	"form.line.unit":        {"Name of the unit", "单位名称"},
	"form.line.unit_type":   {"Type of unit", "单位性质"},
	"form.line.credit_code": {"Unified social credit code", "统一社会信用代码"},
	"form.line.address":     {"Address", "地址"},
	"form.line.contact":     {"Contact for complaints", "投诉举报方式"},
	"form.line.chief":       {"Legal representative or head", "法定代表人（负责人）"},
	"form.line.handler":     {"Handler, with telephone", "经办人及联系电话"},
	"form.line.authorised":  {"Letter of authorisation", "授权委托书"},
	"form.line.place_kind":  {"Kind of place", "场所类型"},
	"form.line.class":       {"Class by Decree 799", "场所类别（第 799 号令）"},
	"form.line.entitled":    {"Entitled by", "安装权限依据"},
	"form.line.region":      {"Region", "所在地区"},
	"form.line.purposes":    {"Purpose", "处理目的"},
	"form.line.built":       {"Date of building", "建设时间"},
	"form.line.first_use":   {"First day of use", "投入使用日期"},
	"form.line.key_target":  {"Key target against terrorism", "防范恐怖袭击重点目标"},
	"form.line.grading":     {"Graded protection", "网络安全等级保护"},

	"form.line.camera":         {"Camera", "摄像机"},
	"form.line.camera_count":   {"Cameras at this gateway", "接入本网关的摄像机数量"},
	"form.line.camera_moving":  {"Of these with pan and tilt in use", "其中启用云台的数量"},
	"form.line.camera_types":   {"Others by type (fixed, dome, face or plate capture)", "其他类型及数量（枪机、半球、人脸或车牌抓拍）"},
	"form.line.camera_list":    {"List of cameras", "摄像机清单"},
	"form.line.camera_sources": {"Resolutions are measured by this gateway; all else is what was said of each camera", "分辨率为本网关实测，其余为各摄像机的登记信息"},
	"form.line.no_cameras":     {"There is no camera", "没有摄像机"},
	"form.line.position":       {"Position", "安装位置"},
	"form.line.model":          {"Model, firmware", "型号、固件"},
	"form.line.model_only":     {"Model", "型号"},
	"form.line.firmware":       {"Firmware", "固件版本"},
	"form.line.standard":       {"Proof of standards", "标准符合性证明"},
	"form.line.resolution":     {"Resolution", "分辨率"},
	"form.line.functions":      {"Functions in use", "启用功能"},
	"form.line.functions_why":  {"Why these are needed", "启用理由"},
	"form.line.capture":        {"Area that may be captured is drawn", "已划定采集区域"},
	"form.line.newest_test":    {"Newest test", "最近一次检测"},
	"form.line.face_devices":   {"Devices that work with faces", "人脸相关设备"},
	"form.line.no_devices":     {"No device is on record: make the inventory, or answer that there is none", "没有已登记的设备：请填写设备清单，或答复没有此类设备"},

	"form.line.storage_place": {"Where footage is stored", "录像存储位置"},
	"form.line.kept":          {"Kept for", "保存期限"},
	"form.line.days":          {"%s days", "%s 日"},
	"form.line.originals":     {"The recorder keeps whole originals", "录像机保存完整原始录像"},
	"form.line.network":       {"Network (own, connected to a platform above)", "网络情况（自建、联网）"},
	"form.line.contractor":    {"Contractors and processors", "运维单位与受托处理者"},

	"form.line.date":          {"Date", "日期"},
	"form.line.authority":     {"Authority", "受理机关"},
	"form.line.receipt":       {"Number of the receipt", "回执编号"},
	"form.line.no_receipt":    {"No filing is on record", "没有备案登记"},
	"form.line.filed_cameras": {"Cameras listed", "所列摄像机"},
	"form.line.difference":    {"Against today's cameras", "与现有摄像机比较"},
	"form.line.not_listed":    {"not listed: %s", "未列入：%s"},
	"form.line.not_there":     {"no longer there: %s", "已不存在：%s"},
	"form.line.same":          {"the same", "一致"},

	"form.line.stored":        {"People whose faces all devices store", "全部设备存储人脸信息的人数"},
	"form.line.officer":       {"Personal information protection officer named", "个人信息保护负责人任命文件"},
	"form.line.rules":         {"Rules of processing", "个人信息处理规则"},
	"form.line.rules_minors":  {"Rules for people under 14", "不满十四周岁未成年人处理规则"},
	"form.line.plan":          {"Plan for incidents", "安全事件应急预案"},
	"form.line.audit":         {"Compliance audit", "合规审计"},
	"form.line.training":      {"Newest training", "最近一次培训"},
	"form.line.assessed":      {"Newest impact assessment", "最近一次影响评估"},
	"form.line.assessed_file": {"Its fingerprint (SHA-256)", "评估文件指纹（SHA-256）"},
	"form.line.paper":         {"%s, SHA-256 %s", "%s，文件指纹 %s"},
	"form.line.mode":          {"What this gateway does with faces", "本网关对人脸的处理"},
	"form.line.controls":      {"Protections of this gateway that are on", "本网关已启用的安全措施"},
	"form.line.off":           {"Off: %s", "未启用：%s"},
	"form.line.notice":        {"Newest notice", "最近一版告知书"},
	"form.line.notice_link":   {"Where the notice is", "告知书地址"},
	"form.line.undertaking":   {"Undertaking", "承诺书"},
	"form.line.acceptance":    {"Acceptance file", "验收档案"},

	"form.line.device_now":     {"Device now", "现有设备"},
	"form.line.tested":         {"Device tested", "被检测设备"},
	"form.line.tested_unknown": {"not on record", "未登记"},
	"form.line.tested_other":   {"(another than now)", "（与现有设备不同）"},
	"form.line.never_tested":   {"never tested", "未检测"},
	"form.line.outcome":        {"Outcome", "结果"},
	"form.line.passed":         {"passed", "合格"},
	"form.line.failed":         {"not passed", "不合格"},
	"form.line.note":           {"Note", "备注"},

	NoticeNone:    {"no notice is on record: record one first", "没有告知文本的登记：请先登记"},
	NoticeWritten: {"%s written: put it where the sign leads", "已写入 %s：请放到标识所指向的地址"},
	SignOriginals: {"Live pictures show faces masked by default; the recorder keeps the originals", "实时画面人脸默认遮挡；录像保存原始画面"},
	SignMasked:    {"Live pictures and recordings show faces masked by default", "实时画面和录像中人脸默认遮挡"},
	SignLive:      {"Live pictures show faces masked by default", "实时画面人脸默认遮挡"},
	SignAddress:   {"%q is no address of a page: begin it with https:// or http://, at most %d characters", "%q 不是网页地址：请以 \"https://\" 或 \"http://\" 开头，最长 %d 个字符"},

	"console.sign.cameras":         {"Which cameras does it stand for?", "适用哪些摄像机？"},
	"console.sign.days_hint":       {"By what is recorded of your recorder; empty where that is not said of each camera", "取自录像保存期限的登记；有摄像机未登记时为空"},
	"console.sign.address":         {"Where the full notice can be read", "完整告知的网址"},
	"console.sign.address_hint":    {"Phones read it from the code on the sign", "手机可通过标识上的二维码读取"},
	"console.sign.code":            {"Code that leads to %s", "指向 %s 的二维码"},
	"console.sign.masking_open":    {"Nothing is said of masking until it is known what the recorder keeps: record it or answer the question", "在确认录像机保存何种画面之前，标识不说明遮挡情况：请登记录像设备或答复相应问题"},
	"console.forms.title":          {"Forms and registers", "表格与登记册"},
	"console.forms.about":          {"Filled in with what is known here. Look each over before it is signed or handed in: a person confirms it", "按已有信息填写。签署或提交前请逐项核对，须由人员确认"},
	"console.forms.language":       {"Language of the form", "表格语言"},
	"console.forms.names":          {"With names of persons (the audit trail notes it)", "包含人员姓名（将记入审计）"},
	"console.forms.authorities":    {"Forms", "表格"},
	"console.forms.registers":      {"Registers", "登记册"},
	"console.forms.open":           {"Open to print", "打开打印"},
	"console.forms.open_of":        {"Open to print: %s", "打开打印：%s"},
	"console.forms.auditor":        {"Auditors and managers can print them", "审计员和管理员可以打印"},
	"console.forms.notice":         {"The notice that the sign leads to", "标识所指向的告知文本"},
	"console.forms.notice_about":   {"The newest one on record, as a page for phones and paper. Put it on any web server, or have your installer set notice.address to serve it here", "取自最新登记的告知文本，适合手机阅读和打印。可放到任意网站，或请安装人员设置 notice.address 由本网关提供"},
	"console.forms.notice_save":    {"Save the page", "保存页面"},
	"console.forms.notice_nowhere": {"This gateway does not serve it", "本网关未提供该页面"},
	"config.about.notice.address":  {"Where anybody may read the notice that the sign leads to, over HTTP and without a login, such as :8480; empty: nowhere", "任何人无需登录即可阅读告知文本的监听地址（不加密），例如 :8480；留空：不提供"},

	"form.line.notice_title":      {"How this place handles what its cameras capture", "视频图像个人信息处理告知"},
	"form.line.notice_date":       {"Version of %s", "版本日期：%s"},
	"form.line.notice_contact":    {"Who is responsible, and how to reach us", "处理者名称和联系方式"},
	"form.line.notice_purpose":    {"What for", "处理目的"},
	"form.line.notice_manner":     {"How", "处理方式"},
	"form.line.notice_keeping":    {"How long it is kept", "保存期限"},
	"form.line.notice_necessity":  {"Why it is necessary", "处理的必要性"},
	"form.line.notice_effects":    {"What it may mean for you", "对个人权益的影响"},
	"form.line.notice_rights":     {"Your rights, and how to use them", "您的权利及行使方式"},
	"form.line.notice_complaints": {"Complaints", "投诉举报"},
	"form.line.notice_minors":     {"Children under 14", "不满十四周岁的未成年人"},

	"form.line.fact.mode":      {"faces", "对人脸的处理"},
	"form.line.fact.class":     {"class", "场所类别"},
	"form.line.fact.camera":    {"camera", "摄像机"},
	"form.line.fact.place":     {"position", "安装位置"},
	"form.line.fact.purpose":   {"purpose", "处理目的"},
	"form.line.fact.extra":     {"function in use", "启用功能"},
	"form.line.fact.area":      {"area where consents count", "同意适用区域"},
	"form.line.fact.hours":     {"footage kept, hours", "录像保存小时数"},
	"form.line.fact.processor": {"processor", "受托处理者"},
	"form.line.fact.device":    {"device", "设备"},

	"form.line.control.encryption":    {"encryption", "加密存储"},
	"form.line.control.audit":         {"audit log", "安全审计"},
	"form.line.control.access":        {"access control", "访问控制"},
	"form.line.control.authorisation": {"authorisation", "授权管理"},
	"form.line.control.intrusion":     {"intrusion defence", "入侵检测和防御"},
}

var formsAssessment = table{
	"form.line.occasion":        {"Occasion (first use, change, incident, review)", "评估原因（启用前、变更、安全事件、定期复核）"},
	"form.line.last":            {"Last assessment", "上次评估日期"},
	"form.line.changes":         {"Changes", "变化"},
	"form.line.changes_unknown": {"the last one does not say for which configuration it was made: compare by hand (%s)", "上次评估未记录当时的配置，请人工比对（%s）"},
	"form.line.unchanged":       {"Nothing that this gateway knows of changed since %s", "本网关掌握的情况自 %s 以来没有变化"},
	"form.line.was":             {"Then", "当时"},
	"form.line.is":              {"Now", "现在"},
	"form.line.no_more":         {"no more", "已不再是"},
	"form.line.not_before":      {"not then", "当时没有"},
	"form.line.team":            {"Who assesses, with which posts", "评估人员及岗位"},
	"form.line.scope_of":        {"Cameras in scope", "评估范围内的摄像机"},
	"form.line.asked":           {"Who was asked (people concerned, experts)", "征询情况（相关个人、专家）"},

	"form.line.category":        {"Data", "数据类别"},
	"form.line.origin":          {"From", "来源设备"},
	"form.line.stored_at":       {"Stored", "存储位置"},
	"form.line.recipient":       {"Given to", "接收方"},
	"form.line.period":          {"For how long", "保存期限"},
	"form.line.live":            {"live video, faces masked", "实时画面（人脸已遮挡）"},
	"form.line.live_stored":     {"not stored by the gateway", "网关不存储"},
	"form.line.live_to":         {"viewers with a login", "已登录的观看者"},
	"form.line.live_period":     {"not kept", "不保存"},
	"form.line.recordings":      {"recordings", "录像"},
	"form.line.faces":           {"face information", "人脸信息"},
	"form.line.consents":        {"consents of %d people, by pseudonym", "%d 人的同意令牌（化名）"},
	"form.line.consents_for":    {"to show who agreed", "显示已同意的人"},
	"form.line.consents_from":   {"issued with the person's agreement", "经本人同意签发"},
	"form.line.consents_stored": {"in the gateway, encrypted", "网关内加密存储"},
	"form.line.consents_to":     {"nobody", "无"},
	"form.line.consents_period": {"until they end or are withdrawn", "至到期或撤回"},
	"form.line.necessity":       {"Why it is needed, and why nothing milder", "必要性及为何没有更缓和的方式"},

	"form.line.risk_source":  {"Source", "风险源"},
	"form.line.known":        {"What is known", "已知情况"},
	"form.line.likely":       {"How likely", "发生可能性"},
	"form.line.likely_about": {"How likely: low, medium, high or very high. A person decides", "发生可能性：低、中、高、很高。由评估人员判断"},
	"form.line.risk.network": {"Network and technical measures", "网络环境和技术措施"},
	"form.line.risk.flow":    {"How data are handled", "处理流程"},
	"form.line.risk.others":  {"Staff and others with access", "参与人员与第三方"},
	"form.line.risk.scale":   {"Business and scale", "业务特点和规模"},
	"form.line.scale":        {"cameras: %d; face devices on record: %d; open incidents on record: %d", "摄像机 %d 台；已登记人脸相关设备 %d 台；未办结安全事件 %d 起"},
	"form.line.anonymous":    {"anybody may watch without a login", "无需登录即可观看"},
	"form.line.shared":       {"viewers share one login", "观看者共用一个账号"},
	"form.line.leaves":       {"%s sends face information over the Internet", "%s 通过互联网对外传输人脸信息"},
	"form.line.unplaced":     {"it is not said where these look: %s", "未说明所在位置的摄像机：%s"},
	"form.line.undrawn":      {"the area that may be captured is not drawn: %s", "未划定采集区域的摄像机：%s"},
	"form.line.party":        {"contract with %s from %s; bound to secrecy: %s", "与 %s 的合同，自 %s 起；约定保密：%s"},
	"form.line.no_party":     {"no processors, answered %s", "没有受托处理者（%s 答复）"},

	"form.line.right":         {"Right", "权益"},
	"form.line.effect":        {"Effect (low to very high)", "影响程度（低至很高）"},
	"form.line.risk":          {"Risk", "风险等级"},
	"form.line.right.choice":  {"People can decide for themselves", "个人自主决定权"},
	"form.line.right.equal":   {"Nobody is treated differently", "不受差别性待遇"},
	"form.line.right.dignity": {"Reputation and peace of mind", "个人名誉与精神安宁"},
	"form.line.right.safety":  {"Life, body and property", "人身与财产安全"},
	"form.line.matrix":        {"Likelihood against effect: this product's proposal, decide yourselves", "可能性与影响程度对照（本产品建议，请自行判断）"},
	"form.line.matrix_head":   {"Likelihood / effect", "可能性及影响程度"},
	"form.line.grade.low":     {"low", "低"},
	"form.line.grade.medium":  {"medium", "中"},
	"form.line.grade.high":    {"high", "高"},
	"form.line.grade.grave":   {"very high", "很高"},
	"form.line.again":         {"From the last assessment: look at it again", "沿用上次评估，请复核"},

	"form.line.overall":       {"Overall risk", "综合风险等级"},
	"form.line.overall_why":   {"Reasons", "理由"},
	"form.line.measures_more": {"Further measures", "其他处置措施"},
	"form.line.measures_by":   {"By whom and when", "责任人及期限"},
	"form.line.decision":      {"Decision (begin, begin with conditions, do not begin)", "结论（可以开展、有条件开展、不得开展）"},
	"form.line.signer":        {"Signed by", "签署人"},
	"form.line.signed":        {"Date", "签署日期"},
	"form.line.version_no":    {"Version", "版本号"},
	"form.line.review":        {"To be looked at again on", "下次复核日期"},
}
