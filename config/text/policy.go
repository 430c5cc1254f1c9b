package text

// What the checks of the rule packs find, and what to do next.
const (
	FoundScopeUnset      Key = "found.scope_unset"
	FoundScope           Key = "found.scope"
	ModeDetectOnly       Key = "mode.detect_only"
	ModeMatchTokens      Key = "mode.match_tokens"
	FoundClassUnset      Key = "found.class_unset"
	FoundNoPurpose       Key = "found.no_purpose"
	FoundPurpose         Key = "found.purpose"
	FoundNoNecessity     Key = "found.no_necessity"
	FoundNecessity       Key = "found.necessity"
	FoundProhibited      Key = "found.prohibited"
	FoundNoPlace         Key = "found.no_place"
	FoundPlaces          Key = "found.places"
	FoundPublicSite      Key = "found.public_site"
	FoundNotPublic       Key = "found.not_public"
	FoundNotArt7         Key = "found.not_art7"
	FoundNoCapture       Key = "found.no_capture"
	FoundCapture         Key = "found.capture"
	FoundAnonymous       Key = "found.anonymous"
	FoundShared          Key = "found.shared"
	FoundNoAlternative   Key = "found.no_alternative"
	FoundAlternative     Key = "found.alternative"
	FoundPersisted       Key = "found.persisted"
	FoundUnvouched       Key = "found.unvouched"
	FoundFailClosed      Key = "found.fail_closed"
	FoundNoEquipment     Key = "found.no_equipment"
	FoundEquipment       Key = "found.equipment"
	FoundExtras          Key = "found.extras"
	FoundMinimised       Key = "found.minimised"
	FoundSearch          Key = "found.search"
	FoundNoSearch        Key = "found.no_search"
	FoundAttributes      Key = "found.attributes"
	FoundNoAttributes    Key = "found.no_attributes"
	FoundReversible      Key = "found.reversible"
	FoundIrreversible    Key = "found.irreversible"
	FoundEvidenceFails   Key = "found.evidence_fails"
	FoundEvidence        Key = "found.evidence"
	FoundNoContact       Key = "found.no_contact"
	FoundContact         Key = "found.contact"
	FoundNoSecret        Key = "found.no_secret"
	FoundSecret          Key = "found.secret"
	FoundSecretConsent   Key = "found.secret_consent"
	FoundControlsOff     Key = "found.controls_off"
	FoundBypass          Key = "found.bypass"
	FoundUnstored        Key = "found.unstored"
	FoundOlderStore      Key = "found.older_store"
	FoundNoSign          Key = "found.no_sign"
	FoundOffPurpose      Key = "found.off_purpose"
	FoundExportPurpose   Key = "found.export_purpose"
	FoundOldSign         Key = "found.old_sign"
	FoundSigns           Key = "found.signs"
	FoundNoSecondLayer   Key = "found.no_second_layer"
	FoundNoAssessment    Key = "found.no_assessment"
	FoundAssessmentOld   Key = "found.assessment_old"
	FoundReviewDue       Key = "found.review_due"
	FoundAssessment      Key = "found.assessment"
	FoundNearThreshold   Key = "found.near_threshold"
	FoundBelowThreshold  Key = "found.below_threshold"
	FoundFiled           Key = "found.filed"
	FoundFilingOverdue   Key = "found.filing_overdue"
	FoundReachedUnknown  Key = "found.reached_unknown"
	FoundFilingDue       Key = "found.filing_due"
	FoundNotFiled        Key = "found.not_filed"
	FoundFilingDrift     Key = "found.filing_drift"
	FoundFiledCameras    Key = "found.filed_cameras"
	FoundNoTest          Key = "found.no_test"
	FoundTested          Key = "found.tested"
	FoundNoInspection    Key = "found.no_inspection"
	FoundInspection      Key = "found.inspection"
	FoundExportFields    Key = "found.export_fields"
	FoundExports         Key = "found.exports"
	FoundExportsScreens  Key = "found.exports_screens"
	FoundIdleScreens     Key = "found.idle_screens"
	FoundPublicRelease   Key = "found.public_release"
	FoundNoPublicRelease Key = "found.no_public_release"
	FoundShortRetention  Key = "found.short_retention"
	FoundNoRetention     Key = "found.no_retention"
	FoundLongRetention   Key = "found.long_retention"
	FoundRetention       Key = "found.retention"
	FoundShown           Key = "found.shown"
	FoundRevoked         Key = "found.revoked"
	FoundExpiring        Key = "found.expiring"
	FoundConsents        Key = "found.consents"
	FoundBulk            Key = "found.bulk"
	FoundIndividual      Key = "found.individual"
	FoundMinors          Key = "found.minors"
	FoundAge             Key = "found.age"
	FoundNoMinors        Key = "found.no_minors"

	NextSite          Key = "next.site"
	NextPurpose       Key = "next.purpose"
	NextNecessity     Key = "next.necessity"
	NextProhibited    Key = "next.prohibited"
	NextPlace         Key = "next.place"
	NextCapture       Key = "next.capture"
	NextAnonymous     Key = "next.anonymous"
	NextBypass        Key = "next.bypass"
	NextShared        Key = "next.shared"
	NextScreens       Key = "next.screens"
	NextAlternative   Key = "next.alternative"
	NextPersisted     Key = "next.persisted"
	NextUnvouched     Key = "next.unvouched"
	NextEquipment     Key = "next.equipment"
	NextExtras        Key = "next.extras"
	NextSearch        Key = "next.search"
	NextAttributes    Key = "next.attributes"
	NextReversible    Key = "next.reversible"
	NextEvidence      Key = "next.evidence"
	NextSecret        Key = "next.secret"
	NextFaceData      Key = "next.face_data"
	NextControls      Key = "next.controls"
	NextUnstored      Key = "next.unstored"
	NextOlderStore    Key = "next.older_store"
	NextSign          Key = "next.sign"
	NextPublicSafety  Key = "next.public_safety"
	NextExportPurpose Key = "next.export_purpose"
	NextSignCheck     Key = "next.sign_check"
	NextSecondLayer   Key = "next.second_layer"
	NextAssessment    Key = "next.assessment"
	NextEnrolment     Key = "next.enrolment"
	NextSystemFiling  Key = "next.system_filing"
	NextDeviceTest    Key = "next.device_test"
	NextInspection    Key = "next.inspection"
	NextExportFields  Key = "next.export_fields"
	NextPublicRelease Key = "next.public_release"
	NextRetention     Key = "next.retention"
	NextShown         Key = "next.shown"
	NextRevoked       Key = "next.revoked"
	NextExpiring      Key = "next.expiring"
	NextBulk          Key = "next.bulk"
	NextMinors        Key = "next.minors"
	NextAge           Key = "next.age"
)

