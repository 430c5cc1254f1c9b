package text

// What is wrong with a consent token, a revocation or an issuer's key. No
// argument is ever taken from a token before it was proved, but its key id.
const (
	ConsentMalformed    Key = "consent.malformed"
	ConsentTooLarge     Key = "consent.too_large"
	ConsentListFull     Key = "consent.list_full"
	LetterNoKey         Key = "consent.letter.no_key"
	LetterRecipient     Key = "consent.letter.recipient"
	LetterReaders       Key = "consent.letter.readers"
	LetterSent          Key = "consent.letter.sent"
	ConsentHeader       Key = "consent.header"
	ConsentClaim        Key = "consent.claim"
	ConsentUnknownClaim Key = "consent.unknown_claim"
	ConsentType         Key = "consent.type"
	ConsentAlgorithm    Key = "consent.algorithm"
	ConsentNoKeyID      Key = "consent.no_key_id"
	ConsentIssuer       Key = "consent.issuer"
	ConsentIssuerName   Key = "consent.issuer_name"
	ConsentSignature    Key = "consent.signature"
	ConsentGuardian     Key = "consent.guardian"
	ConsentPurpose      Key = "consent.purpose"
	ConsentNoFootage    Key = "consent.no_footage"
	ConsentFootageLong  Key = "consent.footage_long"
	ConsentFileOnly     Key = "consent.file_only"
	ConsentWrongPurpose Key = "consent.wrong_purpose"
	ConsentZone         Key = "consent.zone"
	ConsentLife         Key = "consent.life"
	ConsentExpired      Key = "consent.expired"
	ConsentIssuedLater  Key = "consent.issued_later"
	ConsentNotYetValid  Key = "consent.not_yet_valid"
	ConsentRevoked      Key = "consent.revoked"
	ConsentBadgeTaken   Key = "consent.badge_taken"
	ConsentBadgeRests   Key = "consent.badge_rests"
	ConsentBadgeLost    Key = "consent.badge_lost"
	ConsentBadgeTwice   Key = "consent.badge_twice"
	ConsentIDTaken      Key = "consent.id_taken"
	ConsentKnown        Key = "consent.known"
	ConsentFull         Key = "consent.full"
	ConsentNoTarget     Key = "consent.no_target"
	ConsentBadgeRange   Key = "consent.badge_range"
	ConsentNotFound     Key = "consent.not_found"
	ConsentFaceOff      Key = "consent.face_off"

	ConsentNoPrivateKey Key = "consent.key.no_private"
	ConsentNoPublicKey  Key = "consent.key.no_public"
	ConsentKeyIsPrivate Key = "consent.key.is_private"

	// What stands on a badge.
	BadgeNumber Key = "consent.badge.number"
	BadgeUntil  Key = "consent.badge.until"
	BadgeAreas  Key = "badge.areas"
	BadgeWear   Key = "consent.badge.wear"
	BadgeShows  Key = "consent.badge.shows"
	BadgeLost   Key = "consent.badge.lost"

	IssuerNotFound Key = "consent.issuer.not_found"
	IssuerExists   Key = "consent.issuer.exists"
	IssuerName     Key = "consent.issuer.name"
)

