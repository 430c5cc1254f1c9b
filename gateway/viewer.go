package gateway

import (
	"net"
	"net/url"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Viewer tells the login and the streams' addresses.
func (g *Gateway) Viewer() api.Viewer {
	v := api.Viewer{Anonymous: g.cfg.RTSP.Anonymous, URLs: []string{}}
	var user *url.Userinfo
	if !v.Anonymous {
		v.User, v.Password = g.viewer.user, g.viewer.password
		user = url.UserPassword(v.User, v.Password)
	}
	for _, c := range g.sorted() {
		v.URLs = append(v.URLs, g.streamURL(c.cfg.source.ID, user))
	}
	return v
}

// streamURL is the address of a masked stream as seen from this box.
func (g *Gateway) streamURL(id media.CameraID, user *url.Userinfo) string {
	u := url.URL{Scheme: "rtsp", User: user, Host: localAddress(g.streams.Addrs().RTSP), Path: "/" + string(id)}
	if g.streams.Addrs().RTSP == "" {
		u.Scheme, u.Host = "rtsps", localAddress(g.streams.Addrs().RTSPS)
	}
	return u.String()
}

// localAddress is how a program on this box reaches a listening address: one
// that stands for all of them is told as 127.0.0.1.
func localAddress(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// BrokerHost is host:port of tcp://host[:1883] or ssl://host[:8883].
func BrokerHost(broker string) string {
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
