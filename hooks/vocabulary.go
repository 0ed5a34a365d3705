package hooks

import (
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

// vocabulary is how the school calls its kinds of people and things, and its places.
func (d *Door) vocabulary(e *core.RequestEvent) error {
	words, err := site.LoadVocabulary(e.App)
	if err != nil {
		return err
	}
	return ok(e, words)
}

// saveWord keeps a word of a collection, deleteWord takes one away.
func saveWord(collection string) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		var body site.Word
		if err := read(e, &body); err != nil {
			return err
		}
		word, err := site.SaveWord(e.App, collection, site.Word{ID: body.ID, Code: body.Code, Name: body.Name})
		if err != nil {
			return err
		}
		return e.JSON(savedStatus(body.ID), word)
	}
}

func deleteWord(collection string) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		return deleted(e, site.DeleteWord(e.App, collection, e.Request.PathValue("id")))
	}
}
