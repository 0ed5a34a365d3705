package site_test

import (
	"errors"
	"strings"
	"testing"

	"carrel/internal/fault"
	"carrel/internal/site"
	"carrel/internal/testkit"
)

func TestMail(t *testing.T) {
	app := testkit.App(t)
	fresh, err := site.LoadMail(app)
	if want := (site.Mail{Port: 587, TLS: site.StartTLS}); err != nil || fresh != want {
		t.Errorf("a fresh library: %+v, %v", fresh, err)
	}
	secret, none := "hunter two", ""
	good := site.Mail{Enabled: true, Host: "mail.example.org", Port: 465, Username: "library", TLS: site.FromTheStart, SenderName: "Cedar Hollow", SenderAddress: "library@example.org"}
	for _, step := range []struct {
		name     string
		change   func(*site.Mail)
		password *string
		has      bool
	}{
		{"with a password", func(*site.Mail) {}, &secret, true},
		{"without saying it again", func(m *site.Mail) { m.Port = 587; m.TLS = site.NoTLS }, nil, true},
		{"another server, with its own", func(m *site.Mail) { m.Host, m.TLS = "10.0.0.7", site.StartTLS }, &secret, true},
		{"taken away", func(m *site.Mail) { m.Host = "10.0.0.7" }, &none, false},
		{"off, with nothing", func(m *site.Mail) { *m = site.Mail{Port: 25, TLS: site.StartTLS} }, nil, false},
	} {
		mail := good
		step.change(&mail)
		kept, err := site.SaveMail(app, mail, step.password)
		mail.HasPassword = step.has
		if again, loadErr := site.LoadMail(app); err != nil || loadErr != nil || kept != mail || again != mail {
			t.Errorf("%s: %+v, %v, %v", step.name, again, err, loadErr)
		}
		if smtp := app.Settings().SMTP; smtp.TLS != (mail.TLS == site.FromTheStart) || step.has != (smtp.Password == secret) {
			t.Errorf("%s: the platform has %+v", step.name, smtp)
		}
	}
}

func TestBadMail(t *testing.T) {
	app := testkit.App(t)
	secret := "hunter two"
	good := site.Mail{Enabled: true, Host: "mail.example.org", Port: 587, TLS: site.StartTLS, SenderAddress: "library@example.org"}
	if _, err := site.SaveMail(app, good, &secret); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change func(*site.Mail)
		field  string
	}{
		"no server":                {func(m *site.Mail) { m.Host = "" }, "host"},
		"an address":               {func(m *site.Mail) { m.Host = "https://mail.example.org" }, "host"},
		"two servers":              {func(m *site.Mail) { m.Host = "a b" }, "host"},
		"a dot too many":           {func(m *site.Mail) { m.Host = "mail..example.org" }, "host"},
		"no port":                  {func(m *site.Mail) { m.Port = 0 }, "port"},
		"a high port":              {func(m *site.Mail) { m.Port = 65536 }, "port"},
		"a name in two lines":      {func(m *site.Mail) { m.Username = "a\r\nMAIL FROM:<b@example.org>" }, "username"},
		"no such way":              {func(m *site.Mail) { m.TLS = "ssl" }, "tls"},
		"a long sender":            {func(m *site.Mail) { m.SenderName = strings.Repeat("x", 256) }, "sender_name"},
		"no sender":                {func(m *site.Mail) { m.SenderAddress = "" }, "sender_address"},
		"no address":               {func(m *site.Mail) { m.SenderAddress = "library" }, "sender_address"},
		"a header":                 {func(m *site.Mail) { m.SenderAddress = "a@example.org\r\nBcc: b@example.org" }, "sender_address"},
		"its password for another": {func(m *site.Mail) { m.Host = "mail.example.net" }, "password"},
	} {
		mail := good
		test.change(&mail)
		_, err := site.SaveMail(app, mail, nil)
		var f *fault.Error
		if !errors.As(err, &f) || f.Field != test.field || f.Code != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if kept, err := site.LoadMail(app); err != nil || kept.Host != good.Host || !kept.HasPassword {
		t.Errorf("what was refused was kept: %+v, %v", kept, err)
	}
}
