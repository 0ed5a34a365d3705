package lookup

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"carrel/internal/isbn"
)

// openLibrary asks the Books API of Open Library (openlibrary.org/dev/docs/api/books) with jscmd=details: one question brings the whole edition with the
// names of its authors. It answers an object with one entry for each number it knows, and {} for none.
type openLibrary struct {
	asker *Asker
	name  string
	base  string
	now   func() time.Time
}

func (o *openLibrary) Name() string { return o.name }

// Find asks for both forms of the number at once: editions are found only by the form somebody typed in.
func (o *openLibrary) Find(ctx context.Context, number string) ([]Found, error) {
	keys := "ISBN:" + number
	if short := isbn.Short(number); short != "" {
		keys += ",ISBN:" + short
	}
	asked := url.Values{"bibkeys": {keys}, "jscmd": {"details"}, "format": {"json"}}
	body, err := o.asker.get(ctx, strings.TrimSuffix(o.base, "/")+"/api/books?"+asked.Encode(), "json")
	if err != nil {
		return nil, err
	}
	var answer map[string]json.RawMessage
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, trouble(Broken, "the answer is no JSON object: %w", err)
	}
	if said, failed := answer["error"]; failed {
		return nil, trouble(Broken, "the source says: %.200s", said)
	}
	seen := map[string]bool{}
	found := []Found{}
	for key := range strings.SplitSeq(keys, ",") {
		raw, known := answer[key]
		if !known {
			continue
		}
		edition, err := editionOf(raw)
		if err != nil {
			return nil, err
		}
		if edition.Key.String() != "" && seen[edition.Key.String()] {
			continue // both numbers are of one edition
		}
		seen[edition.Key.String()] = true
		if book := edition.book(number); clean(book.Title, shortText) != "" {
			found = append(found, Found{Record: book.Record(o.now()), Source: o.name})
		}
	}
	return found, nil // none is the source's "not known", also where an answer has counts and no list
}

// edition is what Open Library says of one edition. People and robots type it in, so each value may be a text, a number, an object with a name or a
// value, or a list of any of these.
type edition struct {
	Key       loose  `json:"key"`
	Title     loose  `json:"title"`
	Prefix    loose  `json:"title_prefix"` // "The " of older records
	Subtitle  loose  `json:"subtitle"`
	Authors   loose  `json:"authors"`
	Statement loose  `json:"by_statement"`
	Makers    makers `json:"contributors"`
	Edition   loose  `json:"edition_name"`
	Places    loose  `json:"publish_places"`
	Publisher loose  `json:"publishers"`
	Date      loose  `json:"publish_date"`
	Pages     loose  `json:"number_of_pages"`
	Extent    loose  `json:"pagination"`
	Series    loose  `json:"series"`
	Summary   loose  `json:"description"`
	Subjects  loose  `json:"subjects"`
	Languages loose  `json:"languages"`
	Dewey     loose  `json:"dewey_decimal_class"`
	DeweyNr   loose  `json:"dewey_number"`
	LC        loose  `json:"lc_classifications"`
	LCCN      loose  `json:"lccn"`
	ISBN13    loose  `json:"isbn_13"`
	ISBN10    loose  `json:"isbn_10"`
}

func editionOf(raw json.RawMessage) (e edition, err error) {
	var entry struct {
		Details *edition `json:"details"`
	}
	if err := json.Unmarshal(raw, &entry); err != nil {
		return e, trouble(Broken, "an entry that makes no sense: %w", err)
	}
	if entry.Details == nil { // it knows the number and tells nothing
		return e, nil
	}
	return *entry.Details, nil
}

// book says it in our words.
func (e edition) book(number string) Book {
	b := Book{
		Title: e.Title.String(), Subtitle: e.Subtitle.String(), Authors: e.Authors, Statement: e.Statement.String(), Edition: e.Edition.String(),
		Place: e.Places.String(), Publisher: e.Publisher.String(), Date: e.Date.String(), Series: e.Series, Summary: e.Summary.String(),
		Subjects: e.Subjects, LC: e.LC.String(), LCCN: e.LCCN.String(), ISBNs: numbers(number, e.ISBN13, e.ISBN10), Makers: e.Makers,
	}
	if prefix := strings.TrimSpace(e.Prefix.String()); prefix != "" && !strings.HasPrefix(b.Title, prefix) {
		b.Title = prefix + " " + b.Title
	}
	for _, key := range e.Languages { // "/languages/eng"
		b.Languages = append(b.Languages, key[strings.LastIndexByte(key, '/')+1:])
	}
	if b.Dewey = e.Dewey.String(); b.Dewey == "" {
		b.Dewey = e.DeweyNr.String()
	}
	if b.Pages = e.Pages.String(); b.Pages == "" || b.Pages == "0" {
		b.Pages = e.Extent.String()
	}
	if key := e.Key.String(); strings.HasPrefix(key, "/books/OL") {
		b.SystemMark = "(OL)" + strings.TrimPrefix(key, "/books/")
	}
	return b
}

// numbers are the ISBNs of an edition, the one asked for first. Wrong ones are left out: they would match other books.
func numbers(asked string, lists ...[]string) []string {
	all := []string{asked}
	for _, list := range lists {
		for _, text := range first(list, mostListed) {
			known := false
			number, ok := isbn.Parse(text)
			for _, have := range all {
				known = known || have == number.Text
			}
			if ok && number.Valid && !known {
				all = append(all, number.Text)
			}
		}
	}
	return all
}

// makers are the contributors that have a name; a value of another shape has none.
type makers []Maker

func (m *makers) UnmarshalJSON(data []byte) error {
	var list []struct {
		Name loose `json:"name"`
		Role loose `json:"role"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return nil //nolint:nilerr // of another shape: nobody is named
	}
	for _, one := range list {
		*m = append(*m, Maker{one.Name.String(), one.Role.String()})
	}
	return nil
}

// loose is a list of texts, however it was written.
type loose []string

// String is the first text.
func (l loose) String() string {
	if len(l) == 0 {
		return ""
	}
	return l[0]
}

// UnmarshalJSON never fails on JSON: a value of a kind nobody expects is left out.
func (l *loose) UnmarshalJSON(data []byte) error {
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		return err
	}
	*l = textsIn(value, 0)
	return nil
}

func textsIn(value any, depth int) []string {
	switch value := value.(type) {
	case string:
		return []string{value}
	case float64:
		return []string{strconv.FormatFloat(value, 'f', -1, 64)}
	case []any:
		var all []string
		for _, one := range first(value, 200) {
			if depth < 2 {
				all = append(all, textsIn(one, depth+1)...)
			}
		}
		return all
	case map[string]any:
		for _, name := range []string{"name", "value", "title", "key"} {
			if text, ok := value[name].(string); ok {
				return []string{text}
			}
		}
	}
	return nil
}
