package catalog

import (
	"encoding/json"
	"strings"

	"carrel/collections"
	"carrel/internal/marc"
	"carrel/internal/say"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"
)

// importer writes parsed records. What it needs of the store it asks record by record, inside the transaction that writes. A dry run
// works on a copy of the store, so it does exactly what the import will do.
type importer struct {
	bulk      *store.Bulk
	close     func()
	options   ImportOptions
	summary   *Summary
	durable   struct{ titles, items Counts } // of summary
	types     vocabulary
	locations vocabulary
	written   map[string]bool // ids of the titles that records of this import have become
}

func newImporter(app core.App, options ImportOptions, summary *Summary) (w *importer, err error) {
	w = &importer{
		options: options, summary: summary, written: map[string]bool{},
		types: newVocabulary("item_types", options.Map.Types), locations: newVocabulary("locations", options.Map.Locations),
	}
	if options.DryRun {
		w.bulk, w.close, err = store.NewDraft(app)
	} else if w.bulk, err = store.NewBulk(app, options.Serving); err == nil {
		w.close = w.bulk.Abort
	}
	if err != nil {
		return nil, err
	}
	w.bulk.Around(options.Frame)
	return w, nil
}

func newID() string {
	return security.PseudorandomStringWithAlphabet(core.DefaultIdLength, core.DefaultIdAlphabet)
}

// title imports one record with its items, whole.
func (w *importer) title(file string, p *parsed) error {
	w.remark(file, p)
	err := w.bulk.Do(func(b *store.Bulk) error { return w.put(b, file, p) })
	if err == nil && !w.bulk.Pending() {
		w.durable.titles, w.durable.items = w.summary.Titles, w.summary.Items
	}
	return err
}

func (w *importer) flush() error {
	err := w.bulk.Flush()
	if err == nil {
		w.durable.titles, w.durable.items = w.summary.Titles, w.summary.Items
	}
	return err
}

// remark passes on what is odd about a record.
func (w *importer) remark(file string, p *parsed) {
	for _, repair := range p.repairs {
		w.summary.warn(Warning{File: file, Record: p.record, Title: p.name(), Code: repair.Code, Text: repairText(repair)})
	}
	for _, number := range p.wrong {
		w.summary.warn(Warning{File: file, Record: p.record, Title: p.name(), Code: "wrong_isbn", Text: say.T("catalog.warn.wrong_isbn", number)})
	}
}

// repairText is what was repaired in a record.
func repairText(repair marc.Repair) say.Text {
	text := say.T("catalog.repair." + repair.Code)
	if repair.Tag != "" {
		text = say.T("catalog.repair_in", repair.Tag, text)
	}
	return text
}

func (w *importer) put(b *store.Bulk, file string, p *parsed) error {
	old, found, err := w.match(b, p)
	if err != nil {
		return err
	}
	if found && w.options.Match == MatchSkip {
		w.summary.Titles.Skipped++
		w.summary.Items.Skipped += len(p.items)
		return w.met(b, collections.Titles, old.id)
	}
	switch {
	case !found:
		old = known{id: w.titleID(p), added: true}
	case p.list != nil:
		if err := p.over(b, old); err != nil {
			return err
		}
	}
	w.written[old.id] = true
	title := titleOf(p, old.id)
	changed, err := w.putTitle(b, p, title, old)
	if err != nil {
		return err
	}
	items, touched, err := w.items(b, file, p, old)
	if err == nil && w.options.First != nil && !w.options.First(title, items) {
		w.options.First = nil
	}
	if err != nil || !changed && !touched {
		return err
	}
	if old.merged {
		return Refresh(b, old.id)
	}
	return index(b, p, title, items, old)
}

func (w *importer) met(b *store.Bulk, table, id string) error {
	if w.options.Met == nil {
		return nil
	}
	return w.options.Met(b, table, id)
}

// titleID is the id of a new title. An import with a seed gives a record the same one each time.
func (w *importer) titleID(p *parsed) string {
	if w.options.Seed == "" {
		return newID()
	}
	return store.SeededID(w.options.Seed, p.record)
}

