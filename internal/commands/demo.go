package commands

import (
	"fmt"
	"os"
	"time"

	"carrel/internal/demo"
	"carrel/internal/policy"

	"github.com/spf13/cobra"
)

func (d *door) demo() *cobra.Command {
	options := demo.Options{}
	var asJSON bool
	command := &cobra.Command{
		Use: "demo", Short: "Load the sample school into an empty library", Args: d.args(cobra.NoArgs),
		RunE: d.run(func(*cobra.Command, []string) error {
			options.Today = policy.DayOf(time.Now(), time.Local)
			loaded, err := demo.Load(d.app, options)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(loaded)
			}
			fmt.Fprintf(os.Stderr, "The sample school has %d titles, %d items, %d patrons and %d loans of two years.\n",
				loaded.Titles, loaded.Items, loaded.Patrons, loaded.Loans)
			return nil
		}),
	}
	command.Flags().Int64Var(&options.Seed, "seed", 1, "the same seed on the same day gives the same school")
	command.Flags().IntVar(&options.Scale, "scale", 1, "how many times the natural size")
	command.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return command
}
