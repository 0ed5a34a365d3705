package catalog

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// The bounds of the work for one search. On a catalogue of 100,000 titles ranking 3,000 matches costs about as much as SQLite's own
// ranking of them; more would be felt while typing.
const (
	rankAll = 3000
	pool    = 400  // of each kind
	sample  = 1600 // in stripes
	stripes = 8
)

// relevance weighs the columns: title, author, subjects, more, codes.
const relevance = "bm25(search_fts, 10, 5, 3, 1, 4)"

// matched is where the rows of a match come from: the words first, then the document of each.
const matched = "search_fts CROSS JOIN search_doc d ON d.id = search_fts.rowid WHERE search_fts MATCH {:match}"

type searcher struct {
	app     core.App
	shelves locations
	filter  filter
	also    func(string) []string
	order   string // of columns of search_doc d; "" for the best match first
	added   string // see addedSince
	listed  string // see listed; part of every question, as a list is no facet
}

// orders are the columns by which results are sorted; what has none comes last.
var orders = map[string]string{
	"best": "", "title": "d.title_order, d.id", "author": "d.author_order = '', d.author_order, d.title_order, d.id", "year": "d.year DESC, d.title_order, d.id",
	"call_number": "d.call_order = '', d.call_order, d.title_order, d.id", "newest": "d.added DESC, d.id DESC",
}

// row is one match on its way to a page.
type row struct {
	id    int64
	near  int     // nearness of its title to the text
	score float64 // bm25: the lower the better
}

func (s *searcher) run(text string, page *Page) error {
	if strings.TrimSpace(text) == "" {
		return s.browse(page)
	}
	q := parseQuery(text)
	q.spread(s.also)
	match, matches, err := s.widen(&q, page)
	if err == nil && s.listed != "" && matches > 0 {
		err = s.query("SELECT COUNT(*) FROM "+matched+s.listed, dbx.Params{"match": match}).Row(&matches)
	}
	if err != nil {
		return err
	}
	if matches == 0 {
		page.Facets = newGroups(s.filter).facets(s.shelves)
		return nil
	}
	if matches <= rankAll {
		return s.whole(q, match, page)
	}
	return s.bounded(q, match, matches, page)
}

// widen finds the strictest reading of a text that has matches: as it stands, with every word unfinished, with mistyped words replaced.
func (s *searcher) widen(q *query, page *Page) (match string, matches int, err error) {
	if len(q.chunks) == 0 {
		return "", 0, nil
	}
	match = q.match(false)
	if matches, err = s.count(match); err != nil || matches > 0 {
		return match, matches, err
	}
	if len(q.chunks) > 1 {
		match = q.match(true)
		if matches, err = s.count(match); err != nil || matches > 0 {
			return match, matches, err
		}
	}
	fixed, found, err := s.nearest(*q)
	if err != nil || !found {
		return "", 0, err
	}
	*q, page.DidYouMean = fixed, fixed.raw()
	q.spread(s.also)
	match = q.match(false)
	matches, err = s.count(match)
	return match, matches, err
}

func (s *searcher) count(match string) (n int, err error) {
	return n, s.app.DB().NewQuery("SELECT COUNT(*) FROM search_fts WHERE search_fts MATCH {:match}").Bind(dbx.Params{"match": match}).Row(&n)
}

// whole ranks and counts every match.
func (s *searcher) whole(q query, match string, page *Page) error {
	groups := newGroups(s.filter)
	rows, err := s.ranked(q, match, groups)
	if err != nil {
		return err
	}
	page.TotalItems, page.Facets = len(rows), groups.facets(s.shelves)
	from, to := page.bounds(len(rows))
	return s.fill(page, rows[from:to])
}

// ranked is every match that passes the filter, in order; groups counts them all.
func (s *searcher) ranked(q query, match string, groups *groups) (rows []row, err error) {
	if s.order != "" {
		return rows, s.each("SELECT d.id, '', "+groupColumns+", 0.0 FROM "+matched+s.listed+" ORDER BY "+s.order, dbx.Params{"match": match},
			func(id int64, _, columns []byte, _ float64) {
				if groups.add(columns) {
					rows = append(rows, row{id: id})
				}
			})
	}
	judge, err := s.judge(q)
	if err != nil {
		return nil, err
	}
	err = s.each("SELECT d.id, d.title, "+groupColumns+", "+relevance+" FROM "+matched+s.listed, dbx.Params{"match": match},
		func(id int64, title, columns []byte, score float64) {
			if groups.add(columns) {
				rows = append(rows, row{id, judge.near(id, title), score})
			}
		})
	rank(rows)
	return rows, err
}

