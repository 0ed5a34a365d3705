package notices

import (
	"cmp"
	"io"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/print"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Slips writes a slip for everybody with a late book on a day as PDF, by homeroom. It changes nothing, so it may be printed as
// often as wanted, also for families who get mail. The code is fault.NotFound when nobody is late.
func Slips(app core.App, w io.Writer, on policy.Day, now time.Time) error {
	patrons, err := lateBy(app, on)
	if err != nil {
		return fault.Wrap("notices.Slips", err)
	}
	return writeSlips(app, w, patrons, now)
}

// PrintQueued writes the notices that wait for paper as PDF and then marks them printed: a file that could not be written
// whole leaves them waiting, and a crash in between prints a slip twice rather than never. It answers how
// many notices were printed. The code is fault.NotFound when none waits.
func PrintQueued(app core.App, w io.Writer, now time.Time) (int, error) {
	const op = "notices.PrintQueued"
	loans, notices, err := queuedForPaper(app)
	if err != nil {
		return 0, fault.Wrap(op, err)
	}
	if err := writeSlips(app, w, group(loans), now); err != nil {
		return 0, err
	}
	printed, err := update(app,
		dbx.Params{"state": collections.NoticePrinted, "sent_at": instant(now), "updated": instant(now)},
		dbx.HashExp{"id": ids(notices), "state": collections.NoticeQueued})
	return printed, fault.Wrap(op, err)
}

// queuedForPaper reads the late loans of the notices that wait for paper, each loan once, in the order of the slips. A notice
// whose books have all come back is not among them.
func queuedForPaper(app core.App) (loans []lateLoan, notices []string, err error) {
	var rows []struct {
		lateLoan
		Notice string `db:"notice"`
	}
	err = lateOf(app, "n.id AS notice", "nl.loan", "l.due", "p.id AS patron", "p.first_name", "p.last_name", "p.language",
		"COALESCE(h.name, '') AS homeroom").
		InnerJoin(collections.Patrons+" p", dbx.NewExp("p.id = n.patron")).
		LeftJoin(collections.Homerooms+" h", dbx.NewExp("h.id = p.homeroom")).
		AndWhere(dbx.HashExp{"n.channel": channelPaper}).
		OrderBy("homeroom", "p.last_name", "p.first_name", "p.id", "l.due", "nl.loan").All(&rows)
	loanSeen, noticeSeen := map[string]bool{}, map[string]bool{}
	for _, row := range rows {
		if !loanSeen[row.Loan] {
			loanSeen[row.Loan] = true
			loans = append(loans, row.lateLoan)
		}
		if !noticeSeen[row.Notice] {
			noticeSeen[row.Notice] = true
			notices = append(notices, row.Notice)
		}
	}
	return loans, notices, err
}

func writeSlips(app core.App, w io.Writer, patrons [][]lateLoan, now time.Time) error {
	const op = "notices.writeSlips"
	if len(patrons) == 0 {
		return fault.New(op, fault.NotFound, "notices.nobody_late")
	}
	school, err := site.Load(app)
	if err != nil {
		return fault.Wrap(op, err)
	}
	ours := say.LangOf(string(school.Language))
	sheet := print.SlipSheet{
		At: now.In(school.Location()), Paper: print.Letter, School: school.Name,
		FoldIn: say.T("notices.slip.fold_in").In(ours), FoldBack: say.T("notices.slip.fold_back").In(ours),
	}
	for _, loans := range patrons {
		sheet.Slips = append(sheet.Slips, slipFor(loans, languageOf(loans[0].Language, ours)))
	}
	return fault.Wrap(op, print.Slips(w, sheet))
}

// slipFor says how many books were due when, and never which: a slip passes through many hands.
func slipFor(loans []lateLoan, lang say.Lang) print.Slip {
	patron := loans[0]
	return print.Slip{
		Name: oneLine(patron.name()), Homeroom: oneLine(patron.Homeroom),
		Heading: say.T("notices.slip.heading").In(lang),
		Opening: say.T("notices.slip.opening", oneLine(cmp.Or(patron.FirstName, patron.LastName))).In(lang),
		Rows:    slipRows(loans, lang),
		Closing: say.T("notices.slip.closing").In(lang),
	}
}

// slipRows counts the books by due date, the oldest first.
func slipRows(loans []lateLoan, lang say.Lang) []print.SlipRow {
	var rows []print.SlipRow
	for start := 0; start < len(loans); {
		end, due := start, loans[start].Due
		for end < len(loans) && loans[end].Due == due {
			end++
		}
		rows = append(rows, print.SlipRow{
			Text: say.Count("notices.books", end-start).In(lang),
			Note: say.T("notices.slip.since", due).In(lang),
		})
		start = end
	}
	return rows
}
