package text

// What bauta consent says.
const (
	HeadToken     Key = "consent.head.token"
	HeadSubject   Key = "consent.head.subject"
	HeadFrom      Key = "consent.head.from"
	HeadUntil     Key = "consent.head.until"
	HeadZones     Key = "consent.head.zones"
	HeadPurpose   Key = "consent.head.purpose"
	HeadIssuer    Key = "consent.head.issuer"
	HeadKey       Key = "consent.head.key"
	HeadBasis     Key = "consent.head.basis"
	HeadAge       Key = "consent.head.age"
	HeadGuardian  Key = "consent.head.guardian"
	HeadStatement Key = "consent.head.statement"

	StateValid     Key = "consent.state.valid"
	StateFuture    Key = "consent.state.future"
	StateExpired   Key = "consent.state.expired"
	StateRevoked   Key = "consent.state.revoked"
	StateUntrusted Key = "consent.state.untrusted"

	ConsentNone    Key = "consent.none"
	ConsentInFile  Key = "consent.in_file"
	KeygenDone     Key = "consent.keygen.done"
	KeygenExists   Key = "consent.keygen.exists"
	IssueDone      Key = "consent.issue.done"
	IssuePseudonym Key = "consent.issue.pseudonym"
	ShowUnproved   Key = "consent.show.unproved"

	ImportToken      Key = "consent.import.token"
	ImportRevocation Key = "consent.import.revocation"
	ImportAccepted   Key = "consent.import.accepted"
	ImportKnown      Key = "consent.import.known"
	ImportRefused    Key = "consent.import.refused"
	ImportNote       Key = "consent.import.note"
	ImportDone       Key = "consent.import.done"
	ImportNothing    Key = "consent.import.nothing"

	RevokeDone      Key = "consent.revoke.done"
	RevokeNone      Key = "consent.revoke.none"
	RevokePublished Key = "consent.revoke.published"

	BadgeWritten Key = "consent.badge.written"
	BadgePrint   Key = "consent.badge.print"

	IssuerAdded   Key = "consent.issuer.added"
	IssuerRemoved Key = "consent.issuer.removed"
	IssuerNone    Key = "consent.issuer.none"

	StatusConsents    Key = "consent.status"
	StatusRevocations Key = "consent.status.revocations"

	RedactTokenUsed    Key = "consent.redact.used"
	RedactTokenRefused Key = "consent.redact.refused"
	RedactUnasked      Key = "consent.redact.unasked"
)

// ConsentState returns the word for a consent's state; the name itself where
// there is none.
func ConsentState(state string) Key { return word("consent.state.", state) }

var consentCLI = table{
	HeadToken:     {"token", "令牌"},
	HeadSubject:   {"pseudonym", "化名"},
	HeadFrom:      {"from", "生效时间"},
	HeadUntil:     {"until", "到期时间"},
	HeadZones:     {"zones", "区域"},
	HeadPurpose:   {"purpose", "用途"},
	HeadIssuer:    {"issuer", "签发方"},
	HeadKey:       {"key", "密钥"},
	HeadBasis:     {"form of consent", "同意形式"},
	HeadAge:       {"age", "年龄段"},
	HeadGuardian:  {"guardian's consent", "监护人同意"},
	HeadStatement: {"SHA-256 of the text agreed to", "同意书的 SHA-256"},

	StateValid:     {"valid", "有效"},
	StateFuture:    {"not yet valid", "尚未生效"},
	StateExpired:   {"expired", "已到期"},
	StateRevoked:   {"revoked", "已撤销"},
	StateUntrusted: {"issuer not trusted", "签发方不受信任"},

	ConsentNone:    {"no consents: everybody is masked", "没有同意记录：所有人均被遮挡"},
	ConsentInFile:  {"file %s: %v", "文件 %s：%v"},
	KeygenDone:     {"%s is the private key, keep it on this PC and back it up; give %s to each gateway by bauta consent issuer add; key id %s", "%s 是私钥，请只保存在本机并做好备份；请用 bauta consent issuer add 将 %s 交给每台网关；密钥编号 %s"},
	KeygenExists:   {"%s is there already and stays as it is: use another name or folder", "%s 已存在，保持不变：请换用其他名称或目录"},
	IssueDone:      {"token %s for %s, badge %d, until %s: give it to the gateway by bauta consent import", "令牌 %s，主体 %s，胸牌 %d，有效期至 %s：请用 bauta consent import 交给网关"},
	IssuePseudonym: {"%s %q is no pseudonym: use up to 64 letters a-z, digits, dots and dashes, and no name", "%s %q 不是化名：请用最多 64 个字母 a-z、数字、点或连字符，不要使用姓名"},
	ShowUnproved:   {"what follows is not proved: give the issuer's key with --issuer", "以下内容未经验证：请用 --issuer 指定签发方公钥"},

	ImportToken:      {"token %s, badge %d, until %s", "令牌 %s，胸牌 %d，有效期至 %s"},
	ImportRevocation: {"revocation %s, tokens withdrawn: %d", "撤销声明 %s，撤销令牌 %d 个"},
	ImportAccepted:   {"accepted: %s", "已接受：%s"},
	ImportKnown:      {"known already: %s", "此前已有：%s"},
	ImportRefused:    {"refused: %s: %s", "已拒绝：%s：%s"},
	ImportNote:       {"; note: %s", "；注意：%s"},
	ImportDone:       {"%d accepted, %d known already, %d refused", "接受 %d，已有 %d，拒绝 %d"},
	ImportNothing:    {"there is no token in what was given", "所给内容中没有令牌"},

	RevokeDone:      {"token %s revoked, its wearer is masked", "令牌 %s 已撤销，佩戴者恢复遮挡"},
	RevokeNone:      {"no token counted here; the revocation stays and refuses any that may come", "此处没有有效令牌；撤销记录已保存，今后出现的相应令牌将被拒绝"},
	RevokePublished: {"revocation %s is at %s", "撤销声明 %s 已发布到 %s"},

	BadgeWritten: {"%s written", "已写入 %s"},
	BadgePrint:   {"print it on white, matt paper at 100 %%, not fitted to the page: the marker must be 72 mm wide", "请用白色哑光纸按 100%% 比例打印，不要缩放：标记宽度须为 72 毫米"},

	IssuerAdded:   {"issuer %s is trusted with the key %s", "已信任签发方 %s，密钥 %s"},
	IssuerRemoved: {"not trusted any more: %s", "已不再信任：%s"},
	IssuerNone:    {"no issuer is trusted: no consent counts", "没有受信任的签发方：任何同意均不生效"},

	StatusConsents:    {"consents: %d, of which %d count on a camera now; trusted keys of issuers: %d", "同意：%d，其中 %d 项目前在摄像机上生效；受信任的签发方密钥：%d"},
	StatusRevocations: {"revocations over MQTT that no trusted issuer signed: %d", "经 MQTT 收到的、未由受信任签发方签名的撤销声明：%d"},

	RedactTokenUsed:    {"token %s counts: the wearer of badge %d is shown", "令牌 %s 有效：显示胸牌 %d 的佩戴者"},
	RedactTokenRefused: {"%s does not count, its wearer stays masked: %s", "%s 不生效，佩戴者仍被遮挡：%s"},
	RedactUnasked:      {"the gateway here cannot be asked whether the token is revoked: %v", "无法向本机网关查询令牌是否已撤销：%v"},
}
