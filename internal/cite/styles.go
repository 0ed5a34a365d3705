package cite

import (
	"cmp"
	"strings"
)

// MLA is the entry of a list of works cited. (MLA 5.1: author, title, contributors, version, publisher, date)
func MLA(w Work) []Run {
	var e entry
	switch {
	case len(w.Authors) > 0 && !(w.Authors[0].Body && sameBody(w)): // 5.20: a body that is its own publisher is named as publisher only
		e.sentence(mlaNames(w.Authors))
	case len(w.Authors) == 0 && len(w.Editors) == 1: // 5.12
		e.sentence(mlaNames(w.Editors) + ", editor")
	case len(w.Authors) == 0 && len(w.Editors) > 1:
		e.sentence(mlaNames(w.Editors) + ", editors")
	}
	e.title(headline(w.Title, w.Language), headline(w.Subtitle, w.Language))
	e.stop()
	var rest []string
	rest = append(rest, by("edited by", editorsBeside(w)), by("translated by", w.Translators), by("illustrated by", w.Illustrators), edition(w.Edition))
	if w.EBook {
		rest = append(rest, "e-book ed.") // 5.48
	}
	rest = append(rest, mlaHouse(w.Publisher), w.Year)
	e.sentence(first(commas(rest)))
	return e.runs
}

// mlaNames: two are both named (5.7), of three or more the first alone (5.8).
func mlaNames(names []Name) string {
	text := names[0].Inverted()
	switch len(names) {
	case 1:
	case 2:
		text += ", and " + names[1].Direct()
	default:
		text += ", et al."
	}
	return text
}

// APA is the entry of a list of references. (APA 9.4: author, date, title, source)
func APA(w Work) []Run {
	var e entry
	authors := apaNames(w.Authors)
	if len(w.Authors) == 0 && len(w.Editors) > 0 { // 9.10
		authors = apaNames(w.Editors) + " (Ed.)"
		if len(w.Editors) > 1 {
			authors = apaNames(w.Editors) + " (Eds.)"
		}
	}
	date := "(" + cmp.Or(w.Year, "n.d.") + ")" // 9.17
	title, subtitle := first(w.Title), first(w.Subtitle)
	if authors == "" { // 9.12: the title stands first
		e.apaTitle(title, subtitle, w)
		e.sentence(date)
	} else {
		e.sentence(authors)
		e.sentence(date)
		e.apaTitle(title, subtitle, w)
	}
	if !sameBody(w) { // 9.29
		e.sentence(house(w.Publisher))
	}
	return e.runs
}

// apaTitle is the title with who helped and the edition in parentheses, which are not in italics (9.19, 10.2).
func (e *entry) apaTitle(title, subtitle string, w Work) {
	e.title(title, subtitle)
	var aside []string
	for _, part := range []struct {
		names []Name
		role  string
	}{{editorsBeside(w), "Ed"}, {w.Translators, "Trans."}, {w.Illustrators, "Illus."}} {
		if len(part.names) == 0 {
			continue
		}
		role := part.role
		if role == "Ed" {
			role = "Ed."
			if len(part.names) > 1 {
				role = "Eds."
			}
		}
		aside = append(aside, series(each(part.names, Name.apaDirect), "&")+", "+role)
	}
	if text := edition(w.Edition); text != "" {
		aside = append(aside, first(text))
	}
	if len(aside) > 0 {
		e.plain(" (" + strings.Join(aside, "; ") + ")")
	}
	e.stop()
}

// apaNames lists up to twenty; of more, nineteen and the last (9.8).
func apaNames(names []Name) string {
	all := each(names, Name.apa)
	if n := len(all); n > 20 {
		return strings.Join(all[:19], ", ") + ", . . . " + all[n-1]
	}
	if n := len(all); n > 1 {
		return strings.Join(all[:n-1], ", ") + ", & " + all[n-1]
	}
	return strings.Join(all, "")
}

// Chicago is the entry of a bibliography. (Chicago 14.23)
func Chicago(w Work) []Run {
	var e entry
	switch {
	case len(w.Authors) > 0:
		e.sentence(chicagoNames(w.Authors))
	case len(w.Editors) == 1: // 14.103
		e.sentence(chicagoNames(w.Editors) + ", ed.")
	case len(w.Editors) > 1:
		e.sentence(chicagoNames(w.Editors) + ", eds.")
	}
	e.title(headline(w.Title, w.Language), headline(w.Subtitle, w.Language))
	e.stop()
	e.sentence(first(by("edited by", editorsBeside(w)))) // 14.104
	e.sentence(first(by("translated by", w.Translators)))
	e.sentence(first(by("illustrated by", w.Illustrators)))
	e.sentence(first(edition(w.Edition)))                                   // 14.113
	imprint := commas([]string{house(w.Publisher), cmp.Or(w.Year, "n.d.")}) // 14.145
	if place := town(w.Place); place != "" {
		imprint = place + ": " + imprint // 14.127
	}
	e.sentence(first(imprint)) // N.d. where nothing stands before it
	if w.EBook {
		e.sentence("E-book") // 14.159 wants the format; which reader a school uses is not catalogued
	}
	return e.runs
}

// chicagoNames lists up to ten; of more, the first seven (14.76).
func chicagoNames(names []Name) string {
	all := append([]string{names[0].Inverted()}, each(names[1:], Name.Direct)...)
	switch n := len(all); {
	case n == 1:
		return all[0]
	case n > 10:
		return strings.Join(all[:7], ", ") + ", et al."
	default:
		return strings.Join(all[:n-1], ", ") + ", and " + all[n-1]
	}
}

// editorsBeside is the editors of a work that has authors.
func editorsBeside(w Work) []Name {
	if len(w.Authors) == 0 {
		return nil
	}
	return w.Editors
}

// by names helpers: "edited by A and B"; of three or more the first alone (MLA 5.8).
func by(role string, names []Name) string {
	switch {
	case len(names) == 0:
		return ""
	case len(names) > 2:
		return role + " " + names[0].Direct() + " et al."
	}
	return role + " " + series(each(names, Name.Direct), "and")
}

func commas(parts []string) string {
	kept := parts[:0]
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ", ")
}

func sameBody(w Work) bool {
	return len(w.Authors) == 1 && w.Authors[0].Body && strings.EqualFold(house(w.Authors[0].Family), house(w.Publisher))
}
