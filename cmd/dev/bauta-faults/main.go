// Command bauta-faults puts what the fault tests measured into the table of
// docs/reliability.md; `make reliability` runs both.
//
// In: files that config/faultlog wrote. Out: that table. It makes up no row: a test that
// did not run has none.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/faultlog"
)

// The table stands between these lines; all else in the file is written by hand.
const (
	begin = "<!-- faults: begin -->\n"
	end   = "<!-- faults: end -->\n"
)

func main() {
	dir := flag.String("dir", "build/faults", "folder in which the tests left their figures (BAUTA_FAULTLOG)")
	doc := flag.String("o", "docs/reliability.md", "the page to write the table into")
	flag.Parse()
	if err := write(*dir, *doc); err != nil {
		fmt.Fprintln(os.Stderr, "bauta-faults:", err)
		os.Exit(1)
	}
}

func write(dir, doc string) error {
	rows, err := faultlog.Read(dir)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return fmt.Errorf("no figures in %s: run `make reliability`, which runs the fault tests first", dir)
	}
	for _, topic := range faultlog.Topics {
		if !slices.ContainsFunc(rows, func(r faultlog.Row) bool { return r.Topic == topic }) {
			return fmt.Errorf("no figures on %q in %s: its tests were skipped or failed", topic, dir)
		}
	}
	page, err := os.ReadFile(doc)
	if err != nil {
		return err
	}
	page, err = insert(page, table(rows))
	if err != nil {
		return fmt.Errorf("%s: %w", doc, err)
	}
	return os.WriteFile(doc, page, 0o644)
}

func insert(page []byte, table string) ([]byte, error) {
	head, rest, ok := bytes.Cut(page, []byte(begin))
	_, tail, closed := bytes.Cut(rest, []byte(end))
	if !ok || !closed {
		return nil, fmt.Errorf("no place for the table: put back the lines %q and %q", begin, end)
	}
	return bytes.Join([][]byte{head, []byte(begin + table + end), tail}, nil), nil
}

func table(rows []faultlog.Row) string {
	var b strings.Builder
	b.WriteString("| what fails | fault | ends in | bound | measured | test |\n|---|---|---|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | `%s` |\n", r.Topic, r.Fault, r.Ends, bound(r.Bound), r.Took, r.Test)
	}
	return b.String()
}

func bound(d time.Duration) string {
	if d == 0 {
		return "at all times"
	}
	return d.String()
}
