// Package faultlog keeps what the fault tests measure, so that the table in
// docs/reliability.md holds figures that a test has seen and nothing else.
//
// A test calls Check with the fault it made, the state in which that has to end
// and how long it took. Where the environment has BAUTA_FAULTLOG, a folder,
// the row is also written there as a file; cmd/dev/bauta-faults makes the table of
// them.
package faultlog

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Topics in the order in which the table shows them.
var Topics = []string{"worker", "camera", "viewer", "store", "broker", "box"}

// Row is one line of the table.
type Row struct {
	// Topic is one of Topics: what fails.
	Topic string `json:"topic"`
	// Fault says in a few words what happens, as an installer would.
	Fault string `json:"fault"`
	// Ends is the state that follows, as viewers and the status see it.
	Ends string `json:"ends"`
	// Bound is the longest time allowed until then; 0: the state holds throughout
	// and there is nothing to wait for.
	Bound time.Duration `json:"bound"`
	// Took is what was measured.
	Took time.Duration `json:"took"`
	// Test is the name of the test that made the fault.
	Test string `json:"test"`
}

// Check fails the test where took exceeds the row's bound, and keeps the row.
func Check(t testing.TB, r Row, took time.Duration) {
	t.Helper()
	r.Took, r.Test = took.Round(time.Millisecond), t.Name()
	if err := r.check(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %s after %v", r.Fault, r.Ends, r.Took)
	if r.Bound > 0 && took > r.Bound {
		t.Errorf("%s: took %v, more than the %v promised", r.Fault, r.Took, r.Bound)
	}
	if dir := os.Getenv("BAUTA_FAULTLOG"); dir != "" && !t.Failed() {
		if err := r.save(dir); err != nil {
			t.Fatal(err)
		}
	}
}

func (r Row) check() error {
	for _, topic := range Topics {
		if r.Topic == topic && r.Fault != "" && r.Ends != "" && !strings.ContainsAny(r.Fault+r.Ends, "|\n") {
			return nil
		}
	}
	return fmt.Errorf("row %+v: give a topic of %v, a fault and its end, without | or line breaks", r, Topics)
}

var unfit = regexp.MustCompile(`[^a-z0-9]+`)

func (r Row) save(dir string) error {
	b, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	name := unfit.ReplaceAllString(strings.ToLower(r.Topic+" "+r.Fault), "-") + ".json"
	return errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, name), b, 0o644))
}

// Read returns the rows that tests left in a folder, by topic and fault.
func Read(dir string) ([]Row, error) {
	var rows []Row
	for _, topic := range Topics {
		names, err := filepath.Glob(filepath.Join(dir, topic+"-*.json"))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			var r Row
			if err := json.Unmarshal(b, &r); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			rows = append(rows, r)
		}
	}
	return rows, nil
}
