package patrons

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Query is what a list of patrons is asked for. What is left out does not narrow it; without a status it is those who have not left.
type Query struct {
	Text     string // the beginnings of words of the name, of the barcode, or a card
	Homeroom string // id
	Grade    string
	Type     string // code
	Status   string // active, left or all
	Only     string // late, blocked, no_picture or owes
	Sort     string // name, homeroom or grade
	Page     int    // from 1
	PerPage  int    // 50 when left out, at most 200
}

const (
	usualPerPage = 50
	maxPerPage   = 200
)

// Page is one page of a list of patrons.
type Page struct {
	Items      []Row `json:"items"`
	TotalItems int   `json:"totalItems"`
	Page       int   `json:"page"`
	PerPage    int   `json:"perPage"`
}

// Row is a patron in a list.
type Row struct {
	ID        string   `json:"id"`
	Barcode   string   `json:"barcode"`
	FirstName string   `json:"first_name"`
	LastName  string   `json:"last_name"`
	Name      string   `json:"name"`
	Grade     string   `json:"grade"`
	Homeroom  *RoomRef `json:"homeroom"`
	Type      string   `json:"type"` // its name
	TypeCode  string   `json:"type_code"`
	Status    string   `json:"status"`
	Loans     int      `json:"loans"`
	Late      int      `json:"late"`
	Blocked   bool     `json:"blocked"` // something stands against the patron; a full limit does not
	Picture   bool     `json:"picture"`
}

// RoomRef names a homeroom.
type RoomRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// The orders of a list; each is that of an index.
var orders = map[string][]string{
	"name":     {"name", "id"},
	"homeroom": {"room", "name", "id"},
	"grade":    {"grade", "name", "id"},
}

// Grades are the grades in their order; a patron may also have none.
var Grades = []string{"PK", "K", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}

// List reads a page of patrons. Everything it is narrowed and sorted by is in the index of names, so that only the patrons of the page
// themselves are read. The code is fault.Invalid at the name of the query that cannot be.
func List(app core.App, query Query, now time.Time) (Page, error) {
	if err := query.check(); err != nil {
		return Page{}, err
	}
	page := Page{Items: []Row{}, Page: query.Page, PerPage: query.PerPage}
	where, err := query.where(app, now)
	if err != nil {
		return page, err
	}
	if err := app.DB().Select("COUNT(*)").From("patron_index").Where(where).Row(&page.TotalItems); err != nil {
		return page, err
	}
	var ids []string
	err = app.DB().Select("patron").From("patron_index").Where(where).OrderBy(orders[query.Sort]...).
		Limit(int64(query.PerPage)).Offset(int64(query.Page-1) * int64(query.PerPage)).Column(&ids)
	if err != nil || len(ids) == 0 {
		return page, err
	}
	page.Items, err = rowsOf(app, ids, now)
	return page, err
}

// check completes a query and refuses what cannot be asked.
func (q *Query) check() error {
	if q.Status == "" {
		q.Status = collections.PatronActive
	}
	if q.Sort == "" {
		q.Sort = "name"
	}
	if q.Page < 1 {
		q.Page = 1
	}
	if q.PerPage < 1 {
		q.PerPage = usualPerPage
	}
	q.Page, q.PerPage = min(q.Page, math.MaxInt32), min(q.PerPage, maxPerPage)
	for _, choice := range []struct {
		field, value string
		known        []string
	}{
		{"status", q.Status, []string{collections.PatronActive, collections.PatronLeft, "all"}},
		{"only", q.Only, []string{"", "late", "blocked", "no_picture", "owes"}},
		{"sort", q.Sort, []string{"name", "homeroom", "grade"}},
		{"grade", q.Grade, append([]string{""}, Grades...)},
	} {
		if !slices.Contains(choice.known, choice.value) {
			known := strings.Join(slices.DeleteFunc(choice.known, func(word string) bool { return word == "" }), ", ")
			return unfit(choice.field, "patrons.set.choice", known)
		}
	}
	return nil
}

// unfit makes the fault of a value that cannot be.
func unfit(field, key string, args ...any) *fault.Error {
	return fault.New("patrons", fault.Invalid, key, args...).At(field)
}

