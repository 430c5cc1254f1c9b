package cli

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"

	"rsc.io/qr"

	"github.com/bauta-gateway/bauta/config/text"
)

// SetupAddress leads to the set-up with the code filled in. The code is in the fragment, which
// no browser sends.
func SetupAddress(console, code string) string { return console + "#setup=" + code }

// FirstVisit helps who opens the console for the first time: what the browser will warn of, and
// at a terminal the address as a code for a phone.
func (p *Program) FirstVisit(console, code, fingerprint string) {
	if fingerprint != "" {
		p.Say(text.RunFingerprint, Fingerprint(fingerprint))
	}
	if !IsTerminal(p.Stdout) || os.Getenv("TERM") == "dumb" || onlyHere(console) {
		return
	}
	if drawing := halfBlocks(SetupAddress(console, code), columns(p.Stdout)); drawing != "" {
		p.Say(text.RunScan)
		io.WriteString(p.Stdout, drawing)
	}
}

// Fingerprint writes SHA-256 in hex as browsers show it.
func Fingerprint(hex string) string {
	var b strings.Builder
	for i := 0; i+1 < len(hex); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(strings.ToUpper(hex[i : i+2]))
	}
	return b.String()
}

// onlyHere: a phone could not open the address.
func onlyHere(console string) bool {
	u, err := url.Parse(console)
	if err != nil || u.Hostname() == "localhost" {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}

// quiet is the white around a code, in modules.
const quiet = 4

// halfBlocks draws a QR code with two modules in each character, black on white whatever the
// terminal's colours are; empty where it has no room for that.
func halfBlocks(address string, width int) string {
	c, err := qr.Encode(address, qr.L)
	if err != nil || c.Size+2*quiet > width {
		return ""
	}
	const black, white, end = "\x1b[38;5;16m", "\x1b[48;5;231m", "\x1b[0m"
	var b strings.Builder
	for y := -quiet; y < c.Size+quiet; y += 2 {
		b.WriteString(black + white)
		for x := -quiet; x < c.Size+quiet; x++ {
			b.WriteString(block(c.Black(x, y), c.Black(x, y+1)))
		}
		fmt.Fprintln(&b, end)
	}
	return b.String()
}

// block is the character of an upper and a lower module.
func block(upper, lower bool) string {
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}