var consents = table{
	ConsentMalformed:    {"this is no readable token: ask its issuer for a new copy", "无法读取该令牌：请向签发方重新索取"},
	ConsentTooLarge:     {"the token is larger than %d bytes: ask its issuer for another one", "令牌超过 %d 字节：请向签发方重新索取"},
	LetterNoKey:         {"the gateway's key for consents that are sent to it cannot be read: restore the store, or have it make a new one", "无法读取网关用于接收同意的密钥：请恢复数据库或重新生成"},
	LetterRecipient:     {"%q is no gateway's key: take what bauta consent recipient prints there, age1 and 58 letters and digits", "%q 不是网关的密钥：请使用该网关上 bauta consent recipient 打印的内容，即 age1 加 58 个字母和数字"},
	LetterReaders:       {"consents go to 1 to %d gateways at once: give their keys by --to", "同意一次可发送给 1 到 %d 台网关：请用 --to 指定其密钥"},
	LetterSent:          {"%d consents sent to %d gateways by %s: each that is away gets them when it is back", "已将 %d 项同意发送给 %d 台网关，经 %s：暂时离线的网关恢复后会收到"},
	ConsentListFull:     {"the list of what was withdrawn is full with %d entries: issue new consents with a new issuer key, and keep this one for withdrawals by file", "撤回清单已满，共 %d 项：请用新的签发密钥签发新的同意，旧密钥仅用于以文件方式撤回"},
	ConsentHeader:       {"the token's header holds more than its algorithm, type and key: have it issued anew by bauta", "令牌头部含有算法、类型和密钥以外的内容：请用 bauta 重新签发"},
	ConsentClaim:        {"the token's claim %q is missing or wrong: have it issued anew", "令牌的声明 %q 缺失或有误：请重新签发"},
	ConsentUnknownClaim: {"the token holds %q, which this version does not know and which may limit it: update bauta or have it issued anew", "令牌含有本版本无法识别的 %q，它可能是一项限制：请升级 bauta 或重新签发"},
	ConsentType:         {"this is not a token of type %q: give the right file", "这不是 %q 类型的令牌：请提供正确的文件"},
	ConsentAlgorithm:    {"the token is not signed with Ed25519: it is forged or of another program, ask its issuer", "令牌未使用 Ed25519 签名：可能是伪造的或来自其他程序，请询问签发方"},
	ConsentNoKeyID:      {"the token does not name the key that signed it: have it issued anew by bauta", "令牌未注明签名密钥：请用 bauta 重新签发"},
	ConsentIssuer:       {"the token is signed by the key %.64q, which is not trusted here: add its issuer with bauta consent issuer add", "令牌由此处不信任的密钥 %.64q 签名：请用 bauta consent issuer add 添加其签发方"},
	ConsentIssuerName:   {"the token names the issuer %q, its key is trusted as %q: add the issuer under the name that it uses", "令牌中的签发方为 %q，而其密钥以 %q 的名义受信任：请以签发方实际使用的名称添加"},
	ConsentSignature:    {"the token's signature is wrong, it was forged or damaged: ask its issuer for a new copy", "令牌签名错误，可能是伪造的或已损坏：请向签发方重新索取"},
	ConsentGuardian:     {"the token is of a minor under 14 and names no guardian's consent: have it issued anew with one", "该令牌属于不满十四周岁的未成年人，但未注明监护人的同意：请补充后重新签发"},
	ConsentPurpose:      {"the purpose %s is not served here, only %s: have the token issued for one of these, or change consent.purposes in the settings", "此处不提供用途 %s，仅限 %s：请按其中之一重新签发，或修改配置项 consent.purposes"},
	ConsentNoFootage:    {"a token for subject-access must say which film it covers, and without that it shows nobody: have it issued anew with --footage-from and --footage-to", "用途为 \"subject-access\" 的令牌必须注明所涉录像的时段，否则不显示任何人：请用 --footage-from 和 --footage-to 重新签发"},
	ConsentFootageLong:  {"the token covers more than %d days of film: have it issued for a shorter span", "令牌所涉录像超过 %d 天：请缩短时段后重新签发"},
	ConsentFileOnly:     {"it is for subject-access and shows nobody on a live picture: give it to bauta redact for the copy", "其用途为 \"subject-access\"，不会在实时画面中显示任何人：制作副本时请交给 bauta redact"},
	ConsentWrongPurpose: {"it is for %s, which counts in none of its zones, so it shows nobody: name that purpose by bauta zone set CAMERA ZONE --purpose, or have it issued for another", "其用途 %s 在令牌所列的任何区域中都不生效，因此不显示任何人：请用 bauta zone set 摄像机 区域 --purpose 加入该用途，或按其他用途重新签发"},
	ConsentZone:         {"none of the token's zones (%s) is a consent zone here: add the zone, or have the token issued for another one", "令牌的区域（%s）均不是此处的同意区域：请先添加该区域，或按其他区域重新签发"},
	ConsentLife:         {"the token is valid for more than %d days: have it issued for a shorter time", "令牌有效期超过 %d 天：请缩短后重新签发"},
	ConsentExpired:      {"the token expired at %s: ask the person again and have a new one issued", "令牌已于 %s 到期：请再次征求本人同意并重新签发"},
	ConsentIssuedLater:  {"it was issued at %s, which is yet to come: compare the clocks of the issuer and of this box", "其签发时间 %s 尚未到来：请核对签发方与本机的时钟"},
	ConsentNotYetValid:  {"the token counts from %s only", "令牌自 %s 起才有效"},
	ConsentRevoked:      {"the token is revoked, for good: if the person agrees again, have a new one issued", "令牌已被永久撤回：如本人再次同意，请重新签发"},
	ConsentBadgeTaken:   {"badge %d belongs to token %s in that time: revoke that one or take another badge", "胸牌 %d 在该时段属于令牌 %s：请撤回该令牌或换用其他胸牌"},
	ConsentBadgeRests:   {"badge %d was worn by token %s and rests until %s: take another badge", "胸牌 %d 曾由令牌 %s 使用，须停用至 %s：请换用其他胸牌"},
	ConsentIDTaken:      {"another token has the id %s already: have it issued anew", "已有其他令牌使用编号 %s：请重新签发"},
	ConsentBadgeLost:    {"badge %d was withdrawn and rests until %s for everybody: take another badge", "胸牌 %d 已因遗失撤回，对所有人停用至 %s：请换用其他胸牌"},
	ConsentBadgeTwice:   {"several of the tokens are for badge %d, and nobody can tell whose it is: give one", "有多个令牌对应胸牌 %d，无法判断佩戴者：请只提供一个"},
	ConsentKnown:        {"token %s is here already", "令牌 %s 已存在"},
	ConsentFull:         {"there are %d tokens, more are not kept", "已有 %d 个令牌，无法继续添加"},
	ConsentBadgeRange:   {"badges are %d to %d: look at the number on the badge", "胸牌编号为 %d 至 %d：请核对胸牌上的编号"},
	ConsentNoTarget:     {"say what to revoke: one token by its id, one subject or one badge", "请指明撤回哪些同意：一个令牌编号、一个化名或一个胸牌"},
	ConsentNotFound:     {"there is no token %s: see bauta consent list", "没有令牌 %s：请查看 bauta consent list"},

	ConsentFaceOff: {"it is bound to an enrolled face, and faces are not matched here: it shows nobody", "该令牌绑定已登记的人脸，而此处不做人脸比对：不会显示任何人"},

	ConsentNoPrivateKey: {"this file holds no Ed25519 private key in PEM: give the .key file that bauta consent keygen made", "该文件不含 PEM 格式的 Ed25519 私钥：请提供 bauta consent keygen 生成的 .key 文件"},
	ConsentNoPublicKey:  {"this file holds no Ed25519 public key in PEM: give the .pub file that bauta consent keygen made", "该文件不含 PEM 格式的 Ed25519 公钥：请提供 bauta consent keygen 生成的 .pub 文件"},
	ConsentKeyIsPrivate: {"this is the private key, which belongs on the issuer's PC alone: give the .pub file", "这是私钥，只应保存在签发方的电脑上：请提供 .pub 文件"},

	BadgeNumber: {"badge", "胸牌"},
	BadgeUntil:  {"valid until %s", "有效期至 %s"},
	BadgeAreas:  {"areas: %s", "区域 %s"},
	BadgeWear:   {"wear it on the chest, outside, uncovered", "请佩戴在胸前，印面朝外，不要遮挡"},
	BadgeShows:  {"take it off or turn it round to be masked again", "取下或翻面后，人脸恢复遮挡"},
	BadgeLost:   {"never lend it; report a lost one at once", "请勿转借；如有遗失，请立即报告"},

	IssuerNotFound: {"no issuer has the name or key %s: see bauta consent issuer list", "没有名称或密钥为 %s 的签发方：请查看 bauta consent issuer list"},
	IssuerExists:   {"this key is trusted already, as %s", "该密钥已受信任，名称为 %s"},
	IssuerName:     {"%q is no name of an issuer: use 1 to %d of a-z, 0-9 and single dashes between them", "%q 不是签发方名称：请用 1 到 %d 个小写字母 a-z、数字 0-9，中间可用单个连字符"},
}

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

	ConsentIdle          Key = "consent.idle"
	ReasonFaceOff        Key = "consent.reason.face_off"
	ReasonFileOnly       Key = "consent.reason.file_only"
	ReasonUnknownPurpose Key = "consent.reason.unknown_purpose"
	ReasonUnknownZone    Key = "consent.reason.unknown_zone"
	ReasonWrongPurpose   Key = "consent.reason.wrong_purpose"
	ReasonNotFresh       Key = "consent.reason.not_fresh"

	ConsentNone       Key = "consent.none"
	ConsentInFile     Key = "consent.in_file"
	KeygenDone        Key = "consent.keygen.done"
	KeygenExists      Key = "consent.keygen.exists"
	IssueDone         Key = "consent.issue.done"
	IssueNotHere      Key = "consent.issue.not_here"
	IssueFootage      Key = "consent.issue.footage"
	IssueFootageOther Key = "consent.issue.footage_other"
	IssueFootageOrder Key = "consent.issue.footage_order"
	HeadFootage       Key = "consent.head.footage"
	IssuePseudonym    Key = "consent.issue.pseudonym"
	IssueFromPast     Key = "consent.issue.from_past"
	ShowUnproved      Key = "consent.show.unproved"

	ImportToken       Key = "consent.import.token"
	ImportRevocation  Key = "consent.import.revocation"
	ImportList        Key = "consent.import.list"
	ImportAttestation Key = "consent.import.attestation"
	ImportAccepted    Key = "consent.import.accepted"
	ImportKnown       Key = "consent.import.known"
	ImportRefused     Key = "consent.import.refused"
	ImportNote        Key = "consent.import.note"
	ImportDone        Key = "consent.import.done"
	ImportNothing     Key = "consent.import.nothing"

	RevokeDone      Key = "consent.revoke.done"
	RevokeNone      Key = "consent.revoke.none"
	RevokePublished Key = "consent.revoke.published"
	ListWritten     Key = "consent.list.written"
	ListStrange     Key = "consent.list.strange"
	ListUnread      Key = "consent.list.unread"
	Attested        Key = "consent.list.attested"

	BadgeWritten Key = "consent.badge.written"
	BadgePrint   Key = "consent.badge.print"

	IssuerAdded   Key = "consent.issuer.added"
	IssuerRemoved Key = "consent.issuer.removed"
	IssuerNone    Key = "consent.issuer.none"

	StatusConsents    Key = "consent.status"
	StatusIdle        Key = "consent.status.idle"
	StatusRevocations Key = "consent.status.revocations"
	StatusListStale   Key = "consent.status.list_stale"
	StatusListBehind  Key = "consent.status.list_behind"

	RedactTokenUsed    Key = "consent.redact.used"
	RedactTokenRefused Key = "consent.redact.refused"
	RedactUnasked      Key = "consent.redact.unasked"
	RedactWrongPurpose Key = "consent.redact.wrong_purpose"
	RedactRecordedAt   Key = "consent.redact.recorded_at"

	RecordingUnknown      Key = "consent.film.unknown"
	RecordingUnbelievable Key = "consent.film.unbelievable"
	RecordingDisputed     Key = "consent.film.disputed"
	RecordingOutside      Key = "consent.film.outside"
	RecordingAfter        Key = "consent.film.after"
	RecordingBefore       Key = "consent.film.before"
)

