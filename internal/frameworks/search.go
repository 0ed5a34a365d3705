package frameworks

import (
	"strings"

	"carrel/internal/say"
	"carrel/internal/standards"
	"carrel/internal/words"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// What a search reads of its text, and how much it answers.
const (
	maxText  = 200 // characters
	maxWords = 12
	maxFound = 50
	maxPath  = 12 // statements above one, the nearest
)

// Search is what somebody looks for. Grade keeps statements of that grade and those that name none; Framework those of one framework (its id).
type Search struct {
	Text, Grade, Framework string
}

// Found is a statement that a search brought, with those above it from the top down.
type Found struct {
	ID             string   `json:"id"`
	Framework      string   `json:"framework"`
	FrameworkTitle string   `json:"framework_title"`
	Code           string   `json:"code"`
	Text           string   `json:"text"`
	Notes          string   `json:"notes"`
	Grades         string   `json:"grades"`
	Path           []string `json:"path"`
}

// Find searches statements by words in any order and by codes, best first. near tells that no statement has all the words: those found have some of them.
// A search without a word finds nothing.
func Find(app core.App, search Search, lang say.Lang) (found []Found, near bool, err error) {
	q := parse(search.Text)
	for i, match := range q.tries() {
		found, err = find(app, match, search, lang)
		if err != nil || len(found) > 0 {
			return found, i == triesForAll && len(q) > 1, err
		}
	}
	return []Found{}, false, nil
}

type foundRow struct {
	Statement
	Title  string `db:"title"`
	Notes  string `db:"notes"`
	Parent string `db:"parent"`
	Own    bool   `db:"own"`
}

func find(app core.App, match string, search Search, lang say.Lang) ([]Found, error) {
	rows := []foundRow{}
	// A code weighs most; what is for the grade asked for comes before what is for any. The best are found by their numbers, before anything wide is read.
	err := app.DB().NewQuery(`WITH best AS MATERIALIZED (
			SELECT s.seq, {:grade} != '' AND s.grades = '' AS any_grade, bm25(standards_fts, 8, 4, 1) AS score
			FROM standards_fts CROSS JOIN standards s ON s.seq = standards_fts.rowid
			WHERE standards_fts MATCH {:match} AND NOT s.gone AND ({:framework} = '' OR s.framework = {:framework})
				AND ({:grade} = '' OR s.grades = '' OR instr(',' || s.grades || ',', ',' || {:grade} || ',') > 0)
			ORDER BY any_grade, score, s.seq LIMIT {:most})
		SELECT s.id, s.framework, s.code, s.text, s.text_es, s.grades, s.notes, s.parent, f.title, f.own
		FROM best CROSS JOIN standards s ON s.seq = best.seq JOIN standard_frameworks f ON f.id = s.framework ORDER BY best.any_grade, best.score, f.own, s.framework, s.position`).
		Bind(dbx.Params{"match": match, "framework": search.Framework, "grade": search.Grade, "most": maxFound}).All(&rows)
	if err != nil {
		return nil, err
	}
	found := make([]Found, len(rows))
	for i := range rows {
		row := &rows[i]
		if row.Own {
			row.Title = say.T("standards.own").In(lang)
		}
		above, err := pathTo(app, row.Parent, lang)
		if err != nil {
			return nil, err
		}
		found[i] = Found{row.ID, row.Framework, row.Title, row.Code, row.In(lang), row.Notes, row.Grades, above}
	}
	return found, nil
}

func pathTo(app core.App, parent string, lang say.Lang) ([]string, error) {
	path := []string{}
	if parent == "" {
		return path, nil
	}
	above := []Statement{}
	err := app.DB().NewQuery(`WITH RECURSIVE above (id, n) AS (SELECT {:parent}, 1 UNION ALL
			SELECT s.parent, n + 1 FROM above CROSS JOIN standards s ON s.id = above.id WHERE s.parent != '' AND n < {:most})
		SELECT s.text, s.text_es FROM above CROSS JOIN standards s ON s.id = above.id ORDER BY above.n DESC`).
		Bind(dbx.Params{"parent": parent, "most": maxPath}).All(&above)
	for _, one := range above {
		path = append(path, one.In(lang))
	}
	return path, err
}

// query is what stands between blanks in a typed text, as far as there are words in it.
type query []chunk

// chunk is one of them: its words, and what it may be as a code.
type chunk struct {
	words []words.Word
	code  string
}

// parse never fails: the signs that mean something to the index (quotes, NEAR, *, column names) are words here, or nothing.
func parse(text string) (q query) {
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText])
	}
	for _, raw := range strings.Fields(text) {
		if cut := words.Cut(raw); len(cut) > 0 && len(q) < maxWords {
			q = append(q, chunk{cut, words.Code(strings.Join(standards.CodeParts(raw), ""))})
		}
	}
	return q
}

// triesForAll is how many of the tries ask for all words.
const triesForAll = 2

// tries are MATCH expressions, from the strict to the lenient: all words, each of which may be unfinished; all words without their endings; any of them.
// The whole text may also be one code with blanks in it. The words need no escaping, as no letter or digit is a quotation mark.
func (q query) tries() []string {
	if len(q) == 0 {
		return nil
	}
	var all, stems []string
	var code strings.Builder
	for _, c := range q {
		all = append(all, c.match(func(word string) string { return word }))
		stems = append(stems, c.match(stem))
		code.WriteString(strings.TrimPrefix(c.code, "#"))
	}
	whole := ""
	if code.Len() > 0 {
		whole = ` OR codes : ("#` + code.String() + `" *)`
	}
	return []string{
		"(" + strings.Join(all, " AND ") + ")" + whole,
		strings.Join(stems, " AND "),
		strings.Join(stems, " OR "),
	}
}

func (c chunk) match(form func(string) string) string {
	parts := make([]string, len(c.words))
	for i := range c.words {
		parts[i] = `"` + form(c.words[i].Text) + `" *`
	}
	all := "(" + strings.Join(parts, " AND ") + ")"
	if c.code == "" || len(c.words) == 1 && !strings.ContainsAny(c.code, "0123456789") {
		return all
	}
	return "(" + all + ` OR codes : ("` + c.code + `" *))`
}

// endings of English and Spanish words, the longest first; what is before one must be long enough to mean something.
var endings = []string{"aciones", "ations", "acion", "ation", "ciones", "cion", "ions", "ing", "ion", "ing", "ies", "ers", "ed", "es", "er", "or", "ar", "ir", "s", "e", "y", "a", "o"}

const leastStem = 4

// stem takes the ending from a word: "evaluating" and "evaluates" are both looked for as "evaluat".
func stem(word string) string {
	for _, ending := range endings {
		if rest, cut := strings.CutSuffix(word, ending); cut && len(rest) >= leastStem {
			return rest
		}
	}
	return word
}
