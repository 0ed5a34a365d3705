package commands

import (
	"fmt"
	"os"

	"carrel/internal/catalog"
	"carrel/internal/patrons"
	"carrel/internal/say"

	"github.com/spf13/cobra"
)

func (d *door) imports() *cobra.Command {
	return d.group("import", "Bring in titles, patrons, families' wishes or a school calendar",
		d.importTitles(), d.importPatrons(), d.importRestrictions(), d.importCalendar())
}

func (d *door) importTitles() *cobra.Command {
	var options catalog.ImportOptions
	var asJSON bool
	command := &cobra.Command{
		Use: "titles FILE…", Short: "Import titles with their items: MARC (ISO 2709, MARCXML, MARC-in-JSON), or a table (CSV, TSV)", Args: d.args(cobra.MinimumNArgs(1)),
		RunE: d.run(func(_ *cobra.Command, args []string) error {
			progress := newProgress("records")
			options.Progress = progress.show
			summary, err := catalog.Import(d.app, args, options)
			progress.end()
			if asJSON {
				if err := printJSON(summary); err != nil {
					return err
				}
			} else if err == nil || summary.Read > 0 {
				printTitles(summary, options.DryRun)
			}
			return err
		}),
	}
	command.Flags().StringVar(&options.Items, "items", "auto", "which field carries the items: auto, 852, 949, 952 or none; of a table which rows: auto, each or none")
	command.Flags().StringVar(&options.Match, "match", "overlay", "a title that is already here: overlay, skip or add")
	command.Flags().BoolVar(&options.DryRun, "dry-run", false, "say what would change and change nothing")
	command.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return command
}

func printTitles(summary catalog.Summary, dry bool) {
	for _, reject := range summary.Rejected {
		fmt.Fprintf(os.Stderr, "%s, %s: %s\n", reject.File, placeOf(summary, reject), reject.Reason)
	}
	for _, warning := range summary.Warnings {
		if warning.Record > 0 {
			fmt.Fprintf(os.Stderr, "%s, record %d: ", warning.File, warning.Record)
		}
		fmt.Fprintln(os.Stderr, warning.Message)
	}
	if more := summary.MoreRejected + summary.MoreWarnings; more > 0 {
		fmt.Fprintf(os.Stderr, "… and %d more remarks.\n", more)
	}
	if dry {
		fmt.Println("Dry run: nothing was changed.")
	}
	fmt.Printf("%d records read. Titles: %d added, %d changed, %d as before. Items: %d added, %d changed, %d as before. %d rejected.\n", summary.Read,
		summary.Titles.Added, summary.Titles.Updated, summary.Titles.Skipped,
		summary.Items.Added, summary.Items.Updated, summary.Items.Skipped, len(summary.Rejected)+summary.MoreRejected)
}

// placeOf says where in its file a reject is: of a table the row, of records also the byte.
func placeOf(summary catalog.Summary, reject catalog.Reject) string {
	switch {
	case !summary.Table:
		return fmt.Sprintf("record %d at byte %d", reject.Record, reject.Offset)
	case reject.Column != "":
		return fmt.Sprintf("row %d, %s", reject.Record, reject.Column)
	}
	return fmt.Sprintf("row %d", reject.Record)
}

func (d *door) importPatrons() *cobra.Command {
	var options patrons.Options
	var asJSON bool
	command := &cobra.Command{
		Use: "patrons PATH", Short: "Import a roster: a CSV file, or a OneRoster zip or folder", Args: d.args(cobra.ExactArgs(1)),
		RunE: d.run(func(_ *cobra.Command, args []string) error {
			options.Lang = say.English
			summary, err := patrons.Import(d.app, args[0], options)
			if asJSON {
				if err := printJSON(summary); err != nil {
					return err
				}
			} else {
				printRoster(summary, options.DryRun)
			}
			return err
		}),
	}
	command.Flags().BoolVar(&options.DryRun, "dry-run", false, "say what would change and change nothing")
	command.Flags().BoolVar(&options.Confirm, "confirm", false, "go on although more than a fifth would leave")
	command.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return command
}

func printRoster(summary patrons.Summary, dry bool) {
	for _, reject := range summary.Rejected {
		fmt.Fprintf(os.Stderr, "%s, line %d: %s\n", reject.File, reject.Record, reject.Reason)
	}
	for _, warning := range summary.Warnings {
		if warning.Record > 0 {
			fmt.Fprintf(os.Stderr, "line %d: ", warning.Record)
		}
		fmt.Fprintln(os.Stderr, warning.Message)
	}
	verb := ""
	if dry {
		verb = "would be "
	}
	fmt.Printf("%d people read: %d %sadded, %d %schanged, %d as before, %d %smarked as left.\n", summary.Read,
		summary.Patrons.Added, verb, summary.Patrons.Updated, verb, summary.Patrons.Skipped, summary.Patrons.Left, verb)
}
