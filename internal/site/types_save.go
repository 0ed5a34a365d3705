package site

import (
	"strings"
	"unicode/utf8"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// The longest code and name of a type, in letters.
const (
	maxCode = 60
	maxName = 120
)

// SavePatronType keeps a new patron type, or with an id changes one; without a name it is called by its code. The codes are
// fault.Invalid at "code" or "name" and fault.NotFound.
func SavePatronType(app core.App, kind collections.PatronType) (collections.PatronType, error) {
	err := app.RunInTransaction(func(app core.App) (err error) {
		if kind.Code, kind.Name, err = checkType(app, collections.PatronTypes, kind.ID, kind.Code, kind.Name); err != nil {
			return err
		}
		kind, err = put(app, kind.ID, kind)
		return err
	})
	return kind, err
}

// SaveItemType does the same for an item type. A new one without a position comes last.
func SaveItemType(app core.App, kind collections.ItemType) (collections.ItemType, error) {
	err := app.RunInTransaction(func(app core.App) (err error) {
		if kind.Code, kind.Name, err = checkType(app, collections.ItemTypes, kind.ID, kind.Code, kind.Name); err != nil {
			return err
		}
		if kind.ID == "" && kind.Position == 0 {
			if err := app.DB().NewQuery("SELECT COALESCE(MAX(position), 0) + 1 FROM item_types").Row(&kind.Position); err != nil {
				return err
			}
		}
		kind, err = put(app, kind.ID, kind)
		return err
	})
	return kind, err
}

func checkType(app core.App, collection, id, code, name string) (string, string, error) {
	code, name = strings.Join(strings.Fields(code), " "), strings.Join(strings.Fields(name), " ")
	if name == "" {
		name = code
	}
	if code == "" || utf8.RuneCountInString(code) > maxCode {
		return "", "", unfit("code", "site.type_code", maxCode)
	}
	if utf8.RuneCountInString(name) > maxName {
		return "", "", unfit("name", "site.type_name", maxName)
	}
	other, err := typeCalled(app, collection, code)
	if err == nil && other.ID != "" && other.ID != id {
		err = unfit("code", "site.type_twice", other.Code)
	}
	return code, name, err
}

// typed is a patron type or an item type.
type typed struct {
	ID   string `db:"id"`
	Code string `db:"code"`
	Name string `db:"name"`
}

// typeCalled finds a type by its code; the zero type when there is none. Capitals count only where two codes differ by nothing else:
// the records of a former system say "Reference", our own rules "reference".
func typeCalled(app core.App, collection, code string) (found typed, err error) {
	var all []typed
	err = app.DB().Select("id", "code", "name").From(collection).
		Where(dbx.NewExp("code = {:code} COLLATE NOCASE", dbx.Params{"code": code})).OrderBy("code").All(&all)
	for _, kind := range all {
		if found.ID == "" || kind.Code == code {
			found = kind
		}
	}
	return found, err
}
