package hooks

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"carrel/internal/fault"
	"carrel/internal/labels"
	"carrel/internal/patrons"
	"carrel/internal/policy"
	"carrel/internal/print"

	"github.com/pocketbase/pocketbase/core"
)

// The sheets and bars that are meant when nothing else is said.
const (
	usualCards  = "cr80-letter"
	usualLabels = "avery-5160"
)

type warningAnswer struct {
	print.Warning
	Message string `json:"message"`
}

// answerPDF sends what write makes. How much of it is not on the paper as it is in the store stands in the header Carrel-Warnings; with ?check=1 the answer
// is not the paper but these warnings.
func answerPDF(e *core.RequestEvent, name string, write func(w io.Writer, warn func(print.Warning)) error) error {
	return sendPDF(e, name, e.Request.URL.Query().Get("check") != "", write)
}

// sendPDF is answerPDF with check said by whoever asks.
func sendPDF(e *core.RequestEvent, name string, check bool, write func(w io.Writer, warn func(print.Warning)) error) error {
	var paper bytes.Buffer
	warnings := []warningAnswer{}
	err := write(&paper, func(w print.Warning) {
		warnings = append(warnings, warningAnswer{w, labels.Say(w).In(langOf(e))})
	})
	if err != nil {
		return err
	}
	if check {
		return ok(e, map[string]any{"warnings": warnings})
	}
	header := e.Response.Header()
	header.Set("Content-Disposition", `inline; filename="`+name+`"`)
	header.Set("Cache-Control", "no-store")
	header.Set("Carrel-Warnings", strconv.Itoa(len(warnings)))
	return e.Blob(http.StatusOK, "application/pdf", paper.Bytes())
}

// chosen reads ?sheet=, ?skip= and ?printer=.
func chosen(e *core.RequestEvent, usual string) (labels.Choice, error) {
	asked := e.Request.URL.Query()
	skip, err := strconv.Atoi(orElse(asked, "skip", "0"))
	if err != nil {
		return labels.Choice{}, fault.New("hooks.chosen", fault.Invalid, "door.wrong_type", "skip").At("skip")
	}
	return labels.Choose(e.App, orElse(asked, "sheet", usual), asked.Get("printer"), skip)
}

func orElse(asked url.Values, name, usual string) string {
	if value := asked.Get(name); value != "" {
		return value
	}
	return usual
}

func whose(e *core.RequestEvent) patrons.Whose {
	asked := e.Request.URL.Query()
	return patrons.Whose{Homeroom: asked.Get("homeroom"), Patron: asked.Get("patron")}
}

// cards prints the cards of one homeroom, of one patron, or of everybody.
func (d *Door) cards(e *core.RequestEvent) error {
	choice, err := chosen(e, usualCards)
	if err != nil {
		return err
	}
	asked := e.Request.URL.Query()
	return answerPDF(e, "cards.pdf", func(w io.Writer, warn func(print.Warning)) error {
		return patrons.PrintCards(e.App, w, patrons.Cards{
			Whose: whose(e), Sheet: choice.Sheet, Skip: choice.Skip, Adjust: choice.Adjust,
			Bars: print.Bars(asked.Get("bars")), Picture: asked.Get("picture") != "", Warn: warn,
		}, time.Now())
	})
}

// classSheets and markers are for classes without cards.
func (d *Door) classSheets(e *core.RequestEvent) error {
	return classPages(e, "class-sheets.pdf", patrons.PrintClasses)
}

func (d *Door) markers(e *core.RequestEvent) error {
	return classPages(e, "markers.pdf", patrons.PrintMarkers)
}

func classPages(e *core.RequestEvent, name string, write func(core.App, io.Writer, patrons.Pages, time.Time) error) error {
	paper, err := labels.LoadPaper(e.App)
	if err != nil {
		return err
	}
	adjust, err := labels.AdjustOf(e.App, e.Request.URL.Query().Get("printer"))
	if err != nil {
		return err
	}
	return answerPDF(e, name, func(w io.Writer, warn func(print.Warning)) error {
		return write(e.App, w, patrons.Pages{Whose: whose(e), Paper: paper.Size, Adjust: adjust, Warn: warn}, time.Now())
	})
}

// wanted reads which items are meant: ?items= with barcodes between commas, or a stretch of the shelves, or ?since= a day.
func wanted(e *core.RequestEvent) (labels.Wanted, error) {
	asked := e.Request.URL.Query()
	items := strings.FieldsFunc(asked.Get("items"), func(r rune) bool { return r == ',' || r == '\n' })
	var since policy.Day
	if text := asked.Get("since"); text != "" {
		day, err := parseDay("since", text)
		if err != nil {
			return labels.Wanted{}, err
		}
		since = day
	}
	return labels.Wanted{Items: items, Location: asked.Get("location"), From: asked.Get("from"), To: asked.Get("to"), Since: since}, nil
}

func (d *Door) labels(e *core.RequestEvent) error {
	items, err := wanted(e)
	if err != nil {
		return err
	}
	return printLabels(e, items)
}

