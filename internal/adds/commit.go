package adds

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Work is how a batch is added: as an import that is journaled by its frame.
type Work struct {
	Import   string // its id
	Today    policy.Day
	Frame    store.Frame
	Progress func(done, total int)
}

// mostInBatch bounds what is added at once.
const mostInBatch = 5000

// Ready are the rows that can be added, in the order in which they were scanned, of those asked for or (none) of all. The codes are fault.NotFound for a
// row that is not in the queue, and fault.Conflict (nothing_ready; not_ready for a row that waits for something).
func Ready(app core.App, asked []string) (ids []string, err error) {
	const op = "adds.Ready"
	for _, id := range asked {
		add, err := Find(app, id)
		if err != nil {
			return nil, err
		}
		if add.State != collections.AddReady && add.State != collections.AddOwn {
			return nil, fault.New(op, fault.Conflict, "adds.not_ready").Named("not_ready").At("rows")
		}
	}
	query := app.DB().Select("id").From(collections.Adds).Where(dbx.And(dbx.HashExp{"item": ""}, dbx.In("state", collections.AddReady, collections.AddOwn)))
	if len(asked) > 0 {
		values := make([]any, len(asked))
		for i, id := range asked {
			values[i] = id
		}
		query.AndWhere(dbx.In("id", values...))
	}
	err = query.OrderBy("scanned", "id").Limit(mostInBatch).Column(&ids)
	if err == nil && len(ids) == 0 {
		err = fault.New(op, fault.Conflict, "adds.nothing_ready").Named("nothing_ready")
	}
	return ids, err
}

// Commit makes titles and items of rows, each in one piece with its row, so that it can be cut off anywhere and done again. A row that cannot be added
// stays in the queue with the reason.
func Commit(app core.App, ids []string, work Work) (summary catalog.Summary, err error) {
	summary = catalog.Summary{Rejected: []catalog.Reject{}, Warnings: []catalog.Warning{}}
	batch, err := site.LoadBatch(app)
	if err != nil {
		return summary, err
	}
	fees, err := site.LoadFees(app)
	if err != nil {
		return summary, err
	}
	bulk, err := store.NewBulk(app, true)
	if err != nil {
		return summary, err
	}
	defer bulk.Abort()
	bulk.Around(work.Frame)
	c := &committer{work: work, batch: batch, currency: fees.Currency, summary: &summary}
	for i, id := range ids {
		err := bulk.Do(func(b *store.Bulk) error { return c.add(b, i+1, id) })
		if err != nil {
			return summary, store.Explain("adds.Commit", app.DataDir(), err)
		}
		work.Progress(i+1, len(ids))
	}
	return summary, store.Explain("adds.Commit", app.DataDir(), bulk.Flush())
}

// committer adds row by row.
type committer struct {
	work     Work
	batch    site.Batch
	currency string
	summary  *catalog.Summary
}

// add adds one row, or says in it why not. A row that was added before the work was cut off is left alone.
func (c *committer) add(b *store.Bulk, n int, id string) error {
	r, found, err := rowIn(b, id)
	if err != nil || !found {
		return err
	}
	c.summary.Read++
	candidate, chosen := r.choice()
	if !chosen {
		return nil // somebody changed it since
	}
	title, why, err := c.title(b, &r, candidate)
	if err != nil {
		return err
	}
	var label string
	if why.Key == "" {
		if label, why, err = c.label(b, &r); err != nil {
			return err
		}
	}
	if why.Key != "" {
		c.summary.Rejected = append(c.summary.Rejected, catalog.Reject{Record: n, Code: strings.TrimPrefix(why.Key, "adds."), Text: why})
		return stay(b, id, why)
	}
	if title.fresh {
		record, err := marc.Decode([]byte(candidate.MARC))
		if err != nil {
			return err
		}
		if err := catalog.AddTitle(b, title.id, record); err != nil {
			return err
		}
		c.summary.Titles.Added++
	}
	item := c.item(&r, candidate, title, label)
	if done, err := catalog.AddItem(b, item); err != nil || !done {
		return errors.Join(err, notDone(done))
	}
	c.summary.Items.Added++
	if err := catalog.Refresh(b, title.id); err != nil {
		return err
	}
	return b.Exec("UPDATE adds SET import = ?, item = ?, barcode = ?, why = 'null', updated = ? WHERE id = ?", c.work.Import, item.ID, label, now(), id)
}

var errTaken = errors.New("a barcode was taken within one transaction")

// notDone is never: the barcode was looked for in the same transaction.
func notDone(done bool) error {
	if done {
		return nil
	}
	return errTaken
}

func rowIn(b *store.Bulk, id string) (r row, found bool, err error) {
	line, err := b.Row("SELECT id, isbn, state, found, chosen, call_number, barcode FROM adds WHERE id = ? AND item = '' AND state IN ('ready', 'own')", id)
	if err != nil {
		return r, false, err
	}
	var add collections.Add
	err = line.Scan(&add.ID, &add.ISBN, &add.State, &add.Found, &add.Chosen, &add.CallNumber, &add.Barcode)
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	if err == nil {
		r, err = open(add)
	}
	return r, err == nil, err
}

// place is the title a copy goes to.
type place struct {
	id     string
	fresh  bool // it is still to be made
	copies int  // that are there
}

const ownByISBN = `SELECT id FROM titles WHERE merged_into = '' AND id IN (SELECT title_id FROM title_keys WHERE key IN (SELECT value FROM json_each(?))) ORDER BY rowid LIMIT 1`

