package adds

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/fault"
	"carrel/internal/isbn"
	"carrel/internal/lookup"
	"carrel/internal/marc"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Find reads an open row; fault.NotFound (unknown_add).
func Find(app core.App, id string) (collections.Add, error) {
	return sure(collections.Find[collections.Add](app, "id = {:id} AND item = ''", dbx.Params{"id": id}))
}

// Typed is a book as a person types it in, in the words of the title form.
type Typed struct {
	Title     string   `json:"title"`
	Subtitle  string   `json:"subtitle"`
	Author    string   `json:"author"`
	Maker     string   `json:"illustrator"`
	ISBN      []string `json:"isbn"`
	Edition   string   `json:"edition"`
	Place     string   `json:"place"`
	Publisher string   `json:"publisher"`
	Year      string   `json:"year"`
	Pages     string   `json:"pages"`
	Series    string   `json:"series"`
	Language  string   `json:"language"`
	Subjects  []string `json:"subjects"`
	Summary   string   `json:"summary"`
}

// Change is what a person says about a row; nil leaves as it is.
type Change struct {
	Chosen     *int    `json:"chosen"`
	Fields     *Typed  `json:"fields"`
	CallNumber *string `json:"call_number"`
	Barcode    *string `json:"barcode"`
}

// Edit changes a row. What is said of the book holds for every copy of it in the queue that waits for the same; a barcode is the row's own. The codes are
// fault.NotFound and fault.Invalid (chosen, fields.title, fields.isbn.0, call_number, barcode).
func Edit(app core.App, id string, change Change, now time.Time) (collections.Add, error) {
	add, err := Find(app, id)
	if err != nil {
		return add, err
	}
	r, err := open(add)
	if err != nil {
		return add, err
	}
	before := r.State
	if err := r.change(app, change, now); err != nil {
		return add, err
	}
	if err := r.save(app, dbx.HashExp{"id": id, "item": ""}); err != nil {
		return add, err
	}
	if r.ISBN != "" && (change.Chosen != nil || change.Fields != nil) {
		if err := r.share(app, before); err != nil {
			return add, err
		}
	}
	return Find(app, id)
}

// share gives the other copies in the same state what was decided about this one, but for its barcode.
func (r *row) share(app core.App, before string) error {
	others, err := collections.All[collections.Add](app, "isbn = {:isbn} AND item = '' AND id != {:id} AND state = {:state}", "id",
		dbx.Params{"isbn": r.ISBN, "id": r.ID, "state": before})
	if err != nil {
		return err
	}
	for _, other := range others {
		copied := *r
		copied.Barcode = other.Barcode
		if err := copied.save(app, dbx.HashExp{"id": other.ID, "item": ""}); err != nil {
			return err
		}
	}
	return nil
}

func (r *row) change(app core.App, change Change, now time.Time) error {
	const op = "adds.Edit"
	if change.Fields != nil {
		if err := r.typeIn(app, *change.Fields, now); err != nil {
			return err
		}
	}
	if change.Chosen != nil {
		if *change.Chosen < 1 || *change.Chosen > len(r.found) {
			return fault.New(op, fault.Invalid, "adds.no_such_record", len(r.found)).At("chosen")
		}
		r.Chosen = *change.Chosen
		r.settle()
	}
	if change.CallNumber != nil {
		call := strings.Join(strings.Fields(*change.CallNumber), " ")
		if utf8.RuneCountInString(call) > 200 {
			return fault.New(op, fault.Invalid, "adds.long_call_number", 200).At("call_number")
		}
		r.CallNumber = call
	}
	if change.Barcode != nil {
		return r.label(app, *change.Barcode)
	}
	return nil
}

// label gives a row a barcode of its own. One that is taken is refused while the label is still in the hand.
func (r *row) label(app core.App, code string) error {
	const op = "adds.Edit"
	code = tidy(code)
	if utf8.RuneCountInString(code) > barcode.MaxLength {
		return fault.New(op, fault.Invalid, "adds.long_barcode", barcode.MaxLength).At("barcode")
	}
	if code != "" {
		title, known, err := itemOf(app, code)
		if err != nil {
			return err
		}
		if known {
			return fault.New(op, fault.Conflict, "adds.barcode_taken", code, title).Named("barcode_taken").At("barcode")
		}
	}
	r.Barcode = code
	if _, chosen := r.choice(); chosen {
		r.settle()
	}
	return nil
}

