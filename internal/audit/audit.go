// Package audit keeps and shows who of the staff saw or changed what.
package audit

import (
	"encoding/json"
	"strings"
	"time"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Note keeps that a member of staff did something that is about no patron. Detail becomes a JSON object.
func Note(app core.App, staff, action string, detail any) error {
	content, err := json.Marshal(detail)
	if err != nil {
		return err
	}
	_, err = collections.Insert(app, collections.AuditEntry{At: types.NowDateTime(), Staff: staff, Action: action, Detail: content})
	return err
}

// Query is what somebody wants to see; empty fields ask for everything.
type Query struct {
	Patron  string // id
	Staff   string // id
	Action  string
	Page    int // from 1, which 0 means too
	PerPage int // 50 when 0, and 200 at most
}

// Entry is one line. Staff is nil for the command line and for an account that is gone, Patron for what is about nobody and for a patron who is gone.
type Entry struct {
	ID     string          `json:"id"`
	At     string          `json:"at"` // RFC 3339
	Staff  *Member         `json:"staff"`
	Action string          `json:"action"`
	Patron *Patron         `json:"patron"`
	Detail json.RawMessage `json:"detail"`
}

// Member is who did it.
type Member struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Patron is whom it was about.
type Patron struct {
	Barcode string `json:"barcode"`
	Name    string `json:"name"`
}

// Page is one page, the newest first. Actions are all that there are.
type Page struct {
	Items      []Entry  `json:"items"`
	Actions    []string `json:"actions"`
	TotalItems int      `json:"totalItems"`
	Page       int      `json:"page"`
	PerPage    int      `json:"perPage"`
}

const (
	usualPerPage = 50
	maxPerPage   = 200
	maxPage      = 100_000
)

// newest is the order of the list; the number of a row settles which of two at the same instant came later, and every index ends in it.
const newest = " ORDER BY a.at DESC, a.rowid DESC"

// List pages through the audit, along an index.
func List(app core.App, q Query) (Page, error) {
	page := Page{Items: []Entry{}, Actions: []string{}, Page: min(max(q.Page, 1), maxPage), PerPage: min(max(q.PerPage, 0), maxPerPage)}
	if page.PerPage == 0 {
		page.PerPage = usualPerPage
	}
	where, params := q.where()
	if err := app.DB().NewQuery("SELECT COUNT(*) FROM audit a" + where).Bind(params).Row(&page.TotalItems); err != nil {
		return page, err
	}
	if err := app.DB().NewQuery("SELECT DISTINCT action FROM audit ORDER BY action").Column(&page.Actions); err != nil {
		return page, err
	}
	var rows []row
	params["limit"], params["offset"] = page.PerPage, (page.Page-1)*page.PerPage
	err := app.DB().NewQuery(columns + where + newest + " LIMIT {:limit} OFFSET {:offset}").Bind(params).All(&rows)
	for _, row := range rows {
		page.Items = append(page.Items, row.entry())
	}
	return page, err
}

const columns = `SELECT a.id, a.at, a.staff, a.action, a.patron, a.detail, COALESCE(s.name, '') AS staff_name,
	COALESCE(p.barcode, '') AS barcode, COALESCE(p.first_name, '') AS first_name, COALESCE(p.last_name, '') AS last_name, p.id IS NOT NULL AS known
	FROM audit a LEFT JOIN staff s ON s.id = a.staff LEFT JOIN patrons p ON p.id = a.patron AND a.patron != ''`

type row struct {
	collections.AuditEntry
	StaffName string `db:"staff_name"`
	Barcode   string `db:"barcode"`
	FirstName string `db:"first_name"`
	LastName  string `db:"last_name"`
	Known     bool   `db:"known"`
}

func (q Query) where() (string, dbx.Params) {
	var terms []string
	params := dbx.Params{}
	for column, value := range map[string]string{"patron": q.Patron, "staff": q.Staff, "action": q.Action} {
		if value != "" {
			terms = append(terms, "a."+column+" = {:"+column+"}")
			params[column] = value
		}
	}
	if len(terms) == 0 {
		return "", params
	}
	return " WHERE " + strings.Join(terms, " AND "), params
}

func (r row) entry() Entry {
	entry := Entry{ID: r.ID, At: r.At.Time().UTC().Format(time.RFC3339), Action: r.Action, Detail: json.RawMessage("{}")}
	if r.StaffName != "" {
		entry.Staff = &Member{r.AuditEntry.Staff, r.StaffName}
	}
	if r.Known {
		entry.Patron = &Patron{r.Barcode, collections.Patron{FirstName: r.FirstName, LastName: r.LastName}.Name()}
	}
	if len(r.Detail) > 0 && string(r.Detail) != "null" {
		entry.Detail = json.RawMessage(r.Detail)
	}
	return entry
}
