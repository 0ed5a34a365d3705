package imports

import (
	"cmp"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/core"
)

const (
	maxChanges  = 100 // that are listed one by one
	maxRelabels = 5000
)

// ItemChange is a bulk change of items as somebody asked for it.
type ItemChange struct {
	Selection catalog.Selection `json:"selection"`
	Set       catalog.ItemSet   `json:"set"`
	Barcodes  []catalog.Relabel `json:"barcodes"`
}

// itemPlan is what is kept of it, as the file of the import: the items that were chosen then, so that preview and change are about the same ones.
type itemPlan struct {
	Items    []string          `json:"items"` // ids
	Set      catalog.ItemSet   `json:"set"`
	Barcodes []catalog.Relabel `json:"barcodes"`
}

// itemsReport is what a bulk change of items would do, or did.
type itemsReport struct {
	remarks
	Items       catalog.Counts `json:"items"`
	Changes     []itemChange   `json:"changes"` // the most frequent first
	MoreChanges int            `json:"more_changes,omitempty"`
	seen        map[catalog.Value]int
}

// itemChange is a value that becomes another, of n items. From and To are as people read them; not_for_loan is true or false.
type itemChange struct {
	What string `json:"what"`
	From string `json:"from"`
	To   string `json:"to"`
	N    int    `json:"n"`
}

func (r *itemsReport) brief() {
	r.remarks.brief()
	r.Changes = []itemChange{}
}

// ChangeItems begins a bulk change of items. It is read and applied as a file is. The codes are fault.Invalid (selection, set or the field, barcodes).
func (r *Runner) ChangeItems(asked ItemChange, staff string, lang say.Lang) (imp collections.Import, err error) {
	const op = "imports.ChangeItems"
	if len(asked.Barcodes) > maxRelabels {
		return imp, fault.New(op, fault.Invalid, "items.too_many_chosen", maxRelabels).At("barcodes")
	}
	plan := itemPlan{Set: asked.Set}
	if plan.Barcodes, err = catalog.KnownItems(r.app, asked.Barcodes); err != nil {
		return imp, err
	}
	edit, err := r.itemEdit(plan)
	if err != nil {
		return imp, err
	}
	if only := len(asked.Barcodes) > 0 && asked.Selection.Nothing(); only {
		asked.Selection.OfItems = edit.Labelled()
	}
	if plan.Items, err = asked.Selection.Items(r.app); err != nil {
		return imp, err
	}
	if len(plan.Items) == 0 {
		return imp, fault.New(op, fault.Invalid, "items.nothing_chosen").Named("nothing_chosen").At("selection")
	}
	imp = r.newImport(collections.ImportItems, staff, lang)
	if err := r.keepPlan(imp.ID, plan); err != nil {
		return imp, store.Explain(op, r.app.DataDir(), err)
	}
	return r.add(imp, Options{})
}

func (r *Runner) keepPlan(id string, plan itemPlan) error {
	text, err := json.Marshal(plan)
	if err != nil {
		return err
	}
	path := filePath(r.app, id)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

func (r *Runner) itemEdit(plan itemPlan) (*catalog.ItemEdit, error) {
	fees, err := site.LoadFees(r.app)
	if err != nil {
		return nil, err
	}
	return catalog.NewItemEdit(r.app, plan.Set, plan.Barcodes, fees.Currency)
}

// items changes the items of a plan, or with dry tells what that would do. A title with its items is one piece.
func (r *Runner) items(j *job, imp collections.Import, dry bool) (*itemsReport, error) {
	done := &itemsReport{remarks: newRemarks(0), Changes: []itemChange{}, seen: map[catalog.Value]int{}}
	var plan itemPlan
	text, err := os.ReadFile(filePath(r.app, imp.ID))
	if err == nil {
		err = json.Unmarshal(text, &plan)
	}
	if err != nil {
		return done, err
	}
	edit, err := r.itemEdit(plan)
	if err != nil {
		return done, err
	}
	done.Read = len(plan.Items)
	titles, chosen, err := catalog.ByTitle(r.app, plan.Items)
	if err != nil {
		return done, err
	}
	bad := refusedLabels(edit, chosen)
	b, err := store.NewBulk(r.app, true)
	if err != nil {
		return done, err
	}
	defer b.Abort()
	b.Around(untilCancelled(j.ctx))
	if !dry {
		b.Around(journaledUntilCancelled(j))
	}
	at := 0
	for _, title := range titles {
		j.at(at, done.Read)
		err := b.Do(func(b *store.Bulk) error {
			return edit.EditTitle(b, title, chosen[title], dry, func(edited catalog.EditedItem) {
				done.count(edited)
				if edited.Bad.Code != "" {
					bad = append(bad, edited.Bad)
				}
			})
		})
		if err != nil {
			return done, store.Explain("imports.items", r.app.DataDir(), err)
		}
		at += len(chosen[title])
	}
	if err := b.Flush(); err != nil {
		return done, store.Explain("imports.items", r.app.DataDir(), err)
	}
	j.at(done.Read, done.Read)
	if err := done.refuse(r.app, bad); err != nil {
		return done, err
	}
	done.Items.Skipped = done.Read - done.Items.Updated
	done.finish()
	return done, nil
}

// refusedLabels are the rows of barcodes that cannot be whatever is in the store, and those whose item is not among the chosen.
func refusedLabels(edit *catalog.ItemEdit, chosen map[string]map[string]bool) []catalog.BadLabel {
	bad := slices.Clone(edit.BadLabels())
	known := map[string]bool{}
	for _, items := range chosen {
		maps.Copy(known, items)
	}
	for _, item := range edit.Labelled() {
		if !known[item] {
			bad = append(bad, catalog.BadLabel{Row: edit.Row(item), Item: item, Code: "unknown_item", Text: say.T("items.label.unknown_item")})
		}
	}
	return bad
}

// refuse lists what is refused in the order of its rows, with what the items are called.
func (r *itemsReport) refuse(app core.App, bad []catalog.BadLabel) error {
	slices.SortFunc(bad, func(a, b catalog.BadLabel) int { return cmp.Compare(a.Row, b.Row) })
	for i, one := range bad {
		text := one.Text
		if i < maxRemarks { // those that are listed
			name, err := catalog.NameOf(app, one.Item)
			if err != nil {
				return err
			}
			if name != "" {
				text = say.T("items.label.of", name, text)
			}
		}
		r.reject(Remark{Record: one.Row, Column: "barcode", Code: one.Code, Text: text})
	}
	return nil
}

func (r *itemsReport) count(edited catalog.EditedItem) {
	if len(edited.Changes) == 0 {
		return
	}
	r.Items.Updated++
	for _, value := range edited.Changes {
		r.seen[value]++
	}
}

// finish lists what changes, the most frequent first.
func (r *itemsReport) finish() {
	for value, n := range r.seen {
		r.Changes = append(r.Changes, itemChange{value.What, clipValue(value.From), clipValue(value.To), n})
	}
	slices.SortFunc(r.Changes, func(a, b itemChange) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.What, b.What), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	if more := len(r.Changes) - maxChanges; more > 0 {
		r.Changes, r.MoreChanges = r.Changes[:maxChanges], more
	}
}

// maxValue is how much of a value is shown, in characters: a note may be a page.
const maxValue = 120

func clipValue(text string) string {
	runes := []rune(text)
	if len(runes) <= maxValue {
		return text
	}
	return string(runes[:maxValue]) + "…"
}
