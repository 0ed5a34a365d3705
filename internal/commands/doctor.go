package commands

import (
	"fmt"
	"time"

	"carrel/internal/ops"

	"github.com/spf13/cobra"
)

func (d *door) doctor() *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use: "doctor", Short: "Look whether all is well with the library", Args: d.args(cobra.NoArgs),
		RunE: d.run(func(*cobra.Command, []string) error {
			report := ops.Doctor(d.app, time.Now())
			if asJSON {
				if err := printJSON(report); err != nil {
					return err
				}
			} else {
				for _, check := range report.Checks {
					fmt.Printf("%-5s %-9s %s\n", check.State, check.Name, check.Text.In(report.Lang))
				}
			}
			if !report.OK() {
				return errSilent
			}
			return nil
		}),
	}
	command.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return command
}
