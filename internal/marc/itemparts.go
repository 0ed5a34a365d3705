package marc

import "strings"

// ItemPart is one subfield of an item field, and which part of the item it is: barcode, location, item_type, copy, call_number, price, acquired, vendor,
// details (several in Follett's composite text), fund, public_note, staff_note, status, or "" for what only stays in the record.
type ItemPart struct {
	Code  byte
	Value string
	Goes  string
}

// ItemTags are the tags that may carry items, in the order in which they are preferred.
func ItemTags() (tags []string) {
	for i := range itemTags {
		tags = append(tags, itemTags[i].tag)
	}
	return tags
}

// ItemParts tells for the subfields of an item field where they go, as Items reads them.
func ItemParts(field Field) []ItemPart {
	way := itemTagOf(field.Tag)
	if way == nil {
		return nil
	}
	goes := map[int]string{way.barcode.find(&field): "barcode", way.priceAt(&field): "price"}
	for i := range way.slots {
		if at := way.slots[i].find(&field); goes[at] == "" {
			goes[at] = way.slots[i].name
		}
	}
	parts := make([]ItemPart, 0, len(field.Subfields))
	for i, sub := range field.Subfields {
		part := ItemPart{sub.Code, strings.TrimSpace(sub.Value), goes[i]}
		if part.Goes == "" {
			part.Goes = way.goes(sub.Code, part.Value)
		}
		if part.Value != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// goes tells it of the subfields that may be several.
func (t *itemTag) goes(code byte, value string) string {
	switch {
	case strings.IndexByte(t.call, code) >= 0:
		return "call_number"
	case strings.IndexByte(t.acquired, code) >= 0:
		return "acquired"
	case code == t.staff && t.details && strings.HasPrefix(value, fundMark):
		return "fund"
	case code == t.staff && t.details && strings.HasPrefix(value, detailsMark):
		return "details"
	case code == t.staff && t.details && strings.HasPrefix(value, copyMark):
		return ""
	case code == t.staff:
		return "staff_note"
	case code == t.public:
		return "public_note"
	}
	for _, status := range t.statuses {
		if status.code == code {
			return "status"
		}
	}
	return ""
}
