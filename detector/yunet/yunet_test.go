package yunet

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestWeights(t *testing.T) {
	numbers, err := Weights()
	if err != nil || len(numbers) != Count {
		t.Fatalf("%d numbers, %v", len(numbers), err)
	}
	again, err := Weights()
	if err != nil || &again[0] != &numbers[0] {
		t.Errorf("the table was read twice: %v", err)
	}
}

func TestDamagedTableIsRefused(t *testing.T) {
	flipped := []byte(table)
	flipped[len(flipped)/2] ^= 1
	for name, damaged := range map[string]string{"a bit": string(flipped), "cut short": table[:len(table)-4], "nothing": "", "longer": table + "\x00"} {
		if _, err := decode(damaged); !errors.Is(err, ErrTable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLicenceIsWhole(t *testing.T) {
	for _, part := range []string{"MIT License", Copyright, "The above copyright notice and this permission notice", "WITHOUT WARRANTY OF ANY KIND"} {
		if !strings.Contains(LicenseText, part) {
			t.Errorf("LICENSE lacks %q", part)
		}
	}
}

// The supervisor names the model and has no use for its weights: a program
// that uses the facts must not carry the table.
func TestFactsCarryNoTable(t *testing.T) {
	for use, carries := range map[string]bool{"println(yunet.TableSHA256, yunet.LicenseText)": false, "_, err := yunet.Weights(); println(err)": true} {
		dir := t.TempDir()
		source, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "main")
		text := "package main\n\nimport \"github.com/bauta-gateway/bauta/detector/yunet\"\n\nfunc main() { " + use + " }\n"
		if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("go", "build", "-o", program, source).CombinedOutput(); err != nil {
			t.Fatalf("go build: %v\n%s", err, out)
		}
		built, err := os.ReadFile(program)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(built, []byte(table)) != carries {
			t.Errorf("a program that does %s holds the table: %v", use, !carries)
		}
	}
}
