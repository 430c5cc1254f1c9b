package text

// What `bauta run` says as it starts.
const (
	ListenBusy    Key = "listen.busy"
	ListenOwner   Key = "listen.owner"
	ListenOften   Key = "listen.often"
	ListenUnknown Key = "listen.unknown"

	RunConsoleSetup Key = "cli.run.console_setup"
	RunMoved        Key = "cli.run.moved"
	RunOpened       Key = "cli.run.opened"
	RunNotOpened    Key = "cli.run.not_opened"
	RunNoDesktop    Key = "cli.run.no_desktop"
	RunNoOpener     Key = "cli.run.no_opener"
	RunNoConsole    Key = "cli.run.no_console"
)

var running = table{
	ListenBusy:    {"port %d is in use by %v: stop that program, or choose another %s in bauta.yaml, or run with --free-ports", "端口 %d 已被 %v 占用：请停止该程序，或在 bauta.yaml 中设置其他 %s，或使用 --free-ports 运行"},
	ListenOwner:   {"%s (process %d)", "%s（进程 %d）"},
	ListenOften:   {"another program (often %s; %s names it)", "其他程序（常见的有 %s；%s 可查看）"},
	ListenUnknown: {"another program (%s names it)", "其他程序（%s 可查看）"},

	RunConsoleSetup: {"console: %s (set-up code for the first user: %s)", "控制台：%s（创建第一个用户的设置码：%s）"},
	RunMoved:        {"port %d (%s) is in use by %v: this run uses port %d instead", "端口 %d（%s）已被 %v 占用：本次运行改用端口 %d"},
	RunOpened:       {"the console opens in the browser; it warns of the certificate, which the gateway made itself", "正在浏览器中打开控制台；由于证书由网关自行生成，浏览器会发出警告"},
	RunNotOpened:    {"the browser was not opened: %v: open the console's address above yourself", "未能打开浏览器：%v：请自行打开上面的控制台地址"},
	RunNoDesktop:    {"no desktop is here (neither %s nor %s is set)", "此处没有桌面环境（未设置 %s 或 %s）"},
	RunNoOpener:     {"%s is not installed (package %s)", "未安装 %s（软件包 %s）"},
	RunNoConsole:    {"the console is switched off in the settings", "设置中已关闭控制台"},
}
