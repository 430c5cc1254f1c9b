package pages

// work has the words for what all pages do while somebody works on them: the login that ends, what
// two people change at once, drafts, what is taken back, and long work.
var work = Table{
	"console.again.title":     {"Your login has ended", "登录已结束"},
	"console.again.about":     {"Log in again: what you typed stays, and what you asked for is done then", "请重新登录：已填写的内容不会丢失，之后会继续刚才的操作"},
	"console.again.bar":       {"Your login has ended", "登录已结束"},
	"console.again.do":        {"Log in again", "重新登录"},
	"console.again.soon":      {"Your login ends in %s minutes", "登录将在 %s 分钟后结束"},
	"console.again.stay":      {"Stay logged in", "保持登录"},
	"console.again.otp":       {"Code of your second factor", "第二重验证码"},
	"console.again.otp_hint":  {"6 digits of your app, or a recovery code", "验证器中的 6 位数字，或一个恢复码"},
	"console.again.other":     {"%s is logged in now: what %s had typed was not sent", "现在登录的是 %s：%s 填写的内容未发送"},
	"console.again.done":      {"You are logged in again", "已重新登录"},
	"console.error.slow":      {"The gateway does not answer: it is not known whether this was done. Look again in a moment", "网关没有应答：不清楚操作是否已完成，请稍后再查看"},
	"console.error.cancelled": {"Cancelled: it is not known whether the gateway did it all the same", "已取消：不清楚网关是否仍已执行"},

	"console.meanwhile.title": {"Somebody else changed this meanwhile", "在此期间已有其他人修改"},
	"console.meanwhile.user":  {"%s changed it at %s", "%s 于 %s 修改"},
	"console.meanwhile.who":   {"Changed at %s", "修改时间：%s"},
	"console.meanwhile.host":  {"Changed on the gateway itself at %s", "于 %s 在网关本机上修改"},
	"console.meanwhile.by":    {"Changed by a machine at %s", "由其他程序于 %s 修改"},
	"console.meanwhile.about": {"Choose for each line what holds. Nothing is saved before", "请逐项选择以哪个为准，在此之前不会保存"},
	"console.meanwhile.mine":  {"Keep mine", "保留我的"},
	"console.meanwhile.their": {"Take theirs", "采用对方的"},
	"console.meanwhile.empty": {"(empty)", "（空）"},
	"console.meanwhile.gone":  {"It was removed meanwhile", "在此期间已被移除"},

	"console.draft.there": {"A draft of %s is here", "有一份 %s 的草稿"},
	"console.draft.take":  {"Take it", "使用草稿"},
	"console.draft.drop":  {"Drop it", "丢弃草稿"},
	"console.draft.taken": {"The draft is in the form: nothing is saved yet", "草稿已填入：尚未保存"},

	"console.undo.removed": {"%s is removed", "已移除 %s"},
	"console.undo.do":      {"Undo", "撤销移除"},
	"console.undo.done":    {"%s is back", "%s 已恢复"},
	"console.undo.close":   {"Close", "关闭"},

	"console.progress.since":  {"%s seconds so far", "已用 %s 秒"},
	"console.progress.most":   {"%s, at most %s seconds", "%s，最长 %s 秒"},
	"console.progress.of":     {"%s (%d of %d)", "%s（第 %d 项，共 %d 项）"},
	"console.progress.test":   {"Connecting to the camera and masking its first picture", "正在连接摄像机并遮挡首个画面"},
	"console.progress.search": {"Asking the network for cameras", "正在网络中查找摄像机"},
	"console.progress.pack":   {"Collecting the records", "正在收集记录"},
	"console.progress.check":  {"Checking the pack", "正在核验证据包"},
	"console.progress.send":   {"Sending the file", "正在发送文件"},
	"console.progress.sent":   {"%d of %d KiB sent", "已上传 %d KiB，共 %d KiB"},
}
