package hooks

import (
	"encoding/json"
	"net/http"
	"time"

	"carrel/internal/desk"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

// rules lists the matrix, the most specific rows first.
func (d *Door) rules(e *core.RequestEvent) error {
	rows, err := site.ListRules(e.App)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"rules": rows})
}

// saveRule keeps a new row, or with an id changes one.
func (d *Door) saveRule(e *core.RequestEvent) error {
	var body struct {
		ID         string          `json:"id"`
		PatronType string          `json:"patron_type"`
		ItemType   string          `json:"item_type"`
		Terms      json.RawMessage `json:"terms"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("terms", string(body.Terms)); err != nil {
		return err
	}
	terms, err := policy.ParseTerms(body.Terms) // an unknown name is refused, not forgotten
	if err != nil {
		return err
	}
	row, err := site.SaveRule(e.App, site.RuleRow{ID: body.ID, PatronType: body.PatronType, ItemType: body.ItemType, Terms: terms})
	if err != nil {
		return err
	}
	return e.JSON(savedStatus(body.ID), map[string]any{"rule": row})
}

// savedStatus is 201 for something new, 200 for something changed.
func savedStatus(id string) int {
	if id == "" {
		return http.StatusCreated
	}
	return http.StatusOK
}

func (d *Door) deleteRule(e *core.RequestEvent) error {
	return deleted(e, site.DeleteRule(e.App, e.Request.PathValue("id")))
}

// deleted answers for something with an id that is gone.
func deleted(e *core.RequestEvent, err error) error {
	if err != nil {
		return err
	}
	return ok(e, map[string]string{"deleted": e.Request.PathValue("id")})
}

// shippedRules brings in the rules a school of this level starts from; ?dry_run=1 only says what would change.
func (d *Door) shippedRules(e *core.RequestEvent) error {
	var body struct {
		Level   string `json:"level"`
		Replace bool   `json:"replace"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("level", body.Level); err != nil {
		return err
	}
	apply := site.ApplyShipped
	if isDryRun(e) {
		apply = site.PlanShipped
	}
	done, err := apply(e.App, body.Level, body.Replace)
	if err != nil {
		return err
	}
	return ok(e, done)
}

// tryRules says what the rules would say of a check-out, and names the rows that decide.
func (d *Door) tryRules(e *core.RequestEvent) error {
	var body struct {
		Patron string `json:"patron"`
		Item   string `json:"item"`
		On     string `json:"on"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("patron", body.Patron, "item", body.Item); err != nil {
		return err
	}
	on, err := parseDay("on", body.On)
	if err != nil {
		return err
	}
	trial, err := desk.Try(e.App, desk.Act{Now: time.Now(), Actor: actor(e)}, body.Patron, body.Item, on)
	if err != nil {
		return err
	}
	lang := langOf(e)
	return ok(e, map[string]any{
		"due": trial.Due, "why_due": trial.Why.In(lang), "rule": ruleOf(trial.Rule, lang), "refusals": refusals(trial.Refusals, lang),
	})
}
