package text

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
