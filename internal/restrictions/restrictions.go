// Package restrictions keeps what families asked for: books their child may not have, may have only, or that they want to be asked about. The rule
// itself is in package policy, and package desk obeys it.
package restrictions

import (
	"strings"
	"time"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Request is one wish of a family. For the scope title it names the book by one of Title, ISBN, Item or, as people call it, Value.
type Request struct {
	Patron string // card or barcode
	Mode   string // one of policy.RestrictDeny, RestrictAllow, RestrictAsk
	Scope  string // one of policy.RestrictAll, RestrictTitle, RestrictTag, RestrictAuthor, RestrictSeries
	Title  string // id
	ISBN   string
	Item   string // barcode
	Value  string // the tag, author or series
	Note   string
}

// The longest texts, in characters.
const (
	maxValue = 300
	maxNote  = 500
)

// Listed is a restriction with what its title is called.
type Listed struct {
	collections.Restriction
	TitleName string `db:"title_name"`
}

// List shows a member of staff what the family of a patron asked for, and keeps in the audit that they looked. patron is an id.
func List(app core.App, patron, staff string, now time.Time) ([]Listed, error) {
	listed := []Listed{}
	err := app.DB().NewQuery(`SELECT restrictions.*, COALESCE(titles.title, '') AS title_name FROM restrictions
		LEFT JOIN titles ON titles.id = restrictions.title WHERE restrictions.patron = {:patron}
		ORDER BY restrictions.mode, restrictions.scope, title_name, restrictions.folded`).Bind(dbx.Params{"patron": patron}).All(&listed)
	if err != nil {
		return nil, err
	}
	return listed, write(app, staff, now, func(p *pen) error { return p.audit("view", collections.Restriction{Patron: patron}) })
}

// Add notes a wish and answers the restrictions that stand for it: several when a book is here in several editions. What stands already stays as it is.
// The codes are fault.NotFound (unknown_patron, unknown_item, unknown_title) and fault.Invalid (mode, scope, value, isbn, note).
func Add(app core.App, request Request, staff string, now time.Time) ([]collections.Restriction, error) {
	const op = "restrictions.Add"
	if err := request.check(op); err != nil {
		return nil, err
	}
	patron, err := desk.FindPatron(app, request.Patron)
	if err != nil {
		return nil, err
	}
	found, err := newFinder(app).targets(op, request)
	if err != nil {
		return nil, err
	}
	wanted, err := request.wanted(patron.ID, found)
	if err != nil {
		return nil, err
	}
	err = write(app, staff, now, func(p *pen) error {
		for _, restriction := range wanted {
			if err := p.add(restriction); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return standing(app, wanted)
}

// Remove takes a restriction away. The code is fault.NotFound (unknown_restriction).
func Remove(app core.App, id, staff string, now time.Time) error {
	restriction, ok, err := collections.Find[collections.Restriction](app, "id = {:id}", dbx.Params{"id": id})
	if err != nil {
		return err
	}
	if !ok {
		return fault.New("restrictions.Remove", fault.NotFound, "restrictions.unknown").Named("unknown_restriction").At("id")
	}
	return write(app, staff, now, func(p *pen) error { return p.remove(restriction) })
}

// check refuses what no library could make sense of.
func (r Request) check(op string) error {
	if utf8.RuneCountInString(r.Value) > maxValue {
		return fault.New(op, fault.Invalid, "restrictions.long_value", maxValue).Named("long_value").At("value")
	}
	if utf8.RuneCountInString(r.Note) > maxNote {
		return fault.New(op, fault.Invalid, "restrictions.long_note", maxNote).Named("long_note").At("note")
	}
	return policy.Restriction{Mode: r.Mode, Scope: r.Scope, Value: r.Title + r.ISBN + r.Item + strings.TrimSpace(r.Value)}.Validate()
}

// wanted are the restrictions a request comes to.
func (r Request) wanted(patron string, found []target) (wanted []collections.Restriction, err error) {
	for _, t := range found {
		restriction := collections.Restriction{
			Patron: patron, Mode: r.Mode, Scope: r.Scope, Title: t.title, Folded: t.folded, Note: strings.TrimSpace(r.Note),
		}
		if r.Scope != policy.RestrictTitle {
			restriction.Value = strings.TrimSpace(r.Value)
		}
		if err := (policy.Restriction{Mode: r.Mode, Scope: r.Scope, Value: t.title + t.folded}).Validate(); err != nil {
			return nil, err
		}
		wanted = append(wanted, restriction)
	}
	return wanted, nil
}

// standing reads the restrictions back as they are in the store.
func standing(app core.App, wanted []collections.Restriction) ([]collections.Restriction, error) {
	stand := make([]collections.Restriction, 0, len(wanted))
	for _, w := range wanted {
		restriction, ok, err := collections.Find[collections.Restriction](app,
			"patron = {:patron} AND mode = {:mode} AND scope = {:scope} AND title = {:title} AND folded = {:folded}",
			dbx.Params{"patron": w.Patron, "mode": w.Mode, "scope": w.Scope, "title": w.Title, "folded": w.Folded})
		if err != nil {
			return nil, err
		}
		if ok {
			stand = append(stand, restriction)
		}
	}
	return stand, nil
}

// write makes one small change.
func write(app core.App, staff string, now time.Time, change func(*pen) error) error {
	bulk, err := store.NewBulk(app, true)
	if err != nil {
		return err
	}
	defer bulk.Abort()
	if err := bulk.Do(func(b *store.Bulk) error { return change(newPen(b, staff, now)) }); err != nil {
		return err
	}
	return bulk.Flush()
}
