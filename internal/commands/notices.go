package commands

import (
	"context"
	"fmt"
	"os/signal"
	"syscall"
	"time"

	"carrel/internal/notices"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/spf13/cobra"
)

func (d *door) notices() *cobra.Command {
	var on string
	var dry, asJSON bool
	run := &cobra.Command{
		Use: "run", Short: "Choose what is overdue and send the notices", Args: d.args(cobra.NoArgs),
		RunE: d.run(func(*cobra.Command, []string) error {
			calendar, err := site.Calendar(d.app)
			if err != nil {
				return err
			}
			day, err := dayFlag(on, calendar)
			if err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			summary, err := notices.Run(ctx, d.app, day, time.Now, dry)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(summary)
			}
			fmt.Println(summary.In(say.English))
			return nil
		}),
	}
	run.Flags().StringVar(&on, "on", "", "the day to choose loans for, YYYY-MM-DD (default today)")
	run.Flags().BoolVar(&dry, "dry-run", false, "only count")
	run.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return d.group("notices", "Overdue notices", run)
}
