package desk

import (
	"errors"
	"fmt"
	"hash/fnv"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Pair is one item for one patron, both by scanned code.
type Pair struct {
	Patron string `json:"patron"`
	Item   string `json:"item"`

	patronID string // in the place of the code
}

// ClassRequest lends many items in one act: the pairs, or all Items to one Patron (a class set for the teacher), or one each to the children of a
// Homeroom, by name.
type ClassRequest struct {
	Act
	Pairs    []Pair
	Items    []string
	Patron   string
	Homeroom string     // id
	Due      policy.Day // chosen by hand, for all; zero for what the rules say
	Override []policy.Code
}

// maxClass bounds one act: it is one transaction, and the desk waits for it.
const maxClass = 500

// CheckOutClass lends all or nothing: one refusal refuses the act, and every refusal is named with its item and patron. The codes are those of
// CheckOut, and fault.Invalid (items).
func CheckOutClass(app core.App, request ClassRequest) (lent []Lent, err error) {
	const op = "desk.CheckOutClass"
	if err := request.check(op); err != nil {
		return nil, err
	}
	err = inTurn(app, func(app core.App) error {
		lent = nil
		pairs, err := request.pairs(app, op)
		if err != nil {
			return err
		}
		ask := "class " + brief(pairs)
		_, done, err := asked(app, op, request.Act, ask)
		if err != nil {
			return err
		}
		if done {
			lent, err = recallAll(app, request.Key, collections.FactCheckOut)
			return err
		}
		lent, err = lendAll(app, op, request, pairs, ask)
		return err
	})
	return lent, err
}

// pairs says who gets what.
func (r ClassRequest) pairs(app core.App, op string) ([]Pair, error) {
	pairs := r.Pairs
	patrons := []string{}
	if r.Homeroom != "" {
		err := app.DB().Select("id").From(collections.Patrons).
			Where(dbx.HashExp{"homeroom": r.Homeroom, "status": collections.PatronActive}).OrderBy("last_name", "first_name", "id").Column(&patrons)
		if err != nil {
			return nil, err
		}
		if len(r.Items) > len(patrons) {
			return nil, fault.New(op, fault.Invalid, "desk.too_many_items", len(r.Items), len(patrons)).At("items")
		}
	}
	for i, item := range r.Items {
		pair := Pair{Patron: r.Patron, Item: item}
		if r.Homeroom != "" {
			pair.patronID = patrons[i]
		}
		pairs = append(pairs, pair)
	}
	if len(pairs) == 0 || len(pairs) > maxClass {
		return nil, fault.New(op, fault.Invalid, "desk.bad_class", maxClass).At("items")
	}
	return pairs, nil
}

func lendAll(app core.App, op string, request ClassRequest, pairs []Pair, ask string) (lent []Lent, err error) {
	pen := newPen(app, request.Act)
	record := func(fact collections.Fact, d details) (collections.Fact, error) {
		d.Ask = ask
		return pen.main(fact, d)
	}
	var refusals []Refusal
	for _, pair := range pairs {
		one, ask := Lent{}, CheckOutRequest{Act: request.Act, Patron: pair.Patron, PatronID: pair.patronID, Due: request.Due, Override: request.Override}
		if one.Patron, err = ask.patron(app); err != nil {
			return nil, err
		}
		if one.Item, err = FindItem(app, pair.Item); err != nil {
			return nil, err
		}
		err := one.decide(pen, op, ask, record)
		var refused *Refused
		if errors.As(err, &refused) {
			refusals = append(refusals, refused.of(one.Item, one.Patron)...)
			continue
		}
		if err != nil {
			return nil, err
		}
		lent = append(lent, one)
		record = pen.also
	}
	if len(refusals) > 0 {
		return nil, fault.New(op, fault.Refused, "desk.refused").Because(&Refused{refusals})
	}
	return lent, nil
}

// of says for which item and patron the refusals are.
func (r *Refused) of(item Thing, patron Borrower) []Refusal {
	for i := range r.Refusals {
		r.Refusals[i].Item, r.Refusals[i].Patron = item.Barcode, patron.Barcode
	}
	return r.Refusals
}

// brief is a request in few characters, to tell it from another with the same key.
func brief(pairs []Pair) string {
	sum := fnv.New64a()
	for _, pair := range pairs {
		_, _ = fmt.Fprintf(sum, "%s\x00%s\x00%s\x00", pair.patronID, strings.TrimSpace(pair.Patron), strings.TrimSpace(pair.Item))
	}
	return fmt.Sprintf("%d %x", len(pairs), sum.Sum64())
}

// recallAll answers an act of many again from its facts of one kind.
func recallAll(app core.App, key, kind string) (all []Lent, err error) {
	facts, err := factsOfAct(app, key)
	for _, fact := range facts {
		if fact.Kind != kind {
			continue
		}
		one := Lent{}
		if one.Patron, err = patronByID(app, fact.Patron); err != nil {
			return nil, err
		}
		if one.Item, err = itemByID(app, fact.Item); err != nil {
			return nil, err
		}
		if err := one.recall(app, fact); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, err
}

// RenewAllRequest renews everything one patron has, or everything the children of a homeroom have.
type RenewAllRequest struct {
	Act
	Patron   string
	Homeroom string // id
	Override []policy.Code
}

// RenewedAll says what was renewed and what was not.
type RenewedAll struct {
	Renewed []Lent
	Refused []Refusal
}

// RenewAll renews in one act what may be renewed and names what may not. Claimed loans are left alone. The codes are fault.NotFound
// (unknown_patron), fault.Conflict (key_reused) and fault.Invalid (key, at, patron).
func RenewAll(app core.App, request RenewAllRequest) (all RenewedAll, err error) {
	const op = "desk.RenewAll"
	if err := request.check(op); err != nil {
		return all, err
	}
	err = inTurn(app, func(app core.App) error {
		all = RenewedAll{}
		loans, ask, err := loansOf(app, op, request.Patron, request.Homeroom)
		if err != nil {
			return err
		}
		ask = "renew " + ask
		fact, done, err := asked(app, op, request.Act, ask)
		if err != nil {
			return err
		}
		if done {
			return all.recall(app, fact)
		}
		return all.write(app, op, request, loans, ask)
	})
	return all, err
}

// loansOf are the open loans of a patron or a homeroom, with the request in brief.
func loansOf(app core.App, op, patron, homeroom string) (loans []collections.Loan, ask string, err error) {
	switch {
	case patron != "":
		borrower, err := FindPatron(app, patron)
		if err != nil {
			return nil, "", err
		}
		loans, err = collections.All[collections.Loan](app, "patron = {:id} AND state = 'open'", "due, id", dbx.Params{"id": borrower.ID})
		return loans, borrower.ID, err
	case homeroom != "":
		loans, err = collections.All[collections.Loan](app, `state = 'open' AND patron IN (SELECT id FROM patrons WHERE homeroom = {:id})`,
			"patron, due, id", dbx.Params{"id": homeroom})
		return loans, homeroom, err
	}
	return nil, "", fault.New(op, fault.Invalid, "desk.whose_loans").At("patron")
}

// write decides on every loan before it writes, so that the first fact knows what was refused.
func (r *RenewedAll) write(app core.App, op string, request RenewAllRequest, loans []collections.Loan, ask string) error {
	pen := newPen(app, request.Act)
	var extensions []extension
	var skips []skipped
	for _, loan := range loans {
		if loan.Claim != "" {
			continue
		}
		item, err := itemByID(app, loan.Item)
		if err != nil {
			return err
		}
		one := extension{Lent: Lent{Item: item}}
		err = one.decide(pen, op, loan, request.Override)
		var refused *Refused
		if errors.As(err, &refused) {
			r.Refused = append(r.Refused, refused.of(one.Item, one.Patron)...)
			skips = append(skips, skip(loan, refused)...)
			continue
		}
		if err != nil {
			return err
		}
		extensions = append(extensions, one)
	}
	d, record := details{Ask: ask, Skipped: skips}, pen.main
	for _, one := range extensions {
		if err := one.write(pen, d, record); err != nil {
			return err
		}
		r.Renewed = append(r.Renewed, one.Lent)
		d, record = details{}, pen.also
	}
	return nil
}

// skipped is a refusal as a fact keeps it: the loan tells whose it was for as long as it may.
type skipped struct {
	Loan        string      `json:"loan"`
	Code        policy.Code `json:"code"`
	Text        say.Text    `json:"text"`
	Overridable bool        `json:"overridable"`
}

func skip(loan collections.Loan, refused *Refused) (skips []skipped) {
	for _, refusal := range refused.Refusals {
		skips = append(skips, skipped{loan.ID, refusal.Code, refusal.Text, refusal.Overridable})
	}
	return skips
}

func (r *RenewedAll) recall(app core.App, fact collections.Fact) error {
	d, err := detailsOf(fact)
	if err != nil {
		return err
	}
	for _, skip := range d.Skipped {
		refusal := Refusal{Refusal: policy.Refusal{Code: skip.Code, Text: skip.Text}, Overridable: skip.Overridable}
		loan, err := loanByID(app, skip.Loan)
		if err != nil {
			return err
		}
		item, err := itemByID(app, loan.Item)
		if err != nil {
			return err
		}
		patron, err := patronByID(app, loan.Patron)
		if err != nil {
			return err
		}
		refusal.Item, refusal.Patron = item.Barcode, patron.Barcode
		r.Refused = append(r.Refused, refusal)
	}
	r.Renewed, err = recallAll(app, fact.Key, collections.FactRenew)
	return err
}
