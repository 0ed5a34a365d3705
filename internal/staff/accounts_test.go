package staff_test

import (
	"errors"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/staff"
	"carrel/internal/testkit"

	"github.com/pocketbase/pocketbase/core"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func account(t testing.TB, app core.App, address string) *core.Record {
	t.Helper()
	record, err := app.FindAuthRecordByEmail(collections.Staff, address)
	check(t, err)
	return record
}

// office is a library with two librarians, one of the sample school, and an aide.
func office(t testing.TB) (app core.App, librarian, sample, aide *core.Record) {
	t.Helper()
	app = testkit.App(t)
	for _, a := range []staff.Account{
		{Email: "dana@example.org", Name: "Dana", Password: "long enough", Role: collections.Librarian},
		{Email: "demo@example.org", Name: "Demo", Password: "long enough", Role: collections.Librarian, Sample: true},
		{Email: "aide@example.org", Name: "Ari", Password: "long enough", Role: collections.Aide},
	} {
		check(t, staff.Upsert(app, a))
	}
	return app, account(t, app, "dana@example.org"), account(t, app, "demo@example.org"), account(t, app, "aide@example.org")
}

func to(text string) *string { return &text }

func word(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Word
	}
	return ""
}

// There is always a librarian who can sign in from anywhere, once there was one.
func TestTheLastLibrarian(t *testing.T) {
	app, dana, sample, aide := office(t)
	aideRole, librarian := to("aide"), to("librarian")
	if _, err := staff.Edit(app, dana.Id, dana.Id, staff.Change{Role: aideRole}); word(err) != "last_librarian" {
		t.Errorf("demoted: %v", err)
	}
	if err := staff.Remove(app, aide.Id, dana.Id); word(err) != "last_librarian" {
		t.Errorf("deleted: %v", err)
	}
	if err := staff.Remove(app, dana.Id, dana.Id); word(err) != "yourself" {
		t.Errorf("oneself: %v", err)
	}
	if _, err := staff.Edit(app, dana.Id, dana.Id, staff.Change{Role: librarian, Name: to("Dana W.")}); err != nil {
		t.Errorf("the same role: %v", err)
	}
	_, err := staff.Edit(app, dana.Id, aide.Id, staff.Change{Role: librarian})
	check(t, err)
	check(t, staff.Remove(app, aide.Id, dana.Id))
	check(t, staff.Remove(app, aide.Id, sample.Id))
	if err := staff.Remove(app, dana.Id, dana.Id); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("twice: %v", err)
	}
}

// The last librarian of a library that is nothing but the sample school stays as well.
func TestTheLastOfTheSample(t *testing.T) {
	app := testkit.App(t)
	check(t, staff.Upsert(app, staff.Account{Email: "demo@example.org", Password: "long enough", Role: collections.Librarian, Sample: true}))
	sample := account(t, app, "demo@example.org")
	if err := staff.Remove(app, "somebodyelse001", sample.Id); word(err) != "last_librarian" {
		t.Errorf("%v", err)
	}
}

// A new role, address or password ends the sessions of an account; a new name does not.
func TestSessionsEnd(t *testing.T) {
	app, dana, _, aide := office(t)
	for name, test := range map[string]struct {
		change func() error
		ends   bool
	}{
		"name": {func() error {
			_, err := staff.Edit(app, dana.Id, aide.Id, staff.Change{Name: to("Ari B.")})
			return err
		}, false},
		"role": {func() error {
			_, err := staff.Edit(app, dana.Id, aide.Id, staff.Change{Role: to("volunteer")})
			return err
		}, true},
		"address": {func() error {
			_, err := staff.Edit(app, dana.Id, aide.Id, staff.Change{Email: to("ari@example.org")})
			return err
		}, true},
		"password": {func() error { _, err := staff.Reset(app, dana.Id, aide.Id); return err }, true},
	} {
		before, err := app.FindRecordById(collections.Staff, aide.Id)
		check(t, err)
		check(t, test.change())
		after, err := app.FindRecordById(collections.Staff, aide.Id)
		check(t, err)
		if ended := before.TokenKey() != after.TokenKey(); ended != test.ends {
			t.Errorf("%s: ended %v", name, ended)
		}
	}
}

