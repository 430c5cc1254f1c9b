package text

// What the checks find of face devices, and what to do next.
const (
	FoundNoKind               Key = "found.no_kind"
	FoundNoCompound           Key = "found.no_compound"
	FoundNoDevices            Key = "found.no_devices"
	FoundTemplatesUnset       Key = "found.templates_unset"
	FoundOldDoor              Key = "found.old_door"
	FoundDeviceOld            Key = "found.device_old"
	FoundOldAnswer            Key = "found.old_answer"
	FoundDeviceNoNeed         Key = "found.device_no_need"
	FoundDeviceNeedLate       Key = "found.device_need_late"
	FoundDeviceFirstUse       Key = "found.device_first_use"
	FoundDeviceNeed           Key = "found.device_need"
	FoundDeviceNoGround       Key = "found.device_no_ground"
	FoundDeviceGroundUnset    Key = "found.device_ground_unset"
	FoundDeviceGround         Key = "found.device_ground"
	FoundDeviceTied           Key = "found.device_tied"
	FoundDeviceTiedUnset      Key = "found.device_tied_unset"
	FoundDeviceBulk           Key = "found.device_bulk"
	FoundDeviceVoluntary      Key = "found.device_voluntary"
	FoundDeviceNoMinors       Key = "found.device_no_minors"
	FoundDeviceAge            Key = "found.device_age"
	FoundDeviceGuardians      Key = "found.device_guardians"
	FoundDeviceRules          Key = "found.device_rules"
	FoundDeviceMinors         Key = "found.device_minors"
	FoundAlternativeUnset     Key = "found.alternative_unset"
	FoundAlternativeOld       Key = "found.alternative_old"
	FoundDeviceOffPurpose     Key = "found.device_off_purpose"
	FoundDeviceArea           Key = "found.device_area"
	FoundDeviceNoSign         Key = "found.device_no_sign"
	FoundDevicePublicUnset    Key = "found.device_public_unset"
	FoundDeviceOldSign        Key = "found.device_old_sign"
	FoundDeviceSigned         Key = "found.device_signed"
	FoundNoPublicDevice       Key = "found.no_public_device"
	FoundDeviceInRoom         Key = "found.device_in_room"
	FoundDeviceRoomUnset      Key = "found.device_room_unset"
	FoundDeviceNoRoom         Key = "found.device_no_room"
	FoundDeviceLeaves         Key = "found.device_leaves"
	FoundDeviceKeeps          Key = "found.device_keeps"
	FoundDeviceDataUnset      Key = "found.device_data_unset"
	FoundDeviceData           Key = "found.device_data"
	FoundDevicePurpose        Key = "found.device_purpose"
	FoundDeviceCounts         Key = "found.device_counts"
	FoundDeviceAssessedLate   Key = "found.device_assessed_late"
	FoundDeviceSearch         Key = "found.device_search"
	FoundDeviceForbidden      Key = "found.device_forbidden"
	FoundDeviceForbiddenUnset Key = "found.device_forbidden_unset"
	FoundDeviceAllowed        Key = "found.device_allowed"
	FoundDeviceNoCount        Key = "found.device_no_count"
	FoundDeviceFiled          Key = "found.device_filed"
	FoundDeviceEstimate       Key = "found.device_estimate"
	FoundDeviceNotFiled       Key = "found.device_not_filed"

	NextDevice        Key = "next.device"
	NextDeviceFill    Key = "next.device_fill"
	NextDeviceStop    Key = "next.device_stop"
	NextDeviceTied    Key = "next.device_tied"
	NextDeviceMinors  Key = "next.device_minors"
	NextDeviceWalk    Key = "next.device_walk"
	NextDeviceArea    Key = "next.device_area"
	NextDeviceSign    Key = "next.device_sign"
	NextDeviceRemove  Key = "next.device_remove"
	NextDevicePurpose Key = "next.device_purpose"
	NextLawyer        Key = "next.lawyer"
	NextDraftFiling   Key = "next.draft_filing"

	PurposeAttendance Key = "purpose.attendance"
	PurposeTeaching   Key = "purpose.teaching"
	PurposeSales      Key = "purpose.sales"
)

