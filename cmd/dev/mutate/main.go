// Command mutate checks that the tests of the law's checks notice a mistake in them: it
// makes one small mistake at a time, a mutant, and reports those with which all tests still
// pass. `make mutate` runs it.
//
// In: the packages that targets names, and survivors.txt, which lists the mutants that may
// live, each with its reason. Out: the mutants that no test finds, with file and line; the
// status is 1 where there is one, or where a line of the list is of no use. All mutants of
// a package are compiled into one test program, by an overlay: no source on the disk is
// changed, and a run of it chooses its mutant by an environment variable.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

// target is a package whose mutants its own tests have to find.
type target struct {
	dir string
	// files of it that get mutants; empty: all but tests.
	files []string
	// slow are tests, as a regular expression, that only mutants are shown to which the others let pass.
	slow string
}

// targets are the packages that say how a site stands.
var targets = []target{
	{dir: "config/policy", slow: "TestLessIsNeverBetter|TestC28ConstantsAreByDesign"},
	{dir: "gateway/compliance", files: []string{"compliance.go", "overlay.go"}, slow: "Bomb|Evidence|Pack|Verify"},
}

func main() {
	only := flag.String("dir", "", "the only package to look at, such as config/policy")
	list := flag.String("survivors", "cmd/dev/mutate/survivors.txt", "the mutants that may live, with reasons")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *only, *list); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only, list string) error {
	allowed, err := readSurvivors(list)
	if err != nil {
		return err
	}
	var problems error
	for _, t := range targets {
		if only != "" && only != t.dir {
			continue
		}
		all, survived, err := t.run(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", t.dir, err)
		}
		fmt.Printf("%s: %d mutants, %d live\n", t.dir, all, len(survived))
		problems = errors.Join(problems, allowed.compare(t.dir, survived))
	}
	return problems
}
