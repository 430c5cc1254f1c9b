package broker

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"

	"github.com/bauta-gateway/bauta/config/consent"
)

// MaxReceived is the largest packet that is taken from a broker, in bytes; an
// issuer's list is the largest that gateways and issuers send.
const MaxReceived = consent.MaxList + 1<<10

// maxHeader is the type and the length of a packet (MQTT 3.1.1, section 2.2).
const maxHeader = 5

// capped is a connection on which packets above a size are left out: MQTT
// 3.1.1 cannot tell a broker how much one takes, and paho would allocate up
// to 256 MiB for each. A message among them that wants a receipt gets it, or the
// broker would hold those after it back.
type capped struct {
	net.Conn
	in      *bufio.Reader
	largest int
	skip    func(bytes int) // nil: nobody is told

	head []byte // of the packet at hand, yet to be given
	body int    // its bytes yet to be given
}

func newCapped(c net.Conn, largest int, skip func(bytes int)) *capped {
	return &capped{Conn: c, in: bufio.NewReaderSize(c, 64<<10), largest: largest, skip: skip}
}

// Read gives the next bytes of packets that are small enough.
func (c *capped) Read(b []byte) (int, error) {
	for len(c.head) == 0 && c.body == 0 {
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	if len(c.head) > 0 {
		n := copy(b, c.head)
		c.head = c.head[n:]
		return n, nil
	}
	n, err := c.in.Read(b[:min(len(b), c.body)])
	c.body -= n
	return n, err
}

// next reads a header and passes over the packet if it is too large.
func (c *capped) next() error {
	head := make([]byte, 1, maxHeader)
	if _, err := io.ReadFull(c.in, head); err != nil {
		return err
	}
	length := 0
	for shift := 0; ; shift += 7 {
		digit, err := c.in.ReadByte()
		if err != nil {
			return err
		}
		head = append(head, digit)
		length |= int(digit&127) << shift
		if digit < 128 {
			break
		}
		if len(head) == maxHeader {
			return errors.New("the broker sent a packet of no valid length")
		}
	}
	if length > c.largest {
		return c.pass(head[0], length)
	}
	c.head, c.body = head, length
	return nil
}

// The first byte of a PUBLISH with QoS 1, without its flags, and of its receipt
// (MQTT 3.1.1, sections 3.3 and 3.4).
const (
	publishQoS1 = 0x32
	publishMask = 0xf6
	puback      = 0x40
)

// pass reads over a packet of so many bytes.
func (c *capped) pass(kind byte, length int) error {
	if c.skip != nil {
		c.skip(length)
	}
	if kind&publishMask != publishQoS1 {
		_, err := c.in.Discard(length)
		return err
	}
	var two [2]byte
	if _, err := io.ReadFull(c.in, two[:]); err != nil {
		return err
	}
	topic := int(binary.BigEndian.Uint16(two[:]))
	if topic+4 > length {
		return errors.New("the broker sent a topic that is longer than its packet")
	}
	if _, err := c.in.Discard(topic); err != nil {
		return err
	}
	if _, err := io.ReadFull(c.in, two[:]); err != nil {
		return err
	}
	if _, err := c.in.Discard(length - topic - 4); err != nil {
		return err
	}
	_, err := c.Conn.Write([]byte{puback, 2, two[0], two[1]}) // whole, beside what paho writes
	return err
}
