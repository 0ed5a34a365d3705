package desk

import (
	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

func loanByID(app core.App, id string) (collections.Loan, error) {
	loan, _, err := collections.Find[collections.Loan](app, "id = {:id}", dbx.Params{"id": id})
	return loan, err
}

// lastLoan is the last loan from which an item came back; its patron is the one to ask about damage.
func lastLoan(app core.App, item string) (loan collections.Loan, err error) {
	fact, ok, err := collections.Find[collections.Fact](app, `item = {:item} AND kind = 'return'
		AND NOT EXISTS (SELECT 1 FROM circ_events AS undo WHERE undo.key = 'undo:' || circ_events.id) ORDER BY seq DESC`, dbx.Params{"item": item})
	if err != nil || !ok {
		return loan, err
	}
	return loanByID(app, fact.Loan)
}

// keptHold is the hold an item is kept for on the hold shelf.
func keptHold(app core.App, item string) (collections.Hold, bool, error) {
	return collections.Find[collections.Hold](app, "caught = {:item} AND state = 'ready'", dbx.Params{"item": item})
}

func itemByID(app core.App, id string) (Thing, error) {
	item, _, err := one[Thing](app, things+"items.id = {:id}", dbx.Params{"id": id})
	return item, err
}

// PatronByID finds a patron by id; an empty one when there is none.
func PatronByID(app core.App, id string) (Borrower, error) { return patronByID(app, id) }

// patronByID answers an empty patron for an unlinked loan.
func patronByID(app core.App, id string) (Borrower, error) {
	patron, _, err := one[Borrower](app, borrowers+"patrons.id = {:id}", dbx.Params{"id": id})
	return patron, err
}

// Left is how many more items the patron may have; nil for no limit.
func Left(app core.App, patron Borrower) (*int, error) {
	house, err := site.Open(app)
	if err != nil {
		return nil, err
	}
	open, err := openOf(app, patron.ID)
	return left(house.Rules, patron, open), err
}

// Limit is how many items the patron may have in all; nil for no limit.
func Limit(app core.App, patron Borrower) (*int, error) {
	house, err := site.Open(app)
	if err != nil {
		return nil, err
	}
	return left(house.Rules, patron, nil), nil
}

func left(rules policy.Rules, patron Borrower, open []policy.OpenLoan) *int {
	count, limited := policy.Left(rules, patron.Type, open)
	if !limited {
		return nil
	}
	return &count
}

// OpenLoan is a row of somebody's loans, or of a list of all.
type OpenLoan struct {
	ID         string     `db:"id"`
	Due        policy.Day `db:"due"`
	OutAt      string     `db:"out_at"`
	Renewals   int        `db:"renewals"`
	Claim      string     `db:"claim"` // what the patron says: returned or never_had
	Barcode    string     `db:"barcode"`
	Title      string     `db:"title"`
	Author     string     `db:"author"`
	CallNumber string     `db:"call_number"`
	Patron     string     `db:"patron"` // barcode
}

// OpenLoans lists the open loans of one patron, or of everybody when patron is empty, soonest due first.
func OpenLoans(app core.App, patron string) ([]OpenLoan, error) {
	query := app.DB().Select("loans.id", "loans.due", "loans.out_at", "loans.renewals", "loans.claim", "items.barcode", "items.call_number",
		"titles.title", "titles.author", "COALESCE(patrons.barcode, '') AS patron").
		From(collections.Loans).
		InnerJoin(collections.Items, dbx.NewExp("items.id = loans.item")).
		InnerJoin(collections.Titles, dbx.NewExp("titles.id = items.title")).
		LeftJoin(collections.Patrons, dbx.NewExp("patrons.id = loans.patron")).
		Where(dbx.HashExp{"loans.state": collections.LoanOpen}).
		OrderBy("loans.due", "loans.id")
	if patron != "" {
		query.AndWhere(dbx.HashExp{"loans.patron": patron})
	}
	loans := []OpenLoan{}
	return loans, query.All(&loans)
}

// LostItem is an item given up on a loan, and still gone.
type LostItem struct {
	Barcode string `db:"barcode" json:"barcode"`
	Title   string `db:"title" json:"title"`
}

// LostBy lists what a patron (id) lost and what has not turned up since, the latest first.
func LostBy(app core.App, patron string) ([]LostItem, error) {
	lost := []LostItem{}
	return lost, app.DB().Select("items.barcode", "titles.title").From(collections.Loans).
		InnerJoin(collections.Items, dbx.NewExp("items.id = loans.item")).
		InnerJoin(collections.Titles, dbx.NewExp("titles.id = items.title")).
		Where(dbx.HashExp{"loans.patron": patron, "loans.state": collections.LoanLost, "items.status": collections.ItemLost}).
		OrderBy("loans.returned_at DESC", "loans.id").All(&lost)
}

// Blocks are the reasons why a patron may not borrow anything today.
func Blocks(app core.App, patron Borrower, today policy.Day) ([]policy.Refusal, error) {
	house, err := site.Open(app)
	if err != nil {
		return nil, err
	}
	view, err := viewPatron(app, house, patron)
	if err != nil {
		return nil, err
	}
	return blocks(house, view, today)
}

func blocks(house site.House, view policy.PatronView, today policy.Day) ([]policy.Refusal, error) {
	decision, err := policy.DecideCheckOut(house.Rules, house.Calendar, view, policy.ItemView{}, today)
	return decision.Refusals, err
}
