package desk

import (
	"encoding/json"
	"slices"
	"time"

	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Standing is how a patron stands today: how much they have, never what.
type Standing struct {
	Loans  int // open ones, those they claim too
	Late   int
	Today  int  // lent today and still out
	Left   *int // how many more they may have; nil for no limit
	Blocks []policy.Refusal
}

// Held tells whether something stands against the patron: a block, a card that is over, too much late or owed. To have all that one may
// have is nothing against anybody.
func (s Standing) Held() bool {
	return slices.ContainsFunc(s.Blocks, func(block policy.Refusal) bool { return slices.Contains(against, block.Code) })
}

var against = []policy.Code{policy.PatronBlocked, policy.PatronExpired, policy.PatronOverdue, policy.PatronFees}

// Standings are those of some patrons, in their order. They are read in as many queries for a school as for one.
func Standings(app core.App, patrons []Borrower, now time.Time) ([]Standing, error) {
	house, err := site.Open(app)
	if err != nil {
		return nil, err
	}
	ids := idsOf(patrons)
	open, err := openOfAll(app, ids)
	if err != nil {
		return nil, err
	}
	owed := map[string]int{}
	if house.Fees.On {
		if owed, err = owedOfAll(app, ids); err != nil {
			return nil, err
		}
	}
	standings := make([]Standing, len(patrons))
	for i, patron := range patrons {
		if standings[i], err = stand(house, patron, open[patron.ID], owed[patron.ID], now); err != nil {
			return nil, err
		}
	}
	return standings, nil
}

func idsOf(patrons []Borrower) string {
	ids := make([]string, len(patrons))
	for i, patron := range patrons {
		ids[i] = patron.ID
	}
	list, _ := json.Marshal(ids)
	return string(list)
}

// dated is an open loan with the instant at which it began.
type dated struct {
	policy.OpenLoan
	out time.Time
}

func openOfAll(app core.App, ids string) (map[string][]dated, error) {
	var rows []struct {
		Patron string     `db:"patron"`
		Due    policy.Day `db:"due"`
		Claim  string     `db:"claim"`
		OutAt  string     `db:"out_at"`
		Type   string     `db:"type"`
		Title  string     `db:"title"`
	}
	err := app.DB().NewQuery(`SELECT loans.patron, loans.due, loans.claim, loans.out_at, items.type, items.title FROM loans JOIN items ON items.id = loans.item
		WHERE loans.state = 'open' AND loans.patron IN (SELECT value FROM json_each({:ids}))`).Bind(dbx.Params{"ids": ids}).All(&rows)
	open := map[string][]dated{}
	for _, row := range rows {
		loan := policy.OpenLoan{Due: row.Due, ItemType: row.Type, Title: row.Title, Claimed: row.Claim != ""}
		open[row.Patron] = append(open[row.Patron], dated{loan, parseInstant(row.OutAt)})
	}
	return open, err
}

func owedOfAll(app core.App, ids string) (map[string]int, error) {
	var rows []struct {
		Patron string `db:"patron"`
		Cents  int    `db:"cents"`
	}
	err := app.DB().NewQuery(`SELECT patron, SUM(cents - paid - waived) AS cents FROM fees
		WHERE state = 'open' AND patron IN (SELECT value FROM json_each({:ids})) GROUP BY patron`).Bind(dbx.Params{"ids": ids}).All(&rows)
	owed := map[string]int{}
	for _, row := range rows {
		owed[row.Patron] = row.Cents
	}
	return owed, err
}

func stand(house site.House, patron Borrower, open []dated, owed int, now time.Time) (s Standing, err error) {
	view, err := viewCard(patron)
	if err != nil {
		return s, err
	}
	view.Active = true // who has left may not borrow either, but that is said in its own place
	today := day(house, now)
	morning := today.At(0, house.Calendar.Zone)
	for _, loan := range open {
		view.Open = append(view.Open, loan.OpenLoan)
		if !loan.Claimed && house.Calendar.Overdue(loan.Due, today) {
			s.Late++
		}
		if !loan.out.Before(morning) {
			s.Today++
		}
	}
	view.Owed, s.Loans, s.Left = owed, len(open), left(house.Rules, patron, view.Open)
	s.Blocks, err = blocks(house, view, today)
	return s, err
}

// HeldPatrons are the ids of all for whom Held is true. Those for whom it may be are found by indexes, and only they are weighed.
func HeldPatrons(app core.App, now time.Time) ([]string, error) {
	house, err := site.Open(app)
	if err != nil {
		return nil, err
	}
	today := day(house, now)
	params := dbx.Params{"today": today.String(), "late_before": house.Calendar.LateBefore(today).String()}
	doubtful := `SELECT id FROM patrons WHERE block != '' UNION SELECT id FROM patrons WHERE expires != '' AND expires < {:today}`
	if limit, ok := lowest(house.Rules, func(terms policy.Terms) *int { return terms.OverdueLimit }); ok {
		params["late"] = limit
		doubtful += ` UNION SELECT patron FROM loans WHERE state = 'open' AND claim = '' AND due < {:late_before} GROUP BY patron HAVING COUNT(*) >= {:late}`
	}
	if limit, ok := lowest(house.Rules, func(terms policy.Terms) *int { return terms.FeeLimit }); ok && house.Fees.On {
		params["owed"] = limit
		doubtful += ` UNION SELECT patron FROM fees WHERE state = 'open' GROUP BY patron HAVING SUM(cents - paid - waived) >= {:owed}`
	}
	var patrons []Borrower
	// only what is weighed: there may be thousands
	err = app.DB().NewQuery(`SELECT id, type, status, expires, block FROM patrons WHERE id IN (` + doubtful + `)`).Bind(params).All(&patrons)
	if err != nil {
		return nil, err
	}
	standings, err := Standings(app, patrons, now)
	held := []string{}
	for i, standing := range standings {
		if standing.Held() {
			held = append(held, patrons[i].ID)
		}
	}
	return held, err
}

// lowest is the lowest of a limit that any row sets to stop lending; 0 is none.
func lowest(rules policy.Rules, limit func(policy.Terms) *int) (least int, ok bool) {
	for _, rule := range rules {
		if value := limit(rule.Terms); value != nil && *value > 0 && (!ok || *value < least) {
			least, ok = *value, true
		}
	}
	return least, ok
}
