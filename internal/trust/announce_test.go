package trust

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/mdns/v2"
)

// TestAnnounce asks by the loop, so that the test says nothing to the network it runs in.
func TestAnnounce(t *testing.T) {
	loop, err := net.InterfaceByName("lo")
	if err != nil {
		t.Skip("no interface lo here")
	}
	options := []mdns.ServerOption{mdns.WithInterfaces(*loop), mdns.WithIncludeLoopback(true)}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	addresses := func() ([]net.Addr, error) {
		return []net.Addr{&net.IPNet{IP: library.AsSlice(), Mask: net.CIDRMask(24, 32)}}, nil
	}
	first := announce(ctx, quiet, addresses, time.Millisecond, options...)
	if err := first.Err(); err != nil {
		t.Skip("no multicast on the loop here:", err)
	}
	conn, err := listen(options...)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // a test's
	if _, address, err := conn.QueryAddr(ctx, first.Name()); err != nil || !address.IsLoopback() {
		t.Errorf("%s answers with %v, %v", first.Name(), address, err)
	}
	if second := announce(ctx, quiet, addresses, 2*time.Second, options...); second.Name() == first.Name() {
		t.Errorf("both are called %s", first.Name())
	}
}

func TestFreeName(t *testing.T) {
	ours, theirs := netip.MustParseAddr("192.168.1.20"), netip.MustParseAddr("192.168.1.77")
	for _, test := range []struct {
		network map[string]netip.Addr
		want    string
	}{
		{nil, "carrel.local"},
		{map[string]netip.Addr{"carrel.local": theirs}, "carrel-2.local"},
		{map[string]netip.Addr{"carrel.local": ours}, "carrel.local"}, // another program of this machine answers to it
		{map[string]netip.Addr{"carrel.local": theirs, "carrel-2.local": theirs}, "carrel-3.local"},
		{map[string]netip.Addr{"carrel-2.local": theirs}, "carrel.local"},
	} {
		got := freeName([]netip.Addr{ours}, func(name string) (netip.Addr, bool) {
			address, ok := test.network[name]
			return address, ok
		})
		if got != test.want {
			t.Errorf("%v: %s, want %s", test.network, got, test.want)
		}
	}
}
