package notices

import (
	"cmp"
	"fmt"
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

// Slips writes a slip for everybody with a late book on a day as PDF, by homeroom: of the homerooms that were chosen, else of all, and then
// also for everybody who may pick up what lies on the hold shelf. It changes nothing, so it may be printed as often as wanted, also for
// families who get mail. The codes are fault.NotFound when there is none, and those of Part.
func Slips(app core.App, w io.Writer, on policy.Day, part Part, now time.Time) error {
	const op = "notices.Slips"
	if err := part.check(app); err != nil {
		return err
	}
	l, err := newLook(app, on)
	if err != nil {
		return fault.Wrap(op, err)
	}
	late, err := l.lateOf(part)
	if err != nil {
		return fault.Wrap(op, err)
	}
	if !part.whole() {
		return writeSlips(app, w, late, now)
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
	m, err := measureOf(app, now)
	if err != nil {
		return 0, fault.Wrap(op, err)
	}
	matters, notices, err := m.queuedForPaper(app)
	if err != nil {
		return 0, fault.Wrap(op, err)
	}
	if err := writeSlips(app, w, stack(matters), now); err != nil {
		return 0, err
	}
	printed, err := update(app,
		dbx.Params{"state": collections.NoticePrinted, "sent_at": instant(now), "updated": instant(now)},
		dbx.HashExp{"id": list(notices), "state": collections.NoticeQueued})
	return printed, fault.Wrap(op, err)
}

// queuedForPaper reads what the notices that wait for paper speak of, each loan and hold once. A notice that has nothing left to speak
// of is not among them.
func (m measure) queuedForPaper(app core.App) (matters []matter, notices []string, err error) {
	var rows []struct {
		matter
		Notice string `db:"notice"`
	}
	err = m.mattersOf(app, "n.id AS notice", "n.kind", "n.step", "COALESCE(l.id, h.id, n.patron) AS about", "COALESCE(l.due, h.pickup_by, n.on_day) AS day",
		owedNow,
		"p.id AS patron", "p.first_name", "p.last_name", "p.language", "COALESCE(r.name, '') AS homeroom").
		InnerJoin(collections.Patrons+" p", dbx.NewExp("p.id = n.patron")).
		LeftJoin(collections.Homerooms+" r", dbx.NewExp("r.id = p.homeroom")).
		AndWhere(dbx.HashExp{"n.channel": channelPaper}).All(&rows)
	matterSeen, noticeSeen := map[[2]string]bool{}, map[string]bool{}
	for _, row := range rows {
		if about := [2]string{row.Kind, row.About}; !matterSeen[about] {
			matterSeen[about] = true
			matters = append(matters, row.matter)
		}
		if !noticeSeen[row.Notice] {
			noticeSeen[row.Notice] = true
			notices = append(notices, row.Notice)
		}
	}
	return matters, notices, err
}

// slipWriter puts matters on slips.
type slipWriter struct {
	school   say.Lang
	level    site.Disclosure
	things   map[string]thing // when more than the count is told
	currency string
}

func newSlipWriter(app core.App, school site.School, stacked [][]matter) (w slipWriter, err error) {
	settings, err := site.LoadNotices(app)
	if err != nil {
		return w, err
	}
	fees, err := site.LoadFees(app)
	if err != nil {
		return w, err
	}
	w = slipWriter{say.LangOf(string(school.Language)), settings.Tell(site.ToGuardians, channelPaper), nil, fees.Currency}
	if w.level == site.DiscloseCount {
		return w, nil
	}
	var abouts []string
	for _, matter := range slices.Concat(stacked...) {
		abouts = append(abouts, matter.About)
	}
	w.things, err = thingsOf(app, abouts)
	return w, err
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
	writer, err := newSlipWriter(app, school, stacked)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, print.Slips(w, writer.sheet(school, stacked, now)))
}

// sheet is a stack of slips, each in the language of its family.
func (w slipWriter) sheet(school site.School, stacked [][]matter, now time.Time) print.SlipSheet {
	sheet := print.SlipSheet{
		At: now.In(school.Location()), Paper: print.Letter, School: school.Name,
		FoldIn: say.T("notices.slip.fold_in").In(w.school), FoldBack: say.T("notices.slip.fold_back").In(w.school),
	}
	for _, matters := range stacked {
		sheet.Slips = append(sheet.Slips, w.slip(matters, languageOf(matters[0].Language, w.school)))
	}
	return sheet
}

// slip says how many books, and since or until when. Which is said only where the school decided so: a slip passes through many hands.
func (w slipWriter) slip(matters []matter, lang say.Lang) print.Slip {
	patron := matters[0]
	words := slipWords(patron.Kind, patron.Step)
	return print.Slip{
		Name: oneLine(patron.name()), Homeroom: oneLine(patron.Homeroom),
		Heading: say.T(words + ".heading").In(lang),
		Opening: say.T(words+".opening", oneLine(cmp.Or(patron.FirstName, patron.LastName))).In(lang),
		Rows:    w.rows(matters, lang),
		Closing: say.T(words + ".closing").In(lang),
	}
}

// slipWords is where the sentences of a slip are found.
func slipWords(kind string, step int) string {
	if end := ending(kind, step); end > 0 {
		return fmt.Sprint("notices.slip.", kind, end)
	}
	return "notices.slip." + kind
}

// rows tells the books by day, the oldest first, each title in a row of its own.
func (w slipWriter) rows(matters []matter, lang say.Lang) []print.SlipRow {
	kind := matters[0].Kind
	if kind == kindFee {
		return []print.SlipRow{{Text: amount(matters[0].Cents, w.currency)}}
	}
	var rows []print.SlipRow
	for start := 0; start < len(matters); {
		end, day := start+1, matters[start].Day
		for end < len(matters) && matters[end].Day == day && w.level != site.DiscloseTitle {
			end++
		}
		row := print.SlipRow{Text: w.tell(matters[start:end], lang)}
		if kind != kindClaim {
			row.Note = say.T("notices.slip."+kind+".day", day).In(lang)
		}
		rows = append(rows, row)
		start = end
	}
	return rows
}

func (w slipWriter) tell(matters []matter, lang say.Lang) string {
	told := make([]letterMatter, 0, len(matters))
	for _, matter := range matters {
		told = append(told, letterMatter{matter.About, matter.Day})
	}
	return tell(w.level, w.things, lang, told)
}