// typeIn makes a record of what somebody typed and chooses it. Typing again replaces it.
func (r *row) typeIn(app core.App, typed Typed, now time.Time) error {
	book, err := typed.book(r.ISBN)
	if err != nil {
		return err
	}
	shelves, err := shelvesOf(app, now)
	if err != nil {
		return err
	}
	c := candidateOf(lookup.Found{Record: book.Record(now), Source: HandName}, rankReaders, shelves)
	if c.Title == "" { // nothing of it was text
		return fault.New("adds.Edit", fault.Invalid, "adds.no_title").At("fields.title")
	}
	c.Rank, c.Keys = rankReaders, nil // the same as no other: what was typed must not vanish behind what was found
	if r.ISBN == "" && len(book.ISBNs) > 0 {
		r.ISBN = book.ISBNs[0]
	}
	r.found = slices.DeleteFunc(r.found, func(old Candidate) bool { return old.Sources[0] == HandName })
	r.found = append(r.found, c)
	r.Chosen = len(r.found)
	r.settle()
	return nil
}

// book says it in the words of a record, the number on the book first.
func (t Typed) book(number string) (lookup.Book, error) {
	const op = "adds.Edit"
	b := lookup.Book{
		Title: t.Title, Subtitle: t.Subtitle, Edition: t.Edition, Place: t.Place, Publisher: t.Publisher, Date: t.Year, Pages: t.Pages,
		Summary: t.Summary, Subjects: t.Subjects,
	}
	if strings.TrimSpace(t.Title) == "" {
		return b, fault.New(op, fault.Invalid, "adds.no_title").At("fields.title")
	}
	if year := strings.TrimSpace(t.Year); year != "" && lookup.YearOf(year) == 0 {
		return b, fault.New(op, fault.Invalid, "adds.bad_year").At("fields.year")
	}
	for author := range strings.SplitSeq(t.Author, ";") {
		if author = strings.TrimSpace(author); author != "" {
			b.Authors = append(b.Authors, author)
		}
	}
	if maker := strings.TrimSpace(t.Maker); maker != "" {
		b.Makers = []lookup.Maker{{Name: maker, Role: "illustrator"}}
	}
	if series := strings.TrimSpace(t.Series); series != "" {
		b.Series = []string{series}
	}
	if language := strings.TrimSpace(t.Language); language != "" {
		b.Languages = []string{language}
	}
	if number != "" {
		b.ISBNs = []string{number}
	}
	for i, text := range t.ISBN {
		if strings.TrimSpace(text) == "" {
			continue
		}
		found, ok := isbn.Parse(text)
		if !ok || !found.Valid {
			return b, fault.New(op, fault.Invalid, "adds.bad_isbn").At("fields.isbn." + strconv.Itoa(i))
		}
		if !slices.Contains(b.ISBNs, found.Text) {
			b.ISBNs = append(b.ISBNs, found.Text)
		}
	}
	return b, nil
}

// Again has a number looked up anew, everywhere. fault.NotFound, and fault.Conflict (no_isbn) for a row without a number.
func Again(app core.App, id string) (collections.Add, error) {
	add, err := Find(app, id)
	if err != nil {
		return add, err
	}
	if add.ISBN == "" {
		return add, fault.New("adds.Again", fault.Conflict, "adds.no_isbn").Named("no_isbn")
	}
	r, err := open(add)
	if err != nil {
		return add, err
	}
	r.found, r.tried, r.why, r.State, r.Chosen = typedIn(r.found), nil, say.Text{}, collections.AddNew, 0
	if err := r.save(app, dbx.HashExp{"isbn": r.ISBN, "item": ""}); err != nil {
		return add, err
	}
	return Find(app, id)
}

// Reconsider looks again for every book that is not found yet: there is another place to look. Rows that need a person for something else stay.
func Reconsider(app core.App) error {
	_, err := app.DB().NewQuery(`UPDATE adds SET state = 'new', why = 'null' WHERE item = '' AND isbn != '' AND chosen = 0 AND state IN ('waiting', 'needs')`).Execute()
	return err
}

// Remove takes a row out of the queue; fault.NotFound.
func Remove(app core.App, id string) error {
	if _, err := Find(app, id); err != nil {
		return err
	}
	_, err := app.DB().Delete(collections.Adds, dbx.HashExp{"id": id, "item": ""}).Execute()
	return err
}

func cardOfFound(found lookup.Found) Card { return cardOf(marc.Extract(found.Record)) }
