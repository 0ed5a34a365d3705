package catalog

import (
	"database/sql"
	"errors"
	"strings"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/marc"
	"carrel/internal/store"
	"carrel/internal/words"
)

// Doc is what the search index knows of one title. The first five texts are cut and folded words parted by blanks, in the
// order of their weight.
type Doc struct {
	TitleID  string
	Title    string
	Author   string
	Subjects string
	More     string // series, summary, publisher, notes, original script
	Codes    string // call numbers as words; ISBNs, barcodes and control numbers as codes

	Name      string // the folded title, its parts held apart by " : ", to tell which title is exactly the one asked for
	Type      string
	Language  string
	Audience  string
	Locations string // ids, each between blanks
	Items     int    // not counting withdrawn ones
	Available int    // as if none were on loan
	Shelf            // what it is narrowed and sorted by beside that
}

// shortCode is the length from which a control number is indexed: a shorter one is a row number of some older
// system and would answer a search for "42".
const shortCode = 5

// MakeDoc gathers what can be found of a title: its fields, what its record says beside them, and its items.
func MakeDoc(title collections.Title, facts marc.Facts, items []collections.Item) Doc {
	doc := Doc{
		TitleID: title.ID, Name: nameOf(title.Title),
		Type: title.Type, Language: title.Language, Audience: title.Audience,
	}
	doc.Title = fold(append([]string{title.Title}, facts.OtherTitles...)...)
	doc.Author = fold(append([]string{title.Author}, facts.Authors...)...)
	doc.Subjects = fold(append(facts.Subjects[:len(facts.Subjects):len(facts.Subjects)], facts.Genres...)...)
	more := []string{title.Series, title.Summary, title.Publisher, facts.Responsibility}
	more = append(append(append(more, facts.Series...), facts.Notes...), facts.OriginalScript...)
	doc.More = fold(more...)
	doc.Codes = codesOf(title, facts, items)
	doc.Shelf = shelve(title, &facts, items)
	for i := range items {
		doc.count(&items[i])
	}
	return doc
}

// count adds an item to the numbers and locations of the title; a withdrawn one is no longer there.
func (d *Doc) count(item *collections.Item) {
	if item.Status == collections.ItemWithdrawn {
		return
	}
	d.Items++
	if item.Status == collections.ItemAvailable {
		d.Available++
	}
	if item.Location != "" && !strings.Contains(d.Locations, " "+item.Location+" ") {
		d.Locations += " " + item.Location + " "
	}
}

// fold cuts texts into words, each text once.
func fold(texts ...string) string {
	var all []string
	for i, text := range texts {
		if text == "" || contains(texts[:i], text) {
			continue
		}
		if spelt := words.Spellings(text); spelt != "" {
			all = append(all, spelt)
		}
	}
	return strings.Join(all, " ")
}

func contains(texts []string, text string) bool {
	for _, have := range texts {
		if have == text {
			return true
		}
	}
	return false
}

// codesOf is the shelf marks and numbers of a title. Dewey numbers lose the slashes at which they may be shortened.
func codesOf(title collections.Title, facts marc.Facts, items []collections.Item) string {
	var found []string
	add := func(text string) {
		if text != "" && text != "#" && !contains(found, text) {
			found = append(found, text)
		}
	}
	shelf := func(call string) { add(words.Spellings(strings.ReplaceAll(call, "/", ""))) }
	shelf(title.CallNumber)
	add(words.Code(title.ISBN))
	for _, number := range facts.ISBNs {
		add(words.Code(number))
	}
	for _, number := range facts.OtherISBNs {
		add(words.Code(number))
	}
	for _, number := range []string{facts.ISSN, facts.LCCN, facts.ControlNumber} {
		if len(number) >= shortCode {
			add(words.Code(number))
		}
	}
	for i := range items {
		shelf(items[i].CallNumber)
		add(words.Code(barcode.Key(items[i].Barcode)))
	}
	return strings.Join(found, " ")
}

// nameOf folds a title for comparison and keeps the sign between its parts: "It : a novel" is the title "It", too.
func nameOf(title string) string {
	proper, rest, found := strings.Cut(title, " : ")
	if !found {
		return words.Fold(title)
	}
	return words.Fold(proper) + " : " + words.Fold(rest)
}

const (
	insertDoc = `INSERT INTO search_doc (title_id, title, type, language, audience, locations, items, available, ` + shelfColumns + `, added)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	insertNew = `INSERT INTO search_fts (rowid, title, author, subjects, more, codes) VALUES (last_insert_rowid(), ?, ?, ?, ?, ?)`
	findDoc   = `SELECT id FROM search_doc WHERE title_id = ?`
	updateDoc = `UPDATE search_doc SET (title, type, language, audience, locations, ` + shelfColumns + `) =
		(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?`
	deleteDoc = `DELETE FROM search_doc WHERE id = ?`
	deleteFTS = `DELETE FROM search_fts WHERE rowid = ?`
	insertFTS = `INSERT INTO search_fts (rowid, title, author, subjects, more, codes) VALUES (?, ?, ?, ?, ?, ?)`
)

// AddDoc indexes a title that was not there before; none of its items is on loan.
func AddDoc(b *store.Bulk, doc Doc) error {
	values := []any{doc.TitleID, doc.Name, doc.Type, doc.Language, doc.Audience, doc.Locations, doc.Items, doc.Available}
	if err := b.Exec(insertDoc, append(append(values, doc.values()...), doc.Added)...); err != nil {
		return err
	}
	return b.Exec(insertNew, doc.Title, doc.Author, doc.Subjects, doc.More, doc.Codes)
}

// PutDoc indexes a title that may be there already, and counts its items as they are in the store.
func PutDoc(b *store.Bulk, doc Doc) error {
	id, err := docID(b, doc.TitleID)
	if err != nil {
		return err
	}
	if id == 0 {
		err = AddDoc(b, doc)
	} else {
		err = replaceDoc(b, id, doc)
	}
	if err != nil {
		return err
	}
	if err := b.Exec(countAvailable+" WHERE title_id = ?", doc.TitleID); err != nil {
		return err
	}
	return b.Exec(dateAdded, doc.TitleID)
}

func replaceDoc(b *store.Bulk, id int64, doc Doc) error {
	values := append([]any{doc.Name, doc.Type, doc.Language, doc.Audience, doc.Locations}, doc.values()...)
	if err := b.Exec(updateDoc, append(values, id)...); err != nil {
		return err
	}
	if err := b.Exec(deleteFTS, id); err != nil {
		return err
	}
	return b.Exec(insertFTS, id, doc.Title, doc.Author, doc.Subjects, doc.More, doc.Codes)
}

// RemoveDoc takes a title out of the index; one that is not there is no error.
func RemoveDoc(b *store.Bulk, title string) error {
	id, err := docID(b, title)
	if err != nil || id == 0 {
		return err
	}
	if err := b.Exec(deleteFTS, id); err != nil {
		return err
	}
	return b.Exec(deleteDoc, id)
}

// docID is 0 for a title that is not indexed.
func docID(b *store.Bulk, title string) (id int64, err error) {
	row, err := b.Row(findDoc, title)
	if err != nil {
		return 0, err
	}
	if err := row.Scan(&id); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	return id, nil
}
