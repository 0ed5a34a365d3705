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
// or two swapped) or sound alike, so that the whole text has matches; a word may also be two in the catalogue ("dogman"). The nearest come first, then
// the most frequent. When each word is there but not together, two may be one ("butter fly"), or one of them may be the wrong one ("see turtles").
func (s *searcher) nearest(q query) (fixed query, found bool, err error) {
	gaps, complete, err := s.gaps(q)
	if err != nil {
		return q, false, err
	}
	trials := maxTrials
	if len(gaps) > 0 {
		fixed = q.copy()
		if found, err = s.try(&fixed, gaps, &trials); err != nil || found {
			return fixed, found, err
		}
	}
	if fixed, found, err = s.joined(q); err != nil || found || !complete || len(gaps) > 0 {
		return fixed, found, err
	}
	return s.swapped(q, &trials)
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

// gaps finds the words that no title has. It is not complete when there is nothing near to one of them.
func (s *searcher) gaps(q query) (gaps []gap, complete bool, err error) {
	for i := range q.chunks {
		c := &q.chunks[i]
		if missing, err := s.missing(c.match(true)); err != nil {
			return nil, false, err
		} else if !missing {
			continue
		}
		for j := range c.words {
			last := j == len(c.words)-1
			missing, err := s.missing(term(c.words[j:j+1], !c.quoted || c.open && last))
			if err != nil {
				return nil, false, err
			}
			if !missing {
				continue
			}
			near, err := s.suggest(c.words[j].Text, last && i == len(q.chunks)-1)
			if err != nil || len(near) == 0 {
				return nil, false, err
			}
			gaps = append(gaps, gap{i, j, near})
		}
	}
	return gaps, true, nil
}

// joined reads two neighbours as one word: "butter fly". A phrase is meant as it is.
func (s *searcher) joined(q query) (fixed query, found bool, err error) {
	for i := 1; i < len(q.chunks); i++ {
		if q.chunks[i-1].quoted || q.chunks[i].quoted {
			continue
		}
		fixed = q.copy()
		fixed.chunks[i-1].become(words.InOne(slices.Concat(q.chunks[i-1].words, q.chunks[i].words)))
		fixed.chunks = slices.Delete(fixed.chunks, i, i+1)
		if n, err := s.count(fixed.match(false)); err != nil || n > 0 {
			return fixed, n > 0, err
		}
	}
	return q, false, nil
}

// swapped replaces one word of a text whose words are all known, but in no title together: "see turtles".
func (s *searcher) swapped(q query, trials *int) (fixed query, found bool, err error) {
	if len(q.chunks) < 2 {
		return q, false, nil
	}
	for i := range q.chunks {
		if q.chunks[i].quoted || len(q.chunks[i].words) != 1 || *trials <= 0 {
			continue
		}
		near, err := s.suggest(q.chunks[i].words[0].Text, false)
		if err != nil {
			return q, false, err
		}
		fixed = q.copy()
		if found, err = s.try(&fixed, []gap{{i, 0, near}}, trials); err != nil || found {
			return fixed, found, err
		}
	}
	return q, false, nil
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
	c.words[at].Text, c.also = text, nil
	c.raw = words.Line(c.words)
}

// become makes one word of the chunk.
func (c *chunk) become(text string) {
	c.words, c.also = []words.Word{{Text: text}}, nil
	c.raw = text
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
	distance int // in halves of a mistake
	mistakes int // letters; tells apart what sounds the same
	titles   int
}

// The distances of words that differ in more than letters, between one mistake (2) and three (6).
const (
	soundsSame   = 1 // heard the same, and one letter apart
	soundsAlike  = 3 // heard the same
	soundsNearly = 5 // one sound apart
	twoWords     = 3 // one word is two
	begunWrong   = 4 // the first letter: the one that children know best
)

// suggest finds words near to one that nothing has. An unfinished word may also be near to how longer ones begin.
func (s *searcher) suggest(mistyped string, unfinished bool) ([]string, error) {
	letters := []rune(mistyped)
	if len(letters) < minCorrected || strings.ContainsFunc(mistyped, unicode.IsDigit) {
		return nil, nil
	}
	whole, begun, err := s.sameInitial(letters)
	if err != nil {
		return nil, err
	}
	if len(whole) == 0 || whole[0].distance > 2 {
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
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.mistakes, b.mistakes), cmp.Compare(b.titles, a.titles), cmp.Compare(a.text, b.text))
	})
	near := make([]string, 0, suggestions)
	for i := range whole {
		if len(near) < suggestions && !slices.Contains(near, whole[i].text) {
			near = append(near, whole[i].text)
		}
	}
	return near, nil
}

