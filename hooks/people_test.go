package hooks_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"carrel/collections"

	"github.com/pocketbase/dbx"
)

// person changes a new patron and saves it.
func (h *house) person(code string, change func(*collections.Patron)) collections.Patron {
	h.T.Helper()
	patron := h.Patron(code)
	change(&patron)
	h.Save(patron)
	return patron
}

func named(last, first string) func(*collections.Patron) {
	return func(p *collections.Patron) { p.LastName, p.FirstName = last, first }
}

// street is a library of people for lists: a student who is late, one with a block, one who owes, one who left, and a teacher.
func street(t *testing.T) (h *house, room collections.Homeroom) {
	t.Helper()
	h = withStaff(t)
	h.feesOn()
	h.Rule("", "", `{"loan_days": 21, "loan_limit": 1, "fee_limit_cents": 500}`)
	kind, err := collections.Insert(h.App, collections.PatronType{Code: "teacher", Name: "Teacher"})
	if err != nil {
		t.Fatal(err)
	}
	room = h.Homeroom("4B")
	late := h.person("P1", func(p *collections.Patron) { named("Ávila", "Ángel")(p); p.Homeroom = room.ID })
	h.late(late, "BLATE")
	h.person("P2", func(p *collections.Patron) { named("O’Brien", "Łucja")(p); p.Grade, p.Block = "K", "See the office" })
	h.person("P3", func(p *collections.Patron) { named("de la Cruz", "Mary-Jane")(p); p.Picture = "" })
	h.do("charges", map[string]any{"patron": "P3", "amount": "2.50", "key": "charge-key-1"})
	h.person("P4", func(p *collections.Patron) { named("Zamora", "Zoë")(p); p.Status = collections.PatronLeft })
	h.person("T-0055", func(p *collections.Patron) { named("Avery", "Tom")(p); p.Type, p.Grade = kind.ID, "" })
	h.lent("T-0055")
	if _, err := h.App.DB().Update(collections.Patrons, dbx.Params{"picture": "a.jpg"}, dbx.HashExp{"barcode": "T-0055"}).Execute(); err != nil {
		t.Fatal(err)
	}
	return h, room
}

func barcodes(rows []map[string]any) string {
	var codes []string
	for _, row := range rows {
		code, _ := row["barcode"].(string)
		codes = append(codes, code)
	}
	return strings.Join(codes, " ")
}

func TestPatronList(t *testing.T) {
	h, room := street(t)
	card := h.Count(collections.Patrons, "1")
	for query, want := range map[string]string{
		"":                                 "T-0055 P1 P3 P2",
		"?status=all":                      "T-0055 P1 P3 P2 P4",
		"?status=left":                     "P4",
		"?sort=homeroom":                   "P1 T-0055 P3 P2",
		"?sort=grade":                      "P2 P1 P3 T-0055",
		"?perPage=2":                       "T-0055 P1",
		"?perPage=2&page=2":                "P3 P2",
		"?page=9":                          "",
		"?q=av":                            "T-0055 P1",
		"?q=AVILA+a":                       "P1",
		"?q=brien":                         "P2",
		"?q=l+ob":                          "P2",
		"?q=maryj":                         "P3",
		"?q=cruz%20mary-ja":                "P3",
		"?q=z":                             "",
		"?q=z&status=all":                  "P4",
		"?q=--":                            "",
		"?q=%22%20OR%20*":                  "",
		"?q=55":                            "",
		"?q=t-00":                          "T-0055",
		"?q=*T-0055*":                      "T-0055",
		"?q=p1":                            "P1",
		"?homeroom=" + room.ID:             "P1",
		"?homeroom=" + room.ID + "&q=tom":  "",
		"?grade=K":                         "P2",
		"?grade=4&q=a":                     "P1",
		"?type=teacher":                    "T-0055",
		"?only=late":                       "P1",
		"?only=late&q=to":                  "",
		"?only=blocked":                    "P2",
		"?only=no_picture":                 "P1 P3 P2",
		"?only=no_picture&status=all&q=zo": "P4",
		"?only=owes":                       "P3",
		"?only=owes&homeroom=" + room.ID:   "",
	} {
		if got := h.get("patrons"+query, collections.Librarian); barcodes(got.rows("items")) != want {
			t.Errorf("%s: %s, want %s", query, barcodes(got.rows("items")), want)
		}
	}
	if card != 5 {
		t.Errorf("%d patrons", card)
	}
}