// mine finds the title that a record became when this very import was cut off before.
func (w *importer) mine(b *store.Bulk, p *parsed) (title known, found bool, err error) {
	if w.options.Seed == "" {
		return title, false, nil
	}
	return scanKnown(b, "SELECT id, marc, item_tag FROM titles WHERE id = ?", w.titleID(p))
}

// known is the title of a record as the store has it; added says that the record makes it. merged says that the record is of a title for which this
// one stands: its items come here, and this title keeps its own record.
type known struct {
	id      string
	marc    string
	itemTag string
	added   bool
	merged  bool
}

// findTitle also answers the number that the source of a record gave the title, as a key. A title that was merged into another answers as that one.
const findTitle = `SELECT titles.id, titles.marc, titles.item_tag, matched.merged_into != '',
		COALESCE((SELECT own.key FROM title_keys AS own WHERE own.title_id = matched.id AND own.key >= ?2 AND own.key < ?2 || char(0x10FFFF)), '')
	FROM title_keys JOIN titles AS matched ON matched.id = title_keys.title_id
		JOIN titles ON titles.id = CASE matched.merged_into WHEN '' THEN matched.id ELSE matched.merged_into END
	WHERE title_keys.key = ?1 ORDER BY matched.merged_into != '', matched.rowid`

// match finds the title of a record by its keys, the surest first.
func (w *importer) match(b *store.Bulk, p *parsed) (title known, found bool, err error) {
	keys := p.keys
	if w.options.Match == MatchAdd {
		keys = nil
	}
	if title, found, err = w.matchListed(b, p); found || err != nil {
		return title, found, err
	}
	for _, key := range keys {
		title, found, err = w.matchKey(b, p, key)
		if found || err != nil {
			return title, found, err
		}
	}
	if title, found, err = w.matchBarcode(b, p); found || err != nil {
		return title, found, err
	}
	return w.mine(b, p)
}

func (w *importer) matchKey(b *store.Bulk, p *parsed, key string) (title known, found bool, err error) {
	source := "control:" + p.facts.ControlSource + ":"
	rows, err := b.Rows(findTitle, key, source)
	if err != nil {
		return title, false, err
	}
	defer rows.Close()
	for rows.Next() {
		var number string
		if err := rows.Scan(&title.id, &title.marc, &title.itemTag, &title.merged, &number); err != nil {
			return title, false, err
		}
		if number == key || number == "" || !w.apart(p, title.id) {
			return title, true, nil
		}
	}
	return known{}, false, rows.Err()
}

// apart tells whether a record and a title that its source numbers differently stay two titles although they share an LCCN or
// an ISBN: a source that counts two means two. Numbers of nobody in particular only say so within one import.
func (w *importer) apart(p *parsed, title string) bool {
	return p.facts.ControlNumber != "" && (p.facts.ControlSource != "" || w.written[title])
}

// putTitle writes the title of a record unless it is there as it is.
func (w *importer) putTitle(b *store.Bulk, p *parsed, title collections.Title, old known) (changed bool, err error) {
	switch {
	case old.added:
		w.summary.Titles.Added++
	case old.marc != p.marc && !old.merged:
		w.summary.Titles.Updated++
	default:
		w.summary.Titles.Skipped++
		if err := w.met(b, collections.Titles, old.id); err != nil || old.merged {
			return false, err
		}
		return false, w.putItemTag(b, p, old)
	}
	if !old.added && old.marc != "" {
		if err := b.Exec(insertVersion, old.id, types.NowDateTime().String(), "", HowImport, "", old.marc); err != nil {
			return false, err
		}
	}
	return true, writeTitle(b, title, p.keys, old.added)
}

// putItemTag notes where the items of a record are that was imported without them before.
func (w *importer) putItemTag(b *store.Bulk, p *parsed, old known) error {
	if p.itemTag == old.itemTag || p.itemTag == "" {
		return nil
	}
	return b.Exec("UPDATE titles SET item_tag = ? WHERE id = ?", p.itemTag, old.id)
}

