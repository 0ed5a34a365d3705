package budget

import (
	"context"
	"time"

	"carrel/collections"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// nextTime is the day on which a standing order is made anew after a day: the same day of the next month or year, or the last of a shorter month.
func nextTime(standing string, from policy.Day) policy.Day {
	months := map[string]int{"monthly": 1, "yearly": 12}[standing]
	if months == 0 {
		return 0
	}
	at, _ := time.Parse(time.DateOnly, from.String()) //nolint:errcheck // a day
	first := time.Date(at.Year(), at.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return policy.Date(first.Year(), first.Month(), min(at.Day(), last))
}

// MakeStanding makes the next draft of each standing order whose day has come: one, however many days were missed. An order that is still a draft waits, and one that was
// cancelled ends its row. The draft belongs to the fiscal year of today; without one nothing is made yet. Doing it again makes nothing twice.
func MakeStanding(ctx context.Context, app core.App, on policy.Day) (made int, err error) {
	due, err := collections.All[collections.Order](app, `standing != '' AND again != '' AND again <= {:today} AND state NOT IN ('draft', 'cancelled')
		AND NOT EXISTS (SELECT 1 FROM budget_orders AS next WHERE next.follows = budget_orders.id)`, "again, number", dbx.Params{"today": on.String()})
	if err != nil {
		return 0, err
	}
	for _, order := range due {
		if ctx.Err() != nil {
			return made, ctx.Err()
		}
		done, err := makeNext(app, order, on)
		if err != nil {
			return made, err
		}
		if done {
			made++
		}
	}
	return made, nil
}

func makeNext(app core.App, order collections.Order, on policy.Day) (made bool, err error) {
	const op = "budget.MakeStanding"
	err = app.RunInTransaction(func(app core.App) error {
		year, found, err := collections.Find[collections.Year](app, "starts <= {:day} AND ends >= {:day} AND closed_at = ''", dbx.Params{"day": on.String()})
		if err != nil || !found {
			return err
		}
		lines, err := linesOf(app, order.ID)
		if err != nil {
			return err
		}
		for i, line := range lines {
			fund, _, err := fundLike(app, op, line.Fund, year.ID)
			if err != nil {
				return err
			}
			lines[i] = collections.OrderLine{Fund: fund.ID, Title: line.Title, Name: line.Name, ISBN: line.ISBN, Pieces: line.Pieces, Price: line.Price, Note: line.Note}
		}
		again := order.Again
		for again <= on {
			again = nextTime(order.Standing, again)
		}
		_, err = SaveOrder(app, "standing:"+order.ID, collections.Order{
			Year: year.ID, Vendor: order.Vendor, Name: order.Name, Discount: order.Discount, Shipping: order.Shipping, Tax: order.Tax, Note: order.Note,
			Standing: order.Standing, Again: again, Follows: order.ID,
		}, lines)
		made = err == nil
		return err
	})
	return made, err
}
