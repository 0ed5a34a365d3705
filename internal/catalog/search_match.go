package catalog

import (
	"strings"

	"carrel/internal/barcode"
	"carrel/internal/isbn"
	"carrel/internal/words"
)

// What a search reads of its text; the rest is ignored.
const (
	maxText   = 300 // characters
	maxChunks = 20
)

// query is a text made ready to be matched.
type query struct {
	chunks []chunk
	codes  []string // what the whole text may be, if it is a scanned or copied number
}

// chunk is what stands between blanks, or between quotation marks.
type chunk struct {
	raw    string
	quoted bool
	open   bool // a quotation mark still waits for its other half, so its last word may be unfinished
	words  []words.Word
	also   [][]words.Word // what the chunk may stand for
}

// parseQuery never fails: signs that mean something to the index (quotes, NEAR, *, column names) are words here, or nothing.
func parseQuery(text string) query {
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText])
	}
	text = strings.Map(func(r rune) rune {
		switch r {
		case '“', '”', '„', '«', '»':
			return '"'
		}
		return r
	}, text)
	q := query{codes: codesIn(text)}
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 1 {
			q.add(chunk{raw: part, quoted: true, open: strings.Count(text, `"`) == i})
			continue
		}
		for _, raw := range strings.Fields(part) {
			q.add(chunk{raw: raw})
		}
	}
	return q
}

func (q *query) add(c chunk) {
	if c.words = words.Cut(c.raw); len(c.words) > 0 && len(q.chunks) < maxChunks {
		q.chunks = append(q.chunks, c)
	}
}

// codesIn is the forms in which text may stand in the index as a code: a barcode as scanners give it, or an ISBN of ten or thirteen digits.
func codesIn(text string) []string {
	if !strings.ContainsAny(text, "0123456789") {
		return nil
	}
	var codes []string
	for _, form := range barcode.Forms(text) {
		if c := words.Code(barcode.Key(form)); c != "" && !contains(codes, c) {
			codes = append(codes, c)
		}
	}
	if number, ok := isbn.Parse(text); ok && onlyISBN(text) {
		if c := words.Code(number.Text); !contains(codes, c) {
			codes = append(codes, c)
		}
	}
	return codes
}

func onlyISBN(text string) bool {
	return strings.Trim(strings.TrimPrefix(strings.ToLower(text), "isbn"), "0123456789xX-–: ") == ""
}

// text is the query's words as a title would have them.
func (q query) text() string {
	var all []words.Word
	for i := range q.chunks {
		all = append(all, q.chunks[i].words...)
	}
	return words.Line(all)
}

// isPlain tells that a title beginning with the query's text holds all its words.
func (q query) isPlain() bool {
	for i := range q.chunks {
		if q.chunks[i].quoted {
			return false
		}
	}
	return len(q.chunks) > 0
}

// match is the MATCH expression: all words, in any order, the last one unfinished, or the text as a code. relaxed takes every word for
// unfinished. It is "" when there is no word in the text. The words need no escaping, as no letter or digit is a quotation mark.
func (q query) match(relaxed bool) string {
	words, codes := q.matchWords(relaxed), q.matchCodes()
	if words == "" || codes == "" {
		return words + codes
	}
	return "(" + words + ") OR " + codes
}

func (q query) matchWords(relaxed bool) string {
	parts := make([]string, len(q.chunks))
	for i := range q.chunks {
		parts[i] = q.chunks[i].match(relaxed || i == len(q.chunks)-1)
	}
	return strings.Join(parts, " AND ")
}

func (q query) matchCodes() string {
	if len(q.codes) == 0 {
		return ""
	}
	return `codes : ("` + strings.Join(q.codes, `" OR "`) + `")`
}

// spread adds to each word what it may stand for; a phrase is meant as it is.
func (q *query) spread(also func(string) []string) {
	if also == nil {
		return
	}
	for i := range q.chunks {
		c := &q.chunks[i]
		c.also = nil
		if c.quoted || len(c.words) != 1 {
			continue
		}
		for _, other := range also(c.words[0].Text) {
			if cut := words.Cut(other); len(cut) > 0 {
				c.also = append(c.also, cut)
			}
		}
	}
}

func (c chunk) match(unfinished bool) string {
	if c.quoted {
		return phrase(c.words, unfinished && c.open)
	}
	if len(c.also) > 0 {
		parts := []string{term(c.words, unfinished)}
		for _, other := range c.also {
			parts = append(parts, phrase(other, false))
		}
		return "(" + strings.Join(parts, " OR ") + ")"
	}
	var parts []string
	for rest := c.words; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Joint == words.Seamless {
			n++
		}
		parts = append(parts, term(rest[:n], unfinished && n == len(rest)))
		rest = rest[n:]
	}
	all := strings.Join(parts, " AND ")
	if len(c.words) == 1 || len(parts) == 1 {
		return all
	}
	return "((" + all + ") OR " + term([]words.Word{{Text: words.InOne(c.words)}}, unfinished) + ")"
}

// term is a word or some that belong together. An unfinished one counts twice where it stands as it is: "cat" brings cats before catalogues.
func term(part []words.Word, unfinished bool) string {
	if !unfinished {
		return phrase(part, false)
	}
	return "(" + phrase(part, false) + " OR " + phrase(part, true) + ")"
}

func phrase(part []words.Word, unfinished bool) string {
	if unfinished {
		return `"` + words.Line(part) + `" *`
	}
	return `"` + words.Line(part) + `"`
}
