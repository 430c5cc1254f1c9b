package text

// The calendar of working days, and the site's time zone.
const (
	FoundFilingEstimate Key = "found.filing_estimate"
	FoundSystemDue      Key = "found.system_due"
	NextCalendar        Key = "next.calendar"

	PolicyTimeZone Key = "policy.time_zone"

	CalendarLarge   Key = "calendar.large"
	CalendarFile    Key = "calendar.file"
	CalendarYears   Key = "calendar.years"
	CalendarYear    Key = "calendar.year"
	CalendarSource  Key = "calendar.source"
	CalendarDay     Key = "calendar.day"
	CalendarDays    Key = "calendar.days"
	CalendarNoDays  Key = "calendar.no_days"
	CalendarWeekday Key = "calendar.weekday"
	CalendarTwice   Key = "calendar.twice"

	DeadlineLast     Key = "deadline.last"
	DeadlineEarliest Key = "deadline.earliest"

	CalendarSaved Key = "cli.calendar.saved"
	CalendarShown Key = "cli.calendar.shown"
	CalendarOwn   Key = "cli.calendar.own"
	CalendarBuilt Key = "cli.calendar.built_in"
	HeadYear      Key = "cli.head.year"
	HeadOff       Key = "cli.head.off"
	HeadWork      Key = "cli.head.work"
	HeadNotice    Key = "cli.head.notice"
	HeadOrigin    Key = "cli.head.origin"
	HeadTimeZone  Key = "cli.head.time_zone"
)

var calendars = table{
	FoundFilingEstimate: {"%d people enrolled; the last day for filing is not known yet, it is not before %s: the holidays of a year that it reaches are missing", "已登记 %d 人；备案期限尚不能确定，最早为 %s：所涉年份的节假日安排尚未录入"},
	FoundSystemDue:      {"no receipt yet for: %s; file by %s, that day included", "尚无备案回执：%s；请于 %s 前（含当日）备案"},
	NextCalendar:        {"bring the State Council's days off of that year: bauta calendar set FILE; file before the day named here", "请录入该年度国务院节假日安排：bauta calendar set 文件；并在所示日期之前备案"},

	PolicyTimeZone: {"%s is %q: write a name such as Asia/Shanghai or Europe/Berlin", "%s 的值是 %q：请写时区名称，例如 \"Asia/Shanghai\""},

	CalendarLarge:   {"a calendar file has up to %d bytes: leave out all but the years", "日历文件最多 %d 字节：请只保留年份内容"},
	CalendarFile:    {"this is no calendar file: %s; write years with year, source, off and work, as docs/cli.md shows", "这不是日历文件：%s；请按命令行文档写明 \"years\" 及其 \"year\"、\"source\"、\"off\"、\"work\""},
	CalendarYears:   {"a calendar file has 1 to %[2]d years, not %[1]d", "日历文件应有 1 至 %[2]d 个年份，现有 %[1]d 个"},
	CalendarYear:    {"year %d is there twice or is none of 2000 to 2100: write each year once", "年份 %d 重复，或不在 2000 至 2100 之间：每个年份请只写一次"},
	CalendarSource:  {"the source of %d is missing or longer than %d bytes: name the notice that the days are from", "%d 年的来源缺失或超过 %d 字节：请写明所依据的通知"},
	CalendarDay:     {"%q is no day or span of %d or of the December before it: write 2026-10-01 or 2026-10-01..2026-10-07", "%q 不是 %d 年或其上一年十二月的日期或区间：请写 2026-10-01 或 2026-10-01..2026-10-07"},
	CalendarDays:    {"year %d has more than %d days in one list: check its spans", "%d 年的一项列表超过 %d 天：请检查日期区间"},
	CalendarNoDays:  {"year %d has no days off: copy them from the notice", "%d 年没有休息日：请按通知录入"},
	CalendarWeekday: {"%s is no Saturday or Sunday, so no moved working day: check the list work", "%s 不是周六或周日，不是调休上班日：请检查 \"work\" 列表"},
	CalendarTwice:   {"%s is listed twice: write each day once, as off or as work", "%s 重复：每个日期只能在 \"off\" 或 \"work\" 中出现一次"},

	DeadlineLast:     {"last day: %s", "截止日：%s"},
	DeadlineEarliest: {"last day not known yet, earliest: %s", "截止日尚不能确定，最早：%s"},

	CalendarSaved: {"saved: the calendar knows %s", "已保存：日历已知年份 %s"},
	CalendarShown: {"today at the site: %s (%s)", "场所当前日期：%s（%s）"},
	CalendarOwn:   {"file", "文件"},
	CalendarBuilt: {"built in", "内置"},
	HeadYear:      {"year", "年份"},
	HeadOff:       {"days off", "休息日"},
	HeadWork:      {"moved working days", "调休上班日"},
	HeadNotice:    {"source", "来源"},
	HeadOrigin:    {"from", "录入方式"},
	HeadTimeZone:  {"time zone", "时区"},

	"console.fix.calendar":        {"Bring the days off of that year", "录入该年度节假日安排"},
	"console.site.time_zone":      {"Time zone", "时区"},
	"console.site.time_zone_hint": {"Such as Europe/Berlin; may stay empty in China", "例如 \"Asia/Shanghai\"；在中国可留空"},
	"console.calendar.title":      {"Working days", "工作日"},
	"console.calendar.about":      {"Some deadlines are counted in working days. Of a year without days off here the last day cannot be known", "部分期限按工作日计算。未录入节假日安排的年份无法确定期限"},
	"console.calendar.today":      {"Today at the site: %s (%s)", "场所当前日期：%s（%s）"},
	"console.calendar.own":        {"brought here", "由您录入"},
	"console.calendar.built_in":   {"built in", "内置"},
	"console.calendar.file":       {"Calendar file", "日历文件"},
	"console.calendar.file_hint":  {"Its years take the place of the same ones; docs/cli.md describes it", "文件中的年份将替换已有的相同年份；格式见命令行文档"},
	"console.calendar.bring":      {"Bring it", "录入"},
	"console.calendar.deadlines":  {"Deadlines for your calendar", "导出期限日历"},
}
