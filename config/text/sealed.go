package text

// What is wrong with sealed footage, its keys, and requests to open it.
const (
	SealedGroupEmpty        Key = "sealed.group_empty"
	SealedGroupLarge        Key = "sealed.group_large"
	SealedGroupNeed         Key = "sealed.group_need"
	SealedKeyTwice          Key = "sealed.key_twice"
	SealedKeySecret         Key = "sealed.key_secret"
	SealedKeyPlugin         Key = "sealed.key_plugin"
	SealedKeyMalformed      Key = "sealed.key_malformed"
	SealedIdentityMalformed Key = "sealed.identity_malformed"
	SealedBothGroups        Key = "sealed.both_groups"
	SealedNoSegment         Key = "sealed.no_segment"
	SealedShareOfOther      Key = "sealed.share_of_other"
	SealedNoHolder          Key = "sealed.no_holder"
	SealedSharesMissing     Key = "sealed.shares_missing"
	SealedNotOpened         Key = "sealed.not_opened"
	SealedHeaderChanged     Key = "sealed.header_changed"
	SealedRequestMalformed  Key = "sealed.request.malformed"
	SealedRequestCamera     Key = "sealed.request.camera"
	SealedRequestOrder      Key = "sealed.request.order"
	SealedRequestLong       Key = "sealed.request.long"
	SealedRequestFuture     Key = "sealed.request.future"
	SealedRequestField      Key = "sealed.request.field"
	SealedRequestNothing    Key = "sealed.request.nothing"
	SealedRequestMore       Key = "sealed.request.more"
	SealedRefused           Key = "sealed.refused"
	SealedOtherRequest      Key = "sealed.other_request"
	SealedOtherOpener       Key = "sealed.other_opener"
	SealedApprovalMalformed Key = "sealed.approval.malformed"
)

var sealedFootage = table{
	SealedGroupEmpty:        {"group %d of the keys has no holder: footage is sealed to two groups of at least one person each", "第 %d 组密钥没有持有人：原始录像须加密给两组人，每组至少一人"},
	SealedGroupLarge:        {"group %d of the keys has more than %d holders: take some out", "第 %d 组密钥的持有人超过 %d 名：请减少人数"},
	SealedGroupNeed:         {"group %d of the keys wants %d holders to act together and has %d: choose a number from 1 to that", "第 %d 组密钥要求 %d 名持有人共同操作，但只有 %d 名：请填 1 到该数之间的数字"},
	SealedKeyTwice:          {"the key of %s stands twice, in group %d and in group %d: each holder has a key of his own, and nobody is in both groups", "%s 的密钥出现两次（第 %d 组和第 %d 组）：每名持有人须有自己的密钥，任何人不得同属两组"},
	SealedKeySecret:         {"this is a private key: it never goes to a gateway; give the public one, which begins with age1", "这是私钥，绝不能交给网关：请提供以 age1 开头的公钥"},
	SealedKeyPlugin:         {"this key is of a hardware token: the gateway seals to plain age keys; make one with 'bauta sealed keygen' and keep its file encrypted to the token", "这是硬件令牌的密钥：网关只加密给普通 age 密钥；请用 bauta sealed keygen 生成，再用令牌加密保存其文件"},
	SealedKeyMalformed:      {"this is no public key: one begins with age1 and has 62 characters; 'bauta sealed keygen' prints it", "这不是公钥：公钥以 age1 开头，共 62 个字符，由 bauta sealed keygen 打印"},
	SealedIdentityMalformed: {"this is no identity file: one has a line that begins with AGE-SECRET-KEY-1; 'bauta sealed keygen' makes it", "这不是身份文件：其中应有以 AGE-SECRET-KEY-1 开头的一行，由 bauta sealed keygen 生成"},
	SealedBothGroups:        {"these identities are of both groups: each group approves by itself, on its own PC", "这些身份同属两组：每组须在各自的电脑上分别批准"},
	SealedNoSegment:         {"this file is no sealed segment, or its beginning is damaged", "该文件不是加密录像段，或其开头已损坏"},
	SealedShareOfOther:      {"the segment opens as one of camera %s at %s, and says that it is of %s at %s: nothing was given out; run 'bauta sealed verify'", "该段实际属于摄像机 %s（%s），却自称属于 %s（%s）：未交出任何内容；请运行 bauta sealed verify"},
	SealedNoHolder:          {"this identity is of no holder of the keys %s: take the one that was made for them", "该身份不是密钥组 %s 的持有人：请使用当时为其生成的身份"},
	SealedSharesMissing:     {"segment %s %d: of group %d there are %d approvals and %d are needed; ask its holders", "录像段 %s %d：第 %d 组已有 %d 份批准，需要 %d 份；请联系该组持有人"},
	SealedNotOpened:         {"segment %s %d does not open: it is damaged, or the approvals are of something else; run 'bauta sealed verify'", "录像段 %s %d 无法打开：文件已损坏，或批准内容不符；请运行 bauta sealed verify"},
	SealedHeaderChanged:     {"segment %s %d: what stands in clear is not what was sealed; somebody changed it; run 'bauta sealed verify'", "录像段 %s %d：明文部分与加密时不一致，已被改动；请运行 bauta sealed verify"},
	SealedRequestMalformed:  {"this is no request to open sealed footage; 'bauta sealed request' makes one", "这不是打开加密录像的申请；请用 bauta sealed request 生成"},
	SealedRequestCamera:     {"request: %q is no camera's id", "申请中的 %q 不是摄像机编号"},
	SealedRequestOrder:      {"the stretch ends before it begins: give an earlier --from", "时段的结束早于开始：请填写更早的 --from"},
	SealedRequestLong:       {"the stretch is longer than %d hours: make a request for each day", "时段超过 %d 小时：请按天分别申请"},
	SealedRequestFuture:     {"the stretch ends in the future: ask for what is past", "时段的结束在将来：只能申请已经过去的时段"},
	SealedRequestField:      {"request: %s is empty or longer than 500 bytes; the law wants it on record", "申请缺少 %s 或其超过 500 字节；法律要求登记此项"},
	SealedRequestNothing:    {"nothing of camera %s is sealed in that stretch; 'bauta sealed list' shows what there is", "摄像机 %s 在该时段没有加密录像；bauta sealed list 可查看已有内容"},
	SealedRequestMore:       {"somebody asks for more than the request says: a segment of camera %s at %s came with it; nothing was given out", "所附内容超出申请范围（摄像机 %s，%s）：未交出任何内容"},
	SealedRefused:           {"request %s was refused by %s: %s", "申请 %s 被 %s 拒绝：%s"},
	SealedOtherRequest:      {"the approval of %s is not of request %s, or the request was changed after it", "%s 的批准不是针对申请 %s，或申请在批准后被改动"},
	SealedOtherOpener:       {"the approvals of request %s are for another opener: use the key file that the request made", "申请 %s 的批准是给另一位打开者的：请使用生成申请时的密钥文件"},
	SealedApprovalMalformed: {"this is no approval or refusal of a request; 'bauta sealed approve' and 'bauta sealed refuse' make one", "这不是对申请的批准或拒绝；请用 bauta sealed approve 或 bauta sealed refuse 生成"},
}

