package desk

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/callnumber"
	"carrel/internal/policy"
	"carrel/internal/words"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// HoldRow is a hold as lists show it. Item and what follows is the item kept for the patron or, on the pull list, the one to fetch.
type HoldRow struct {
	ID         string     `db:"id" json:"id"`
	State      string     `db:"state" json:"state"`
	Place      int        `db:"place" json:"place"` // among those that wait for the title, from 1; 0 for one that does not wait
	PlacedAt   string     `db:"placed_at" json:"placed_at"`
	PickupBy   policy.Day `db:"pickup_by" json:"pickup_by,omitzero"`
	Patron     string     `db:"patron" json:"patron"` // barcode; empty once the hold is unlinked
	Name       string     `db:"name" json:"name"`
	Homeroom   string     `db:"homeroom" json:"homeroom"`
	TitleID    string     `db:"title_id" json:"title_id"`
	Title      string     `db:"title" json:"title"`
	Author     string     `db:"author" json:"author"`
	Wanted     string     `db:"wanted" json:"wanted"` // barcode of the only item that will do; empty for any
	Item       string     `db:"item" json:"item"`     // barcode
	CallNumber string     `db:"call_number" json:"call_number"`
	Location   string     `db:"location" json:"location"`
}

const (
	holdRows = `SELECT h.id, h.state, h.pickup_by, h.title AS title_id, t.title, t.author,
		CASE WHEN h.state = 'waiting' THEN (SELECT COUNT(*) FROM holds o WHERE o.title = h.title AND o.ended_at = '' AND o.state = 'waiting'
			AND (o.rank, o.placed_at, o.id) <= (h.rank, h.placed_at, h.id)) ELSE 0 END AS place,
		COALESCE(strftime('%Y-%m-%dT%H:%M:%SZ', h.placed_at), '') AS placed_at, COALESCE(p.barcode, '') AS patron,
		TRIM(COALESCE(p.first_name, '') || ' ' || COALESCE(p.last_name, '')) AS name, COALESCE(r.name, '') AS homeroom,
		COALESCE(w.barcode, '') AS wanted, COALESCE(i.barcode, '') AS item, COALESCE(NULLIF(i.call_number, ''), t.call_number) AS call_number,
		COALESCE(l.name, '') AS location
	FROM holds h JOIN titles t ON t.id = h.title LEFT JOIN patrons p ON p.id = h.patron LEFT JOIN homerooms r ON r.id = p.homeroom
		LEFT JOIN items w ON w.id = h.wanted `
	keptItem = ` LEFT JOIN items i ON i.id = h.caught LEFT JOIN locations l ON l.id = i.location WHERE `
	// freeItem is what catch would keep for the hold, if it were scanned now.
	freeItem = ` JOIN items i ON i.title = h.title AND (h.wanted = '' OR h.wanted = i.id)
		AND i.status = 'available' AND NOT i.not_for_loan AND i.home = ''
		AND NOT EXISTS (SELECT 1 FROM loans WHERE loans.item = i.id AND loans.state = 'open')
		AND NOT EXISTS (SELECT 1 FROM holds k WHERE k.caught = i.id AND k.state = 'ready')
		LEFT JOIN locations l ON l.id = i.location WHERE `
)

func listHolds(app core.App, query string, params dbx.Params) ([]HoldRow, error) {
	rows := []HoldRow{}
	return rows, app.DB().NewQuery(query).Bind(params).All(&rows)
}

// HoldQueue lists the active holds of a title (id) in the order of its queue.
func HoldQueue(app core.App, title string) ([]HoldRow, error) {
	return listHolds(app, holdRows+keptItem+"h.title = {:title} AND h.ended_at = '' ORDER BY h.rank, h.placed_at, h.id", dbx.Params{"title": title})
}

// HoldPage is a part of all active holds.
type HoldPage struct {
	Page       int       `json:"page"`
	PerPage    int       `json:"perPage"`
	TotalItems int       `json:"totalItems"`
	Titles     int       `json:"titles"` // for which somebody waits
	Holds      []HoldRow `json:"holds"`
}

const (
	usualHolds = 100
	mostHolds  = 500
)

