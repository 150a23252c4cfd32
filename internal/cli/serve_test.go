package cli

import (
	"net"
	"testing"
)

func TestExposed(t *testing.T) {
	for _, c := range []struct {
		ip, url string
		want    bool
	}{
		{"127.0.0.1", "http://127.0.0.1:8417", false},
		{"::1", "http://localhost:8417", false},
		{"0.0.0.0", "http://0.0.0.0:8417", true},
		{"::", "http://vru.example.org", true},
		{"192.0.2.1", "https://vru.example.org", false},
	} {
		if got := exposed(&net.TCPAddr{IP: net.ParseIP(c.ip)}, c.url); got != c.want {
			t.Errorf("%s as %s: %v, want %v", c.ip, c.url, got, c.want)
		}
	}
}
