//go:build linux

package main

import "testing"

func TestSubscribe(t *testing.T) {
	if got := subscribe("127.0.0.1:1883", "bauta"); got != "mosquitto_sub -h 127.0.0.1 -p 1883 -t 'bauta/#' -v" {
		t.Error(got)
	}
}
