package commands

import (
	"fmt"
	"os"
	"time"

	"carrel/collections"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/spf13/cobra"
)

func (d *door) importCalendar() *cobra.Command {
	options := site.CalendarOptions{Lang: say.English}
	var asJSON bool
	command := &cobra.Command{
		Use: "calendar FILE", Short: "Import closed days and term ends of a school calendar (iCalendar, .ics)", Args: d.args(cobra.ExactArgs(1)),
		RunE: d.run(func(_ *cobra.Command, args []string) error {
			file, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer file.Close() //nolint:errcheck // only read
			options.Now = time.Now()
			plan, err := site.ImportCalendar(d.app, file, options)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(struct {
					site.Counts
					site.Plan
				}{plan.Counts(), plan})
			}
			printCalendar(plan, options.DryRun)
			return nil
		}),
	}
	command.Flags().BoolVar(&options.DryRun, "dry-run", false, "say what would change and change nothing")
	command.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return command
}

var calendarWords = map[string]string{
	collections.CalendarClosed: "closed", collections.CalendarOpen: "open",
	collections.CalendarTermCeiling: "term ends", collections.CalendarTermForced: "term ends",
}

func printCalendar(plan site.Plan, dry bool) {
	for _, problem := range plan.Problems {
		fmt.Fprintf(os.Stderr, "line %d: %s\n", problem.Line, problem.Message)
	}
	for _, proposal := range plan.Entries {
		if proposal.Note != "" {
			fmt.Fprintf(os.Stderr, "%s, %s: %s It was left out.\n", proposal.Until, proposal.Label, proposal.Note)
		}
		if proposal.State != site.StateUnchanged {
			fmt.Printf("%-7s  %s to %s  %-9s  %s\n", proposal.State, proposal.From, proposal.Until, calendarWords[proposal.Kind], proposal.Label)
		}
	}
	if dry {
		fmt.Println("Dry run: nothing was changed.")
	}
	sum := plan.Counts()
	fmt.Printf("%d lines of the calendar added, %d changed, %d removed, %d as before. Left out: %d other events, %d from before this school year.\n",
		sum.Added, sum.Updated, sum.Removed, sum.Unchanged, sum.Ignored, plan.Past)
}
