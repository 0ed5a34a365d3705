package notices

import (
	"cmp"
	"io"
	"slices"
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

// Slips writes a slip for everybody with a late book on a day as PDF, and for everybody who may then pick up what lies on the hold
// shelf, by homeroom. It changes nothing, so it may be printed as often as wanted, also for families who get mail. The code is
// fault.NotFound when there is none.
func Slips(app core.App, w io.Writer, on policy.Day, now time.Time) error {
	const op = "notices.Slips"
	late, err := lateBy(app, on)
	if err != nil {
		return fault.Wrap(op, err)
	}
	held, err := heldOn(app, on)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return writeSlips(app, w, stack(slices.Concat(slices.Concat(late...), held)), now)
}

// PrintQueued writes the notices that wait for paper as PDF and then marks them printed: a file that could not be written
// whole leaves them waiting, and a crash in between prints a slip twice rather than never. It answers how
// many notices were printed. The code is fault.NotFound when none waits.
func PrintQueued(app core.App, w io.Writer, now time.Time) (int, error) {
	const op = "notices.PrintQueued"
	matters, notices, err := queuedForPaper(app)
	if err != nil {
		return 0, fault.Wrap(op, err)
	}
	if err := writeSlips(app, w, stack(matters), now); err != nil {
		return 0, err
	}
	printed, err := update(app,
		dbx.Params{"state": collections.NoticePrinted, "sent_at": instant(now), "updated": instant(now)},
		dbx.HashExp{"id": ids(notices), "state": collections.NoticeQueued})
	return printed, fault.Wrap(op, err)
}

// queuedForPaper reads what the notices that wait for paper speak of, each loan and hold once. A notice that has nothing left to speak
// of is not among them.
func queuedForPaper(app core.App) (matters []matter, notices []string, err error) {
	var rows []struct {
		matter
		Notice string `db:"notice"`
	}
	err = mattersOf(app, "n.id AS notice", "n.kind", "COALESCE(l.id, h.id) AS about", "COALESCE(l.due, h.pickup_by) AS day",
		"p.id AS patron", "p.first_name", "p.last_name", "p.language", "COALESCE(r.name, '') AS homeroom").
		InnerJoin(collections.Patrons+" p", dbx.NewExp("p.id = n.patron")).
		LeftJoin(collections.Homerooms+" r", dbx.NewExp("r.id = p.homeroom")).
		AndWhere(dbx.HashExp{"n.channel": channelPaper}).All(&rows)
	matterSeen, noticeSeen := map[string]bool{}, map[string]bool{}
	for _, row := range rows {
		if !matterSeen[row.About] {
			matterSeen[row.About] = true
			matters = append(matters, row.matter)
		}
		if !noticeSeen[row.Notice] {
			noticeSeen[row.Notice] = true
			notices = append(notices, row.Notice)
		}
	}
	return matters, notices, err
}

func writeSlips(app core.App, w io.Writer, stacked [][]matter, now time.Time) error {
	const op = "notices.writeSlips"
	if len(stacked) == 0 {
		return fault.New(op, fault.NotFound, "notices.no_slips")
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
	for _, matters := range stacked {
		sheet.Slips = append(sheet.Slips, slipFor(matters, languageOf(matters[0].Language, ours)))
	}
	return fault.Wrap(op, print.Slips(w, sheet))
}

// slipFor says how many books, and since or until when, and never which: a slip passes through many hands.
func slipFor(matters []matter, lang say.Lang) print.Slip {
	patron := matters[0]
	words := "notices.slip." + patron.Kind
	return print.Slip{
		Name: oneLine(patron.name()), Homeroom: oneLine(patron.Homeroom),
		Heading: say.T(words + ".heading").In(lang),
		Opening: say.T(words+".opening", oneLine(cmp.Or(patron.FirstName, patron.LastName))).In(lang),
		Rows:    slipRows(matters, words+".day", lang),
		Closing: say.T(words + ".closing").In(lang),
	}
}

// slipRows counts the books by day, the oldest first.
func slipRows(matters []matter, note string, lang say.Lang) []print.SlipRow {
	var rows []print.SlipRow
	for start := 0; start < len(matters); {
		end, day := start, matters[start].Day
		for end < len(matters) && matters[end].Day == day {
			end++
		}
		rows = append(rows, print.SlipRow{
			Text: say.Count("notices.books", end-start).In(lang),
			Note: say.T(note, day).In(lang),
		})
		start = end
	}
	return rows
}
