package marc

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// genRecord draws records such as the reader gives: any text in normal form C, any order of fields.
func genRecord() *rapid.Generator[Record] {
	text := rapid.Map(rapid.StringOf(rapid.OneOf(
		rapid.RuneFrom([]rune(`abcXYZ 019.,:;/"'\&<>{}[]$é̂ñ中ש€😀`+"\t\n\r\u0098\u009c")), rapid.Rune())),
		func(s string) string {
			return norm.NFC.String(strings.Map(allowed, strings.ToValidUTF8(s, "?")))
		})
	some := rapid.Map(text, func(s string) string { return "x" + s })
	control := rapid.Custom(func(t *rapid.T) Field {
		return Field{Tag: rapid.StringMatching(`00[1-9A-Z]`).Draw(t, "tag"), Value: norm.NFC.String(some.Draw(t, "value"))}
	})
	indicator := rapid.ByteRange('0', '9')
	data := rapid.Custom(func(t *rapid.T) Field {
		f := Field{
			Tag:  rapid.StringMatching(`[1-9A-Z][0-9A-Z]{2}|0[1-9][0-9]`).Draw(t, "tag"),
			Ind1: rapid.OneOf(rapid.Just(byte(' ')), indicator).Draw(t, "ind1"),
			Ind2: rapid.OneOf(rapid.Just(byte(' ')), indicator).Draw(t, "ind2"),
		}
		for range rapid.IntRange(1, 6).Draw(t, "subfields") {
			f.Subfields = append(f.Subfields, Subfield{
				Code:  rapid.SampledFrom([]byte("abcdzA059!\"<&'\\")).Draw(t, "code"),
				Value: text.Draw(t, "value"),
			})
		}
		return f
	})
	return rapid.Custom(func(t *rapid.T) Record {
		return Record{
			Leader: "00000" + rapid.StringMatching(`[a-z][a-z][a-z ][a ]`).Draw(t, "leader") + "a2200000" + rapid.StringMatching(`[0-9 ][a-z ][a ]`).Draw(t, "level") + "4500",
			Fields: rapid.SliceOfN(rapid.OneOf(control, data), 1, 8).Draw(t, "fields"),
		}
	})
}

func TestPropertyEncodeDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := genRecord().Draw(t, "record")
		got, err := Decode(Encode(r))
		if err != nil || !reflect.DeepEqual(clean(got), clean(r)) {
			t.Fatalf("%v\n got %+q\nwant %+q\nform %s", err, got, r, Encode(r))
		}
	})
}

func TestPropertyISO2709(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := genRecord().Draw(t, "record")
		raw, err := AppendISO2709(nil, r)
		if err != nil {
			t.Skip("too long for the format")
		}
		records, fixes, bad, err := readAll(bytes.NewReader(append(raw, raw...)), "file")
		if err != nil || len(records) != 2 || len(fixes)+len(bad) > 0 || !reflect.DeepEqual(clean(records[1]), clean(r)) {
			t.Fatalf("%v, repairs %v, bad %v\n got %+q\nwant %+q\n raw %q", err, fixes, bad, records, r, raw)
		}
	})
}

func TestPropertyXML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := genRecord().Draw(t, "record")
		var out bytes.Buffer
		w := NewXMLWriter(&out)
		first, err1 := w.Write(r)
		second, err2 := w.Write(r)
		if err := w.Close(); err != nil || err1 != nil || err2 != nil || len(first)+len(second) > 0 {
			t.Fatal(err, err1, err2, first, second)
		}
		records, fixes, bad, err := readAll(&out, "file")
		if err != nil || len(records) != 2 || len(fixes)+len(bad) > 0 || !records[1].Same(r) {
			t.Fatalf("%v, repairs %v, bad %v\n got %+q\nwant %+q", err, fixes, bad, records, r)
		}
	})
}

// clean makes records comparable by reflection: nil and empty lists are the same.
func clean(r Record) Record {
	fields := make([]Field, len(r.Fields))
	for i, f := range r.Fields {
		f.Subfields = append([]Subfield{}, f.Subfields...)
		fields[i] = f
	}
	r.Fields = fields
	return r
}

func TestSame(t *testing.T) {
	a := record(t, "001 1", "245 10$aOne", "500   $aNote", "005 2")
	for _, test := range []struct {
		name string
		b    Record
		want bool
	}{
		{"Itself", a, true},
		{"ControlFieldsFirst", record(t, "001 1", "005 2", "245 10$aOne", "500   $aNote"), true},
		{"DataFieldsReordered", record(t, "001 1", "500   $aNote", "245 10$aOne", "005 2"), false},
		{"OtherIndicator", record(t, "001 1", "245 00$aOne", "500   $aNote", "005 2"), false},
		{"OtherCode", record(t, "001 1", "245 10$bOne", "500   $aNote", "005 2"), false},
		{"OtherControlValue", record(t, "001 2", "245 10$aOne", "500   $aNote", "005 2"), false},
		{"FieldMissing", record(t, "001 1", "245 10$aOne", "005 2"), false},
		{"KindsDiffer", record(t, "001 1", "245 10$aOne", "500   $aNote", "500   $a2"), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if a.Same(test.b) != test.want || test.b.Same(a) != test.want {
				t.Errorf("Same is not %v", test.want)
			}
		})
	}
}

func TestCleanLeader(t *testing.T) {
	for _, test := range []struct {
		name, raw, want string
		wrong           bool
	}{
		{"OK", "00755cam  22002414a 4500", "00000cam a22000004a 4500", false},
		{"Dashes", "-----nas-a22-----z--4500", "00000nas a2200000z  4500", false},
		{"FillCharacters", "00000n^m|#22-----|||4500", "00000nam a2200000   4500", true},
		{"Short", "nam", "00000 a  a2200000   4500", true},
		{"Empty", "", "00000 a  a2200000   4500", true},
		{"NotASCII", "00000\xC3\xA9m  2200000   4500", "00000 am a2200000   4500", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, wrong := cleanLeader(test.raw)
			if got != test.want || wrong != test.wrong {
				t.Errorf("got %q, %v; want %q, %v", got, wrong, test.want, test.wrong)
			}
			if again, wrong := cleanLeader(got); again != got || wrong {
				t.Errorf("not stable: %q becomes %q", got, again)
			}
		})
	}
}
