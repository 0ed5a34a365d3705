package trust

import (
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"carrel/internal/fault"

	"golang.org/x/net/publicsuffix"
)

// announced are the names by which Carrel answers on the network, each for when another machine has the one before. All of them are
// certified from the start: which one is free shows only at run time.
var announced = []string{"carrel.local", "carrel-2.local", "carrel-3.local"}

// ranges are the addresses that only mean something inside a school (RFC 1918, 3927, 4193, 4291) or this machine itself.
var ranges = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("fe80::/10"), netip.MustParsePrefix("fc00::/7"),
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"),
}

// tooWide are names under which many machines live, though the list of public suffixes does not hold them.
var tooWide = []string{"local", "localhost", "localdomain", "lan", "home", "internal", "intranet", "arpa", "home.arpa"}

var hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`)

// Names are the names of the machine: those by which Carrel announces itself, the host's name, alone and below .local, and those a technician
// added. An added one that nobody should vouch for is fault.Invalid at "name"; such a host's name is only left out.
func Names(host string, added []string) ([]string, error) {
	names := slices.Clone(announced)
	host = normalName(host)
	short, _, _ := strings.Cut(host, ".")
	for _, name := range []string{host, short + ".local"} {
		if certifiable(name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, given := range added {
		name := normalName(given)
		if !certifiable(name) {
			return nil, fault.New("trust.Names", fault.Invalid, "trust.bad_name", given).At("name")
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, nil
}

func normalName(name string) string {
	return strings.ToLower(strings.TrimSuffix(strings.TrimSpace(name), "."))
}

// certifiable refuses what is no host's name, and names that stand for many: to permit "example.org" to an authority permits every name
// below it, so a machine that happens to be called "com" must not open the whole of .com.
func certifiable(name string) bool {
	if len(name) > 253 || !hostName.MatchString(name) || slices.Contains(tooWide, name) {
		return false
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return false
	}
	suffix, icann := publicsuffix.PublicSuffix(name)
	return suffix != name || !icann && !strings.Contains(name, ".")
}

// inside tells whether an address lies in the ranges.
func inside(address netip.Addr) bool {
	return slices.ContainsFunc(ranges, func(r netip.Prefix) bool { return r.Contains(address) })
}

// Addresses are the machine's own addresses at this moment, without zones, IPv4 first. Those outside the school's ranges are left out: a certificate that
// names one is refused whole.
func Addresses() ([]netip.Addr, error) {
	found, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	addresses := []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}
	for _, each := range found {
		prefix, err := netip.ParsePrefix(each.String())
		if err != nil {
			continue
		}
		if address := prefix.Addr().Unmap().WithZone(""); inside(address) {
			addresses = append(addresses, address)
		}
	}
	slices.SortFunc(addresses, netip.Addr.Compare)
	return slices.Compact(addresses), nil
}

// Reachable are the addresses that another device can be told: neither this machine's own loop nor one that needs a zone.
func Reachable(addresses []netip.Addr) []netip.Addr {
	return slices.DeleteFunc(slices.Clone(addresses), func(a netip.Addr) bool {
		return a.IsLoopback() || a.IsLinkLocalUnicast()
	})
}

func asNets(prefixes []netip.Prefix) []*net.IPNet {
	nets := make([]*net.IPNet, len(prefixes))
	for i, prefix := range prefixes {
		nets[i] = &net.IPNet{IP: prefix.Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen())}
	}
	return nets
}
