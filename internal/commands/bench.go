package commands

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"

	"carrel/internal/bench"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/spf13/cobra"
)

func (d *door) bench() *cobra.Command {
	options := bench.Options{Log: os.Stderr}
	var asJSON bool
	command := &cobra.Command{
		Use: "bench", Short: "Measure Carrel on this machine, beside what the bare store needs for the same work", Args: d.args(cobra.NoArgs),
	}
	command.RunE = func(c *cobra.Command, _ []string) error {
		for _, name := range options.Only {
			if !slices.Contains(bench.Names(), name) {
				return d.wrongUsage(c, fmt.Errorf("there is no figure called %s: choose from %s", name, strings.Join(bench.Names(), ", ")))
			}
		}
		return d.run(func(*cobra.Command, []string) error { return d.measure(options, asJSON) })(c, nil)
	}
	command.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	command.Flags().BoolVar(&options.Quick, "quick", false, "small numbers in less than a minute; limits are not judged")
	command.Flags().IntVar(&options.Titles, "titles", 0, "titles of the large catalogue (default 100000)")
	command.Flags().StringSliceVar(&options.Only, "only", nil, "only these: "+strings.Join(bench.Names(), ", "))
	d.withoutStore(command)
	return command
}

func (d *door) measure(options bench.Options, asJSON bool) (err error) {
	if options.Binary, err = os.Executable(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	defer close(ended)
	d.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error { // interrupted: end what was started, clear the folder
		cancel()
		<-ended
		return e.Next()
	})
	report, err := bench.Run(ctx, options)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(report)
	}
	return report.Print(os.Stdout)
}

// withoutStore keeps the platform from making a data folder for a command that works in folders of its own. The platform asks before it
// runs any command, and remarks on a store that is not open.
func (d *door) withoutStore(command *cobra.Command) {
	d.app.OnBootstrap().Bind(&hook.Handler[*core.BootstrapEvent]{Priority: -1000, Func: func(e *core.BootstrapEvent) error {
		asked, _, err := d.app.RootCmd.Find(os.Args[1:])
		if err != nil || asked != command {
			return e.Next()
		}
		slog.SetDefault(slog.New(slog.DiscardHandler))
		return nil
	}})
}
