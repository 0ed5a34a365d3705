package hooks

import (
	"net/http"

	"carrel/internal/barcode"
	"carrel/internal/desk"
	"carrel/internal/isbn"
	saying "carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// What a scanned code can be.
const (
	kindPatron = "patron"
	kindItem   = "item"
	kindISBN   = "isbn"
	kindNone   = "none"
)

// resolved is what a scanned code is. Also is "item" when a patron and an item answer to it.
type resolved struct {
	Kind    string      `json:"kind"`
	Also    string      `json:"also,omitempty"`
	Code    string      `json:"code"`
	Barcode string      `json:"barcode,omitempty"`
	Item    *thingShown `json:"item,omitempty"`
	ISBN    string      `json:"isbn,omitempty"`
	Warning string      `json:"warning,omitempty"`
}

// thingShown is an item as the desk shows it before anything is known of its loan.
type thingShown struct {
	itemAnswer
	Author     string `json:"author"`
	CallNumber string `json:"call_number"`
}

func showThing(thing desk.Thing) thingShown {
	return thingShown{itemAnswer{thing.Barcode, thing.TitleName}, thing.Author, thing.CallNumber}
}

func (d *Door) resolve(e *core.RequestEvent) error {
	return ok(e, resolveCode(e.App, e.Request.URL.Query().Get("code")))
}

// resolveCode looks in the order of the desk: card, item, ISBN.
func resolveCode(app core.App, code string) resolved {
	found := resolved{Kind: kindNone, Code: code}
	item, itemErr := desk.FindItem(app, code)
	if itemErr == nil {
		shown := showThing(item)
		found.Kind, found.Barcode, found.Item = kindItem, item.Barcode, &shown
	}
	if patron, err := desk.FindPatron(app, code); err == nil {
		found.Also = map[bool]string{true: kindItem}[itemErr == nil]
		found.Kind, found.Barcode = kindPatron, patron.Barcode
		return found
	}
	if itemErr == nil {
		return found
	}
	if number, isOne := isbn.Parse(code); isOne && number.Valid {
		found.Kind, found.ISBN = kindISBN, number.Text
		return found
	}
	found.Warning = barcode.Warning(code)
	return found
}

// notAnItem answers an act whose caller guessed that the code is an item, when it is something else or could be a patron just as well. A desk that
// guesses right is answered in one request.
func notAnItem(e *core.RequestEvent, found resolved) error {
	return e.JSON(http.StatusConflict, map[string]any{
		"status": http.StatusConflict, "message": saying.T("desk.unknown_item", found.Code).In(langOf(e)),
		"data": map[string]any{"code": "not_an_item", "is": found},
	})
}

// guessed tells whether an act that was sent on a guess has to stop here.
func guessed(e *core.RequestEvent, guess bool, code string) (resolved, bool) {
	if !guess {
		return resolved{}, false
	}
	found := resolveCode(e.App, code)
	return found, found.Kind != kindItem
}
