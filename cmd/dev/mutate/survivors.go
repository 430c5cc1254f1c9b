package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// survivors are the mutants that may live, by their names, with the reasons.
type survivors map[string]string

// readSurvivors reads a list: a mutant's name in a line, a colon after it, and why it may live.
func readSurvivors(path string) (survivors, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the mutants that may live: %w", err)
	}
	all := survivors{}
	for n, line := range strings.Split(string(b), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		end := strings.LastIndex(line, "`: ")
		if end < 0 || strings.TrimSpace(line[end+3:]) == "" {
			return nil, fmt.Errorf("%s:%d: write a mutant's name, a colon, and why it may live", path, n+1)
		}
		all[line[:end+1]] = line[end+3:]
	}
	return all, nil
}

// compare says which mutants of a package live and are not listed, and which are listed and
// live no more.
func (s survivors) compare(dir string, lived []mutant) (problems error) {
	seen := map[string]bool{}
	for _, m := range lived {
		seen[m.name()] = true
		if s[m.name()] == "" {
			problems = errors.Join(problems, fmt.Errorf("%v: no test finds it: write one, or list it with its reason", m))
		}
	}
	for name := range s {
		if strings.HasPrefix(name, dir+"/") && !seen[name] {
			problems = errors.Join(problems, fmt.Errorf("%s is found by a test, or is no more: take it off the list", name))
		}
	}
	return problems
}
