// Package adds keeps the queue of books that were scanned to be added to the catalogue. A scan is durable at once; its record is found later, from the
// box or from the internet, and a batch of rows becomes titles and items as an import that can be taken back.
package adds

import (
	"encoding/json"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/lookup"
	"carrel/internal/marc"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// HandName is the source of a record that somebody typed in.
const HandName = "hand"

// Candidate is one record that may be the book's.
type Candidate struct {
	Sources    []string `json:"sources"`        // names, the one whose record it is first; lookup.OwnName for this school
	Own        string   `json:"own,omitempty"`  // id of the own title
	MARC       string   `json:"marc,omitempty"` // the record as it will be kept; none of an own title
	CallNumber string   `json:"call_number"`    // proposed
	Rank       int      `json:"rank"`           // lower is better
	Keys       []string `json:"keys,omitempty"` // by which another record is the same
	Card
}

// Card is what a person sees of a record to know the book by.
type Card struct {
	Title     string   `json:"title"`
	Author    string   `json:"author"`
	Year      int      `json:"year"`
	Publisher string   `json:"publisher"`
	Pages     string   `json:"pages"`
	Language  string   `json:"language"`
	Series    string   `json:"series"`
	Edition   string   `json:"edition"`
	Summary   string   `json:"summary"`
	Subjects  []string `json:"subjects"`
}

func cardOf(f marc.Facts) Card {
	card := Card{
		Title: f.Title, Author: f.Author, Year: f.Year, Publisher: f.Publisher, Pages: f.Extent, Language: f.Language, Edition: f.Edition,
		Summary: f.Summary, Subjects: slices.Concat(f.Subjects, f.Genres), Series: strings.Join(f.Series, "; "),
	}
	card.Subjects = card.Subjects[:min(len(card.Subjects), 12)]
	return card
}

// The ranks of records: a cataloguer's before a vendor's before one made of what readers typed in. A bare record, with neither subjects nor a class, is
// the last, whoever it is from.
const (
	rankOwn = iota
	rankLibrary
	rankBox
	rankReaders
	rankBare
)

// candidateOf makes a candidate of a record; rank is that of its source.
func candidateOf(found lookup.Found, rank int, shelves shelves) Candidate {
	facts := marc.Extract(found.Record)
	c := Candidate{Sources: []string{found.Source}, Own: found.Title, Rank: rank, Card: cardOf(facts), Keys: sameness(facts)}
	if found.Title == "" {
		c.MARC = string(marc.Encode(found.Record))
		c.CallNumber = shelves.propose(found.Record, facts)
	}
	if rank != rankOwn && len(facts.Subjects) == 0 && facts.CallNumber == "" {
		c.Rank = rankBare
	}
	return c
}

// sameness are the keys of which two records of one ISBN share one when they are the same: the number a library gave it, or title, year and publisher.
func sameness(f marc.Facts) (keys []string) {
	for _, key := range marc.MatchKeys(f) {
		if !strings.HasPrefix(key, "isbn:") {
			keys = append(keys, key)
		}
	}
	publisher, _, _ := strings.Cut(marc.Fold(f.Publisher), " ") // "Harper" and "Harper, an imprint of …" are one
	year, _ := json.Marshal(f.Year)                             //nolint:errcheck // a number
	return append(keys, strings.Join([]string{"book", f.TitleKey, string(year), publisher}, ":"))
}

// merge adds candidates to those that are there, each record once, the best first. It changes neither list.
func merge(have, more []Candidate) []Candidate {
	all := slices.Clone(have)
	for _, c := range more {
		i := slices.IndexFunc(all, func(known Candidate) bool {
			return known.Own == c.Own && slices.ContainsFunc(known.Keys, func(key string) bool { return slices.Contains(c.Keys, key) })
		})
		switch {
		case i < 0:
			all = append(all, c)
		case c.Rank < all[i].Rank:
			c.Sources = together(c.Sources, all[i].Sources)
			all[i] = c
		default:
			all[i].Sources = together(all[i].Sources, c.Sources)
		}
	}
	slices.SortStableFunc(all, func(a, b Candidate) int { return a.Rank - b.Rank })
	return all[:min(len(all), mostCandidates)]
}

// mostCandidates is how many a person can choose between.
const mostCandidates = 6

func together(first, second []string) []string {
	all := slices.Clone(first)
	for _, name := range second {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// Try is how one source answered about one number.
type Try struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	How  string `json:"how"` // found, nothing, broken
	N    int    `json:"n,omitempty"`
}

const (
	howFound   = "found"
	howNothing = "nothing"
	howBroken  = "broken"
)

// mostBroken is how often an answer that cannot be read is asked for again before the source counts as tried.
const mostBroken = 3

// answered tells whether nothing more is expected of the source.
func (t Try) answered() bool { return t.How != howBroken || t.N >= mostBroken }

// row is a scan with what is in its JSON.
type row struct {
	collections.Add
	found []Candidate
	tried []Try
	why   say.Text
}

func open(add collections.Add) (r row, err error) {
	r.Add = add
	for _, part := range []struct {
		data types.JSONRaw
		into any
	}{{add.Found, &r.found}, {add.Tried, &r.tried}, {add.Why, &r.why}} {
		if text := string(part.data); text == "" || text == "null" || text == `""` {
			continue
		}
		if err := json.Unmarshal(part.data, part.into); err != nil {
			return r, err
		}
	}
	return r, nil
}

// choice is the candidate that stands, if one does.
func (r *row) choice() (c Candidate, ok bool) {
	if r.Chosen < 1 || r.Chosen > len(r.found) {
		return c, false
	}
	return r.found[r.Chosen-1], true
}

// settle gives a row the state that its candidates make.
func (r *row) settle() {
	if len(r.found) == 1 && r.Chosen == 0 {
		r.Chosen = 1
	}
	c, ok := r.choice()
	switch {
	case ok && c.Own != "":
		r.State, r.why = collections.AddOwn, say.Text{}
	case ok:
		r.State, r.why = collections.AddReady, say.Text{}
	case len(r.found) > 1:
		r.State, r.Chosen, r.why = collections.AddChoose, 0, say.Text{}
	default:
		r.State, r.Chosen = collections.AddNeeds, 0
	}
}

// columns are what lookups and people change of a row.
func (r *row) columns() (dbx.Params, error) {
	columns := dbx.Params{"state": r.State, "chosen": r.Chosen, "call_number": r.CallNumber, "barcode": r.Barcode, "updated": types.NowDateTime().String()}
	for name, value := range map[string]any{"found": r.found, "tried": r.tried, "why": r.why} {
		data, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		columns[name] = string(data)
	}
	return columns, nil
}

// save writes a row as it is now.
func (r *row) save(app core.App, where dbx.Expression) error {
	columns, err := r.columns()
	if err != nil {
		return err
	}
	_, err = app.DB().Update(collections.Adds, columns, where).Execute()
	return err
}
