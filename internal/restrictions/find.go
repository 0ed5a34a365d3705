package restrictions

import (
	"cmp"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/isbn"
	"carrel/internal/marc"
	"carrel/internal/policy"
	"carrel/internal/words"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// target is what a restriction compares with: a title by its id, or a folded tag, author or series.
type target struct{ title, folded string }

// finder finds the books of wishes in the catalogue.
type finder struct {
	app   core.App
	names *names // read when a wish first needs it
}

func newFinder(app core.App) *finder { return &finder{app: app} }

// targets are what a request is about. The codes are fault.NotFound (unknown_item, unknown_title) and fault.Invalid (isbn).
func (f *finder) targets(op string, r Request) ([]target, error) {
	switch r.Scope {
	case policy.RestrictAll:
		return []target{{}}, nil
	case policy.RestrictTitle:
		return f.titles(op, r)
	}
	return []target{{folded: words.Fold(r.Value)}}, nil
}

func (f *finder) titles(op string, r Request) ([]target, error) {
	field, ids, err := "title", []string(nil), error(nil)
	switch {
	case r.Title != "":
		ids, err = f.column("SELECT id FROM titles WHERE id = {:text}", r.Title)
	case r.ISBN != "":
		field = "isbn"
		ids, err = f.byISBN(op, r.ISBN)
	case r.Item != "":
		item, err := desk.FindItem(f.app, r.Item)
		return []target{{title: item.Title}}, err
	default:
		field = "value"
		ids, err = f.byName(r.Value)
	}
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, fault.New(op, fault.NotFound, "restrictions.unknown_title", cmp.Or(r.Title, r.ISBN, r.Value)).Named("unknown_title").At(field)
	}
	found := make([]target, len(ids))
	for i, id := range ids {
		found[i].title = id
	}
	return found, nil
}

func (f *finder) column(query, text string) (values []string, err error) {
	err = f.app.DB().NewQuery(query).Bind(dbx.Params{"text": text}).Column(&values)
	return values, err
}

// byISBN finds every title with an ISBN: its first one is a field, the others of its record are among the keys it is matched by.
func (f *finder) byISBN(op, text string) ([]string, error) {
	number, ok := isbn.Parse(text)
	if !ok || !number.Valid {
		return nil, fault.New(op, fault.Invalid, "restrictions.bad_isbn").Named("bad_isbn").At("isbn")
	}
	return f.column(`SELECT id FROM titles WHERE isbn = {:text}
		UNION SELECT title_id FROM title_keys WHERE key >= 'isbn:' || {:text} || ':' AND key < 'isbn:' || {:text} || ';'`, number.Text)
}

func (f *finder) byName(name string) ([]string, error) {
	names, err := f.read()
	if err != nil {
		return nil, err
	}
	return names.titles[words.Fold(name)], nil
}

// known tells whether any book answers to a wish today, as package policy compares. Of tags it says nothing.
func (f *finder) known(scope string, found target) (bool, error) {
	if scope != policy.RestrictAuthor && scope != policy.RestrictSeries {
		return true, nil
	}
	names, err := f.read()
	if err != nil {
		return false, err
	}
	if scope == policy.RestrictSeries {
		return slices.ContainsFunc(names.series, func(series string) bool {
			return strings.Contains(" "+series+" ", " "+found.folded+" ")
		}), nil
	}
	words := strings.Fields(found.folded)
	return slices.ContainsFunc(names.authors, func(author []string) bool { return allAmong(words, author) }), nil
}

// names are the folded titles, authors and series of the catalogue.
type names struct {
	titles  map[string][]string // ids, by the whole title and by what stands before its subtitle
	authors [][]string          // their words
	series  []string
}

func (f *finder) read() (*names, error) {
	if f.names != nil {
		return f.names, nil
	}
	rows, err := f.app.DB().Select("id", "title", "author", "series", "marc").From(collections.Titles).OrderBy("author", "id").Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	n := &names{titles: map[string][]string{}}
	for rows.Next() {
		var title collections.Title
		if err := rows.ScanStruct(&title); err != nil {
			return nil, err
		}
		n.note(title, properTitle(title))
	}
	n.authors = slices.CompactFunc(n.authors, slices.Equal)
	f.names = n
	return n, rows.Err()
}

// properTitle is a title as people call it, without its subtitle: $a of field 245 (MARC 21 Format for Bibliographic Data, 245).
func properTitle(title collections.Title) string {
	record, err := marc.Decode([]byte(title.MARC))
	if err != nil {
		return title.Title // made by hand
	}
	for _, field := range record.Fields {
		if field.Tag == "245" && field.Has('a') {
			return field.First('a')
		}
	}
	return title.Title
}

func (n *names) note(title collections.Title, proper string) {
	for _, name := range []string{words.Fold(title.Title), words.Fold(proper)} {
		if name != "" && !slices.Contains(n.titles[name], title.ID) {
			n.titles[name] = append(n.titles[name], title.ID)
		}
	}
	n.authors = append(n.authors, strings.Fields(words.Fold(title.Author)))
	if title.Series != "" {
		n.series = append(n.series, words.Fold(title.Series))
	}
}
