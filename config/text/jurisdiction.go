package text

// Where a site lies, the packs that follow from it, and what clauses say beside their duty.
const (
	PolicyJurisdiction Key = "policy.jurisdiction"

	FoundNoCode      Key = "found.no_code"
	FoundNotCovered  Key = "found.not_covered"
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
