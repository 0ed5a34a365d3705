package notices

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"carrel/internal/fault"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/pocketbase/tools/mailer"
)

// trusted is the authority that this machine believes in while the tests run.
var trusted authority

func TestMain(m *testing.M) { os.Exit(withAuthority(m)) }

// withAuthority runs the tests on a machine that trusts one authority of theirs: the roots are read once a process, so it is named before
// the first connection.
func withAuthority(m *testing.M) int {
	dir, err := os.MkdirTemp("", "carrel-roots")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	trusted = newAuthority()
	file := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: trusted.certificate.Raw}), 0o600); err != nil {
		panic(err)
	}
	if err := os.Setenv("SSL_CERT_FILE", file); err != nil {
		panic(err)
	}
	return m.Run()
}

type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority() authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Unix(0, 0), NotAfter: time.Now().AddDate(1, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(raw)
	if err != nil {
		panic(err)
	}
	return authority{certificate, key}
}

// prove makes what a server at an address shows until a day.
func (a authority) prove(t *testing.T, address string, until time.Time) *tls.Config {
	t.Helper()
	raw, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: time.Unix(0, 0), NotAfter: until, IPAddresses: []net.IP{net.ParseIP(address)},
	}, a.certificate, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: a.key}}}
}

func (s *school) signIn(server *mailServer, method, password string) {
	s.T.Helper()
	s.mailTo(server)
	settings := s.App.Settings()
	settings.SMTP.TLS = server.manners.atOnce
	settings.SMTP.Username, settings.SMTP.Password, settings.SMTP.AuthMethod = "library", password, method
	if err := s.App.Save(settings); err != nil {
		s.T.Fatal(err)
	}
}

func TestASchoolsMailServer(t *testing.T) {
	later := time.Now().AddDate(0, 1, 0)
	for name, manners := range map[string]manners{
		"STARTTLS and PLAIN":           {secure: trusted.prove(t, "127.0.0.1", later), auth: mailer.SMTPAuthPlain, password: "a b: ñ"},
		"STARTTLS and LOGIN":           {secure: trusted.prove(t, "127.0.0.1", later), auth: mailer.SMTPAuthLogin, password: "secret"},
		"TLS from the start and PLAIN": {secure: trusted.prove(t, "127.0.0.1", later), atOnce: true, auth: mailer.SMTPAuthPlain, password: "secret"},
		"TLS from the start and LOGIN": {secure: trusted.prove(t, "127.0.0.1", later), atOnce: true, auth: mailer.SMTPAuthLogin, password: "secret"},
		"on this machine, in the open": {auth: mailer.SMTPAuthLogin, password: "secret"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSchool(t)
			server := startServerWith(t, manners)
			s.signIn(server, manners.auth, manners.password)
			many(t, s, 3, 1)
			if summary := s.run("2026-11-16"); summary.Sent != 3 || server.total() != 3 || server.sessions != 1 {
				t.Fatalf("%+v, %d messages in %d conversations", summary, server.total(), server.sessions)
			}
			for _, one := range server.accepted {
				if one.secure != (manners.secure != nil) || one.signedIn != manners.auth {
					t.Errorf("taken from %q, secure: %v", one.signedIn, one.secure)
				}
			}
		})
	}
}

