package labels

import (
	"cmp"
	"io"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/print"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

// HoldSlips writes the slips of what lies on the hold shelf, of one item when its barcode is given.
func HoldSlips(app core.App, w io.Writer, item string, warn func(print.Warning), now time.Time) error {
	school, err := site.Load(app)
	if err != nil {
		return err
	}
	paper, err := LoadPaper(app)
	if err != nil {
		return err
	}
	ready, _, err := desk.HoldShelf(app, now)
	if err != nil {
		return err
	}
	names, err := shelfNames(app)
	if err != nil {
		return err
	}
	lang := say.LangOf(string(school.Language))
	sheet := print.HoldSheet{At: now.In(school.Location()), Paper: paper.Size, Name: school.Name, Warn: warn}
	for _, hold := range ready {
		if item != "" && hold.Item != item {
			continue
		}
		slip := print.HoldSlip{Name: names[hold.ID].shown(paper.HoldName), Homeroom: hold.Homeroom}
		if hold.PickupBy != 0 {
			slip.Lines = append(slip.Lines, say.T("print.kept_until", hold.PickupBy).In(lang))
		}
		sheet.Slips = append(sheet.Slips, slip)
	}
	return print.HoldSlips(w, sheet)
}

// person is a name in its parts.
type person struct {
	Hold  string `db:"id"`
	First string `db:"first_name"`
	Last  string `db:"last_name"`
}

func shelfNames(app core.App) (map[string]person, error) {
	var rows []person
	err := app.DB().NewQuery("SELECT h.id, p.first_name, p.last_name FROM holds h JOIN patrons p ON p.id = h.patron WHERE h.state = 'ready'").All(&rows)
	names := map[string]person{}
	for _, row := range rows {
		names[row.Hold] = row
	}
	return names, err
}

func (p person) shown(as HoldName) string {
	switch {
	case as == HoldFull:
		return fullName(p.First, p.Last)
	case as == HoldInitial && p.First != "":
		return strings.TrimSpace(p.First + " " + initial(p.Last))
	}
	return cmp.Or(p.First, p.Last) // some have one name only
}

func fullName(first, last string) string { return strings.TrimSpace(first + " " + last) }

func initial(name string) string {
	for _, r := range name {
		return string(r) + "."
	}
	return ""
}

// Receipt writes what a patron (barcode or card) has out, for this person to take home: first name and titles, no more, in the family's language. The
// answer is the patron's id, for the audit. The code is fault.NotFound (unknown_patron).
func Receipt(app core.App, w io.Writer, code string, warn func(print.Warning), now time.Time) (patron string, err error) {
	school, err := site.Load(app)
	if err != nil {
		return "", err
	}
	borrower, err := desk.FindPatron(app, code)
	if err != nil {
		return "", err
	}
	loans, err := desk.OpenLoans(app, borrower.ID)
	if err != nil {
		return "", err
	}
	lang := say.LangOf(cmp.Or(borrower.Language, string(school.Language)))
	now = now.In(school.Location())
	receipt := print.Receipt{
		At: now, School: school.Name, Heading: cmp.Or(borrower.FirstName, borrower.LastName), Opening: say.Date(now, lang),
		Closing: say.T("print.receipt.closing").In(lang), Warn: warn,
	}
	for _, loan := range loans {
		receipt.Rows = append(receipt.Rows, print.SlipRow{Text: loan.Title, Note: say.T("print.due", loan.Due).In(lang)})
	}
	if len(loans) == 0 {
		receipt.Closing = say.T("print.receipt.nothing").In(lang)
	}
	return borrower.ID, print.Receipts(w, receipt)
}

// Calibration writes the page that shows by how much a printer is off. With the name of one already measured it shows whether that helped.
func Calibration(app core.App, w io.Writer, printer string, now time.Time) error {
	school, err := site.Load(app)
	if err != nil {
		return err
	}
	paper, err := LoadPaper(app)
	if err != nil {
		return err
	}
	adjust, err := paper.adjust(printer)
	if err != nil {
		return err
	}
	lang := say.LangOf(string(school.Language))
	page := print.Calibration{At: now.In(school.Location()), Paper: paper.Size, Adjust: adjust, Heading: say.T("print.calibration.heading").In(lang)}
	for _, key := range []string{"scale", "left", "top", "across", "along"} {
		page.Lines = append(page.Lines, say.T("print.calibration."+key).In(lang))
	}
	return print.Calibrate(w, page)
}

// Measure turns what a ruler says of the calibration page into the adjustment of a printer. The code is fault.Invalid, with the measure that cannot be.
func Measure(app core.App, measured print.Measured) (print.Adjust, error) {
	paper, err := LoadPaper(app)
	if err != nil {
		return print.Adjust{}, err
	}
	adjust, err := print.AdjustFor(paper.Size, measured)
	if err != nil {
		err = Unfit("labels.Measure", say.T("print.calibration_page"), err)
	}
	return adjust, err
}

// TestSheet writes a sheet with the outline and number of each of its labels, to be held against an empty one.
func TestSheet(app core.App, w io.Writer, choice Choice, now time.Time) error {
	school, err := site.Load(app)
	if err != nil {
		return err
	}
	return print.TestLabels(w, print.LabelSheet{At: now.In(school.Location()), Name: school.Name, Sheet: choice.Sheet, Adjust: choice.Adjust})
}

// Printed keeps in the audit that a member of staff printed everybody's loans.
func Printed(app core.App, action, staff string, now time.Time) error {
	at, err := dateTime(now)
	if err != nil {
		return err
	}
	_, err = collections.Insert(app, collections.AuditEntry{At: at, Staff: staff, Action: action})
	return err
}
