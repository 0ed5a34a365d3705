package marc

import "strings"

// What a record may say about the state of an item.
const (
	StatusWithdrawn  = "withdrawn"
	StatusLost       = "lost"
	StatusDamaged    = "damaged"
	StatusNotForLoan = "not_for_loan"
	StatusRestricted = "restricted"
	StatusMissing    = "missing" // of no field: lists have it
)

// ItemFacts is what one field says about one item. FieldIndex is its place in Record.Fields.
type ItemFacts struct {
	Tag         string
	FieldIndex  int
	Barcode     string // "" for an item that still needs one
	CallNumber  string
	ItemType    string
	Category    string
	Location    string
	Site        string
	Copy        string
	Volume      string
	PriceCents  int    // 0 when unknown
	Currency    string // ISO 4217, "" when not said
	Acquired    string // YYYY-MM-DD, "" when unknown
	Vendor      string
	Funds       []string
	Status      string // one of the Status constants, or ""
	PublicNotes []string
	StaffNotes  []string
}

// AutoItems lets Items recognise which field carries the items.
const AutoItems = "auto"

// Items reads the items of a record from the fields with this tag (852, 949, 952), or from the
// tag that carries them when it is AutoItems. Any other tag gives none.
func Items(r Record, tag string) []ItemFacts {
	if tag == AutoItems {
		tag = ItemTag(r)
	}
	way := itemTagOf(tag)
	if way == nil {
		return nil
	}
	var items []ItemFacts
	for i := range r.Fields {
		if field := &r.Fields[i]; field.Tag == tag && (way.isItem(field) || way.barcode.find(field) >= 0) {
			item := way.read(field)
			item.FieldIndex = i
			item.Barcode = strings.Clone(item.Barcode) // imports keep every barcode they saw
			items = append(items, item)
		}
	}
	return items
}

// ItemTag is the tag that carries the items of a record: the one with most barcodes; without any
// barcode the first that describes items; "" when none does.
func ItemTag(r Record) string {
	best, most, described := "", 0, ""
	for i := range itemTags {
		way, barcodes := &itemTags[i], 0
		for j := range r.Fields {
			field := &r.Fields[j]
			if field.Tag != way.tag {
				continue
			}
			if way.barcode.find(field) >= 0 {
				barcodes++
			} else if described == "" && way.isItem(field) {
				described = way.tag
			}
		}
		if barcodes > most {
			best, most = way.tag, barcodes
		}
	}
	if most > 0 {
		return best
	}
	return described
}

func itemTagOf(tag string) *itemTag {
	for i := range itemTags {
		if itemTags[i].tag == tag {
			return &itemTags[i]
		}
	}
	return nil
}

// find is the first subfield, by the order of codes, with a value that fits, or -1.
func (s *slot) find(field *Field) int {
	for i := range len(s.codes) {
		for j, sub := range field.Subfields {
			value := strings.TrimSpace(sub.Value)
			if sub.Code == s.codes[i] && value != "" && (s.fits == nil || s.fits(value)) {
				return j
			}
		}
	}
	return -1
}

func (s *slot) read(field *Field) string {
	if at := s.find(field); at >= 0 {
		return strings.TrimSpace(field.Subfields[at].Value)
	}
	return ""
}

// read makes facts of a field.
func (t *itemTag) read(field *Field) ItemFacts {
	item := ItemFacts{Tag: t.tag, Barcode: t.barcode.read(field)}
	for i := range t.slots {
		*t.slots[i].value(&item) = t.slots[i].read(field)
	}
	item.CallNumber = t.callNumber(field)
	if at := t.priceAt(field); at >= 0 {
		item.PriceCents, item.Currency, _ = parsePrice(field.Subfields[at].Value, t.bareCents)
	}
	for i := range len(t.acquired) {
		item.Acquired = parseDate(field.First(t.acquired[i]))
	}
	for _, sub := range field.Subfields {
		value := strings.TrimSpace(sub.Value)
		switch {
		case value == "":
		case sub.Code == t.staff && t.details && item.readDetails(value):
		case sub.Code == t.staff:
			item.StaffNotes = append(item.StaffNotes, value)
		case sub.Code == t.public:
			item.PublicNotes = append(item.PublicNotes, value)
		}
	}
	for _, status := range t.statuses {
		if value := strings.TrimSpace(field.First(status.code)); value != "" && value != "0" && item.Status == "" {
			item.Status = status.name
		}
	}
	return item
}

// callNumber joins the parts of the call number, whatever their order in the field.
func (t *itemTag) callNumber(field *Field) string {
	var parts []string
	barcode := t.barcode.find(field)
	for i := range len(t.call) {
		for j, sub := range field.Subfields {
			if sub.Code == t.call[i] && j != barcode {
				parts = append(parts, strings.Fields(sub.Value)...)
			}
		}
	}
	return strings.Join(parts, " ")
}

// priceAt is the subfield with the price, or -1.
func (t *itemTag) priceAt(field *Field) int {
	barcode := t.barcode.find(field)
	for i := range len(t.price) {
		for j, sub := range field.Subfields {
			if sub.Code != t.price[i] || j == barcode {
				continue
			}
			if cents, _, ok := parsePrice(sub.Value, t.bareCents); ok && cents > 0 {
				return j
			}
		}
	}
	return -1
}
