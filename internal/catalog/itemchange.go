package catalog

import (
	"cmp"
	"encoding/json"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/fault"
	"carrel/internal/site"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// MostCopies is how many items are added to a title at once.
const MostCopies = 100

// NewItems asks for items of a title. With a barcode the first one gets it, and further ones those that follow.
type NewItems struct {
	Key    string // the same key again adds nothing and answers the same
	Title  string // id
	N      int    // 0 for one
	Fields ItemFields
}

// AddItems adds items to a title, all or none. The codes are fault.NotFound (unknown_title), fault.Invalid at the field, and fault.Conflict (barcode_taken
// because of *Taken, key_reused).
func AddItems(app core.App, asked NewItems) (added []ItemView, err error) {
	const op = "catalog.AddItems"
	asked.N = max(asked.N, 1)
	if asked.N > MostCopies {
		return nil, fault.New(op, fault.Invalid, "items.too_many", MostCopies).At("n")
	}
	err = app.RunInTransaction(func(app core.App) error {
		done, err := addedBefore(app, op, asked)
		if err != nil {
			return err
		}
		if !done {
			if err := addItems(app, op, asked); err != nil {
				return err
			}
		}
		added, err = readViews(app, "i.id IN (SELECT value FROM json_each({:ids})) ORDER BY i.rowid", dbx.Params{"ids": asked.ids()})
		return err
	})
	return added, err
}

// id is the id of the n-th item of a request: the same each time, so that the same key adds nothing twice.
func (a NewItems) id(n int) string { return store.SeededID("items "+a.Key, n) }

func (a NewItems) ids() string {
	ids := make([]string, a.N)
	for i := range ids {
		ids[i] = a.id(i)
	}
	list, _ := json.Marshal(ids) //nolint:errcheck // a list of texts is always a list of texts
	return string(list)
}

func addedBefore(app core.App, op string, asked NewItems) (bool, error) {
	first, done, err := collections.Find[collections.Item](app, "id = {:id}", dbx.Params{"id": asked.id(0)})
	if err == nil && done && first.Title != asked.Title {
		err = fault.New(op, fault.Conflict, "desk.key_reused").Named("key_reused")
	}
	return done, err
}

func addItems(app core.App, op string, asked NewItems) error {
	title, err := ownTitle(app, op, asked.Title)
	if err != nil {
		return err
	}
	item, err := newItem(app, asked.Fields)
	if err != nil {
		return err
	}
	codes := []string{item.Barcode}
	if item.Barcode != "" {
		if err := checkFree(app, op, item.Barcode, ""); err != nil {
			return err
		}
	}
	if item.Barcode == "" || asked.N > 1 {
		if codes, err = NextBarcodes(app, asked.N, item.Barcode); err != nil {
			return err
		}
	}
	for i, code := range codes {
		item.ID, item.Title, item.Barcode, item.BarcodeKey = asked.id(i), title.ID, code, barcode.Key(code)
		if _, err := collections.Insert(app, item); err != nil {
			return err
		}
	}
	return RefreshIn(app, title.ID)
}

// newItem is an item as typed, not yet of any title.
func newItem(app core.App, typed ItemFields) (item collections.Item, err error) {
	fit, err := typed.Fit(app)
	if err != nil {
		return item, err
	}
	item, _ = fit.Over(collections.Item{Status: collections.ItemAvailable})
	return item, withCurrency(app, &item)
}

// withCurrency gives a price the currency of the school, unless it has another.
func withCurrency(app core.App, item *collections.Item) error {
	if item.PriceCents == 0 || item.Currency != "" {
		return nil
	}
	fees, err := site.LoadFees(app)
	item.Currency = fees.Currency
	return err
}

// ownTitle finds a title that stands for itself. The code is fault.NotFound (unknown_title).
func ownTitle(app core.App, op, id string) (collections.Title, error) {
	title, found, err := collections.Find[collections.Title](app, "id = {:id} AND merged_into = ''", dbx.Params{"id": id})
	if err == nil && !found {
		err = fault.New(op, fault.NotFound, "items.unknown_title").Named("unknown_title").At("title")
	}
	return title, err
}

func checkFree(app core.App, op, code, item string) error {
	holder, taken, err := holderOf(app, code, item)
	if err == nil && taken {
		err = takenFault(op, holder)
	}
	return err
}

// ChangeItem sets fields of an item that was as of updated when the one who changes it looked. The codes are fault.NotFound (unknown_item), fault.Invalid at
// the field, and fault.Conflict: barcode_taken because of *Taken, and changed when somebody saved the item since; what is as it should be already is no conflict.
func ChangeItem(app core.App, id, updated string, typed ItemFields) (view ItemView, err error) {
	const op = "catalog.ChangeItem"
	err = app.RunInTransaction(func(app core.App) error {
		if err := changeItem(app, op, id, updated, typed); err != nil {
			return err
		}
		view, err = ItemOf(app, id)
		return err
	})
	return view, err
}

func changeItem(app core.App, op, id, updated string, typed ItemFields) error {
	before, err := ItemOf(app, id)
	if err != nil {
		return err
	}
	item, _, err := collections.Find[collections.Item](app, "id = {:id}", dbx.Params{"id": id})
	if err != nil {
		return err
	}
	fit, err := typed.Fit(app)
	if err != nil {
		return err
	}
	had := item.Barcode
	item, changed := fit.Over(item)
	if len(changed) == 0 {
		return nil
	}
	if before.Updated != updated {
		return fault.New(op, fault.Conflict, "items.changed", cmp.Or(had, id)).Named("changed")
	}
	if item.Barcode == "" && had != "" {
		return unfitItem("barcode", "items.barcode_needed")
	}
	if item.Barcode != had {
		if err := checkFree(app, op, item.Barcode, id); err != nil {
			return err
		}
	}
	if err := withCurrency(app, &item); err != nil {
		return err
	}
	if err := collections.Update(app, item); err != nil {
		return err
	}
	return RefreshIn(app, item.Title)
}

// usedItem tells whether anything was built on an item: a loan, a hold, or any fact but that it was seen.
const usedItem = `SELECT EXISTS (SELECT 1 FROM loans WHERE item = {:id}) OR EXISTS (SELECT 1 FROM holds WHERE wanted = {:id} OR caught = {:id})
	OR EXISTS (SELECT 1 FROM circ_events WHERE item = {:id} AND kind NOT IN ('` + collections.FactScan + `', '` + collections.FactSeen + `'))`

// DeleteItem takes away an item that was entered by mistake. One that was ever lent is withdrawn instead. The codes are fault.NotFound (unknown_item) and
// fault.Conflict (in_use).
func DeleteItem(app core.App, id string) error {
	const op = "catalog.DeleteItem"
	return app.RunInTransaction(func(app core.App) error {
		view, err := ItemOf(app, id)
		if err != nil {
			return err
		}
		var used bool
		if err := app.DB().NewQuery(usedItem).Bind(dbx.Params{"id": id}).Row(&used); err != nil {
			return err
		}
		if used {
			return fault.New(op, fault.Conflict, "items.in_use", cmp.Or(view.Barcode, id)).Named("in_use")
		}
		record, err := app.FindRecordById(collections.Items, id)
		if err != nil {
			return err
		}
		if err := app.Delete(record); err != nil {
			return err
		}
		return RefreshIn(app, view.Title)
	})
}
