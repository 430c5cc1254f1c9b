package text

// What refuses an answer to the guided questions.
const (
	AskUnknown Key = "ask.unknown"
	AskField   Key = "ask.field"
	AskNothing Key = "ask.nothing"

	// What bauta site ask and bauta site questions say.
	AskNoTerminal Key = "ask.no_terminal"
	AskHelp       Key = "ask.help"
	AskWho        Key = "ask.who"
	AskHave       Key = "ask.have"
	AskAnother    Key = "ask.another"
	AskEach       Key = "ask.each"
	AskAgain      Key = "ask.again"
	AskDone       Key = "ask.done"
	AskLater      Key = "ask.later"
	AskNoCamera   Key = "ask.no_camera"
	AskMore       Key = "ask.more"

	// The states of a question.
	AskOpen     Key = "ask.state.open"
	AskAnswered Key = "ask.state.answered"
	AskSpared   Key = "ask.state.spared"

	// What is to be typed, by the type of a field.
	AskTypeDate    Key = "ask.type.date"
	AskTypeNumber  Key = "ask.type.number"
	AskTypeFlag    Key = "ask.type.flag"
	AskTypeAnswer  Key = "ask.type.answer"
	AskTypeChoice  Key = "ask.type.choice"
	AskTypeChoices Key = "ask.type.choices"
)

// AskState is the word for how a question stands.
func AskState(state string) Key { return word("ask.state.", state) }

// AskType is what is to be typed for a field of a type.
func AskType(kind string) Key { return word("ask.type.", kind) }

var asks = table{
	AskNothing:     {"nothing is said: give an answer, or skip the question", "未作任何说明：请答复或跳过"},
	AskUnknown:     {"there is no question %q: bauta site questions lists them", "没有问题 %q：请用 bauta site questions 列出"},
	AskNoTerminal:  {"bauta site ask needs a terminal; scripts answer with bauta site set, bauta site answer, bauta camera set and the commands of records", "bauta site ask 需要终端；脚本请使用 bauta site set、bauta site answer、bauta camera set 及登记命令"},
	AskHelp:        {"Type an answer, or the number of a choice; an empty line keeps what is there. /skip goes on, /back goes back, /quit stops: what was answered is kept", "请输入答复或选项编号；直接回车保留原值。/skip 跳过，/back 返回，/quit 结束：已答复的内容均已保存"},
	AskWho:         {"who knows: %s", "谁可以回答：%s"},
	AskHave:        {"on record: %d, the newest of %s", "已登记 %d 条，最新日期 %s"},
	AskAnother:     {"on record: %d, the newest of %s; record another one? yes or no", "已登记 %d 条，最新日期 %s；是否再登记一条？是或否"},
	AskEach:        {"for all cameras; /each asks camera by camera", "适用于全部摄像机；输入 /each 逐台填写"},
	AskAgain:       {"type %s", "请输入%s"},
	AskDone:        {"no question is open but the %d that were skipped", "除跳过的 %d 个问题外，没有待答复的问题"},
	AskLater:       {"what was answered is kept; bauta site ask goes on where you stopped", "已答复的内容均已保存；再次运行 bauta site ask 可继续"},
	AskMore:        {"what such a record needs; more can be added later: bauta record correct %s", "以下为该登记的必填内容；其余可稍后补充：bauta record correct %s"},
	AskNoCamera:    {"there is no camera yet: bauta camera add", "还没有摄像机：请运行 bauta camera add"},
	AskOpen:        {"open", "待答复"},
	AskAnswered:    {"answered", "已答复"},
	AskSpared:      {"not asked here", "此处无须回答"},
	AskTypeDate:    {"a day such as 2026-01-31", "日期，例如 2026-01-31"},
	AskTypeNumber:  {"a number", "数字"},
	AskTypeFlag:    {"yes or no", "是或否"},
	AskTypeAnswer:  {"yes or no", "是或否"},
	AskTypeChoice:  {"a number of the list", "列表中的编号"},
	AskTypeChoices: {"numbers of the list", "列表中的一个或多个编号"},
	AskField:       {"this question does not ask for %q: leave it out", "该问题不涉及 %q：请删除"},
}

