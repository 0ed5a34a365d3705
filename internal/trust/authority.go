// Package trust gives the doors their certificates on the school's network: an authority of this library's own that vouches for its own names and for
// addresses inside the school and for nothing else, the certificate of the doors, the plain page from which devices fetch the authority, and the
// name by which the machine answers. A certificate from the school's technician takes the authority's place.
package trust

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"carrel/internal/fault"
)

const (
	authorityFile  = "authority.pem" // certificate and key together: a power cut cannot part them
	authorityYears = 10
	day            = 24 * time.Hour
	nameBytes      = 64 // of a common name (RFC 5280, appendix A: ub-common-name)
)

// oldest is before the first Carrel. A Pi has no clock chip and may believe in 1970 at its first start; an authority of ten years from then would
// be over before it was made.
var oldest = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Authority signs the certificates of the doors. Its key stays in the identity folder: it is not in the data folder, its backups, or any log.
type Authority struct{ pair tls.Certificate }

// OpenAuthority reads the authority of an identity folder, or makes one called after owner that vouches for names and the school's addresses. What an
// authority may vouch for never changes: every device has it as it was made. A file that cannot be read is fault.Conflict.
func OpenAuthority(folder, owner string, names []string, now time.Time) (*Authority, error) {
	if err := closeFolder(folder); err != nil {
		return nil, err
	}
	file := filepath.Join(folder, authorityFile)
	authority, err := readAuthority(file)
	if errors.Is(err, fs.ErrNotExist) {
		return makeAuthority(file, owner, names, now)
	}
	if err != nil {
		return nil, err
	}
	return authority, os.Chmod(file, 0o600)
}

func readAuthority(file string) (*Authority, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(content, content)
	if err != nil || !pair.Leaf.IsCA {
		return nil, fault.New("trust.readAuthority", fault.Conflict, "trust.damaged", file).Because(err)
	}
	return &Authority{pair}, nil
}

func makeAuthority(file, owner string, names []string, now time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	from := later(now, oldest).Add(-day).UTC() // a device's clock may be behind
	template := &x509.Certificate{
		Subject:   pkix.Name{CommonName: commonName(owner, later(now, oldest)), Organization: []string{"Carrel"}},
		NotBefore: from, NotAfter: from.AddDate(authorityYears, 0, 0),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: names, PermittedIPRanges: asNets(ranges),
	}
	if template.SerialNumber, err = serialNumber(); err != nil {
		return nil, err
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	content := append(asPEM("CERTIFICATE", cert), asPEM("PRIVATE KEY", secret)...)
	if err := writeSecret(file, content); err != nil {
		return nil, fmt.Errorf("the certificate authority cannot be kept in %s: %w", file, err)
	}
	return readAuthority(file)
}

// commonName tells several authorities on one device apart, by school and day.
func commonName(owner string, on time.Time) string {
	date := on.Format(", 2006-01-02")
	name := []rune("Carrel at " + strings.TrimSpace(owner))
	for len(string(name))+len(date) > nameBytes {
		name = name[:len(name)-1]
	}
	return string(name) + date
}

func serialNumber() (*big.Int, error) {
	return rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127)) // positive and under 20 bytes (RFC 5280, 4.1.2.2)
}

func asPEM(kind string, content []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Certificate is the authority's certificate as PEM: what a device installs. There is no secret in it.
func (a *Authority) Certificate() []byte { return asPEM("CERTIFICATE", a.pair.Leaf.Raw) }

// Name is what devices call the authority: "Carrel at <school>, <day it was made>".
func (a *Authority) Name() string { return a.pair.Leaf.Subject.CommonName }

// Expires is the end of the authority.
func (a *Authority) Expires() time.Time { return a.pair.Leaf.NotAfter }

// Fingerprint is the SHA-256 of the certificate in sixteen groups of four hexadecimal digits, to be compared by eye.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.pair.Leaf.Raw)
	digits := strings.ToUpper(hex.EncodeToString(sum[:]))
	var groups []string
	for group := range slices.Chunk([]byte(digits), 4) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, " ")
}

// Vouches tells whether the authority may certify a name, in lower case.
func (a *Authority) Vouches(name string) bool {
	return slices.ContainsFunc(a.pair.Leaf.PermittedDNSDomains, func(permitted string) bool {
		return name == permitted || strings.HasSuffix(name, "."+permitted)
	})
}

func (a *Authority) vouchesFor(address netip.Addr) bool {
	return slices.ContainsFunc(a.pair.Leaf.PermittedIPRanges, func(n *net.IPNet) bool { return n.Contains(address.AsSlice()) })
}
