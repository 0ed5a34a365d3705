package discovery

import (
	"net/http"
	"net/url"
	"strings"

	"carrel/internal/catalog"
	"carrel/internal/words"
)

// mostIdeas is how many other searches are offered when nothing was found.
const mostIdeas = 4

type found struct {
	catalog.Page
	Ideas []idea `json:"ideas,omitempty"`
	// Without is how many titles there are, on the shelf or not, when none is on the shelf now.
	Without int `json:"without,omitempty"`
}

// idea is a shorter search that finds something.
type idea struct {
	Text string `json:"q"`
	N    int    `json:"n"`
}

// search finds as catalog.Search does, and understands what a child types: other words for the same thing, in English and Spanish, and what is said
// around it.
func (c *catalogue) search(r *http.Request) (any, error) {
	query := queryOf(r.URL.Query())
	page, err := catalog.Search(c.app, query)
	if err != nil {
		return nil, err
	}
	answer := found{Page: page}
	if page.TotalItems > 0 || query.Text == "" {
		return answer, nil
	}
	return answer, c.console(&answer, query)
}

// console finds out what else there is when nothing was found.
func (c *catalogue) console(answer *found, query catalog.Query) error {
	query.Page, query.PerPage = 1, 1
	if len(query.Available) > 0 {
		query.Available = nil
		page, err := catalog.Search(c.app, query)
		if err != nil {
			return err
		}
		answer.Without = page.TotalItems
	}
	all := words.Cut(query.Text)
	if len(all) < 2 {
		return nil
	}
	for _, word := range all {
		if len([]rune(word.Text)) < 3 || len(answer.Ideas) == mostIdeas {
			continue
		}
		alone := catalog.Query{Text: word.Text, PerPage: 1, Also: otherWords}
		page, err := catalog.Search(c.app, alone)
		if err != nil {
			return err
		}
		if page.DidYouMean != "" {
			word.Text = page.DidYouMean
		}
		if page.TotalItems > 0 {
			answer.Ideas = append(answer.Ideas, idea{word.Text, page.TotalItems})
		}
	}
	return nil
}

func queryOf(asked url.Values) catalog.Query {
	query := catalog.ReadQuery(asked)
	query.Text, query.Also = withoutFrame(strings.TrimSpace(query.Text)), otherWords
	return query
}
