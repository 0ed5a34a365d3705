package desk

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// What a librarian can decide about a question. A decision is an act: it has a key, and the same again writes nothing.
const (
	DecideKeep    = "keep"    // it is as the kiosk kept it
	DecideUndo    = "undo"    // it did not happen
	DecideLend    = "lend"    // it was this item, or this patron: record it now
	DecideDismiss = "dismiss" // nobody will ever know
)

// decisions are what can be decided about each reason, the likeliest first.
var decisions = map[string][]string{
	"rule":           {DecideKeep, DecideUndo},
	"on_loan":        {DecideKeep, DecideUndo},
	"late":           {DecideKeep, DecideUndo},
	"overlap":        {DecideKeep, DecideUndo},
	"unknown_item":   {DecideLend, DecideDismiss},
	"unknown_patron": {DecideLend, DecideDismiss},
	"unreadable":     {DecideDismiss},
}

// Question is a replayed act that the librarian is asked about.
type Question struct {
	collections.KioskQuestion
	KioskName string
	Happened  time.Time
	Kind      string
	Code      string // the item as scanned
	Item      *Thing
	Patron    *Borrower
	Decisions []string
}

// Questions lists the open questions, oldest first.
func Questions(app core.App) ([]Question, error) {
	rows, err := collections.All[collections.KioskQuestion](app, "state = 'open'", "created, id", nil)
	if err != nil {
		return nil, err
	}
	questions := make([]Question, 0, len(rows))
	for _, row := range rows {
		question, err := describe(app, row)
		if err != nil {
			return nil, err
		}
		questions = append(questions, question)
	}
	return questions, nil
}

func describe(app core.App, row collections.KioskQuestion) (q Question, err error) {
	q = Question{KioskQuestion: row, Decisions: decisions[row.Reason]}
	kiosk, _, err := collections.Find[collections.Kiosk](app, "id = {:id}", dbx.Params{"id": row.Kiosk})
	if err != nil {
		return q, err
	}
	q.KioskName = kiosk.Name
	var act Replayed
	if err := json.Unmarshal(row.Act, &act); err != nil {
		return q, nil //nolint:nilerr // an act nobody can read is shown as it came
	}
	q.Happened, q.Kind, q.Code = act.Happened(), act.Kind, shown(act.Item)
	if item, err := FindItem(app, act.Item); err == nil {
		q.Item = &item
	} else if fault.CodeOf(err) != fault.NotFound {
		return q, err
	}
	patron, err := asking(app, row, act)
	if err == nil && patron.ID != "" {
		q.Patron = &patron
	}
	if fault.CodeOf(err) == fault.NotFound {
		err = nil
	}
	return q, err
}

// asking is the patron of a question: whom its fact names, else whoever the card belongs to.
func asking(app core.App, row collections.KioskQuestion, act Replayed) (Borrower, error) {
	if row.Fact == "" {
		return act.patron(app)
	}
	fact, _, err := collections.Find[collections.Fact](app, "id = {:id}", dbx.Params{"id": row.Fact})
	if err != nil {
		return Borrower{}, err
	}
	return patronByID(app, fact.Patron)
}

// DecideRequest answers a question. Item and Patron are scanned codes, for DecideLend: whichever was not known.
type DecideRequest struct {
	Act
	Question string // id
	Decision string
	Item     string
	Patron   string
}

// Decide answers a question by an act. The codes are fault.NotFound (unknown_question, unknown_item, unknown_patron), fault.Conflict
// (question_answered, undo_built_on, key_reused) and fault.Invalid (key, decision).
func Decide(app core.App, request DecideRequest) error {
	const op = "desk.Decide"
	if err := request.check(op); err != nil {
		return err
	}
	return inTurn(app, func(app core.App) error {
		row, ok, err := collections.Find[collections.KioskQuestion](app, "id = {:id}", dbx.Params{"id": request.Question})
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(op, fault.NotFound, "kiosk.unknown_question").Named("unknown_question")
		}
		ask := "decide " + row.ID + " " + request.Decision
		_, done, err := asked(app, op, request.Act, ask)
		if err != nil || done {
			return err
		}
		if row.State == collections.QuestionAnswered {
			return fault.New(op, fault.Conflict, "kiosk.question_answered").Named("question_answered")
		}
		if !slices.Contains(decisions[row.Reason], request.Decision) {
			return fault.New(op, fault.Invalid, "kiosk.bad_decision", strings.Join(decisions[row.Reason], ", ")).At("decision")
		}
		fact := collections.Fact{Kind: collections.FactDecide, About: row.ID}
		if _, err := newPen(app, request.Act).main(fact, details{Ask: ask, Reason: request.Reason}); err != nil {
			return err
		}
		if err := carryOut(app, op, request, &row); err != nil {
			return err
		}
		row.State, row.Decision = collections.QuestionAnswered, request.Decision
		row.AnsweredAt, row.AnsweredBy = instant(request.Now), request.Actor.ID
		return collections.Update(app, row)
	})
}

