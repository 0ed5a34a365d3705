package hooks

import (
	"time"

	"carrel/internal/desk"
	"carrel/internal/patrons"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

type openLoanItem struct {
	Barcode    string `json:"barcode"`
	Title      string `json:"title"`
	Author     string `json:"author"`
	CallNumber string `json:"call_number"`
}

type openLoanAnswer struct {
	ID       string       `json:"id"`
	Due      policy.Day   `json:"due"`
	OutAt    string       `json:"out_at"`
	Overdue  bool         `json:"overdue"`
	DaysLate int          `json:"days_late"`
	Claim    string       `json:"claim"`
	Renewals int          `json:"renewals"`
	Item     openLoanItem `json:"item"`
}

// patron shows the person in front of the desk: what they have now, never what they read before. Each view is kept in the audit.
func (d *Door) patron(e *core.RequestEvent) error {
	patron, err := desk.FindPatron(e.App, e.Request.PathValue("barcode"))
	if err != nil {
		return err
	}
	calendar, err := site.Calendar(e.App)
	if err != nil {
		return err
	}
	today := policy.DayOf(time.Now(), calendar.Zone)
	loans, err := desk.OpenLoans(e.App, patron.ID)
	if err != nil {
		return err
	}
	blocks, err := desk.Blocks(e.App, patron, today)
	if err != nil {
		return err
	}
	view, err := viewPatron(e, patron)
	if err != nil {
		return err
	}
	holds, err := desk.HoldsOf(e.App, patron.ID)
	if err != nil {
		return err
	}
	lost, err := desk.LostBy(e.App, patron.ID)
	if err != nil {
		return err
	}
	if err := patrons.Seen(e.App, patron.ID, e.Auth.Id, time.Now()); err != nil {
		return err
	}
	lang := langOf(e)
	stops := []map[string]string{}
	for _, block := range blocks {
		stops = append(stops, map[string]string{"code": string(block.Code), "message": block.Text.In(lang)})
	}
	answer := map[string]any{
		"patron": view,
		"blocks": stops, "loans": answerLoans(loans, calendar, today), "holds": holds, "lost": lost,
	}
	if err := tellOwed(e, answer, patron); err != nil {
		return err
	}
	return ok(e, answer)
}

// tellOwed adds what the patron owes, where the library charges money, for the librarian's eyes.
func tellOwed(e *core.RequestEvent, answer map[string]any, patron desk.Borrower) error {
	if !isHead(e) {
		return nil
	}
	fees, err := site.LoadFees(e.App)
	if err != nil || !fees.On {
		return err
	}
	owed, err := desk.Owed(e.App, patron.ID)
	answer["owed"] = decimal(owed)
	return err
}

func answerLoans(loans []desk.OpenLoan, calendar policy.Calendar, today policy.Day) []openLoanAnswer {
	answers := make([]openLoanAnswer, 0, len(loans))
	for _, loan := range loans {
		late := loan.Claim == "" && calendar.Overdue(loan.Due, today)
		answer := openLoanAnswer{
			ID: loan.ID, Due: loan.Due, OutAt: loan.OutAt, Renewals: loan.Renewals, Overdue: late, Claim: loan.Claim,
			Item: openLoanItem{loan.Barcode, loan.Title, loan.Author, loan.CallNumber},
		}
		if late {
			answer.DaysLate = calendar.OpenDaysBetween(loan.Due, today)
		}
		answers = append(answers, answer)
	}
	return answers
}
