package config

import (
	"io"
	"os"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
)

const maxPassword = 1024 // bytes

// Password reads the broker's password from PasswordFile, and TURNPassword the one at TURN
// servers; it is empty where no file is set. A line end after it is dropped. A file that
// everybody on the host can read is refused. Errors never show the content.
func (m MQTT) Password() (string, error) { return passwordIn(m.PasswordFile) }

// TURNPassword is as MQTT.Password says.
func (w WebRTC) TURNPassword() (string, error) { return passwordIn(w.TURNPasswordFile) }

func passwordIn(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	f, err := os.Open(file)
	if err != nil {
		return "", text.Fail(err, text.PasswordFileUnreadable, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", text.Fail(err, text.PasswordFileUnreadable, err)
	}
	if info.Mode().Perm()&0o007 != 0 {
		return "", text.Fail(nil, text.PasswordFileOpen, file)
	}
	b, err := io.ReadAll(io.LimitReader(f, maxPassword+3))
	if err != nil {
		return "", text.Fail(err, text.PasswordFileUnreadable, err)
	}
	return onePassword(file, string(b))
}

func onePassword(file, s string) (string, error) {
	s = strings.TrimSuffix(strings.TrimSuffix(s, "\n"), "\r")
	switch {
	case s == "":
		return "", text.Fail(nil, text.PasswordFileEmpty, file)
	case len(s) > maxPassword || strings.ContainsAny(s, "\r\n\x00"):
		return "", text.Fail(nil, text.PasswordFileLines, file)
	}
	return s, nil
}
