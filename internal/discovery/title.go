package discovery

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/cite"
	"carrel/internal/fault"
	"carrel/internal/lists"
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
	Lists     []list        `json:"lists"`
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
		work.Title, work.Subtitle, _ = strings.Cut(title.Title, " : ")
	}
	hits, err := catalog.Hits(c.app, []string{title.ID})
	if err != nil {
		return nil, err
	}
	answer := titleAnswer{
		Title: show(title, hits, facts, work),
		Cite:  citations{cite.MLA(work), cite.APA(work), cite.Chicago(work)},
	}
	if err := c.shelve(title, &answer, langOf(r)); err != nil {
		return nil, err
	}
	if answer.Lists, err = c.listsOf(title.ID); err != nil {
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

// listsOf is the lists on show in which a title is.
func (c *catalogue) listsOf(title string) ([]list, error) {
	today, err := c.today()
	if err != nil {
		return nil, err
	}
	named, err := lists.Of(c.app, title)
	if err != nil {
		return nil, err
	}
	shown := []list{}
	for _, one := range named {
		on, err := lists.OnShow(c.app, one.ID, today)
		if err == nil {
			shown = append(shown, listOf(on))
		} else if fault.CodeOf(err) != fault.NotFound {
			return nil, err
		}
	}
	return shown, nil
}

func show(title collections.Title, hits []catalog.Hit, facts marc.Facts, work cite.Work) titleFacts {
	shown := titleFacts{
		ID: title.ID, Title: work.Title, Subtitle: work.Subtitle, Author: title.Author, Authors: facts.Authors, Summary: title.Summary,
		Series: title.Series, Subjects: subjects(facts), Year: title.Year,
		Publisher: title.Publisher, Pages: facts.Extent, Language: title.Language, Cover: title.Cover, ISBN: title.ISBN,
	}
	if shown.Authors == nil {
		shown.Authors = []string{}
	}
	for _, hit := range hits {
		shown.Kind, shown.Grades, shown.Level = hit.Kind, hit.Grades, hit.Level
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