// RecognitionMode returns the words for what is done with faces.
func RecognitionMode(name string) Key { return word("mode.", name) }

// What is wrong with a statement or record.
const (
	PolicyPlace      Key = "policy.place"
	PolicyLine       Key = "policy.line"
	PolicyRequired   Key = "policy.required"
	PolicyDate       Key = "policy.date"
	PolicyHash       Key = "policy.hash"
	PolicyProhibited Key = "policy.prohibited"
	PolicyBlocked    Key = "policy.blocked"
)

// The places; each key ends in the place's name. Those of prohibited places
// are the words of Decree 799 (2025) Article 8 and of the Shenzhen draft.
const (
	PlaceHotelRoom    Key = "place.hotel-room"
	PlaceDormitory    Key = "place.dormitory"
	PlacePublicBath   Key = "place.public-bath"
	PlacePublicToilet Key = "place.public-toilet"
	PlaceChangingRoom Key = "place.changing-room"
	PlaceFittingRoom  Key = "place.fitting-room"
	PlaceNursingRoom  Key = "place.nursing-room"
	PlaceMedicalRoom  Key = "place.medical-room"
	PlacePrivateOther Key = "place.private-other"
	PlaceEntrance     Key = "place.entrance"
	PlaceLobby        Key = "place.lobby"
	PlaceCorridor     Key = "place.corridor"
	PlaceDormCorridor Key = "place.dormitory-corridor"
	PlaceLift         Key = "place.lift"
	PlaceStairs       Key = "place.stairs"
	PlaceOffice       Key = "place.office"
	PlaceShop         Key = "place.shop"
	PlaceRestaurant   Key = "place.restaurant"
	PlaceClassroom    Key = "place.classroom"
	PlaceWarehouse    Key = "place.warehouse"
	PlaceWorkshop     Key = "place.workshop"
	PlaceParking      Key = "place.parking"
	PlaceStreet       Key = "place.street"
	PlacePerimeter    Key = "place.perimeter"
	PlaceStation      Key = "place.station"
	PlaceBank         Key = "place.bank"
	PlaceOther        Key = "place.other"
)

