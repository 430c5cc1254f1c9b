package text

// Kinds of places that a site can be, who may watch them, and the unit that does.
const (
	SiteTradeCentre    Key = "site_kind.trade-centre"
	SiteExhibition     Key = "site_kind.exhibition"
	SiteTourist        Key = "site_kind.tourist"
	SiteCulture        Key = "site_kind.culture"
	SiteSports         Key = "site_kind.sports"
	SiteLeisure        Key = "site_kind.leisure"
	SiteSchool         Key = "site_kind.school"
	SiteHospital       Key = "site_kind.hospital"
	SiteGovernmentHall Key = "site_kind.government-hall"
	SitePark           Key = "site_kind.park"
	SiteCarPark        Key = "site_kind.car-park"
	SiteHub            Key = "site_kind.hub"
	SiteVehicle        Key = "site_kind.vehicle"
	SiteServiceArea    Key = "site_kind.service-area"
	SiteStreet         Key = "site_kind.street"
	SiteCompound       Key = "site_kind.residential-compound"
	SiteOfficeLobby    Key = "site_kind.office-lobby"
	SiteShop           Key = "site_kind.shop"
	SiteRestaurant     Key = "site_kind.restaurant"
	SiteHotel          Key = "site_kind.hotel"
	SiteBank           Key = "site_kind.bank"
	SiteOtherPublic    Key = "site_kind.other-public"
	SiteClosedOffice   Key = "site_kind.closed-office"
	SiteFactory        Key = "site_kind.factory"
	SiteWarehouse      Key = "site_kind.warehouse"
	SiteHomeInside     Key = "site_kind.home-inside"

	ClassArt7      Key = "class.art7"
	ClassArt9      Key = "class.art9"
	ClassNonPublic Key = "class.non_public"

	PolicySiteKind    Key = "policy.site_kind"
	PolicyClassOfKind Key = "policy.class_of_kind"
	PolicyCreditForm  Key = "policy.credit_form"
	PolicyCreditDigit Key = "policy.credit_digit"

	FoundKindUnset   Key = "found.kind_unset"
	FoundAskPolice   Key = "found.ask_police"
	FoundNotListed   Key = "found.not_listed"
	FoundNotArt9     Key = "found.not_art9"
	FoundNotEntitled Key = "found.not_entitled"
	FoundEntitled    Key = "found.entitled"
	NextEntitled     Key = "next.entitled"

	FoundRoomSeen Key = "found.room_seen"
	FoundDoors    Key = "found.doors"
	FoundNoWalk   Key = "found.no_walk"
	NextRoomSeen  Key = "next.room_seen"
	NextWalk      Key = "next.walk"

	SiteKindSecondary Key = "cli.site.secondary"
	HeadSiteKind      Key = "cli.head.site_kind"
	HeadEntitled      Key = "cli.head.entitled"
	HeadUnit          Key = "cli.head.site_unit"
	HeadCreditCode    Key = "cli.head.credit_code"
	HeadAddress       Key = "cli.head.address"
	HeadNationalRule  Key = "cli.head.national_rule"
)

// What the checks of the European Union's law find.
const (
	FoundNoGround        Key = "found.no_ground"
	FoundGroundUnset     Key = "found.ground_unset"
	FoundGround          Key = "found.ground"
	FoundNoSpecial       Key = "found.no_special"
	FoundSpecial         Key = "found.special"
	FoundDeviceNoSpecial Key = "found.device_no_special"
	FoundDeviceSpecial   Key = "found.device_special"
	FoundNoHandling      Key = "found.no_handling"
	FoundOldHandling     Key = "found.old_handling"
	FoundHandling        Key = "found.handling"
	FoundNoNationalRule  Key = "found.no_national_rule"
	FoundComing          Key = "found.coming"
	FoundComingDue       Key = "found.coming_due"
	NextGround           Key = "next.ground"
	NextSpecial          Key = "next.special"
	NextHandling         Key = "next.handling"
	NextNationalRule     Key = "next.national_rule"
	NextComing           Key = "next.coming"
)

// SiteKind returns the words for a kind of site; the name itself where there is none.
func SiteKind(name string) Key { return word("site_kind.", name) }

// ClassWord returns the words for a class of sites; the name itself where there is none.
func ClassWord(name string) Key { return word("class.", name) }

