package commands

import (
	"fmt"
	"os"
	"time"

	"carrel/internal/fault"
	"carrel/internal/restrictions"
	"carrel/internal/say"

	"github.com/spf13/cobra"
)

func (d *door) importRestrictions() *cobra.Command {
	options := restrictions.Options{Lang: say.English}
	var asJSON bool
	command := &cobra.Command{
		Use: "restrictions FILE", Short: "Import what families asked for on paper forms, from a CSV file", Args: d.args(cobra.ExactArgs(1)),
		RunE: d.run(func(_ *cobra.Command, args []string) error {
			file, err := os.Open(args[0])
			if err != nil {
				return fault.New("commands.importRestrictions", fault.Invalid, "restrictions.no_file", args[0]).Because(err)
			}
			defer file.Close()
			options.File, options.Now = args[0], time.Now()
			summary, err := restrictions.Import(d.app, file, options)
			if asJSON {
				if err := printJSON(summary); err != nil {
					return err
				}
			} else if err == nil || summary.Read > 0 {
				printRestrictions(summary, options.DryRun)
			}
			return err
		}),
	}
	command.Flags().BoolVar(&options.DryRun, "dry-run", false, "say what would change and change nothing")
	command.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return command
}

func printRestrictions(summary restrictions.Summary, dry bool) {
	for _, reject := range summary.Rejected {
		fmt.Fprintf(os.Stderr, "%s, line %d: ", reject.File, reject.Record)
		if reject.Column != "" {
			fmt.Fprintf(os.Stderr, "%s: ", reject.Column)
		}
		fmt.Fprintln(os.Stderr, reject.Reason)
	}
	for _, warning := range summary.Warnings {
		fmt.Fprintf(os.Stderr, "line %d: %s\n", warning.Record, warning.Message)
	}
	verb := ""
	if dry {
		verb = "would be "
	}
	fmt.Printf("%d wishes read: %d %sadded, %d as before, %d rejected.\n", summary.Read, summary.Added, verb, summary.Unchanged, len(summary.Rejected))
}
