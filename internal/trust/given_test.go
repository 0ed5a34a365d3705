package trust

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"carrel/internal/fault"
)

// pair writes a new certificate and its key; the time makes files differ that were written within one tick of the clock.
type pair struct {
	t         *testing.T
	cert, key string
	written   time.Time
}

func newPair(t *testing.T) *pair {
	dir := t.TempDir()
	return &pair{t, filepath.Join(dir, "school.crt"), filepath.Join(dir, "school.key"), autumn}
}

func (p *pair) make() (cert, key []byte) {
	p.t.Helper()
	made, err := (&Leaf{authority: made(p.t, autumn), names: names, now: at(autumn)}).issue(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(made.PrivateKey)
	if err != nil {
		p.t.Fatal(err)
	}
	return asPEM("CERTIFICATE", made.Leaf.Raw), asPEM("PRIVATE KEY", secret)
}

func (p *pair) write(file string, content []byte) {
	p.t.Helper()
	p.written = p.written.Add(time.Second)
	if err := errors.Join(os.WriteFile(file, content, 0o600), os.Chtimes(file, p.written, p.written)); err != nil {
		p.t.Fatal(err)
	}
}

func TestGivenFilesThatDoNotFit(t *testing.T) {
	p := newPair(t)
	cert, key := p.make()
	_, otherKey := p.make()
	for name, files := range map[string][2][]byte{
		"another key": {cert, otherKey}, "swapped": {key, cert}, "empty": {{}, {}}, "no PEM": {[]byte("school"), key}, "absent": {nil, key},
	} {
		_ = os.Remove(p.cert)
		if files[0] != nil {
			p.write(p.cert, files[0])
		}
		p.write(p.key, files[1])
		if _, err := OpenGiven(p.cert, p.key, quiet); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGivenFilesAreReadAgain(t *testing.T) {
	p := newPair(t)
	cert, key := p.make()
	p.write(p.cert, cert)
	p.write(p.key, key)
	given, err := OpenGiven(p.cert, p.key, quiet)
	if err != nil {
		t.Fatal(err)
	}
	first := handshake(t, given, nil)

	cert, key = p.make()
	p.write(p.cert, cert) // the key still is the old one's
	if !same(first, handshake(t, given, nil)) {
		t.Error("a pair that does not fit was taken")
	}
	p.write(p.key, key)
	second := handshake(t, given, nil)
	if want, _ := tls.X509KeyPair(cert, key); !same(second, want.Leaf) {
		t.Error("the new pair was not taken")
	}
	if err := os.Remove(p.cert); err != nil {
		t.Fatal(err)
	}
	if !same(second, handshake(t, given, nil)) {
		t.Error("the last good pair is gone with its file")
	}
}
