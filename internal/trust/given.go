package trust

import (
	"crypto/tls"
	"log/slog"
	"os"
	"sync"
	"time"

	"carrel/internal/fault"
)

// Given is a certificate from the school's technician, in two PEM files that may be replaced while the doors are open.
type Given struct {
	certFile, keyFile string
	log               *slog.Logger

	mu     sync.Mutex
	cert   *tls.Certificate
	stamps [2]stamp
}

// stamp tells a file that was replaced.
type stamp struct {
	at   time.Time
	size int64
}

// OpenGiven reads the files. Files that cannot be read or do not belong together are fault.Invalid.
func OpenGiven(certFile, keyFile string, log *slog.Logger) (*Given, error) {
	given := &Given{certFile: certFile, keyFile: keyFile, log: log}
	stamps, err := given.look()
	if err != nil {
		return nil, err
	}
	given.stamps = stamps
	given.cert, err = given.read()
	return given, err
}

// Expires is the end of the certificate that was read last.
func (g *Given) Expires() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.cert.Leaf.NotAfter
}

// Certificate answers the certificate for a handshake; it is a tls.Config's GetCertificate. While the two files do not belong together (one of
// them is replaced before the other) the last good pair stays.
func (g *Given) Certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	stamps, err := g.look()
	if err != nil || stamps == g.stamps {
		return g.cert, nil //nolint:nilerr // a file that is away for a moment
	}
	g.stamps = stamps
	cert, err := g.read()
	if err != nil {
		g.log.Warn("the new certificate cannot be used, the old one stays", "error", err)
		return g.cert, nil
	}
	g.cert = cert
	g.log.Info("the doors have the new certificate", "until", cert.Leaf.NotAfter)
	return cert, nil
}

func (g *Given) look() (stamps [2]stamp, err error) {
	for i, name := range []string{g.certFile, g.keyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return stamps, unreadable(name, err)
		}
		stamps[i] = stamp{info.ModTime(), info.Size()}
	}
	return stamps, nil
}

func (g *Given) read() (*tls.Certificate, error) {
	cert, err := os.ReadFile(g.certFile)
	if err != nil {
		return nil, unreadable(g.certFile, err)
	}
	key, err := os.ReadFile(g.keyFile)
	if err != nil {
		return nil, unreadable(g.keyFile, err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, fault.New("trust.Given", fault.Invalid, "trust.bad_pair", g.keyFile, g.certFile).Because(err)
	}
	return &pair, nil
}

func unreadable(name string, err error) error {
	return fault.New("trust.Given", fault.Invalid, "trust.unreadable", name).Because(err)
}
