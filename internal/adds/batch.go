package adds

import (
	"errors"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/fault"
	"carrel/internal/money"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// BatchChange is what a person says about every book of the batch; nil leaves as it is.
type BatchChange struct {
	Location    *string `json:"location"`
	Type        *string `json:"type"`
	Fund        *string `json:"fund"`
	Vendor      *string `json:"vendor"`
	Price       *string `json:"price"` // as people write it; "" is none
	NextBarcode *string `json:"next_barcode"`
	LastBarcode *string `json:"last_barcode"`
}

// OfMoney tells whether the change touches what is for librarians only.
func (c BatchChange) OfMoney() bool { return c.Fund != nil || c.Vendor != nil || c.Price != nil }

// SetBatch changes the batch. The code is fault.Invalid (location, type, fund, vendor, price, next_barcode, last_barcode).
func SetBatch(app core.App, change BatchChange) error {
	return app.RunInTransaction(func(app core.App) error {
		batch, err := site.LoadBatch(app)
		if err != nil {
			return err
		}
		if err := change.to(app, &batch); err != nil {
			return err
		}
		return site.SaveBatch(app, batch)
	})
}

func (c BatchChange) to(app core.App, batch *site.Batch) error {
	for _, one := range []struct {
		said  *string
		into  *string
		field string
		table string
	}{{c.Location, &batch.Location, "location", collections.Locations}, {c.Type, &batch.Type, "type", collections.ItemTypes}} {
		if one.said == nil {
			continue
		}
		if err := isThere(app, one.table, *one.said, one.field); err != nil {
			return err
		}
		*one.into = *one.said
	}
	for _, one := range []struct {
		said  *string
		into  *string
		field string
		most  int
	}{
		{c.Fund, &batch.Fund, "fund", 200}, {c.Vendor, &batch.Vendor, "vendor", 200},
		{c.NextBarcode, &batch.NextBarcode, "next_barcode", barcode.MaxLength}, {c.LastBarcode, &batch.LastBarcode, "last_barcode", barcode.MaxLength},
	} {
		if one.said == nil {
			continue
		}
		text := tidy(*one.said)
		if utf8.RuneCountInString(text) > one.most {
			return fault.New("adds.SetBatch", fault.Invalid, "adds.too_long", one.most).At(one.field)
		}
		*one.into = text
	}
	if c.Price != nil {
		batch.Price = 0
		if *c.Price != "" {
			cents, err := money.Parse(*c.Price)
			var why *fault.Error
			if errors.As(err, &why) {
				return why.At("price")
			}
			batch.Price = cents
		}
	}
	return checkRange(*batch, c)
}

// checkRange refuses a first label that cannot be counted up to the last.
func checkRange(batch site.Batch, c BatchChange) error {
	const op = "adds.SetBatch"
	if c.NextBarcode != nil && batch.NextBarcode != "" && after(batch.NextBarcode) == "" {
		return fault.New(op, fault.Invalid, "adds.no_number").At("next_barcode")
	}
	if c.LastBarcode != nil && batch.LastBarcode != "" && (batch.NextBarcode == "" || beyond(batch.NextBarcode, batch.LastBarcode)) {
		return fault.New(op, fault.Invalid, "adds.bad_range").At("last_barcode")
	}
	return nil
}

func isThere(app core.App, table, id, field string) error {
	if id == "" {
		return nil
	}
	var known int
	err := app.DB().Select("COUNT(*)").From(table).Where(dbx.HashExp{"id": id}).Row(&known)
	if err == nil && known == 0 {
		err = fault.New("adds.SetBatch", fault.Invalid, "adds.unknown_"+field).At(field)
	}
	return err
}
