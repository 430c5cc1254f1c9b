package text

// What goes wrong with the store of cameras and settings. No argument ever
// holds a password.
const (
	StoreFolder     Key = "store.folder"
	StoreFolderOpen Key = "store.folder_open"
	StoreOpen       Key = "store.open"
	StoreLocked     Key = "store.locked"
	StoreNewer      Key = "store.newer"
	StoreDamaged    Key = "store.damaged"
	StoreForeign    Key = "store.foreign"
	StoreMigration  Key = "store.migration"
	StoreOlder      Key = "store.older"
	StoreOlderNow   Key = "store.older.now"
	OlderByFile     Key = "store.older.file"
	OlderByBroker   Key = "store.older.broker"
	OlderByTPM      Key = "store.older.tpm"
	OlderMissing    Key = "store.older.missing"
	OlderForeign    Key = "store.older.foreign"
	OlderNot        Key = "store.older.not"
	OlderAccepted   Key = "store.older.accepted"
	OlderAsk        Key = "store.older.ask"
	OlderRefused    Key = "store.older.refused"
	StoreSave       Key = "store.save"
	StoreUnstored   Key = "store.unstored"
	StoreBehind     Key = "store.behind"
	StoreNoUpdate   Key = "store.no_update"
	StoreUndone     Key = "store.undone"
	StoreNotUndone  Key = "store.not_undone"
	StoreNoSetting  Key = "store.no_setting"
	StoreSealed     Key = "store.sealed"
	StoreEntry      Key = "store.entry"

	StoreKeyMissing    Key = "store.key.missing"
	StoreKeyWrong      Key = "store.key.wrong"
	StoreKeyOpen       Key = "store.key.open"
	StoreKeyBroken     Key = "store.key.broken"
	StoreKeyUnreadable Key = "store.key.unreadable"
	StoreKeyNotMade    Key = "store.key.not_made"

	StoreFieldLong    Key = "store.field.long"
	StoreFieldControl Key = "store.field.control"
	StoreURL          Key = "store.url"
	StoreURLLogin     Key = "store.url_login"
	StoreFingerprint  Key = "store.fingerprint"
	StoreSettingName  Key = "store.setting_name"

	// The words for a camera's fields in the messages above.
	FieldName     Key = "store.field.name"
	FieldAddress  Key = "store.field.address"
	FieldUser     Key = "store.field.user"
	FieldPassword Key = "store.field.password"
	FieldSetting  Key = "store.field.setting"
)

