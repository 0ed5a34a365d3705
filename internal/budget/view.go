package budget

import (
	"cmp"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/money"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Named is a thing in an answer: its id and what it is called.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// YearView is a fiscal year as its screens know it.
type YearView struct {
	ID     string     `json:"id"`
	Name   string     `json:"name"`
	Starts policy.Day `json:"starts"`
	Ends   policy.Day `json:"ends"`
	Closed bool       `json:"closed"`
}

// FundView is a fund as its screens know it. Amounts are whole cents.
type FundView struct {
	ID          string     `json:"id"`
	Updated     string     `json:"updated"`
	Year        string     `json:"year"`
	Name        string     `json:"name"`
	Kind        string     `json:"kind"`
	Purpose     string     `json:"purpose"`
	Funder      string     `json:"funder"`
	Award       string     `json:"award"`
	SpendBy     policy.Day `json:"spend_by"`
	ReportBy    policy.Day `json:"report_by"`
	Given       int        `json:"given"` // allocated and transferred
	Allocated   int        `json:"allocated"`
	Transferred int        `json:"transferred"`
	Spent       int        `json:"spent"`
	Encumbered  int        `json:"encumbered"`
	Available   int        `json:"available"`
	DaysLeft    *int       `json:"days_left"` // until SpendBy; null without one
	Position    int        `json:"position"`
}

// OverviewView is a fiscal year at a glance.
type OverviewView struct {
	Years      []YearView   `json:"years"`
	Year       string       `json:"year"` // id of the one shown; empty when there is none
	Currency   string       `json:"currency"`
	Decimals   int          `json:"decimals"` // of the currency: 2, or 0 where amounts are whole units
	Funds      []FundView   `json:"funds"`
	Open       OpenView     `json:"open"`
	Spending   SpendingView `json:"spending"`
	Free       int          `json:"free"` // available of all funds
	Approval   string       `json:"approval"`
	NextNumber string       `json:"next_number"`
}

// OpenView are the orders that have not ended.
type OpenView struct {
	Orders int `db:"orders" json:"orders"`
	Held   int `db:"held" json:"held"`
}

// SpendingView is what was given for a year, and what was spent by the end of each month of it.
type SpendingView struct {
	Given  int         `json:"given"`
	Months []MonthView `json:"months"`
}

// MonthView is a month, "2026-11", and what was spent from the beginning of the year to its end.
type MonthView struct {
	Month string `json:"month"`
	Spent int    `json:"spent"`
}

// today is the day in the school's zone.
func today(app core.App, now time.Time) (policy.Day, site.House, error) {
	house, err := site.Open(app)
	if err != nil {
		return 0, house, err
	}
	return policy.DayOf(now, house.Calendar.Zone), house, nil
}

// Overview shows a fiscal year, or with an empty id the one of today: fault.NotFound (year).
func Overview(app core.App, now time.Time, year string) (view OverviewView, err error) {
	day, house, err := today(app, now)
	if err != nil {
		return view, err
	}
	settings, err := site.LoadBudget(app)
	if err != nil {
		return view, err
	}
	view = OverviewView{
		Years: []YearView{}, Currency: house.Fees.Currency, Decimals: money.Decimals(house.Fees.Currency), Funds: []FundView{},
		Spending: SpendingView{Months: []MonthView{}}, Approval: settings.Approval,
	}
	years, err := collections.All[collections.Year](app, "", "starts DESC", nil)
	if err != nil {
		return view, err
	}
	for _, y := range years {
		view.Years = append(view.Years, ShowYear(y))
	}
	shown, found, err := yearOf(app, years, year, day)
	if err != nil || !found {
		return view, err
	}
	view.Year = shown.ID
	if err := view.money(app, shown, day); err != nil {
		return view, err
	}
	view.NextNumber, err = nextNumber(app, "budget.Overview", shown.ID)
	return view, err
}

func (v *OverviewView) money(app core.App, year collections.Year, day policy.Day) error {
	funds, err := collections.All[collections.Fund](app, "year = {:year}", "position, name, id", dbx.Params{"year": year.ID})
	if err != nil {
		return err
	}
	for _, fund := range funds {
		shown := fundView(fund, day)
		v.Funds = append(v.Funds, shown)
		v.Free += shown.Available
		v.Spending.Given += shown.Given
	}
	err = app.DB().NewQuery(`SELECT COUNT(DISTINCT o.id) AS orders, COALESCE(SUM(l.encumbered), 0) AS held FROM budget_orders o LEFT JOIN budget_lines l ON l.order_id = o.id
		WHERE o.year = {:year} AND o.state IN ('draft', 'approved', 'sent', 'partly_received')`).Bind(dbx.Params{"year": year.ID}).One(&v.Open)
	if err != nil {
		return err
	}
	v.Spending.Months, err = monthsOf(app, year, day)
	return err
}

// YearByID reads a year: fault.NotFound.
func YearByID(app core.App, id string) (collections.Year, error) {
	return byID[collections.Year](app, "budget.YearByID", id, "id")
}

// ShowYear is a year as its screens know it.
func ShowYear(y collections.Year) YearView {
	return YearView{y.ID, y.Name, y.Starts, y.Ends, !y.ClosedAt.IsZero()}
}

// yearOf is the year with an id; without one that of today, else the latest.
func yearOf(app core.App, years []collections.Year, id string, day policy.Day) (collections.Year, bool, error) {
	if id != "" {
		year, err := byID[collections.Year](app, "budget.Overview", id, "year")
		return year, err == nil, err
	}
	if len(years) == 0 {
		return collections.Year{}, false, nil
	}
	at := slices.IndexFunc(years, func(y collections.Year) bool { return y.Starts <= day && day <= y.Ends })
	return years[max(at, 0)], true, nil
}

func fundView(f collections.Fund, day policy.Day) FundView {
	view := FundView{
		ID: f.ID, Updated: f.Updated.String(), Year: f.Year, Name: f.Name, Kind: f.Kind, Purpose: f.Purpose, Funder: f.Funder, Award: f.Award,
		SpendBy: f.SpendBy, ReportBy: f.ReportBy, Given: f.Allocated + f.Transferred, Allocated: f.Allocated, Transferred: f.Transferred, Spent: f.Spent,
		Encumbered: f.Encumbered, Available: f.Balance().Available(), Position: f.Position,
	}
	if f.SpendBy != 0 {
		left := int(f.SpendBy - day)
		view.DaysLeft = &left
	}
	return view
}

// FundByID shows a fund: fault.NotFound.
func FundByID(app core.App, now time.Time, id string) (FundView, error) {
	fund, err := byID[collections.Fund](app, "budget.FundByID", id, "id")
	if err != nil {
		return FundView{}, err
	}
	day, _, err := today(app, now)
	return fundView(fund, day), err
}

// FundsOf shows the funds that the act with a key did something to.
func FundsOf(app core.App, now time.Time, key string) ([]FundView, error) {
	day, _, err := today(app, now)
	if err != nil {
		return nil, err
	}
	funds, err := collections.All[collections.Fund](app, `id IN (SELECT e.fund FROM budget_ledger e JOIN budget_acts a ON a.id = e.act WHERE a.key = {:key})`,
		"position, name, id", dbx.Params{"key": key})
	views := make([]FundView, 0, len(funds))
	for _, fund := range funds {
		views = append(views, fundView(fund, day))
	}
	return views, err
}

// monthsOf are the months of a year up to today's, each with what was spent by its end. What was spent before the year began counts from its first month on.
func monthsOf(app core.App, year collections.Year, day policy.Day) ([]MonthView, error) {
	var rows []struct {
		Month string `db:"month"`
		Spent int    `db:"spent"`
	}
	err := app.DB().NewQuery(`SELECT m.month, SUM(m.spent) AS spent FROM budget_months m JOIN budget_funds f ON f.id = m.fund WHERE f.year = {:year}
		GROUP BY m.month ORDER BY m.month`).Bind(dbx.Params{"year": year.ID}).All(&rows)
	if err != nil {
		return nil, err
	}
	first, last := year.Starts.String()[:7], min(year.Ends, max(day, year.Starts)).String()[:7]
	months, spent, at := []MonthView{}, 0, 0
	for month := first; cmp.Compare(month, last) <= 0; month = monthAfter(month) {
		for ; at < len(rows) && (rows[at].Month <= month || month == last); at++ {
			spent += rows[at].Spent
		}
		months = append(months, MonthView{month, spent})
	}
	return months, nil
}

func monthAfter(month string) string {
	at, _ := time.Parse("2006-01", month) //nolint:errcheck // a month
	return at.AddDate(0, 1, 0).Format("2006-01")
}

// OrderOf is the order that the act with a key was about, or nothing.
func OrderOf(app core.App, key string) (string, error) {
	act, _, err := find(app, key)
	if err != nil {
		return "", err
	}
	order, found, err := collections.Find[collections.Order](app, "id = {:id}", dbx.Params{"id": act.About})
	if !found {
		return "", err
	}
	return order.ID, err
}
