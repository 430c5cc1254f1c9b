// Package ports opens the addresses at which the gateway is reached.
//
// In: an address and the setting that it stands in. Out: a listener. A port that another
// program has is an error that names the port, who has it and the setting to change; on
// demand the next free port is taken instead. It owns no goroutine, and it must never
// take another port unasked.
package ports

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"

	"github.com/bauta-gateway/bauta/config/text"
)

// tries bounds the search for a free port.
const tries = 100

// Want says what to listen on. The zero Next is what a service needs: its port
// or none.
type Want struct {
	// Addr is [host]:port; port 0 takes any free one.
	Addr string
	// Setting is the key of the settings that holds Addr, for errors.
	Setting string
	// Next takes the next free port where another program has Addr's.
	Next bool
}

// TCP opens a listener. An error that is syscall.EADDRINUSE is a text in both
// languages.
func TCP(w Want) (net.Listener, error) {
	return search(w, 1, func(addr string) (net.Listener, error) { return net.Listen(network("tcp", addr), addr) })
}

// UDP opens one UDP port, as TCP does.
func UDP(w Want) (*net.UDPConn, error) { return search(w, 1, openUDP) }

// UDPPair opens the port for RTP and the next one for RTCP. With port 0 it takes
// any free pair, the lower one even, as RTP wants.
func UDPPair(w Want) (pair [2]*net.UDPConn, err error) {
	host, port, err := net.SplitHostPort(w.Addr)
	if err != nil {
		return pair, fmt.Errorf("UDP address for RTP: %w", err)
	}
	if port != "0" {
		return search(w, 2, openPair)
	}
	for range tries {
		if pair, err = anyPair(host); err == nil {
			break
		}
	}
	return pair, err
}

// search tries Addr's port and, where wanted, those after it in steps.
func search[L any](w Want, step int, open func(addr string) (L, error)) (L, error) {
	l, err := open(w.Addr)
	if err == nil {
		return l, nil
	}
	if !errors.Is(err, syscall.EADDRINUSE) {
		return l, fmt.Errorf("%w: give %s an address of this machine and a port that it may open", err, w.Setting)
	}
	host, service, splitErr := net.SplitHostPort(w.Addr)
	port, portErr := strconv.Atoi(service)
	if splitErr != nil || portErr != nil {
		return l, err
	}
	if w.Next {
		for n := port + step; n < port+tries*step && n+step <= 1<<16; n += step {
			next, nextErr := open(net.JoinHostPort(host, strconv.Itoa(n)))
			if !errors.Is(nextErr, syscall.EADDRINUSE) {
				return next, nextErr
			}
		}
	}
	return l, text.Fail(err, text.ListenBusy, busyPort(err, port), Owner(busyPort(err, port)), w.Setting)
}

// busyPort is the port of a pair that is taken: the error names it.
func busyPort(err error, port int) int {
	var op *net.OpError
	if errors.As(err, &op) {
		if a, ok := op.Addr.(*net.UDPAddr); ok {
			return a.Port
		}
	}
	return port
}

// network keeps "0.0.0.0" from listening on IPv6 too.
func network(name, addr string) string {
	if host, _, err := net.SplitHostPort(addr); err == nil && host == "0.0.0.0" {
		return name + "4"
	}
	return name
}

func anyPair(host string) (pair [2]*net.UDPConn, err error) {
	probe, err := openUDP(net.JoinHostPort(host, "0"))
	if err != nil {
		return pair, err
	}
	even := probe.LocalAddr().(*net.UDPAddr).Port &^ 1
	_ = probe.Close()
	return openPair(net.JoinHostPort(host, strconv.Itoa(even)))
}

func openPair(addr string) (pair [2]*net.UDPConn, err error) {
	host, service, err := net.SplitHostPort(addr)
	if err != nil {
		return pair, err
	}
	port, err := strconv.Atoi(service)
	if err != nil {
		return pair, err
	}
	for i := range pair {
		if pair[i], err = openUDP(net.JoinHostPort(host, strconv.Itoa(port+i))); err != nil {
			if i > 0 {
				_ = pair[0].Close()
			}
			return [2]*net.UDPConn{}, err
		}
	}
	return pair, nil
}

func openUDP(addr string) (*net.UDPConn, error) {
	c, err := net.ListenPacket(network("udp", addr), addr)
	if err != nil {
		return nil, fmt.Errorf("listen for UDP: %w", err)
	}
	return c.(*net.UDPConn), nil
}
