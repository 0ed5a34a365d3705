package trust

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"carrel/internal/fault"
)

var (
	autumn   = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	library  = netip.MustParseAddr("192.168.1.20")
	names    = []string{"carrel.local", "shelf", "shelf.local"}
	quiet    = slog.New(slog.DiscardHandler)
	atSchool = func() ([]netip.Addr, error) { return []netip.Addr{library}, nil }
)

func at(now time.Time) func() time.Time { return func() time.Time { return now } }

func made(t *testing.T, now time.Time) *Authority {
	t.Helper()
	authority, err := OpenAuthority(filepath.Join(t.TempDir(), "identity"), "Cedar Hollow", names, now)
	if err != nil {
		t.Fatal(err)
	}
	return authority
}

// forged is a certificate made with the authority's key for whatever someone asks, as one who stole it would.
func forged(t *testing.T, authority *Authority, name string, addresses ...netip.Addr) *x509.Certificate {
	t.Helper()
	leaf := &Leaf{authority: authority, names: []string{name}, now: at(autumn), log: quiet}
	cert, err := leaf.issue(addresses)
	if err != nil {
		t.Fatal(err)
	}
	return cert.Leaf
}

func verify(authority *Authority, cert *x509.Certificate, host string, now time.Time) error {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority.Certificate())
	_, err := cert.Verify(x509.VerifyOptions{DNSName: host, Roots: roots, CurrentTime: now})
	return err
}

func TestTheAuthorityVouchesForTheSchoolOnly(t *testing.T) {
	authority := made(t, autumn)
	for _, test := range []struct {
		host string
		ok   bool
	}{
		{"carrel.local", true}, {"shelf", true}, {"shelf.local", true},
		{"192.168.1.20", true}, {"10.1.2.3", true}, {"172.31.0.1", true}, {"127.0.0.1", true}, {"::1", true}, {"fd00::5", true}, {"169.254.7.7", true},
		{"bank.example", false}, {"carrel.local.example", false}, {"othercarrel.local", false}, {"local", false},
		{"8.8.8.8", false}, {"172.32.0.1", false}, {"192.0.2.1", false}, {"2001:db8::1", false},
	} {
		name, addresses := test.host, []netip.Addr(nil)
		if address, err := netip.ParseAddr(test.host); err == nil {
			name, addresses = "carrel.local", []netip.Addr{address}
		}
		err := verify(authority, forged(t, authority, name, addresses...), test.host, autumn)
		var refused x509.CertificateInvalidError
		if test.ok && err != nil {
			t.Errorf("%s: %v", test.host, err)
		}
		if !test.ok && (!errors.As(err, &refused) || refused.Reason != x509.CANotAuthorizedForThisName) {
			t.Errorf("%s: %v, want a name that is not permitted", test.host, err)
		}
	}
}

func TestTheAuthoritySignsNoOtherAuthority(t *testing.T) {
	cert := made(t, autumn).pair.Leaf
	if !cert.IsCA || cert.MaxPathLen != 0 || !cert.MaxPathLenZero || !cert.PermittedDNSDomainsCritical {
		t.Errorf("authority %v, path %d %v, critical %v", cert.IsCA, cert.MaxPathLen, cert.MaxPathLenZero, cert.PermittedDNSDomainsCritical)
	}
	if cert.Subject.CommonName != "Carrel at Cedar Hollow, 2026-11-23" {
		t.Error(cert.Subject.CommonName)
	}
}

func TestALongSchoolNameFits(t *testing.T) {
	name := commonName(strings.Repeat("Señora Ñandú ", 20), autumn)
	if len(name) > 64 || !strings.HasSuffix(name, ", 2026-11-23") {
		t.Errorf("%q, %d bytes", name, len(name))
	}
}

