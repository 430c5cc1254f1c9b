package soapxml

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// decode makes text of an answer. What an answer calls its encoding is often wrong, so the
// bytes decide: UTF-16 by its mark or its zeros, then UTF-8 or GB18030, which holds GBK and
// GB2312. Control characters become blanks, what cannot be read U+FFFD.
func decode(data []byte) string {
	var s string
	switch {
	case wide(data):
		s = string(narrow(data))
	case !chinese(data):
		s = strings.ToValidUTF8(string(data), "\uFFFD")
	default:
		b, _ := simplifiedchinese.GB18030.NewDecoder().Bytes(data) // what it cannot read is U+FFFD, and no error
		s = string(b)
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' && !strings.ContainsRune(blank, r) || r == 0x7f || r == '\uFEFF' {
			return ' '
		}
		return r
	}, s)
}

// wide reports whether data is UTF-16: a byte order mark, or a first tag whose every second
// byte is zero.
func wide(d []byte) bool {
	return bytes.HasPrefix(d, []byte("\xff\xfe")) || bytes.HasPrefix(d, []byte("\xfe\xff")) ||
		len(d) > 3 && (d[0] == '<' && d[1] == 0 && d[3] == 0 || d[0] == 0 && d[1] == '<' && d[2] == 0)
}

func narrow(data []byte) []byte {
	order := unicode.LittleEndian
	if data[0] == 0 {
		order = unicode.BigEndian
	}
	b, _ := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(data) // as above
	return b
}

// gb is a declaration of one of the Chinese encodings.
var gb = regexp.MustCompile(`(?i)^[^<]{0,64}<\?xml[^>]{0,64}encoding\s*=\s*["']?gb`)

// chinese reports whether bytes are rather GB18030 than UTF-8. Text in that has hardly ever
// bytes that happen to be UTF-8's, and then but in pairs, while text cut off within a
// character, or with a wrong byte in it, is mostly UTF-8.
func chinese(data []byte) bool {
	var pairs, longer, bad int
	for rest := data; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n == 2:
			pairs++
		case n > 2:
			longer++
		}
		rest = rest[n:]
	}
	return bad > pairs+longer || bad == 0 && pairs > longer && gb.Match(data)
}
