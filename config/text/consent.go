package text

// What is wrong with a consent token, a revocation or an issuer's key. No
// argument is ever taken from a token before it was proved, but its key id.
const (
	ConsentMalformed    Key = "consent.malformed"
	ConsentTooLarge     Key = "consent.too_large"
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
	ConsentNotFound     Key = "consent.not_found"
	ConsentFaceOff      Key = "consent.face_off"

	ConsentNoPrivateKey Key = "consent.key.no_private"
	ConsentNoPublicKey  Key = "consent.key.no_public"
	ConsentKeyIsPrivate Key = "consent.key.is_private"

	// What stands on a badge.
	BadgeNumber Key = "consent.badge.number"
	BadgeUntil  Key = "consent.badge.until"
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
	ConsentRevoked:      {"the token is revoked, for good: if the person agrees again, have a new one issued", "令牌已被永久撤销：如本人再次同意，请重新签发"},
	ConsentBadgeTaken:   {"badge %d belongs to token %s in that time: revoke that one or take another badge", "胸牌 %d 在该时段属于令牌 %s：请撤销该令牌或换用其他胸牌"},
	ConsentBadgeRests:   {"badge %d was worn by token %s and rests until %s: take another badge", "胸牌 %d 曾由令牌 %s 使用，须停用至 %s：请换用其他胸牌"},
	ConsentIDTaken:      {"another token has the id %s already: have it issued anew", "已有其他令牌使用编号 %s：请重新签发"},
	ConsentBadgeLost:    {"badge %d was withdrawn and rests until %s for everybody: take another badge", "胸牌 %d 已被撤销，对所有人停用至 %s：请换用其他胸牌"},
	ConsentBadgeTwice:   {"several of the tokens are for badge %d, and nobody can tell whose it is: give one", "有多个令牌对应胸牌 %d，无法判断佩戴者：请只提供一个"},
	ConsentKnown:        {"token %s is here already", "令牌 %s 已存在"},
	ConsentFull:         {"there are %d tokens, more are not kept", "已有 %d 个令牌，无法继续添加"},
	ConsentNoTarget:     {"say what to revoke: one token by its id, one subject or one badge", "请指明撤销对象：一个令牌编号、一个主体或一个胸牌"},
	ConsentNotFound:     {"there is no token %s: see bauta consent list", "没有令牌 %s：请查看 bauta consent list"},

	ConsentFaceOff: {"it is bound to an enrolled face, and faces are not matched here: it shows nobody", "该令牌绑定已登记的人脸，而此处不做人脸比对：不会显示任何人"},

	ConsentNoPrivateKey: {"this file holds no Ed25519 private key in PEM: give the .key file that bauta consent keygen made", "该文件不含 PEM 格式的 Ed25519 私钥：请提供 bauta consent keygen 生成的 .key 文件"},
	ConsentNoPublicKey:  {"this file holds no Ed25519 public key in PEM: give the .pub file that bauta consent keygen made", "该文件不含 PEM 格式的 Ed25519 公钥：请提供 bauta consent keygen 生成的 .pub 文件"},
	ConsentKeyIsPrivate: {"this is the private key, which belongs on the issuer's PC alone: give the .pub file", "这是私钥，只应保存在签发方的电脑上：请提供 .pub 文件"},

	BadgeNumber: {"badge", "胸牌"},
	BadgeUntil:  {"valid until %s", "有效期至 %s"},
	BadgeWear:   {"wear it on the chest, outside, uncovered", "请佩戴在胸前，印面朝外，不要遮挡"},
	BadgeShows:  {"take it off or turn it round to be masked again", "取下或翻面后，人脸恢复遮挡"},
	BadgeLost:   {"never lend it; report a lost one at once", "请勿转借；如有遗失，请立即报告"},

	IssuerNotFound: {"no issuer has the name or key %s: see bauta consent issuer list", "没有名称或密钥为 %s 的签发方：请查看 bauta consent issuer list"},
	IssuerExists:   {"this key is trusted already, as %s", "该密钥已受信任，名称为 %s"},
	IssuerName:     {"%q is no name of an issuer: use 1 to %d of a-z, 0-9 and single dashes between them", "%q 不是签发方名称：请用 1 到 %d 个小写字母 a-z、数字 0-9，中间可用单个连字符"},
}
