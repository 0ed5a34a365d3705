package catalog

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"carrel/internal/words"

	"github.com/pocketbase/dbx"
)

// The bounds of correction.
const (
	minCorrected = 3 // letters: a word of one or two is near to everything
	farFrom      = 6 // letters from which two mistakes are forgiven, else one
	suggestions  = 6 // tried for each word
	maxTrials    = 60
)

// gap is a word that no title has, and words to put in its place.
type gap struct {
	chunk, word int
	words       []string
}

// nearest replaces the words that no title has by words of the catalogue that differ by a letter or two (one left out, added, changed,
// or two swapped), so that the whole text has matches. The nearest come first, then the most frequent.
func (s *searcher) nearest(q query) (fixed query, found bool, err error) {
	gaps, err := s.gaps(q)
	if err != nil || len(gaps) == 0 {
		return q, false, err
	}
	fixed = q.copy()
	trials := maxTrials
	found, err = s.try(&fixed, gaps, &trials)
	return fixed, found, err
}

// try fills the gaps with the first combination of words that has matches.
func (s *searcher) try(q *query, gaps []gap, trials *int) (found bool, err error) {
	if len(gaps) == 0 {
		*trials--
		n, err := s.count(q.match(false))
		return n > 0, err
	}
	for _, text := range gaps[0].words {
		q.chunks[gaps[0].chunk].replace(gaps[0].word, text)
		if found, err = s.try(q, gaps[1:], trials); err != nil || found || *trials <= 0 {
			return found, err
		}
	}
	return false, nil
}

// gaps is empty, too, when there is nothing near to one of the missing words.
func (s *searcher) gaps(q query) (gaps []gap, err error) {
	for i := range q.chunks {
		c := &q.chunks[i]
		if missing, err := s.missing(c.match(true)); err != nil {
			return nil, err
		} else if !missing {
			continue
		}
		for j := range c.words {
			last := j == len(c.words)-1
			missing, err := s.missing(term(c.words[j:j+1], !c.quoted || c.open && last))
			if err != nil {
				return nil, err
			}
			if !missing {
				continue
			}
			near, err := s.suggest(c.words[j].Text, last && i == len(q.chunks)-1)
			if err != nil || len(near) == 0 {
				return nil, err
			}
			gaps = append(gaps, gap{i, j, near})
		}
	}
	return gaps, nil
}

func (s *searcher) missing(match string) (bool, error) {
	var one int
	err := s.app.DB().NewQuery("SELECT 1 FROM search_fts WHERE search_fts MATCH {:match} LIMIT 1").Bind(dbx.Params{"match": match}).Row(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	return false, err
}

func (q query) copy() query {
	chunks := slices.Clone(q.chunks)
	for i := range chunks {
		chunks[i].words = slices.Clone(chunks[i].words)
	}
	return query{chunks: chunks} // a corrected text is no code
}

// replace puts another word in; the chunk then reads as its words.
func (c *chunk) replace(at int, text string) {
	c.words[at].Text = text
	c.raw = words.Line(c.words)
}

// raw is the query as a person would type it.
func (q query) raw() string {
	parts := make([]string, len(q.chunks))
	for i := range q.chunks {
		parts[i] = q.chunks[i].raw
		if q.chunks[i].quoted {
			parts[i] = `"` + parts[i] + `"`
		}
	}
	return strings.Join(parts, " ")
}

// candidate is a word of the catalogue near to a mistyped one.
type candidate struct {
	text     string
	distance int
	titles   int
}

// suggest finds words near to one that nothing has. An unfinished word may also be near to how longer ones begin.
func (s *searcher) suggest(mistyped string, unfinished bool) ([]string, error) {
	letters := []rune(mistyped)
	if len(letters) < minCorrected || strings.ContainsFunc(mistyped, unicode.IsDigit) {
		return nil, nil
	}
	limit := 1
	if len(letters) >= farFrom {
		limit = 2
	}
	whole, begun, err := s.sameInitial(letters, limit)
	if err != nil {
		return nil, err
	}
	if len(whole) == 0 || whole[0].distance > 1 {
		others, err := s.otherInitial(letters)
		if err != nil {
			return nil, err
		}
		whole = append(others, whole...)
	}
	if len(whole) == 0 && unfinished {
		whole = begun
	}
	slices.SortStableFunc(whole, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(b.titles, a.titles), cmp.Compare(a.text, b.text))
	})
	near := make([]string, 0, suggestions)
	for i := range whole[:min(len(whole), suggestions)] {
		near = append(near, whole[i].text)
	}
	return near, nil
}

