package labels

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"time"

	"carrel/internal/callnumber"
	"carrel/internal/lists"
	"carrel/internal/print"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// FetchList writes where the items of a list of titles stand, by location and in the order of call numbers: with it in hand a display is put together. What
// is on loan is on it, too, and says so; it names nobody. The code is fault.NotFound for the list.
func FetchList(app core.App, w io.Writer, id string, warn func(print.Warning), now time.Time) error {
	of, err := lists.Get(app, id)
	if err != nil {
		return err
	}
	titles, err := lists.IDs(app, of, lists.MaxTitles)
	if err != nil {
		return err
	}
	wanted, err := json.Marshal(titles)
	if err != nil {
		return err
	}
	l, lang, err := list(app, "pull", now, callColumn, titleColumn, barcodeColumn, print.Column{Heading: "state", Share: 1.6})
	if err != nil {
		return err
	}
	var rows []struct {
		Location string `db:"location"`
		Call     string `db:"call_number"`
		Title    string `db:"title"`
		Author   string `db:"author"`
		Barcode  string `db:"barcode"`
		State    string `db:"state"`
	}
	err = app.DB().NewQuery(`SELECT COALESCE(l.name, '') AS location, COALESCE(NULLIF(i.call_number, ''), t.call_number) AS call_number, t.title, t.author, i.barcode,
			CASE WHEN EXISTS (SELECT 1 FROM loans o WHERE o.item = i.id AND o.state = 'open') THEN 'out' ELSE i.status END AS state
		FROM json_each({:titles}) wanted JOIN titles t ON t.id = wanted.value JOIN items i ON i.title = t.id LEFT JOIN locations l ON l.id = i.location
		WHERE i.status != 'withdrawn' ORDER BY l.position, l.name, i.barcode`).Bind(dbx.Params{"titles": string(wanted)}).All(&rows)
	if err != nil {
		return err
	}
	keys := make(map[string]string, len(rows))
	for _, row := range rows {
		keys[row.Call] = callnumber.Key(row.Call)
	}
	shelves := newShelves()
	for _, row := range rows { // the places in their own order
		shelves.add(row.Location, row.Call, titleOf(row.Title, row.Author), row.Barcode, say.T("print.state."+row.State).In(lang))
	}
	for _, group := range shelves.groups {
		slices.SortStableFunc(group.Rows, func(a, b []string) int { return cmp.Compare(keys[a[0]], keys[b[0]]) })
	}
	name := of.Name
	if lang == say.Spanish && of.NameES != "" {
		name = of.NameES
	}
	l.Heading, l.Tick, l.Groups, l.Warn = name, true, shelves.groups, warn
	return print.Lists(w, l)
}