// all is the ids of everything found. It has no bounds but maxMatching: it is for work on a selection, not for typing.
func (s *searcher) all(text string) ([]string, error) {
	if strings.TrimSpace(text) == "" {
		params := dbx.Params{"limit": maxMatching}
		return s.ids("SELECT d.title_id FROM search_doc d WHERE TRUE"+s.where(params)+" ORDER BY "+cmp.Or(s.order, orders["title"])+" LIMIT {:limit}", params)
	}
	q := parseQuery(text)
	q.spread(s.also)
	match, matches, err := s.widen(&q, &Page{})
	if err != nil || matches == 0 {
		return nil, err
	}
	rows, err := s.ranked(q, match, newGroups(s.filter))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	rows = rows[:min(len(rows), maxMatching)]
	docs := make([]int64, len(rows))
	for i := range rows {
		docs[i] = rows[i].id
	}
	list, err := json.Marshal(docs)
	if err != nil {
		return nil, err
	}
	return s.ids("SELECT d.title_id FROM json_each({:docs}) AS found JOIN search_doc d ON d.id = found.value ORDER BY found.key", dbx.Params{"docs": string(list)})
}

func (s *searcher) ids(query string, params dbx.Params) (ids []string, err error) {
	return ids, s.query(query, params).Column(&ids)
}

// where is the filter and the list as SQL on search_doc d; it begins with AND, or is empty.
func (s *searcher) where(params dbx.Params) string { return s.filter.where(params) + s.listed }

// query puts in what depends on the day.
func (s *searcher) query(query string, params dbx.Params) *dbx.Query {
	return s.app.DB().NewQuery(strings.ReplaceAll(query, "{added}", s.added)).Bind(params)
}

// bounded ranks a pool of the likeliest matches and leaves the others in the order of cataloguing.
func (s *searcher) bounded(q query, match string, matches int, page *Page) error {
	page.TotalItems = matches
	params := dbx.Params{"match": match}
	if where := s.where(params); where != "" {
		if err := s.query("SELECT COUNT(*) FROM "+matched+where, params).Row(&page.TotalItems); err != nil {
			return err
		}
	}
	if err := s.sampled(match, matches, page); err != nil {
		return err
	}
	if s.order != "" {
		return s.inOrder(match, page)
	}
	rows, err := s.pool(q)
	if err != nil {
		return err
	}
	from, to := page.bounds(page.TotalItems)
	if to > len(rows) {
		if rows, err = s.behind(rows, match, to); err != nil {
			return err
		}
	}
	return s.fill(page, rows[min(from, len(rows)):min(to, len(rows))])
}

// inOrder reads one page of the matches in another order than the best first.
func (s *searcher) inOrder(match string, page *Page) error {
	params := dbx.Params{"match": match, "offset": (page.Page - 1) * page.PerPage, "limit": page.PerPage}
	var rows []row
	err := s.each("SELECT d.id, '', '', 0.0 FROM "+matched+s.where(params)+" ORDER BY "+s.order+" LIMIT {:limit} OFFSET {:offset}", params,
		func(id int64, _, _ []byte, _ float64) { rows = append(rows, row{id: id}) })
	if err != nil {
		return err
	}
	return s.fill(page, rows)
}

// pool is the titles that begin with the text, and titles that have its words in them, ranked. Relevance is left out for a single word: it
// tells little where most titles have the word, and weighing one reads all that have it.
func (s *searcher) pool(q query) ([]row, error) {
	judge, err := s.judge(q)
	if err != nil {
		return nil, err
	}
	seen := map[int64]bool{}
	var rows []row
	keep := func(id int64, title, _ []byte, score float64) {
		if !seen[id] {
			seen[id] = true
			rows = append(rows, row{id, judge.near(id, title), score})
		}
	}
	score := relevance
	if len(q.chunks) == 1 {
		score = "0.0"
	}
	params := dbx.Params{"match": "{title} : (" + q.matchWords(false) + ")", "pool": pool}
	err = s.each("SELECT d.id, d.title, '', "+score+" FROM "+matched+s.where(params)+" LIMIT {:pool}", params, keep)
	if err != nil {
		return nil, err
	}
	if q.isPlain() {
		params = dbx.Params{"from": judge.text, "to": judge.text + "\U0010FFFF", "pool": pool}
		err = s.each("SELECT d.id, d.title, '', 0.0 FROM search_doc d WHERE d.title >= {:from} AND d.title < {:to}"+s.where(params)+
			" ORDER BY d.title LIMIT {:pool}", params, keep)
	}
	rank(rows)
	return rows, err
}