// What bauta sealed says: keys, requests, approvals and openings.
const (
	SealedPersonID          Key = "sealed.person_id"
	SealedMistyped          Key = "sealed.mistyped"
	SealedIdentityUnknown   Key = "sealed.identity.unknown"
	SealedIdentityLocked    Key = "sealed.identity.locked"
	SealedIdentityDamaged   Key = "sealed.identity.damaged"
	SealedPassphraseWrong   Key = "sealed.passphrase.wrong"
	SealedPassphraseShort   Key = "sealed.passphrase.short"
	SealedPassphraseDiffers Key = "sealed.passphrase.differs"
	SealedAskPassphrase     Key = "sealed.ask.passphrase"
	SealedNewPassphrase     Key = "sealed.ask.new_passphrase"
	SealedPassphraseAgain   Key = "sealed.ask.again"
	SealedAskSheet          Key = "sealed.ask.sheet"
	SealedAskYes            Key = "sealed.ask.yes"
	SealedTokenWaits        Key = "sealed.token_waits"
	SealedKeyMade           Key = "sealed.key_made"
	SealedSheetMade         Key = "sealed.sheet_made"
	SealedSheetFormat       Key = "sealed.sheet_format"

	SealedNoDisk           Key = "sealed.no_disk"
	SealedNoFolder         Key = "sealed.no_folder"
	SealedNoStretch        Key = "sealed.no_stretch"
	SealedOutJSON          Key = "sealed.out_json"
	SealedNoRequests       Key = "sealed.no_requests"
	SealedNotGiven         Key = "sealed.not_given"
	SealedNobodyGave       Key = "sealed.nobody_gave"
	SealedRequestedFile    Key = "sealed.requested.file"
	SealedRequestedGateway Key = "sealed.requested.gateway"
	SealedApprovedFile     Key = "sealed.approved.file"
	SealedApprovedGateway  Key = "sealed.approved.gateway"
	SealedRefusedFile      Key = "sealed.refused.file"
	SealedRefusedGateway   Key = "sealed.refused.gateway"
	SealedSkipped          Key = "sealed.skipped"
	SealedUndecodable      Key = "sealed.undecodable"
	SealedNothingInside    Key = "sealed.nothing_inside"
	SealedOpened           Key = "sealed.opened"
	SealedOpenedMore       Key = "sealed.opened_more"
	SealedNext             Key = "sealed.next"

	RemoteAddress     Key = "sealed.remote.address"
	RemotePin         Key = "sealed.remote.pin"
	RemoteCertificate Key = "sealed.remote.certificate"
	RemoteUntrusted   Key = "sealed.remote.untrusted"
	RemotePassword    Key = "sealed.remote.password"
	RemoteUser        Key = "sealed.remote.user"

	SealedOff             Key = "sealed.off"
	SealedClock           Key = "sealed.clock"
	SealedNoRequest       Key = "sealed.no_request"
	SealedRequestExists   Key = "sealed.request_exists"
	SealedTooManyRequests Key = "sealed.too_many"
	SealedOver            Key = "sealed.over"
	SealedNotYet          Key = "sealed.not_yet"
	SealedSamePerson      Key = "sealed.same_person"
	SealedOthersRequest   Key = "sealed.others_request"
	SealedExportContent   Key = "sealed.export_content"

	SealedKeysSet   Key = "sealed.keys.set"
	SealedKeysNone  Key = "sealed.keys.none"
	SealedRowGroup  Key = "sealed.row.group"
	SealedRowHolder Key = "sealed.row.holder"
	SealedRowNeed   Key = "sealed.row.need"
	SealedRowKey    Key = "sealed.row.key"

	SealedPageReady      Key = "sealed.page.ready"
	SealedPageElsewhere  Key = "sealed.page.elsewhere"
	SealedPageStranger   Key = "sealed.page.stranger"
	SealedPageTitle      Key = "sealed.page.title"
	SealedPageBack       Key = "sealed.page.back"
	SealedPageRequests   Key = "sealed.page.requests"
	SealedPageMakeKey    Key = "sealed.page.make_key"
	SealedPageKeyNote    Key = "sealed.page.make_key_note"
	SealedPageKeyMade    Key = "sealed.page.key_made"
	SealedPageGivePublic Key = "sealed.page.give_public"
	SealedPagePrint      Key = "sealed.page.print_sheet"
	SealedPageRefusedBy  Key = "sealed.page.refused_by"
	SealedPageApprovedBy Key = "sealed.page.approved_by"
	SealedPageOriginals  Key = "sealed.page.originals"
	SealedPageApprove    Key = "sealed.page.approve"
	SealedPageApproveTo  Key = "sealed.page.approve_note"
	SealedPageIdentity   Key = "sealed.page.identity"
	SealedPageIdentities Key = "sealed.page.identity_note"
	SealedPagePassphrase Key = "sealed.page.passphrase"
	SealedPageBy         Key = "sealed.page.by"
	SealedPageByNote     Key = "sealed.page.by_note"
	SealedPageRefuse     Key = "sealed.page.refuse"
	SealedPageRefuseNote Key = "sealed.page.refuse_note"
	SealedPageWhy        Key = "sealed.page.why"
	SealedPageOpen       Key = "sealed.page.open"
	SealedPageOpenNote   Key = "sealed.page.open_note"
	SealedPageRequestKey Key = "sealed.page.request_key"

	SealedRowRequest  Key = "sealed.row.request"
	SealedRowFrom     Key = "sealed.row.from"
	SealedRowTo       Key = "sealed.row.to"
	SealedRowSegments Key = "sealed.row.segments"
	SealedRowPurpose  Key = "sealed.row.purpose"
	SealedRowBasis    Key = "sealed.row.basis"
	SealedRowDocument Key = "sealed.row.document"
	SealedRowBy       Key = "sealed.row.by"
	SealedRowCreated  Key = "sealed.row.created"
	SealedRowCode     Key = "sealed.row.code"
	SealedCompare     Key = "sealed.compare"
	SealedCodeIs      Key = "sealed.code_is"
	SealedRowTest     Key = "sealed.row.test"

	SealedStateWaiting  Key = "sealed.state.waiting"
	SealedStateApproved Key = "sealed.state.approved"
	SealedStateRefused  Key = "sealed.state.refused"
	SealedStateOpened   Key = "sealed.state.opened"
	SealedStateEnded    Key = "sealed.state.ended"

	SealedVerifyNone    Key = "sealed.verify.none"
	SealedVerifyWhole   Key = "sealed.verify.whole"
	SealedVerifyFaults  Key = "sealed.verify.faults"
	SealedVerifyFault   Key = "sealed.verify.fault"
	SealedFaultChanged  Key = "sealed.fault.changed"
	SealedFaultMissing  Key = "sealed.fault.missing"
	SealedFaultMoved    Key = "sealed.fault.moved"
	SealedFaultUnread   Key = "sealed.fault.unread"
	SealedFaultNotFirst Key = "sealed.fault.notfirst"

	SealedSheetTitle      Key = "sealed.sheet.title"
	SealedSheetNotice     Key = "sealed.sheet.notice"
	SealedSheetWhat       Key = "sealed.sheet.what"
	SealedSheetValue      Key = "sealed.sheet.value"
	SealedSheetRemark     Key = "sealed.sheet.remark"
	SealedSheetSecret     Key = "sealed.sheet.secret"
	SealedSheetLetters    Key = "sealed.sheet.letters"
	SealedSheetPublic     Key = "sealed.sheet.public"
	SealedSheetForGateway Key = "sealed.sheet.for_gateway"
	SealedSheetLabel      Key = "sealed.sheet.label"
	SealedSheetLabelNote  Key = "sealed.sheet.label_note"
	SealedSheetDay        Key = "sealed.sheet.day"
	SealedSheetHow        Key = "sealed.sheet.how"
	SealedSheetKeep       Key = "sealed.sheet.keep"
	SealedSheetApart      Key = "sealed.sheet.apart"
	SealedSheetRestore    Key = "sealed.sheet.restore"
	SealedSheetLost       Key = "sealed.sheet.lost"
)

