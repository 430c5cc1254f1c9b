package broker

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
)

// packet is an MQTT packet of n bytes.
func packet(kind byte, n int) []byte {
	out := []byte{kind}
	for rest := n; ; {
		digit := byte(rest & 127)
		if rest >>= 7; rest == 0 {
			out = append(out, digit)
			break
		}
		out = append(out, digit|128)
	}
	return append(out, bytes.Repeat([]byte{kind}, n)...)
}

// scripted is a connection that sends what it is given and keeps the receipts.
type scripted struct {
	net.Conn
	io.Reader
	receipts bytes.Buffer
}

func (c *scripted) Read(b []byte) (int, error)  { return c.Reader.Read(b) }
func (c *scripted) Write(b []byte) (int, error) { return c.receipts.Write(b) }

func TestCapped(t *testing.T) {
	var in, want bytes.Buffer
	for i, n := range []int{0, 1, 127, 128, 1000, 1001, 20_000, 1000, 16_383, 16_384, 3_000_000, 2} {
		p := packet(byte(i+1), n)
		in.Write(p)
		if n <= 1000 {
			want.Write(p)
		}
	}
	skipped := 0
	skip := func(int) { skipped++ }
	got, err := io.ReadAll(newCapped(&scripted{Reader: &in}, 1000, skip))
	if err != nil || !bytes.Equal(got, want.Bytes()) || skipped != 5 {
		t.Errorf("%d bytes of %d, %d skipped, %v", len(got), want.Len(), skipped, err)
	}
	if _, err := io.ReadAll(newCapped(&scripted{Reader: strings.NewReader("\x30\xff\xff\xff\xff\x01")}, 1000, skip)); err == nil {
		t.Error("a length of five digits passed")
	}
}

// A message that was passed over and wants a receipt gets it.
func TestCappedConfirms(t *testing.T) {
	large := append([]byte{0x33, 0x90, 0x4e, 0, 2, 'a', 'b', 0x12, 0x34}, make([]byte, 10_000-6)...)
	small := []byte{0x30, 3, 0, 1, 'a'}
	c := &scripted{Reader: bytes.NewReader(append(large, small...))}
	got, err := io.ReadAll(newCapped(c, 1000, func(int) {}))
	if err != nil || !bytes.Equal(got, small) || !bytes.Equal(c.receipts.Bytes(), []byte{0x40, 2, 0x12, 0x34}) {
		t.Errorf("%x, receipts %x, %v", got, c.receipts.Bytes(), err)
	}
	long := append([]byte{0x32, 0x90, 0x4e, 0xff, 0xff}, make([]byte, 10_000-2)...)
	if _, err := io.ReadAll(newCapped(&scripted{Reader: bytes.NewReader(long)}, 1000, func(int) {})); err == nil {
		t.Error("a topic longer than its packet passed")
	}
}

// FuzzCapped: whatever a broker sends, no packet above the limit gets through
// and small ones do unchanged; only receipts are sent.
func FuzzCapped(f *testing.F) {
	f.Add(packet(0x30, 5))
	f.Add(append(packet(0x30, 500), packet(0x20, 2)...))
	f.Add([]byte{0x30, 0xff, 0xff, 0xff, 0x7f})
	f.Add(append([]byte{0x32, 0xc8, 1, 0, 2, 'a', 'b', 1, 2}, make([]byte, 194)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		skipped := 0
		c := &scripted{Reader: bytes.NewReader(data)}
		got, _ := io.ReadAll(newCapped(c, 100, func(int) { skipped++ }))
		if skipped == 0 && !bytes.HasPrefix(data, got) {
			t.Fatalf("%x became %x", data, got)
		}
		if len(got) > len(data) {
			t.Fatalf("%d bytes became %d", len(data), len(got))
		}
		if r := c.receipts.Bytes(); len(r)%4 != 0 || len(r)/4 > skipped {
			t.Fatalf("%d packets were skipped and %x was said", skipped, r)
		}
	})
}
