package adds

import (
	"slices"
	"strconv"
	"time"

	"carrel/collections"
	"carrel/internal/lookup"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// RowView is a row as staff see it.
type RowView struct {
	ID         string      `json:"id"`
	Code       string      `json:"code"`
	ISBN       string      `json:"isbn"`
	ScannedAt  string      `json:"scanned_at"`
	By         string      `json:"by"` // a name
	State      string      `json:"state"`
	Found      []FoundView `json:"found"`
	Chosen     int         `json:"chosen"`
	CallNumber string      `json:"call_number"` // as it will be
	Barcode    string      `json:"barcode,omitempty"`
	Copy       int         `json:"copy"` // which copy of the title this one will be
	Own        *OwnView    `json:"own,omitempty"`
	Why        string      `json:"why"`
	Tried      []string    `json:"tried"`
	Item       string      `json:"item,omitempty"`
}

// FoundView is one record that may be the book's.
type FoundView struct {
	N          int      `json:"n"`
	Source     string   `json:"source"`
	Sources    []string `json:"sources"`
	CallNumber string   `json:"call_number"`
	Card
}

// OwnView is the title of this school that a copy goes to.
type OwnView struct {
	Title string `json:"title"` // id
	Name  string `json:"name"`
	Items int    `json:"items"`
}

// Counts are how many rows are in which state.
type Counts struct {
	All     int `json:"all"`
	Ready   int `json:"ready"`
	Own     int `json:"own"`
	Choose  int `json:"choose"`
	Waiting int `json:"waiting"`
	Needs   int `json:"needs"`
	Today   int `json:"today"` // scanned today, added or not
}

// SourceView is a place where Carrel looks.
type SourceView struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Kind  string `json:"kind"` // own, box, sru, openlibrary
	On    bool   `json:"on"`
	State string `json:"state"` // always, online, offline, portal, limited, broken, or unasked
	At    string `json:"at"`    // since when
}

// BatchView is what the books of the batch are given. Vendor, fund and price are for librarians.
type BatchView struct {
	Location    string  `json:"location"`
	Type        string  `json:"type"`
	Fund        *string `json:"fund,omitempty"`
	Vendor      *string `json:"vendor,omitempty"`
	Price       *int    `json:"price,omitempty"` // cents
	Currency    string  `json:"currency,omitempty"`
	NextBarcode string  `json:"next_barcode"`
	LastBarcode string  `json:"last_barcode"`
	PrintedLeft *int    `json:"printed_left,omitempty"`
}

// Queue is all there is to see.
type Queue struct {
	Rows    []RowView    `json:"rows"`
	Counts  Counts       `json:"counts"`
	Batch   BatchView    `json:"batch"`
	Sources []SourceView `json:"sources"`
	On      bool         `json:"on"` // whether the internet is asked at all
}

// mostShown bounds the rows of an answer; the counts are of all.
const mostShown = 2000

// Look reads the queue; money says whether the reader may see vendor, fund and price.
func Look(app core.App, lang say.Lang, money bool, at time.Time) (q Queue, err error) {
	adds, err := collections.All[collections.Add](app, "item = ''", "scanned, id", nil)
	if err != nil {
		return q, err
	}
	q.Counts = count(adds)
	if q.Counts.Today, err = scannedToday(app, at); err != nil {
		return q, err
	}
	if q.Rows, err = views(app, adds[:min(len(adds), mostShown)], lang); err != nil {
		return q, err
	}
	if q.Batch, err = LookBatch(app, money); err != nil {
		return q, err
	}
	settings, err := site.LoadLookup(app)
	if err != nil {
		return q, err
	}
	q.On = settings.On
	q.Sources, err = sources(app, settings)
	return q, err
}

// View shows one row.
func View(app core.App, add collections.Add, lang say.Lang) (RowView, error) {
	adds := []collections.Add{add}
	if add.ISBN != "" && add.Item == "" {
		var err error
		if adds, err = collections.All[collections.Add](app, "isbn = {:isbn} AND item = ''", "scanned, id", dbx.Params{"isbn": add.ISBN}); err != nil {
			return RowView{}, err
		}
	}
	all, err := views(app, adds, lang)
	if err != nil {
		return RowView{}, err
	}
	if i := slices.IndexFunc(all, func(v RowView) bool { return v.ID == add.ID }); i >= 0 {
		return all[i], nil
	}
	return RowView{}, nil
}

// Added lists the rows that an import added.
func Added(app core.App, id string, lang say.Lang) ([]RowView, error) {
	adds, err := collections.All[collections.Add](app, "import = {:id} AND item != ''", "scanned, id", dbx.Params{"id": id})
	if err != nil {
		return nil, err
	}
	return views(app, adds, lang)
}

func count(adds []collections.Add) (c Counts) {
	c.All = len(adds)
	for _, add := range adds {
		switch add.State {
		case collections.AddReady:
			c.Ready++
		case collections.AddOwn:
			c.Own++
		case collections.AddChoose:
			c.Choose++
		case collections.AddNeeds:
			c.Needs++
		default:
			c.Waiting++
		}
	}
	return c
}