// AllHolds lists the active holds of every title, title by title in the order of their names, those of a title in the order of its queue. typed narrows them
// to titles and people that have it in their names.
func AllHolds(app core.App, typed string, page, perPage int) (found HoldPage, err error) {
	if perPage < 1 {
		perPage = usualHolds
	}
	found = HoldPage{Page: max(page, 1), PerPage: min(perPage, mostHolds)}
	where, params := "h.ended_at = ''", dbx.Params{}
	if typed = strings.TrimSpace(typed); typed != "" {
		where += ` AND (instr(carrel_fold(t.title), {:typed}) > 0 OR instr(carrel_fold(COALESCE(p.first_name, '') || ' ' || COALESCE(p.last_name, '')), {:typed}) > 0)`
		params["typed"] = words.Fold(typed)
	}
	err = app.DB().NewQuery("SELECT COUNT(*), COUNT(DISTINCT h.title) FROM holds h JOIN titles t ON t.id = h.title LEFT JOIN patrons p ON p.id = h.patron WHERE "+where).
		Bind(params).Row(&found.TotalItems, &found.Titles)
	if err != nil {
		return found, err
	}
	params["limit"], params["offset"] = found.PerPage, (found.Page-1)*found.PerPage
	found.Holds, err = listHolds(app, holdRows+keptItem+where+` ORDER BY t.sort_title, t.title, h.title, h.state = 'waiting', h.rank, h.placed_at, h.id LIMIT {:limit} OFFSET {:offset}`, params)
	return found, err
}

// HoldsOf lists the active holds of a patron (id), what can be picked up first.
func HoldsOf(app core.App, patron string) ([]HoldRow, error) {
	return listHolds(app, holdRows+keptItem+"h.patron = {:patron} AND h.ended_at = '' ORDER BY h.state = 'waiting', h.pickup_by, h.placed_at, h.id",
		dbx.Params{"patron": patron})
}

// PullList lists, in the order of call numbers, the first hold of each title that an item standing there could serve. One a title: once it is scanned,
// the next one is on the list.
func PullList(app core.App, today policy.Day) ([]HoldRow, error) {
	rows, err := listHolds(app, holdRows+freeItem+`h.state = 'waiting' AND h.ended_at = '' AND p.status = 'active' AND (p.expires = '' OR p.expires >= {:today})
		ORDER BY h.title, h.rank, h.placed_at, h.id, i.barcode`, dbx.Params{"today": today.String()})
	rows = slices.CompactFunc(rows, func(a, b HoldRow) bool { return a.TitleID == b.TitleID })
	slices.SortStableFunc(rows, func(a, b HoldRow) int { return cmp.Compare(callnumber.Key(a.CallNumber), callnumber.Key(b.CallNumber)) })
	return rows, err
}

// HoldShelf lists what lies on the hold shelf: what waits for a patron, by homeroom and name, and what is still there though its hold is over.
func HoldShelf(app core.App, now time.Time) (ready, over []HoldRow, err error) {
	if ready, err = listHolds(app, holdRows+keptItem+"h.state = 'ready' ORDER BY r.name, p.last_name, p.first_name, h.id", nil); err != nil {
		return nil, nil, err
	}
	over, err = HoldsOver(app, now)
	return ready, over, err
}

// lainLong is how long something lies on the hold shelf until it is for an inventory to find: the holds of all years are not read for a list of today.
const lainLong = 366 * 24 * time.Hour

// HoldsOver lists what is on the hold shelf though its hold is over. It is there until the next scan of the item.
func HoldsOver(app core.App, now time.Time) ([]HoldRow, error) {
	return listHolds(app, holdRows+keptItem+`h.caught != '' AND h.ended_at >= {:since} AND h.state IN ('filled', 'cancelled', 'expired') AND i.status = 'available'
		AND NOT EXISTS (SELECT 1 FROM loans WHERE loans.item = h.caught AND loans.state = 'open')
		AND EXISTS (SELECT 1 FROM circ_events AS ended WHERE ended.about = h.id AND ended.about != '' AND ended.kind IN (`+holdEnds+`)
			AND NOT EXISTS (SELECT 1 FROM circ_events AS later WHERE later.item = h.caught AND later.seq > ended.seq AND later.kind IN (`+handled+`)))
		ORDER BY h.ended_at, h.id`, dbx.Params{"since": instant(now.Add(-lainLong)).String()})
}

var (
	holdEnds = listed([]string{collections.FactHoldFill, collections.FactHoldCancel, collections.FactHoldExpire})
	// handled are the kinds of fact after which an item does not lie where it lay.
	handled = scans + ", " + listed([]string{collections.FactHoldReady, collections.FactMissing, collections.FactLost})
)
