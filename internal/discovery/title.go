package discovery

import (
	"cmp"
	"database/sql"
	"errors"
	"net/http"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/callnumber"
	"carrel/internal/catalog"
	"carrel/internal/cite"
	"carrel/internal/fault"
	"carrel/internal/marc"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// alikeShown is how many similar titles stand below one.
const alikeShown = 10

type titleAnswer struct {
	Title     titleFacts    `json:"title"`
	Available int           `json:"available"`
	Items     int           `json:"items"`
	Back      string        `json:"back,omitempty"` // the day the first one is due back, when none is in
	Waiting   int           `json:"waiting"`
	Places    []place       `json:"places"`
	Cite      citations     `json:"cite"`
	Alike     []catalog.Hit `json:"alike"`
}

type titleFacts struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Subtitle    string   `json:"subtitle"`
	Author      string   `json:"author"`
	Authors     []string `json:"authors"`
	Illustrator string   `json:"illustrator"`
	Summary     string   `json:"summary"`
	Kind        string   `json:"kind"`
	Grades      string   `json:"grades"`
	Level       string   `json:"level"`
	Series      string   `json:"series"`
	Subjects    []string `json:"subjects"`
	Year        int      `json:"year"`
	Publisher   string   `json:"publisher"`
	Pages       string   `json:"pages"`
	Language    string   `json:"language"`
	Cover       string   `json:"cover"`
	ISBN        string   `json:"isbn"`
}

type citations struct {
	MLA     []cite.Run `json:"mla"`
	APA     []cite.Run `json:"apa"`
	Chicago []cite.Run `json:"chicago"`
}

// place is where items of a title stand together.
type place struct {
	CallNumber string `json:"call_number"`
	Location   string `json:"location"`
	N          int    `json:"n"` // on the shelf now
}

// title answers fault.NotFound at an id that is none.
func (c *catalogue) title(r *http.Request) (any, error) {
	title, err := titleOf(c.app, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	record, err := marc.Decode([]byte(title.MARC))
	if err != nil { // the fields that were read from it still tell enough
		record = marc.Record{}
	}
	facts := marc.Extract(record)
	work := cite.FromMARC(record)
	if work.Title == "" {
		work.Title = title.Title
	}
	answer := titleAnswer{
		Title: show(title, facts, work),
		Cite:  citations{cite.MLA(work), cite.APA(work), cite.Chicago(work)},
	}
	if err := c.shelve(title, &answer); err != nil {
		return nil, err
	}
	answer.Alike, err = catalog.Alike(c.app, title.ID, facts, alikeShown)
	return answer, err
}

// titleOf finds a title by its id, or by that of a double that was merged into it.
func titleOf(app core.App, id string) (title collections.Title, err error) {
	for range 3 { // a double of a double
		var known bool
		title, known, err = collections.Find[collections.Title](app, "id = {:id}", dbx.Params{"id": id})
		if err != nil {
			return title, err
		}
		if !known {
			break
		}
		if title.MergedInto == "" {
			return title, nil
		}
		id = title.MergedInto
	}
	return title, fault.New("discovery.title", fault.NotFound, "discovery.no_title")
}

func show(title collections.Title, facts marc.Facts, work cite.Work) titleFacts {
	proper, rest, _ := strings.Cut(title.Title, " : ")
	shown := titleFacts{
		ID: title.ID, Title: proper, Subtitle: rest, Author: title.Author, Authors: facts.Authors, Summary: title.Summary,
		Grades: facts.Grades, Level: facts.Lexile, Series: title.Series, Subjects: subjects(facts), Year: title.Year,
		Publisher: title.Publisher, Pages: facts.Extent, Language: title.Language, Cover: title.Cover, ISBN: title.ISBN,
	}
	if shown.Authors == nil {
		shown.Authors = []string{}
	}
	for _, name := range work.Illustrators {
		shown.Illustrator = cmp.Or(shown.Illustrator, name.Inverted())
	}
	return shown
}

// subjects is the headings without their subdivisions, each once.
func subjects(facts marc.Facts) []string {
	all := []string{}
	for _, subject := range facts.Subjects {
		heading, _, _ := strings.Cut(subject, " -- ")
		if !slices.Contains(all, heading) {
			all = append(all, heading)
		}
	}
	return all
}

// standing is one item as the shelf knows it.
type standing struct {
	CallNumber string         `db:"call_number"`
	Location   string         `db:"location"`
	Name       string         `db:"name"`
	In         bool           `db:"in_now"`
	Due        sql.NullString `db:"due"`
}

// shelve tells where the items of a title stand, or when the first of them is due back.
func (c *catalogue) shelve(title collections.Title, answer *titleAnswer) error {
	answer.Places = []place{}
	var items []standing
	err := c.app.DB().NewQuery(`SELECT i.call_number, i.location, COALESCE(p.name, '') AS name, l.due,
			i.status = 'available' AND l.id IS NULL AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.caught = i.id AND h.state = 'ready') AS in_now
		FROM items i LEFT JOIN locations p ON p.id = i.location LEFT JOIN loans l ON l.item = i.id AND l.state = 'open'
		WHERE i.title = {:title} AND i.status != 'withdrawn' ORDER BY i.call_number, i.barcode`).Bind(dbx.Params{"title": title.ID}).All(&items)
	if err != nil {
		return err
	}
	for _, item := range items {
		answer.Items++
		if item.In {
			answer.Available++
		}
		if item.Due.Valid && (answer.Back == "" || item.Due.String < answer.Back) {
			answer.Back = item.Due.String
		}
		answer.stand(item, cmp.Or(item.CallNumber, title.CallNumber))
	}
	if answer.Available > 0 {
		answer.Back = ""
	}
	slices.SortStableFunc(answer.Places, func(a, b place) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(callnumber.Key(a.CallNumber), callnumber.Key(b.CallNumber)))
	})
	err = c.app.DB().NewQuery("SELECT COUNT(*) FROM holds WHERE title = {:title} AND state = 'waiting'").Bind(dbx.Params{"title": title.ID}).Row(&answer.Waiting)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// stand counts an item at its place.
func (a *titleAnswer) stand(item standing, call string) {
	for i := range a.Places {
		if a.Places[i].CallNumber == call && a.Places[i].Location == item.Name {
			a.Places[i].N += count(item.In)
			return
		}
	}
	a.Places = append(a.Places, place{CallNumber: call, Location: item.Name, N: count(item.In)})
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}
