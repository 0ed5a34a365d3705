package discovery

import (
	"context"
	"net/http"
	"sync"
	"time"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/lists"
	"carrel/internal/marc"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/use"
)

// What stands on the home page.
const (
	onRow    = 16  // titles
	onList   = 300 // titles of a list that is shown whole
	fewest   = 10  // loans from which a title may be called loved: fewer would tell of single children
	lovedRow = 4   // titles from which a row of them is worth showing
)

type homeAnswer struct {
	School   string        `json:"school"`
	Language say.Lang      `json:"language"`
	Topics   []list        `json:"topics"`
	Shelves  []shelf       `json:"shelves"`
	Loved    []catalog.Hit `json:"loved"`
	LovedIn  string        `json:"loved_in,omitempty"` // month or year
	Fresh    []catalog.Hit `json:"fresh"`
}

// list is a list as children see it. One without an id is a search that every library has.
type list struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	NameES string `json:"name_es"`
	Note   string `json:"note,omitempty"`
	NoteES string `json:"note_es,omitempty"`
	Icon   string `json:"icon"`
	Search string `json:"search,omitempty"`
}

type shelf struct {
	List list          `json:"list"`
	Hits []catalog.Hit `json:"hits"`
}

func listOf(of lists.List) list {
	return list{ID: of.ID, Name: of.Name, NameES: of.NameES, Note: of.Note, NoteES: of.NoteES, Icon: of.Icon}
}

// frontFor is how long a home page is good for: when a class opens it together, it is put together once.
const frontFor = 2 * time.Second

type front struct {
	mu     sync.Mutex
	until  time.Time
	answer homeAnswer
}

func (c *catalogue) home(r *http.Request) (any, error) {
	c.front.mu.Lock()
	defer c.front.mu.Unlock()
	if c.now().Before(c.front.until) {
		return c.front.answer, nil
	}
	answer, err := c.putTogether(r.Context())
	if err == nil {
		c.front.answer, c.front.until = answer, c.now().Add(frontFor)
	}
	return answer, err
}

func (c *catalogue) putTogether(ctx context.Context) (answer homeAnswer, err error) {
	school, err := site.Load(c.app)
	if err != nil {
		return answer, err
	}
	today := policy.DayOf(c.now(), school.Location())
	answer = homeAnswer{School: school.Name, Language: school.Language, Topics: []list{}, Shelves: []shelf{}}
	if err := c.arrange(today, &answer); err != nil {
		return answer, err
	}
	if answer.Loved, answer.LovedIn, err = c.loved(ctx, today); err != nil {
		return answer, err
	}
	newest, err := catalog.Search(c.app, catalog.Query{Sort: "newest", PerPage: onRow})
	answer.Fresh = newest.Items
	return answer, err
}

// arrange puts the lists that are on show on the page: topics as ways in, the others as shelves.
func (c *catalogue) arrange(today policy.Day, answer *homeAnswer) error {
	shown, err := lists.Shown(c.app, today)
	if err != nil {
		return err
	}
	for _, one := range shown {
		if one.Kind == collections.ListTopic {
			answer.Topics = append(answer.Topics, listOf(one))
			continue
		}
		hits, err := lists.Titles(c.app, one, onRow)
		if err != nil {
			return err
		}
		answer.Shelves = append(answer.Shelves, shelf{listOf(one), hits})
	}
	if len(answer.Topics) == 0 {
		answer.Topics, err = c.plainTopics()
	}
	return err
}

// everywhere is the topics of a library that has made none: what any school has books of.
var everywhere = []struct {
	facet, value string
	list
}{
	{"kind", marc.KindPicture, list{Name: "Picture books", NameES: "Libros ilustrados", Icon: "star", Search: "kind=picture"}},
	{"kind", marc.KindFiction, list{Name: "Stories", NameES: "Historias", Icon: "bookmark", Search: "kind=fiction"}},
	{"kind", marc.KindNonfiction, list{Name: "True facts", NameES: "Datos reales", Icon: "book", Search: "kind=nonfiction"}},
	{"kind", marc.KindGraphic, list{Name: "Graphic novels", NameES: "Novelas gráficas", Icon: "grid", Search: "kind=graphic"}},
	{"kind", marc.KindBiography, list{Name: "Real people", NameES: "Gente real", Icon: "person", Search: "kind=biography"}},
	{"language", "spa", list{Name: "En español", NameES: "En español", Icon: "globe", Search: "language=spa"}},
}

func (c *catalogue) plainTopics() ([]list, error) {
	page, err := catalog.Search(c.app, catalog.Query{PerPage: 1})
	if err != nil {
		return nil, err
	}
	has := map[string]bool{}
	for name, facets := range page.Facets {
		for _, facet := range facets {
			has[name+"="+facet.Value] = facet.Count > 0
		}
	}
	topics := []list{}
	for _, topic := range everywhere {
		if has[topic.facet+"="+topic.value] {
			topics = append(topics, topic.list)
		}
	}
	return topics, nil
}

// loved is the titles lent most often this month, or this year where a month tells too little. How often is not said.
func (c *catalogue) loved(ctx context.Context, today policy.Day) (hits []catalog.Hit, in string, err error) {
	if err := use.CatchUp(ctx, c.app); err != nil {
		return nil, "", err
	}
	for _, period := range []struct {
		in   string
		days int
	}{{"month", 30}, {"year", 365}} {
		top, err := use.Top(c.app, today.Add(-period.days), onRow)
		if err != nil {
			return nil, "", err
		}
		var ids []string
		for _, title := range top {
			if title.Loans >= fewest {
				ids = append(ids, title.ID)
			}
		}
		if hits, err = catalog.Hits(c.app, ids); err != nil || len(hits) >= lovedRow {
			return hits, period.in, err
		}
	}
	return []catalog.Hit{}, "", nil
}

// list shows the titles of one list. The code is fault.NotFound for one that is not on show.
func (c *catalogue) list(r *http.Request) (any, error) {
	today, err := c.today()
	if err != nil {
		return nil, err
	}
	one, err := lists.OnShow(c.app, r.PathValue("id"), today)
	if err != nil {
		return nil, err
	}
	hits, err := lists.Titles(c.app, one, onList)
	return shelf{listOf(one), hits}, err
}

func (c *catalogue) today() (policy.Day, error) {
	school, err := site.Load(c.app)
	return policy.DayOf(c.now(), school.Location()), err
}
