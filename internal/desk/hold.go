package desk

import (
	"fmt"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// HoldRequest asks for a place in the queue: for one item when Item is given, else for any item of the title.
type HoldRequest struct {
	Act
	Patron   string
	Title    string // id
	Item     string // barcode
	Override []policy.Code
}

// Held answers a hold.
type Held struct {
	Hold      collections.Hold
	Patron    Borrower
	TitleName string
	Place     int // in the queue, from 1; 0 once it is ready or over
}

// PlaceHold puts a patron at the end of the queue. The codes are fault.NotFound (unknown_patron, unknown_item, unknown_title),
// fault.Refused with every reason, fault.Conflict (key_reused) and fault.Invalid (key, at).
func PlaceHold(app core.App, request HoldRequest) (held Held, err error) {
	const op = "desk.PlaceHold"
	if err := request.check(op); err != nil {
		return held, err
	}
	err = inTurn(app, func(app core.App) error {
		patron, err := FindPatron(app, request.Patron)
		if err != nil {
			return err
		}
		wish, err := findWish(app, op, request)
		if err != nil {
			return err
		}
		ask := fmt.Sprintf("hold %s %s %s", patron.ID, wish.title, wish.item.ID)
		fact, done, err := asked(app, op, request.Act, ask)
		if err != nil {
			return err
		}
		if !done {
			if fact, err = placeHold(app, op, request, patron, wish, ask); err != nil {
				return err
			}
		}
		held, err = heldByID(app, fact.About)
		return err
	})
	return held, err
}

// wish is what somebody waits for.
type wish struct {
	title string
	item  Thing   // when only this one will do
	items []Thing // that could serve
}

func findWish(app core.App, op string, request HoldRequest) (w wish, err error) {
	if request.Item != "" {
		if w.item, err = FindItem(app, request.Item); err != nil {
			return w, err
		}
		w.title, w.items = w.item.Title, []Thing{w.item}
		return w, nil
	}
	w.title = request.Title
	err = app.DB().NewQuery(things + "items.title = {:title} AND items.status != 'withdrawn' ORDER BY items.id").
		Bind(dbx.Params{"title": w.title}).All(&w.items)
	if err == nil && len(w.items) == 0 {
		err = fault.New(op, fault.NotFound, "desk.unknown_title").Named("unknown_title").At("title")
	}
	return w, err
}

func placeHold(app core.App, op string, request HoldRequest, patron Borrower, w wish, ask string) (fact collections.Fact, err error) {
	decision, err := decideHold(app, request.Act, patron, w)
	if err != nil {
		return fact, err
	}
	if err := decided(op, decision, request.Override, request.Actor); err != nil {
		return fact, err
	}
	var last float64
	err = app.DB().NewQuery("SELECT COALESCE(MAX(rank), 0) FROM holds WHERE title = {:title} AND ended_at = ''").
		Bind(dbx.Params{"title": w.title}).Row(&last)
	if err != nil {
		return fact, err
	}
	hold := collections.Hold{
		ID: randomID(), Patron: patron.ID, Title: w.title, Wanted: w.item.ID, State: collections.HoldWaiting, Rank: last + 1, PlacedAt: instant(request.At),
		PatronType: patron.TypeCode, Grade: patron.Grade, Homeroom: patron.HomeroomName,
	}
	if err := insertState(app, hold, instant(request.Now)); err != nil {
		return fact, err
	}
	return newPen(app, request.Act).main(aboutHold(collections.FactHold, hold), details{
		Ask: ask, Title: hold.Title, Wanted: hold.Wanted, Rank: hold.Rank, Override: passed(decision), Reason: request.Reason,
	})
}

// decideHold asks the rules for each kind of item that could serve; one that may be held is enough.
func decideHold(app core.App, act Act, patron Borrower, w wish) (best policy.Decision, err error) {
	house, err := site.Open(app)
	if err != nil {
		return best, err
	}
	view, err := viewPatron(app, house, patron)
	if err != nil {
		return best, err
	}
	err = app.DB().Select("title").From(collections.Holds).
		Where(dbx.HashExp{"patron": patron.ID, "ended_at": ""}).Column(&view.Holds)
	if err != nil {
		return best, err
	}
	for i, thing := range w.items {
		item := policy.ItemView{Type: thing.Type, Title: thing.Title, NotForLoan: thing.NotForLoan, Withdrawn: thing.Status == collections.ItemWithdrawn}
		theirs := view
		if err := viewRestrictions(app, &theirs, &item, thing); err != nil {
			return best, err
		}
		decision := policy.DecideHold(house.Rules, theirs, item, day(house, act.At))
		if i == 0 || len(decision.Refusals) < len(best.Refusals) {
			best = decision
		}
	}
	return best, nil
}

// aboutHold is a fact of the given kind about a hold.
func aboutHold(kind string, hold collections.Hold) collections.Fact {
	return collections.Fact{
		Kind: kind, About: hold.ID, Item: hold.Caught, Patron: hold.Patron, PatronType: hold.PatronType, Grade: hold.Grade, Homeroom: hold.Homeroom,
	}
}

func heldByID(app core.App, id string) (held Held, err error) {
	hold, ok, err := collections.Find[collections.Hold](app, "id = {:id}", dbx.Params{"id": id})
	if err != nil {
		return held, err
	}
	if !ok {
		return held, fault.New("desk.hold", fault.NotFound, "desk.unknown_hold").Named("unknown_hold").At("hold")
	}
	held.Hold = hold
	if held.Patron, err = patronByID(app, hold.Patron); err != nil {
		return held, err
	}
	if err := app.DB().Select("title").From(collections.Titles).Where(dbx.HashExp{"id": hold.Title}).Row(&held.TitleName); err != nil {
		return held, err
	}
	if hold.State != collections.HoldWaiting {
		return held, nil
	}
	err = app.DB().NewQuery(`SELECT 1 + COUNT(*) FROM holds WHERE title = {:title} AND ended_at = '' AND state = 'waiting'
		AND (rank, placed_at, id) < ({:rank}, {:placed}, {:id})`).
		Bind(dbx.Params{"title": hold.Title, "rank": hold.Rank, "placed": hold.PlacedAt, "id": hold.ID}).Row(&held.Place)
	return held, err
}

// HoldChange is what is asked of one hold: CancelHold takes it away, MoveHold gives it another place in the queue, from 1.
type HoldChange struct {
	Act
	Hold  string
	Place int
}

// CancelHold takes a hold away. The codes are fault.NotFound (unknown_hold), fault.Conflict (hold_over, key_reused) and fault.Invalid (key, at).
func CancelHold(app core.App, request HoldChange) (Held, error) {
	return changeHold(app, "desk.CancelHold", request, "cancel "+request.Hold, func(pen *pen, hold collections.Hold, ask string) error {
		return pen.endHold(hold, collections.FactHoldCancel, details{Ask: ask, Reason: request.Reason}, pen.main)
	})
}

// MoveHold gives a hold another place in the queue; one that lay on the hold shelf goes back into it. The codes are those of CancelHold,
// and fault.Invalid (place).
func MoveHold(app core.App, request HoldChange) (Held, error) {
	const op = "desk.MoveHold"
	if request.Place < 1 {
		return Held{}, fault.New(op, fault.Invalid, "desk.bad_place").At("place")
	}
	ask := fmt.Sprintf("move %s %d", request.Hold, request.Place)
	return changeHold(app, op, request, ask, func(pen *pen, hold collections.Hold, ask string) error {
		rank, err := rankAt(pen.app, hold, request.Place)
		if err != nil {
			return err
		}
		return pen.requeue(hold, rank, details{Ask: ask, Reason: request.Reason}, pen.main)
	})
}

func changeHold(app core.App, op string, request HoldChange, ask string, apply func(*pen, collections.Hold, string) error) (held Held, err error) {
	if err := request.check(op); err != nil {
		return held, err
	}
	err = inTurn(app, func(app core.App) error {
		if held, err = heldByID(app, request.Hold); err != nil {
			return err
		}
		_, done, err := asked(app, op, request.Act, ask)
		if err != nil || done {
			return err
		}
		if !held.Hold.EndedAt.IsZero() {
			return fault.New(op, fault.Conflict, "desk.hold_over").Named("hold_over")
		}
		if err := apply(newPen(app, request.Act), held.Hold, ask); err != nil {
			return err
		}
		held, err = heldByID(app, request.Hold)
		return err
	})
	return held, err
}

// rankAt is the rank that puts a hold at a place among those that wait.
func rankAt(app core.App, hold collections.Hold, place int) (float64, error) {
	queue, err := activeHolds(app, hold.Title)
	if err != nil {
		return 0, err
	}
	var ranks []float64
	for _, other := range queue {
		if other.ID != hold.ID && other.State == collections.HoldWaiting {
			ranks = append(ranks, other.Rank)
		}
	}
	switch {
	case len(ranks) == 0:
		return hold.Rank, nil
	case place == 1:
		return ranks[0] - 1, nil
	case place > len(ranks):
		return ranks[len(ranks)-1] + 1, nil
	}
	return (ranks[place-2] + ranks[place-1]) / 2, nil
}
