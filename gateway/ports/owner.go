package ports

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
)

// often are programs that usually have a port of ours.
var often = map[int]string{
	1883: "mosquitto, bauta",
	8000: "bauta, mediamtx",
	8322: "bauta, mediamtx",
	8443: "bauta, tomcat, unifi",
	8554: "bauta, mediamtx, go2rtc",
}

// Holder is who has a port, as far as this process may see it.
type Holder struct {
	Port int
	// Name and PID are empty and 0 where it may not.
	Name string
	PID  int
}

// In is the text in a language, for text's functions.
func (h Holder) In(lang text.Lang) string {
	find := fmt.Sprintf("sudo ss -lntup 'sport = :%d'", h.Port)
	switch {
	case h.PID != 0:
		return text.Of(lang, text.ListenOwner, h.Name, h.PID)
	case often[h.Port] != "":
		return text.Of(lang, text.ListenOften, often[h.Port], find)
	}
	return text.Of(lang, text.ListenUnknown, find)
}

// Owner searches for the process that has a TCP or UDP port of this machine.
func Owner(port int) Holder {
	h := Holder{Port: port}
	sockets := socketsAt(port)
	if len(sockets) == 0 {
		return h
	}
	all, _ := filepath.Glob("/proc/[0-9]*/fd/*") // of other users' processes nothing comes
	for _, fd := range all {
		to, err := os.Readlink(fd)
		if err != nil || !sockets[to] {
			continue
		}
		dir := filepath.Dir(filepath.Dir(fd))
		name, _ := os.ReadFile(filepath.Join(dir, "comm"))                         // it may be gone by now: a number is left
		h.Name = strings.Trim(strconv.Quote(strings.TrimSpace(string(name))), `"`) // whoever made it chose the name
		h.PID, _ = strconv.Atoi(filepath.Base(dir))
		return h
	}
	return h
}

// socketsAt returns the links that descriptors of a port's sockets have.
func socketsAt(port int) map[string]bool {
	found := map[string]bool{}
	proc := os.DirFS("/proc/net")
	for _, table := range []string{"tcp", "tcp6", "udp", "udp6"} {
		f, err := proc.Open(table)
		if err != nil {
			continue // a kernel without IPv6
		}
		listening(f, strings.HasPrefix(table, "tcp"), port, found)
		_ = f.Close()
	}
	return found
}

// listening reads lines such as
//
//	0: 0100007F:216A 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 12345
func listening(f fs.File, tcp bool, port int, found map[string]bool) {
	const stateListen = "0A"
	suffix := fmt.Sprintf(":%04X", port)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		field := strings.Fields(lines.Text())
		if len(field) < 10 || !strings.HasSuffix(field[1], suffix) || tcp && field[3] != stateListen {
			continue
		}
		found["socket:["+field[9]+"]"] = true
	}
}
