package audit

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/testkit"

	"github.com/pocketbase/pocketbase/tools/types"
)

// office is a library with an audit of twelve lines, the last two at the same instant.
func office(t *testing.T) (lib testkit.Library, patron collections.Patron) {
	t.Helper()
	lib = testkit.NewLibrary(t)
	patron = lib.Patron("P100")
	for i := range 12 {
		at, err := types.ParseDateTime(time.Date(2026, 11, 23, 9, min(i, 10), 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		entry := collections.AuditEntry{At: at, Staff: fmt.Sprintf("staff%010d", i%2), Action: "patron_viewed", Patron: patron.ID}
		if i%3 == 0 {
			entry.Action, entry.Patron, entry.Detail = "recovery_made", "", types.JSONRaw(fmt.Sprintf(`{"left":%d}`, i))
		}
		if i == 4 {
			entry.Patron = "patronwhoisgone"
		}
		if _, err := collections.Insert(lib.App, entry); err != nil {
			t.Fatal(err)
		}
	}
	return lib, patron
}

func minutes(page Page) string {
	var at []string
	for _, entry := range page.Items {
		at = append(at, entry.At[14:16])
	}
	return strings.Join(at, " ")
}

func TestList(t *testing.T) {
	lib, patron := office(t)
	for name, test := range map[string]struct {
		query Query
		total int
		want  string
	}{
		"all":            {Query{}, 12, "10 10 09 08 07 06 05 04 03 02 01 00"},
		"a page":         {Query{Page: 2, PerPage: 5}, 12, "06 05 04 03 02"},
		"the last page":  {Query{Page: 3, PerPage: 5}, 12, "01 00"},
		"behind it":      {Query{Page: 9, PerPage: 5}, 12, ""},
		"below nothing":  {Query{Page: -1, PerPage: -5}, 12, "10 10 09 08 07 06 05 04 03 02 01 00"},
		"an action":      {Query{Action: "recovery_made"}, 4, "09 06 03 00"},
		"of one":         {Query{Staff: "staff0000000001"}, 6, "10 09 07 05 03 01"},
		"about one":      {Query{Patron: patron.ID}, 7, "10 10 08 07 05 02 01"},
		"both":           {Query{Patron: patron.ID, Staff: "staff0000000001", PerPage: 2}, 4, "10 07"},
		"a made-up word": {Query{Action: "'; DROP TABLE audit; --"}, 0, ""},
	} {
		page, err := List(lib.App, test.query)
		if err != nil || page.TotalItems != test.total || minutes(page) != test.want || strings.Join(page.Actions, " ") != "patron_viewed recovery_made" {
			t.Errorf("%s: %d, %s, %v, %v", name, page.TotalItems, minutes(page), page.Actions, err)
		}
	}
}

// A line names who and whom while they are there, and is kept when they are not.
func TestNames(t *testing.T) {
	lib, _ := office(t)
	page, err := List(lib.App, Query{})
	if err != nil {
		t.Fatal(err)
	}
	if first := page.Items[0]; first.Patron == nil || first.Patron.Barcode != "P100" || first.Patron.Name != "Diego Ramírez" || first.Staff != nil || string(first.Detail) != "{}" {
		t.Errorf("%+v", first)
	}
	if gone := page.Items[7]; gone.Patron != nil {
		t.Errorf("%+v", gone.Patron)
	}
	if none := page.Items[2]; none.Patron != nil || string(none.Detail) != `{"left":9}` {
		t.Errorf("%+v", none)
	}
}

// However long the audit is, a page is read along an index and not sorted.
func TestPagesAreNotSorted(t *testing.T) {
	lib, _ := office(t)
	for name, query := range map[string]Query{"all": {}, "an action": {Action: "patron_viewed"}, "of one": {Staff: "staff0000000001"}} {
		where, params := query.where()
		var plan []struct {
			Detail string `db:"detail"`
		}
		if err := lib.App.DB().NewQuery("EXPLAIN QUERY PLAN " + columns + where + newest).Bind(params).All(&plan); err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprint(plan); strings.Contains(text, "TEMP B-TREE") || !strings.Contains(text, "USING INDEX idx_audit") {
			t.Errorf("%s: %s", name, text)
		}
	}
}