// What the server makes is easy to read out and cannot be guessed.
func TestMadePasswords(t *testing.T) {
	shape := regexp.MustCompile(`^[bcdfghjkmnpqrstvwxyz2-9]{5}(-[bcdfghjkmnpqrstvwxyz2-9]{5}){2}$`)
	seen := map[string]bool{}
	for range 200 {
		password, err := staff.NewPassword()
		check(t, err)
		if !shape.MatchString(password) || seen[password] {
			t.Fatalf("%q", password)
		}
		seen[password] = true
	}
	if bits := 15 * math.Log2(28); bits < 60 {
		t.Errorf("only %.0f bits", bits)
	}
}

func TestRecover(t *testing.T) {
	app, dana, _, _ := office(t)
	old, err := staff.NewRecovery(app, dana.Id, time.Now())
	check(t, err)
	codes, err := staff.NewRecovery(app, dana.Id, time.Now())
	check(t, err)
	if len(codes) != 8 || !regexp.MustCompile(`^[A-HJ-NP-Z2-9]{4}(-[A-HJ-NP-Z2-9]{4}){2}$`).MatchString(codes[0]) {
		t.Errorf("%q", codes)
	}
	var kept string
	check(t, app.DB().NewQuery("SELECT value FROM settings WHERE key = 'recovery'").Row(&kept))
	for _, code := range codes {
		if strings.Contains(kept, code) || strings.Contains(kept, strings.ReplaceAll(code, "-", "")) {
			t.Error("a code is kept as it is")
		}
	}
	const fits = "a new password"
	for _, test := range []struct{ name, email, code, password, word string }{
		{"an unknown address", "nobody@example.org", codes[0], fits, "wrong_code"},
		{"no librarian", "aide@example.org", codes[0], fits, "wrong_code"},
		{"an unknown code", "dana@example.org", "AAAA-BBBB-CCCC", fits, "wrong_code"},
		{"no code", "dana@example.org", "", fits, "wrong_code"},
		{"an earlier code", "dana@example.org", old[0], fits, "wrong_code"},
		{"a short password", "dana@example.org", codes[0], "short", "short"},
		{"a code", "Dana@example.org", strings.ToLower(strings.ReplaceAll(codes[0], "-", " ")), fits, ""},
		{"a code twice", "dana@example.org", codes[0], fits, "wrong_code"},
		{"another code", "dana@example.org", codes[1], "yet another one", ""},
	} {
		before := account(t, app, "dana@example.org").TokenKey()
		err := staff.Recover(app, test.email, test.code, test.password)
		if test.word == "short" {
			if fault.CodeOf(err) != fault.Invalid {
				t.Errorf("%s: %v", test.name, err)
			}
			continue
		}
		if word(err) != test.word || (err == nil) != (test.word == "") {
			t.Errorf("%s: %v", test.name, err)
		}
		after := account(t, app, "dana@example.org")
		if opened := after.TokenKey() != before; opened != (err == nil) || opened && !after.ValidatePassword(test.password) {
			t.Errorf("%s: opened %v", test.name, opened)
		}
	}
	var made, used int
	check(t, app.DB().NewQuery("SELECT COUNT(*) FROM audit WHERE action = 'recovery_made'").Row(&made))
	check(t, app.DB().NewQuery("SELECT COUNT(*) FROM audit WHERE action = 'recovery_used' AND staff = '"+dana.Id+"' AND json_extract(detail, '$.left') < 8").Row(&used))
	if made != 2 || used != 2 {
		t.Errorf("in the audit: %d made, %d used", made, used)
	}
}

// Before any were made no code opens anything.
func TestNoRecoveryCodes(t *testing.T) {
	app, _, _, _ := office(t)
	if err := staff.Recover(app, "dana@example.org", "", "a new password"); word(err) != "wrong_code" {
		t.Errorf("%v", err)
	}
}
