package text

// What the commands on sites, places and records say.
const (
	FactsSaved       Key = "cli.facts.saved"
	SiteSaved        Key = "cli.site.saved"
	NotStated        Key = "cli.not_stated"
	PlaceProhibited  Key = "cli.place_prohibited"
	HeadPlace        Key = "cli.head.place"
	HeadMeaning      Key = "cli.head.meaning"
	HeadClass        Key = "cli.head.class"
	HeadMode         Key = "cli.head.mode"
	HeadJurisdiction Key = "cli.head.jurisdiction"
	HeadContact      Key = "cli.head.contact"
	HeadGrading      Key = "cli.head.grading"
	HeadSecret       Key = "cli.head.secret"
	HintBlocked      Key = "cli.hint.blocked"
)

var facts = table{
	FactsSaved:       {"what is known of camera %s is saved", "已保存摄像机 %s 的信息"},
	SiteSaved:        {"what is known of the site is saved", "已保存场所信息"},
	NotStated:        {"not stated", "未说明"},
	PlaceProhibited:  {"prohibited", "禁止"},
	HeadPlace:        {"place", "场所"},
	HeadMeaning:      {"meaning", "含义"},
	HeadClass:        {"class of the site", "场所类别"},
	HeadMode:         {"recognition mode", "识别模式"},
	HeadJurisdiction: {"jurisdiction", "地区"},
	HeadContact:      {"contact for complaints", "投诉举报"},
	HeadGrading:      {"graded protection", "等级保护"},
	HeadSecret:       {"military or secret unit nearby", "周边军事、涉密单位"},
	HintBlocked:      {"dismantle the camera, then run bauta camera remove", "请拆除该摄像机，然后运行 bauta camera remove"},
}
