package catalog

import (
	"database/sql"
	"errors"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Change is one change of a title's record.
type Change struct {
	Title   string // id
	Updated string // when the title was saved last, as the one who changes it saw it
	Staff   string // id of the account
	How     string // one of the How constants
	Sitting string // changes with the same one are kept as one version; "" for one of its own
}

// How a record was changed.
const (
	HowForm    = "form"
	HowMARC    = "marc"
	HowImport  = "import"
	HowMerge   = "merge"
	HowRestore = "restore"
	HowMade    = "made" // the first state of a title that was typed in
)

// stored is a title's record as it is in the store.
type stored struct {
	collections.Title
	Updated string `db:"updated"`
	Created string `db:"created"`
	record  marc.Record
}

// read makes the record of a row; a title that came without one gets one made of its fields.
func (s *stored) read() (err error) {
	if s.MARC == "" {
		s.record = recordOf(s.Title)
		return nil
	}
	s.record, err = marc.Decode([]byte(s.MARC))
	return err
}

// noTitle is the fault of a title that is not here: fault.NotFound, named unknown_title.
func noTitle(op string) error {
	return fault.New(op, fault.NotFound, "catalog.title.unknown").Named("unknown_title").At("title")
}

// stand is a title as it stands now, inside a transaction. The codes are fault.NotFound (unknown_title) and fault.Conflict (merged).
func stand(b *store.Bulk, op, id string) (s stored, err error) {
	row, err := b.Row(`SELECT id, title, author, publisher, year, language, call_number, isbn, series, summary, item_tag, merged_into, marc, updated, created
		FROM titles WHERE id = ?`, id)
	if err != nil {
		return s, err
	}
	err = row.Scan(&s.ID, &s.Title.Title, &s.Author, &s.Publisher, &s.Year, &s.Language, &s.CallNumber, &s.ISBN, &s.Series, &s.Summary, &s.ItemTag,
		&s.MergedInto, &s.MARC, &s.Updated, &s.Created)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return s, noTitle(op)
	case err != nil:
		return s, err
	case s.MergedInto != "":
		return s, fault.New(op, fault.Conflict, "catalog.title.merged").Named("merged")
	}
	return s, s.read()
}

// EditForm saves the friendly fields of a title: change lays what was typed over the form as it is now. Fields of the record that the form does not
// know stay as they are. The codes are those of save, and fault.Invalid at the field.
func EditForm(app core.App, c Change, change func(*marc.Form) error) error {
	const op = "catalog.EditForm"
	return save(app, op, c, func(now stored) (marc.Record, error) {
		was := marc.FormOf(now.record)
		form := was
		form.ISBN, form.Subjects = slices.Clone(was.ISBN), slices.Clone(was.Subjects)
		if err := change(&form); err != nil {
			return now.record, err
		}
		if err := checkForm(op, was, form); err != nil {
			return now.record, err
		}
		return marc.Edit(now.record, form), nil
	})
}

// save writes the record that next makes of a title, the title's own fields, its items' places in the record, its keys and its place in the index, and
// keeps the record before as a version: all of it or nothing. The codes are fault.NotFound (unknown_title) and fault.Conflict: changed, when somebody
// saved the title since, merged, when another title stands for it. What is as it should be already is no conflict and no version.
func save(app core.App, op string, c Change, next func(stored) (marc.Record, error)) error {
	return once(app, func(b *store.Bulk) error {
		now, err := stand(b, op, c.Title)
		if err != nil {
			return err
		}
		record, err := next(now)
		if err != nil {
			return err
		}
		text := string(marc.Encode(record))
		if text == string(marc.Encode(now.record)) {
			return nil
		}
		if now.Updated != c.Updated {
			return fault.New(op, fault.Conflict, "catalog.title.changed", now.Title.Title).Named("changed")
		}
		if err := keepVersion(b, c, string(marc.Encode(now.record)), text); err != nil {
			return err
		}
		return replace(b, now, record)
	})
}

// once does one piece of work in one transaction.
func once(app core.App, piece func(*store.Bulk) error) error {
	b, err := store.NewBulk(app, true)
	if err != nil {
		return err
	}
	defer b.Abort()
	if err := b.Do(piece); err != nil {
		return err
	}
	return b.Flush()
}

