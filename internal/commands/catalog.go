package commands

import (
	"fmt"
	"os"

	"carrel/internal/catalog"

	"github.com/spf13/cobra"
)

func (d *door) export() *cobra.Command {
	var options catalog.ExportOptions
	titles := &cobra.Command{
		Use: "titles FILE", Short: "Write the whole catalogue to a file", Args: d.args(cobra.ExactArgs(1)),
		RunE: d.run(func(_ *cobra.Command, args []string) error {
			done, err := catalog.Export(d.app, args[0], options)
			if err != nil {
				return err
			}
			for _, title := range done.TooLong {
				fmt.Fprintf(os.Stderr, "%s is too long for this format and was written to %s\n", title, done.OverflowFile)
			}
			for _, remark := range done.Remarks {
				fmt.Fprintln(os.Stderr, remark)
			}
			fmt.Fprintf(os.Stderr, "%d titles written to %s.\n", done.Titles, args[0])
			return nil
		}),
	}
	titles.Flags().StringVar(&options.Format, "format", "marc", "marc (ISO 2709), marcxml, mij (MARC-in-JSON, a record a line) or csv")
	titles.Flags().BoolVar(&options.NoItems, "no-items", false, "leave the items out")
	return d.group("export", "Write data to files", titles)
}

func (d *door) reindex() *cobra.Command {
	return &cobra.Command{
		Use: "reindex", Short: "Build the search index again; search keeps working meanwhile", Args: d.args(cobra.NoArgs),
		RunE: d.run(func(*cobra.Command, []string) error {
			progress := newProgress("titles")
			err := catalog.Reindex(d.app, false, progress.of)
			progress.end()
			return err
		}),
	}
}
