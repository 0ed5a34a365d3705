// Package cite writes the entry of a book for a list of sources, as students are taught it: MLA (Handbook, 9th edition), APA (Publication Manual, 7th
// edition) and Chicago (Manual of Style, 17th edition, notes and bibliography). It is pure. Rule numbers in comments are those of these books.
package cite

import "strings"

// Work is what a citation says of a book.
type Work struct {
	Title    string // as catalogued
	Subtitle string
	// Whoever made it; without authors the editors stand first.
	Authors, Editors, Translators, Illustrators []Name

	Edition   string // as catalogued: "Second edition."
	Publisher string
	Place     string
	Year      string // empty when unknown
	Language  string // ISO 639-2/B; titles are capitalised in English only
	EBook     bool
}

// Run is a piece of a citation in one type face.
type Run struct {
	Text   string `json:"text"`
	Italic bool   `json:"italic,omitempty"`
}

// Plain is a citation without its type face.
func Plain(runs []Run) string {
	var text strings.Builder
	for _, run := range runs {
		text.WriteString(run.Text)
	}
	return text.String()
}

// entry collects the runs of one citation.
type entry struct{ runs []Run }

func (e *entry) plain(text string)  { e.add(Run{Text: text}) }
func (e *entry) italic(text string) { e.add(Run{Text: text, Italic: true}) }

func (e *entry) add(run Run) {
	if run.Text == "" {
		return
	}
	if n := len(e.runs); n > 0 && e.runs[n-1].Italic == run.Italic {
		e.runs[n-1].Text += run.Text
		return
	}
	e.runs = append(e.runs, run)
}

// stop ends an element: no full stop follows another end of a sentence (Chicago 6.124, APA 9.19).
func (e *entry) stop() {
	if text := Plain(e.runs); text != "" && !strings.ContainsAny(text[len(text)-1:], ".?!") {
		e.plain(".")
	}
}

// sentence adds an element that begins after a stop.
func (e *entry) sentence(text string) {
	if text == "" {
		return
	}
	if len(e.runs) > 0 {
		e.plain(" ")
	}
	e.plain(text)
	e.stop()
}

// title adds the title in italics, subtitle after a colon, or after nothing where the title ends in a sign of its own (Chicago 14.96).
func (e *entry) title(title, subtitle string) {
	if len(e.runs) > 0 {
		e.plain(" ")
	}
	e.italic(joined(title, subtitle))
}

func joined(title, subtitle string) string {
	switch {
	case subtitle == "":
		return title
	case title != "" && strings.ContainsAny(title[len(title)-1:], "?!"):
		return title + " " + subtitle
	}
	return title + ": " + subtitle
}

// series joins names as a list in a sentence: "A", "A and B", "A, B, and C".
func series(names []string, and string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return names[0]
	case 2:
		return names[0] + " " + and + " " + names[1]
	default:
		return strings.Join(names[:n-1], ", ") + ", " + and + " " + names[n-1]
	}
}

func each(names []Name, form func(Name) string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = form(name)
	}
	return all
}
