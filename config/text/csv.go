package text

// The columns of the cameras' table, and what is wrong with one that is read.
const (
	CSVID           Key = "csv.column.id"
	CSVName         Key = "csv.column.name"
	CSVGroup        Key = "csv.column.group"
	CSVAddress      Key = "csv.column.address"
	CSVUser         Key = "csv.column.user"
	CSVPassword     Key = "csv.column.password"
	CSVTransport    Key = "csv.column.transport"
	CSVMask         Key = "csv.column.mask"
	CSVCover        Key = "csv.column.cover"
	CSVMounting     Key = "csv.column.mounting"
	CSVMaxSize      Key = "csv.column.max_size"
	CSVSubSize      Key = "csv.column.sub_size"
	CSVSubFPS       Key = "csv.column.sub_fps"
	CSVAhead        Key = "csv.column.look_ahead"
	CSVRateCap      Key = "csv.column.rate_cap"
	CSVPlace        Key = "csv.column.place"
	CSVPurpose      Key = "csv.column.purpose"
	CSVNecessity    Key = "csv.column.necessity"
	CSVModel        Key = "csv.column.model"
	CSVFirmware     Key = "csv.column.firmware"
	CSVCertificate  Key = "csv.column.certificate"
	CSVCommissioned Key = "csv.column.commissioned"
	CSVExtras       Key = "csv.column.extras"
	CSVExtrasReason Key = "csv.column.extras_reason"

	CSVLarge       Key = "csv.large"
	CSVRows        Key = "csv.rows"
	CSVEncoding    Key = "csv.encoding"
	CSVEmpty       Key = "csv.empty"
	CSVBroken      Key = "csv.broken"
	CSVColumn      Key = "csv.unknown_column"
	CSVTwice       Key = "csv.column_twice"
	CSVCells       Key = "csv.cells"
	CSVCellLarge   Key = "csv.cell_large"
	CSVWord        Key = "csv.word"
	CSVNumber      Key = "csv.number"
	CSVNoName      Key = "csv.no_name"
	CSVNoAddress   Key = "csv.no_address"
	CSVHostAlone   Key = "csv.host_alone"
	CSVSame        Key = "csv.same"
	ManyProhibited Key = "many.prohibited"
	ManyOwn        Key = "many.own"

	CSVStateNew       Key = "csv.state.new"
	CSVStateChanged   Key = "csv.state.changed"
	CSVStateUnchanged Key = "csv.state.unchanged"
	CSVStateRefused   Key = "csv.state.refused"
	CSVLine           Key = "cli.csv.line"
	CSVWhy            Key = "cli.csv.why"
	CSVDry            Key = "cli.csv.dry"
	CSVDone           Key = "cli.csv.done"
	CSVWritten        Key = "cli.csv.written"
)

// CSVState is the word for what becomes of a row.
func CSVState(state string) Key { return word("csv.state.", state) }

