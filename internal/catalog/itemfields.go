package catalog

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/fault"
	"carrel/internal/money"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// ItemFields are what is set of an item by hand. nil leaves a field as it is, an empty text empties it.
type ItemFields struct {
	Barcode    *string `json:"barcode,omitempty"`
	Location   *string `json:"location,omitempty"` // id
	Type       *string `json:"type,omitempty"`     // id
	CallNumber *string `json:"call_number,omitempty"`
	Copy       *string `json:"copy,omitempty"`
	NotForLoan *bool   `json:"not_for_loan,omitempty"`
	PublicNote *string `json:"public_note,omitempty"`
	StaffNote  *string `json:"staff_note,omitempty"`
	Acquired   *string `json:"acquired,omitempty"` // YYYY-MM-DD
	Price      *string `json:"price,omitempty"`    // "18.99"
	Currency   *string `json:"currency,omitempty"` // ISO 4217
	Vendor     *string `json:"vendor,omitempty"`
	Fund       *string `json:"fund,omitempty"`
}

// HasMoney tells whether something is set that is for the librarian alone.
func (f ItemFields) HasMoney() bool {
	return f.Price != nil || f.Currency != nil || f.Vendor != nil || f.Fund != nil
}

// FitItem is what ItemFields become once they are known to be fit: every text is as it will be stored.
type FitItem struct {
	texts      map[string]string
	acquired   *policy.Day
	cents      *int
	notForLoan *bool
}

// itemText is a text of ItemFields: its name, the most characters it has room for, where it is typed and stored, and whether it may have several lines.
type itemText struct {
	name   string
	max    int
	typed  func(*ItemFields) *string
	stored func(*collections.Item) *string
	lines  bool
}

var itemTexts = []itemText{
	{"barcode", barcode.MaxLength, func(f *ItemFields) *string { return f.Barcode }, func(i *collections.Item) *string { return &i.Barcode }, false},
	{"location", 15, func(f *ItemFields) *string { return f.Location }, func(i *collections.Item) *string { return &i.Location }, false},
	{"type", 15, func(f *ItemFields) *string { return f.Type }, func(i *collections.Item) *string { return &i.Type }, false},
	{"call_number", 200, func(f *ItemFields) *string { return f.CallNumber }, func(i *collections.Item) *string { return &i.CallNumber }, false},
	{"copy", 40, func(f *ItemFields) *string { return f.Copy }, func(i *collections.Item) *string { return &i.Copy }, false},
	{"public_note", 2000, func(f *ItemFields) *string { return f.PublicNote }, func(i *collections.Item) *string { return &i.PublicNote }, true},
	{"staff_note", 2000, func(f *ItemFields) *string { return f.StaffNote }, func(i *collections.Item) *string { return &i.StaffNote }, true},
	{"currency", 3, func(f *ItemFields) *string { return f.Currency }, func(i *collections.Item) *string { return &i.Currency }, false},
	{"vendor", 200, func(f *ItemFields) *string { return f.Vendor }, func(i *collections.Item) *string { return &i.Vendor }, false},
	{"fund", 200, func(f *ItemFields) *string { return f.Fund }, func(i *collections.Item) *string { return &i.Fund }, false},
}

func unfitItem(field, key string, args ...any) *fault.Error {
	return fault.New("catalog.ItemFields", fault.Invalid, key, args...).At(field)
}

// Fit makes what was typed fit to be stored. The code is fault.Invalid at the field. Whether a barcode is free is asked where it is given.
func (f ItemFields) Fit(app core.App) (fit FitItem, err error) {
	fit.texts, fit.notForLoan = map[string]string{}, f.NotForLoan
	for _, field := range itemTexts {
		typed := field.typed(&f)
		if typed == nil {
			continue
		}
		text := tidy(*typed, field.lines)
		if utf8.RuneCountInString(text) > field.max {
			return fit, unfitItem(field.name, "items.long", field.max)
		}
		fit.texts[field.name] = text
	}
	if err := fit.check(app); err != nil {
		return fit, err
	}
	if f.Acquired != nil {
		day, err := policy.ParseDay(strings.TrimSpace(*f.Acquired))
		if err != nil {
			return fit, unfitItem("acquired", "door.bad_day")
		}
		fit.acquired = &day
	}
	if f.Price != nil {
		cents, err := parsePrice(*f.Price)
		if err != nil {
			return fit, err
		}
		fit.cents = &cents
	}
	return fit, nil
}

func (f FitItem) check(app core.App) error {
	if code := f.texts["barcode"]; barcode.IsCard(code) {
		return unfitItem("barcode", "items.barcode_card")
	}
	if currency, set := f.texts["currency"]; set && currency != "" {
		f.texts["currency"] = strings.ToUpper(currency)
		if len(currency) != 3 || strings.Trim(f.texts["currency"], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return unfitItem("currency", "items.currency", currency)
		}
	}
	for field, table := range map[string]string{"location": collections.Locations, "type": collections.ItemTypes} {
		id := f.texts[field]
		if id == "" {
			continue
		}
		var known int
		if err := app.DB().Select("COUNT(*)").From(table).Where(dbx.HashExp{"id": id}).Row(&known); err != nil {
			return err
		}
		if known == 0 {
			return unfitItem(field, "items.unknown_"+field).Named("unknown_" + field)
		}
	}
	return nil
}

// parsePrice reads an amount; nothing is no price.
func parsePrice(text string) (int, error) {
	if strings.TrimSpace(text) == "" {
		return 0, nil
	}
	cents, err := money.Parse(text)
	if err == nil {
		return cents, nil
	}
	if f, ok := fault.Wrap("catalog.parsePrice", err).(*fault.Error); ok { //nolint:errorlint // Wrap answers a fault itself
		return 0, f.At("price")
	}
	return 0, err
}

// tidy takes off what cannot be seen, and but for lines every blank that is not between two words.
func tidy(text string, lines bool) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), ""))
	if lines {
		return strings.TrimSpace(text)
	}
	return strings.Join(strings.Fields(text), " ")
}

// Over lays fields over an item and names those that are another than before, in the order of the form.
func (f FitItem) Over(item collections.Item) (_ collections.Item, changed []string) {
	for _, field := range itemTexts {
		text, set := f.texts[field.name]
		if stored := field.stored(&item); set && *stored != text {
			*stored, changed = text, append(changed, field.name)
		}
	}
	if f.notForLoan != nil && *f.notForLoan != item.NotForLoan {
		item.NotForLoan, changed = *f.notForLoan, append(changed, "not_for_loan")
	}
	if f.acquired != nil && *f.acquired != item.Acquired {
		item.Acquired, changed = *f.acquired, append(changed, "acquired")
	}
	if f.cents != nil && *f.cents != item.PriceCents {
		item.PriceCents, changed = *f.cents, append(changed, "price")
	}
	if slices.Contains(changed, "barcode") {
		item.BarcodeKey = barcode.Key(item.Barcode)
	}
	return item, changed
}
