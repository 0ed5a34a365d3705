package reports

import (
	"io"
	"strings"
	"time"

	"carrel/internal/fault"
	"carrel/internal/labels"
	"carrel/internal/policy"
	"carrel/internal/print"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// PDF writes a report of one page on the school's paper. The code is fault.Invalid (no_pdf) for one that has more.
func (r Report) PDF(app core.App, w io.Writer, warn func(print.Warning), asker Asker) error {
	sheet := r.Sheet
	if r.Page != nil {
		whole := r.Page.withHelp(asker.Lang)
		sheet = &whole
	}
	if sheet == nil {
		return fault.New("reports.PDF", fault.Invalid, "reports.no_pdf").Named("no_pdf").At("id")
	}
	paper, err := labels.LoadPaper(app)
	if err != nil {
		return err
	}
	page := sheet.onPaper(asker)
	page.Paper, page.Warn = paper.Size, warn
	page.Foot = strings.TrimSpace(say.T("reports.sheet.foot").In(asker.Lang) + " " + strings.Join(r.Notes, " "))
	return print.OnePages(w, page)
}

// withHelp is the page as a sheet, what would help most as its last section.
func (p Page) withHelp(lang say.Lang) Sheet {
	sheet := p.Sheet
	words := p.HelpText
	for _, wish := range p.Help {
		words += wish.What + " " + wish.Why + " "
	}
	if words = strings.TrimSpace(words); words != "" {
		help := Section{ID: "help", Title: say.T("reports.part.help").In(lang), Lead: words, Row: 99, Wide: true}
		sheet.Sections = append(sheet.Sections[:len(sheet.Sections):len(sheet.Sections)], help)
	}
	return sheet
}

func (s Sheet) onPaper(asker Asker) print.OnePage {
	page := print.OnePage{
		At: asker.Now, Title: s.Title, Sentence: s.Sentence,
		Made: say.T("reports.sheet.made", yearDay(asker.Now, asker.Lang)).In(asker.Lang),
	}
	under := []string{s.School, say.T("reports.sheet.from_to", dayOf(s.From, asker.Lang), dayOf(s.To, asker.Lang)).In(asker.Lang)}
	if s.For != "" {
		under = append(under, say.T("reports.sheet.for", s.For).In(asker.Lang))
	}
	page.Under = strings.Join(under, " · ")
	for _, tile := range s.Tiles {
		page.Tiles = append(page.Tiles, print.PageTile(tile))
	}
	for _, section := range s.Sections {
		page.Sections = append(page.Sections, section.onPaper(asker.Lang))
	}
	return page
}

func (s Section) onPaper(lang say.Lang) print.PageSection {
	part := print.PageSection{Title: s.Title, Lead: s.Lead, Row: s.Row, Right: s.Right, Wide: s.Wide, Rows: s.Rows, Strong: s.Strong, Note: s.Note}
	part.Was, part.Now = say.T("reports.sheet.before").In(lang), say.T("reports.sheet.after").In(lang)
	for _, column := range s.Columns {
		part.Columns = append(part.Columns, print.PageColumn{Heading: column.Name, Right: column.Right, Wide: column.Wide})
	}
	for _, bar := range s.Bars {
		one := print.PageBar{Label: bar.Label, WasText: bar.WasText, NowText: bar.NowText, NoBefore: bar.Before == nil, NoAfter: bar.After == nil}
		if bar.Before != nil {
			one.Before = *bar.Before
		}
		if bar.After != nil {
			one.After = *bar.After
		}
		part.Bars = append(part.Bars, one)
	}
	return part
}

func dayOf(text string, lang say.Lang) string {
	day, err := policy.ParseDay(text)
	if err != nil {
		return text
	}
	return yearDay(day.At(0, time.UTC), lang)
}

// yearDay is a day with its year, as sheets are kept for longer.
func yearDay(at time.Time, lang say.Lang) string {
	if lang == say.Spanish {
		return say.ShortDate(at, lang) + " " + at.Format("2006")
	}
	return say.ShortDate(at, lang) + ", " + at.Format("2006")
}