// SealedState is the word for a state of a request.
func SealedState(state string) Key { return under("sealed.state.", state, SealedStateEnded) }

// SealedFault is what a fault of the chain means.
func SealedFault(what string) Key { return under("sealed.fault.", what, SealedFaultUnread) }

// under is the key of that ending, and otherwise the last one.
func under(prefix, end string, otherwise Key) Key {
	if key := Key(prefix + end); Has(key) {
		return key
	}
	return otherwise
}

var sealedOpening = table{
	SealedPersonID:          {"%q is no id of a person: give the one in the register, of a-z, 0-9 and dashes, and no name", "%q 不是人员编号：请填写登记册中的编号（小写字母、数字和连字符），不要填姓名"},
	SealedMistyped:          {"what was typed is no private key: compare it with the sheet letter by letter; it has 58 after AGE-SECRET-KEY-1", "输入的内容不是私钥：请与恢复页逐字核对；AGE-SECRET-KEY-1 之后共 58 个字符"},
	SealedIdentityUnknown:   {"%s has a line that is no key of age: give the file that 'bauta sealed keygen' made, or one of an age program", "%s 中有一行不是 age 密钥：请使用 bauta sealed keygen 生成的文件，或 age 程序的文件"},
	SealedIdentityLocked:    {"%s is encrypted to a key or hardware token that is not given: add its identity file with another --identity", "%s 已用某个密钥或硬件令牌加密，但未提供：请再用一个 --identity 给出其身份文件"},
	SealedIdentityDamaged:   {"%s does not open: %v; take your copy of it, or the recovery sheet", "%s 无法打开：%v；请使用备份或恢复页"},
	SealedPassphraseWrong:   {"this passphrase does not open %s: try again, or use the recovery sheet", "该口令打不开 %s：请重试，或使用恢复页"},
	SealedPassphraseShort:   {"the passphrase is shorter than %d characters: take several words", "口令少于 %d 个字符：请使用几个词"},
	SealedPassphraseDiffers: {"the two passphrases are not the same: run it again", "两次输入的口令不一致：请重新运行"},
	SealedAskPassphrase:     {"Passphrase of %s:", "%s 的口令："},
	SealedNewPassphrase:     {"New passphrase for the private key:", "为私钥设置口令："},
	SealedPassphraseAgain:   {"The same passphrase again:", "再次输入同一口令："},
	SealedAskSheet:          {"Private key as on the sheet, with or without spaces:", "按恢复页输入私钥（空格可有可无）："},
	SealedAskYes:            {"Give the shares of these segments to who asks? Type yes, or anything else for no:", "是否将这些录像段的密钥份额交给申请人？输入 yes 表示同意，其他表示不同意："},
	SealedTokenWaits:        {"the hardware token %s waits: touch it", "硬件令牌 %s 正在等待：请触碰"},
	SealedKeyMade:           {"%s has the private key: keep it and tell nobody its passphrase. Below is the public key, for 'bauta sealed keys' at the gateway", "私钥保存在 %s：请妥善保管，勿将口令告知他人。下面是公钥，供网关的 bauta sealed keys 使用"},
	SealedSheetMade:         {"%s is the recovery sheet: print it, lock it away, and delete the file", "%s 是恢复页：请打印并锁存，然后删除该文件"},
	SealedSheetFormat:       {"--sheet %s: the name must end in .pdf or .html", "--sheet %s：文件名须以 .pdf 或 .html 结尾"},

	SealedNoDisk:           {"the originals are not at hand: give --disk with their folder", "没有加密录像：请用 --disk 指定其目录"},
	SealedNoFolder:         {"there is no folder of sealed footage: give --disk with it, or switch sealing on", "没有加密录像目录：请用 --disk 指定，或启用加密留存"},
	SealedNoStretch:        {"say which stretch: --from and --to, or --last 5m in an emergency", "请说明时段：--from 和 --to，紧急情况用 --last 5m"},
	SealedOutJSON:          {"with --disk, give --out with a name that ends in .json: the request goes there; without, it goes to the gateway", "使用 --disk 时请用 --out 给出 JSON 文件名，申请将写入其中；不用 --disk 则提交给网关"},
	SealedNoRequests:       {"there are no requests to open sealed footage", "没有打开加密录像的申请"},
	SealedNotGiven:         {"nothing was given; 'bauta sealed refuse' says no for all to see", "未交出任何内容；如需正式拒绝，请用 bauta sealed refuse"},
	SealedNobodyGave:       {"nobody has approved request %s yet: a holder of each group has to, with 'bauta sealed approve'", "申请 %s 尚无人批准：须由两组持有人各自用 bauta sealed approve 批准"},
	SealedRequestedFile:    {"request %s for %d segments is in %s, its own private key in %s: give the request to a holder of each group, and keep the key", "申请 %s（%d 个录像段）在 %s，其私钥在 %s：请将申请交给两组的持有人，并保管好该私钥"},
	SealedRequestedGateway: {"request %s for %d segments is at the gateway, its own private key in %s: a holder of each group has to approve it; keep the key", "申请 %s（%d 个录像段）已提交给网关，其私钥在 %s：须由两组持有人各自批准；请保管好该私钥"},
	SealedApprovedFile:     {"group %d approves %d segments: give %s to who asked", "第 %d 组批准了 %d 个录像段：请将 %s 交给申请人"},
	SealedApprovedGateway:  {"group %d approves %d segments; the gateway has it for who asked", "第 %d 组批准了 %d 个录像段；网关已为申请人保存"},
	SealedRefusedFile:      {"request %s is refused: give %s to who asked", "已拒绝申请 %s：请将 %s 交给申请人"},
	SealedRefusedGateway:   {"request %s is refused and over", "已拒绝申请 %s，申请就此结束"},
	SealedSkipped:          {"left out: %v", "已略过：%v"},
	SealedUndecodable:      {"%d access units before the first keyframe were left out: nothing can decode them", "第一个关键帧之前的 %d 个访问单元已略过：无法解码"},
	SealedNothingInside:    {"the segments of camera %s opened, and nothing in them is of this stretch: ask for a longer one", "摄像机 %s 的录像段已打开，但其中没有该时段的内容：请申请更长的时段"},
	SealedOpened:           {"%s has %d access units of camera %s, from %s to %s: these are originals, with everybody's face", "%s 含 %d 个访问单元（摄像机 %s，%s 至 %s）：这是原始录像，包含所有人的面部"},
	SealedOpenedMore:       {"%s goes on: the camera changed its codec's parameters", "%s 为后续部分：摄像机更改了编码参数"},
	SealedNext:             {"to give a copy on which one person alone is seen: bauta redact %s COPY.mp4 --token T.jwt --issuer PUB", "如需提供只显示一人的副本：bauta redact %s 副本 --token 令牌 --issuer 公钥"},

	RemoteAddress:     {"%q is no address of a gateway: write https://gateway.example:8443", "%q 不是网关地址：应为控制台的 HTTPS 地址"},
	RemotePin:         {"%q is no SHA-256 of a certificate: it has 64 characters of 0-9 and a-f, and the gateway's log shows it", "%q 不是证书的 SHA-256：应为 64 个十六进制字符，网关日志中可见"},
	RemoteCertificate: {"the gateway has another certificate than the one that --pin names: it was made anew, or somebody is in between; compare it at the gateway", "网关证书与 --pin 不符：证书已重新生成，或有人从中截取；请在网关上核对"},
	RemoteUntrusted:   {"this PC does not trust the gateway's certificate: give its SHA-256, which the gateway's log shows, with --pin", "本机不信任网关的证书：请用 --pin 给出证书的 SHA-256（见网关日志）"},
	RemotePassword:    {"Password of %s at the gateway:", "%s 在网关上的密码："},
	RemoteUser:        {"with --gateway, say with --user under which account of the console", "使用 --gateway 时请用 --user 指定控制台账号"},

	SealedOff:             {"this gateway keeps no sealed originals: switch sealing on, or give --disk with their folder", "本网关没有加密原始录像：请启用加密留存，或用 --disk 指定目录"},
	SealedClock:           {"the clock of this PC and the gateway's are more than ten minutes apart: set the wrong one", "本机与网关的时钟相差超过十分钟：请校准时钟"},
	SealedNoRequest:       {"there is no request %s; 'bauta sealed requests' lists them", "没有申请 %s；请用 bauta sealed requests 查看"},
	SealedRequestExists:   {"there is a request %s already", "申请 %s 已存在"},
	SealedTooManyRequests: {"%d requests wait already: have some approved or refused first", "已有 %d 份申请在等待：请先处理一部分"},
	SealedOver:            {"request %s takes no more answers: it is %v", "申请 %s 不再接受答复：%v"},
	SealedNotYet:          {"request %s is not open yet: a holder of each group has to approve it, and who asked has to open it", "申请 %s 尚未打开：须由两组持有人各自批准，并由申请人打开"},
	SealedSamePerson:      {"%s has answered already, or somebody under this account: each group answers by another person, who logs in under an account of his own (--gateway URL --user NAME)", "%s 或使用该账号的人已经答复：两组须由不同的人答复，各自用自己的账号登录（--gateway 和 --user）"},
	SealedOthersRequest:   {"request %s is of another account: who asked has to open it", "申请 %s 属于其他账号：须由申请人打开"},
	SealedExportContent:   {"sealed originals from %s to %s opened, request %s", "打开加密原始录像，%s 至 %s，申请 %s"},

	SealedKeysSet:   {"new originals are sealed to the keys %s from their next segment on; old ones stay with the old keys, whose holders keep theirs", "新的原始录像从下一段起加密给密钥组 %s；旧录像仍属于旧密钥，其持有人须继续保管"},
	SealedKeysNone:  {"no keys are set: nothing can be sealed; give --first and --second, made with 'bauta sealed keygen'", "尚未设置密钥，无法加密：请用 --first 和 --second 给出 bauta sealed keygen 生成的公钥"},
	SealedRowGroup:  {"group", "组"},
	SealedRowHolder: {"holder", "持有人"},
	SealedRowNeed:   {"needed", "需要"},
	SealedRowKey:    {"public key", "公钥"},

	SealedPageReady:      {"open this address in the browser of this PC; it works once, and ends with this command (Ctrl+C)", "请在本机浏览器中打开以下地址；只能使用一次，命令结束（Ctrl+C）后即失效"},
	SealedPageElsewhere:  {"this page answers its own browser window alone", "本页面只响应自己的浏览器窗口"},
	SealedPageStranger:   {"this address was used already: end the command and run it again", "该地址已被使用：请结束命令后重新运行"},
	SealedPageTitle:      {"Sealed originals: on this PC", "加密原始录像：本机操作"},
	SealedPageBack:       {"All requests", "全部申请"},
	SealedPageRequests:   {"Requests to open", "打开申请"},
	SealedPageMakeKey:    {"Make a key", "生成密钥"},
	SealedPageKeyNote:    {"Your private key is made on this PC and stays in %s. Nobody else gets it, and no gateway", "私钥在本机生成，保存在 %s，不会交给任何人或网关"},
	SealedPageKeyMade:    {"%s has your private key", "私钥已保存在 %s"},
	SealedPageGivePublic: {"Give this public key to who manages the gateway. It is no secret", "请将此公钥交给网关管理员。公钥不保密"},
	SealedPagePrint:      {"Recovery sheet: open it, print it, lock it away", "恢复页：请打开、打印并锁存"},
	SealedPageRefusedBy:  {"refused by", "拒绝人"},
	SealedPageApprovedBy: {"approved, group %d", "第 %d 组批准人"},
	SealedPageOriginals:  {"This is the original, with everybody's face: show it to nobody who need not see it", "这是原始录像，包含所有人的面部：请勿让无关人员观看"},
	SealedPageApprove:    {"Approve", "批准"},
	SealedPageApproveTo:  {"You give who asked your part of the key for these segments alone. Without the other group it opens nothing", "您只交出这些录像段的密钥份额。没有另一组的批准，仍无法打开"},
	SealedPageIdentity:   {"Your private key's file", "您的私钥文件"},
	SealedPageIdentities: {"with a hardware token also the token's file", "使用硬件令牌时请同时选择令牌文件"},
	SealedPagePassphrase: {"Its passphrase", "私钥口令"},
	SealedPageBy:         {"Your id in the register", "您在登记册中的编号"},
	SealedPageByNote:     {"empty: the one in the key's file", "留空则使用密钥文件中的编号"},
	SealedPageRefuse:     {"Refuse", "拒绝"},
	SealedPageRefuseNote: {"A no by anybody ends the request", "任何人拒绝，申请即告结束"},
	SealedPageWhy:        {"Why", "理由"},
	SealedPageOpen:       {"Open and play", "打开并播放"},
	SealedPageOpenNote:   {"For who asked: the request's own key was written when the request was made", "供申请人使用：申请时已生成该申请的专用密钥文件"},
	SealedPageRequestKey: {"The request's key file", "申请的密钥文件"},

	SealedRowRequest:  {"request", "申请"},
	SealedRowFrom:     {"from", "开始"},
	SealedRowTo:       {"to", "结束"},
	SealedRowSegments: {"segments", "录像段"},
	SealedRowPurpose:  {"purpose", "用途"},
	SealedRowBasis:    {"legal basis", "法律依据"},
	SealedRowDocument: {"document", "文书编号"},
	SealedRowBy:       {"asked by", "申请人"},
	SealedRowCode:     {"check code", "核对码"},
	SealedCompare:     {"ask who asked for it, by telephone: approve only where it is the same", "请电话与申请人核对：一致才批准"},
	SealedCodeIs:      {"check code %s: read it to the holders, by telephone; a request that shows them another is not yours", "核对码 %s：请电话告知密钥持有人；若对方看到的不同，则不是您的申请"},
	SealedRowCreated:  {"asked on", "申请时间"},
	SealedRowTest:     {"yearly test", "年度演练"},

	SealedStateWaiting:  {"waits for approval", "等待批准"},
	SealedStateApproved: {"approved by both groups", "两组均已批准"},
	SealedStateRefused:  {"refused", "已拒绝"},
	SealedStateOpened:   {"opened", "已打开"},
	SealedStateEnded:    {"over", "已结束"},

	SealedVerifyNone:    {"%s: nothing is sealed", "%s：没有加密录像"},
	SealedVerifyWhole:   {"%s: %d segments from %s to %s, none changed or missing; %d of them compared with the audit log; gaps: %d, torn ends: %d", "%s：%d 个录像段，%s 至 %s，无改动无缺失；与审计日志比对 %d 个；间断 %d 处，不完整结尾 %d 个"},
	SealedVerifyFaults:  {"%s: %d faults in %d segments", "%s：发现 %d 处问题，共 %d 个录像段"},
	SealedVerifyFault:   {"segment %d %v", "录像段 %d %v"},
	SealedFaultChanged:  {"was changed: its hash is another than the one on record", "被改动：其哈希与记录不符"},
	SealedFaultMissing:  {"is missing", "缺失"},
	SealedFaultMoved:    {"is not the one that its name says", "与其文件名不符"},
	SealedFaultUnread:   {"cannot be read", "无法读取"},
	SealedFaultNotFirst: {"is the first one, and nobody deleted those before it on record", "成为第一段，但没有删除此前录像段的记录"},

	SealedSheetTitle:      {"Recovery sheet of a private key for sealed originals", "加密原始录像私钥恢复页"},
	SealedSheetNotice:     {"Secret. Whoever has this sheet has this key. Lock it away, and never photograph it", "机密。持有本页即持有该私钥。请锁存，严禁拍照"},
	SealedSheetWhat:       {"What", "项目"},
	SealedSheetValue:      {"Value", "内容"},
	SealedSheetRemark:     {"Remark", "说明"},
	SealedSheetSecret:     {"Private key", "私钥"},
	SealedSheetLetters:    {"Letters and digits; the code holds the same. After the first 1 there is no 1 any more, and no letter B, I or O", "字母和数字，与二维码内容相同；第一个 1 之后不再出现数字 1，也没有易混淆的字母"},
	SealedSheetPublic:     {"Public key", "公钥"},
	SealedSheetForGateway: {"Known to the gateway; not secret", "网关已知，不保密"},
	SealedSheetLabel:      {"Whose key", "持有人"},
	SealedSheetLabelNote:  {"The person's id in the register", "登记册中的人员编号"},
	SealedSheetDay:        {"Made on", "生成日期"},
	SealedSheetHow:        {"What to do with it", "使用说明"},
	SealedSheetKeep:       {"Put the sheet into a closed envelope and into a safe that only this holder's group can open", "将本页装入密封信封，存放在只有该组持有人能打开的保险柜"},
	SealedSheetApart:      {"Never keep the sheets of both groups in one place: together they open everything", "两组的恢复页绝不可存放在同一处：合在一起即可打开全部录像"},
	SealedSheetRestore:    {"To have the key again, run 'bauta sealed restore' and type the private key, or scan the code", "如需恢复密钥，请运行 bauta sealed restore 并输入私钥，或扫描二维码"},
	SealedSheetLost:       {"If all keys of one group and their sheets are lost, what was sealed to them never opens again", "若某一组的全部密钥及恢复页都丢失，已加密给该组的录像将永远无法打开"},
}

