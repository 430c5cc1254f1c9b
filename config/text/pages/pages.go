// Package pages holds the texts of the console's pages and scripts. Their keys stand in the
// templates and scripts of gateway/console, where a test looks for each of them; so they
// have no constants, and config/text alone reads the tables. Scripts put arguments in by %s
// and %d, in their order.
//
// To add one, add its entry to the table of its page. It starts no goroutines and never
// reads a file.
package pages

// Words is one text in English and in simplified Chinese.
type Words struct{ EN, ZH string }

// Table holds the texts of one page by their keys.
type Table map[string]Words

// Tables are all of them; no key stands in two.
var Tables = []Table{
	frame, overview, newCamera, cameras, camera, zone, consent, compliance, record, evidence, settings,
	upkeep, auditWords, auditActions, people, doors, many,
}
