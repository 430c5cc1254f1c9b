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
	SealedNoKeys            Key = "sealed.no_keys"
	SealedDays              Key = "sealed.days"
	SealedProhibited        Key = "sealed.prohibited"
	SealedWhy               Key = "sealed.why"
	SealedNotProhibited     Key = "sealed.not_prohibited"
	SealedSamePerson        Key = "sealed.same_person"
	SealedFieldWhy          Key = "sealed.field.why"
)

var sealedFootage = table{
	SealedGroupEmpty:                 {"group %d of the keys has no holder: footage is sealed to two groups of at least one person each", "第 %d 组密钥没有持有人：原始录像须加密给两组人，每组至少一人"},
	SealedGroupLarge:                 {"group %d of the keys has more than %d holders: take some out", "第 %d 组密钥的持有人超过 %d 名：请减少人数"},
	SealedGroupNeed:                  {"group %d of the keys wants %d holders to act together and has %d: choose a number from 1 to that", "第 %d 组密钥要求 %d 名持有人共同操作，但只有 %d 名：请填 1 到该数之间的数字"},
	SealedKeyTwice:                   {"the key of %s stands twice, in group %d and in group %d: each holder has a key of his own, and nobody is in both groups", "%s 的密钥出现两次（第 %d 组和第 %d 组）：每名持有人须有自己的密钥，任何人不得同属两组"},
	SealedKeySecret:                  {"this is a private key: it never goes to a gateway; give the public one, which begins with age1", "这是私钥，绝不能交给网关：请提供以 age1 开头的公钥"},
	SealedKeyPlugin:                  {"this key is of a hardware token: the gateway seals to plain age keys; make one with 'bauta sealed keygen' and keep its file encrypted to the token", "这是硬件令牌的密钥：网关只加密给普通 age 密钥；请用 bauta sealed keygen 生成，再用令牌加密保存其文件"},
	SealedKeyMalformed:               {"this is no public key: one begins with age1 and has 62 characters; 'bauta sealed keygen' prints it", "这不是公钥：公钥以 age1 开头，共 62 个字符，由 bauta sealed keygen 打印"},
	SealedIdentityMalformed:          {"this is no identity file: one has a line that begins with AGE-SECRET-KEY-1; 'bauta sealed keygen' makes it", "这不是身份文件：其中应有以 AGE-SECRET-KEY-1 开头的一行，由 bauta sealed keygen 生成"},
	SealedBothGroups:                 {"these identities are of both groups: each group approves by itself, on its own PC", "这些身份同属两组：每组须在各自的电脑上分别批准"},
	SealedNoSegment:                  {"this file is no sealed segment, or its beginning is damaged", "该文件不是加密录像段，或其开头已损坏"},
	SealedShareOfOther:               {"the segment opens as one of camera %s at %s, and says that it is of %s at %s: nothing was given out; run 'bauta sealed verify'", "该段实际属于摄像机 %s（%s），却自称属于 %s（%s）：未交出任何内容；请运行 bauta sealed verify"},
	SealedNoHolder:                   {"this identity is of no holder of the keys %s: take the one that was made for them", "该身份不是密钥组 %s 的持有人：请使用当时为其生成的身份"},
	SealedSharesMissing:              {"segment %s %d: of group %d there are %d approvals and %d are needed; ask its holders", "录像段 %s %d：第 %d 组已有 %d 份批准，需要 %d 份；请联系该组持有人"},
	SealedNotOpened:                  {"segment %s %d does not open: it is damaged, or the approvals are of something else; run 'bauta sealed verify'", "录像段 %s %d 无法打开：文件已损坏，或批准内容不符；请运行 bauta sealed verify"},
	SealedHeaderChanged:              {"segment %s %d: what stands in clear is not what was sealed; somebody changed it; run 'bauta sealed verify'", "录像段 %s %d：明文部分与加密时不一致，已被改动；请运行 bauta sealed verify"},
	SealedRequestMalformed:           {"this is no request to open sealed footage; 'bauta sealed request' makes one", "这不是打开加密录像的申请；请用 bauta sealed request 生成"},
	SealedRequestCamera:              {"request: %q is no camera's id", "申请中的 %q 不是摄像机编号"},
	SealedRequestOrder:               {"the stretch ends before it begins: give an earlier --from", "时段的结束早于开始：请填写更早的 --from"},
	SealedRequestLong:                {"the stretch is longer than %d hours: make a request for each day", "时段超过 %d 小时：请按天分别申请"},
	SealedRequestFuture:              {"the stretch ends in the future: ask for what is past", "时段的结束在将来：只能申请已经过去的时段"},
	SealedRequestField:               {"request: %s is empty or longer than 500 bytes; the law wants it on record", "申请缺少 %s 或其超过 500 字节；法律要求登记此项"},
	SealedRequestNothing:             {"nothing of camera %s is sealed in that stretch; 'bauta sealed list' shows what there is", "摄像机 %s 在该时段没有加密录像；bauta sealed list 可查看已有内容"},
	SealedRequestMore:                {"somebody asks for more than the request says: a segment of camera %s at %s came with it; nothing was given out", "所附内容超出申请范围（摄像机 %s，%s）：未交出任何内容"},
	SealedRefused:                    {"request %s was refused by %s: %s", "申请 %s 被 %s 拒绝：%s"},
	SealedOtherRequest:               {"the approval of %s is not of request %s, or the request was changed after it", "%s 的批准不是针对申请 %s，或申请在批准后被改动"},
	SealedOtherOpener:                {"the approvals of request %s are for another opener: use the key file that the request made", "申请 %s 的批准是给另一位打开者的：请使用生成申请时的密钥文件"},
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
	"console.originals.delete_about": {"No camera may be here, so its footage has to go before its time. Two accounts have to ask for it", "此处禁止安装摄像机，其录像须提前删除。须由两个账户分别提出"},
	"console.originals.delete_first": {"Asked for. It is deleted once another account asks for it too", "已提出。另一个账户提出后即删除"},
	"console.originals.deleted":      {"Deleted", "已删除"},
	SealedNoKeys:                     {"there are no keys to seal to: make them on the holders' PCs with 'bauta sealed keygen', then give their public halves with 'bauta sealed keys'", "尚无用于加密的密钥：请在持有人的电脑上用 bauta sealed keygen 生成，再用 bauta sealed keys 登记公钥"},
	SealedDays:                       {"sealed originals are kept for %d to %d days", "加密原始录像的保存期为 %d 至 %d 天"},
	SealedProhibited:                 {"camera %s is in a place where no camera may be: nothing of it is ever kept", "摄像机 %s 位于禁止安装的场所：不保存其任何录像"},
	SealedWhy:                        {"the law does not oblige this site to keep originals: say with --why what for, or say with 'bauta site' that it is a place of Article 7 of Decree 799", "法律不要求本场所保存原始录像：请用 --why 说明理由，或用 bauta site 登记本场所属于国务院令第 799 号第七条所列场所"},
	SealedNotProhibited:              {"footage of camera %s is kept for its term: only that of a place where no camera may be is deleted before", "摄像机 %s 的录像须保存至期满：只有禁止安装场所的录像可以提前删除"},
	SealedSamePerson:                 {"you asked for the deletion of camera %s already: another account has to ask for it too", "您已提出删除摄像机 %s 的录像：须由另一个账户再次提出"},
	SealedFieldWhy:                   {"reason", "理由"},
}
