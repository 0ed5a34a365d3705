package discovery

import (
	"net/http"

	"carrel/internal/catalog"
	"carrel/internal/say"
	"carrel/internal/site"
)

// onRow is how many titles stand in a row of the home page.
const onRow = 16

type homeAnswer struct {
	School   string        `json:"school"`
	Language say.Lang      `json:"language"`
	Topics   []topic       `json:"topics"`
	Shelves  []shelf       `json:"shelves"`
	Loved    []catalog.Hit `json:"loved"`
	Fresh    []catalog.Hit `json:"fresh"`
}

// topic is a way in: a search under a name.
type topic struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	NameES string `json:"name_es"`
	Icon   string `json:"icon"`
	Search string `json:"search"`
}

type shelf struct {
	List any           `json:"list"`
	Hits []catalog.Hit `json:"hits"`
}

func (c *catalogue) home(*http.Request) (any, error) {
	school, err := site.Load(c.app)
	if err != nil {
		return nil, err
	}
	answer := homeAnswer{School: school.Name, Language: school.Language, Topics: []topic{}, Shelves: []shelf{}, Loved: []catalog.Hit{}}
	answer.Fresh, err = c.fresh()
	return answer, err
}

// fresh is what was catalogued last.
func (c *catalogue) fresh() ([]catalog.Hit, error) {
	var ids []string
	err := c.app.DB().Select("title_id").From("search_doc").Where(nil).OrderBy("id DESC").Limit(onRow).Column(&ids)
	if err != nil {
		return nil, err
	}
	return catalog.HitsOf(c.app, ids)
}
