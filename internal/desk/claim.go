package desk

import (
	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// ClaimRequest says what a patron says of an item that is out.
type ClaimRequest struct {
	Act
	Item     string
	Claim    string // collections.ClaimReturned or ClaimNeverHad; empty takes a claim back
	Override []policy.Code
}

// Claimed answers a claim.
type Claimed struct {
	Loan   collections.Loan
	Item   Thing
	Patron Borrower
}

// Claim notes that a patron says to have returned an item, or never to have had it. The loan stays open, but is neither overdue nor counted, and the
// item goes on the search list. The codes are fault.NotFound (unknown_item), fault.Refused (claim_limit), fault.Conflict (not_on_loan,
// not_claimed, key_reused) and fault.Invalid (key, at, claim).
func Claim(app core.App, request ClaimRequest) (claimed Claimed, err error) {
	const op = "desk.Claim"
	if err := request.check(op); err != nil {
		return claimed, err
	}
	if request.Claim != "" && request.Claim != collections.ClaimReturned && request.Claim != collections.ClaimNeverHad {
		return claimed, fault.New(op, fault.Invalid, "desk.bad_claim").At("claim")
	}
	err = inTurn(app, func(app core.App) error {
		claimed = Claimed{}
		if claimed.Item, err = FindItem(app, request.Item); err != nil {
			return err
		}
		ask := "claim " + claimed.Item.ID + " " + request.Claim
		fact, done, err := asked(app, op, request.Act, ask)
		if err != nil {
			return err
		}
		if done {
			if claimed.Loan, err = loanByID(app, fact.Loan); err != nil {
				return err
			}
			claimed.Patron, err = patronByID(app, claimed.Loan.Patron)
			return err
		}
		return claimed.write(newPen(app, request.Act), op, request, ask)
	})
	return claimed, err
}

func (c *Claimed) write(pen *pen, op string, request ClaimRequest, ask string) error {
	loan, out, err := openLoan(pen.app, c.Item.ID)
	if err != nil {
		return err
	}
	if !out {
		return notOnLoan(op)
	}
	if err := notBefore(pen.app, op, request.Act, c.Item.ID); err != nil {
		return err
	}
	if c.Patron, err = patronByID(pen.app, loan.Patron); err != nil {
		return err
	}
	kind, d := collections.FactClaim, details{Ask: ask, Claim: request.Claim, Reason: request.Reason}
	if request.Claim == "" {
		if loan.Claim == "" {
			return fault.New(op, fault.Conflict, "desk.not_claimed").Named("not_claimed")
		}
		kind, loan.Claim, loan.ClaimedAt = collections.FactClaimDrop, "", collections.Loan{}.ClaimedAt
	} else {
		if d.Override, err = mayClaim(pen.app, op, request, c.Patron); err != nil {
			return err
		}
		loan.Claim, loan.ClaimedAt = request.Claim, instant(request.At)
	}
	if err := updateState(pen.app, loan, instant(request.Now)); err != nil {
		return err
	}
	c.Loan = loan
	_, err = pen.main(about(kind, loan), d)
	return err
}

// mayClaim asks the librarian when a patron claims often.
func mayClaim(app core.App, op string, request ClaimRequest, patron Borrower) ([]policy.Code, error) {
	house, err := site.Open(app)
	if err != nil {
		return nil, err
	}
	view := policy.PatronView{ID: patron.ID, Type: patron.Type}
	err = app.DB().NewQuery("SELECT COUNT(*) FROM loans WHERE patron = {:patron} AND claim != '' AND state != 'undone'").
		Bind(dbx.Params{"patron": patron.ID}).Row(&view.Claims)
	if err != nil {
		return nil, err
	}
	decision := policy.DecideClaim(house.Rules, view)
	return passed(decision), decided(op, decision, request.Override, request.Actor)
}