func TestNobodyElseReadsTheKey(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "identity")
	file := filepath.Join(folder, authorityFile)
	for _, loosened := range []bool{false, true} {
		if _, err := OpenAuthority(folder, "Cedar Hollow", names, autumn); err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]os.FileMode{folder: 0o700, file: 0o600} {
			info, err := os.Stat(path)
			if err != nil || info.Mode().Perm() != want {
				t.Errorf("%s, loosened before %v: %v %v", path, loosened, info.Mode(), err)
			}
		}
		if err := errors.Join(os.Chmod(folder, 0o755), os.Chmod(file, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestARestartKeepsTheAuthority(t *testing.T) {
	dir := t.TempDir()
	open := func(folder string) *Authority {
		authority, err := OpenAuthority(filepath.Join(dir, folder), "Cedar Hollow", names, autumn)
		if err != nil {
			t.Fatal(err)
		}
		return authority
	}
	first := open("a-identity")
	if again := open("a-identity"); again.Fingerprint() != first.Fingerprint() {
		t.Error("a second start made another authority")
	}
	if other := open("b-identity"); other.Fingerprint() == first.Fingerprint() {
		t.Error("two data folders share an authority")
	}
}

func TestADamagedAuthorityIsNotReplaced(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, authorityFile)
	if err := os.WriteFile(file, []byte("-----BEGIN CERTIFICATE-----\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := OpenAuthority(folder, "Cedar Hollow", names, autumn)
	if fault.CodeOf(err) != fault.Conflict {
		t.Error(err)
	}
	if content, _ := os.ReadFile(file); len(content) != 28 {
		t.Errorf("the file is now %q", content)
	}
}

func TestWhatIsShownHoldsNoKey(t *testing.T) {
	authority := made(t, autumn)
	if shown := authority.Certificate(); bytes.Contains(shown, []byte("PRIVATE")) || !bytes.Contains(shown, []byte("BEGIN CERTIFICATE")) {
		t.Errorf("%s", shown)
	}
	if groups := strings.Fields(authority.Fingerprint()); len(groups) != 16 || len(groups[0]) != 4 {
		t.Error(groups)
	}
}

func TestAFirstStartWithoutAClock(t *testing.T) {
	authority := made(t, time.Unix(0, 0))
	if err := verify(authority, leafOf(t, authority, time.Unix(0, 0)), "carrel.local", autumn); err != nil {
		t.Errorf("made in 1970, it is not believed today: %v", err)
	}
}

func leafOf(t *testing.T, authority *Authority, now time.Time) *x509.Certificate {
	t.Helper()
	leaf, err := NewLeaf(authority, names, atSchool, at(now), quiet)
	if err != nil {
		t.Fatal(err)
	}
	return handshake(t, leaf, nil)
}

func handshake(t *testing.T, source interface {
	Certificate(*tls.ClientHelloInfo) (*tls.Certificate, error)
}, from net.Conn) *x509.Certificate {
	t.Helper()
	cert, err := source.Certificate(&tls.ClientHelloInfo{Conn: from})
	if err != nil {
		t.Fatal(err)
	}
	return cert.Leaf
}

func TestFolder(t *testing.T) {
	for _, test := range []struct {
		variable, want string
		bad            bool
	}{
		{"", "/var/lib/carrel-identity", false},
		{"/etc/carrel", "/etc/carrel", false},
		{"/var/lib/carrel", "", true},
		{"/var/lib/carrel/identity", "", true},
		{"/var/lib/carrel-keys", "/var/lib/carrel-keys", false},
	} {
		t.Setenv(identityVariable, test.variable)
		got, err := Folder("/var/lib/carrel/")
		if got != test.want || (err != nil) != test.bad {
			t.Errorf("%q: %q %v", test.variable, got, err)
		}
	}
}

func TestStatus(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	t.Setenv(identityVariable, "")
	if _, made, err := Status(data); made || err != nil {
		t.Errorf("before the first start: %v %v", made, err)
	}
	authority, err := OpenAuthority(data+"-identity", "Cedar Hollow", names, autumn)
	if err != nil {
		t.Fatal(err)
	}
	card, made, err := Status(data)
	if !made || err != nil || card.Fingerprint != authority.Fingerprint() || card.Expires.Year() != 2036 || len(card.Names) != len(names) {
		t.Errorf("%+v %v %v", card, made, err)
	}
}