var devices = table{
	FoundNoKind:               {"kind of place not stated", "未说明场所类型"},
	FoundNoCompound:           {"does not apply: no residential compound but %v, by what was declared", "不适用：不是住宅小区，而是%v（依据登记）"},
	FoundNoDevices:            {"faces are recognised, and no device on record says by what", "有人脸识别，但没有登记使用的设备"},
	FoundTemplatesUnset:       {"not stated whether it keeps face templates: %s", "未说明是否保存人脸模板：%s"},
	FoundOldDoor:              {"marked as letting people in by their faces, and not on record as a face device: %s", "已标明凭人脸放行，但未登记为人脸设备：%s"},
	FoundDeviceOld:            {"not confirmed for more than %[2]d days: %[1]s", "超过 %[2]d 日未确认：%[1]s"},
	FoundOldAnswer:            {"how many people's faces are stored was answered on %s, more than %d days ago", "存储人数的答复日期为 %s，已超过 %d 日"},
	FoundDeviceNoNeed:         {"without a complete written need (purpose, need, why nothing milder will do, author, day): %s", "没有完整的书面必要性说明（目的、必要性、无更缓和方式的理由、撰写人、日期）：%s"},
	FoundDeviceNeedLate:       {"the need was written after the first use: %s", "必要性说明晚于启用：%s"},
	FoundDeviceFirstUse:       {"first day of use not stated: %s", "未说明首次使用日期：%s"},
	FoundDeviceNeed:           {"a written need of before the first use is on record: %s", "已登记启用前的书面必要性说明：%s"},
	FoundDeviceNoGround:       {"without law or consent: %s", "没有法定依据或同意：%s"},
	FoundDeviceGroundUnset:    {"not stated what allows it, or whether the service hangs on the face: %s", "未说明依据，或未说明服务是否以人脸为条件：%s"},
	FoundDeviceGround:         {"law or consent declared: %s (not checked)", "已登记依据或同意：%s（未核验）"},
	FoundDeviceTied:           {"who refuses the face gets no service: %s", "不同意刷脸即不提供服务：%s"},
	FoundDeviceTiedUnset:      {"not stated whether the service hangs on the face, or whether many were enrolled at once: %s", "未说明服务是否以人脸为条件，或是否批量录入：%s"},
	FoundDeviceBulk:           {"many people were enrolled in one act: %s", "批量录入人脸：%s"},
	FoundDeviceVoluntary:      {"each agreed by an own act, and nobody has to: %s (not checked)", "由每个人自愿同意：%s（未核验）"},
	FoundDeviceNoMinors:       {"nobody under 14 is among them: %s (not checked)", "不涉及不满十四周岁的人：%s（未核验）"},
	FoundDeviceAge:            {"not stated whether people under 14 are among them, or whether their guardians agreed: %s", "未说明是否涉及不满十四周岁的人，或监护人是否同意：%s"},
	FoundDeviceGuardians:      {"people under 14 without a guardian's consent: %s", "涉及不满十四周岁的人，监护人未同意：%s"},
	FoundDeviceRules:          {"people under 14 without handling rules made for them: %s", "涉及不满十四周岁的人，没有专门处理规则：%s"},
	FoundDeviceMinors:         {"guardians agreed, and rules for people under 14 are on record: %s", "监护人已同意，不满十四周岁的处理规则已登记：%s"},
	FoundAlternativeUnset:     {"not stated which other way there is, or whether it works: %s", "未说明其他验证方式，或其是否可用：%s"},
	FoundAlternativeOld:       {"the other way was not walked within %[2]d months: %[1]s", "%[2]d 个月内未实地走通其他方式：%[1]s"},
	FoundDeviceOffPurpose:     {"in a public place for another purpose than public safety: %s", "在公共场所用于公共安全以外的目的：%s"},
	FoundDeviceArea:           {"it captures more than its purpose needs, or the zone of its camera is not drawn: %s", "采集区域超出必要，或其摄像机未划定采集区域：%s"},
	FoundDeviceNoSign:         {"no sign on record for the device: %s", "没有该设备提示标识的登记：%s"},
	FoundDevicePublicUnset:    {"not stated whether it stands in a public place, for what purpose and with which limits: %s", "未说明是否位于公共场所及其目的和范围：%s"},
	FoundDeviceOldSign:        {"the sign for %s was last seen on %s", "%s 的标识上次检查日期：%s"},
	FoundDeviceSigned:         {"in public for public safety, with a limited area and a sign: %s", "位于公共场所，用于公共安全，采集区域有限，设有标识：%s"},
	FoundNoPublicDevice:       {"does not apply: no face device stands in a public place, by what was declared", "不适用：没有人脸设备位于公共场所（依据登记）"},
	FoundDeviceInRoom:         {"inside a private room: %s", "位于私密空间内部：%s"},
	FoundDeviceRoomUnset:      {"not stated whether it is inside a private room: %s", "未说明是否位于私密空间内部：%s"},
	FoundDeviceNoRoom:         {"outside of private rooms: %s (not checked)", "不在私密空间内：%s（未核验）"},
	FoundDeviceLeaves:         {"faces leave the device without law or separate consent: %s", "没有法定依据或单独同意而传出设备：%s"},
	FoundDeviceKeeps:          {"faces stay when the consent or the need has ended: %s", "同意撤回或目的实现后仍保存人脸：%s"},
	FoundDeviceDataUnset:      {"not stated where faces are stored, whether they leave and when they go: %s", "未说明人脸的存储位置、是否外传及何时删除：%s"},
	FoundDeviceData:           {"faces stay in the device or have a ground to leave it, and are deleted in time: %s (not checked); this gateway stores none by design (%s)", "人脸存于设备之内或依法传出，并及时删除：%s（未核验）；本网关设计上不存储人脸（%s）"},
	FoundDevicePurpose:        {"for public safety or with separate consent: %s (not checked)", "用于公共安全或已取得单独同意：%s（未核验）"},
	FoundDeviceCounts:         {"counts heads for another purpose than public safety, without telling persons apart: %s", "为公共安全以外的目的统计人数，不区分个人：%s"},
	FoundDeviceAssessedLate:   {"the first assessment, of %[2]s, came after the first use of: %[1]s", "首次评估（%[2]s）晚于以下设备的启用：%[1]s"},
	FoundDeviceSearch:         {"not known at whose request and for what it searches: %s", "未确认其检索的申请人和事由：%s"},
	FoundDeviceForbidden:      {"does what the law forbids (scraping, emotions, categories, live search): %s", "从事法律禁止的行为（抓取、情绪、分类、实时识别）：%s"},
	FoundDeviceForbiddenUnset: {"not stated whether it infers emotions or traits, or searches live: %s", "未说明是否推断情绪、特征或实时识别：%s"},
	FoundDeviceAllowed:        {"nothing of what the law forbids is declared: %s (not checked)", "已登记不从事法律禁止的行为：%s（未核验）"},
	FoundDeviceNoCount:        {"not stated how many people's faces it stores: %s", "未说明存储的人脸人数：%s"},
	FoundDeviceFiled:          {"receipt on record for %s: %s, number %s", "已登记备案回执：%s，日期 %s，编号 %s"},
	FoundDeviceEstimate:       {"in a public place and not filed: %s; the last day is not known yet, it is not before %s", "位于公共场所，尚未备案：%s；期限尚不能确定，最早为 %s"},
	FoundDeviceNotFiled:       {"in a public place and not filed: %s; the last day is %s", "位于公共场所，尚未备案：%s；期限 %s"},

	NextDevice:        {"list each face device: bauta record add device", "请逐一登记人脸设备：bauta record add device"},
	NextDeviceFill:    {"complete the device's record with what you see there today: bauta record correct device", "请按现场情况补全设备登记：bauta record correct device"},
	NextDeviceStop:    {"stop the device until this is in order", "请停用该设备，直至整改完成"},
	NextDeviceTied:    {"serve people without their faces too, and correct the device's record", "请向不刷脸的人同样提供服务，并更正设备登记"},
	NextDeviceMinors:  {"delete the faces of people under 14 until guardians agree and rules are on record", "请删除不满十四周岁的人脸，直至监护人同意且规则已登记"},
	NextDeviceWalk:    {"walk the way without a face and record the day: bauta record correct device", "请实地走通不刷脸的方式并登记日期：bauta record correct device"},
	NextDeviceArea:    {"limit what it captures, or draw the zone of its camera", "请缩小采集范围，或划定其摄像机的采集区域"},
	NextDeviceSign:    {"put up a sign that names the device, and record the day on which you saw it", "请为该设备设置标识，并登记查看日期"},
	NextDeviceRemove:  {"dismantle it at once, and record the day: bauta record correct device", "请立即拆除，并登记日期：bauta record correct device"},
	NextDevicePurpose: {"stop it, or get each person's separate consent", "请停用，或取得每个人的单独同意"},
	NextLawyer:        {"ask a lawyer, and keep the answer", "请咨询律师，并保存意见"},
	NextDraftFiling:   {"the draft wants it filed with the prefecture's cyberspace authority", "征求意见稿要求向地市级网信部门备案"},

	PurposeAttendance: {"attendance", "考勤"},
	PurposeTeaching:   {"teaching", "教学"},
	PurposeSales:      {"sales", "经营分析"},
}