// behind adds matches outside the pool until there are enough for a page that ends at to.
func (s *searcher) behind(rows []row, match string, to int) ([]row, error) {
	ranked := make(map[int64]bool, len(rows))
	for i := range rows {
		ranked[rows[i].id] = true
	}
	params := dbx.Params{"match": match, "limit": to}
	err := s.each("SELECT d.id, '', '', 0.0 FROM "+matched+s.where(params)+" ORDER BY search_fts.rowid LIMIT {:limit}", params, func(id int64, _, _ []byte, _ float64) {
		if !ranked[id] {
			rows = append(rows, row{id: id})
		}
	})
	return rows, err
}

// sampled counts facets in stripes that lie evenly over the catalogue, because neighbours came in together and are alike. No match
// means every title.
func (s *searcher) sampled(match string, matches int, page *Page) error {
	var last int64
	if err := s.app.DB().NewQuery("SELECT COALESCE(MAX(id), 0) FROM search_doc").Row(&last); err != nil {
		return err
	}
	source := "search_doc d WHERE d.id"
	params := dbx.Params{"limit": sample / stripes}
	if matches <= rankAll {
		params["limit"] = matches
	}
	if match != "" {
		source = matched + " AND search_fts.rowid"
		params["match"] = match
	}
	groups := newGroups(s.filter)
	for i := range int64(stripes) {
		params["from"], params["to"] = last*i/stripes+1, last*(i+1)/stripes
		err := s.each("SELECT 0, '', "+groupColumns+", 0.0 FROM "+source+" BETWEEN {:from} AND {:to}"+s.listed+" LIMIT {:limit}", params,
			func(_ int64, _, columns []byte, _ float64) { groups.add(columns) })
		if err != nil {
			return err
		}
	}
	page.Facets = groups.facets(s.shelves)
	if groups.seen < matches {
		page.FacetsOf = groups.seen
	}
	return nil
}

// browse lists every title that passes the filter, in shelf-list order of titles if no other is asked for.
func (s *searcher) browse(page *Page) error {
	params := dbx.Params{}
	where := s.where(params)
	if err := s.query("SELECT COUNT(*) FROM search_doc d WHERE TRUE"+where, params).Row(&page.TotalItems); err != nil {
		return err
	}
	var titles int
	if err := s.query("SELECT COUNT(*) FROM search_doc d WHERE TRUE"+s.listed, nil).Row(&titles); err != nil {
		return err
	}
	if err := s.sampled("", titles, page); err != nil {
		return err
	}
	var rows []row
	params["offset"], params["limit"] = (page.Page-1)*page.PerPage, page.PerPage
	source := "titles CROSS JOIN search_doc d ON d.title_id = titles.id WHERE TRUE" + where + " ORDER BY titles.sort_title" // by its index
	if s.order != "" && s.order != orders["title"] {
		source = "search_doc d WHERE TRUE" + where + " ORDER BY " + s.order
	}
	err := s.each("SELECT d.id, '', '', 0.0 FROM "+source+" LIMIT {:limit} OFFSET {:offset}", params,
		func(id int64, _, _ []byte, _ float64) { rows = append(rows, row{id: id}) })
	if err != nil {
		return err
	}
	return s.fill(page, rows)
}

// each runs a query for id, title, groupColumns and score. The bytes are good until visit returns.
func (s *searcher) each(query string, params dbx.Params, visit func(id int64, title, columns []byte, score float64)) error {
	rows, err := s.query(query, params).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	var (
		id             int64
		title, columns sql.RawBytes
		score          float64
	)
	for rows.Next() {
		if err := rows.Scan(&id, &title, &columns, &score); err != nil {
			return err
		}
		visit(id, title, columns, score)
	}
	return rows.Err()
}

