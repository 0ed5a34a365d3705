package hooks_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/catalog"
)

// Everywhere is searched at once; a volunteer is not shown anybody.
func TestFind(t *testing.T) {
	h := withStaff(t)
	h.Patron("P100")
	out, in := h.lent("P100"), h.shelved()
	for i := range 8 {
		h.Item("SHELF" + string(rune('A'+i)))
	}
	for name, test := range map[string]struct {
		role    collections.Role
		typed   string
		patrons string
		items   string
	}{
		"a name":                      {collections.Librarian, "ramirez d", "P100 Diego Ramírez", ""},
		"a name, by an aide":          {collections.Aide, "diego", "P100 Diego Ramírez", ""},
		"a name, by a volunteer":      {collections.Volunteer, "diego", "", ""},
		"a card":                      {collections.Aide, "p100", "P100 Diego Ramírez", ""},
		"a card, by a volunteer":      {collections.Volunteer, "P100", "", ""},
		"an item on loan":             {collections.Volunteer, out, "", out + " on_loan"},
		"an item":                     {collections.Volunteer, strings.ToLower(in) + "\r", "", in + " available"},
		"the beginning of a barcode":  {collections.Volunteer, "SHELF", "", "SHELFA available|SHELFB available|SHELFC available|SHELFD available|SHELFE available|SHELFF available"},
		"too short a beginning":       {collections.Volunteer, "SH", "", ""},
		"nothing":                     {collections.Librarian, " ", "", ""},
		"nobody":                      {collections.Librarian, "zzzz", "", ""},
		"a whole page":                {collections.Librarian, strings.Repeat("diego ", 100), "", ""},
		"signs that searches know of": {collections.Librarian, `"; DROP TABLE patrons; -- % * (`, "", ""},
	} {
		got := h.ask(http.MethodGet, "/api/carrel/find?q="+url.QueryEscape(test.typed), h.tokens[test.role], nil)
		var patrons, items []string
		for _, row := range got.rows("patrons") {
			patrons = append(patrons, row["barcode"].(string)+" "+row["name"].(string))
		}
		for _, row := range got.rows("items") {
			items = append(items, row["barcode"].(string)+" "+row["status"].(string))
		}
		if got.status != http.StatusOK || strings.Join(patrons, "|") != test.patrons || strings.Join(items, "|") != test.items || strings.Contains(got.raw, "null") {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
	if err := catalog.Reindex(h.App, false, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	titles := h.get("find?q=hatchet", collections.Volunteer).rows("titles")
	if len(titles) != 6 || titles[0]["author"] != "Paulsen, Gary" || titles[0]["items"] != 1.0 {
		t.Errorf("titles: %v", titles)
	}
}
