package use

import (
	"context"
	"encoding/json"
	"time"

	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Title is how often a title was lent.
type Title struct {
	ThisYear int     `json:"this_year"` // school years, which begin on the first of July
	LastYear int     `json:"last_year"`
	All      int     `json:"all"`
	Months   []Month `json:"months"` // the last 24, this one last
	Last     string  `json:"last"`   // the day of the last loan; empty without one
}

// Month is the loans of one month, "2026-09".
type Month struct {
	Month string `json:"month"`
	Loans int    `json:"loans"`
}

const shownMonths = 24

// OfTitle is the use of a title as of a day, with the last acts in it.
func OfTitle(ctx context.Context, app core.App, id string, on policy.Day) (title Title, err error) {
	if !app.IsTransactional() {
		if _, err := Soon(ctx, app); err != nil {
			app.Logger().Warn("counting the use of the library", "error", err) // the numbers are a little old, that is all
		}
	}
	var rows []struct {
		Month string `db:"month"`
		N     int    `db:"n"`
	}
	err = app.DB().NewQuery("SELECT substr(day, 1, 7) AS month, SUM(n) AS n FROM use_titles WHERE title = {:title} GROUP BY month").Bind(dbx.Params{"title": id}).All(&rows)
	if err != nil {
		return title, err
	}
	byMonth := map[string]int{}
	thisYear := site.SchoolYear(on)
	lastYear := site.SchoolYear(thisYear - 1)
	for _, row := range rows {
		byMonth[row.Month] = row.N
		title.All += row.N
		switch {
		case row.Month >= monthOf(thisYear):
			title.ThisYear += row.N
		case row.Month >= monthOf(lastYear):
			title.LastYear += row.N
		}
	}
	for _, month := range monthsUntil(on) {
		title.Months = append(title.Months, Month{month, byMonth[month]})
	}
	return title, app.DB().NewQuery("SELECT COALESCE(MAX(last), '') FROM use_items WHERE title = {:title}").Bind(dbx.Params{"title": id}).Row(&title.Last)
}

// monthOf is the month of a day, "2026-09".
func monthOf(day policy.Day) string { return day.String()[:len("2026-09")] }

func monthsUntil(on policy.Day) []string {
	last, _ := time.Parse("2006-01", monthOf(on)) //nolint:errcheck // it was just written so
	months := make([]string, shownMonths)
	for i := range months {
		months[i] = last.AddDate(0, i+1-shownMonths, 0).Format("2006-01")
	}
	return months
}

// OfTitles are the loans of some titles since a day, by id; titles without any are left out. A zero day means ever.
func OfTitles(app core.App, ids []string, since policy.Day) (map[string]int, error) {
	return counts(app, `SELECT title AS id, SUM(n) AS n FROM use_titles WHERE title IN (SELECT value FROM json_each({:ids})) AND day >= {:since} GROUP BY title`, ids, since)
}

// OfItems are all loans of some items, by id; items without any are left out.
func OfItems(app core.App, ids []string) (map[string]int, error) {
	return counts(app, `SELECT item AS id, loans AS n FROM use_items WHERE item IN (SELECT value FROM json_each({:ids})) AND loans > 0`, ids, 0)
}

func counts(app core.App, query string, ids []string, since policy.Day) (map[string]int, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	var rows []Ranked
	if err := app.DB().NewQuery(query).Bind(dbx.Params{"ids": string(list), "since": since.String()}).All(&rows); err != nil {
		return nil, err
	}
	byID := make(map[string]int, len(rows))
	for _, row := range rows {
		byID[row.ID] = row.Loans
	}
	return byID, nil
}

// LastLoans are the days of the last loans of some titles, by id; titles that were never lent are left out.
func LastLoans(app core.App, ids []string) (map[string]policy.Day, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID   string     `db:"id"`
		Last policy.Day `db:"last"`
	}
	err = app.DB().NewQuery(`SELECT title AS id, MAX(last) AS last FROM use_items WHERE title IN (SELECT value FROM json_each({:ids})) AND last != '' GROUP BY title`).
		Bind(dbx.Params{"ids": string(list)}).All(&rows)
	byID := make(map[string]policy.Day, len(rows))
	for _, row := range rows {
		byID[row.ID] = row.Last
	}
	return byID, err
}

// Ranked is a title with its loans.
type Ranked struct {
	ID    string `db:"id"    json:"id"`
	Loans int    `db:"n"     json:"loans"`
}

// Top are the n titles that were lent most since a day, or ever if it is zero; those lent equally often by their id.
func Top(app core.App, since policy.Day, n int) (top []Ranked, err error) {
	query := `SELECT title AS id, SUM(n) AS n FROM use_titles WHERE day >= {:since} GROUP BY title ORDER BY n DESC, title LIMIT {:limit}`
	if since == 0 {
		query = `SELECT title AS id, SUM(loans) AS n FROM use_items WHERE title != '' GROUP BY title HAVING n > 0 ORDER BY n DESC, title LIMIT {:limit}`
	}
	return top, app.DB().NewQuery(query).Bind(dbx.Params{"since": since.String(), "limit": n}).All(&top)
}
