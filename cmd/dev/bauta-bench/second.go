package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/bauta-gateway/bauta/hardware/clips"
)

// secondMeasure is a second measure of leaks, a program in Python that asks other detectors and
// other bands of detail. It is no part of Bauta: it lies beside the repository where
// there is one, and the variable names a Python that has what it needs.
type secondMeasure struct{ python, tool string }

const secondVariable = "BAUTA_JUDGE2_PYTHON"

var secondTool = filepath.Join("..", "shared", "tools", "judge2.py")

// secondStride: every so manyth frame is measured.
const secondStride = 5

// findSecondMeasure is nil where the variable names nothing.
func findSecondMeasure() (*secondMeasure, error) {
	python := os.Getenv(secondVariable)
	if python == "" {
		return nil, nil
	}
	for _, file := range []string{python, secondTool} {
		if _, err := os.Stat(file); err != nil {
			return nil, fmt.Errorf("%w: the second measure needs it; leave %s empty to measure without", err, secondVariable)
		}
	}
	return &secondMeasure{python, secondTool}, nil
}

// second is what it says.
type second struct {
	Faces        int  `json:"faces"`
	Leaked       int  `json:"leaked"`
	RotationLost bool `json:"orientation_lost"`
	SARLost      bool `json:"sar_lost"`
}

// measure compares an output with its source, whose faces are known.
func (j *secondMeasure) measure(ctx context.Context, truth clips.Truth, source, output string) (*second, error) {
	if err := truth.Write(output); err != nil {
		return nil, err
	}
	faces := strings.TrimSuffix(output, filepath.Ext(output)) + ".json"
	cmd := exec.CommandContext(ctx, j.python, j.tool, "--stride", fmt.Sprint(secondStride), "--gt", faces, source, output)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	b, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("second measure: %w: %s", err, lastLines(stderr.String()))
	}
	var s second
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("second measure: %w", err)
	}
	return &s, nil
}

// remarks say what of the frame's geometry did not come through.
func (s *second) remarks() string {
	var list []string
	if s.RotationLost {
		list = append(list, "turn lost")
	}
	if s.SARLost {
		list = append(list, "pixels' shape lost")
	}
	return strings.Join(list, ", ")
}