var csvTexts = table{
	CSVID:           {"ID", "编号"},
	CSVName:         {"Name", "名称"},
	CSVGroup:        {"Group", "分组"},
	CSVAddress:      {"Address", "地址"},
	CSVUser:         {"User", "用户名"},
	CSVPassword:     {"Password", "密码"},
	CSVTransport:    {"Transport", "传输方式"},
	CSVMask:         {"Mask", "遮挡方式"},
	CSVCover:        {"What is masked", "遮挡内容"},
	CSVMounting:     {"Which way is up", "画面方向"},
	CSVMaxSize:      {"Largest size", "最大画面尺寸"},
	CSVSubSize:      {"Small stream size", "子码流尺寸"},
	CSVSubFPS:       {"Small stream frames a second", "子码流帧率"},
	CSVAhead:        {"Look-ahead (ms)", "预读时间（毫秒）"},
	CSVRateCap:      {"Bitrate bound", "码率上限倍数"},
	CSVPlace:        {"Place", "拍摄场所"},
	CSVPurpose:      {"Purpose", "使用目的"},
	CSVNecessity:    {"Why it is needed", "必要性"},
	CSVModel:        {"Model", "型号"},
	CSVFirmware:     {"Firmware", "固件版本"},
	CSVCertificate:  {"Certificate number", "证书编号"},
	CSVCommissioned: {"First day of use", "启用日期"},
	CSVExtras:       {"Functions in use", "启用的功能"},
	CSVExtrasReason: {"Why these functions", "启用功能的理由"},

	CSVLarge:       {"the file is larger than %d KiB: split it", "文件超过 %d KiB：请拆分"},
	CSVRows:        {"the file has more than %d rows: split it", "文件超过 %d 行：请拆分"},
	CSVEncoding:    {"the characters of the file cannot be read: save it as CSV in UTF-8", "无法识别文件的字符编码：请另存为 UTF-8 编码的逗号分隔文件"},
	CSVEmpty:       {"the file has no row with the names of the columns: export the cameras and begin with that file", "文件缺少列名所在的首行：请先导出摄像机，在导出的文件上修改"},
	CSVBroken:      {"line %d of the file is no CSV: look for a quotation mark that is not closed", "文件第 %d 行格式有误：请检查是否有未闭合的引号"},
	CSVColumn:      {"there is no column %q here: name it as an exported file does, or leave it out", "没有名为 %q 的列：请使用导出文件中的列名，或删除该列"},
	CSVTwice:       {"the column %q is there twice: leave one out", "列 %q 出现两次：请删除其中一列"},
	CSVCells:       {"the row has more cells than there are columns", "该行的单元格多于列数"},
	CSVCellLarge:   {"the cell has more than %d bytes", "单元格超过 %d 字节"},
	CSVWord:        {"%q is unknown here: use the word of an exported file, or one of %s", "无法识别 %q：请使用导出文件中的词语，或以下之一：%s"},
	CSVNumber:      {"%q is no number of 0 or more", "%q 不是大于或等于 0 的数字"},
	CSVNoName:      {"a new camera needs a name", "新摄像机需要名称"},
	CSVNoAddress:   {"a new camera needs an address", "新摄像机需要地址"},
	CSVHostAlone:   {"a file needs the whole address, rtsp://ADDRESS:554/PATH: the page to add a camera finds the path", "文件中需要完整地址 rtsp://地址:554/路径：“添加摄像机”页面可以查找路径"},
	CSVSame:        {"row %d is of this camera already", "第 %d 行已是这台摄像机"},
	ManyProhibited: {"a prohibited place is said of one camera at a time, on its own page: it ends the connection", "禁止拍摄的场所须在摄像机自己的页面逐台填写：填写后将断开连接"},

	ManyOwn: {"name, address, login and trust are each camera's own: change them on its page", "名称、地址、登录信息和信任设置须逐台修改：请在摄像机自己的页面操作"},

	CSVStateNew:       {"new", "新增"},
	CSVStateChanged:   {"changed", "修改"},
	CSVStateUnchanged: {"unchanged", "未变"},
	CSVStateRefused:   {"refused", "拒绝"},
	CSVLine:           {"row %d: %s, %s %s", "第 %d 行：%s，%s %s"},
	CSVWhy:            {"row %d: refused, %s: %s", "第 %d 行：拒绝，%s：%s"},
	CSVDry:            {"nothing is changed yet: %d new, %d changed, %d unchanged, %d refused. To do it: the same command with --apply", "尚未做任何更改：新增 %d，修改 %d，未变 %d，拒绝 %d。执行时请在同一命令后加 --apply"},
	CSVDone:           {"done: %d new, %d changed, %d unchanged, %d refused", "已完成：新增 %d，修改 %d，未变 %d，拒绝 %d"},
	CSVWritten:        {"%d cameras written to %s, without passwords", "已将 %d 台摄像机写入 %s，不含密码"},
}
