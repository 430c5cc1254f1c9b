package rtsp

import (
	"encoding/base64"
	"errors"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/bluenviron/gortsplib/v4/pkg/base"
)

const (
	hidden   = "***"
	redacted = "(text withheld: it held the camera's credentials)"

	// maxForeignText bounds, in bytes, what a camera can put into a status.
	maxForeignText = 200
)

// Errors of SplitCredentials. None of them quotes the address.
var (
	errScheme = errors.New("camera address is not RTSP: begin it with rtsp:// or rtsps://, or with rtsp+http:// where only HTTP passes")
	errAt     = errors.New("the @ in the camera address is ambiguous: in a user name or password write / ? # @ as %2F %3F %23 %40, elsewhere @ as %40")
	errURL    = errors.New("camera address is not a valid URL: write rtsp://host:port/path")
)

// scheme is how a camera is spoken to.
type scheme struct{ encrypted, tunnel bool }

var schemes = map[string]scheme{
	"rtsp":       {},
	"rtsps":      {encrypted: true},
	"rtspx":      {encrypted: true}, // as some makers' pages write it
	"rtsp+http":  {tunnel: true},
	"rtsps+http": {encrypted: true, tunnel: true},
}

// schemeOf is the zero value for an unknown one.
func schemeOf(address string) scheme {
	name, _, _ := strings.Cut(address, "://")
	return schemes[strings.ToLower(name)]
}

// Encrypted reports whether a camera's address is one over TLS.
func Encrypted(address string) bool { return schemeOf(address).encrypted }

// plain is an address with the scheme that stands in requests.
func (s scheme) plain(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	if s.encrypted {
		return "rtsps://" + rest
	}
	return "rtsp://" + rest
}

// SplitCredentials takes the user name and password out of a camera's
// address. clean is the address without them, and without what asks for keys of
// the packets' own (enableSrtp) where the connection is encrypted. Percent-encoding is undone;
// installers who pasted a password as it is, with @ or # or / in it, are
// understood where only one reading is possible.
//
// Errors are for the user to mend; they never quote the address.
func SplitCredentials(raw string) (clean, user, pass string, err error) {
	clean, info, err := splitUserinfo(raw)
	if err != nil {
		return "", "", "", err
	}
	clean = withoutSRTP(clean)
	u, err := base.ParseURL(schemeOf(clean).plain(clean))
	if err != nil || u.Hostname() == "" || u.User != nil {
		return "", "", "", errURL // the parser's own error would quote the address
	}
	user, pass, _ = strings.Cut(info, ":")
	return clean, percentDecode(user), percentDecode(pass), nil
}

var enableSRTP = regexp.MustCompile(`(?i)[?&]enableSrtp(=[^&#]*)?`)

// withoutSRTP writes rtspx:// as rtsps:// and leaves out enableSrtp, as UniFi's addresses have them: the
// stream of the same path without it goes unencrypted through the encrypted connection.
func withoutSRTP(address string) string {
	s := schemeOf(address)
	if !s.encrypted || s.tunnel {
		return address
	}
	address = s.plain(address)
	at := enableSRTP.FindStringIndex(address)
	if at == nil {
		return address
	}
	head, tail := address[:at[0]], address[at[1]:]
	if address[at[0]] == '?' && strings.HasPrefix(tail, "&") {
		tail = "?" + tail[1:]
	}
	return head + tail
}

// splitUserinfo cuts an address into all but its user information, and that.
func splitUserinfo(raw string) (clean, info string, err error) {
	scheme, rest, found := strings.Cut(strings.TrimSpace(raw), "://")
	scheme = strings.ToLower(scheme)
	if _, known := schemes[scheme]; !found || !known {
		return "", "", errScheme
	}
	info, rest, err = cutUserinfo(rest)
	return scheme + "://" + rest, info, err
}

// cutUserinfo cuts what stands before the host off an address without its
// scheme. A password with an unencoded / ? or # makes the host seem as if it
// ended early; guessing wrong would leave a part of the password in the
// address, so a doubtful case is an error.
func cutUserinfo(s string) (info, rest string, err error) {
	end := authorityEnd(s)
	at := strings.LastIndexByte(s[:end], '@')
	host, later := s[at+1:end], strings.Contains(s[end:], "@")
	switch {
	case !later || isIPHost(host):
		return s[:max(at, 0)], s[at+1:], nil
	case at < 0 && !hasPort(host) && strings.Contains(host, ":") && strings.Count(s, "@") == 1:
		info, rest, _ = strings.Cut(s, "@")
		return info, rest, nil
	}
	return "", "", errAt
}

func authorityEnd(s string) int {
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		return i
	}
	return len(s)
}

func isIPHost(host string) bool {
	if _, err := netip.ParseAddrPort(host); err == nil {
		return true
	}
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil
}

func hasPort(host string) bool {
	_, err := strconv.ParseUint(host[strings.LastIndexByte(host, ':')+1:], 10, 16)
	return err == nil
}

// percentDecode undoes percent-encoding and leaves a % that begins none as it
// is: passwords such as 100% are often pasted raw.
func percentDecode(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if v, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(v))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// RedactURL returns a camera's address for logs and screens: user name and
// password, and values of parameters that are named like one, become ***.
// What cannot be told apart for sure is left out altogether.
func RedactURL(raw string) string {
	clean, info, err := splitUserinfo(raw)
	switch {
	case err == nil && info == "":
		return redactParams(clean)
	case err == nil:
		scheme, rest, _ := strings.Cut(clean, "://")
		return redactParams(scheme + "://" + hidden + "@" + rest)
	case strings.Contains(raw, "@"):
		return hidden
	}
	return redactParams(raw)
}

// Some makers want the login in the path or the query, such as
// /user=admin_password=abc_channel=1_stream=0.sdp.
var secretParam = regexp.MustCompile(`(?i)((?:pass(?:word|wd|phrase)?|pwd|token|secret|auth)=)([^&?#/;\s]*)`)

func redactParams(s string) string { return secretParam.ReplaceAllString(s, "${1}"+hidden) }

var anyURL = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://\S*`)

// secrets are texts that must not reach a log, an error or a status, in lower
// case.
type secrets []string

func newSecrets(address, user, pass string) secrets {
	var s secrets
	s.add(pass)
	if pass != "" {
		s.add(strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(user+":"+pass)), "="))
	}
	for _, m := range secretParam.FindAllStringSubmatch(address, -1) {
		s.add(m[2])
		first, _, _ := strings.Cut(m[2], "_")
		s.add(first)
	}
	return s
}

func (s *secrets) add(text string) {
	if text == "" {
		return
	}
	quoted := strconv.Quote(text)
	for _, form := range []string{text, percentDecode(text), url.QueryEscape(text), quoted[1 : len(quoted)-1]} {
		*s = append(*s, strings.ToLower(form))
	}
}

// in reports whether text holds a secret, also where some of it is
// percent-encoded.
func (s secrets) in(text string) bool {
	for _, t := range []string{strings.ToLower(text), strings.ToLower(percentDecode(text))} {
		for _, secret := range s {
			if strings.Contains(t, secret) {
				return true
			}
		}
	}
	return false
}

// clean makes text that a camera or a library wrote fit for a status: no
// secret, no control characters, one short line. A text with a secret in it
// goes as a whole: the gap would tell the secret's place and length.
func (s secrets) clean(text string) string {
	if s.in(text) {
		return redacted
	}
	text = anyURL.ReplaceAllStringFunc(text, RedactURL)
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	if len(text) > maxForeignText {
		text = strings.ToValidUTF8(text[:maxForeignText], "") + "..."
	}
	return text
}
