package hooks

import (
	"slices"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/money"

	"github.com/pocketbase/pocketbase/core"
)

func (d *Door) claim(e *core.RequestEvent) error {
	var body struct {
		actBody
		Item  string `json:"item"`
		Claim string `json:"claim"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "item", body.Item)
	if err != nil {
		return err
	}
	claimed, err := desk.Claim(e.App, desk.ClaimRequest{Act: act, Item: body.Item, Claim: body.Claim, Override: body.Override})
	if err != nil {
		return err
	}
	return ok(e, map[string]any{
		"loan": answerLoan(claimed.Loan, claimed.Loan.Due, claimed.Item, claimed.Patron), "claim": claimed.Loan.Claim,
	})
}

// searchList shows what to look for; who says to have returned it is for the librarian.
func (d *Door) searchList(e *core.RequestEvent) error {
	sought, err := desk.SearchList(e.App)
	if err != nil {
		return err
	}
	if !isHead(e) {
		for i := range sought {
			sought[i].Patron, sought[i].Name = "", ""
		}
	}
	return ok(e, map[string]any{"items": sought})
}

// graveMarks take an item out of the collection for good or for long: not for volunteers.
var graveMarks = []string{collections.FactLost, collections.FactMissing, collections.FactWithdraw, collections.FactTransfer}

// mark answers nothing of the loan an item was on: who had it is the past.
func (d *Door) mark(e *core.RequestEvent) error {
	var body struct {
		actBody
		Item   string  `json:"item"`
		As     string  `json:"as"`
		Note   string  `json:"note"`
		To     string  `json:"to"`
		Charge *string `json:"charge"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "item", body.Item, "as", body.As)
	if err != nil {
		return err
	}
	if err := mayMark(e, body.As, body.Charge != nil); err != nil {
		return err
	}
	request := desk.MarkRequest{Act: act, Item: body.Item, As: body.As, Note: body.Note, To: body.To}
	if body.Charge != nil {
		cents, err := money.Parse(*body.Charge)
		if err != nil {
			return err
		}
		request.Charge = &cents
	}
	marked, err := desk.Mark(e.App, request)
	if err != nil {
		return err
	}
	answer := map[string]any{
		"item": itemAnswer{marked.Item.Barcode, marked.Item.TitleName}, "status": marked.Item.Status,
		"next": marked.Next, "message": marked.Text.In(langOf(e)),
	}
	tellFee(e, answer, marked.Fee)
	return ok(e, answer)
}

func mayMark(e *core.RequestEvent, as string, charges bool) error {
	if charges {
		return only(e, onlyHead)
	}
	if slices.Contains(graveMarks, as) {
		return only(e, peopleRoles)
	}
	return nil
}
