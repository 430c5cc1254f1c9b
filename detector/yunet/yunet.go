// Package yunet holds the face model that is part of the worker: YuNet's
// weights as a table of figures, and where they come from. The facts are
// constants: a program that uses only these does not carry the table.
package yunet

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"sync"
)

// What the table was made from.
const (
	// Name of the network.
	Name = "YuNet"
	// File is the model's name in opencv_zoo, and Source its folder there.
	File   = "face_detection_yunet_2023mar.onnx"
	Source = "https://github.com/opencv/opencv_zoo/tree/main/models/face_detection_yunet"
	// SHA256 of that file, in lower-case hex.
	SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
	// License of the model (SPDX), and the copyright line that it asks to keep.
	License   = "MIT"
	Copyright = "Copyright (c) 2020 Shiqi Yu <shiqi.yu@gmail.com>"
)

// The table itself.
const (
	// TableSHA256 is the hash of weights.bin, in lower-case hex.
	TableSHA256 = "a65bbedd2b2158cfb31eff81164b131c1a8455bd457691cd184f8759e24ce890"
	// Count is how many numbers the table has.
	Count = 51304
)

// ErrTable says that the table is not the one that TableSHA256 names: the
// program's file is damaged.
var ErrTable = errors.New("the face model inside bauta-worker is damaged")

// LicenseText is the whole licence, which every copy of the table has to come with.
//
//go:embed LICENSE
var LicenseText string

//go:embed weights.bin
var table string

// Weights returns the table in the order in which the detector's kernel reads
// it. Nobody may change it. The error is ErrTable.
func Weights() ([]float32, error) {
	loaded.Do(func() { loaded.numbers, loaded.err = decode(table) })
	return loaded.numbers, loaded.err
}

// A function made when the program starts would hold the table in every
// program that uses a fact.
var loaded struct {
	sync.Once
	numbers []float32
	err     error
}

// decode checks a table and reads its numbers.
func decode(table string) ([]float32, error) {
	sum := sha256.Sum256([]byte(table))
	if got := hex.EncodeToString(sum[:]); got != TableSHA256 || len(table) != 4*Count {
		return nil, fmt.Errorf("%w: SHA-256 of its table is %s, not %s; install the program again", ErrTable, got, TableSHA256)
	}
	numbers := make([]float32, Count)
	for i := range numbers {
		numbers[i] = math.Float32frombits(binary.LittleEndian.Uint32([]byte(table[4*i : 4*i+4])))
	}
	return numbers, nil
}
