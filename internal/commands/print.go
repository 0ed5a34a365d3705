package commands

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"carrel/internal/fault"
	"carrel/internal/labels"
	"carrel/internal/policy"
	"carrel/internal/print"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

func (d *door) print() *cobra.Command {
	return d.group("print", "Paper as PDF files",
		d.printLabels(),
		d.printFile("pull", "What to fetch from the shelves", labels.PullList),
		d.printFile("search", "What to look for", labels.SearchList),
		d.printFile("loans", "Everything on loan, for the day the power is out", func(app core.App, w io.Writer, warn func(print.Warning), now time.Time) error {
			if err := labels.Printed(app, "loans_printed", "", now); err != nil {
				return err
			}
			return labels.Loans(app, w, warn, now)
		}),
	)
}

// printFile is a command that writes one paper.
func (d *door) printFile(use, short string, write func(core.App, io.Writer, func(print.Warning), time.Time) error) *cobra.Command {
	return &cobra.Command{
		Use: use + " FILE", Short: short, Args: d.args(cobra.ExactArgs(1)),
		RunE: d.run(func(_ *cobra.Command, args []string) error { return d.writePaper(args[0], write) }),
	}
}

// writePaper writes a PDF, which may name people, for nobody but the one who runs the command, and what is not on it as it should be on stderr.
func (d *door) writePaper(path string, write func(core.App, io.Writer, func(print.Warning), time.Time) error) error {
	var paper bytes.Buffer
	err := write(d.app, &paper, func(w print.Warning) {
		fmt.Fprintln(os.Stderr, labels.Say(w).In(say.English))
	}, time.Now())
	if err != nil {
		return err
	}
	return os.WriteFile(path, paper.Bytes(), 0o600)
}

func (d *door) printLabels() *cobra.Command {
	var items, location, from, to, since, kind, bars, sheet, printer string
	var skip int
	command := &cobra.Command{
		Use: "labels FILE", Short: "Barcode and spine labels", Args: d.args(cobra.ExactArgs(1)),
		RunE: d.run(func(_ *cobra.Command, args []string) error {
			choice, err := labels.Choose(d.app, sheet, printer, skip)
			if err != nil {
				return err
			}
			wanted := labels.Wanted{Items: strings.FieldsFunc(items, func(r rune) bool { return r == ',' }), Location: location, From: from, To: to}
			if wanted.Since, err = policy.ParseDay(since); err != nil {
				return fault.New("commands.printLabels", fault.Invalid, "door.bad_day").At("since")
			}
			return d.writePaper(args[0], func(app core.App, w io.Writer, warn func(print.Warning), now time.Time) error {
				return labels.Print(app, w, wanted, labels.Kind(kind), print.Bars(bars), choice, warn, now)
			})
		}),
	}
	flags := command.Flags()
	flags.StringVar(&items, "items", "", "barcodes, between commas")
	flags.StringVar(&location, "location", "", "id of a location")
	flags.StringVar(&from, "from", "", "first call number")
	flags.StringVar(&to, "to", "", "last call number")
	flags.StringVar(&since, "since", "", "what is new since that day, YYYY-MM-DD")
	flags.StringVar(&kind, "kind", string(labels.Barcodes), "barcode, spine or both")
	flags.StringVar(&bars, "bars", string(print.Code128), "code128, code39, codabar or qr")
	flags.StringVar(&sheet, "sheet", "avery-5160", "name of the sheet")
	flags.StringVar(&printer, "printer", "", "name of a printer that was measured")
	flags.IntVar(&skip, "skip", 0, "labels already used on the first sheet")
	return command
}