// The form of a face device.
var consoleDevices = table{
	"console.facts.access_hint":                    {"Record it as a face device on the page of legal duties, then untick this", "请在法规事项页面登记为人脸设备，然后取消勾选"},
	"console.record.device.title":                  {"Face devices", "人脸设备"},
	"console.record.device.about":                  {"Each gate, attendance, search, count or platform that works with faces, beside the cameras here. What you leave open is asked later", "本网关摄像机以外的每一台人脸设备：闸机、考勤、检索、客流统计、平台等。暂不填写的项目以后再答"},
	"console.record.device.add":                    {"Record a face device", "登记人脸设备"},
	"console.record.device.name":                   {"Name", "名称"},
	"console.record.device.name_hint":              {"As it is known here, such as: gate at the north door; no person's name", "如：北门闸机；不要填写姓名"},
	"console.record.device.what":                   {"What does it do?", "它的用途类型"},
	"console.record.device.date":                   {"Seen to be so on", "确认日期"},
	"console.record.device.date_hint":              {"The day on which somebody last looked at it", "最近一次现场确认的日期"},
	"console.record.device.maker":                  {"Maker", "制造商"},
	"console.record.device.model":                  {"Model", "型号"},
	"console.record.device.supplier":               {"Supplier", "供应商"},
	"console.record.device.place":                  {"Where it is", "位置"},
	"console.record.device.cameras":                {"Cameras of this gateway that it uses", "所使用的本网关摄像机"},
	"console.record.device.mode":                   {"How does it know people?", "识别方式"},
	"console.record.device.templates":              {"Does it keep face templates?", "是否保存人脸模板？"},
	"console.record.device.templates_hint":         {"What a face is recognised by again, such as enrolled photos", "用于再次识别的数据，如录入的照片"},
	"console.record.device.people":                 {"How many people's faces are stored?", "存储多少人的人脸？"},
	"console.record.device.since":                  {"Since when there are so many", "达到该人数的日期"},
	"console.record.device.storage":                {"Where are the faces stored?", "人脸存储位置"},
	"console.record.device.internet":               {"Do faces leave over the Internet?", "人脸是否经互联网传出？"},
	"console.record.device.transfer_ground":        {"What allows them to be outside of the device?", "传出设备的依据"},
	"console.record.device.deletes":                {"Are faces deleted when the consent or the need ends?", "同意撤回或目的实现后是否删除？"},
	"console.record.device.alternative":            {"The other way, without a face", "不刷脸的其他方式"},
	"console.record.device.alternative_hint":       {"Such as: a card, or the front desk", "例如：刷卡或前台登记"},
	"console.record.device.alternative_works":      {"Does the other way work?", "其他方式是否可用？"},
	"console.record.device.alternative_works_hint": {"Say no where there is none", "没有其他方式的，请选否"},
	"console.record.device.alternative_walked":     {"Last walked on", "最近一次走通日期"},
	"console.record.device.tied":                   {"Is the service refused without a face?", "不刷脸是否不提供服务？"},
	"console.record.device.bulk":                   {"Were many people enrolled in one act?", "是否批量录入？"},
	"console.record.device.bulk_hint":              {"Such as from a list or from files", "例如按名单或从档案导入"},
	"console.record.device.children":               {"Are people under 14 among them?", "是否涉及不满十四周岁的人？"},
	"console.record.device.guardians":              {"Did their guardians agree?", "监护人是否同意？"},
	"console.record.device.children_rules":         {"Rules made for people under 14", "不满十四周岁的专门处理规则"},
	"console.record.device.children_rules_hint":    {"Stays on this device: only its fingerprint is sent", "文件留在本设备：只发送其指纹"},
	"console.record.device.public":                 {"Does it stand in a public place?", "是否位于公共场所？"},
	"console.record.device.private_room":           {"Is it inside a private room?", "是否位于私密空间内部？"},
	"console.record.device.private_room_hint":      {"Lodging, dormitories, baths, toilets, changing, nursing or fitting rooms", "客房、宿舍、浴室、卫生间、更衣室、哺乳室、试衣间"},
	"console.record.device.area_limited":           {"Is what it captures limited to what is needed?", "采集范围是否限于必要？"},
	"console.record.device.sign_seen":              {"Its sign was seen on", "标识查看日期"},
	"console.record.device.purpose":                {"Purpose", "目的"},
	"console.record.device.ground":                 {"What allows it?", "依据"},
	"console.record.device.need":                   {"Why is it needed?", "必要性"},
	"console.record.device.milder":                 {"Why will nothing milder do?", "为何没有更缓和的方式？"},
	"console.record.device.author":                 {"Who wrote that down?", "撰写人"},
	"console.record.device.need_date":              {"Written on", "撰写日期"},
	"console.record.device.first_use":              {"First day of use", "首次使用日期"},
	"console.record.device.removed":                {"Removed on", "拆除日期"},
	"console.record.device.removed_hint":           {"From then on it counts no more", "自该日起不再计入"},
	"console.record.device.forbidden":              {"Does it do any of this?", "是否从事以下行为？"},

	"console.record.choice.gate":                {"gate", "闸机"},
	"console.record.choice.door":                {"door", "门禁"},
	"console.record.choice.attendance":          {"attendance", "考勤"},
	"console.record.choice.recorder-search":     {"search in the recorder", "录像机人脸检索"},
	"console.record.choice.headcount":           {"counts people", "客流统计"},
	"console.record.choice.returning-customers": {"knows returning customers", "回头客识别"},
	"console.record.choice.attention":           {"scores attention", "专注度分析"},
	"console.record.choice.platform":            {"platform of somebody else", "外部平台"},
	"console.record.choice.verify":              {"checks one person (1:1)", "核验一人"},
	"console.record.choice.identify":            {"finds one of many (1:N)", "在多人中查找"},
	"console.record.choice.none":                {"none", "无"},
	"console.record.choice.device":              {"in the device", "设备内"},
	"console.record.choice.premises":            {"on a server here", "本地服务器"},
	"console.record.choice.remote":              {"elsewhere", "外部"},
	"console.record.choice.law":                 {"a law", "法律规定"},
	"console.record.choice.separate-consent":    {"separate consent", "单独同意"},
	"console.record.choice.written-consent":     {"written consent", "书面同意"},
	"console.record.choice.scraping":            {"scrapes faces from the net or from footage", "从网络或录像抓取人脸"},
	"console.record.choice.emotion":             {"infers emotions at work or school", "在工作场所或学校推断情绪"},
	"console.record.choice.categorisation":      {"sorts people by sensitive traits", "按敏感特征分类"},
	"console.record.choice.police-live":         {"live search in public for the police", "为执法在公共场所实时识别"},

	"console.fix.device":         {"List the face devices", "登记人脸设备"},
	"console.fix.device_fill":    {"Complete the device's record", "补全设备登记"},
	"console.fix.device_stop":    {"See the device's record", "查看设备登记"},
	"console.fix.device_tied":    {"See the device's record", "查看设备登记"},
	"console.fix.device_minors":  {"See the device's record", "查看设备登记"},
	"console.fix.device_walk":    {"Record that you walked it", "登记走通日期"},
	"console.fix.device_area":    {"See the device's record", "查看设备登记"},
	"console.fix.device_sign":    {"Record the sign", "登记标识"},
	"console.fix.device_remove":  {"Record that it is gone", "登记拆除"},
	"console.fix.device_purpose": {"See the device's record", "查看设备登记"},
	"console.fix.lawyer":         {"See the device's record", "查看设备登记"},
	"console.fix.draft_filing":   {"Record the filing", "登记备案"},
}
