package notices

import (
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// HoldReady queues the notice that an item waits on the hold shelf until hold.PickupBy. It belongs in the transaction of the act, behind
// its fact: a hold that goes back into the queue and is ready again is told of again.
func HoldReady(app core.App, hold collections.Hold, now time.Time) error {
	return tellOf(app, hold, kindHoldReady, collections.FactHoldReady, now)
}

// HoldExpired queues the notice that nobody came for it, in the transaction of the act and behind its fact.
func HoldExpired(app core.App, hold collections.Hold, now time.Time) error {
	return tellOf(app, hold, kindHoldExpired, collections.FactHoldExpire, now)
}

// tellOf writes a notice for each recipient. Its step is how often the hold has come so far, taken back or not, as the facts have it: the
// same state is told of once, and the next one never meets the key of a notice that was cancelled.
func tellOf(app core.App, hold collections.Hold, kind, fact string, now time.Time) error {
	patron, found, err := collections.Find[collections.Patron](app, "id = {:id}", dbx.Params{"id": hold.Patron})
	if err != nil || !found {
		return err
	}
	settings, err := site.LoadNotices(app)
	if err != nil || !settings.Of(kind).On {
		return err
	}
	school, err := site.Load(app)
	if err != nil {
		return err
	}
	var step int
	err = app.DB().NewQuery("SELECT COUNT(*) FROM circ_events WHERE about = {:hold} AND about != '' AND kind = {:kind}").
		Bind(dbx.Params{"hold": hold.ID, "kind": fact}).Row(&step)
	if err != nil {
		return err
	}
	for _, to := range recipients(settings.Of(kind), patron.GuardianEmail, patron.Email, nil) {
		notice := to.notice(settings)
		notice.Patron, notice.Hold, notice.Kind, notice.Step, notice.OnDay = patron.ID, hold.ID, kind, step, hold.PickupBy
		notice.Language = string(languageOf(patron.Language, school.Language))
		if err := insertHoldNotice(app, notice, instant(now)); err != nil {
			return err
		}
	}
	return nil
}

func insertHoldNotice(app core.App, notice collections.Notice, now string) error {
	_, err := app.DB().NewQuery(`INSERT INTO notices
		(id, patron, hold, kind, step, on_day, channel, recipient, audience, language, disclosure, state, error, created, updated)
		VALUES ({:id}, {:patron}, {:hold}, {:kind}, {:step}, {:day}, {:channel}, {:recipient}, {:audience}, {:language}, {:disclosure}, {:state}, {:error}, {:now}, {:now})
		ON CONFLICT (hold, kind, step, recipient) WHERE hold != '' DO NOTHING`).Bind(dbx.Params{
		"id": core.GenerateDefaultRandomId(), "patron": notice.Patron, "hold": notice.Hold, "kind": notice.Kind, "step": notice.Step,
		"day": notice.OnDay.String(), "channel": notice.Channel, "recipient": notice.Recipient, "audience": notice.Audience, "language": notice.Language,
		"disclosure": notice.Disclosure, "state": notice.State, "error": notice.Error, "now": now,
	}).Execute()
	return err
}

// heldOn reads what lies on the hold shelf and may be picked up on a day.
func heldOn(app core.App, on policy.Day) (holds []matter, err error) {
	err = app.DB().
		Select("h.id AS about", "h.pickup_by AS day", "p.id AS patron", "p.first_name", "p.last_name",
			"p.language", "COALESCE(r.name, '') AS homeroom", "COALESCE(r.id, '') AS room").
		From(collections.Holds+" h").
		InnerJoin(collections.Patrons+" p", dbx.NewExp("p.id = h.patron")).
		LeftJoin(collections.Homerooms+" r", dbx.NewExp("r.id = p.homeroom")).
		Where(dbx.NewExp("h.state = 'ready' AND h.pickup_by >= {:on}", dbx.Params{"on": on.String()})).All(&holds)
	return ofKind(kindHoldReady, holds), err
}
