package commands

import (
	"fmt"
	"time"

	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/spf13/cobra"
)

type listedLoan struct {
	ID     string     `json:"id"`
	Item   string     `json:"item"`
	Patron string     `json:"patron"`
	Due    policy.Day `json:"due"`
	OutAt  string     `json:"out_at"`
	Title  string     `json:"title"`
}

func (d *door) loans() *cobra.Command {
	var patron, on string
	var overdue, asJSON bool
	list := &cobra.Command{
		Use: "list", Short: "List the open loans", Args: d.args(cobra.NoArgs),
		RunE: d.run(func(*cobra.Command, []string) error {
			loans, err := d.listLoans(patron, overdue, on)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(map[string]any{"loans": loans})
			}
			for _, loan := range loans {
				fmt.Printf("%s  %-16s %-16s %s\n", loan.Due, loan.Item, loan.Patron, loan.Title)
			}
			return nil
		}),
	}
	list.Flags().StringVar(&patron, "patron", "", "only the loans of this card")
	list.Flags().BoolVar(&overdue, "overdue", false, "only what is overdue")
	list.Flags().StringVar(&on, "on", "", "the day that overdue is asked for, YYYY-MM-DD (default today)")
	list.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return d.group("loans", "What is out", list)
}

func (d *door) listLoans(barcode string, overdue bool, on string) ([]listedLoan, error) {
	calendar, err := site.Calendar(d.app)
	if err != nil {
		return nil, err
	}
	day, err := dayFlag(on, calendar)
	if err != nil {
		return nil, err
	}
	patron := ""
	if barcode != "" {
		found, err := desk.FindPatron(d.app, barcode)
		if err != nil {
			return nil, err
		}
		patron = found.ID
	}
	open, err := desk.OpenLoans(d.app, patron)
	if err != nil {
		return nil, err
	}
	loans := []listedLoan{}
	for _, loan := range open {
		if overdue && !calendar.Overdue(loan.Due, day) {
			continue
		}
		loans = append(loans, listedLoan{loan.ID, loan.Barcode, loan.Patron, loan.Due, loan.OutAt, loan.Title})
	}
	return loans, nil
}

// dayFlag reads --on; today when left out.
func dayFlag(text string, calendar policy.Calendar) (policy.Day, error) {
	if text == "" {
		return policy.DayOf(time.Now(), calendar.Zone), nil
	}
	day, err := policy.ParseDay(text)
	if err != nil {
		return 0, fault.New("commands.dayFlag", fault.Invalid, "door.bad_day").At("on")
	}
	return day, nil
}