// reopen asks a question again whose decision is undone. One that changed a loan is corrected at the desk.
func reopen(app core.App, op, id string) error {
	row, ok, err := collections.Find[collections.KioskQuestion](app, "id = {:id}", dbx.Params{"id": id})
	if err != nil || !ok {
		return err
	}
	if row.Decision != DecideKeep && row.Decision != DecideDismiss {
		return fault.New(op, fault.Conflict, "desk.undo_decision").Named("undo_built_on")
	}
	none := collections.KioskQuestion{}
	row.State, row.Decision, row.AnsweredAt, row.AnsweredBy = collections.QuestionOpen, "", none.AnsweredAt, ""
	return collections.Update(app, row)
}

func carryOut(app core.App, op string, request DecideRequest, row *collections.KioskQuestion) error {
	switch request.Decision {
	case DecideUndo:
		return takeBackReplayed(app, op, request, *row)
	case DecideLend:
		return lendReplayed(app, request, row)
	}
	return nil
}

// takeBackReplayed undoes the act of a question, however long ago it was: nobody could have been asked before.
func takeBackReplayed(app core.App, op string, request DecideRequest, row collections.KioskQuestion) error {
	main, ok, err := collections.Find[collections.Fact](app, "key = {:key} AND act = ''", dbx.Params{"key": row.Key})
	if err != nil || !ok {
		return err
	}
	_, undone, err := collections.Find[collections.Fact](app, "key = {:key}", dbx.Params{"key": undoKey(main)})
	if err != nil || undone {
		return err
	}
	return undoAct(app, op, main, Act{Key: undoKey(main), At: request.At, Now: request.Now, Actor: request.Actor})
}

// lendReplayed records the act with what was not known when it came.
func lendReplayed(app core.App, request DecideRequest, row *collections.KioskQuestion) error {
	var act Replayed
	if err := json.Unmarshal(row.Act, &act); err != nil {
		return err
	}
	if request.Item != "" {
		act.Item = request.Item
	}
	if request.Patron != "" {
		act.Card, act.Child = request.Patron, ""
	}
	if _, err := FindItem(app, act.Item); err != nil {
		return err
	}
	if act.Kind == collections.FactCheckOut {
		if _, err := act.patron(app); err != nil {
			return err
		}
	}
	// under the key of the kiosk's act, so that the kiosk sending it again changes nothing
	fact, _, err := keep(app, Act{Key: act.Key, At: at(act, request.Now), Now: request.Now, Actor: request.Actor}, act)
	row.Fact = fact.ID
	return err
}

func at(act Replayed, now time.Time) time.Time {
	if happened := act.Happened(); !happened.After(now) {
		return happened
	}
	return now
}

// KeepUnreadable keeps an act that cannot be one, so that the kiosk that sent it is rid of it and nothing is dropped.
func KeepUnreadable(app core.App, replayed Replayed, now time.Time, actor Actor) error {
	content, err := json.Marshal(replayed)
	if err != nil {
		return err
	}
	key := "odd-" + actor.ID + "-" + brief([]Pair{{Item: string(content)}})[2:]
	return inTurn(app, func(app core.App) error {
		_, asked, err := collections.Find[collections.KioskQuestion](app, "key = {:key}", dbx.Params{"key": key})
		if err != nil || asked {
			return err
		}
		_, err = collections.Insert(app, collections.KioskQuestion{
			Key: key, Kiosk: actor.ID, State: collections.QuestionOpen, Reason: "unreadable", Act: content,
		})
		return err
	})
}
