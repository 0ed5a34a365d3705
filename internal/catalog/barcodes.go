package catalog

import (
	"cmp"

	"carrel/internal/barcode"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// recentItems is how many of the newest items tell the usual shape of a barcode: what a library sticks on its books today counts, not what it did once.
const recentItems = 300

// NextBarcode is the number after the largest of the usual shape. Reading it reserves nothing.
func NextBarcode(app core.App) (string, error) {
	codes, err := NextBarcodes(app, 1, "")
	if err != nil {
		return "", err
	}
	return codes[0], nil
}

// NextBarcodes are n barcodes that are free, one after the other: from first on, or where that is empty after the largest of the usual shape. The code is
// fault.Invalid (barcode) when there are no more.
func NextBarcodes(app core.App, n int, first string) (codes []string, err error) {
	shape, number, err := startOf(app, first)
	if err != nil {
		return nil, err
	}
	for len(codes) < n {
		code, ok := shape.Code(number)
		if !ok {
			return nil, fault.New("catalog.NextBarcodes", fault.Invalid, "items.no_barcodes").Named("no_barcodes").At("barcode")
		}
		free, err := isFree(app, code)
		if err != nil {
			return nil, err
		}
		if free {
			codes = append(codes, code)
		}
		number++
	}
	return codes, nil
}

// startOf is the shape and the number of the first barcode to be tried.
func startOf(app core.App, first string) (shape barcode.Shape, number int64, err error) {
	if first != "" {
		shape, ok := barcode.ShapeOf(first)
		if !ok {
			return shape, 0, fault.New("catalog.NextBarcodes", fault.Invalid, "items.no_series", first).Named("no_series").At("barcode")
		}
		number, _ = shape.Number(first)
		return shape, number, nil
	}
	shape, err = usualShape(app)
	if err != nil {
		return shape, 0, err
	}
	number, err = largest(app, shape)
	return shape, number + 1, err
}

// usualShape is the shape that most of the newest items have; of two equally frequent ones that of the newest item.
func usualShape(app core.App) (usual barcode.Shape, err error) {
	var codes []string
	err = app.DB().NewQuery("SELECT barcode FROM items WHERE barcode != '' ORDER BY rowid DESC LIMIT {:n}").Bind(dbx.Params{"n": recentItems}).Column(&codes)
	if err != nil {
		return usual, err
	}
	times := map[barcode.Shape]int{}
	usual, _ = barcode.ShapeOf(barcode.First)
	most := 0
	for _, code := range codes {
		if shape, ok := barcode.ShapeOf(code); ok {
			times[shape]++
		}
	}
	for _, code := range codes { // in order, so that the answer is always the same
		if shape, ok := barcode.ShapeOf(code); ok && times[shape] > most {
			usual, most = shape, times[shape]
		}
	}
	return usual, nil
}

// largest is the largest number in use of a shape, or of a wider one where its numbers have been used up; 0 for none.
func largest(app core.App, shape barcode.Shape) (number int64, err error) {
	for {
		last, err := largestOf(app, shape)
		if err != nil || shape.Checked || last == 0 {
			return max(number, last), err
		}
		number = max(number, last)
		code, _ := shape.Code(last + 1)
		if wider := shape.Wider(); len(code) == len(shape.Prefix)+wider.Digits {
			shape = wider
			continue
		}
		return number, nil
	}
}

// largestOf asks the index of barcodes from its end. Codes with the same beginning and length may yet be of another shape.
func largestOf(app core.App, shape barcode.Shape) (number int64, err error) {
	rows, err := app.DB().NewQuery(`SELECT barcode FROM items WHERE barcode != '' AND barcode >= {:from} AND barcode < {:to} AND length(barcode) = {:length}
		ORDER BY barcode DESC`).Bind(dbx.Params{
		"from": shape.Prefix + "0", "to": shape.Prefix + ":", "length": len(shape.Prefix) + shape.Digits + map[bool]int{true: 1}[shape.Checked],
	}).Rows()
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var code string
		if err := rows.Scan(&code); err != nil {
			return 0, err
		}
		if number, ok := shape.Number(code); ok {
			return number, nil
		}
	}
	return 0, rows.Err()
}

// isFree tells whether no item has a barcode, or one that a scanner could take for it.
func isFree(app core.App, code string) (bool, error) {
	_, taken, err := holderOf(app, code, "")
	return !taken, err
}

// Holder is the item that has a barcode.
type Holder struct {
	ID         string `db:"id" json:"id"`
	Barcode    string `db:"barcode" json:"barcode"`
	TitleID    string `db:"title_id" json:"title_id"`
	Title      string `db:"title" json:"title"`
	Author     string `db:"author" json:"author"`
	CallNumber string `db:"call_number" json:"call_number"`
}

// holderOf finds another item than the given one whose barcode a scanner could take for code.
func holderOf(app core.App, code, item string) (holder Holder, found bool, err error) {
	var all []Holder
	err = app.DB().NewQuery(`SELECT i.id, i.barcode, t.id AS title_id, t.title, t.author, COALESCE(NULLIF(i.call_number, ''), t.call_number) AS call_number
		FROM items i JOIN titles t ON t.id = i.title WHERE i.barcode_key = {:key} AND i.barcode != '' AND i.id != {:id} LIMIT 1`).
		Bind(dbx.Params{"key": barcode.Key(code), "id": item}).All(&all)
	if err != nil || len(all) == 0 {
		return holder, false, err
	}
	return all[0], true, nil
}

// Taken is the cause of a fault.Conflict named barcode_taken: the item that has it.
type Taken struct{ Holder Holder }

func (t *Taken) Error() string { return "taken by item " + t.Holder.ID }

// takenFault names the title that has a barcode.
func takenFault(op string, holder Holder) error {
	return fault.New(op, fault.Conflict, "items.barcode_taken", holder.Barcode, cmp.Or(holder.Title, holder.ID)).
		Named("barcode_taken").At("barcode").Because(&Taken{holder})
}
