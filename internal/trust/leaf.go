package trust

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

const (
	leafLife  = 397 * day // browsers refuse longer ones
	leafRenew = 30 * day  // before its end
	lookEvery = 5 * time.Minute
)

// Leaf is the certificate of the doors: for the names the authority vouches for and the addresses the machine has now. It lives in memory and is made
// anew, while the doors are open, before it ends and when the addresses change. It looks during a handshake and never by itself: nobody needs a
// certificate between two handshakes.
type Leaf struct {
	authority *Authority
	names     []string
	addresses func() ([]netip.Addr, error)
	now       func() time.Time
	log       *slog.Logger

	mu     sync.Mutex
	cert   *tls.Certificate
	covers []netip.Addr
	looked time.Time
}

// NewLeaf certifies the names that the authority vouches for. addresses are the machine's own, as Addresses.
func NewLeaf(authority *Authority, names []string, addresses func() ([]netip.Addr, error), now func() time.Time, log *slog.Logger) (*Leaf, error) {
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !authority.Vouches(name) })
	leaf := &Leaf{authority: authority, names: names, addresses: addresses, now: now, log: log}
	return leaf, leaf.look()
}

// Certificate answers the certificate for a handshake; it is a tls.Config's GetCertificate.
func (l *Leaf) Certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now().Sub(l.looked).Abs() >= lookEvery || l.ending() || !l.knows(hello) {
		if err := l.look(); err != nil {
			l.log.Warn("the certificate of the doors could not be renewed", "error", err) // the one at hand may still do
		}
	}
	return l.cert, nil
}

// knows tells whether the certificate names the address at which the device came in.
func (l *Leaf) knows(hello *tls.ClientHelloInfo) bool {
	if hello == nil || hello.Conn == nil {
		return true
	}
	at, err := netip.ParseAddrPort(hello.Conn.LocalAddr().String())
	if err != nil {
		return true
	}
	address := at.Addr().Unmap().WithZone("")
	return slices.Contains(l.covers, address) || !l.authority.vouchesFor(address)
}

// ending tells whether the certificate is near its end, or not yet valid because it was made while the clock was ahead.
func (l *Leaf) ending() bool {
	from, until := l.validity()
	now, cert := l.now(), l.cert.Leaf
	early := now.Before(cert.NotBefore) && from.Before(cert.NotBefore)
	late := now.After(cert.NotAfter.Add(-leafRenew)) && until.After(cert.NotAfter)
	return early || late
}

// validity is that of a certificate made now. Where the clock is behind (a Pi has no clock chip and starts anywhere in the past) it begins
// with the authority, and never before: no device would believe such a one. A day of grace is for devices whose own clock is behind.
func (l *Leaf) validity() (from, until time.Time) {
	authority := l.authority.pair.Leaf
	from = later(l.now().Add(-day), authority.NotBefore).UTC().Truncate(time.Second)
	until = from.Add(leafLife - time.Second) // both ends count (RFC 5280, 4.1.2.5)
	if until.After(authority.NotAfter) {
		until = authority.NotAfter
	}
	return from, until
}

// look makes a certificate when the one at hand is missing, ending, or for other addresses.
func (l *Leaf) look() error {
	addresses, err := l.addresses()
	if err != nil {
		return err
	}
	l.looked = l.now()
	addresses = slices.DeleteFunc(slices.Clone(addresses), func(a netip.Addr) bool { return !l.authority.vouchesFor(a) })
	if l.cert != nil && slices.Equal(addresses, l.covers) && !l.ending() {
		return nil
	}
	cert, err := l.issue(addresses)
	if err != nil {
		return err
	}
	l.cert, l.covers = cert, addresses
	l.log.Info("the doors have a new certificate", "names", l.names, "addresses", addresses, "until", cert.Leaf.NotAfter)
	return nil
}

func (l *Leaf) issue(addresses []netip.Addr) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	from, until := l.validity()
	template := &x509.Certificate{
		Subject:   pkix.Name{CommonName: "Carrel"},
		NotBefore: from, NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
		DNSNames: l.names, IPAddresses: asIPs(addresses),
	}
	if template.SerialNumber, err = serialNumber(); err != nil {
		return nil, err
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, l.authority.pair.Leaf, key.Public(), l.authority.pair.PrivateKey)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key, Leaf: parsed}, nil
}

func asIPs(addresses []netip.Addr) []net.IP {
	ips := make([]net.IP, len(addresses))
	for i, address := range addresses {
		ips[i] = address.AsSlice()
	}
	return ips
}

// Config is how both doors speak TLS, with the certificates of get.
func Config(get func(*tls.ClientHelloInfo) (*tls.Certificate, error)) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: get}
}
