package config

import (
	"errors"
	"net"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/slug"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// accept checks a value of the right kind.
func (f field) accept(v any) error {
	switch v := v.(type) {
	case string:
		return f.acceptText(v)
	case bool:
		return nil
	}
	return f.acceptNumber(v)
}

// CheckCamera checks a camera's own masking by the bounds of the file's. An
// empty mask and nil mean the file's values.
func CheckCamera(mask string, lookAhead *time.Duration, rateCap *float64) error {
	var errs []error
	if mask != "" {
		errs = append(errs, acceptOwn("worker.mask", mask))
	}
	if lookAhead != nil {
		errs = append(errs, acceptOwn("worker.look_ahead", *lookAhead))
	}
	if rateCap != nil {
		errs = append(errs, acceptOwn("worker.rate_cap", *rateCap))
	}
	return errors.Join(errs...)
}

// acceptOwn names the value as a camera does, without the file's section.
func acceptOwn(key string, v any) error {
	f, _ := find(key)
	_, f.key, _ = strings.Cut(key, ".")
	return f.accept(v)
}

// acceptNumber refuses NaN too: it is not within any bounds.
func (f field) acceptNumber(v any) error {
	n := number(v)
	if n >= number(f.from) && n <= number(f.to) || f.zero && n == 0 {
		return nil
	}
	key := text.ConfigRange
	if f.zero {
		key = text.ConfigRangeOrZero
	}
	return text.Fail(nil, key, f.key, show(v), show(f.from), show(f.to), f.sample)
}

// number is exact for all that a bound may be.
func number(v any) float64 {
	if r := reflect.ValueOf(v); r.CanInt() {
		return float64(r.Int())
	}
	return v.(float64)
}

const maxText = 1024 // bytes

func (f field) acceptText(s string) error {
	if len(s) > maxText {
		return text.Fail(nil, text.ConfigTooLong, f.key, maxText)
	}
	if strings.ContainsFunc(s, unicode.IsControl) {
		return text.Fail(nil, text.ConfigControl, f.key)
	}
	if f.path && (s == "~" || strings.HasPrefix(s, "~/")) {
		return text.Fail(nil, text.ConfigHome, f.key, s)
	}
	if f.check != nil {
		return f.check(f, s)
	}
	return nil
}

// kinds are the checks of texts by the tag kind; one without a check takes any text.
var kinds = map[string]func(field, string) error{
	"path": nil, "slug": gatewayName, "topic": topic, "topic or none": topicOrNone, "word": word, "snapshots": snapshots, "address": address, "address or none": addressOrNone, "even port": evenPort, "brokers": brokers, "prefix": prefix, "purposes": purposes,
	"output size": outputSize, "sub size": choice(string(media.SubAuto), string(media.SubHalf), string(media.SubQuarter)),
	"hosts": each(isHost, text.ConfigHosts), "ice servers": each(iceServer.MatchString, text.ConfigICEServers), "interfaces": each(isInterface, text.ConfigInterfaces),
	"language": choice("auto", string(text.EN), string(text.ZhCN)), "mask": choice(Masks...), "accelerator": choice(Accelerators...), "pack": choice(Packs...),
}

// gatewayName takes the empty name too: it means the host's.
func gatewayName(f field, s string) error {
	if s == "" {
		return nil
	}
	if _, err := media.ParseCameraID(s); err != nil { // the same slugs
		return text.Fail(nil, text.ConfigSlug, f.key, s, media.MaxCameraID, f.sample)
	}
	return nil
}

func topic(f field, s string) error {
	if slug.IsTopic(s) {
		return nil
	}
	return text.Fail(nil, text.ConfigTopic, f.key, s, slug.MaxTopic, f.sample)
}

func topicOrNone(f field, s string) error {
	if s == "" {
		return nil
	}
	return topic(f, s)
}

// payloadWord is a payload that a person chooses.
var payloadWord = regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,64}$`)

func word(f field, s string) error {
	if payloadWord.MatchString(s) {
		return nil
	}
	return text.Fail(nil, text.ConfigWord, f.key, s, f.sample)
}

func snapshots(f field, s string) error {
	if s == SnapshotsOff || (MQTT{Snapshots: s}).SnapshotEvery() > 0 {
		return nil
	}
	return text.Fail(nil, text.ConfigSnapshots, f.key, s, show(MinSnapshots), show(MaxSnapshots))
}

func choice(words ...string) func(field, string) error {
	return func(f field, s string) error {
		if slices.Contains(words, s) {
			return nil
		}
		return text.Fail(nil, text.ConfigChoice, f.key, s, strings.Join(words, ", "))
	}
}

func outputSize(f field, s string) error {
	if s == "" || !media.OutputSize(s).Known() {
		return text.Fail(nil, text.OutputSizeUnknown, f.key, s)
	}
	return nil
}

func purposes(f field, s string) error {
	if _, ok := consent.ParsePurposes(s); !ok {
		return text.Fail(nil, text.ConfigPurposes, f.key, s, f.sample)
	}
	return nil
}

// each refuses a list with a part that is not one.
func each(is func(part string) bool, no text.Key) func(field, string) error {
	return func(f field, s string) error {
		for _, part := range List(s) {
			if !is(part) {
				return text.Fail(nil, no, f.key, part, f.sample)
			}
		}
		return nil
	}
}

// hostName is one as RFC 1123, section 2.1, has it.
var hostName = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$`)

func isHost(s string) bool {
	return net.ParseIP(s) != nil || len(s) <= 253 && hostName.MatchString(s)
}

