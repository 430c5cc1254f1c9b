// Package tpm counts in the box's TPM 2.0 what can only be counted up: a counter
// that nobody who exchanges files sets back.
//
// A counter needs the TPM's owner hierarchy without a password, as it comes, and
// is one index of its non-volatile memory. Who owns the TPM can remove it, which
// Open tells as a counter that is new.
package tpm

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/google/go-tpm/tpm2"
	"github.com/google/go-tpm/tpm2/transport"
	"github.com/google/go-tpm/tpm2/transport/linuxtpm"
	"github.com/google/go-tpm/tpm2/transport/linuxudstpm"
)

// Device is the TPM with the kernel's resource manager before it.
const Device = "/dev/tpmrm0"

// patience bounds each exchange: a TPM that does not answer must not hold
// anybody up. Its goroutine stays with it then.
const patience = 5 * time.Second

// ErrNone: there is no TPM, or this user may not use it.
var ErrNone = errors.New("no usable tpm")

// Counter is one counter. One goroutine uses it.
type Counter struct {
	tpm   transport.TPMCloser
	index tpm2.TPMHandle
	lost  bool // it did not answer once
}

// Open finds the counter of an owner, such as a public key, in the TPM at path: a
// device or a Unix socket. The first call for an owner makes it.
func Open(path string, owner []byte) (*Counter, error) {
	c := &Counter{index: indexOf(owner)}
	err := c.limited(func() (err error) {
		if c.tpm, err = dial(path); err != nil {
			return fmt.Errorf("%w: %w", ErrNone, err)
		}
		if _, err := c.name(); err == nil {
			return nil
		}
		return c.define()
	})
	if err != nil && !c.lost && c.tpm != nil {
		err = errors.Join(err, c.tpm.Close())
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

func dial(path string) (transport.TPMCloser, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Type() == os.ModeSocket {
		return linuxudstpm.Open(path)
	}
	return linuxtpm.Open(path)
}

// indexOf is within the range that the owner of a TPM gives out (TCG, "Registry of
// reserved TPM 2.0 handles").
func indexOf(owner []byte) tpm2.TPMHandle {
	sum := sha256.Sum256(append([]byte("bauta counter\n"), owner...))
	return tpm2.TPMHandle(0x01800000 | binary.BigEndian.Uint32(sum[:])&0x003fffff)
}

// define makes the counter; its first step gives it a value, which is above that
// of any counter this TPM ever had.
func (c *Counter) define() error {
	_, err := tpm2.NVDefineSpace{
		AuthHandle: tpm2.TPMRHOwner,
		PublicInfo: tpm2.New2B(tpm2.TPMSNVPublic{
			NVIndex: c.index, NameAlg: tpm2.TPMAlgSHA256, DataSize: 8,
			Attributes: tpm2.TPMANV{AuthRead: true, AuthWrite: true, NoDA: true, NT: tpm2.TPMNTCounter},
		}),
	}.Execute(c.tpm)
	if err != nil {
		return fmt.Errorf("no counter can be made: %w", err)
	}
	return c.step()
}

// name changes with the first step, so it is asked for each time.
func (c *Counter) name() (tpm2.TPM2BName, error) {
	public, err := tpm2.NVReadPublic{NVIndex: c.index}.Execute(c.tpm)
	if err != nil {
		return tpm2.TPM2BName{}, err
	}
	return public.NVName, nil
}

// Value reads the counter.
func (c *Counter) Value() (n uint64, err error) {
	err = c.limited(func() error {
		name, err := c.name()
		if err != nil {
			return err
		}
		read, err := tpm2.NVRead{
			AuthHandle: tpm2.AuthHandle{Handle: c.index, Name: name, Auth: tpm2.PasswordAuth(nil)},
			NVIndex:    tpm2.NamedHandle{Handle: c.index, Name: name}, Size: 8,
		}.Execute(c.tpm)
		if err == nil && len(read.Data.Buffer) != 8 {
			err = fmt.Errorf("a counter of %d bytes", len(read.Data.Buffer))
		}
		if err == nil {
			n = binary.BigEndian.Uint64(read.Data.Buffer)
		}
		return err
	})
	return n, err
}

// Step adds one. TPMs wear: some take 100,000 steps in their life.
func (c *Counter) Step() error { return c.limited(c.step) }

func (c *Counter) step() error {
	name, err := c.name()
	if err != nil {
		return err
	}
	_, err = tpm2.NVIncrement{
		AuthHandle: tpm2.AuthHandle{Handle: c.index, Name: name, Auth: tpm2.PasswordAuth(nil)},
		NVIndex:    tpm2.NamedHandle{Handle: c.index, Name: name},
	}.Execute(c.tpm)
	return err
}

// Close lets go of the TPM; the counter stays.
func (c *Counter) Close() error {
	if c.lost {
		return nil // somebody still waits in it
	}
	return c.tpm.Close()
}

// limited runs f, for so long.
func (c *Counter) limited(f func() error) error {
	if c.lost {
		return fmt.Errorf("%w: it does not answer", ErrNone)
	}
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(patience):
		c.lost = true
		return fmt.Errorf("%w: it does not answer within %v", ErrNone, patience)
	}
}
