// Package labels puts on paper what the store knows of items and loans: labels for items, lists for the shelves, receipts and slips for the desk.
package labels

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/print"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Paper is what a school says of its paper and printers.
type Paper struct {
	Size     print.Paper   `json:"size"`      // of everything that is not a sheet of labels or cards
	HoldName HoldName      `json:"hold_name"` // on the slips of the hold shelf
	Sheets   []print.Sheet `json:"sheets"`    // of labels beyond those known
	Printers []Printer     `json:"printers"`
}

// Printer is a printer whose calibration page was measured.
type Printer struct {
	Name   string       `json:"name"`
	Adjust print.Adjust `json:"adjust"`
}

// HoldName is how much of a name those who pass the hold shelf see.
type HoldName string

const (
	HoldFirst   HoldName = "first"   // Maya
	HoldInitial HoldName = "initial" // Maya R.
	HoldFull    HoldName = "full"
)

const (
	paperKey = "paper"
	// maxKept is the most sheets or printers of a school, maxName the longest name of one in characters.
	maxKept = 50
	maxName = 60
)

// LoadPaper reads what the school said; Letter and first names until it does.
func LoadPaper(app core.App) (Paper, error) {
	paper := Paper{Size: print.Letter, HoldName: HoldFirst, Sheets: []print.Sheet{}, Printers: []Printer{}}
	setting, ok, err := collections.Find[collections.Setting](app, "key = {:key}", dbx.Params{"key": paperKey})
	if err != nil || !ok {
		return paper, err
	}
	return paper, json.Unmarshal(setting.Value, &paper)
}

// SavePaper keeps it. The code is fault.Invalid; the field is the measure that does not fit its sheet, name, size or hold_name.
func SavePaper(app core.App, paper Paper) error {
	if err := paper.check(); err != nil {
		return err
	}
	data, err := json.Marshal(paper)
	if err != nil {
		return err
	}
	setting, ok, err := collections.Find[collections.Setting](app, "key = {:key}", dbx.Params{"key": paperKey})
	if err != nil {
		return err
	}
	setting.Key, setting.Value = paperKey, types.JSONRaw(data)
	if ok {
		return collections.Update(app, setting)
	}
	_, err = collections.Insert(app, setting)
	return err
}

func (p Paper) check() error {
	const op = "labels.SavePaper"
	if p.Size != print.Letter && p.Size != print.A4 {
		return fault.New(op, fault.Invalid, "print.unknown_paper").At("size")
	}
	if !slices.Contains([]HoldName{HoldFirst, HoldInitial, HoldFull}, p.HoldName) {
		return fault.New(op, fault.Invalid, "print.bad_hold_name").At("hold_name")
	}
	names := map[string]bool{}
	for _, stock := range print.Stocks() {
		names[stock.Name] = true
	}
	for _, sheet := range p.Sheets {
		if err := checkName(op, names, sheet.Name, len(p.Sheets)); err != nil {
			return err
		}
		if err := sheet.Check(); err != nil {
			return Unfit(op, sheet.Name, err)
		}
	}
	names = map[string]bool{}
	for _, printer := range p.Printers {
		if err := checkName(op, names, printer.Name, len(p.Printers)); err != nil {
			return err
		}
		if err := printer.Adjust.Check(); err != nil {
			return Unfit(op, printer.Name, err)
		}
	}
	return nil
}

// checkName refuses a name that is not one, or not the only one of its kind.
func checkName(op string, taken map[string]bool, name string, kept int) error {
	switch {
	case kept > maxKept:
		return fault.New(op, fault.Invalid, "print.too_many_kept", maxKept).At("name")
	case strings.TrimSpace(name) == "" || len([]rune(name)) > maxName:
		return fault.New(op, fault.Invalid, "print.bad_name", maxName).At("name")
	case taken[name]:
		return fault.New(op, fault.Invalid, "print.same_name", name).At("name")
	}
	taken[name] = true
	return nil
}

// Unfit makes a fault of a print.Misfit, which names the field, and of any other error what fault.Wrap makes of it. Of is the name of the sheet or
// printer, or a say.Text.
func Unfit(op string, of any, err error) error {
	var misfit *print.Misfit
	switch {
	case !errors.As(err, &misfit):
		return fault.Wrap(op, err)
	case misfit.WrongPaper:
		return fault.New(op, fault.Invalid, "print.unknown_paper").At(misfit.Field)
	}
	return fault.New(op, fault.Invalid, "print.misfit", of, say.T("print.measure."+misfit.Field), misfit.Least, misfit.Most).At(misfit.Field)
}

// Say puts a warning of this package or of print into words.
func Say(w print.Warning) say.Text {
	args := []any{w.Text}
	if w.Part != "" {
		args = append(args, w.Part)
	}
	return say.T("print.warning."+w.Code, args...)
}

// Choice is what somebody chose for a stack of labels or cards.
type Choice struct {
	Sheet  print.Sheet
	Skip   int // labels already used up on the first sheet
	Adjust print.Adjust
}

// Choose finds a sheet and a printer by their names; without a printer nothing is adjusted. The codes are fault.NotFound (sheet, printer) and
// fault.Invalid (skip).
func Choose(app core.App, sheet, printer string, skip int) (choice Choice, err error) {
	const op = "labels.Choose"
	paper, err := LoadPaper(app)
	if err != nil {
		return choice, err
	}
	all := slices.Concat(print.Stocks(), paper.Sheets)
	i := slices.IndexFunc(all, func(s print.Sheet) bool { return s.Name == sheet })
	if i < 0 {
		return choice, fault.New(op, fault.NotFound, "print.unknown_sheet", sheet).Named("unknown_sheet").At("sheet")
	}
	choice.Sheet, choice.Skip = all[i], skip
	if most := choice.Sheet.PerPage() - 1; skip < 0 || skip > most {
		return choice, fault.New(op, fault.Invalid, "print.bad_skip", most).At("skip")
	}
	choice.Adjust, err = paper.adjust(printer)
	return choice, err
}

// AdjustOf is the adjustment of a printer; none without a name. The code is fault.NotFound (printer).
func AdjustOf(app core.App, printer string) (print.Adjust, error) {
	paper, err := LoadPaper(app)
	if err != nil {
		return print.Adjust{}, err
	}
	return paper.adjust(printer)
}

func (p Paper) adjust(printer string) (print.Adjust, error) {
	if printer == "" {
		return print.Adjust{}, nil
	}
	i := slices.IndexFunc(p.Printers, func(one Printer) bool { return one.Name == printer })
	if i < 0 {
		return print.Adjust{}, fault.New("labels.adjust", fault.NotFound, "print.unknown_printer", printer).Named("unknown_printer").At("printer")
	}
	return p.Printers[i].Adjust, nil
}
