package hooks

import (
	"net/http"

	"carrel/collections"
	"carrel/internal/budget"

	"github.com/pocketbase/pocketbase/core"
)

// wishes lists what was asked for; a teacher sees their own, and nothing of the order it is on.
func (d *Door) wishes(e *core.RequestEvent) error {
	by := e.Auth.Id
	if isHead(e) {
		by = ""
	}
	found, err := budget.Requests(e.App, e.Request.URL.Query().Get("state"), by)
	if err != nil {
		return err
	}
	for i := range found {
		found[i] = wishFor(e, found[i])
	}
	return ok(e, map[string]any{"requests": found})
}

func wishFor(e *core.RequestEvent, wish budget.RequestView) budget.RequestView {
	if !isHead(e) {
		wish.Order = nil
	}
	return wish
}

func (d *Door) addWish(e *core.RequestEvent) error {
	var body struct {
		Key    string `json:"key"`
		Name   string `json:"name"`
		Author string `json:"author"`
		ISBN   string `json:"isbn"`
		Why    string `json:"why"`
		For    string `json:"for"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("key", body.Key); err != nil {
		return err
	}
	asked, err := budget.Ask(e.App, body.Key, collections.Request{
		Staff: e.Auth.Id, Name: body.Name, Author: body.Author, ISBN: body.ISBN, Why: body.Why, For: body.For,
	})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"request": wishFor(e, asked)})
}

func (d *Door) answerWish(e *core.RequestEvent) error {
	var body struct {
		Updated string `json:"updated"`
		State   string `json:"state"`
		Answer  string `json:"answer"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	seen, err := seenAt(body.Updated)
	if err != nil {
		return err
	}
	id := e.Request.PathValue("id")
	wish, err := budget.AnswerRequest(e.App, id, budget.Answer{Updated: seen, State: body.State, Text: body.Answer})
	if since, changed := changedSince(err); changed {
		current, err := budget.RequestByID(e.App, id)
		if err != nil {
			return err
		}
		return answerChanged(e, since, current)
	}
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"request": wish})
}
