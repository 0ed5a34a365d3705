package hooks

import (
	"carrel/internal/desk"

	"github.com/pocketbase/pocketbase/core"
)

// questionAnswer is one act of a kiosk that the librarian is asked about.
type questionAnswer struct {
	ID        string        `json:"id"`
	Reason    string        `json:"reason"`
	Kiosk     string        `json:"kiosk"` // its name
	Kind      string        `json:"kind"`
	At        string        `json:"at"`
	Code      string        `json:"code"` // the item as scanned
	Item      *itemAnswer   `json:"item"`
	Patron    *patronAnswer `json:"patron"`
	Decisions []string      `json:"decisions"` // the likeliest first
}

// questions lists what kiosks did while the server was away and only a person can judge.
func (d *Door) questions(e *core.RequestEvent) error {
	open, err := desk.Questions(e.App)
	if err != nil {
		return err
	}
	answers := make([]questionAnswer, 0, len(open))
	for _, q := range open {
		answer := questionAnswer{
			ID: q.ID, Reason: q.Reason, Kiosk: q.KioskName, Kind: q.Kind, At: rfc3339(q.Happened), Code: q.Code, Decisions: list(q.Decisions),
		}
		if q.Item != nil {
			answer.Item = &itemAnswer{q.Item.Barcode, q.Item.TitleName}
		}
		if q.Patron != nil {
			answer.Patron = &patronAnswer{q.Patron.Barcode, q.Patron.Name()}
		}
		answers = append(answers, answer)
	}
	return ok(e, map[string]any{"questions": answers})
}

func (d *Door) decideQuestion(e *core.RequestEvent) error {
	var body struct {
		actBody
		Decision string `json:"decision"`
		Item     string `json:"item"`
		Patron   string `json:"patron"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "decision", body.Decision)
	if err != nil {
		return err
	}
	err = desk.Decide(e.App, desk.DecideRequest{
		Act: act, Question: e.Request.PathValue("id"), Decision: body.Decision, Item: body.Item, Patron: body.Patron,
	})
	if err != nil {
		return err
	}
	return ok(e, map[string]string{"decision": body.Decision})
}
