package trust

import (
	"net/netip"
	"testing"
)

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