// iceServer is a STUN or TURN URI as RFC 7064, section 3.1, and RFC 7065, section 3.1, have them.
var iceServer = regexp.MustCompile(`^(stuns?|turns?):(\[[0-9a-fA-F:]+\]|[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?)(:[0-9]{1,5})?(\?transport=(udp|tcp))?$`)

// isInterface takes the names that Linux lets an interface have, IFNAMSIZ (16) with a final zero.
func isInterface(s string) bool { return len(s) < 16 && !strings.ContainsAny(s, "/: ") }

func address(f field, s string) error {
	_, _, err := splitAddress(f, s)
	return err
}

func addressOrNone(f field, s string) error {
	if s == "" {
		return nil
	}
	return address(f, s)
}

// splitAddress does not look the host up: that may need a network which is not
// there yet, and the listener says it better.
func splitAddress(f field, s string) (host string, port int, err error) {
	host, digits, err := net.SplitHostPort(s)
	if err != nil || digits == "" || strings.ContainsAny(host, "/ @") {
		return "", 0, text.Fail(nil, text.ConfigAddress, f.key, s, f.sample)
	}
	port, err = strconv.Atoi(digits)
	if err != nil || port < 0 || port > 65535 {
		return "", 0, text.Fail(nil, text.ConfigPort, f.key, s, f.sample)
	}
	return host, port, nil
}

// evenPort leaves room for RTCP beside RTP.
func evenPort(f field, s string) error {
	_, port, err := splitAddress(f, s)
	if err == nil && port%2 != 0 {
		return text.Fail(nil, text.ConfigEvenPort, f.key, s, f.sample)
	}
	return err
}

// maxBrokers are enough for a cluster.
const maxBrokers = 8

func brokers(f field, s string) error {
	all := List(s)
	if len(all) > maxBrokers {
		return text.Fail(nil, text.ConfigBrokers, f.key, maxBrokers)
	}
	for _, one := range all {
		if err := broker(f, one); err != nil {
			return err
		}
	}
	return nil
}

func prefix(f field, s string) error {
	if !slug.Prefix(s) {
		return text.Fail(nil, text.ConfigPrefix, f.key, s, slug.MaxPrefixLevels, slug.MaxPrefix, f.sample)
	}
	return nil
}

// broker never repeats the address: it may hold a password.
func broker(f field, s string) error {
	u, err := url.Parse(s)
	if err == nil && u.User != nil || strings.Contains(s, "@") {
		return text.Fail(nil, text.ConfigBrokerLogin, f.key)
	}
	if err != nil || !slices.Contains([]string{"tcp", "ssl"}, u.Scheme) || !isHostPort(u) {
		return text.Fail(nil, text.ConfigBroker, f.key)
	}
	return nil
}

func isHostPort(u *url.URL) bool {
	port := 1
	if digits := u.Port(); digits != "" {
		port, _ = strconv.Atoi(digits)
	}
	bare := strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == ""
	return bare && u.Hostname() != "" && port > 0 && port <= 65535
}

// maxSocket is the longest name of a Unix socket on Linux, without its final zero.
const maxSocket = 107

// together checks what keys ask of each other. The error stands at the key
// that is returned with it.
func (c Config) together() (key string, err error) {
	plain := func(address string) bool { return !strings.HasPrefix(address, "ssl:") }
	tls := c.MQTT.Broker != "" && !slices.ContainsFunc(List(c.MQTT.Broker), plain)
	for _, rule := range []struct {
		key, value, other string
		fine              bool
	}{
		{"rtsp.certificate", c.RTSP.Certificate, "rtsp.key", c.RTSP.Key != ""},
		{"rtsp.key", c.RTSP.Key, "rtsp.certificate", c.RTSP.Certificate != ""},
		{"console.certificate", c.Console.Certificate, "console.key", c.Console.Key != ""},
		{"console.key", c.Console.Key, "console.certificate", c.Console.Certificate != ""},
		{"mqtt.user", c.MQTT.User, "mqtt.broker", c.MQTT.Broker != ""},
		{"mqtt.password_file", c.MQTT.PasswordFile, "mqtt.user", c.MQTT.User != ""},
		{"mqtt.cert_file", c.MQTT.CertFile, "mqtt.key_file", c.MQTT.KeyFile != ""},
		{"mqtt.key_file", c.MQTT.KeyFile, "mqtt.cert_file", c.MQTT.CertFile != ""},
		{"webrtc.turn_user", c.WebRTC.TURNUser, "webrtc.turn_password_file", c.WebRTC.TURNPasswordFile != ""},
		{"webrtc.turn_password_file", c.WebRTC.TURNPasswordFile, "webrtc.turn_user", c.WebRTC.TURNUser != ""},
		{"webrtc.turn_user", c.WebRTC.TURNUser, "webrtc.ice_servers", c.WebRTC.ICEServers != ""},
		{"onvif.interfaces", c.ONVIF.Interfaces, "onvif.address", c.ONVIF.Address != ""},
		{"mqtt.ca_file", c.MQTT.CAFile, "", tls},
		{"mqtt.cert_file", c.MQTT.CertFile, "", tls || c.MQTT.Broker == ""},
	} {
		switch {
		case rule.value == "" || rule.fine:
		case rule.other == "":
			return rule.key, text.Fail(nil, text.ConfigNeedsTLSBroker, rule.key)
		default:
			return rule.key, text.Fail(nil, text.ConfigNeeds, rule.key, rule.other)
		}
	}
	if n := len(c.Socket()); n > maxSocket {
		return c.socketKey(), text.Fail(nil, text.ConfigSocketLong, c.socketKey(), n, maxSocket)
	}
	return "", nil
}

// socketKey is the key that the socket's path comes from.
func (c Config) socketKey() string {
	if c.API.Socket != "" {
		return "api.socket"
	}
	return "data"
}
