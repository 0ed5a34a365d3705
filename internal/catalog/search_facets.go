package catalog

import (
	"cmp"
	"slices"
	"strings"

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
	dimensions
)

var facetNames = [dimensions]string{"type", "location", "language", "audience", "available"}

// groupColumns is all that facets need of a match, in one column.
const groupColumns = `d.type || char(31) || d.locations || char(31) || d.language || char(31) || d.audience || char(31) || (d.available > 0)`

// filter is the value wanted in each dimension; "" for any.
type filter [dimensions]string

// where is the filter as SQL on search_doc d; it begins with AND, or is empty.
func (f filter) where(params dbx.Params) string {
	var sql strings.Builder
	for i, condition := range [dimensions]string{
		"d.type = {:type}", "instr(d.locations, {:location})", "d.language = {:language}", "d.audience = {:audience}", "(d.available > 0) = ({:available} = 'true')",
	} {
		if f[i] == "" {
			continue
		}
		sql.WriteString(" AND " + condition)
		params[facetNames[i]] = f[i]
	}
	return sql.String()
}

// group is the matches that agree in every dimension.
type group struct {
	values   [dimensions][]string
	titles   int
	admitted bool
}

// groups counts matches by what they have in common: thousands of titles of a school make some dozens of groups.
type groups struct {
	filter filter
	found  map[string]*group
	seen   int // matches, admitted or not
}

func newGroups(f filter) *groups { return &groups{filter: f, found: map[string]*group{}} }

// add counts one match by its groupColumns.
func (g *groups) add(columns []byte) *group {
	of, ok := g.found[string(columns)]
	if !ok {
		of = readGroup(string(columns))
		of.admitted = g.filter.admits(of, dimensions)
		g.found[string(columns)] = of
	}
	of.titles++
	g.seen++
	return of
}

func readGroup(columns string) *group {
	of := &group{}
	for i, text := range strings.Split(columns, "\x1f") {
		switch {
		case i == byLocation:
			of.values[i] = strings.Fields(text)
		case i == byAvailable && text == "1":
			of.values[i] = []string{"true"}
		case i == byAvailable:
			of.values[i] = []string{"false"}
		case text != "":
			of.values[i] = []string{text}
		}
	}
	return of
}

// admits tells whether a group passes the filter in all dimensions but one.
func (f filter) admits(of *group, but int) bool {
	for i := range f {
		if i != but && f[i] != "" && !contains(of.values[i], f[i]) {
			return false
		}
	}
	return true
}

// facets counts, for each value of each dimension, the matches that pass the filters of the other dimensions: how many there would
// be if this value were chosen.
func (g *groups) facets(shelves locations) map[string][]Facet {
	facets := make(map[string][]Facet, dimensions)
	for i, name := range facetNames {
		counts := map[string]int{}
		for _, of := range g.found {
			if !g.filter.admits(of, i) {
				continue
			}
			for _, value := range of.values[i] {
				counts[value] += of.titles
			}
		}
		facets[name] = sorted(counts)
		if i == byLocation {
			facets[name] = shelves.named(facets[name])
		}
	}
	return facets
}

// sorted puts the most frequent value first.
func sorted(counts map[string]int) []Facet {
	facets := make([]Facet, 0, len(counts))
	for value, count := range counts {
		facets = append(facets, Facet{Value: value, Count: count})
	}
	slices.SortFunc(facets, func(a, b Facet) int {
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