// What is said of the keeping of originals.
const (
	SealedKept          Key = "sealed.kept"
	SealedStopped       Key = "sealed.stopped"
	SealedRemoved       Key = "sealed.removed"
	SealedRemovalAsked  Key = "sealed.removal_asked"
	SealedDiskTaken     Key = "sealed.disk_taken"
	SealedListNone      Key = "sealed.list_none"
	SealedRowState      Key = "sealed.row.state"
	SealedRowDays       Key = "sealed.row.days"
	SealedRowGaps       Key = "sealed.row.gaps"
	SealedRowLasts      Key = "sealed.row.lasts"
	SealedStateSealing  Key = "sealed.state.sealing"
	SealedStateChanged  Key = "sealed.state.changed"
	OriginalsWait       Key = "console.originals.waits"
	OriginalsEnded      Key = "console.originals.ended"
	SealedNoKeys        Key = "sealed.no_keys"
	SealedDays          Key = "sealed.days"
	SealedProhibited    Key = "sealed.prohibited"
	SealedWhy           Key = "sealed.why"
	SealedNotProhibited Key = "sealed.not_prohibited"
	SealedDeletionSame  Key = "sealed.deletion_same"
	SealedNoPerson      Key = "sealed.no_person"
	SealedFieldWhy      Key = "sealed.field.why"
)

