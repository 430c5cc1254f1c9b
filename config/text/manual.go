package text

// The manual pages' own words; what they describe brings its own.
const (
	ManualName        Key = "manual.name"
	ManualDescription Key = "manual.description"
	ManualSettings    Key = "manual.settings"
	ManualFiles       Key = "manual.files"
	ManualSeeAlso     Key = "manual.see_also"

	ManualConfigTitle  Key = "manual.config.title"
	ManualConfigAbout  Key = "manual.config.about"
	ManualConfigStrict Key = "manual.config.strict"
	ManualConfigStart  Key = "manual.config.start"
	ManualConfigFile   Key = "manual.config.file"
	ManualDefault      Key = "manual.default"
)

var manual = table{
	ManualName:        {"NAME", "名称"},
	ManualDescription: {"DESCRIPTION", "描述"},
	ManualSettings:    {"SETTINGS", "配置项"},
	ManualFiles:       {"FILES", "文件"},
	ManualSeeAlso:     {"SEE ALSO", "另见"},

	ManualConfigTitle:  {"settings of the Bauta privacy gateway", "Bauta 隐私网关的配置"},
	ManualConfigAbout:  {"The file is YAML and holds what an installer sets once. Every key may be left out. Paths are relative to the file's folder", "本文件为 YAML 格式，保存安装时设置一次的内容。每个键都可以省略。相对路径以本文件所在目录为准"},
	ManualConfigStrict: {"An unknown key, a value of the wrong kind or out of range and a password are errors that name the line and what to write instead", "未知的键、类型错误或超出范围的值以及密码都会报错，并指出所在行和应写的内容"},
	ManualConfigStart:  {"A change takes effect at the next start. Cameras are not in this file: bauta camera adds and changes them while the gateway runs", "更改在下次启动时生效。摄像机不在本文件中：网关运行时用 bauta camera 添加和更改"},
	ManualConfigFile:   {"The settings of the service", "服务的配置文件"},
	ManualDefault:      {"Default: %s", "默认值：%s"},
}
