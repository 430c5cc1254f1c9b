package rtsp

import "net"

// LocalAddress is how a program on this host reaches a listening address: one that
// stands for all of them is 127.0.0.1.
func LocalAddress(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// HasCredentials tells whether an address holds a user or password.
func HasCredentials(address string) bool {
	_, user, password, err := SplitCredentials(address)
	return err == nil && user+password != ""
}