var sitePlaces = table{
	SiteTradeCentre:    {"shopping centre, market", "商贸中心（商场、市场）"},
	SiteExhibition:     {"exhibition centre", "会展中心"},
	SiteTourist:        {"tourist attraction", "旅游景区"},
	SiteCulture:        {"theatre, cinema, museum, library", "文化场所（剧院、影院、博物馆、图书馆）"},
	SiteSports:         {"sports ground or hall", "体育场馆"},
	SiteLeisure:        {"place of amusement", "娱乐场所"},
	SiteSchool:         {"school, college, kindergarten", "教育机构（学校、幼儿园）"},
	SiteHospital:       {"hospital, clinic", "医疗机构"},
	SiteGovernmentHall: {"government service hall", "政务服务大厅"},
	SitePark:           {"park", "公园"},
	SiteCarPark:        {"public car park", "公共停车场"},
	SiteHub:            {"airport, port, railway, bus or metro station, border crossing", "交通枢纽（口岸、机场、港口、铁路、客运站、轨道交通站）"},
	SiteVehicle:        {"train, coach, passenger ship", "公共交通工具（列车、客车、客船）"},
	SiteServiceArea:    {"motorway service area", "公路服务区"},
	SiteStreet:         {"road, square, bridge (the government alone installs)", "道路、广场、桥梁等（由政府建设）"},
	SiteCompound:       {"residential compound: gates, paths, lifts", "住宅小区公共区域（大门、道路、电梯）"},
	SiteOfficeLobby:    {"lobby of an office building", "写字楼大堂"},
	SiteShop:           {"shop", "商店"},
	SiteRestaurant:     {"restaurant", "餐饮场所"},
	SiteHotel:          {"hotel, guest house: halls and corridors", "旅馆、宾馆、民宿（大堂、走廊）"},
	SiteBank:           {"bank", "银行网点"},
	SiteOtherPublic:    {"another place that the public uses", "其他公共场所"},
	SiteClosedOffice:   {"closed office floor", "不对外开放的办公区"},
	SiteFactory:        {"closed factory", "不对外开放的厂区"},
	SiteWarehouse:      {"closed warehouse", "不对外开放的仓库"},
	SiteHomeInside:     {"inside of one home", "住户家中"},

	ClassArt7:      {"public place of Article 7", "第七条所列公共场所"},
	ClassArt9:      {"other public place, Article 9", "其他公共场所（第九条）"},
	ClassNonPublic: {"not public", "非公共场所"},

	PolicySiteKind:    {"%q is no kind of site: bauta site kinds lists them", "%q 不是场所类型：可用 bauta site kinds 查看"},
	PolicyClassOfKind: {"the class \"%v\" does not fit: %v is \"%v\"; leave the class out, it follows from the kind", "场所类别“%v”不符：%v 属于“%v”；请不要填写类别，类别由场所类型确定"},
	PolicyCreditForm:  {"%s is %q: a unified social credit code has 18 characters, each one of %s", "%s 的值是 %q：统一社会信用代码为 18 位，每位须为 %s 之一"},
	PolicyCreditDigit: {"%s is %q, and its last character does not fit the others: compare it with the licence", "%s 的值是 %q，校验码不符：请与营业执照核对"},

	FoundKindUnset:   {"kind of place not stated; an earlier version asked for the class alone: %v", "未说明场所类型；早期版本只登记了类别：%v"},
	FoundAskPolice:   {"%v (class of \"%v\" by a secondary source: ask the police)", "%v（“%v”的类别依据二手资料，请咨询公安机关）"},
	FoundNotListed:   {"does not apply: not a place of Article 7, by what was declared; Article 9 speaks of the others", "不适用：不属于第七条所列场所，其他公共场所依第九条（依据登记）"},
	FoundNotArt9:     {"does not apply: no other public place of Article 9, by what was declared", "不适用：不属于第九条的其他公共场所（依据登记）"},
	FoundNotEntitled: {"not stated by what the unit may watch this place: %v", "未说明本单位建设系统的依据：%v"},
	FoundEntitled:    {"for public safety, each need and who runs the place are stated (not checked)", "目的为公共安全，已写明必要性和管理依据（未核验）"},
	NextEntitled:     {"say by what the unit runs the place or owes its security: bauta site set --entitled TEXT", "请说明本单位经营管理该场所或负有安全防范义务的依据：bauta site set --entitled 说明"},

	"console.site.kind":             {"What kind of place is it?", "属于哪类场所？"},
	"console.site.kind_hint":        {"As Decree 799 lists them; if you are not sure, ask the local police station", "按条例划分；如不确定，请咨询当地派出所"},
	"console.site.kind_old":         {"Said earlier, without the kind: %s. Choose the kind: until then it frees from no duty", "此前只登记了类别：%s。请选择场所类型：在此之前不免除任何义务"},
	"console.site.kind_police":      {"Its class is from a secondary source: ask the local police station", "该类别依据二手资料：请咨询当地派出所"},
	"console.site.entitled":         {"By what do you run this place?", "经营管理该场所的依据"},
	"console.site.entitled_hint":    {"Owner, lease, or property contract that makes you owe the security; no names", "产权、租赁合同，或者约定安全防范义务的物业合同；不要填写姓名"},
	"console.site.unit":             {"Unit that runs the cameras", "管理单位名称"},
	"console.site.credit_code":      {"Its unified social credit code", "统一社会信用代码"},
	"console.site.credit_code_hint": {"18 characters, as on the licence", "18 位，与营业执照一致"},
	"console.site.address":          {"Address of the site", "场所地址"},
	"console.fix.entitled":          {"Say by what you run the place", "填写管理依据"},

	SiteKindSecondary:                 {"by a secondary source: ask the police", "依据二手资料，请咨询公安机关"},
	HeadSiteKind:                      {"kind of place", "场所类型"},
	HeadEntitled:                      {"by what the unit watches it", "管理依据"},
	HeadUnit:                          {"unit", "单位名称"},
	HeadCreditCode:                    {"unified social credit code", "统一社会信用代码"},
	HeadAddress:                       {"address", "地址"},
	HeadNationalRule:                  {"national rule on keeping footage", "所在国的录像保存规定"},
	"console.site.national_rule":      {"National rule on keeping footage (European Union)", "所在国的录像保存规定（欧盟）"},
	"console.site.national_rule_hint": {"How long, and where it stands: national limits differ", "期限及出处：各国规定不同"},

	FoundRoomSeen: {"a walk past the doors showed a private room on: %s", "现场走查显示可看到私密房间内部：%s"},
	FoundDoors:    {"doors of private rooms are before the camera, and no area that may be captured is drawn: %s", "镜头前有私密房间的门，尚未划定可采集的区域：%s"},
	FoundNoWalk:   {"doors of private rooms are before the camera, and no walk past them with this device shows that no room is seen: %s", "镜头前有私密房间的门，尚无本设备的现场走查证明看不到房间内部：%s"},
	NextRoomSeen:  {"turn the camera away from the doors, walk past them again and record it: bauta record add walk", "请调整摄像机避开房门，重新走查并登记：bauta record add walk"},
	NextWalk:      {"open the doors, walk past them, look at the picture and record it: bauta record add walk", "请打开房门走过，查看画面并登记：bauta record add walk"},

	FoundNoGround:               {"no ground in law, or interests that nobody balanced: %s", "没有合法依据，或者未权衡利益：%s"},
	FoundGroundUnset:            {"ground in law not on record: %s", "未登记合法依据：%s"},
	FoundGround:                 {"ground on record for %d cameras (content not checked)", "%d 台摄像机已登记合法依据（内容未核验）"},
	FoundNoSpecial:              {"faces are matched without an exemption on record: %s", "比对人脸而未登记例外依据：%s"},
	FoundSpecial:                {"exemption on record for %d cameras (content not checked)", "%d 台摄像机已登记例外依据（内容未核验）"},
	FoundDeviceNoSpecial:        {"no ground on record by which it may match faces: %s", "未登记比对人脸的依据：%s"},
	FoundDeviceSpecial:          {"ground for matching faces on record (not checked): %s", "已登记比对人脸的依据（未核验）：%s"},
	FoundNoHandling:             {"no processing record lists: %s", "处理情况记录未列入：%s"},
	FoundOldHandling:            {"the processing record of %s is older than %d days", "%s 的处理情况记录已超过 %d 日"},
	FoundHandling:               {"processing records list %d cameras", "处理情况记录已列入 %d 台摄像机"},
	FoundNoNationalRule:         {"not stated what the country's own rule on keeping footage is", "未说明所在国关于录像保存期限的规定"},
	FoundComing:                 {"remote biometric identification: from %s on, in %d days", "远程生物识别相关义务自 %s 起适用，尚有 %d 日"},
	FoundComingDue:              {"faces are recognised, and duties that no rule pack here holds apply since %s", "本场所有人脸识别，自 %s 起适用的义务尚未收录于规则包"},
	NextGround:                  {"write down the ground of each camera and the balance of interests, and record it: bauta record add ground", "请为每台摄像机写明合法依据和利益权衡并登记：bauta record add ground"},
	NextSpecial:                 {"use badges, or record the exemption of Article 9(2): bauta record add ground", "请改用胸牌，或登记第九条第二款的例外依据：bauta record add ground"},
	NextHandling:                {"record how personal information is handled: bauta record add processing", "请登记处理情况：bauta record add processing"},
	NextNationalRule:            {"ask the authority or a lawyer, and state the rule: bauta site set --national-rule TEXT", "请咨询主管机关或律师并填写：bauta site set --national-rule 说明"},
	NextComing:                  {"have a lawyer look at Annex III of the AI Act", "请律师核对《人工智能法》附件三"},
	"console.fix.walk":          {"Walk past the doors and record it", "走查房门并登记"},
	"console.fix.room_seen":     {"Turn the camera and record a new walk", "调整摄像机并重新走查"},
	"console.fix.ground":        {"Record the ground", "登记合法依据"},
	"console.fix.special":       {"Record the exemption", "登记例外依据"},
	"console.fix.handling":      {"Record the processing", "登记处理情况"},
	"console.fix.national_rule": {"State the national rule", "填写所在国规定"},

	"console.record.walk.title":        {"Walks past doors of private rooms", "私密房间门前走查"},
	"console.record.walk.about":        {"Open the doors, walk past them, and look whether the camera shows the inside of a room: at hotels and dormitories", "打开房门走过，查看画面是否拍到房间内部：适用于旅馆和宿舍"},
	"console.record.walk.add":          {"Record a walk", "登记走查"},
	"console.record.walk.private_room": {"Does a camera show the inside of a private room?", "画面是否拍到私密房间内部？"},
	"console.record.walk.photo":        {"Picture of each camera with the doors open", "房门打开时各摄像机的画面"},
	"console.record.ground.title":      {"Grounds in law (European Union)", "合法依据（欧盟）"},
	"console.record.ground.about":      {"What allows each camera, and why the interests of the people seen do not outweigh it", "每台摄像机的合法依据及利益权衡"},
	"console.record.ground.add":        {"Record a ground", "登记合法依据"},
	"console.record.ground.basis":      {"Ground (GDPR Article 6)", "合法依据（第六条）"},
	"console.record.ground.interest":   {"Whose interest, and which", "谁的何种利益"},
	"console.record.ground.balance":    {"Why those of the people seen do not outweigh it", "为何不损害被摄者的利益"},
	"console.record.ground.special":    {"Exemption, where faces are matched (Article 9(2))", "比对人脸的例外依据（第九条第二款）"},
	"console.record.ground.document":   {"The written balance", "书面权衡文件"},

	"console.record.choice.consent":                     {"consent", "同意"},
	"console.record.choice.contract":                    {"contract with the person", "与本人订立的合同"},
	"console.record.choice.legal-obligation":            {"duty by law", "法定义务"},
	"console.record.choice.vital-interests":             {"to save life", "保护生命安全"},
	"console.record.choice.public-task":                 {"public task", "公共任务"},
	"console.record.choice.legitimate-interests":        {"legitimate interests, balanced", "经权衡的正当利益"},
	"console.record.choice.no-ground":                   {"none was found", "没有依据"},
	"console.record.choice.explicit-consent":            {"explicit consent of each person", "每个人的明示同意"},
	"console.record.choice.employment-law":              {"law of work and social security", "劳动与社会保障法"},
	"console.record.choice.legal-claims":                {"legal claims", "法律请求"},
	"console.record.choice.substantial-public-interest": {"substantial public interest, by law", "法定的重大公共利益"},
	"console.record.choice.no-exemption":                {"none was found", "没有例外依据"},
}