// A row says how much somebody has, never what; the page how many there are.
func TestPatronRows(t *testing.T) {
	h, room := street(t)
	got := h.get("patrons?perPage=3", collections.Aide)
	if got.body["totalItems"] != 4.0 || got.body["page"] != 1.0 || got.body["perPage"] != 3.0 {
		t.Errorf("%s", got.raw)
	}
	rows := got.rows("items")
	teacher, late := rows[0], rows[1]
	for field, want := range map[string]any{
		"barcode": "P1", "first_name": "Ángel", "last_name": "Ávila", "name": "Ángel Ávila", "grade": "4", "type": "", "status": "active", "loans": 1.0, "late": 1.0,
		"blocked": false, "picture": false,
	} {
		if late[field] != want {
			t.Errorf("%s is %v, want %v", field, late[field], want)
		}
	}
	if in, _ := late["homeroom"].(map[string]any); in["id"] != room.ID || in["name"] != "4B" || teacher["homeroom"] != nil {
		t.Errorf("homerooms %v and %v", late["homeroom"], teacher["homeroom"])
	}
	// a full limit is no block
	if teacher["type"] != "Teacher" || teacher["type_code"] != "teacher" || teacher["loans"] != 1.0 || teacher["blocked"] != false || teacher["picture"] != true {
		t.Errorf("%v", teacher)
	}
	card, _, err := collections.Find[collections.Patron](h.App, "barcode = 'P1'", nil)
	if err != nil {
		t.Fatal(err)
	}
	card.Card = "carrel:p:0123456789ABCDEF"
	h.Save(card)
	if got := h.get("patrons?q="+card.Card, collections.Aide); len(got.rows("items")) != 0 {
		t.Errorf("a damaged card: %s", got.raw)
	}
}

// Whoever is held at the desk is in the list of those, for each reason.
func TestOnlyBlocked(t *testing.T) {
	h, _ := street(t)
	h.Rule("", "", `{"loan_days": 21, "loan_limit": 1, "fee_limit_cents": 250, "overdue_limit": 1}`)
	h.person("P5", func(p *collections.Patron) { p.Expires = ahead(0).Add(-2) })
	h.person("P6", func(p *collections.Patron) { p.Expires = ahead(2) })
	got := h.get("patrons?only=blocked", collections.Aide).rows("items")
	if barcodes(got) != "P1 P3 P2 P5" {
		t.Errorf("held: %s", barcodes(got))
	}
	for _, row := range h.get("patrons?status=all", collections.Aide).rows("items") {
		listed := slices.ContainsFunc(got, func(one map[string]any) bool { return one["id"] == row["id"] })
		if row["blocked"] != listed {
			t.Errorf("%v is blocked: %v, listed: %v", row["barcode"], row["blocked"], listed)
		}
	}
}

func TestBadPatronQueries(t *testing.T) {
	h := withStaff(t)
	for query, field := range map[string]string{
		"status=gone": "status", "only=nice": "only", "sort=colour": "sort", "grade=13": "grade", "homeroom=nosuchroom00001": "homeroom", "type=alien": "type",
		"page=x": "page", "page=0": "page", "perPage=-1": "perPage", "perPage=99999999999999999999": "perPage",
	} {
		got := h.head(http.MethodGet, "patrons?"+query, nil)
		if got.status != http.StatusBadRequest || got.field() != field || got.body["message"] == "" {
			t.Errorf("%s: %d %s", query, got.status, got.raw)
		}
	}
	if got := h.get("patrons?perPage=5000&page=999999999999", collections.Librarian); got.body["perPage"] != 200.0 {
		t.Errorf("%s", got.raw)
	}
	if got := h.ask(http.MethodGet, "/api/carrel/patrons?only=owes", h.tokens[collections.Aide], nil); got.status != http.StatusForbidden {
		t.Errorf("an aide asked who owes: %d %s", got.status, got.raw)
	}
}

// A look at a list is one row of the audit, whatever is typed and turned meanwhile; it has no name in it.
func TestListAudit(t *testing.T) {
	h, room := street(t)
	before := h.Count(collections.Audit, "1")
	for _, query := range []string{"", "?page=2", "?sort=grade", "?q=a", "?q=av", "?q=avi&page=2", "?homeroom=" + room.ID} {
		h.get("patrons"+query, collections.Aide)
	}
	h.get("patrons?q=avi", collections.Librarian)
	rows := all[collections.AuditEntry](h)[before:]
	if len(rows) != 4 {
		t.Errorf("%d rows", len(rows))
	}
	for _, row := range rows {
		if row.Action != "patrons_listed" || row.Staff == "" || row.Patron != "" || strings.Contains(string(row.Detail), "avi") {
			t.Errorf("%+v", row)
		}
	}
}

func all[R collections.Record](h *house) []R {
	h.T.Helper()
	rows, err := collections.All[R](h.App, "", "rowid", nil)
	if err != nil {
		h.T.Fatal(err)
	}
	return rows
}
