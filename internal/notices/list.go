package notices

import (
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Page is one page of the notices, the newest first, and how many there are in each state.
type Page struct {
	Page       int            `json:"page"`
	PerPage    int            `json:"perPage"`
	TotalItems int            `json:"totalItems"`
	Items      []Listed       `json:"items"`
	Counts     map[string]int `json:"counts"`
	Paper      int            `json:"paper"` // how many wait for paper
}

// Listed is one notice as staff see it. Times are RFC 3339.
type Listed struct {
	ID       string       `json:"id"`
	Patron   ListedPatron `json:"patron"`
	Kind     string       `json:"kind"`
	Step     int          `json:"step"`
	Channel  string       `json:"channel"`
	Audience string       `json:"audience"` // guardians, patron or teacher; empty for the family
	State    string       `json:"state"`
	Count    int          `json:"count"` // books
	Language string       `json:"language"`
	Created  string       `json:"created"`
	SentAt   string       `json:"sent_at,omitempty"`
	Error    string       `json:"error,omitempty"`
}

// ListedPatron is whom the notice is about.
type ListedPatron struct {
	Name     string `json:"name"`
	Barcode  string `json:"barcode"`
	Homeroom string `json:"homeroom"`
}

const (
	usualPerPage = 50
	maxPerPage   = 200
)

type listedRow struct {
	collections.Notice
	Created   types.DateTime `db:"created"`
	FirstName string         `db:"first_name"`
	LastName  string         `db:"last_name"`
	Barcode   string         `db:"barcode"`
	Homeroom  string         `db:"homeroom"`
	Count     int            `db:"count"`
}

// Asked is what somebody wants to see of the notices.
type Asked struct {
	State   string // empty for all, as the two that follow
	Kind    string
	Channel string
	Page    int // from 1
	PerPage int // below 1 is the usual 50, and 200 is the most
	Lang    say.Lang
	Money   bool // whether notices about money are shown
}

// where is which notices, n, are asked for.
func (a Asked) where() dbx.Expression {
	wanted := dbx.HashExp{}
	for column, value := range map[string]string{"n.state": a.State, "n.kind": a.Kind, "n.channel": a.Channel} {
		if value != "" {
			wanted[column] = value
		}
	}
	if a.Money {
		return wanted
	}
	return dbx.And(wanted, notMoney("n.kind"))
}

// List pages through the notices.
func List(app core.App, asked Asked, now time.Time) (Page, error) {
	const op = "notices.List"
	perPage, lang := asked.PerPage, asked.Lang
	if perPage < 1 {
		perPage = usualPerPage
	}
	answer := Page{Page: max(asked.Page, 1), PerPage: min(perPage, maxPerPage), Items: []Listed{}}
	var err error
	if answer.Counts, err = countStates(app, asked.Money); err != nil {
		return answer, fault.Wrap(op, err)
	}
	if answer.Paper, err = waitingForPaper(app, now); err != nil {
		return answer, fault.Wrap(op, err)
	}
	err = app.DB().Select("count(*)").From(collections.Notices + " n").Where(asked.where()).Row(&answer.TotalItems)
	if err != nil {
		return answer, fault.Wrap(op, err)
	}
	query := app.DB().
		Select("n.*", "COALESCE(p.first_name, '') AS first_name", "COALESCE(p.last_name, '') AS last_name",
			"COALESCE(p.barcode, '') AS barcode", "COALESCE(h.name, '') AS homeroom",
			"(n.hold != '') + (SELECT count(*) FROM notice_loans nl WHERE nl.notice = n.id) AS count").
		From(collections.Notices+" n").
		LeftJoin(collections.Patrons+" p", dbx.NewExp("p.id = n.patron")).
		LeftJoin(collections.Homerooms+" h", dbx.NewExp("h.id = p.homeroom")).
		Where(asked.where()).
		OrderBy("n.created DESC", "n.id").
		Limit(int64(answer.PerPage)).Offset(int64(answer.Page-1) * int64(answer.PerPage))
	var rows []listedRow
	if err := query.All(&rows); err != nil {
		return answer, fault.Wrap(op, err)
	}
	for _, row := range rows {
		answer.Items = append(answer.Items, row.listed(lang))
	}
	return answer, nil
}

// listed shows a row. Its error is a sentence of ours, kept as its key, or a mail server's words; a key that is not ours is said as itself.
func (r listedRow) listed(lang say.Lang) Listed {
	return Listed{
		ID:   r.ID,
		Kind: r.Kind, Step: r.Step, Channel: r.Channel, Audience: r.Audience, State: r.State, Count: r.Count, Language: r.Language,
		Patron: ListedPatron{
			Name: collections.Patron{FirstName: r.FirstName, LastName: r.LastName}.Name(), Barcode: r.Barcode, Homeroom: r.Homeroom,
		},
		Created: stamp(r.Created), SentAt: stamp(r.SentAt), Error: say.T(r.Error).In(lang),
	}
}

func stamp(at types.DateTime) string {
	if at.IsZero() {
		return ""
	}
	return at.Time().UTC().Format(time.RFC3339)
}

// states are all the states of a notice, in the order of its life.
var states = []string{
	collections.NoticeQueued, collections.NoticeSending, collections.NoticeSent, collections.NoticePrinted,
	collections.NoticeFailed, collections.NoticeUnknown, collections.NoticeCancelled,
}

// notMoney leaves out what only a librarian sees.
func notMoney(column string) dbx.Expression { return dbx.Not(dbx.HashExp{column: kindFee}) }

func countStates(app core.App, money bool) (map[string]int, error) {
	var rows []struct {
		State string `db:"state"`
		Count int    `db:"count"`
	}
	query := app.DB().Select("state", "count(*) AS count").From(collections.Notices).GroupBy("state")
	if !money {
		query.Where(notMoney("kind"))
	}
	err := query.All(&rows)
	counts := map[string]int{}
	for _, state := range states {
		counts[state] = 0
	}
	for _, row := range rows {
		counts[row.State] = row.Count
	}
	return counts, err
}

// waitingForPaper counts the notices that PrintQueued would print.
func waitingForPaper(app core.App, now time.Time) (int, error) {
	m, err := measureOf(app, now)
	if err != nil {
		return 0, err
	}
	_, waiting, err := m.queuedForPaper(app)
	return len(waiting), err
}

// SendAgain puts a notice that failed, or whose fate is unknown, back into the queue: a person has looked. The codes are fault.NotFound
// and fault.Conflict.
func SendAgain(app core.App, id string, now time.Time) error {
	const op = "notices.SendAgain"
	notice, ok, err := collections.Find[collections.Notice](app, "id = {:id}", dbx.Params{"id": id})
	if err != nil {
		return fault.Wrap(op, err)
	}
	if !ok {
		return fault.New(op, fault.NotFound, "notices.unknown_notice")
	}
	if !usable(notice.Recipient) {
		return fault.New(op, fault.Conflict, "notices.bad_address")
	}
	changed, err := update(app,
		dbx.Params{"state": collections.NoticeQueued, "attempts": 0, "next_try": "", "error": "", "updated": instant(now)},
		dbx.HashExp{"id": id, "state": []any{collections.NoticeFailed, collections.NoticeUnknown}})
	if err == nil && changed == 0 {
		return fault.New(op, fault.Conflict, "notices.not_failed")
	}
	return fault.Wrap(op, err)
}