// where is the condition on the index of names.
func (q Query) where(app core.App, now time.Time) (dbx.Expression, error) {
	var all []dbx.Expression
	and := func(condition string, params dbx.Params) { all = append(all, dbx.NewExp(condition, params)) }
	if q.Status != "all" {
		and("status = {:status}", dbx.Params{"status": q.Status})
	}
	if q.Grade != "" {
		and("grade = {:grade}", dbx.Params{"grade": rank(q.Grade)})
	}
	if q.Homeroom != "" {
		if _, err := homeroomByID(app, q.Homeroom); err != nil {
			return nil, err
		}
		and("patron IN (SELECT id FROM patrons WHERE homeroom = {:homeroom})", dbx.Params{"homeroom": q.Homeroom})
	}
	if q.Type != "" {
		kind, err := typeByCode(app, q.Type)
		if err != nil {
			return nil, err
		}
		and("type = {:type}", dbx.Params{"type": kind.ID})
	}
	found, err := q.found(app)
	if err != nil {
		return nil, err
	}
	only, err := q.only(app, now)
	return dbx.And(slices.Concat(all, found, only)...), err
}

// rank is a grade as the index has it.
func rank(grade string) int { return slices.Index(Grades, grade) - 1 }

// found is the condition that somebody answers to the text; none without a text.
func (q Query) found(app core.App) ([]dbx.Expression, error) {
	text := strings.TrimSpace(q.Text)
	if text == "" {
		return nil, nil
	}
	if barcode.IsCard(text) {
		patron, err := desk.FindPatron(app, text)
		if fault.CodeOf(err) == fault.NotFound {
			err = nil
		}
		return []dbx.Expression{dbx.HashExp{"patron": patron.ID}}, err
	}
	expression := match(text)
	if expression == "" { // nothing but signs
		return nobody, nil
	}
	return one("id IN (SELECT rowid FROM patron_words WHERE patron_words MATCH {:match})", dbx.Params{"match": expression}), nil
}

func one(condition string, params dbx.Params) []dbx.Expression {
	return []dbx.Expression{dbx.NewExp(condition, params)}
}

var nobody = one("0", nil)

// only is the condition of that name.
func (q Query) only(app core.App, now time.Time) ([]dbx.Expression, error) {
	house, err := site.Open(app)
	if err != nil {
		return nil, err
	}
	switch q.Only {
	case "late":
		today := policy.DayOf(now, house.Calendar.Zone)
		return one(`patron IN (SELECT patron FROM loans WHERE state = 'open' AND claim = '' AND due < {:late})`,
			dbx.Params{"late": house.Calendar.LateBefore(today).String()}), nil
	case "owes":
		if !house.Fees.On {
			return nobody, nil
		}
		return one(`patron IN (SELECT patron FROM fees WHERE state = 'open' GROUP BY patron HAVING SUM(cents - paid - waived) > 0)`, nil), nil
	case "no_picture":
		return one("picture = 0", nil), nil
	case "blocked":
		held, err := desk.HeldPatrons(app, now)
		if err != nil {
			return nil, err
		}
		ids, err := json.Marshal(held)
		return one("patron IN (SELECT value FROM json_each({:held}))", dbx.Params{"held": string(ids)}), err
	}
	return nil, nil
}

func rowsOf(app core.App, ids []string, now time.Time) ([]Row, error) {
	patrons, err := desk.PatronsByID(app, ids)
	if err != nil {
		return nil, err
	}
	standings, err := desk.Standings(app, patrons, now)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(patrons))
	for i, p := range patrons {
		rows[i] = Row{
			ID: p.ID, Barcode: p.Barcode, FirstName: p.FirstName, LastName: p.LastName, Name: p.Name(), Grade: p.Grade,
			Type: p.TypeName, TypeCode: p.TypeCode, Status: p.Status,
			Loans: standings[i].Loans, Late: standings[i].Late, Blocked: standings[i].Held(), Picture: p.Picture != "",
		}
		if p.HomeroomName != "" {
			rows[i].Homeroom = &RoomRef{p.Homeroom, p.HomeroomName}
		}
	}
	return rows, nil
}

func homeroomByID(app core.App, id string) (collections.Homeroom, error) {
	room, found, err := collections.Find[collections.Homeroom](app, "id = {:id}", dbx.Params{"id": id})
	if err == nil && !found {
		err = unfit("homeroom", "door.unknown_homeroom")
	}
	return room, err
}

func typeByCode(app core.App, code string) (collections.PatronType, error) {
	kind, found, err := collections.Find[collections.PatronType](app, "code = {:code}", dbx.Params{"code": code})
	if err == nil && !found {
		err = unfit("type", "site.unknown_patron_type", code)
	}
	return kind, err
}
