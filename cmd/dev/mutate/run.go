package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The bounds of one run of a package's tests.
const (
	atOnce  = 2
	timeout = 3 * time.Minute
)

// variable has the number of the mutant that a run is made with; unset: none.
const variable = "BAUTA_MUTANT"

// helpers are compiled into a package with its mutants.
const helpers = `package %s

import (
	"cmp"
	"os"
	"slices"
	"strconv"
)

var mutantNow, _ = strconv.Atoi(os.Getenv("` + variable + `"))

func mutant(n int) bool { return n == mutantNow }

func mutantMin[T cmp.Ordered](n int, v ...T) T {
	if mutant(n) {
		return slices.Max(v)
	}
	return slices.Min(v)
}

func mutantMax[T cmp.Ordered](n int, v ...T) T {
	if mutant(n) {
		return slices.Min(v)
	}
	return slices.Max(v)
}

func mutantMinFunc[S ~[]E, E any](n int, v S, by func(a, b E) int) E {
	if mutant(n) {
		return slices.MaxFunc(v, by)
	}
	return slices.MinFunc(v, by)
}

func mutantMaxFunc[S ~[]E, E any](n int, v S, by func(a, b E) int) E {
	if mutant(n) {
		return slices.MinFunc(v, by)
	}
	return slices.MaxFunc(v, by)
}
`

// run makes all mutants of the package and returns how many there are, and those with which
// its tests pass.
func (t target) run(ctx context.Context) (all int, survived []mutant, err error) {
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return 0, nil, err
	}
	defer os.RemoveAll(dir)
	mutants, overlay, err := t.overlay(dir)
	if err != nil {
		return 0, nil, err
	}
	program := filepath.Join(dir, "tests")
	build := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", program, "./"+t.dir)
	if said, err := build.CombinedOutput(); err != nil {
		return 0, nil, fmt.Errorf("its mutants do not build: %w\n%s", err, said)
	}
	if out, err := t.test(ctx, program, 0); err != nil {
		return 0, nil, fmt.Errorf("its tests have to pass without a mutant first: %w\n%s", err, out)
	}
	survived, err = t.survivors(ctx, program, mutants)
	return len(mutants), survived, err
}

// overlay writes the package with its mutants, and the file by which the go command takes it
// in the place of what is on the disk.
func (t target) overlay(dir string) (mutants []mutant, file string, err error) {
	paths, err := filepath.Glob(filepath.Join(t.dir, "*.go"))
	if err != nil {
		return nil, "", err
	}
	replace := map[string]string{}
	for _, path := range paths {
		base := filepath.Base(path)
		if strings.HasSuffix(base, "_test.go") || len(t.files) > 0 && !slices.Contains(t.files, base) {
			continue
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return nil, "", err
		}
		found, written, err := mutate(filepath.ToSlash(path), source, 1+len(mutants))
		if err != nil {
			return nil, "", err
		}
		mutants = append(mutants, found...)
		if replace[path], err = put(dir, base, written); err != nil {
			return nil, "", err
		}
	}
	if len(mutants) == 0 {
		return nil, "", fmt.Errorf("there is nothing to mutate: does targets in cmd/dev/mutate name its files?")
	}
	replace[filepath.Join(t.dir, "mutants.go")], err = put(dir, "mutants.go", fmt.Appendf(nil, helpers, filepath.Base(t.dir)))
	if err != nil {
		return nil, "", err
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, "", err
	}
	file, err = put(dir, "overlay.json", b)
	return mutants, file, err
}

func put(dir, name string, b []byte) (path string, err error) {
	path = filepath.Join(dir, name)
	return path, os.WriteFile(path, b, 0o600)
}

// survivors are the mutants with which the tests pass.
func (t target) survivors(ctx context.Context, program string, mutants []mutant) (all []mutant, err error) {
	var tries sync.WaitGroup
	lives, next := make([]bool, len(mutants)), make(chan int)
	for range atOnce {
		tries.Go(func() {
			for i := range next {
				_, err := t.test(ctx, program, mutants[i].number)
				lives[i] = err == nil
			}
		})
	}
	for i := range mutants {
		next <- i
	}
	close(next)
	tries.Wait()
	for i, m := range mutants {
		if lives[i] {
			all = append(all, m)
		}
	}
	return all, ctx.Err()
}

// test runs the tests with one mutant, the slow ones last.
func (t target) test(ctx context.Context, program string, number int) (out []byte, err error) {
	if t.slow == "" {
		return t.once(ctx, program, number)
	}
	if out, err = t.once(ctx, program, number, "-test.skip", t.slow); err != nil {
		return out, err
	}
	return t.once(ctx, program, number, "-test.run", t.slow)
}

func (t target) once(ctx context.Context, program string, number int, flags ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	c := exec.CommandContext(ctx, program, append(flags, "-test.failfast", "-test.short")...)
	c.Dir = t.dir
	c.Env = append(os.Environ(), variable+"="+strconv.Itoa(number), "BAUTA_LONG=")
	out, err := c.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) && ctx.Err() == nil {
		return out, fmt.Errorf("run the tests: %w", err)
	}
	return out, err
}