// sameInitial reads through the words with the same first letter: those near as a whole, nearest first, and those whose beginning is near.
func (s *searcher) sameInitial(letters []rune) (whole, begun []candidate, err error) {
	r := newNearReader(letters)
	err = s.terms(string(letters[0]), r.take)
	slices.SortFunc(r.whole, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	return r.whole, r.begun, err
}

// terms visits the words of the catalogue that begin so. The bytes are good until visit returns.
func (s *searcher) terms(begin string, visit func(term []byte, titles int)) error {
	rows, err := s.app.DB().NewQuery("SELECT term, doc FROM search_vocab WHERE term >= {:from} AND term < {:to}").
		Bind(dbx.Params{"from": begin, "to": begin + "\U0010FFFF"}).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	var term sql.RawBytes
	var titles int
	for rows.Next() {
		if err := rows.Scan(&term, &titles); err != nil {
			return err
		}
		visit(term, titles)
	}
	return rows.Err()
}

// nearReader keeps the words that are near to a mistyped one.
type nearReader struct {
	letters, heard []rune
	limit          int // mistakes
	d, sound       distance
	whole, begun   []candidate
}

func newNearReader(letters []rune) *nearReader {
	r := &nearReader{letters: letters, heard: []rune(words.Sound(string(letters))), limit: 1}
	if len(letters) >= farFrom {
		r.limit = 2
	}
	return r
}

func (r *nearReader) take(term []byte, titles int) {
	n := utf8.RuneCount(term)
	if n < len(r.letters)-r.limit-1 || n > len(r.letters)+2*words.MaxLength {
		return
	}
	all, start := r.d.between(r.letters, term)
	if all == 0 {
		return
	}
	near, alike := r.alike(term, all)
	if all <= r.limit && (!alike || 2*all < near) {
		near, alike = 2*all, true
	}
	switch {
	case alike:
		r.whole = append(r.whole, candidate{string(term), near, all, titles})
	case start <= r.limit:
		r.begun = append(r.begun, candidate{string(term), 2 * start, start, titles})
	}
}

// alike tells whether a term, so many mistakes apart, sounds as the mistyped word does. One sound may differ in a long word only: of short ones too many
// are that near.
func (r *nearReader) alike(term []byte, mistakes int) (d int, alike bool) {
	if mistakes > len(r.letters)/2+1 || len(r.heard) < 3 {
		return 0, false
	}
	apart, _ := r.sound.between(r.heard, []byte(words.Sound(string(term))))
	switch {
	case apart == 0 && mistakes == 1:
		return soundsSame, true
	case apart == 0:
		return soundsAlike, true
	case apart == 1 && len(r.heard) >= 5:
		return soundsNearly, true
	}
	return 0, false
}

// otherInitial asks for the words that differ in how they begin: first letter left out, added, changed, or swapped with the second; words that begin
// with other letters for the same sound; and two words for one.
func (s *searcher) otherInitial(letters []rune) ([]candidate, error) {
	rest := string(letters[1:])
	forms := []string{rest, string(letters[1]) + string(letters[0]) + string(letters[2:])}
	for c := 'a'; c <= 'z'; c++ {
		forms = append(forms, string(c)+rest, string(c)+string(letters))
	}
	var found []candidate
	for _, form := range forms {
		titles, err := s.titlesWith(form)
		if err != nil {
			return nil, err
		}
		if titles > 0 {
			found = append(found, candidate{form, begunWrong, 1, titles})
		}
	}
	r := newNearReader(letters)
	for _, begin := range words.OtherBeginnings(letters[0]) {
		err := s.terms(begin, func(term []byte, titles int) {
			mistakes, _ := r.d.between(letters, term)
			if d, alike := r.alike(term, mistakes); alike {
				found = append(found, candidate{string(term), d, mistakes, titles})
			}
		})
		if err != nil {
			return nil, err
		}
	}
	two, err := s.inTwo(letters)
	return append(found, two...), err
}

// inTwo is the ways in which a word is two words of the catalogue.
func (s *searcher) inTwo(letters []rune) (found []candidate, err error) {
	const shortest = 3 // of each half, so that "the" and "a" do not split every word
	for i := shortest; i <= len(letters)-shortest; i++ {
		left, err := s.titlesWith(string(letters[:i]))
		if err != nil {
			return nil, err
		}
		if left == 0 {
			continue
		}
		right, err := s.titlesWith(string(letters[i:]))
		if err != nil {
			return nil, err
		}
		if right > 0 {
			found = append(found, candidate{string(letters[:i]) + " " + string(letters[i:]), twoWords, 1, min(left, right)})
		}
	}
	return found, nil
}

// titlesWith counts the titles with a word.
func (s *searcher) titlesWith(word string) (n int, err error) {
	err = s.app.DB().NewQuery("SELECT doc FROM search_vocab WHERE term = {:term}").Bind(dbx.Params{"term": word}).Row(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
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
