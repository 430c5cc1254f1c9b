package estate

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// The tables that the tests make.
const (
	matrix = "withdrawals"
	crowd  = "crowd"
)

var results = &report{cells: map[string]map[string]map[string]string{}}

// report holds figures by table, row and column.
type report struct {
	mu    sync.Mutex
	cells map[string]map[string]map[string]string
}

func (r *report) put(table, row, column, cell string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cells[table] == nil {
		r.cells[table] = map[string]map[string]string{}
	}
	if r.cells[table][row] == nil {
		r.cells[table][row] = map[string]string{}
	}
	r.cells[table][row][column] = cell
}

// markdown is a table; a cell without a figure is a dash.
func (r *report) markdown(table, corner string, rows, columns []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | %s |\n|---|%s\n", corner, strings.Join(columns, " | "), strings.Repeat("---|", len(columns)))
	for _, row := range rows {
		b.WriteString("| " + row)
		for _, c := range columns {
			cell := r.cells[table][row][c]
			if cell == "" {
				cell = "–"
			}
			b.WriteString(" | " + cell)
		}
		b.WriteString(" |\n")
	}
	return b.String()
}

// TestMain writes the tables once all tests have ended: always to build/estate, and into
// docs/mqtt.md between its markers where BAUTA_WRITE_DOCS is set.
func TestMain(m *testing.M) {
	code := m.Run()
	if err := results.save(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func (r *report) save() error {
	tables := map[string]string{}
	if r.cells[matrix] != nil {
		tables[matrix] = r.markdown(matrix, "broker", []string{"embedded", "mosquitto", "nats", "rabbitmq"}, columns())
	}
	if r.cells[crowd] != nil {
		tables[crowd] = r.markdown(crowd, "", crowdRows, r.columnsOf(crowd))
	}
	for name, text := range tables {
		dir := filepath.Join(root, "build/estate")
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name+".md"), []byte(text), 0o644); err != nil {
			return err
		}
		if os.Getenv("BAUTA_WRITE_DOCS") == "" {
			continue
		}
		for _, doc := range []string{"docs/mqtt.md", "docs/mqtt.zh-CN.md"} {
			if err := between(filepath.Join(root, doc), name, text); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *report) columnsOf(table string) (all []string) {
	for _, cells := range r.cells[table] {
		for c := range cells {
			if !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
	}
	slices.Sort(all)
	return all
}

// between puts a table between its markers in a document.
func between(path, name, text string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	head, rest, ok := strings.Cut(string(b), begin)
	_, foot, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no place for the table %s: write %s and %s", path, name, strings.TrimSpace(begin), end)
	}
	return os.WriteFile(path, []byte(head+begin+text+end+foot), 0o644)
}
