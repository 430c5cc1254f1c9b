package text

// What the console's pages say. Every key begins with "console.".
const (
	ConsoleTitle Key = "console.title"
)

var consolePages = table{
	ConsoleTitle: {"Bauta privacy gateway", "Bauta 隐私网关"},
}
