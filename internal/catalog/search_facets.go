package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"carrel/internal/marc"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// The dimensions by which matches can be narrowed.
const (
	byType = iota
	byLocation
	byLanguage
	byAudience
	byAvailable
	byKind
	byGrades
	byLexile
	byAdded
	dimensions
)

var facetNames = [dimensions]string{"type", "location", "language", "audience", "available", "kind", "grades", "lexile", "added"}

// conditions tell on search_doc d whether a match has a value. {added} is the expression of addedSince.
var conditions = [dimensions]string{
	"d.type = {:v}", "instr(d.locations, {:v})", "d.language = {:v}", "d.audience = {:v}", "(d.available > 0) = ({:v} = 'true')",
	"d.kind = {:v}", "d.bands & {:v}", "d.lexile = {:v}", "{added} = {:v}",
}

// groupColumns is all that facets need of a match, in one column; of grades the bits, as text.
const groupColumns = `d.type || char(31) || d.locations || char(31) || d.language || char(31) || d.audience || char(31) || (d.available > 0)
	|| char(31) || d.kind || char(31) || d.bands || char(31) || d.lexile || char(31) || {added}`

// natural is the order of the values that have one of their own.
var natural = map[int][]string{
	byKind: marc.Kinds, byGrades: {gradeBands[0].name, gradeBands[1].name, gradeBands[2].name, gradeBands[3].name}, byLexile: lexileBands, byAdded: {"year", "ten"},
}

// addedSince is an expression that tells titles of the last year from those of more than ten years ago; "" lies between. The days are no text of
// anybody's.
func addedSince(today policy.Day) string {
	return fmt.Sprintf("CASE WHEN d.added > '%s' THEN 'year' WHEN d.added < '%s' AND d.added != '' THEN 'ten' ELSE '' END", today.Add(-365), today.Add(-3652))
}

// filter is the values wanted in each dimension, any of them; none for any value at all.
type filter [dimensions][]string

// where is the filter as SQL on search_doc d; it begins with AND, or is empty.
func (f filter) where(params dbx.Params) string {
	var sql strings.Builder
	for i, wanted := range f {
		any := make([]string, len(wanted))
		for j, value := range wanted {
			name := facetNames[i] + strconv.Itoa(j)
			any[j] = strings.ReplaceAll(conditions[i], "{:v}", "{:"+name+"}")
			params[name] = value
			if i == byGrades {
				params[name] = bandBit(value)
			}
		}
		if len(any) > 0 {
			sql.WriteString(" AND (" + strings.Join(any, " OR ") + ")")
		}
	}
	return sql.String()
}

// group is the matches that agree in every dimension.
type group struct {
	values [dimensions][]string
	titles int
	misses int // in how many dimensions it does not pass the filter
	miss   int // the last of them
}

// groups counts matches by what they have in common: thousands of titles of a school make some hundreds of groups.
type groups struct {
	filter filter
	found  map[string]*group
	seen   int // matches, admitted or not
}

func newGroups(f filter) *groups { return &groups{filter: f, found: map[string]*group{}} }

// add counts one match by its groupColumns and tells whether it passes the filter.
func (g *groups) add(columns []byte) (admitted bool) {
	of, ok := g.found[string(columns)]
	if !ok {
		of = readGroup(string(columns))
		g.filter.judge(of)
		g.found[string(columns)] = of
	}
	of.titles++
	g.seen++
	return of.misses == 0
}

func readGroup(columns string) *group {
	of := &group{}
	for i := range of.values {
		text, rest, _ := strings.Cut(columns, "\x1f")
		columns = rest
		switch {
		case i == byLocation:
			of.values[i] = strings.Fields(text)
		case i == byAvailable && text == "1":
			of.values[i] = []string{"true"}
		case i == byAvailable:
			of.values[i] = []string{"false"}
		case i == byGrades:
			of.values[i] = bandNames(text)
		case text != "":
			of.values[i] = []string{text}
		}
	}
	return of
}

func bandNames(bits string) (names []string) {
	bands, _ := strconv.Atoi(bits) //nolint:errcheck // a number of the index
	for i, band := range gradeBands {
		if bands&(1<<i) != 0 {
			names = append(names, band.name)
		}
	}
	return names
}

func (f filter) judge(of *group) {
	for i, wanted := range f {
		if len(wanted) > 0 && !slices.ContainsFunc(of.values[i], func(value string) bool { return contains(wanted, value) }) {
			of.misses++
			of.miss = i
		}
	}
}

// facets counts, for each value of each dimension, the matches that pass the filters of the other dimensions: how many there would
// be if this value were chosen alone.
func (g *groups) facets(shelves locations) map[string][]Facet {
	var counts [dimensions]map[string]int
	for i := range counts {
		counts[i] = map[string]int{}
	}
	for _, of := range g.found {
		for i, values := range of.values {
			if of.misses > 1 || of.misses == 1 && of.miss != i {
				continue
			}
			for _, value := range values {
				counts[i][value] += of.titles
			}
		}
	}
	facets := make(map[string][]Facet, dimensions)
	for i, name := range facetNames {
		facets[name] = sorted(counts[i], natural[i])
	}
	facets[facetNames[byLocation]] = shelves.named(facets[facetNames[byLocation]])
	return facets
}

// sorted puts values into their own order, or the most frequent first.
func sorted(counts map[string]int, order []string) []Facet {
	facets := make([]Facet, 0, len(counts))
	for value, count := range counts {
		facets = append(facets, Facet{Value: value, Count: count})
	}
	slices.SortFunc(facets, func(a, b Facet) int {
		if order != nil {
			return cmp.Compare(slices.Index(order, a.Value), slices.Index(order, b.Value))
		}
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return facets
}

// locations is the shelving places by id: the index keeps ids, so that renaming a place changes no title.
type locations map[string]struct {
	Code string `db:"code"`
	Name string `db:"name"`
}

func readLocations(app core.App) (locations, error) {
	rows, err := app.DB().NewQuery("SELECT id, code, name FROM locations").Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := locations{}
	for rows.Next() {
		var id string
		place := found[id]
		if err := rows.Scan(&id, &place.Code, &place.Name); err != nil {
			return nil, err
		}
		found[id] = place
	}
	return found, rows.Err()
}

// id answers the id of the place called code; for an unknown one something that no title has.
func (l locations) id(code string) string {
	if code == "" {
		return ""
	}
	for id := range l {
		if l[id].Code == code {
			return id
		}
	}
	return "?"
}

func (l locations) named(facets []Facet) []Facet {
	kept := facets[:0]
	for _, facet := range facets {
		if place, ok := l[facet.Value]; ok {
			kept = append(kept, Facet{Value: place.Code, Label: place.Name, Count: facet.Count})
		}
	}
	return kept
}
