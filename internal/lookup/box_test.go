package lookup

import (
	"errors"
	"strings"
	"testing"
	"time"

	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/testkit"
)

func fieldOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Field
	}
	return ""
}

// vendor is a file of records with these ISBNs; "" is a record without one.
func vendor(t testing.TB, numbers ...string) string {
	t.Helper()
	var out []byte
	for _, number := range numbers {
		book := Book{Title: "Book " + number, Authors: []string{"Jerry Craft"}}
		if number != "" {
			book.ISBNs = []string{number}
		}
		var err error
		if out, err = marc.AppendISO2709(out, book.Record(entered)); err != nil {
			t.Fatal(err)
		}
	}
	return string(out)
}

func TestPour(t *testing.T) {
	app := testkit.App(t)
	pool, poured, err := Pour(t.Context(), app, "vendor.mrc", strings.NewReader(vendor(t, newKid, "", zen)))
	if err != nil || poured != (Poured{2, 2}) {
		t.Fatal(poured, err)
	}
	found, err := Box{app}.Find(t.Context(), zen)
	if err != nil || len(found) != 1 || found[0].Source != "vendor.mrc" || marc.Extract(found[0].Record).Title != "Book "+zen {
		t.Fatal(found, err)
	}
	if pools, err := Pools(app); err != nil || len(pools) != 1 || pools[0].Records != 2 || pools[0].Kind != PoolFile {
		t.Error(pools, err)
	}
	if err := Drain(app, pool.ID); err != nil {
		t.Fatal(err)
	}
	if found, err := (Box{app}).Find(t.Context(), zen); err != nil || len(found) != 0 {
		t.Error(found, err)
	}
	if err := Drain(app, pool.ID); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
}

func TestPourNothing(t *testing.T) {
	app := testkit.App(t)
	for name, body := range map[string]string{"a page": portal, "nothing": "", "no numbers": vendor(t, "", "")} {
		if _, _, err := Pour(t.Context(), app, "x.mrc", strings.NewReader(body)); fault.CodeOf(err) != fault.Invalid || fieldOf(err) != "file" {
			t.Errorf("%s: %v", name, err)
		}
	}
	var left int
	if err := app.DB().NewQuery("SELECT (SELECT COUNT(*) FROM pool) + (SELECT COUNT(*) FROM pool_records) + (SELECT COUNT(*) FROM pool_isbns)").Row(&left); err != nil || left != 0 {
		t.Error(left, err)
	}
}

func TestGate(t *testing.T) {
	now := entered
	pace := Polite
	gate := Gate{ID: "loc"}
	if gate.Open(now) != 0 {
		t.Error("closed before it was asked")
	}
	longest := time.Duration(0)
	for range 30 {
		gate = gate.After(&Trouble{Kind: Offline, Err: errElsewhere}, pace, now)
		wait := gate.Open(now)
		if wait < pace.Away || wait > pace.AwayMax*6/5+1 {
			t.Fatalf("try %d: %s", gate.Tries, wait)
		}
		longest = max(longest, wait)
	}
	if longest < pace.AwayMax || !gate.Since.Equal(now) {
		t.Errorf("at most %s, since %s", longest, gate.Since)
	}
	gate = gate.After(&Trouble{Kind: Limited, Wait: 2 * time.Hour, Err: errElsewhere}, pace, now.Add(time.Hour))
	if wait := gate.Open(now.Add(time.Hour)); wait < 2*time.Hour || gate.State != Limited || !gate.Since.Equal(now.Add(time.Hour)) {
		t.Errorf("limited for %s: %+v", wait, gate)
	}
	app := testkit.App(t)
	if err := gate.Save(app); err != nil {
		t.Fatal(err)
	}
	gates, err := Gates(app)
	kept := gates["loc"]
	if err != nil || kept.State != Limited || kept.Tries != gate.Tries || kept.Next.Sub(gate.Next).Abs() > time.Millisecond {
		t.Errorf("kept %+v of %+v, %v", kept, gate, err)
	}
	kept = kept.After(nil, pace, now)
	if kept.Open(now) != pace.Between || kept.State != "" || kept.Tries != 0 {
		t.Errorf("after an answer: %+v", kept)
	}
	if wrong := (Gate{Next: now.AddDate(3, 0, 0)}); wrong.Open(now) != 0 {
		t.Error("a clock that was wrong closes a source for years")
	}
}
