package reports

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"carrel/collections"

	"github.com/pocketbase/dbx"
)

// number writes a number with its thousands, as the schools of the United States do in both languages.
func (l *look) number(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// few writes a number with one digit behind the point, where it says something.
func (l *look) few(x float64) string {
	if x >= least {
		return l.number(int(math.Round(x)))
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0")
}

// percent writes a fraction.
func (l *look) percent(x float64) string { return fmt.Sprintf("%d%%", int(math.Round(100*x))) }

// ratio is a by b rounded to hundredths, and nothing for nothing.
func ratio(a, b int) any {
	if b == 0 {
		return nil
	}
	return math.Round(100*float64(a)/float64(b)) / 100
}

// share is a of b, a fraction; nothing for nothing.
func share(a, b int) any {
	if b == 0 {
		return nil
	}
	return math.Round(1000*float64(a)/float64(b)) / 1000
}

func number(cell any) float64 {
	switch n := cell.(type) {
	case int:
		return float64(n)
	case float64:
		return n
	}
	return 0
}

// acts are counts by what was done.
type acts struct{ loans, renewals, returns, inHouse, withdrawn int }

func (a *acts) add(kind string, n int) {
	switch kind {
	case collections.FactCheckOut:
		a.loans += n
	case collections.FactRenew:
		a.renewals += n
	case collections.FactReturn:
		a.returns += n
	case collections.FactInHouse:
		a.inHouse += n
	case collections.FactWithdraw:
		a.withdrawn += n
	}
}

func (a *acts) plus(b acts) {
	a.loans += b.loans
	a.renewals += b.renewals
	a.returns += b.returns
	a.inHouse += b.inHouse
	a.withdrawn += b.withdrawn
}

// tally reads counts of package use within a period, by one of the columns of a table. more is a further condition, with its parameters.
func (l *look) tally(table, by string, p period, more string, params dbx.Params) (map[string]acts, error) {
	var rows []struct {
		Key  string `db:"key"`
		Kind string `db:"kind"`
		N    int    `db:"n"`
	}
	all := dbx.Params(p.params())
	for name, value := range params {
		all[name] = value
	}
	err := l.app.DB().NewQuery("SELECT " + by + " AS key, kind, SUM(n) AS n FROM " + table + " WHERE day BETWEEN {:from} AND {:to}" + more + " GROUP BY 1, kind").
		Bind(all).All(&rows)
	tally := map[string]acts{}
	for _, row := range rows {
		sum := tally[row.Key]
		sum.add(row.Kind, row.N)
		tally[row.Key] = sum
	}
	return tally, err
}

// read reads rows of a query.
func read[R any](l *look, query string, params dbx.Params) (rows []R, err error) {
	return rows, l.app.DB().NewQuery(query).Bind(params).All(&rows)
}