// Place returns the words for a place; the name itself where there is none.
func Place(name string) Key { return word("place.", name) }

var policy = table{
	FoundScopeUnset:      {"recognition mode or jurisdiction not stated", "未说明识别模式或所在地区"},
	FoundScope:           {"declared: %s; where: %s", "已声明：%s；所在地区：%s"},
	ModeDetectOnly:       {"faces are masked, nobody is recognised", "只遮挡人脸，不识别任何人"},
	ModeMatchTokens:      {"faces of those who agreed are compared", "比对已同意者的人脸"},
	FoundClassUnset:      {"class of the site not stated", "未说明场所类别"},
	FoundNoPurpose:       {"without a purpose: %s", "未说明目的：%s"},
	FoundPurpose:         {"%d cameras, each with a purpose declared", "共 %d 台摄像机，均已声明目的"},
	FoundNoNecessity:     {"without a written need: %s", "未写明必要性：%s"},
	FoundNecessity:       {"%d cameras, each with its need stated (not checked)", "共 %d 台摄像机，均已写明必要性（未核验）"},
	FoundProhibited:      {"camera in a prohibited place: %s (%s)", "禁止场所内的摄像机：%s（%s）"},
	FoundNoPlace:         {"place not stated: %s", "未说明场所：%s"},
	FoundPlaces:          {"%d cameras with places declared, none of a prohibited kind", "%d 台摄像机已登记场所，均非禁止类别（未核验）"},
	FoundPublicSite:      {"does not apply: not an inner area, by what was declared", "不适用：非内部区域（依据登记）"},
	FoundNotPublic:       {"does not apply: not a public place, by what was declared", "不适用：不属于公共场所（依据登记）"},
	FoundNotArt7:         {"does not apply: not a place of Article 7, by what was declared; Article 9(2) frees it", "不适用：不属于第七条所列场所，依第九条第二款（依据登记）"},
	FoundNoCapture:       {"captured area not limited: %s", "未限定采集区域：%s"},
	FoundCapture:         {"captured area limited on %d cameras", "%d 台摄像机已限定采集区域"},
	FoundAnonymous:       {"anyone may watch without a login", "无需登录即可观看"},
	FoundShared:          {"the streams' built-in login is on, which several may share", "视频流的内置登录仍在启用，可能由多人共用"},
	FoundNoAlternative:   {"the face is the only way, or the other way does not work: %s", "人脸为唯一验证方式，或其他方式不可用：%s"},
	FoundAlternative:     {"another way that works, and that somebody walked, is on record: %s", "已登记可用且走通的其他方式：%s"},
	FoundPersisted:       {"faces without a token are kept", "保存了未经同意的人脸"},
	FoundUnvouched:       {"pictures pass without detection: %s", "未经检测的画面被放行：%s"},
	FoundFailClosed:      {"by design: no picture leaves without a detection result, this gateway keeps none; the recorder is another matter (%s)", "设计保证：画面未经检测不放行，网关不保存画面；录像机另计（%s）"},
	FoundNoEquipment:     {"model, firmware or certificate not on record: %s", "未登记型号、固件或证书：%s"},
	FoundEquipment:       {"%d cameras with model, firmware and certificate declared", "%d 台摄像机已登记型号、固件和证书（未核验）"},
	FoundExtras:          {"functions in use without a reason: %s", "未说明理由而启用的功能：%s"},
	FoundMinimised:       {"no needless functions declared, captured areas are limited", "未登记不必要的功能，采集区域已限定"},
	FoundSearch:          {"a search without requester, scope and end", "存在没有申请人、范围和期限的检索"},
	FoundNoSearch:        {"by design: there is no search for persons in this gateway (%s)", "设计保证：本网关没有人员检索功能（%s）"},
	FoundAttributes:      {"models that infer attributes are loaded: %s", "加载了推断属性的模型：%s"},
	FoundNoAttributes:    {"by design: the only model in this gateway finds faces (%s)", "设计保证：本网关的模型仅用于发现人脸（%s）"},
	FoundReversible:      {"a mask that can be undone is in use", "正在使用可还原的遮挡"},
	FoundIrreversible:    {"by design: masks are made without any pixel of the face (%s)", "设计保证：遮挡内容不取自人脸的任何像素（%s）"},
	FoundEvidenceFails:   {"the evidence cannot be exported: %s", "无法生成证据包：%s"},
	FoundEvidence:        {"evidence was exported on %s", "已于 %s 生成证据包"},
	FoundNoContact:       {"no contact for complaints", "没有投诉联系方式"},
	FoundContact:         {"contact declared: %s; complaints on record: %d", "已登记联系方式：%s；投诉登记 %d 件"},
	FoundNoSecret:        {"answered by %s on %s: no military or secret unit nearby", "由 %s 于 %s 答复：周边无军事、涉密单位"},
	FoundSecret:          {"a military or secret unit is nearby, its consent is missing", "周边有军事、涉密单位，缺少其同意"},
	FoundSecretConsent:   {"consent of the unit nearby declared: %s, of %s", "已登记周边单位的同意文件：%s，日期 %s"},
	FoundUnstored:        {"masked, not yet stored: %d changes that an end of the gateway would undo", "已遮挡但尚未保存：%d 项更改，网关一旦停止即丢失"},
	FoundOlderStore:      {"%v; nobody is shown and all pictures are hidden", "%v；目前不显示任何人，所有画面均被遮挡"},
	FoundBypass:          {"the unmasked picture can be had past the gateway, with a former password or without a login: %s", "可凭原密码或无需登录绕过网关获得未遮挡的画面：%s"},
	FoundControlsOff:     {"controls that are off: %s", "未启用的安全措施：%s"},
	FoundNoSign:          {"no sign on record for: %s", "没有提示标识的登记：%s"},
	FoundOffPurpose:      {"in a public place for another purpose than public safety: %s", "公共场所的摄像机用于公共安全以外的目的：%s"},
	FoundExportPurpose:   {"export of %s for another purpose: %s", "%s 提供的录像用于其他目的：%s"},
	FoundOldSign:         {"the sign for %s was last seen on %s", "%s 的标识上次检查日期：%s"},
	FoundSigns:           {"%d records of signs", "提示标识登记 %d 条"},
	FoundNoSecondLayer:   {"the sign at %s does not lead to the full notice", "%s 处的标识没有指向完整告知"},
	FoundNoAssessment:    {"no impact assessment on record", "没有影响评估的登记"},
	FoundAssessmentOld:   {"purpose, manner or cameras have changed since the assessment of %s: %s", "自 %s 的评估以来，目的、方式或摄像机已变化：%s"},
	FoundReviewDue:       {"the assessment of %s was to be reviewed on %s", "%s 的评估应于 %s 复核"},
	FoundAssessment:      {"assessment of %s on record (content not checked), next review on %s", "已登记 %s 的评估（内容未核验），下次复核 %s"},
	FoundNearThreshold:   {"faces of %d people stored, filing is due at %d", "已存储 %d 人的人脸信息，达到 %d 人须备案"},
	FoundBelowThreshold:  {"faces of %d people stored, as declared; filing is due at %d", "已声明存储 %d 人的人脸信息，达到 %d 人须备案"},
	FoundFiled:           {"receipt on record: %s, number %s", "已登记备案回执：%s，编号 %s"},
	FoundFilingOverdue:   {"faces of %d people stored, filing was due on %s", "已存储 %d 人的人脸信息，备案期限 %s 已过"},
	FoundReachedUnknown:  {"faces of %d people stored, since when is not known", "已存储 %d 人的人脸信息，达到该人数的日期不明"},
	FoundFilingDue:       {"faces of %d people stored, file by %s, %d working days left", "已存储 %d 人的人脸信息，请于 %s 前备案，剩余 %d 个工作日"},
	FoundNotFiled:        {"camera %s is not filed, it was due on %s", "摄像机 %s 未备案，期限 %s 已过"},
	FoundFilingDrift:     {"differs from what was filed: %s", "与备案内容不一致：%s"},
	FoundFiledCameras:    {"a receipt on record lists all %d cameras", "已登记的备案回执列明全部 %d 台摄像机"},
	FoundNoTest:          {"no passed test of the device: %s (within %d days)", "没有合格的设备检测：%s（%d 日内）"},
	FoundTested:          {"tests of %d cameras on record", "已登记 %d 台摄像机的检测"},
	FoundNoInspection:    {"no inspection of private spaces within %d days", "%d 日内没有检查私密空间"},
	FoundInspection:      {"last inspection on record: %s", "已登记检查，最近一次 %s"},
	FoundExportFields:    {"the export of %s lacks reason, content, unit or name", "%s 提供的录像缺少事由、内容、单位或姓名"},
	FoundExportsScreens:  {"each viewer has a login; views and exports on record: %d; screens with a link, each with who answers for it: %d", "观看者各有账号；查阅、调取记录 %d 条；已登记责任人的大屏链接 %d 个"},
	FoundIdleScreens:     {"links of screens that nobody has used for 90 days: %d of %d", "90 天未使用的大屏链接：%d 个（共 %d 个）"},
	FoundExports:         {"each viewer has a login; views and exports on record: %d", "观看者各有账号；查阅、调取登记 %d 条"},
	FoundPublicRelease:   {"the public export of %s is not masked", "%s 公开提供的录像未作遮挡"},
	FoundNoPublicRelease: {"no public export is on record", "没有公开提供录像的登记"},
	FoundShortRetention:  {"footage is kept for %d days, %d are wanted", "录像保存 %d 日，应为 %d 日"},
	FoundNoRetention:     {"not stated how long footage is kept: %s", "未说明录像保存期限：%s"},
	FoundLongRetention:   {"footage is kept for %d hours, over %d without a reason", "录像保存 %d 小时，超过 %d 小时且未说明理由"},
	FoundRetention:       {"retention stated for %d cameras", "%d 台摄像机已说明保存期限"},
	FoundShown:           {"faces shown without a valid token: %d", "未经有效同意而显示的人脸：%d"},
	FoundRevoked:         {"a withdrawn consent still counted for %.1f seconds", "撤回的同意仍生效 %.1f 秒"},
	FoundExpiring:        {"consents that end within 30 days: %d", "%d 份同意将在 30 日内到期"},
	FoundConsents:        {"faces are shown with a valid token only; people enrolled: %d", "仅凭有效同意显示人脸；已登记 %d 人"},
	FoundBulk:            {"%d consents were imported at once", "批量导入的同意：%d 份"},
	FoundIndividual:      {"no bulk import seen (whether each agreed in person is not checked)", "未发现批量导入；本人作出未核验"},
	FoundMinors:          {"%d consents of minors without a guardian", "%d 份未成年人同意缺少监护人"},
	FoundAge:             {"%d consents without an age", "%d 份同意未说明年龄"},
	FoundNoMinors:        {"no consent of a minor without a guardian, by the ages stated", "按登记的年龄，没有缺少监护人的未成年人同意"},

	NextSite:          {"run bauta site set", "请运行 bauta site set"},
	NextPurpose:       {"run bauta camera set CAMERA --purpose PURPOSE", "请运行 bauta camera set 摄像机 --purpose 目的"},
	NextNecessity:     {"write down why the camera is needed: bauta camera set CAMERA --necessity TEXT", "请写明必要性：bauta camera set 摄像机 --necessity 说明"},
	NextProhibited:    {"dismantle the camera, run bauta camera remove CAMERA, then close the violation with its proof: bauta violation close", "请拆除该摄像机，运行 bauta camera remove 摄像机，再附证明结案：bauta violation close"},
	NextPlace:         {"run bauta camera set CAMERA --place PLACE", "请运行 bauta camera set 摄像机 --place 场所"},
	NextCapture:       {"draw the area that may be captured: bauta zone add CAMERA NAME --kind capture", "请划定可采集的区域：bauta zone add 摄像机 名称 --kind capture"},
	NextBypass:        {"set new passwords with bauta camera lock, switch streams without a login off in the camera's settings, and give the cameras a network of their own (docs/install.md)", "请用 bauta camera lock 设置新密码，在摄像机设置中关闭无需登录的视频流，并让摄像机使用独立网络（见安装手册）"},
	NextAnonymous:     {"switch rtsp.anonymous off in the settings", "请在配置中关闭 rtsp.anonymous"},
	NextScreens:       {"withdraw the links of screens that are of no use any more: bauta display withdraw", "请撤销不再使用的大屏链接：bauta display withdraw"},
	NextShared:        {"give each recorder and viewer a login of their own, then switch the built-in one off", "请为每台录像机和每位观看者分配单独账号，然后停用内置登录"},
	NextAlternative:   {"offer another way that works, walk it, and correct the device's record: bauta record correct device", "请提供可用的其他方式，实地走通，并更正设备登记：bauta record correct device"},
	NextPersisted:     {"delete them and find out what keeps them", "请删除并查明原因"},
	NextUnvouched:     {"stop the camera and report this as a fault", "请停用该摄像机并报告此故障"},
	NextEquipment:     {"run bauta camera set CAMERA --model M --firmware F --certificate C", "请运行 bauta camera set 摄像机 --model 型号 --firmware 固件 --certificate 证书"},
	NextExtras:        {"switch them off at the camera, or give the reason: bauta camera set CAMERA --extras-reason TEXT", "请在摄像机上关闭，或说明理由：bauta camera set 摄像机 --extras-reason 理由"},
	NextSearch:        {"remove the search", "请移除该检索"},
	NextAttributes:    {"remove these models", "请移除这些模型"},
	NextReversible:    {"use blur, mosaic or solid", "请使用 blur、mosaic 或 solid"},
	NextEvidence:      {"see the log and the room on the disk", "请查看日志和磁盘空间"},
	NextSecret:        {"get the consent and record it with its day: bauta site answer secret-neighbour yes --note REFERENCE --day DAY", "请取得同意并登记文号和日期：bauta site answer secret-neighbour yes --note 文号 --day 日期"},
	NextFaceData:      {"stop the transfer and delete the data", "请停止外传并删除数据"},
	NextUnstored:      {"make sure that the disk answers and has room; do not restart the gateway before", "请确认磁盘可写且有剩余空间；在此之前请勿重启网关"},
	NextOlderStore:    {"restore the newest backup with bauta restore FILE, or take the store as it is: bauta restore --accept-older", "请用 bauta restore 文件 恢复最新备份，或确认使用现有数据库：bauta restore --accept-older"},
	NextControls:      {"switch them on: see bauta doctor", "请启用：可查看 bauta doctor"},
	NextSign:          {"put up a sign and record it: bauta sign add", "请设置标识并登记：bauta sign add"},
	NextPublicSafety:  {"in public places use cameras for public safety only", "公共场所的摄像机只能用于公共安全"},
	NextExportPurpose: {"do not export for other purposes, and say why it happened", "请勿为其他目的提供录像，并说明原因"},
	NextSignCheck:     {"look at the sign and record it again: bauta sign add", "请检查标识并重新登记：bauta sign add"},
	NextSecondLayer:   {"put a link to the full notice on the sign: bauta sign add --link ADDRESS", "请在标识上加入完整告知的链接：bauta sign add --link 地址"},
	NextAssessment:    {"make the assessment and record it: bauta assessment add", "请完成评估并登记：bauta assessment add"},
	NextEnrolment:     {"file with the provincial authority and record the receipt: bauta filing add enrolment", "请向省级部门备案并登记回执：bauta filing add enrolment"},
	NextSystemFiling:  {"file the system with the police and record the receipt: bauta filing add system", "请向公安机关备案并登记回执：bauta filing add system"},
	NextDeviceTest:    {"test the device and record it: bauta devicetest add CAMERA", "请检测设备并登记：bauta devicetest add 摄像机"},
	NextInspection:    {"look for cameras in private spaces and record it: bauta inspection add", "请检查私密空间并登记：bauta inspection add"},
	NextExportFields:  {"complete the record", "请补全登记"},
	NextPublicRelease: {"withdraw it, and mask the film with bauta redact", "请撤回，并用 bauta redact 遮挡"},
	NextRetention:     {"set the recorder and state it: bauta retention add", "请设置录像机并登记：bauta retention add"},
	NextShown:         {"stop the camera and report this as a fault", "请停用该摄像机并报告此故障"},
	NextRevoked:       {"see why the withdrawal came late", "请查明撤回为何延迟"},
	NextExpiring:      {"ask these people again, or let their consents end", "请重新征求同意，或任其到期"},
	NextBulk:          {"have each person agree by an own act", "请由每个人亲自作出同意"},
	NextMinors:        {"withdraw these consents until a guardian agrees", "请撤回这些同意，直至监护人同意"},
	NextAge:           {"have the age stated, until then these faces are masked", "请补充年龄，在此之前人脸将被遮挡"},

	PolicyPlace:      {"%q is no place: bauta camera places lists them", "%q 不是场所类别：可用 bauta camera places 查看"},
	PolicyLine:       {"%s is longer than %d bytes, or holds a line break or broken text: write it on one line", "%s 超过 %d 字节，或含有换行或乱码：请写在一行内"},
	PolicyRequired:   {`"%s" is missing: give it`, "缺少“%s”：请补充"},
	PolicyDate:       {"%s is %q: write a day such as 2026-01-31", "%s 的值是 %q：请写日期，例如 2026-01-31"},
	PolicyHash:       {"%s is not a SHA-256: give the file, or its 64 hexadecimal digits", "%s 不是 SHA-256：请给出文件或其 64 位十六进制数字"},
	PolicyProhibited: {"camera %s is refused and never connected to: %s forbids cameras here (%s); it is kept as a violation until it is dismantled, you run bauta camera remove %[1]s and close the violation with its proof: bauta violation close", "摄像机 %s 被拒绝且不会连接：%s禁止在此安装摄像机（%s）；在拆除、运行 bauta camera remove %[1]s 并附证明结案（bauta violation close）之前，将作为违规保留"},
	PolicyBlocked:    {"camera %s is blocked, it is in a prohibited place: dismantle it, run bauta camera remove %[1]s, then close the violation: bauta violation close", "摄像机 %s 位于禁止场所，已被封锁：请拆除后运行 bauta camera remove %[1]s，再结案：bauta violation close"},

	PlaceHotelRoom:    {"hotel room, guest room or private dining room", "旅馆、饭店、宾馆、招待所、民宿等经营接待食宿场所的客房或者包间内部"},
	PlaceDormitory:    {"room of a students' dormitory or of a unit's lodging for its own people", "学生宿舍的房间内部，或者单位为内部人员提供住宿、休息服务的房间内部"},
	PlacePublicBath:   {"public bath", "公共的浴室的内部"},
	PlacePublicToilet: {"public toilet", "公共的卫生间的内部"},
	PlaceChangingRoom: {"changing room", "更衣室的内部"},
	PlaceFittingRoom:  {"fitting room", "试衣间的内部"},
	PlaceNursingRoom:  {"nursing room", "哺乳室的内部"},
	PlaceMedicalRoom:  {"examination room, consulting room or ward", "医疗机构的检查室、诊室、病房"},
	PlacePrivateOther: {"other place where others' privacy can be seen or heard", "安装图像采集设备后能够拍摄、窥视、窃听他人隐私的其他区域、部位"},
	PlaceEntrance:     {"entrance", "出入口"},
	PlaceLobby:        {"lobby", "大厅"},
	PlaceCorridor:     {"corridor", "走廊"},
	PlaceDormCorridor: {"corridor of a dormitory", "宿舍走廊"},
	PlaceLift:         {"lift", "电梯"},
	PlaceStairs:       {"stairs", "楼梯"},
	PlaceOffice:       {"office", "办公室"},
	PlaceShop:         {"shop", "商店"},
	PlaceRestaurant:   {"restaurant", "餐饮场所"},
	PlaceClassroom:    {"classroom", "教室"},
	PlaceWarehouse:    {"warehouse", "仓库"},
	PlaceWorkshop:     {"workshop", "车间"},
	PlaceParking:      {"parking", "停车场"},
	PlaceStreet:       {"street", "街道"},
	PlacePerimeter:    {"perimeter", "周界"},
	PlaceStation:      {"station", "车站"},
	PlaceBank:         {"bank", "银行"},
	PlaceOther:        {"other", "其他"},
}
