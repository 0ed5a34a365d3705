package site

import (
	"errors"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Word is a patron type, an item type or a location, as the school calls it.
type Word struct {
	ID      string `db:"id" json:"id"`
	Code    string `db:"code" json:"code"`
	Name    string `db:"name" json:"name"`
	Patrons *int   `db:"patrons" json:"patrons,omitempty"` // of a patron type, active ones
	Items   *int   `db:"items" json:"items,omitempty"`     // of the others
}

// Vocabulary is all of them, in the order in which they are offered.
type Vocabulary struct {
	PatronTypes []Word `json:"patron_types"`
	ItemTypes   []Word `json:"item_types"`
	Locations   []Word `json:"locations"`
}

// LoadVocabulary reads the words of the school and how much is called by each.
func LoadVocabulary(app core.App) (v Vocabulary, err error) {
	v = Vocabulary{[]Word{}, []Word{}, []Word{}}
	for _, family := range []struct {
		into  *[]Word
		query string
	}{
		{&v.PatronTypes, `WITH used AS (SELECT type, COUNT(*) AS n FROM patrons WHERE status = 'active' GROUP BY type)
			SELECT t.id, t.code, t.name, COALESCE(used.n, 0) AS patrons FROM patron_types t LEFT JOIN used ON used.type = t.id ORDER BY t.name, t.code`},
		{&v.ItemTypes, `WITH used AS (SELECT type, COUNT(*) AS n FROM items WHERE status != 'withdrawn' GROUP BY type)
			SELECT t.id, t.code, t.name, COALESCE(used.n, 0) AS items FROM item_types t LEFT JOIN used ON used.type = t.id ORDER BY t.position, t.name, t.code`},
		{&v.Locations, `WITH used AS (SELECT location, COUNT(*) AS n FROM items WHERE status != 'withdrawn' GROUP BY location)
			SELECT t.id, t.code, t.name, COALESCE(used.n, 0) AS items FROM locations t LEFT JOIN used ON used.location = t.id ORDER BY t.position, t.name, t.code`},
	} {
		if err := app.DB().NewQuery(family.query).All(family.into); err != nil {
			return v, err
		}
	}
	return v, nil
}

// SaveWord keeps a new word of a collection, collections.PatronTypes, ItemTypes or Locations, or with an id changes one. Without a code a new one is known by
// its name, and an old one by the code it has. The codes are fault.Invalid at "name" or "code" and fault.NotFound.
func SaveWord(app core.App, collection string, word Word) (Word, error) {
	if OneLine(word.Name) == "" {
		return word, unfit("name", "site.type_name", maxName)
	}
	named := word.Code == ""
	err := app.RunInTransaction(func(app core.App) (err error) {
		word, err = saveWord(app, collection, word)
		return err
	})
	var refusal *fault.Error
	if named && errors.As(err, &refusal) && refusal.Field == "code" {
		return word, refusal.At("name") // nobody typed a code
	}
	return word, err
}

func saveWord(app core.App, collection string, word Word) (Word, error) {
	position := 0
	if word.ID != "" {
		old, err := find(app, collection, word.ID)
		if err != nil {
			return word, err
		}
		position = old.GetInt("position")
		if word.Code == "" {
			word.Code = old.GetString("code")
		}
	}
	if word.Code == "" {
		word.Code = firstRunes(OneLine(word.Name), maxCode)
	}
	switch collection {
	case collections.PatronTypes:
		kept, err := SavePatronType(app, collections.PatronType{ID: word.ID, Code: word.Code, Name: word.Name})
		return Word{ID: kept.ID, Code: kept.Code, Name: kept.Name}, err
	case collections.ItemTypes:
		kept, err := SaveItemType(app, collections.ItemType{ID: word.ID, Code: word.Code, Name: word.Name, Position: position})
		return Word{ID: kept.ID, Code: kept.Code, Name: kept.Name}, err
	}
	kept, err := saveLocation(app, collections.Location{ID: word.ID, Code: word.Code, Name: word.Name, Position: position})
	return Word{ID: kept.ID, Code: kept.Code, Name: kept.Name}, err
}

func firstRunes(text string, n int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), n)])
}

// saveLocation does for a location what SaveItemType does for a type.
func saveLocation(app core.App, place collections.Location) (_ collections.Location, err error) {
	if place.Code, place.Name, err = checkType(app, collections.Locations, place.ID, place.Code, place.Name); err != nil {
		return place, err
	}
	if place.ID == "" {
		if err := app.DB().NewQuery("SELECT COALESCE(MAX(position), 0) + 1 FROM locations").Row(&place.Position); err != nil {
			return place, err
		}
	}
	return put(app, place.ID, place)
}

// DeleteWord takes a word away that nothing is called by. The codes are fault.NotFound and fault.Conflict (in_use), which says how much is.
func DeleteWord(app core.App, collection, id string) error {
	return app.RunInTransaction(func(app core.App) error {
		record, err := find(app, collection, id)
		if err != nil {
			return err
		}
		if err := checkUnused(app, record); err != nil {
			return err
		}
		return app.Delete(record)
	})
}

// use is what may speak of a word: where, and the sentence that says so of how many.
type use struct{ table, column, sentence string }

var uses = map[string][]use{
	collections.PatronTypes: {{"patrons", "type", "site.used_by_patrons"}, {"loan_rules", "patron_type", "site.used_by_rules"}},
	collections.ItemTypes:   {{"items", "type", "site.used_by_items"}, {"loan_rules", "item_type", "site.used_by_rules"}},
	collections.Locations:   {{"items", "location", "site.used_by_items"}, {"inventories", "location", "site.used_by_inventories"}},
}

// checkUnused keeps a word that something is called by: PocketBase would empty the reference, and a rule for few would become one for all.
func checkUnused(app core.App, record *core.Record) error {
	for _, use := range uses[record.Collection().Name] {
		var n int
		err := app.DB().Select("COUNT(*)").From(use.table).Where(dbx.HashExp{use.column: record.Id}).Row(&n)
		if err != nil {
			return err
		}
		if n > 0 {
			return &fault.Error{Op: "site.DeleteWord", Code: fault.Conflict, Word: "in_use", Text: say.Count(use.sentence, n, record.GetString("name"))}
		}
	}
	return nil
}