// ConsentState returns the word for a consent's state; the name itself where
// there is none.
func ConsentState(state string) Key { return word("consent.state.", state) }

// ConsentReason returns the words for why a consent in order shows nobody; the
// name itself where there are none.
func ConsentReason(reason string) Key { return word("consent.reason.", reason) }

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
	StateRevoked:   {"withdrawn", "已撤回"},
	StateUntrusted: {"issuer not trusted", "签发方不受信任"},

	ConsentIdle:          {"token %s shows nobody: %s", "令牌 %s 不会显示任何人：%s"},
	ReasonFaceOff:        {"faces are not matched here", "此处不做人脸比对"},
	ReasonFileOnly:       {"only for a copy made by bauta redact, never live", "仅用于 bauta redact 制作的副本，不用于实时画面"},
	ReasonUnknownPurpose: {"the purpose is not served here any more", "此处已不再提供该用途"},
	ReasonUnknownZone:    {"no camera has a consent zone that it names", "没有摄像机设有其所列的同意区域"},
	ReasonNotFresh:       {"nobody has proved lately that it was not withdrawn", "近期没有证明表明其未被撤回"},
	ReasonWrongPurpose:   {"none of its zones names its purpose", "其所列区域均未列入该用途"},

	ConsentNone:       {"no consents: everybody is masked", "没有同意记录：所有人均被遮挡"},
	ConsentInFile:     {"file %s: %v", "文件 %s：%v"},
	KeygenDone:        {"%s is the private key, keep it on this PC and back it up; give %s to each gateway by bauta consent issuer add; key id %s", "%s 是私钥，请只保存在本机并做好备份；请用 bauta consent issuer add 将 %s 交给每台网关；密钥编号 %s"},
	KeygenExists:      {"%s is there already and stays as it is: use another name or folder", "%s 已存在，保持不变：请换用其他名称或目录"},
	IssueDone:         {"token %s for %s, badge %d, until %s: give it to the gateway by bauta consent import", "令牌 %s，化名 %s，胸牌 %d，有效期至 %s：请用 bauta consent import 交给网关"},
	IssuePseudonym:    {"%s %q is no pseudonym: use up to 64 letters a-z, digits, dots and dashes, and no name", "%s %q 不是化名：请用最多 64 个字母 a-z、数字、点或连字符，不要使用姓名"},
	IssueFromPast:     {"a consent cannot begin before it is given: leave its beginning (--from) out to begin now; for a copy of earlier film issue one for subject-access that names the film (--footage-from, --footage-to)", "同意不能早于作出之时生效：省略开始时间（--from）即从现在开始；如需此前录像的副本，请签发用途为 \"subject-access\" 并注明录像时段（--footage-from、--footage-to）的令牌"},
	IssueNotHere:      {"subject-access is for a copy of film alone: issue its token with bauta consent issue, which asks for the film", "\"subject-access\" 只用于录像副本：请用 bauta consent \"issue\" 签发，并注明录像时段"},
	IssueFootage:      {"subject-access needs --footage-from and --footage-to: the film of which the person asks for a copy", "\"subject-access\" 须注明 --footage-from 和 --footage-to：即本人申请复制的录像时段"},
	IssueFootageOther: {"--footage-from and --footage-to are for subject-access alone, and the purpose is %s: leave them out, the token counts from --from until --until", "--footage-from 和 --footage-to 只用于 \"subject-access\"，而用途为 %s：请去掉，令牌在 --from 至 --until 期间有效"},
	IssueFootageOrder: {"--footage-to is not after --footage-from: give the beginning of the film first", "--footage-to 不晚于 --footage-from：请先给出录像的开始时间"},
	HeadFootage:       {"film covered", "所涉录像"},
	ShowUnproved:      {"what follows is not proved: give the issuer's key with --issuer", "以下内容未经验证：请用 --issuer 指定签发方公钥"},

	ImportToken:       {"token %s, badge %d, until %s", "令牌 %s，胸牌 %d，有效期至 %s"},
	ImportList:        {"list %s of withdrawals, tokens withdrawn: %d", "撤回清单 %s，撤回令牌 %d 个"},
	ImportAttestation: {"attestation of list %s", "清单 %s 的证明"},
	ImportRevocation:  {"revocation %s, tokens withdrawn: %d", "撤回声明 %s，撤回令牌 %d 个"},
	ImportAccepted:    {"accepted: %s", "已接受：%s"},
	ImportKnown:       {"known already: %s", "此前已有：%s"},
	ImportRefused:     {"refused: %s: %s", "已拒绝：%s：%s"},
	ImportNote:        {"; note: %s", "；注意：%s"},
	ImportDone:        {"%d accepted, %d known already, %d refused", "接受 %d，已有 %d，拒绝 %d"},
	ImportNothing:     {"there is no token in what was given", "所给内容中没有令牌"},

	RevokeDone:      {"token %s revoked, its wearer is masked", "令牌 %s 已撤回，佩戴者恢复遮挡"},
	RevokeNone:      {"no token counted here; the revocation stays and refuses any that may come", "此处没有有效令牌；撤回已保存，今后出现的相应令牌将被拒绝"},
	RevokePublished: {"%s is at %s", "%s 已发布到 %s"},
	ListWritten:     {"list %d with %d withdrawals written to %s: keep it beside the key", "清单 %d（共 %d 项撤回）已写入 %s：请与密钥放在一起"},
	ListUnread:      {"the list at %s cannot be read and is not compared with the one here: %v", "无法读取 %s 上的清单，未与本地清单比对：%v"},
	ListStrange:     {"the list at %s is left aside: %v", "%s 上的清单未采用：%v"},
	Attested:        {"attested: %s has withdrawn nothing beyond list %d", "已证明：%s 在清单 %d 之后没有新的撤回"},

	BadgeWritten: {"%s written", "已写入 %s"},
	BadgePrint:   {"print it on white, matt paper at 100 %%, not fitted to the page: the marker must be 72 mm wide", "请用白色哑光纸按 100%% 比例打印，不要缩放：标记宽度须为 72 毫米"},

	IssuerAdded:   {"issuer %s is trusted with the key %s", "已信任签发方 %s，密钥 %s"},
	IssuerRemoved: {"not trusted any more: %s", "已不再信任：%s"},
	IssuerNone:    {"no issuer is trusted: no consent counts", "没有受信任的签发方：任何同意均不生效"},

	StatusConsents:    {"consents: %d, of which %d count on a camera now; trusted keys of issuers: %d", "同意：%d，其中 %d 项目前在摄像机上生效；受信任的签发方密钥：%d"},
	StatusIdle:        {"consents that show nobody: %d, %s (%s)", "不会显示任何人的同意：%d 项，%s（%s）"},
	StatusRevocations: {"messages about consents over MQTT that no trusted issuer signed: %d", "经 MQTT 收到的、未由受信任签发方签名的同意相关消息：%d"},
	StatusListStale:   {"consents of %s show nobody: for more than %d days nobody has proved that nothing else was withdrawn. Have the issuer run bauta consent attest, or connect this gateway to the broker", "%s 的同意不显示任何人：超过 %d 天没有证明没有新的撤回。请让签发方运行 bauta consent attest，或将本网关连接到 MQTT 服务器"},
	StatusListBehind:  {"%s has withdrawn more than this gateway knows: list %d is here, a newer one is awaited", "%s 的撤回多于本网关所知：这里是清单 %d，正在等待更新的清单"},

	RedactTokenUsed:    {"token %s counts: the wearer of badge %d is shown in what was filmed from %s until %s", "令牌 %s 有效：在 %[3]s 至 %[4]s 拍摄的画面中显示胸牌 %[2]d 的佩戴者"},
	RedactWrongPurpose: {"it is for %s, and this copy is made for %s: give --purpose if the copy is for something else", "其用途为 %s，而此副本的用途为 %s：如副本另有用途，请用 --purpose 注明"},
	RedactRecordedAt:   {"--recorded-at %s cannot be when a film began: give day and time, from 2020 on and not in the future, such as 2026-05-01T08:00:30", "--recorded-at %s 不可能是录像的起始时间：请给出日期和时间，自 2020 年起且不晚于当前，例如 \"2026-05-01T08:00:30\""},

	RecordingUnknown:      {"the file does not say when it was recorded, so nobody can tell whether the token covers it: give --recorded-at with the time of its first picture", "文件未注明拍摄时间，无法判断令牌是否涵盖：请用 --recorded-at 给出第一帧画面的时间"},
	RecordingUnbelievable: {"the file says that it was recorded at %s, which cannot be: give --recorded-at with the time of its first picture", "文件注明的拍摄时间 %s 不可能成立：请用 --recorded-at 给出第一帧画面的时间"},
	RecordingDisputed:     {"the file says that it was recorded at %s and --recorded-at says %s, so nobody is shown: leave --recorded-at out if the file is right, or else correct the file's time: ffmpeg -i IN.mp4 -map 0:v:0 -c copy -metadata creation_time=TIME FIXED.mp4", "文件注明的拍摄时间为 %s，而 --recorded-at 为 %s，因此不显示任何人：如文件正确请去掉 --recorded-at，否则请更正文件的时间：\"ffmpeg -i IN.mp4 -map 0:v:0 -c copy -metadata creation_time=TIME FIXED.mp4\""},
	RecordingOutside:      {"the film was recorded from %s to %s, and the token covers film from %s until %s: give the film that it covers, or have a token issued for this one", "录像拍摄于 %s 至 %s，而令牌涵盖 %s 至 %s：请提供令牌所涉录像，或就此录像签发令牌"},
	RecordingAfter:        {"the film begins at %s, and the token ended at %s: it shows nobody in it", "录像始于 %s，而令牌已于 %s 到期：其中不显示任何人"},
	RecordingBefore:       {"the film ends at %s, and the token counts from %s only: it shows nobody in it", "录像止于 %s，而令牌自 %s 起才有效：其中不显示任何人"},
	RedactTokenRefused:    {"%s does not count, its wearer stays masked: %s", "%s 不生效，佩戴者仍被遮挡：%s"},
	RedactUnasked:         {"the gateway here cannot be asked whether the token is revoked: %v", "无法向本机网关查询令牌是否已撤回：%v"},
}
