package desk

import (
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

// Trial is what the rules would say of a check-out.
type Trial struct {
	policy.Decision
	Refusals []Refusal // each with what the one who asks may pass
}

// Try asks the rules whether this patron could borrow this item on a day, today when it is zero, and does nothing. The codes are those of FindPatron
// and FindItem.
func Try(app core.App, act Act, patron, item string, on policy.Day) (trial Trial, err error) {
	borrower, err := FindPatron(app, patron)
	if err != nil {
		return trial, err
	}
	thing, err := FindItem(app, item)
	if err != nil {
		return trial, err
	}
	house, err := site.Open(app)
	if err != nil {
		return trial, err
	}
	act.At = act.Now
	if on != 0 {
		act.At = on.At(12, house.Calendar.Zone)
	}
	scene, err := look(app, act, borrower, thing)
	if err != nil {
		return trial, err
	}
	trial.Decision = scene.decision
	for _, refusal := range scene.decision.Refusals {
		trial.Refusals = append(trial.Refusals, Refusal{Refusal: refusal, Overridable: policy.MayOverride(string(act.Actor.Role), refusal.Code)})
	}
	return trial, nil
}
