package hooks

import (
	"net/http"

	"carrel/internal/desk"

	"github.com/pocketbase/pocketbase/core"
)

func answerAll(e *core.RequestEvent, lent []desk.Lent) []lentAnswer {
	answers := make([]lentAnswer, 0, len(lent))
	for _, one := range lent {
		answers = append(answers, answerLent(e, one))
	}
	return answers
}

// checkOutClass lends many items in one act: pairs, all items to one patron, or one each to the children of a homeroom.
func (d *Door) checkOutClass(e *core.RequestEvent) error {
	var body struct {
		actBody
		Pairs    []desk.Pair `json:"pairs"`
		Items    []string    `json:"items"`
		Patron   string      `json:"patron"`
		Homeroom string      `json:"homeroom"`
		Due      string      `json:"due"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e)
	if err != nil {
		return err
	}
	if len(body.Items) > 0 && body.Homeroom == "" {
		err = required("patron", body.Patron)
	}
	if err != nil {
		return err
	}
	due, err := parseDay("due", body.Due)
	if err != nil {
		return err
	}
	lent, err := desk.CheckOutClass(e.App, desk.ClassRequest{
		Act: act, Pairs: body.Pairs, Items: body.Items, Patron: body.Patron, Homeroom: body.Homeroom, Due: due, Override: body.Override,
	})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"loans": answerAll(e, lent)})
}

// renewClass renews everything of a patron or a homeroom that may be renewed, and names the rest.
func (d *Door) renewClass(e *core.RequestEvent) error {
	var body struct {
		actBody
		Patron   string `json:"patron"`
		Homeroom string `json:"homeroom"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e)
	if err != nil {
		return err
	}
	all, err := desk.RenewAll(e.App, desk.RenewAllRequest{Act: act, Patron: body.Patron, Homeroom: body.Homeroom, Override: body.Override})
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"renewed": answerAll(e, all.Renewed), "refused": refusals(all.Refused, langOf(e))})
}

func (d *Door) changeDues(e *core.RequestEvent) error {
	var body struct {
		actBody
		Items    []string `json:"items"`
		Patron   string   `json:"patron"`
		Homeroom string   `json:"homeroom"`
		Due      string   `json:"due"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "due", body.Due)
	if err != nil {
		return err
	}
	due, err := parseDay("due", body.Due)
	if err != nil {
		return err
	}
	moved, err := desk.ChangeDue(e.App, desk.DueRequest{Act: act, Items: body.Items, Patron: body.Patron, Homeroom: body.Homeroom, Due: due})
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"moved": list(moved)})
}

func (d *Door) planTerm(e *core.RequestEvent) error {
	moved, err := desk.PlanTerm(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"moved": list(moved)})
}

func (d *Door) applyTerm(e *core.RequestEvent) error {
	var body actBody
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e)
	if err != nil {
		return err
	}
	moved, err := desk.ApplyTerm(e.App, desk.TermRequest{Act: act, Term: e.Request.PathValue("id")})
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"moved": list(moved)})
}