// OriginalsFault is why no originals of a camera are kept.
func OriginalsFault(name string) Key { return word("console.originals.fault.", name) }

var sealedKeeping = table{
	SealedKept:                       {"originals of camera %s are kept, sealed, for %d days; 'bauta sealed list' shows how they stand", "摄像机 %s 的原始录像开始加密保存 %d 天；bauta sealed list 可查看状态"},
	SealedStopped:                    {"nothing more of camera %s is kept; what is kept stays for its term", "不再保存摄像机 %s 的原始录像；已保存的保留至期满"},
	SealedRemoved:                    {"all originals of camera %s are deleted", "摄像机 %s 的原始录像已全部删除"},
	SealedRemovalAsked:               {"asked for: the originals of camera %s are deleted once another account asks for it too", "已提出：另一个账号再次提出后，即删除摄像机 %s 的原始录像"},
	SealedDiskTaken:                  {"the disk that is mounted now is taken for originals", "已改用当前挂载的磁盘保存原始录像"},
	SealedListNone:                   {"no originals are kept; 'bauta sealed keep CAMERA' begins it", "未保存任何原始录像；用 bauta sealed keep 开始"},
	SealedRowState:                   {"state", "状态"},
	SealedRowDays:                    {"days", "保存天数"},
	SealedRowGaps:                    {"missing", "缺失"},
	SealedRowLasts:                   {"disk lasts days", "磁盘可存天数"},
	SealedStateSealing:               {"being sealed", "正在加密保存"},
	OriginalsEnded:                   {"Ended; what is kept stays for its term", "已停止，已保存的保留至期满"},
	SealedStateChanged:               {"CHANGED: run bauta sealed verify", "已被改动：请运行 bauta sealed verify"},
	"console.originals.title":        {"Originals", "原始录像"},
	"console.originals.about":        {"Where the law wants the original footage kept, it is kept encrypted, without sound. Nobody can watch it alone: two persons with keys of their own have to open it together, on their own PCs", "法律要求保存原始录像的场所，录像加密保存，不含声音。任何人都无法单独查看：须由两名各持密钥的人员在各自的电脑上共同打开"},
	"console.originals.off":          {"Originals are not kept here", "本网关不保存原始录像"},
	"console.originals.on":           {"Originals are kept, sealed, for %d days", "原始录像加密保存 %d 天"},
	"console.originals.waits":        {"Kept as soon as the camera sends", "摄像机恢复后继续保存"},
	"console.originals.fault.away":   {"Not kept: the disk is not there. Mount it again", "未保存：磁盘不在。请重新挂载"},
	"console.originals.fault.full":   {"Not kept: the disk is full. Give it more room", "未保存：磁盘已满。请扩充空间"},
	"console.originals.fault.disk":   {"Not kept: the disk cannot be written. Check it", "未保存：磁盘无法写入。请检查"},
	"console.originals.fault.keys":   {"Not kept: the keys cannot be used. Give them again", "未保存：密钥不可用。请重新登记"},
	"console.originals.fault.lock":   {"Not kept: this system cannot lock the sealing process. Run bauta doctor", "未保存：系统无法隔离加密进程。请运行 bauta doctor"},
	"console.originals.since":        {"since %s, %s", "自 %s 起，共 %s"},
	"console.originals.gaps":         {"%d gaps, together %d minutes", "缺失 %d 处，共 %d 分钟"},
	"console.originals.no_gaps":      {"no gap", "没有缺失"},
	"console.originals.lasts":        {"the disk lasts for %d days", "磁盘可保存 %d 天"},
	"console.originals.changed":      {"Segment %d is not as it was sealed. Keep the disk, and run bauta sealed verify", "录像段 %d 已被改动。请保留磁盘，并运行 bauta sealed verify"},
	"console.originals.no_keys":      {"There are no keys yet. Two persons make them on their own PCs with bauta sealed keygen; the public halves are given to this gateway with bauta sealed keys", "尚无密钥。请由两名人员在各自的电脑上用 bauta sealed keygen 生成，再用 bauta sealed keys 将公钥登记到本网关"},
	"console.originals.days":         {"Days that they are kept", "保存天数"},
	"console.originals.days_hint":    {"30 at least, 90 at key targets; nothing goes before", "至少 30 天，重点目标至少 90 天；期满前不会删除"},
	"console.originals.why":          {"What for", "用途说明"},
	"console.originals.why_hint":     {"The law does not oblige this site: say why originals are needed", "法律不要求本场所保存：请说明保存原始录像的理由"},
	"console.originals.why_obliged":  {"Only where they are kept longer than the law wants", "仅当保存期长于法律要求时填写"},
	"console.originals.begin":        {"Keep originals", "开始保存"},
	"console.originals.end":          {"Keep no more", "停止保存"},
	"console.originals.end_sure":     {"Keep no more originals of this camera?", "停止保存该摄像机的原始录像？"},
	"console.originals.end_about":    {"What is kept stays until its time is over. Where the law wants originals, the site is unlawful from now on", "已保存的录像保留至期满。若法律要求保存原始录像，本场所自此不合规"},
	"console.originals.delete":       {"Delete what is kept", "删除已保存的录像"},
	"console.originals.delete_sure":  {"Delete all originals of this camera?", "删除该摄像机的全部原始录像？"},
	"console.originals.delete_about": {"No camera may be here, so its footage has to go before its time. Two accounts have to ask for it", "此处禁止安装摄像机，其录像须提前删除。须由两个账号分别提出"},
	"console.originals.delete_first": {"Asked for. It is deleted once another account asks for it too", "已提出。另一个账号提出后即删除"},
	"console.originals.deleted":      {"Deleted", "已删除"},
	SealedNoKeys:                     {"there are no keys to seal to: make them on the holders' PCs with 'bauta sealed keygen', then give their public halves with 'bauta sealed keys'", "尚无用于加密的密钥：请在持有人的电脑上用 bauta sealed keygen 生成，再用 bauta sealed keys 登记公钥"},
	SealedDays:                       {"sealed originals are kept for %d to %d days", "加密原始录像的保存期为 %d 至 %d 天"},
	SealedProhibited:                 {"camera %s is in a place where no camera may be: nothing of it is ever kept", "摄像机 %s 位于禁止安装的场所：不保存其任何录像"},
	SealedWhy:                        {"the law does not oblige this site to keep originals: say with --why what for, or say with 'bauta site' that it is a place of Article 7 of Decree 799", "法律不要求本场所保存原始录像：请用 --why 说明理由，或用 bauta site 登记本场所属于国务院令第 799 号第七条所列场所"},
	SealedNotProhibited:              {"footage of camera %s is kept for its term: only that of a place where no camera may be is deleted before", "摄像机 %s 的录像须保存至期满：只有禁止安装场所的录像可以提前删除"},
	SealedNoPerson:                   {"footage is deleted by two persons: a token of a program is none", "须由两名人员分别提出：程序令牌不算人员"},
	SealedDeletionSame:               {"you asked for the deletion of camera %s already: another account has to ask for it too", "您已提出删除摄像机 %s 的录像：须由另一个账号再次提出"},
	SealedFieldWhy:                   {"reason", "理由"},
}
