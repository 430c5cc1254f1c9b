// Command weights makes detector/yunet/weights.bin from the ONNX file of the
// face model. It is for developers, and the only program that reads ONNX.
package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"

	"github.com/bauta-gateway/bauta/detector/yunet"
)

func main() {
	out := flag.String("o", "detector/yunet/weights.bin", "file to write")
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "usage: weights [-o FILE] %s\n", yunet.File)
		flag.PrintDefaults()
	}
	flag.Parse()
	if err := run(flag.Args(), *out); err != nil {
		fmt.Fprintln(os.Stderr, "weights:", err)
		os.Exit(1)
	}
}

func run(args []string, out string) error {
	if len(args) != 1 {
		return errors.New("name the ONNX file: see -help")
	}
	sum, err := write(args[0], out)
	if err != nil {
		return err
	}
	fmt.Printf("%s: SHA-256 %s\n", out, sum)
	if sum != yunet.TableSHA256 {
		fmt.Println("this is another table than before: set TableSHA256 in detector/yunet/yunet.go to it")
	}
	return nil
}

// write makes the table of the known model and returns the table's SHA-256.
func write(model, out string) (string, error) {
	onnx, err := os.ReadFile(model)
	if err != nil {
		return "", err
	}
	if got := hash(onnx); got != yunet.SHA256 {
		return "", fmt.Errorf("%s: SHA-256 is %s, not %s: take %s from %s", model, got, yunet.SHA256, yunet.File, yunet.Source)
	}
	numbers, err := weightsOf(onnx)
	if err != nil {
		return "", err
	}
	table := pack(numbers)
	return hash(table), os.WriteFile(out, table, 0o644)
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// pack writes numbers as 32-bit floats, little-endian.
func pack(numbers []float32) []byte {
	b := make([]byte, 0, 4*len(numbers))
	for _, v := range numbers {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}
