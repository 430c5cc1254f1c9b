package yunet

import (
	"errors"
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
