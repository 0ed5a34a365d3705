package catalog

import (
	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/marc"
	"carrel/internal/store"
)

// AddTitle writes a new title made of a record, without items. It is found once its place in the index is made: Refresh belongs in the same transaction.
func AddTitle(b *store.Bulk, id string, record marc.Record) error {
	p := &parsed{marc: string(marc.Encode(record)), facts: marc.Extract(record)}
	return writeTitle(b, titleOf(p, id), nil, true)
}

// AddItem writes a new item of a title; done is false when another item has its barcode. It belongs in one transaction with Refresh of the title.
func AddItem(b *store.Bulk, item collections.Item) (done bool, err error) {
	item.BarcodeKey = clip(barcode.Key(item.Barcode), barcode.MaxLength)
	if item.Status == "" {
		item.Status = collections.ItemAvailable
	}
	return writeItem(b, item, true)
}