func printLabels(e *core.RequestEvent, items labels.Wanted) error {
	choice, err := chosen(e, usualLabels)
	if err != nil {
		return err
	}
	asked := e.Request.URL.Query()
	kind, bars := labels.Kind(orElse(asked, "kind", string(labels.Barcodes))), print.Bars(orElse(asked, "bars", string(print.Code128)))
	return answerPDF(e, "labels.pdf", func(w io.Writer, warn func(print.Warning)) error {
		return labels.Print(e.App, w, items, kind, bars, choice, warn, time.Now())
	})
}

// testSheet shows on plain paper where the labels of a sheet will be.
func (d *Door) testSheet(e *core.RequestEvent) error {
	choice, err := chosen(e, usualLabels)
	if err != nil {
		return err
	}
	return answerPDF(e, "test.pdf", func(w io.Writer, _ func(print.Warning)) error { return labels.TestSheet(e.App, w, choice, time.Now()) })
}

func (d *Door) calibration(e *core.RequestEvent) error {
	return answerPDF(e, "calibration.pdf", func(w io.Writer, _ func(print.Warning)) error {
		return labels.Calibration(e.App, w, e.Request.URL.Query().Get("printer"), time.Now())
	})
}

func (d *Door) printPullList(e *core.RequestEvent) error {
	return answerPDF(e, "pull-list.pdf", func(w io.Writer, warn func(print.Warning)) error {
		return labels.PullList(e.App, w, warn, time.Now())
	})
}

func (d *Door) printSearchList(e *core.RequestEvent) error {
	return answerPDF(e, "search-list.pdf", func(w io.Writer, warn func(print.Warning)) error {
		return labels.SearchList(e.App, w, warn, time.Now())
	})
}

func (d *Door) printHoldSlips(e *core.RequestEvent) error {
	return answerPDF(e, "hold-slips.pdf", func(w io.Writer, warn func(print.Warning)) error {
		return labels.HoldSlips(e.App, w, e.Request.URL.Query().Get("item"), warn, time.Now())
	})
}

func (d *Door) printShelfList(e *core.RequestEvent) error {
	items, err := wanted(e)
	if err != nil {
		return err
	}
	return answerPDF(e, "shelf-list.pdf", func(w io.Writer, warn func(print.Warning)) error {
		return labels.ShelfList(e.App, w, items, warn, time.Now())
	})
}

// printLoans shows who has what, of everybody at once: it is kept in the audit.
func (d *Door) printLoans(e *core.RequestEvent) error {
	return answerPDF(e, "loans.pdf", func(w io.Writer, warn func(print.Warning)) error {
		if err := labels.Printed(e.App, "loans_printed", e.Auth.Id, time.Now()); err != nil {
			return err
		}
		return labels.Loans(e.App, w, warn, time.Now())
	})
}

// receipt is kept in the audit as a look at the patron.
func (d *Door) receipt(e *core.RequestEvent) error {
	return answerPDF(e, "receipt.pdf", func(w io.Writer, warn func(print.Warning)) error {
		patron, err := labels.Receipt(e.App, w, e.Request.PathValue("barcode"), warn, time.Now())
		if err != nil {
			return err
		}
		return patrons.Seen(e.App, patron, e.Auth.Id, time.Now())
	})
}

func (d *Door) paper(e *core.RequestEvent) error {
	paper, err := labels.LoadPaper(e.App)
	if err != nil {
		return err
	}
	return answerPaper(e, paper)
}

// savePaper changes what the body names and leaves the rest.
func (d *Door) savePaper(e *core.RequestEvent) error {
	var paper labels.Paper
	if err := read(e, &paper); err != nil {
		return err
	}
	kept, err := labels.LoadPaper(e.App)
	if err != nil {
		return err
	}
	paper.Size, paper.HoldName = cmp.Or(paper.Size, kept.Size), cmp.Or(paper.HoldName, kept.HoldName)
	if paper.Sheets == nil {
		paper.Sheets = kept.Sheets
	}
	if paper.Printers == nil {
		paper.Printers = kept.Printers
	}
	if err := labels.SavePaper(e.App, paper); err != nil {
		return err
	}
	return answerPaper(e, paper)
}

type stockAnswer struct {
	print.Sheet
	Cards bool `json:"cards"` // a card has room on it
}

func answerPaper(e *core.RequestEvent, paper labels.Paper) error {
	known := []stockAnswer{}
	for _, stock := range print.Stocks() {
		known = append(known, stockAnswer{stock, stock.HoldsCards()})
	}
	return ok(e, struct {
		labels.Paper
		Known []stockAnswer `json:"known"`
	}{paper, known})
}

// measurePrinter turns what a ruler says of the calibration page into the adjustment of a printer.
func (d *Door) measurePrinter(e *core.RequestEvent) error {
	var measured print.Measured
	if err := read(e, &measured); err != nil {
		return err
	}
	adjust, err := labels.Measure(e.App, measured)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"adjust": adjust})
}
