package marc

import (
	"bytes"
	"testing"
)

// readerHolds is what must be true of any bytes: the reader ends, every record it gives survives
// storage and both exchange formats, and extraction does not stumble.
func readerHolds(t *testing.T, text []byte) {
	records, _, _, err := readAll(bytes.NewReader(text), "fuzz")
	if err != nil && len(records) > 0 {
		t.Fatalf("%d records and then %v", len(records), err)
	}
	for _, r := range records {
		if stored, err := Decode(Encode(r)); err != nil || !stored.Same(r) {
			t.Fatalf("storing changes the record (%v)\n%+q\n%+q", err, r, stored)
		}
		if raw, err := AppendISO2709(nil, r); err == nil {
			again, fixes, bad, err := readAll(bytes.NewReader(raw), "fuzz")
			if err != nil || len(again) != 1 || len(fixes)+len(bad) > 0 || !again[0].Same(r) {
				t.Fatalf("ISO 2709 changes the record: %v %v %v\n%+q\n%+q", fixes, bad, err, r, again)
			}
		}
		facts := Extract(r)
		_ = MatchKeys(facts)
		for _, item := range Items(r, AutoItems) {
			at := r.Fields[item.FieldIndex]
			if !UpdateItem(at, item).same(at) {
				t.Fatalf("an unchanged item changes its field %+q", at)
			}
		}
	}
}

func FuzzISO2709(f *testing.F) {
	one := iso(f, titled(f, "One"))
	f.Add([]byte(one))
	f.Add([]byte(one[:60]))
	f.Add([]byte(marc8(iso(f, titled(f, "Caf\xE2e \x1B$1!0!\x1B(B")))))
	f.Add([]byte(replaceAt(one, 31, "99999") + one))
	f.Add([]byte("00914" + one + "\x1D"))
	f.Add([]byte(iso(f, record(f, "001 1", "852   $aS$p T 1$923.54USD$xFSC@aRegular@c20230504$hE EXA"))))
	f.Fuzz(func(t *testing.T, text []byte) { readerHolds(t, text) })
}

func FuzzXML(f *testing.F) {
	whole := xmlText(f, titled(f, "One & <two>"), titled(f, "Three"))
	f.Add([]byte(whole))
	f.Add([]byte(whole[:300]))
	f.Add([]byte(`<x:record><x:datafield tag='1' ind1=><x:subfield code="a">&#x41;&eacute;<![CDATA[<]]></x:subfield>`))
	f.Add([]byte("<?xml version='1.0' encoding='iso-8859-1'?><record><leader/><controlfield tag=\"001\">\xE9</controlfield></record>"))
	f.Fuzz(func(t *testing.T, text []byte) { readerHolds(t, append([]byte("<"), text...)) })
}

func FuzzJSON(f *testing.F) {
	one := Encode(titled(f, "One \"x\" \\ é"))
	f.Add(one)
	f.Add(one[:40])
	f.Add([]byte(`[{"fields":[{"1":7},{"245":{"subfields":[{"a":null}],"ind1":"ab"}}]}]`))
	f.Fuzz(func(t *testing.T, text []byte) { readerHolds(t, append([]byte("{"), text...)) })
}