var storage = table{
	StoreFolder:     {"the data folder %s cannot be used: %v: choose another with --data, or mend its owner and mode", "无法使用数据目录 %s：%v：请用 --data 指定其他目录，或修正其所有者和权限"},
	StoreFolderOpen: {"others may write to the data folder %s: run chmod go-w %s, or choose another folder with --data", "其他用户可以写入数据目录 %s：请运行 chmod go-w %s，或用 --data 指定其他目录"},
	StoreOpen:       {"the store %s cannot be opened: %v: run bauta as the user that owns it", "无法打开数据库 %s：%v：请以其所有者的身份运行 bauta"},
	StoreLocked:     {"another bauta uses %s: stop it (systemctl stop bauta), or give this one another folder with --data", "另一个 bauta 正在使用 %s：请先停止它（systemctl stop bauta），或用 --data 指定其他目录"},
	StoreNewer:      {"%s was written by a newer bauta (schema %d, this one knows up to %d): install that version again; nothing was changed", "%s 由更新版本的 bauta 写入（结构版本 %d，本程序最高支持 %d）：请重新安装该版本；未作任何改动"},
	StoreDamaged:    {"%s is damaged (%v) and was left as it is: put a backup in its place with bauta restore FILE, or stop bauta, run mv %s %s.damaged and add the cameras again", "%s 已损坏（%v），未作任何改动：请用 bauta restore 文件 恢复备份，或停止 bauta，运行 mv %s %s.damaged 后重新添加摄像机"},
	StoreForeign:    {"%s is a database of another program and was left as it is: give another folder with --data", "%s 是其他程序的数据库，未作任何改动：请用 --data 指定其他目录"},
	StoreMigration:  {"%s could not be brought from schema %d to %d and is as it was: %v: install the earlier version again and report this", "%s 无法从结构版本 %d 升级到 %d，已保持原样：%v：请重新安装先前的版本并报告此问题"},
	StoreNoUpdate:   {"%s holds no unfinished update, or something was stored since: to go back, run bauta restore with a backup", "%s 没有未完成的升级，或者此后已写入数据：如需恢复到更早的状态，请用备份运行 bauta restore"},
	StoreUndone:     {"the update is undone: the earlier version opens the store again; what the update had made of it is kept as %s", "升级已撤销：先前的版本可以重新打开数据库；升级后的数据库保存为 %s"},
	StoreNotUndone:  {"the update could not be undone: %v: run bauta restore --undo-update before installing the earlier version", "无法撤销升级：%v：安装先前的版本之前，请运行 bauta restore --undo-update"},
	StoreOlder:      {"the store may be an older one than this gateway had: %v", "数据库可能早于本网关曾使用的版本：%v"},
	StoreOlderNow:   {"%v; nobody is shown and all pictures are hidden: restore the newest backup with bauta restore FILE, or, if you know why, take the store as it is with bauta restore --accept-older", "%v；目前不显示任何人，所有画面均被遮挡：请用 bauta restore 文件 恢复最新备份；若已知原因，可用 bauta restore --accept-older 使用现有数据库"},
	OlderByFile:     {"the anchor in another folder is ahead of it", "另一目录中的锚点比它更新"},
	OlderByBroker:   {"the anchor at the MQTT broker is ahead of it", "MQTT 服务器上的锚点比它更新"},
	OlderByTPM:      {"the counter in the TPM is ahead of it", "TPM 中的计数器比它更新"},
	OlderMissing:    {"the anchors that it had in another folder are gone", "它在另一目录中的锚点已丢失"},
	OlderForeign:    {"the anchor in another folder is of another gateway", "另一目录中的锚点属于其他网关"},
	OlderNot:        {"the store is no older one: there is nothing to accept", "数据库并非旧版本：无需确认"},
	OlderAccepted:   {"the store is taken as it is: look at the zones of all cameras, and withdraw again what was withdrawn since", "已采用现有数据库：请检查所有摄像机的区域，并再次撤回此后撤回过的同意"},
	OlderRefused:    {"nothing was changed: only the word yes takes the store as it is", "未作任何改动：只有输入 yes 才会采用现有数据库"},
	OlderAsk:        {"consents that were withdrawn and private zones may be other than they were. Take the store as it is? Type yes", "已撤回的同意和私密区域可能与先前不同。采用现有数据库？请输入 yes"},
	StoreUnstored:   {"masked, not yet stored: the disk does not answer; it is written once the disk is back, and lost if the gateway ends before", "已遮挡，尚未保存：磁盘没有响应；磁盘恢复后会写入，若网关在此之前停止则会丢失"},
	StoreBehind:     {"masked, but not kept: %d changes wait for the disk already: try again once it answers", "已遮挡，但未保存：已有 %d 项更改在等待磁盘：请在磁盘恢复后重试"},
	StoreSave:       {"%v could not be saved: %v: make sure that the data folder has room and can be written", "无法保存 %v：%v：请确认数据目录有剩余空间且可以写入"},
	StoreNoSetting:  {"there is no setting %s", "没有设置项 %s"},
	StoreSealed:     {"%s is damaged, or was changed outside of bauta, and cannot be decrypted: remove it and enter it again", "%s 已损坏或被 bauta 以外的程序改动，无法解密：请删除后重新录入"},
	StoreEntry:      {"%s is damaged and cannot be read: %v: remove it and enter it again", "%s 已损坏，无法读取：%v：请删除后重新录入"},

	StoreKeyMissing:    {"the key %s is missing, without it the passwords in %s cannot be read: put the key back from a backup, or run mv %s %s.locked and add the cameras again; nothing was deleted", "缺少密钥 %s，没有它就无法读取 %s 中的密码：请从备份恢复该密钥，或运行 mv %s %s.locked 后重新添加摄像机；未删除任何数据"},
	StoreKeyWrong:      {"the key %s does not belong to %s: put back the key that does; nothing was changed", "密钥 %s 与 %s 不匹配：请恢复与之匹配的密钥；未作任何改动"},
	StoreKeyOpen:       {"others may read the key %s: run chmod 600 %s", "其他用户可以读取密钥 %s：请运行 chmod 600 %s"},
	StoreKeyBroken:     {"the key %s does not hold 64 hexadecimal digits: put it back from a backup", "密钥 %s 的内容不是 64 位十六进制数字：请从备份恢复"},
	StoreKeyUnreadable: {"the key %s cannot be read: %v: run bauta as the user that owns it", "无法读取密钥 %s：%v：请以其所有者的身份运行 bauta"},
	StoreKeyNotMade:    {"the key %s cannot be made: %v: make sure that its folder can be written", "无法创建密钥 %s：%v：请确认其所在目录可以写入"},

	StoreFieldLong:    {"the %s is longer than %d bytes: give a shorter one", "%s 超过 %d 字节：请缩短"},
	StoreFieldControl: {"the %s holds a line break, another control character or broken text: enter it on one line in UTF-8", "%s 含有换行、控制字符或乱码：请以 UTF-8 在一行内输入"},
	StoreURL:          {"the camera's address is not understood: write rtsp://ADDRESS:554/PATH or rtsps://ADDRESS:322/PATH", "无法识别摄像机地址：请写成 rtsp://地址:554/路径 或 rtsps://地址:322/路径"},
	StoreURLLogin:     {"the camera's address holds a user or password: give them apart from it", "摄像机地址中含有用户名或密码：请与地址分开填写"},
	StoreFingerprint:  {"the fingerprint is not the SHA-256 of a certificate: write its 64 hexadecimal digits in lower case, without colons", "指纹不是证书的 SHA-256：请写 64 位小写十六进制数字，不带冒号"},
	StoreSettingName:  {"%q is no name of a setting: use 1 to %d of a-z, 0-9, dots and dashes", "%q 不是设置项的名称：请用 1 到 %d 个小写字母 a-z、数字 0-9、点或连字符"},

	FieldName:     {"camera's name", "摄像机名称"},
	FieldAddress:  {"camera's address", "摄像机地址"},
	FieldUser:     {"user", "用户名"},
	FieldPassword: {"password", "密码"},
	FieldSetting:  {"setting", "设置项"},
}

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

	StoreSafeMode  Key = "store.withheld"
	StoreBrokeDown Key = "store.broke_down"
	StatusSafeMode Key = "cli.status.withheld"
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

	StoreSafeMode:  {"blocked, the store is damaged: %v", "已封锁，数据库损坏：%v"},
	StoreBrokeDown: {"the store failed while bauta was running, it begins anew without it: %v", "数据库在运行中损坏，bauta 将在不使用它的情况下重新启动：%v"},
	StatusProblem:  {"attention: %s", "注意：%s"},
	StatusSafeMode: {"bauta %s, gateway %s, blocked for %s: no camera is connected to and viewers get the slate", "bauta %s，网关 %s，已封锁 %s：不连接任何摄像机，观看者看到提示画面"},
}
