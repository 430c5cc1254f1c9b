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

// judge2 is a second measure of leaks, a program in Python that asks other detectors and
// other bands of detail. It is no part of Bauta: it lies beside the repository where
// there is one, and the variable names a Python that has what it needs.
type judge2 struct{ python, tool string }

const judge2Variable = "BAUTA_JUDGE2_PYTHON"

var judge2Tool = filepath.Join("..", "shared", "tools", "judge2.py")

// judge2Stride: every so manyth picture is judged.
const judge2Stride = 5

// findJudge2 is nil where the variable names nothing.
func findJudge2() (*judge2, error) {
	python := os.Getenv(judge2Variable)
	if python == "" {
		return nil, nil
	}
	for _, file := range []string{python, judge2Tool} {
		if _, err := os.Stat(file); err != nil {
			return nil, fmt.Errorf("%w: the second judge needs it; leave %s empty to measure without", err, judge2Variable)
		}
	}
	return &judge2{python, judge2Tool}, nil
}

// second is what it says.
type second struct {
	Faces    int  `json:"faces"`
	Leaked   int  `json:"leaked"`
	TurnLost bool `json:"orientation_lost"`
	SARLost  bool `json:"sar_lost"`
}

// judge compares an output with its source, whose faces are known.
func (j *judge2) judge(ctx context.Context, truth clips.Truth, source, output string) (*second, error) {
	if err := truth.Write(output); err != nil {
		return nil, err
	}
	faces := strings.TrimSuffix(output, filepath.Ext(output)) + ".json"
	cmd := exec.CommandContext(ctx, j.python, j.tool, "--stride", fmt.Sprint(judge2Stride), "--gt", faces, source, output)
	var said strings.Builder
	cmd.Stderr = &said
	b, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("second judge: %w: %s", err, lastLines(said.String()))
	}
	var s second
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("second judge: %w", err)
	}
	return &s, nil
}

// remarks say what of the picture's geometry did not come through.
func (s *second) remarks() string {
	var list []string
	if s.TurnLost {
		list = append(list, "turn lost")
	}
	if s.SARLost {
		list = append(list, "pixels' shape lost")
	}
	return strings.Join(list, ", ")
}