func scannedToday(app core.App, at time.Time) (n int, err error) {
	house, err := site.Open(app)
	if err != nil {
		return 0, err
	}
	here := at.In(house.Calendar.Zone)
	midnight := time.Date(here.Year(), here.Month(), here.Day(), 0, 0, 0, 0, house.Calendar.Zone)
	err = app.DB().NewQuery("SELECT COUNT(*) FROM adds WHERE scanned >= {:from}").Bind(dbx.Params{"from": midnight.UTC().Format("2006-01-02 15:04:05.000Z")}).Row(&n)
	return n, err
}

// views shows rows in the order given; copies of one book are counted along.
func views(app core.App, adds []collections.Add, lang say.Lang) ([]RowView, error) {
	names, err := staffNames(app)
	if err != nil {
		return nil, err
	}
	all := make([]RowView, 0, len(adds))
	before := map[string]int{} // rows of the same number
	for _, add := range adds {
		r, err := open(add)
		if err != nil {
			return nil, err
		}
		view := r.view(lang, names)
		if c, chosen := r.choice(); chosen && c.Own != "" {
			if view.Own, err = ownView(app, c.Own); err != nil {
				return nil, err
			}
			view.Copy += view.Own.Items
		}
		if add.ISBN != "" {
			view.Copy += before[add.ISBN]
			before[add.ISBN]++
		}
		all = append(all, view)
	}
	return all, nil
}

func (r *row) view(lang say.Lang, names map[string]string) RowView {
	view := RowView{
		ID: r.ID, Code: r.Code, ISBN: r.ISBN, ScannedAt: r.Scanned.Time().UTC().Format(time.RFC3339), By: names[r.Staff], State: r.State, Chosen: r.Chosen,
		CallNumber: r.CallNumber, Barcode: r.Barcode, Copy: 1, Found: []FoundView{}, Tried: []string{}, Item: r.Item,
	}
	if r.State == collections.AddNew {
		view.State = collections.AddWaiting
	}
	if r.why.Key != "" {
		view.Why = r.why.In(lang)
	}
	for i, c := range r.found {
		view.Found = append(view.Found, FoundView{i + 1, c.Sources[0], c.Sources, c.CallNumber, c.Card})
	}
	if c, chosen := r.choice(); chosen && view.CallNumber == "" {
		view.CallNumber = c.CallNumber
	}
	for _, t := range r.tried {
		view.Tried = append(view.Tried, t.Name)
	}
	return view
}

func ownView(app core.App, id string) (*OwnView, error) {
	own := &OwnView{Title: id}
	err := app.DB().NewQuery(`SELECT COALESCE((SELECT title FROM titles WHERE id = {:id}), ''),
		(SELECT COUNT(*) FROM items WHERE title = {:id} AND status != 'withdrawn')`).Bind(dbx.Params{"id": id}).Row(&own.Name, &own.Items)
	return own, err
}

func staffNames(app core.App) (map[string]string, error) {
	var rows []struct{ ID, Name string }
	err := app.DB().NewQuery("SELECT id, name FROM staff").All(&rows)
	names := make(map[string]string, len(rows))
	for _, row := range rows {
		names[row.ID] = row.Name
	}
	return names, err
}

// LookBatch reads what the books of the batch are given.
func LookBatch(app core.App, money bool) (v BatchView, err error) {
	batch, err := site.LoadBatch(app)
	if err != nil {
		return v, err
	}
	v = BatchView{Location: batch.Location, Type: batch.Type, NextBarcode: batch.NextBarcode, LastBarcode: batch.LastBarcode}
	if batch.LastBarcode != "" {
		n := left(batch.NextBarcode, batch.LastBarcode)
		v.PrintedLeft = &n
	}
	if money {
		fees, err := site.LoadFees(app)
		if err != nil {
			return v, err
		}
		v.Fund, v.Vendor, v.Price, v.Currency = &batch.Fund, &batch.Vendor, &batch.Price, fees.Currency
	}
	return v, nil
}

func sources(app core.App, settings site.Lookup) ([]SourceView, error) {
	all := []SourceView{{ID: lookup.OwnName, Name: lookup.OwnName, Kind: "own", On: true, State: "always"}}
	pools, err := lookup.Pools(app)
	if err != nil {
		return nil, err
	}
	for _, pool := range pools {
		all = append(all, SourceView{ID: pool.ID, Name: pool.Name, Kind: pool.Kind, On: true, State: "always", At: pool.At})
	}
	gates, err := lookup.Gates(app)
	if err != nil {
		return nil, err
	}
	for _, source := range settings.Sources {
		view := SourceView{ID: source.ID, Name: source.Name, Kind: source.Kind, On: source.On && settings.On, State: "unasked"}
		if gate, asked := gates[source.ID]; asked {
			view.At = gate.Since.UTC().Format(time.RFC3339)
			if view.State = string(gate.State); view.State == "" {
				view.State = "online"
			}
		}
		all = append(all, view)
	}
	return all, nil
}

func copyText(n int) string { return strconv.Itoa(n) }