// The guided questions, by their names: what is asked and why.
var consoleAsk = table{
	"console.ask.title":              {"Questions", "问答"},
	"console.ask.lead":               {"One question at a time. Each answer is kept at once; stop when you like and go on later", "一次一个问题。每个答复即时保存；可以随时停下，以后继续"},
	"console.ask.progress":           {"%d of %d answered, %d open", "已答复 %d / %d 项，%d 项待答复"},
	"console.ask.next":               {"Save and go on", "保存并继续"},
	"console.ask.no_next":            {"No, and go on", "否，继续"},
	"console.ask.skip":               {"Skip for now", "暂时跳过"},
	"console.ask.back":               {"Back", "返回"},
	"console.ask.all":                {"All questions", "全部问题"},
	"console.ask.why":                {"Why this is asked", "为什么问这个问题"},
	"console.ask.who":                {"Who knows: %s", "谁可以回答：%s"},
	"console.asked.who.manager":      {"the site's manager", "场所负责人"},
	"console.asked.who.installer":    {"the installer of the cameras", "摄像机安装人员"},
	"console.asked.who.contractor":   {"the security contractor or who looks after the recorder", "安防服务单位或录像机维护人员"},
	"console.asked.who.legal":        {"who looks after legal matters", "法务人员"},
	"console.ask.duty_open":          {"waits for this answer", "待此项答复"},
	"console.ask.state.open":         {"open", "待答复"},
	"console.ask.state.answered":     {"answered", "已答复"},
	"console.ask.state.spared":       {"not asked here", "此处无须回答"},
	"console.ask.by":                 {"Answered by %s on %s", "由 %s 于 %s 答复"},
	"console.ask.done":               {"No question is open", "没有待答复的问题"},
	"console.ask.done_about":         {"What the answers mean for each duty stands on the page of legal duties", "各项义务的情况见法规事项页面"},
	"console.ask.skipped":            {"%d questions were skipped", "已跳过 %d 个问题"},
	"console.ask.again":              {"Go through them again", "重新查看"},
	"console.ask.every_camera":       {"All cameras", "全部摄像机"},
	"console.ask.by_camera":          {"Differing by camera", "逐台填写"},
	"console.ask.no_camera":          {"There is no camera yet", "还没有摄像机"},
	"console.ask.suggestion":         {"Choose a wording", "选用措辞"},
	"console.ask.take":               {"Take: %s", "采用：%s"},
	"console.record.days":            {"Days", "天数"},
	"console.ask.suggest_all":        {"Fill in suggested wordings", "填入建议措辞"},
	"console.ask.have":               {"On record: %d, the newest of %s", "已登记 %d 条，最新日期 %s"},
	"console.ask.another":            {"Record another one", "再登记一条"},
	"console.ask.correct":            {"See and correct", "查看与更正"},
	"console.ask.page_do":            {"Go there", "前往"},
	"console.ask.said.not":           {"not said", "未说明"},
	"console.ask.start":              {"Answer the questions", "开始答复"},
	"console.record.more":            {"More", "更多"},
	"console.update.title":           {"After the update", "更新后"},
	"console.update.about":           {"Nothing is lost. What this version asks for and the earlier one did not is not known until somebody says it", "原有内容均未丢失。本版本新要求说明的事项，在有人答复之前为未确认"},
	"console.update.clauses":         {"Duties that wait for an answer (%d)", "待答复的义务（%d）"},
	"console.update.records":         {"Records to be confirmed (%d)", "待确认的登记（%d）"},
	"console.update.confirm":         {"to be confirmed", "待确认"},
	"console.update.was":             {"before the update: %s", "更新前：%s"},
	"console.update.none":            {"Nothing waits because of an update", "没有因更新而待处理的事项"},
	"console.update.notice":          {"Since the update %d entries wait for an answer or a confirmation", "更新后有 %d 项待答复或待确认"},
	"console.update.see":             {"See what it is", "查看"},
	"console.compliance.unknown_one": {"1 question to answer", "1 项未确认"},
	"console.compliance.warn_one":    {"1 thing to look at", "1 项需要关注"},
	"console.overview.duties":        {"Legal duties: %s", "法规事项：%s"},
	"console.ask.manager_only":       {"A manager answers the questions; here you see what is known", "问题由管理员答复；此处显示已知情况"},

	"console.asked.where.title":            {"Where does the site lie?", "场所位于哪里？"},
	"console.asked.where.about":            {"The place decides which law the site is compared with", "所在地区决定对照的法律"},
	"console.asked.kind.title":             {"What kind of place is it?", "属于哪类场所？"},
	"console.asked.kind.about":             {"The kind decides who may install cameras here, and whether the police want the system filed", "场所类型决定谁可以安装摄像机，以及系统是否须向公安机关备案"},
	"console.asked.unit.title":             {"Which unit manages the cameras?", "摄像机由哪个单位管理？"},
	"console.asked.unit.about":             {"Its name and telephone stand on the signs, and people complain there", "单位名称和电话写在标识上，也是投诉举报的去处"},
	"console.asked.needs.title":            {"What is each camera for, and why is it needed?", "每台摄像机的用途是什么，为何必要？"},
	"console.asked.needs.about":            {"In public places cameras serve public safety alone, and each one needs a reason in writing", "公共场所的摄像机只能为维护公共安全，且每台都要有书面理由"},
	"console.asked.places.title":           {"What does each camera look at?", "每台摄像机拍摄什么场所？"},
	"console.asked.places.about":           {"In rooms where people undress, sleep or are treated no camera may be", "更衣、住宿、诊疗等场所不得安装摄像机"},
	"console.asked.walks.title":            {"Do corridor cameras see into rooms when doors open?", "开门时走廊摄像机能否拍到房间内部？"},
	"console.asked.walks.about":            {"Walk past the open doors and keep a picture of what each camera sees", "开门走一遍，并留存各摄像机的画面"},
	"console.asked.national-rule.title":    {"How long may footage be kept by the country's own rule?", "所在国规定录像可以保存多久？"},
	"console.asked.national-rule.about":    {"The limits differ from country to country", "各国规定不同"},
	"console.asked.grounds.title":          {"What allows the cameras?", "摄像机的合法性依据是什么？"},
	"console.asked.grounds.about":          {"One of the grounds of the GDPR, and why the interests of those who are seen do not outweigh it", "《通用数据保护条例》的一项依据，以及为何被拍摄者的权益不优先"},
	"console.asked.first-use.title":        {"Since when is each camera in use?", "每台摄像机何时投入使用？"},
	"console.asked.first-use.about":        {"Deadlines run from the first day of use, not from the day on which it was added here", "期限自投入使用之日起算，而非添加到本网关之日"},
	"console.asked.equipment.title":        {"Which devices are the cameras?", "摄像机是什么设备？"},
	"console.asked.equipment.about":        {"Devices have to meet the mandatory standards; the proof is a certificate or test report", "设备须符合强制性标准，以证书或检测报告为凭"},
	"console.asked.private-rooms.title":    {"Are there rooms in which nobody may be filmed?", "是否有不得拍摄的房间？"},
	"console.asked.private-rooms.about":    {"Toilets, baths, changing and nursing rooms, lodging rooms: whoever runs them goes round and looks for hidden cameras", "卫生间、浴室、更衣室、哺乳室、客房等：经营者须检查有无偷拍设备"},
	"console.asked.secret-neighbour.title": {"Is a military or secret unit nearby?", "周边是否有军事或涉密单位？"},
	"console.asked.secret-neighbour.about": {"It consents before the first camera is used", "须在摄像机启用前取得其同意"},
	"console.asked.key-target.title":       {"Is the site a key target of protection against terrorism?", "是否为防范恐怖袭击重点目标？"},
	"console.asked.key-target.about":       {"Then footage is kept for 90 days instead of 30", "若是，录像保存期限为 90 日而非 30 日"},
	"console.asked.face-devices.title":     {"Does any device recognise faces?", "是否有识别人脸的设备？"},
	"console.asked.face-devices.about":     {"Gates, attendance, the recorder's search: the order on face recognition holds only where faces are recognised. A no is an answer too", "门禁、考勤、录像机检索等：只有识别人脸时才适用人脸识别的规定。“否”也是答复"},
	"console.asked.recorder.title":         {"What does the recorder keep, where, and for how long?", "录像机保存什么内容，在哪里，保存多久？"},
	"console.asked.recorder.about":         {"Some places must keep the original footage whole: masks protect who is watched, not what has to be kept", "部分场所须完整保存原始录像：遮挡用于保护被观看者，不改变须保存的内容"},
	"console.asked.processors.title":       {"Does another unit handle footage, or build, run or maintain the system?", "是否有其他单位处理录像，或建设、运行、维护系统？"},
	"console.asked.processors.about":       {"A control room that is run by a contractor, a cloud, a maintenance company: each is bound by a contract", "外包监控室、云服务、维保公司等：均须签订合同"},
	"console.asked.notice.title":           {"What are people told about the cameras?", "如何向个人告知？"},
	"console.asked.notice.about":           {"The full notice, to which the signs lead: what the law wants said, in plain words. Wordings can be taken over and changed", "标识所指向的完整告知：用通俗语言写明法定内容。可选用建议措辞再修改"},
	"console.asked.acceptance.title":       {"Are the papers of design, test and acceptance kept?", "是否保存设计、检验、验收材料？"},
	"console.asked.acceptance.about":       {"The file stays with you; its fingerprint is kept here", "文件由您保管；此处只保存其指纹"},
	"console.asked.training.title":         {"Who was vetted and trained to see footage?", "接触录像的人员是否经过审查和培训？"},
	"console.asked.training.about":         {"Each of them was looked into, was trained, and promised secrecy in writing", "须经背景审查、培训并签署保密承诺"},
	"console.asked.rules.title":            {"Are there rules, a classification and a plan for incidents?", "是否有内部制度、分类和应急预案？"},
	"console.asked.rules.about":            {"Rules on who may do what, which data are how sensitive, and what happens after a leak", "谁可以做什么、数据如何分类、泄露后如何处置"},
	"console.asked.audit.title":            {"When was the handling of personal information audited last?", "最近一次个人信息保护合规审计是什么时候？"},
	"console.asked.audit.about":            {"Regularly, by the unit itself or by others", "应定期进行，可自行或委托"},
	"console.asked.processing.title":       {"What was done with faces month by month?", "逐月处理人脸信息的情况如何？"},
	"console.asked.processing.about":       {"Where faces are recognised the handling itself is on record, for each month of use", "识别人脸的，须逐月记录处理情况"},
	"console.asked.requests.title":         {"Did anybody ask for what is known of them?", "是否有个人行使查阅、复制等权利？"},
	"console.asked.requests.about":         {"Access, copies, correction, deletion: each request is answered, and a time without any is confirmed", "查阅、复制、更正、删除等请求均须答复；没有的时段须确认"},
	"console.asked.requests.either":        {"Did anybody ask since the last entry?", "自上次登记以来是否收到请求？"},
	"console.asked.complaints.title":       {"Did anybody complain?", "是否收到投诉？"},
	"console.asked.complaints.about":       {"Each complaint is answered in time; a time without any is confirmed", "投诉须及时处理；没有的时段须确认"},
	"console.asked.complaints.either":      {"Did anybody complain since the last entry?", "自上次登记以来是否收到投诉？"},
	"console.asked.grading.title":          {"Does graded protection apply?", "是否适用网络安全等级保护？"},
	"console.asked.grading.about":          {"If so the record number belongs here, if not the reason", "适用的填写备案编号，不适用的说明理由"},
	"console.asked.signs.title":            {"Which signs tell of the cameras?", "设置了哪些提示标识？"},
	"console.asked.signs.about":            {"One round: where the sign hangs, which cameras it tells of, and a photo", "巡查一遍：标识位置、对应的摄像机，并拍照"},
	"console.asked.assessment.title":       {"Was the impact on people assessed before the cameras were used?", "启用前是否进行过个人信息保护影响评估？"},
	"console.asked.assessment.about":       {"A signed document that answers what the law asks, made before first use and anew after changes", "在启用前完成、变更后重做的签署文件"},
	"console.asked.police-filing.title":    {"Is the system filed with the police?", "系统是否已向公安机关备案？"},
	"console.asked.police-filing.about":    {"Within 30 days of first use; tick the cameras that stand in the papers, not those that are here", "投入使用后 30 日内备案；请勾选备案材料中列出的摄像机"},
	"console.asked.call-register.title":    {"Was footage viewed, retrieved or copied for somebody?", "是否有人查阅、调取、复制过录像？"},
	"console.asked.call-register.about":    {"Each time is on record; a month without any is confirmed", "每次均须登记；没有的月份须确认"},
	"console.asked.call-register.either":   {"Was any footage viewed, retrieved or copied for somebody?", "是否有人查阅、调取或者复制过录像？"},
	"console.asked.device-tests.title":     {"Were the cameras and their masking tested?", "摄像机及遮挡是否经过检测？"},
	"console.asked.device-tests.about":     {"Once a year: walk through the picture and see that every face is masked", "每年一次：走过画面，确认所有人脸均被遮挡"},
	"console.asked.incident.title":         {"Is an incident with personal information open?", "是否有未处理完毕的个人信息安全事件？"},
	"console.asked.incident.about":         {"A leak, misuse, or footage given out against the law", "泄露、滥用或违法提供录像"},
	"console.asked.evidence.title":         {"Can the material for an inspection be made?", "能否生成供检查使用的证据包？"},
	"console.asked.evidence.about":         {"Until a pack was made once nobody knows that it can be", "生成过一次才能确认可以生成"},
}