// sameInitial reads through the words with the same first letter: those near as a whole, nearest first, and those whose beginning is near.
func (s *searcher) sameInitial(letters []rune, limit int) (whole, begun []candidate, err error) {
	rows, err := s.app.DB().NewQuery("SELECT term, doc FROM search_vocab WHERE term >= {:from} AND term < {:to}").
		Bind(dbx.Params{"from": string(letters[0]), "to": string(letters[0] + 1)}).Rows()
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	var term sql.RawBytes
	var titles int
	var d distance
	for rows.Next() {
		if err := rows.Scan(&term, &titles); err != nil {
			return nil, nil, err
		}
		if n := utf8.RuneCount(term); n < len(letters)-limit || n > len(letters)+2*words.MaxLength {
			continue
		}
		all, start := d.between(letters, term)
		if all <= limit {
			whole = append(whole, candidate{string(term), all, titles})
		} else if start <= limit {
			begun = append(begun, candidate{string(term), start, titles})
		}
	}
	slices.SortFunc(whole, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	return whole, begun, rows.Err()
}

// otherInitial asks for the words that differ in how they begin: first letter left out, added, changed, or swapped with the second.
func (s *searcher) otherInitial(letters []rune) ([]candidate, error) {
	rest := string(letters[1:])
	forms := []any{rest, string(letters[1]) + string(letters[0]) + string(letters[2:])}
	for c := 'a'; c <= 'z'; c++ {
		forms = append(forms, string(c)+rest, string(c)+string(letters))
	}
	var found []candidate
	for _, form := range forms {
		c := candidate{text: form.(string), distance: 1}
		err := s.app.DB().NewQuery("SELECT doc FROM search_vocab WHERE term = {:term}").Bind(dbx.Params{"term": form}).Row(&c.titles)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, c)
	}
	return found, nil
}

// distance counts the mistakes between two words; its rows are kept from word to word.
type distance struct {
	before, above, row []int
	other              []rune
}

// between is the optimal string alignment distance (insertions, deletions, substitutions, transpositions of neighbours) of word to the whole of
// term, and to whichever beginning of term is nearest.
func (d *distance) between(word []rune, term []byte) (whole, beginning int) {
	d.other = d.other[:0]
	for text := term; len(text) > 0; {
		r, size := utf8.DecodeRune(text)
		d.other, text = append(d.other, r), text[size:]
	}
	n := len(word)
	if cap(d.row) <= n {
		d.before, d.above, d.row = make([]int, n+1), make([]int, n+1), make([]int, n+1)
	}
	d.before, d.above, d.row = d.before[:n+1], d.above[:n+1], d.row[:n+1]
	for j := range d.row {
		d.row[j] = j
	}
	beginning = n
	for i, r := range d.other {
		d.before, d.above, d.row = d.above, d.row, d.before
		d.row[0] = i + 1
		for j := range word {
			cost := 1
			if word[j] == r {
				cost = 0
			}
			d.row[j+1] = min(d.above[j]+cost, d.above[j+1]+1, d.row[j]+1)
			if i > 0 && j > 0 && r == word[j-1] && d.other[i-1] == word[j] {
				d.row[j+1] = min(d.row[j+1], d.before[j-1]+1)
			}
		}
		beginning = min(beginning, d.row[n])
	}
	return d.row[n], beginning
}
