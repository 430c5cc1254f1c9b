package text

// Backups, restores and what runs in the place of a damaged store.
const (
	BackupHead          Key = "backup.head"
	BackupForeign       Key = "backup.foreign"
	BackupBroken        Key = "backup.broken"
	BackupKeyOther      Key = "backup.key.other"
	BackupKeyCredential Key = "backup.key.credential"

	BackupWritten     Key = "backup.written"
	BackupNoKey       Key = "backup.no_key"
	BackupPassphrase  Key = "backup.passphrase"
	BackupAgain       Key = "backup.passphrase.again"
	BackupDiffer      Key = "backup.passphrase.differ"
	BackupShort       Key = "backup.passphrase.short"
	BackupWrong       Key = "backup.passphrase.wrong"
	BackupRestored    Key = "backup.restored"
	BackupHeld        Key = "backup.held"
	BackupKept        Key = "backup.kept"
	BackupSalvaged    Key = "backup.salvaged"
	BackupNotRestored Key = "backup.not_restored"
	BackupNoReturn    Key = "backup.no_return"
	BackupBusy        Key = "backup.busy"

	StoreWithheld  Key = "store.withheld"
	StoreBrokeDown Key = "store.broke_down"
	StatusWithheld Key = "cli.status.withheld"
	StatusProblem  Key = "cli.status.problem"
)

var backups = table{
	BackupHead:          {"the backup", "备份"},
	BackupForeign:       {"this is no backup of bauta: give a file that bauta backup made", "这不是 bauta 的备份：请使用 bauta backup 生成的文件"},
	BackupBroken:        {"the backup is damaged (%v): use another one; nothing was changed", "备份已损坏（%v）：请使用其他备份；未作任何改动"},
	BackupKeyOther:      {"the backup was made without its key, and %s does not fit it: put that box's key there, or use a backup made with --seal; nothing was changed", "该备份不含密钥，而 %s 与其不匹配：请放回原设备的密钥，或使用以 --seal 生成的备份；未作任何改动"},
	BackupKeyCredential: {"the backup has another key than the systemd credential %s, which bauta cannot change: give the service the backup's key first; nothing was changed", "备份的密钥与 systemd 凭据 %s 不同，bauta 无法更改该凭据：请先为服务配置备份所用的密钥；未作任何改动"},

	BackupWritten:     {"%s written: %d KiB, proved whole", "已写入 %s：%d KiB，已验证完整"},
	BackupNoKey:       {"passwords in it open with this box's key only: keep a copy of %s apart, or make the backup with --seal", "其中的密码只能用本机密钥打开：请另行保存 %s，或用 --seal 生成备份"},
	BackupPassphrase:  {"passphrase of the backup", "备份口令"},
	BackupAgain:       {"the passphrase once more", "请再次输入口令"},
	BackupDiffer:      {"the two passphrases differ: try again", "两次输入的口令不一致：请重试"},
	BackupShort:       {"the passphrase is shorter than %d bytes: take some words that nobody guesses", "口令少于 %d 字节：请使用几个不易猜到的词"},
	BackupWrong:       {"%s does not open with this passphrase, or is damaged: try again, or use another backup", "无法用该口令打开 %s，或文件已损坏：请重试或使用其他备份"},
	BackupRestored:    {"restored: the backup of %s, of gateway %s", "已恢复：%s 的备份，网关 %s"},
	BackupHeld:        {"what was withdrawn since stays so: %d revocations carried over (%d consents of the backup ended), %d cameras in prohibited places, %d zones that hide something", "此后撤回的同意仍然有效：保留 %d 条撤回记录（备份中 %d 份同意随之失效），%d 台摄像机位于禁止场所，%d 个遮挡区域"},
	BackupKept:        {"the store before is kept as %s: delete it when all is well", "原数据库保留为 %s：确认无误后可删除"},
	BackupSalvaged:    {"the store before was damaged: import signed revocations again, and remove issuers, console users and API tokens again, if any of that came after the backup; look at the places of all cameras", "原数据库已损坏：如备份之后曾撤回同意，或移除签发方、控制台用户、API 令牌，请再次导入撤回声明并再次移除；请检查所有摄像机的场所"},
	BackupNotRestored: {"the backup was not restored, all is as it was: %v", "备份未恢复，一切保持原样：%v"},
	BackupNoReturn:    {"bauta has the backup but did not come back within %v: look at its log (journalctl -u bauta)", "bauta 已收到备份，但 %v 内未恢复运行：请查看日志（journalctl -u bauta）"},
	BackupBusy:        {"another restore is under way: wait for it", "另一个恢复操作正在进行：请等待其完成"},

	StoreWithheld:  {"blocked, the store is damaged: %v", "已封锁，数据库损坏：%v"},
	StoreBrokeDown: {"the store failed while bauta was running, it begins anew without it: %v", "数据库在运行中损坏，bauta 将在不使用它的情况下重新启动：%v"},
	StatusProblem:  {"attention: %s", "注意：%s"},
	StatusWithheld: {"bauta %s, gateway %s, blocked for %s: no camera is connected to and viewers get the slate", "bauta %s，网关 %s，已封锁 %s：不连接任何摄像机，观看者看到提示画面"},
}