// Wordings that may be chosen instead of typing.
var consoleSuggest = table{
	"console.suggest.site.entitled.1":                  {"the unit owns the place", "本单位为场所所有权人"},
	"console.suggest.site.entitled.2":                  {"the unit leases the place", "本单位承租该场所"},
	"console.suggest.site.entitled.3":                  {"the property contract gives the unit the security of the place", "物业服务合同约定由本单位负责安全防范"},
	"console.suggest.notice.purpose.1":                 {"public safety: to prevent and clear up theft, violence and accidents", "维护公共安全：预防和查明盗窃、伤害及事故"},
	"console.suggest.notice.manner.1":                  {"fixed cameras; live pictures show masked faces; the recorder keeps the originals", "固定摄像机；实时画面人脸默认遮挡；录像机保存原始录像"},
	"console.suggest.notice.keeping.1":                 {"30 days, then deleted", "30 日，期满删除"},
	"console.suggest.notice.keeping.2":                 {"90 days, then deleted", "90 日，期满删除"},
	"console.suggest.notice.necessity.1":               {"staff cannot watch the place all the time, and nothing milder clears up what happened", "无法时刻有人值守，没有更缓和的方式可以查明情况"},
	"console.suggest.notice.effects.1":                 {"whoever passes is seen on live pictures with a masked face, and is kept on the originals until they are deleted", "经过者在实时画面中人脸被遮挡，在原始录像删除前仍被保存"},
	"console.suggest.notice.rights.1":                  {"access, copy, correction, deletion and explanation: ask the unit, which checks who asks and answers within 15 working days", "可向管理单位申请查阅、复制、更正、删除和解释；核验身份后 15 个工作日内答复"},
	"console.suggest.notice.complaints.1":              {"to the unit's telephone on the sign, or to the police and the cyberspace administration", "可拨打标识上的电话，也可向公安机关、网信部门投诉举报"},
	"console.suggest.notice.minors.1":                  {"faces of people under 14 are masked for every viewer and never shown without a guardian's consent", "不满十四周岁的，人脸一律遮挡，未经监护人同意不显示"},
	"console.suggest.training.topic.1":                 {"Decree 799 and personal information: who may see footage, secrecy, the register", "第799号令与个人信息保护：谁可以查看录像、保密、登记"},
	"console.suggest.training.post.1":                  {"control room", "监控室值班员"},
	"console.suggest.training.pseudonym.1":             {"staff 1", "员工 1"},
	"console.suggest.inspection.found.1":               {"nothing found", "未发现"},
	"console.suggest.recorder.name.1":                  {"recorder 1", "录像机 1"},
	"console.suggest.recorder.where.1":                 {"in the control room", "监控室内"},
	"console.suggest.sign.place.1":                     {"at each entrance, at eye level", "各出入口，视线高度处"},
	"console.suggest.filing.authority.1":               {"police of the county", "县级公安机关"},
	"console.suggest.necessity.trade-centre.1":         {"Shoplifting, pickpocketing and quarrels among many visitors cannot be cleared up otherwise", "客流密集，盗窃、扒窃、纠纷等情况无其他方式可以查明"},
	"console.suggest.necessity.school.1":               {"Strangers on the grounds and violence among pupils have to be noticed in time", "需及时发现外来人员进入和学生间的伤害行为"},
	"console.suggest.necessity.hospital.1":             {"Attacks on staff and the theft of medicines cannot be cleared up otherwise", "伤医、药品被盗等情况无其他方式可以查明"},
	"console.suggest.necessity.hub.1":                  {"Crowding on platforms and stairs has to be noticed before people are hurt", "需在发生伤害前发现站台、楼梯拥挤"},
	"console.suggest.necessity.car-park.1":             {"Damage to parked vehicles and accidents at the barrier cannot be cleared up otherwise", "停放车辆受损、出入口事故无其他方式可以查明"},
	"console.suggest.necessity.residential-compound.1": {"Break-ins, and things thrown from heights, cannot be cleared up otherwise", "入室盗窃、高空抛物等情况无其他方式可以查明"},
	"console.suggest.necessity.hotel.1":                {"Theft from guests and intruders on the floors have to be noticed", "需发现客人财物被盗及外来人员进入楼层"},
	"console.suggest.necessity.shop.1":                 {"Theft from the shelves and robbery at the till cannot be cleared up otherwise", "货架盗窃、收银抢劫等情况无其他方式可以查明"},
	"console.suggest.necessity.closed-office.1":        {"Break-ins after hours and the theft of equipment cannot be cleared up otherwise", "非工作时间闯入、设备被盗等情况无其他方式可以查明"},
	"console.suggest.necessity.factory.1":              {"Accidents at machines have to be noticed at once and cleared up", "需及时发现并查明机器旁的事故"},
	"console.suggest.necessity.1":                      {"Thefts and assaults at this place cannot be cleared up otherwise", "此处盗窃、伤害案件无其他方式可以查明"},
	"console.suggest.necessity.2":                      {"Crowds at the entrance need watching for accidents", "出入口人流密集，需防范拥挤踩踏等事故"},
	"console.suggest.necessity.3":                      {"Staff cannot see this area, and an emergency call must be checked", "该区域无人值守，需核实紧急求助情况"},
	"console.suggest.necessity.4":                      {"Accidents between vehicles and pedestrians have to be cleared up", "需查明车辆与行人之间的事故"},
	"console.suggest.necessity.5":                      {"The police asked in writing for a camera here", "公安机关书面要求在此设置"},
}
