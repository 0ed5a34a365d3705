package marc

import (
	"slices"
	"strings"
)

// UpdateItem is the field with what facts say differently from it; all else in it, known or not,
// stays as it is and where it is. The field itself is not changed. A field that is no way of
// writing items is answered as it came.
func UpdateItem(field Field, facts ItemFacts) Field {
	way := itemTagOf(field.Tag)
	if way == nil {
		return field
	}
	field.Subfields = slices.Clone(field.Subfields)
	have := way.read(&field)
	if have.Barcode != facts.Barcode {
		way.barcode.write(&field, facts.Barcode)
	}
	for i := range way.slots {
		slot := &way.slots[i]
		if want := *slot.value(&facts); *slot.value(&have) != want {
			slot.write(&field, want)
		}
	}
	if have.CallNumber != facts.CallNumber {
		way.writeCall(&field, facts.CallNumber)
	}
	if have.PriceCents != facts.PriceCents || have.Currency != facts.Currency {
		way.writePrice(&field, &facts)
	}
	if have.Acquired != facts.Acquired && way.acquired != "" {
		set(&field, -1, way.acquired[0], facts.Acquired)
	}
	if have.Status != facts.Status {
		way.writeStatus(&field, facts.Status)
	}
	if way.details {
		writeDetails(&field, &have, &facts)
	}
	if way.staff != 0 && !slices.Equal(have.StaffNotes, facts.StaffNotes) {
		writeTexts(&field, way.staff, "", have.StaffNotes, facts.StaffNotes)
	}
	if way.public != 0 && !slices.Equal(have.PublicNotes, facts.PublicNotes) {
		writeTexts(&field, way.public, "", have.PublicNotes, facts.PublicNotes)
	}
	return field
}

// NewItemField is an 852 as Follett Destiny reads it, for an item that came without a field.
func NewItemField(facts ItemFacts) Field {
	return UpdateItem(Field{Tag: "852", Ind1: ' ', Ind2: ' '}, facts)
}

// set puts a value into the subfield at a place, or the first with the code, or a new one; an
// empty value removes it.
func set(field *Field, at int, code byte, value string) {
	if at < 0 {
		at = slices.IndexFunc(field.Subfields, func(sub Subfield) bool { return sub.Code == code })
	}
	switch {
	case at < 0 && value != "":
		field.Subfields = append(field.Subfields, Subfield{code, value})
	case at >= 0 && value != "":
		field.Subfields[at].Value = value
	case at >= 0:
		field.Subfields = slices.Delete(field.Subfields, at, at+1)
	}
}

// write puts the value where the old one is; an empty one empties every subfield it could be in.
func (s *slot) write(field *Field, value string) {
	at := s.find(field)
	if at < 0 && value != "" {
		field.Subfields = append(field.Subfields, Subfield{s.codes[0], value})
		return
	}
	for ; at >= 0; at = s.find(field) {
		set(field, at, 0, value)
		if value != "" {
			return
		}
	}
}

// writeCall puts a changed call number into one subfield, because nothing tells where to cut it.
func (t *itemTag) writeCall(field *Field, call string) {
	barcode := t.barcode.find(field)
	first := -1
	var kept []Subfield
	for i, sub := range field.Subfields {
		if strings.IndexByte(t.call, sub.Code) < 0 || i == barcode {
			kept = append(kept, sub)
			continue
		}
		if first < 0 && call != "" {
			first = len(kept)
			kept = append(kept, Subfield{t.callMain, call})
		}
	}
	if first < 0 && call != "" {
		kept = append(kept, Subfield{t.callMain, call})
	}
	field.Subfields = kept
}

func (t *itemTag) writePrice(field *Field, facts *ItemFacts) {
	at := t.priceAt(field)
	if facts.PriceCents > 0 {
		value := formatPrice(facts.PriceCents, facts.Currency)
		if at < 0 {
			field.Subfields = append(field.Subfields, Subfield{t.price[0], value})
			return
		}
		set(field, at, 0, value)
		return
	}
	for ; at >= 0; at = t.priceAt(field) {
		set(field, at, 0, "")
	}
}

// writeStatus sets the one status and clears the others. A field whose way of writing has no
// status keeps none.
func (t *itemTag) writeStatus(field *Field, name string) {
	for _, status := range t.statuses {
		if status.name == name {
			set(field, -1, status.code, "1")
		} else if field.Has(status.code) {
			set(field, -1, status.code, "0")
		}
	}
}

// writeDetails changes the parts of the composite text that differ, and the funds.
func writeDetails(field *Field, have, facts *ItemFacts) {
	old, wanted := have.details(), facts.details()
	if !slices.Equal(old, wanted) {
		at := slices.IndexFunc(field.Subfields, func(sub Subfield) bool { return strings.HasPrefix(sub.Value, detailsMark) })
		var parts []detail
		if at >= 0 {
			parts = parseDetails(field.Subfields[at].Value)
		}
		for i, want := range wanted {
			if want != old[i] || at < 0 {
				parts = setDetail(parts, want)
			}
		}
		text := ""
		if len(parts) > 0 {
			text = formatDetails(parts)
		}
		if at >= 0 {
			set(field, at, 0, text)
		} else if text != "" {
			field.Subfields = append(field.Subfields, Subfield{'x', text})
		}
	}
	if !slices.Equal(have.Funds, facts.Funds) {
		writeTexts(field, 'x', fundMark, have.Funds, facts.Funds)
	}
}

func setDetail(parts []detail, want detail) []detail {
	at := slices.IndexFunc(parts, func(part detail) bool { return part.code == want.code })
	switch {
	case at >= 0 && want.value != "":
		parts[at] = want
	case at >= 0:
		parts = slices.Delete(parts, at, at+1)
	case want.value != "":
		parts = append(parts, want)
	}
	return parts
}

// writeTexts takes away the repeated texts that are no longer there and adds the new ones; mark
// begins each of them in the field.
func writeTexts(field *Field, code byte, mark string, have, want []string) {
	field.Subfields = slices.DeleteFunc(field.Subfields, func(sub Subfield) bool {
		text, ok := strings.CutPrefix(strings.TrimSpace(sub.Value), mark)
		text = strings.TrimSpace(text)
		return sub.Code == code && ok && slices.Contains(have, text) && !slices.Contains(want, text)
	})
	for _, text := range want {
		if !slices.Contains(have, text) {
			field.Subfields = append(field.Subfields, Subfield{code, mark + text})
		}
	}
}
