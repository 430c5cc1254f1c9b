//go:build linux && (amd64 || arm64)

// Package seccomptest runs a filter in an interpreter, where calls can be tried that no
// live process would survive.
//
// In: a filter and a call. Out: what the kernel would do. It makes no call itself.
package seccomptest

import (
	"encoding/binary"
	"testing"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// Run returns the filter's answer to a call, one of unix.SECCOMP_RET.
func Run(t *testing.T, filter []unix.SockFilter, arch, nr uint32, args [6]uint64) uint32 {
	t.Helper()
	var raw []bpf.RawInstruction
	for _, i := range filter {
		raw = append(raw, bpf.RawInstruction{Op: i.Code, Jt: i.Jt, Jf: i.Jf, K: i.K})
	}
	ins, all := bpf.Disassemble(raw)
	if !all {
		t.Fatal("the filter holds an unknown instruction")
	}
	vm, err := bpf.NewVM(ins)
	if err != nil {
		t.Fatal(err)
	}
	// struct seccomp_data: the number, the architecture, 8 bytes of address, the arguments; the
	// interpreter reads words as they come from the network.
	data := binary.BigEndian.AppendUint32(nil, nr)
	data = binary.BigEndian.AppendUint32(data, arch)
	data = append(data, make([]byte, 8)...)
	for _, a := range args {
		data = binary.BigEndian.AppendUint32(data, uint32(a))
		data = binary.BigEndian.AppendUint32(data, uint32(a>>32))
	}
	got, err := vm.Run(data)
	if err != nil {
		t.Fatal(err)
	}
	return uint32(got)
}