// index makes a title that changed findable as it is now.
func index(b *store.Bulk, p *parsed, title collections.Title, items []collections.Item, old known) error {
	if old.added {
		return AddDoc(b, MakeDoc(title, p.facts, items))
	}
	if p.list == nil { // a table leaves every field where it was
		if err := unplace(b, old.id, items); err != nil {
			return err
		}
	}
	all, err := shelvedItems(b, old.id)
	if err != nil {
		return err
	}
	return PutDoc(b, MakeDoc(title, p.facts, all))
}

// unplace tells the items that the new record does not speak of that they have no field in it.
func unplace(b *store.Bulk, title string, items []collections.Item) error {
	placed := make([]string, len(items))
	for i, item := range items {
		placed[i] = item.ID
	}
	ids, err := json.Marshal(placed)
	if err != nil {
		return err
	}
	return b.Exec("UPDATE items SET marc_index = 0 WHERE title = ? AND marc_index > 0 AND id NOT IN (SELECT value FROM json_each(?))", title, string(ids))
}

// titleOf is the title a record makes. Texts are cut to what the store holds; the record keeps them whole.
func titleOf(p *parsed, id string) collections.Title {
	f := &p.facts
	title := collections.Title{
		ID: id, Title: clip(f.Title, 4000), SortTitle: clip(f.SortTitle, 4000), Author: clip(f.Author, 1000), Publisher: clip(f.Publisher, 1000),
		Year: f.Year, Language: f.Language, Type: f.Type, Audience: f.Audience, CallNumber: clip(f.CallNumber, 200),
		Series: clip(strings.Join(f.Series, "; "), 2000), Level: clip(level(f), 200), Summary: clip(f.Summary, 20000),
		ItemTag: p.itemTag, MARC: p.marc,
	}
	if len(f.ISBNs) > 0 {
		title.ISBN = f.ISBNs[0]
	}
	return title
}

// clip cuts a text to at most max characters.
func clip(text string, max int) string {
	if len(text) <= max {
		return text
	}
	if runes := []rune(text); len(runes) > max {
		return string(runes[:max])
	}
	return text
}

// level is the reading level as a school shows it.
func level(f *marc.Facts) string {
	if f.Lexile != "" {
		return f.Lexile
	}
	return f.ReadingLevel
}

const (
	insertTitle = `INSERT OR FAIL INTO titles (title, sort_title, author, publisher, year, language, type, audience, call_number, isbn, series, level,
		summary, item_tag, marc, updated, id, created, cover) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')`
	updateTitle = `UPDATE OR FAIL titles SET title = ?, sort_title = ?, author = ?, publisher = ?, year = ?, language = ?, type = ?, audience = ?,
		call_number = ?, isbn = ?, series = ?, level = ?, summary = ?, item_tag = ?, marc = ?, updated = ? WHERE id = ?`
	insertKey  = "INSERT OR IGNORE INTO title_keys (key, title_id) VALUES (?, ?)"
	deleteKeys = "DELETE FROM title_keys WHERE title_id = ?"
)

func writeTitle(b *store.Bulk, t collections.Title, keys []string, added bool) error {
	now := types.NowDateTime().String()
	values := []any{
		t.Title, t.SortTitle, t.Author, t.Publisher, t.Year, t.Language, t.Type, t.Audience, t.CallNumber, t.ISBN,
		t.Series, t.Level, t.Summary, t.ItemTag, t.MARC, now, t.ID,
	}
	statement := updateTitle
	if added {
		statement, values = insertTitle, append(values, now)
	} else if err := b.Exec(deleteKeys, t.ID); err != nil {
		return err
	}
	if err := b.Exec(statement, values...); err != nil {
		return err
	}
	for _, key := range keys {
		if err := b.Exec(insertKey, key, t.ID); err != nil {
			return err
		}
	}
	return nil
}
