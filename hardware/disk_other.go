//go:build !linux

package hardware

import "errors"

func measure(string) (Disk, error) { return Disk{}, errors.ErrUnsupported }