// title finds the title of a row: the own one that was chosen, one that the same book became meanwhile, such as by the row before, or a new one.
func (c *committer) title(b *store.Bulk, r *row, candidate Candidate) (p place, why say.Text, err error) {
	if candidate.Own != "" {
		p.id, err = one(b, "SELECT COALESCE(NULLIF(merged_into, ''), id) FROM titles WHERE id = ?", candidate.Own)
		if err == nil && p.id == "" {
			why = say.T("adds.title_gone")
		}
	} else {
		record, failure := marc.Decode([]byte(candidate.MARC))
		if failure != nil {
			return p, why, failure
		}
		keys, failure := marshal(isbnKeys(marc.Extract(record), r.ISBN))
		if failure != nil {
			return p, why, failure
		}
		p.id, err = one(b, ownByISBN, string(keys))
	}
	if err != nil || why.Key != "" {
		return p, why, err
	}
	if p.id == "" {
		return place{id: newID(), fresh: true}, why, nil
	}
	line, err := b.Row("SELECT COUNT(*) FROM items WHERE title = ? AND status != 'withdrawn'", p.id)
	if err == nil {
		err = line.Scan(&p.copies)
	}
	return p, why, err
}

// isbnKeys are the keys by which the very same book is found again: the scanned number with the title, not whatever else the record names.
func isbnKeys(facts marc.Facts, number string) []string {
	if number == "" {
		return []string{}
	}
	return []string{"isbn:" + number + ":" + facts.TitleKey}
}

// label finds the barcode of a row: its own, which may be taken by now, else the next of the batch. A number of the batch that is taken is passed over,
// as its label is on another book already.
func (c *committer) label(b *store.Bulk, r *row) (code string, why say.Text, err error) {
	if r.Barcode != "" {
		title, err := one(b, "SELECT COALESCE((SELECT title FROM titles WHERE titles.id = items.title), items.barcode) FROM items WHERE barcode = ?", r.Barcode)
		if err == nil && title != "" {
			why = say.T("adds.barcode_taken", r.Barcode, title)
		}
		return r.Barcode, why, err
	}
	for code = c.batch.NextBarcode; code != ""; code = after(code) {
		if beyond(code, c.batch.LastBarcode) {
			return "", say.T("adds.labels_used_up", c.batch.LastBarcode), nil
		}
		taken, err := one(b, "SELECT id FROM items WHERE barcode = ?1 UNION ALL SELECT id FROM adds WHERE barcode = ?1 AND item = ''", code)
		if err != nil {
			return "", why, err
		}
		if taken == "" {
			c.batch.NextBarcode = after(code)
			return code, why, b.Exec("UPDATE settings SET value = json_set(value, '$.next_barcode', ?) WHERE key = ?", c.batch.NextBarcode, site.BatchKey)
		}
	}
	return "", why, nil
}

func (c *committer) item(r *row, candidate Candidate, title place, label string) collections.Item {
	item := collections.Item{
		ID: newID(), Title: title.id, Barcode: label, Type: c.batch.Type, Location: c.batch.Location, CallNumber: r.CallNumber, Acquired: c.work.Today,
		Vendor: c.batch.Vendor, Fund: c.batch.Fund, PriceCents: c.batch.Price,
	}
	if item.CallNumber == "" {
		item.CallNumber = candidate.CallNumber
	}
	if c.batch.Price > 0 {
		item.Currency = c.currency
	}
	if title.copies > 0 {
		item.Copy = copyText(title.copies + 1)
	}
	return item
}

// stay keeps a row in the queue and says why. What was found and chosen stays with it.
func stay(b *store.Bulk, id string, why say.Text) error {
	data, err := marshal(why)
	if err != nil {
		return err
	}
	return b.Exec("UPDATE adds SET state = 'needs', why = ?, updated = ? WHERE id = ?", string(data), now(), id)
}

func one(b *store.Bulk, query string, args ...any) (text string, err error) {
	line, err := b.Row(query, args...)
	if err != nil {
		return "", err
	}
	if err := line.Scan(&text); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", err
	}
	return text, nil
}

func newID() string {
	return security.PseudorandomStringWithAlphabet(core.DefaultIdLength, core.DefaultIdAlphabet)
}

func now() string { return types.NowDateTime().String() }

// Reopen puts the rows of an import that was taken back into the queue again, with their labels. A copy that was lent since is still there, and its row
// stays away. Copies of own titles are looked up anew: the title may have come with the import.
func Reopen(app core.App, id string) error {
	_, err := app.DB().NewQuery(`UPDATE adds SET import = '', item = '', state = CASE state WHEN 'own' THEN 'new' ELSE state END,
		chosen = CASE state WHEN 'own' THEN 0 ELSE chosen END, updated = {:now}
		WHERE import = {:id} AND item NOT IN (SELECT id FROM items)`).Bind(dbx.Params{"id": id, "now": now()}).Execute()
	return err
}

// Forget drops the rows that an import added, once it can no longer be taken back.
func Forget(app core.App, id string) error {
	_, err := app.DB().Delete(collections.Adds, dbx.HashExp{"import": id}).Execute()
	return err
}

// Today is the day on which a batch is added, in the school's zone.
func Today(app core.App, at time.Time) (policy.Day, error) {
	house, err := site.Open(app)
	if err != nil {
		return 0, err
	}
	return policy.DayOf(at, house.Calendar.Zone), nil
}