// replace puts another record in the place of a title's.
func replace(b *store.Bulk, now stored, record marc.Record) error {
	p := parsedOf(record, now.ItemTag)
	if err := writeTitle(b, titleOf(&p, now.ID), p.keys, false); err != nil {
		return err
	}
	if err := moveItems(b, now, record); err != nil {
		return err
	}
	return Refresh(b, now.ID)
}

// parsedOf is a record as one of a file would be.
func parsedOf(record marc.Record, itemTag string) parsed {
	p := parsed{marc: string(marc.Encode(record)), facts: marc.Extract(record), itemTag: itemTag}
	if p.keys = marc.MatchKeys(p.facts); len(p.keys) == 0 {
		p.keys = []string{contentKey(record, itemTag)}
	}
	return p
}

// moveItems tells the items where their fields stand now: the same field, or the one with the same barcode; an item whose field is gone has none.
func moveItems(b *store.Bulk, now stored, record marc.Record) error {
	moved, err := movedItems(b, now, record)
	if err != nil {
		return err
	}
	for id, to := range moved {
		if err := b.Exec("UPDATE items SET marc_index = ? WHERE id = ?", to, id); err != nil {
			return err
		}
	}
	return nil
}

// movedItems are the items whose fields stand elsewhere now, with their new marc_index.
func movedItems(b *store.Bulk, now stored, record marc.Record) (map[string]int, error) {
	places, moved := places(now, record), map[string]int{}
	rows, err := b.Rows("SELECT id, marc_index FROM items WHERE title = ? AND marc_index > 0", now.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var at int
		if err := rows.Scan(&id, &at); err != nil {
			return nil, err
		}
		if to := places[at-1] + 1; to != at {
			moved[id] = to
		}
	}
	return moved, rows.Err()
}

// gone is the place of an item field that is not in the record any more.
const gone = -1

// places tells where the item fields of the record before stand in another one.
func places(now stored, record marc.Record) map[int]int {
	found := map[int]int{}
	was, is := marc.Items(now.record, now.ItemTag), marc.Items(record, now.ItemTag)
	taken := make([]bool, len(is))
	for i := range now.record.Fields {
		found[i] = gone
	}
	for _, fits := range []func(a, b marc.ItemFacts) bool{
		func(a, b marc.ItemFacts) bool {
			return sameField(now.record.Fields[a.FieldIndex], record.Fields[b.FieldIndex])
		},
		func(a, b marc.ItemFacts) bool { return a.Barcode != "" && a.Barcode == b.Barcode },
	} {
		for _, item := range was {
			if found[item.FieldIndex] != gone {
				continue
			}
			at := slices.IndexFunc(is, func(other marc.ItemFacts) bool { return fits(item, other) })
			for at >= 0 && taken[at] {
				rest := slices.IndexFunc(is[at+1:], func(other marc.ItemFacts) bool { return fits(item, other) })
				if rest < 0 {
					at = gone
					break
				}
				at += 1 + rest
			}
			if at >= 0 {
				found[item.FieldIndex], taken[at] = is[at].FieldIndex, true
			}
		}
	}
	return found
}

func sameField(a, b marc.Field) bool {
	return string(marc.Encode(marc.Record{Fields: []marc.Field{a}})) == string(marc.Encode(marc.Record{Fields: []marc.Field{b}}))
}

// itemFields are the fields of a record that its items came from, as texts.
func itemFields(record marc.Record, tag string) (fields []marc.Field) {
	for _, facts := range marc.Items(record, tag) {
		fields = append(fields, record.Fields[facts.FieldIndex])
	}
	return fields
}

// Standing is a title that is here, with its record. The codes are fault.NotFound (unknown_title).
func Standing(app core.App, id string) (title collections.Title, record marc.Record, updated string, err error) {
	var s stored
	err = app.DB().NewQuery("SELECT * FROM titles WHERE id = {:id}").Bind(dbx.Params{"id": id}).One(&s)
	if errors.Is(err, sql.ErrNoRows) {
		return title, record, "", noTitle("catalog.Standing")
	}
	if err != nil {
		return title, record, "", err
	}
	if err := s.read(); err != nil {
		return title, record, "", err
	}
	return s.Title, s.record, s.Updated, nil
}

// blank tells whether nothing was typed.
func blank(text string) bool { return strings.TrimSpace(text) == "" }