// TestAServerThatCannotProveItself gets nothing, and nothing is lost: the mail goes out when the right one is there.
func TestAServerThatCannotProveItself(t *testing.T) {
	later := time.Now().AddDate(0, 1, 0)
	for name, config := range map[string]*tls.Config{
		"of an authority nobody knows": newAuthority().prove(t, "127.0.0.1", later),
		"of another machine":           trusted.prove(t, "192.0.2.1", later),
		"past its time":                trusted.prove(t, "127.0.0.1", time.Unix(1_000_000_000, 0)),
	} {
		for _, atOnce := range []bool{false, true} {
			s := newSchool(t)
			bad := startServerWith(t, manners{secure: config, atOnce: atOnce})
			s.signIn(bad, "", "")
			s.lend(s.child("Ana", "ana@home.example"), "2026-11-05")
			summary := s.run("2026-11-16")
			if bad.total() != 0 || summary.Waiting != 1 || summary.Failed != 0 {
				t.Errorf("%s: %+v", name, summary)
			}
			for _, lang := range []say.Lang{say.English, say.Spanish} {
				sentence := say.T("notices.bad_certificate").In(lang)
				if !strings.Contains(summary.In(lang), sentence) {
					t.Errorf("%s: %s", name, summary.In(lang))
				}
				page, err := List(s.App, Asked{Lang: lang}, morning())
				if err != nil || page.Items[0].Error != sentence {
					t.Errorf("%s: %+v, %v", name, page.Items, err)
				}
				_, err = SendTest(t.Context(), s.App, "ana@home.example", morning, lang)
				if fault.CodeOf(err) != fault.Conflict || !strings.Contains(err.Error(), say.T("notices.bad_certificate").In(say.English)) {
					t.Errorf("%s: %v", name, err)
				}
			}
			good := startServerWith(t, manners{secure: trusted.prove(t, "127.0.0.1", later), atOnce: atOnce})
			s.signIn(good, "", "")
			s.run("2026-11-16")
			s.run("2026-11-16")
			if diff := cmp.Diff(map[string]int{"ana@home.example": 1}, good.received()); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
}

func TestAWrongPassword(t *testing.T) {
	s := newSchool(t)
	server := startServerWith(t, manners{auth: mailer.SMTPAuthPlain, password: "right"})
	s.signIn(server, mailer.SMTPAuthPlain, "wrong")
	s.lend(s.child("Ana", "ana@home.example"), "2026-11-05")
	if summary := s.run("2026-11-16"); summary.Waiting != 1 || !strings.Contains(summary.In(say.English), "535 5.7.8 Wrong name or password") {
		t.Errorf("%+v", summary)
	}
	s.signIn(server, mailer.SMTPAuthPlain, "right")
	if s.run("2026-11-16"); server.total() != 1 {
		t.Errorf("%d messages", server.total())
	}
}

// A server whose certificate is no good is still of use where the school says that it wants no TLS.
func TestWithoutTLS(t *testing.T) {
	s := newSchool(t)
	server := startServerWith(t, manners{secure: newAuthority().prove(t, "127.0.0.1", time.Now().AddDate(0, 1, 0))})
	s.signIn(server, "", "")
	mail, err := site.LoadMail(s.App)
	if err != nil {
		t.Fatal(err)
	}
	mail.TLS = site.NoTLS
	if _, err := site.SaveMail(s.App, mail, nil); err != nil {
		t.Fatal(err)
	}
	s.lend(s.child("Ana", "ana@home.example"), "2026-11-05")
	if s.run("2026-11-16"); server.total() != 1 || server.accepted[0].secure {
		t.Errorf("%d messages", server.total())
	}
}

// A password is not sent in the open to another machine.
func TestNoPasswordInTheOpen(t *testing.T) {
	login := &loginAuth{[]string{"library", "secret"}}
	if _, _, err := login.Start(&smtp.ServerInfo{Name: "mail.school.example"}); err == nil {
		t.Error("the password would be sent")
	}
	if _, _, err := login.Start(&smtp.ServerInfo{Name: "mail.school.example", TLS: true}); err != nil {
		t.Error(err)
	}
}

func TestSendTest(t *testing.T) {
	s := newSchool(t)
	if _, err := SendTest(t.Context(), s.App, "ana@home.example", morning, say.English); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("no server: %v", err)
	}
	server := startServer(t)
	s.mailTo(server)
	sent, err := SendTest(t.Context(), s.App, " ana@home.example ", morning, say.Spanish)
	if err != nil || sent.In(say.English) != "The mail server took the test mail to ana@home.example. Please look whether it arrived." {
		t.Errorf("%+v, %v", sent, err)
	}
	if subject := decoded(t, server.message(0).Header.Get("Subject")); subject != "Una prueba de la biblioteca: Cedar Hollow Library" {
		t.Error(subject)
	}
	for words, answer := range map[string]reply{
		"550 5.1.1 Nobody here":            {text: "550 5.1.1 Nobody here"},
		"The connection broke":             {},
		"it arrived":                       {text: "what"},
		"452 4.2.2 Full":                   {text: "452 4.2.2 Full"},
		"421 4.3.2 Closing for the summer": {text: "421 4.3.2 Closing for the summer", hangUp: true},
	} {
		server.behave(takesAll, func(string) reply { return answer })
		_, err := SendTest(t.Context(), s.App, "ana@home.example", morning, say.English)
		if fault.CodeOf(err) != fault.Conflict || words != "it arrived" && !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v", words, err)
		}
	}
	for _, address := range []string{"", "ana", "ana@home.example\r\nBcc: all@home.example", "Ana <ana@home.example>"} {
		if _, err := SendTest(t.Context(), s.App, address, morning, say.English); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%q: %v", address, err)
		}
	}
	if s.Count("notices", "1") != 0 {
		t.Error("a test mail is written down")
	}
}
