package marc

// finishRecord completes what was read from XML or JSON: leader, tags, and fields of the wrong
// kind for their tag.
func finishRecord(leader string, fields []Field, fixes *repairs) (Record, error) {
	record := Record{Fields: fields[:0]}
	var wrong bool
	if record.Leader, wrong = cleanLeader(leader); wrong {
		fixes.add(RepairLeader, "")
	}
	for _, field := range fields {
		var ok bool
		if field.Tag, ok = completeTag(field.Tag, fixes); !ok {
			continue
		}
		if field.IsControl() && len(field.Subfields) > 0 {
			fixes.add(RepairControlField, field.Tag)
			field = Field{Tag: field.Tag, Value: joinValues(field.Subfields)}
		}
		if field.IsControl() {
			field.Ind1, field.Ind2, field.Subfields = 0, 0, nil
		} else if field.Value != "" {
			fixes.add(RepairSubfieldCode, field.Tag)
			field.Subfields = append(field.Subfields, Subfield{'a', field.Value})
			field.Value = ""
		}
		if field.Value == "" && len(field.Subfields) == 0 {
			fixes.add(RepairEmpty, field.Tag)
			continue
		}
		if !field.IsControl() {
			field.Ind1, field.Ind2 = max(field.Ind1, ' '), max(field.Ind2, ' ')
		}
		record.Fields = append(record.Fields, field)
	}
	if len(record.Fields) == 0 {
		return Record{}, badRecord(BadEmpty, "")
	}
	return record, nil
}

// completeTag gives back the leading zeros that spreadsheets take from tags.
func completeTag(tag string, fixes *repairs) (string, bool) {
	if validTag([]byte(tag)) {
		return tag, true
	}
	fixes.add(RepairTag, tag)
	if _, ok := decimal([]byte(tag)); !ok || len(tag) > 3 {
		return "", false
	}
	return "000"[len(tag):] + tag, true
}

// indicatorOf is the indicator a text names; nothing, or nothing usable, is a blank.
func indicatorOf(text, tag string, fixes *repairs) byte {
	if text == "" {
		return ' '
	}
	if len(text) > 1 || text[0] < 0x20 || text[0] >= 0x7F {
		fixes.add(RepairIndicator, tag)
		return ' '
	}
	return text[0]
}

// codeOf is the subfield code a text names; for want of a usable one "a".
func codeOf(text, tag string, fixes *repairs) byte {
	if len(text) == 1 && validCode(text[0]) {
		return text[0]
	}
	fixes.add(RepairSubfieldCode, tag)
	return 'a'
}
