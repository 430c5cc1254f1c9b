package mqtt

import (
	"net"
	"net/url"
)

// HostOf is host:port of tcp://host[:1883] or ssl://host[:8883].
func HostOf(broker string) string {
	u, err := url.Parse(broker)
	if err != nil {
		return broker
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"tcp": "1883", "ssl": "8883"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}
