package trust

import (
	"bytes"
	"crypto/x509"
	"errors"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"
)

// school is a machine whose clock and addresses a test turns.
type school struct {
	*Leaf
	t         *testing.T
	now       time.Time
	addresses []netip.Addr
	err       error
}

func newSchool(t *testing.T, authority *Authority) *school {
	t.Helper()
	s := &school{t: t, now: autumn, addresses: []netip.Addr{library}}
	leaf, err := NewLeaf(authority, names, func() ([]netip.Addr, error) { return s.addresses, s.err }, func() time.Time { return s.now }, quiet)
	if err != nil {
		t.Fatal(err)
	}
	s.Leaf = leaf
	return s
}

// cert is what a device is shown that comes in at an address.
func (s *school) cert(at string) *x509.Certificate {
	s.t.Helper()
	return handshake(s.t, s, conn{at: at})
}

type conn struct {
	net.Conn
	at string
}

func (c conn) LocalAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(c.at), 8443))
}

func same(a, b *x509.Certificate) bool { return bytes.Equal(a.Raw, b.Raw) }

func TestTheLeafIsBelieved(t *testing.T) {
	authority := made(t, autumn)
	cert := newSchool(t, authority).cert("192.168.1.20")
	for _, host := range []string{"carrel.local", "shelf", "192.168.1.20"} {
		if err := verify(authority, cert, host, autumn); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	if life := cert.NotAfter.Sub(cert.NotBefore); life > 397*day {
		t.Errorf("browsers refuse %s", life)
	}
	if cert.IsCA || cert.KeyUsage != x509.KeyUsageDigitalSignature {
		t.Errorf("authority %v, usage %v", cert.IsCA, cert.KeyUsage)
	}
}

func TestTheLeafStaysWhileNothingChanges(t *testing.T) {
	s := newSchool(t, made(t, autumn))
	first := s.cert("192.168.1.20")
	s.now = autumn.Add(360 * day)
	if !same(first, s.cert("192.168.1.20")) {
		t.Error("it was renewed more than 30 days before its end")
	}
}

func TestTheLeafIsRenewedBeforeItEnds(t *testing.T) {
	authority := made(t, autumn)
	s := newSchool(t, authority)
	first := s.cert("192.168.1.20")
	s.now = first.NotAfter.Add(-29 * day)
	second := s.cert("192.168.1.20")
	if same(first, second) {
		t.Fatal("it was not renewed")
	}
	if err := verify(authority, second, "carrel.local", first.NotAfter.Add(day)); err != nil {
		t.Error(err)
	}
}

func TestTheLeafFollowsTheAddresses(t *testing.T) {
	authority := made(t, autumn)
	s := newSchool(t, authority)
	first := s.cert("192.168.1.20")

	s.addresses = []netip.Addr{library, netip.MustParseAddr("10.4.0.9")}
	if !same(first, s.cert("192.168.1.20")) {
		t.Error("it looked again at once, though nobody asked for the new address")
	}
	if err := verify(authority, s.cert("10.4.0.9"), "10.4.0.9", autumn); err != nil {
		t.Errorf("a device at the new address: %v", err)
	}

	s.addresses = []netip.Addr{netip.MustParseAddr("10.4.0.9")}
	s.now = autumn.Add(lookEvery)
	if got := s.cert("10.4.0.9").IPAddresses; len(got) != 1 {
		t.Errorf("the old address is still named: %v", got)
	}
}

func TestAnAddressOutsideTheSchoolIsLeftOut(t *testing.T) {
	authority := made(t, autumn)
	s := newSchool(t, authority)
	s.addresses = []netip.Addr{library, netip.MustParseAddr("203.0.113.9")}
	s.now = autumn.Add(lookEvery)
	cert := s.cert("203.0.113.9")
	if len(cert.IPAddresses) != 1 || !same(cert, s.cert("203.0.113.9")) {
		t.Errorf("%v", cert.IPAddresses) // with it devices would refuse the whole
	}
}

func TestANameTheAuthorityDoesNotKnowIsLeftOut(t *testing.T) {
	authority := made(t, autumn)
	leaf, err := NewLeaf(authority, append(slices.Clone(names), "renamed.example"), atSchool, at(autumn), quiet)
	if err != nil {
		t.Fatal(err)
	}
	if got := handshake(t, leaf, nil).DNSNames; !slices.Equal(got, names) {
		t.Errorf("%q", got)
	}
}

func TestTheLeafNeverBeginsBeforeTheAuthority(t *testing.T) {
	authority := made(t, autumn)
	cert := leafOf(t, authority, time.Unix(0, 0)) // the Pi came up without its clock
	if cert.NotBefore.Before(authority.pair.Leaf.NotBefore) {
		t.Error(cert.NotBefore)
	}
	if err := verify(authority, cert, "carrel.local", autumn.Add(30*day)); err != nil {
		t.Error(err)
	}
}

func TestTheLeafNeverOutlivesTheAuthority(t *testing.T) {
	authority := made(t, autumn)
	s := newSchool(t, authority)
	s.now = authority.Expires().Add(-10 * day)
	last := s.cert("192.168.1.20")
	if last.NotAfter.After(authority.Expires()) {
		t.Error(last.NotAfter)
	}
	s.now = s.now.Add(day)
	if !same(last, s.cert("192.168.1.20")) {
		t.Error("it is made anew at each look, though it cannot last longer")
	}
}

func TestAClockThatWasAhead(t *testing.T) {
	authority := made(t, autumn)
	s := newSchool(t, authority)
	s.now = autumn.Add(3000 * day)
	_ = s.cert("192.168.1.20")
	s.now = autumn
	if err := verify(authority, s.cert("192.168.1.20"), "carrel.local", autumn); err != nil {
		t.Error(err)
	}
}

func TestALeafAtHandOutlivesAFailure(t *testing.T) {
	s := newSchool(t, made(t, autumn))
	first := s.cert("192.168.1.20")
	s.err, s.now = errors.New("no interfaces"), autumn.Add(lookEvery)
	if !same(first, s.cert("192.168.1.20")) {
		t.Error("it is gone")
	}
}
