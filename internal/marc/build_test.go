package marc

import (
	"fmt"
	"strings"
	"testing"
)

// goodLeader is one that the reader leaves as it is.
const goodLeader = "00000nam a2200000 a 4500"

// record builds a record from lines such as "001 12345" and "245 10$aTitle /$cName".
func record(t testing.TB, lines ...string) Record {
	t.Helper()
	r := Record{Leader: goodLeader}
	for _, line := range lines {
		r.Fields = append(r.Fields, field(t, line))
	}
	return r
}

func field(t testing.TB, line string) Field {
	t.Helper()
	if isControlTag(line) {
		return Field{Tag: line[:3], Value: line[4:]}
	}
	if len(line) < 8 || line[6] != '$' {
		t.Fatalf("a data field is written \"245 10$aTitle\", not %q", line)
	}
	f := Field{Tag: line[:3], Ind1: line[4], Ind2: line[5]}
	for _, part := range strings.Split(line[7:], "$") {
		f.Subfields = append(f.Subfields, Subfield{part[0], strings.ReplaceAll(part[1:], "{dollar}", "$")})
	}
	return f
}

// iso is the record in ISO 2709.
func iso(t testing.TB, r Record) string {
	t.Helper()
	raw, err := AppendISO2709(nil, r)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// marc8 marks raw ISO 2709 bytes as MARC-8.
func marc8(raw string) string { return raw[:9] + " " + raw[10:] }

// titled is a small record with this title.
func titled(t testing.TB, title string) Record {
	t.Helper()
	return record(t, "001 "+fmt.Sprintf("%05d", len(title)), "245 10$a"+title, "300   $a24 p.")
}

// titles are the titles of records, for short comparisons.
func titles(records []Record) string {
	var list []string
	for i := range records {
		list = append(list, mustSpec("245a").first(&records[i]))
	}
	return strings.Join(list, "|")
}

func fixCodes(fixes []Repair) string {
	var list []string
	for _, fix := range fixes {
		list = append(list, fmt.Sprintf("%d:%s", fix.Record, fix.Code))
	}
	return strings.Join(list, " ")
}

func badCodes(bad []*RecordError) string {
	var list []string
	for _, b := range bad {
		list = append(list, fmt.Sprintf("%d@%d:%s", b.Record, b.Offset, b.Code))
	}
	return strings.Join(list, " ")
}