// bounds is the page as a range of n matches.
func (p *Page) bounds(n int) (from, to int) {
	from = min((p.Page-1)*p.PerPage, n)
	return from, min(from+p.PerPage, n)
}

const (
	nextDue = `CASE WHEN d.available > 0 THEN '' ELSE COALESCE((SELECT MIN(loans.due) FROM items JOIN loans ON loans.item = items.id AND loans.state = 'open'
		WHERE items.title = t.id), '') END`
	waiting = "(SELECT COUNT(*) FROM holds WHERE holds.title = t.id AND holds.ended_at = '')"
)

// fill reads what the page shows.
func (s *searcher) fill(page *Page, rows []row) error {
	if len(rows) == 0 {
		return nil
	}
	ids := make([]any, len(rows))
	place := make(map[int64]int, len(rows))
	for i := range rows {
		ids[i], place[rows[i].id] = rows[i].id, i
	}
	type placed struct {
		Doc int64 `db:"doc"`
		Hit
	}
	found := []placed{}
	err := s.app.DB().Select("d.id AS doc", "t.id", "t.title", "t.author", "t.call_number", "t.year", "t.type", "t.isbn", "t.cover", "t.level",
		"d.kind", "d.grades", "d.added", "d.items", "d.available", nextDue+" AS out", waiting+" AS waiting").
		From("search_doc d").InnerJoin("titles t", dbx.NewExp("t.id = d.title_id")).Where(dbx.In("d.id", ids...)).All(&found)
	if err != nil {
		return err
	}
	slices.SortFunc(found, func(a, b placed) int { return cmp.Compare(place[a.Doc], place[b.Doc]) })
	for i := range found {
		page.Items = append(page.Items, found[i].Hit)
	}
	return nil
}

func rank(rows []row) {
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(b.near, a.near), cmp.Compare(a.score, b.score), cmp.Compare(a.id, b.id))
	})
}

// How near the title of a match is to the text.
const (
	elsewhere = iota
	begins    // within a word: "hat" and Hatchet
	beginsAt  // with whole words
	sameBare  // the same but for an article in front
	sameCode  // an item or ISBN of this number
	same
)

// judge tells how near titles are to a text.
type judge struct {
	text, bare string
	coded      map[int64]bool // matches whose code the text is
}

func (s *searcher) judge(q query) (judge, error) {
	text := q.text()
	j := judge{text: text, bare: bare(text), coded: map[int64]bool{}}
	codes := q.matchCodes()
	if codes == "" {
		return j, nil
	}
	err := s.each("SELECT rowid, '', '', 0.0 FROM search_fts WHERE search_fts MATCH {:match} LIMIT {:limit}", dbx.Params{"match": codes, "limit": pool},
		func(id int64, _, _ []byte, _ float64) { j.coded[id] = true })
	return j, err
}

func (j judge) near(id int64, name []byte) int {
	if j.coded[id] && string(name) != j.text {
		return sameCode
	}
	title := string(name)
	proper, _, parts := strings.Cut(title, " : ")
	if parts {
		title = strings.Replace(title, " : ", " ", 1)
	}
	switch {
	case proper == j.text || title == j.text:
		return same
	case bare(proper) == j.bare || bare(title) == j.bare:
		return sameBare
	}
	return max(beginning(title, j.text), beginning(bare(title), j.bare))
}

func beginning(title, text string) int {
	rest, ok := strings.CutPrefix(title, text)
	switch {
	case !ok:
		return elsewhere
	case strings.HasPrefix(rest, " "):
		return beginsAt
	}
	return begins
}

// articles stand before titles in the languages schools here have books in.
var articles = map[string]bool{
	"a": true, "an": true, "the": true, "el": true, "la": true, "los": true, "las": true, "un": true, "una": true, "unos": true, "unas": true,
	"le": true, "les": true, "une": true, "der": true, "die": true, "das": true, "ein": true, "eine": true, "o": true, "os": true,
}

// bare is a folded title without its article. An article alone is a title.
func bare(title string) string {
	if first, rest, ok := strings.Cut(title, " "); ok && articles[first] {
		return rest
	}
	return title
}
