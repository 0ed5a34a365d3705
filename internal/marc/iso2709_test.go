package marc

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func replaceAt(text string, at int, with string) string {
	return text[:at] + with + text[at+len(with):]
}

// Each defect stands between two good records, which must come through whatever is done about it.
func TestISO2709Defects(t *testing.T) {
	one, two, three := iso(t, titled(t, "One")), iso(t, titled(t, "Two")), iso(t, titled(t, "Three"))
	long := fmt.Sprintf("%05d", len(two)+2)
	at := len(one)
	for _, test := range []struct {
		name, middle       string
		titles, fixes, bad string
	}{
		{"OK", two, "One|Two|Three", "", ""},
		{"LengthTooLongByTwo", replaceAt(two, 0, long), "One|Two|Three", "2:length", ""},
		{"LengthNoNumber", replaceAt(two, 0, "abcde"), "One|Two|Three", "2:length", ""},
		{"LengthCoversNeighbour", replaceAt(two, 0, fmt.Sprintf("%05d", len(two)+len(three))), "One|Two|Three", "2:length", ""},
		{"BaseAddressOutside", replaceAt(two, 12, "99999"), "One|Two|Three", "2:directory", ""},
		{"BaseAddressNoNumber", replaceAt(two, 12, "f0037"), "One|Two|Three", "2:directory", ""},
		{"DirectoryPointsOutside", replaceAt(two, 24+12+7, "99990"), "One|Two|Three", "2:directory", ""},
		{"DirectoryLengthOutside", replaceAt(two, 24+12+3, "9999"), "One|Two|Three", "2:directory", ""},
		{"DirectoryNoNumber", replaceAt(two, 24+12+3, "x!y?"), "One|Two|Three", "2:directory", ""},
		{"DirectoryTagUnusable", replaceAt(two, 24+12, "2\x01!"), "One||Three", "2:directory 2:tag", ""},
		{"EndMarkDoubled", two + "\x1D", "One|Two|Three", "", ""},
		{"FillerBetween", "\r\n \x00\x00\x1A" + two + "\n", "One|Two|Three", "", ""},
		{"StrayBytesBefore", "00914" + two, "One|Two|Three", "2:junk", ""},
		{"Junk", "this is not a record at all\x1D" + two, "One|Two|Three", "", fmt.Sprintf("2@%d:leader", at)},
		{"JunkWithoutEnd", "this is not a record at all, and longer than a leader " + two, "One|Two|Three", "", fmt.Sprintf("2@%d:leader", at)},
		{"EndMarkMissing", strings.TrimSuffix(two, "\x1D"), "One|Two|Three", "2:end", ""},
		{"CutInTheMiddle", two[:len(two)-12], "One|Three", "", fmt.Sprintf("2@%d:truncated", at)},
		{"NoFields", "00026nam a2200025 a 4500\x1E\x1D" + two, "One|Two|Three", "", fmt.Sprintf("2@%d:empty", at)},
		{"LeaderOnly", "00025nam a2200025 a 4500\x1D" + two, "One|Two|Three", "", fmt.Sprintf("2@%d:empty", at)},
	} {
		t.Run(test.name, func(t *testing.T) {
			records, fixes, bad, err := readAll(strings.NewReader(one+test.middle+three), "file")
			if err != nil {
				t.Fatal(err)
			}
			if titles(records) != test.titles || fixCodes(fixes) != test.fixes || badCodes(bad) != test.bad {
				t.Errorf("got %q, repairs %q, bad %q\nwant %q, repairs %q, bad %q",
					titles(records), fixCodes(fixes), badCodes(bad), test.titles, test.fixes, test.bad)
			}
		})
	}
}

// A file torn off at any byte gives all records before the tear, and says so about the torn one.
func TestISO2709TornAnywhere(t *testing.T) {
	one, two := iso(t, titled(t, "One")), iso(t, titled(t, "Two"))
	for cut := len(one) + 5; cut < len(one)+len(two)-1; cut++ {
		records, _, bad, err := readAll(strings.NewReader((one + two)[:cut]), "file")
		if err != nil || titles(records) != "One" || badCodes(bad) != fmt.Sprintf("2@%d:truncated", len(one)) {
			t.Errorf("cut at %d: %q, bad %q, %v", cut, titles(records), badCodes(bad), err)
		}
	}
	if records, fixes, _, _ := readAll(strings.NewReader((one + two)[:len(one+two)-1]), "file"); titles(records) != "One|Two" || fixCodes(fixes) != "2:end" {
		t.Errorf("without the last end mark: %q, repairs %q", titles(records), fixCodes(fixes))
	}
}

// Lengths counted in characters instead of bytes shift every field behind the first accent.
func TestISO2709LengthsInCharacters(t *testing.T) {
	want := record(t, "001 7", "100 1 $aNúñez, Íñigo", "245 13$aEl niño y la cigüeña", "300   $a32 p.")
	raw := []byte("00000nam a2200000 a 4500")
	var data string
	start := 0
	for _, f := range want.Fields {
		text := string(appendISOField(nil, f))
		raw = append(raw, fmt.Sprintf("%s%04d%05d", f.Tag, len([]rune(text)), start)...)
		start += len([]rune(text))
		data += text
	}
	raw = append(raw, "\x1E"+data+"\x1D"...)
	records, fixes, _, err := readAll(strings.NewReader(string(raw)), "file")
	if err != nil || len(records) != 1 || !records[0].Same(want) {
		t.Errorf("got %v, %v", records, err)
	}
	if fixCodes(fixes) != "1:length 1:directory" {
		t.Errorf("repairs %q", fixCodes(fixes))
	}
}

func TestISO2709UnorderedDirectory(t *testing.T) {
	want := record(t, "001 7", "245 10$aTitle", "300   $a24 p.")
	raw := iso(t, want)
	first, second := raw[24:36], raw[36:48]
	raw = raw[:24] + second + first + raw[48:]
	records, fixes, _, err := readAll(strings.NewReader(raw), "file")
	if err != nil || len(records) != 1 || len(fixes) != 0 {
		t.Fatalf("%v, repairs %q, %v", records, fixCodes(fixes), err)
	}
	if got := records[0]; got.Fields[0].Tag != "245" || got.Fields[0].First('a') != "Title" || got.Control("001") != "7" {
		t.Errorf("fields do not follow the directory: %v", got)
	}
}

func TestISO2709FieldDefects(t *testing.T) {
	for _, test := range []struct{ name, raw, want, fixes string }{
		{"NoIndicators", "\x1FaText", "245   $aText", "1:indicator"},
		{"ThirdIndicator", "100\x1FaText", "245 10$aText", "1:indicator"},
		{"ControlCharacterIndicator", "1\x02\x1FaText", "245 1 $aText", "1:indicator"},
		{"TextBeforeSubfield", "10Loose\x1FbText", "245 10$aLoose$bText", "1:subfield_code"},
		{"NoSubfieldAtAll", "10Loose", "245 10$aLoose", "1:subfield_code"},
		{"AccentAsCode", "10\x1FáText", "245 10$aáText", "1:subfield_code"},
		{"BlankAsCode", "10\x1F Text", "245 10$a Text", "1:subfield_code"},
		{"EmptySubfield", "10\x1F\x1FaText", "245 10$aText", "1:empty_field"},
		{"ControlCharacters", "10\x1FaTe\x00x\x02t", "245 10$aText", "1:control_character"},
		{"Decomposed", "10\x1Facafe\u0301", "245 10$acaf\u00e9", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			raw := strings.NewReader("00000nam a2200000 a 4500" + fmt.Sprintf("245%04d00000", len(test.raw)+1) + "\x1E" + test.raw + "\x1E\x1D")
			records, fixes, bad, err := readAll(raw, "file")
			if err != nil || len(records) != 1 {
				t.Fatalf("%v %v %v", records, bad, err)
			}
			if want := record(t, test.want); !records[0].Same(want) {
				t.Errorf("got %+q, want %+q", records[0].Fields, want.Fields)
			}
			got := strings.TrimPrefix(strings.TrimPrefix(fixCodes(fixes), "1:length 1:directory"), " ")
			if got != test.fixes {
				t.Errorf("repairs %q, want %q", got, test.fixes)
			}
		})
	}
}

// A record of a megabyte cannot state its length; one beyond all bounds is given up, not read
// into memory.
func TestISO2709HugeRecords(t *testing.T) {
	one, three := iso(t, titled(t, "One")), iso(t, titled(t, "Three"))
	note := strings.Repeat("All about whales. ", 1<<20/18)
	big := "99999nam a2200049 a 4500" + "245000600000" + "520999900006" + "\x1E" + "10\x1FaTwo\x1E" + "  \x1Fa" + note + "\x1E\x1D"
	records, fixes, _, err := readAll(strings.NewReader(one+big+three), "file")
	if err != nil || titles(records) != "One|Two|Three" || records[1].Fields[1].First('a') != note {
		t.Errorf("a megabyte: %q, %v", titles(records), err)
	}
	if fixCodes(fixes) != "2:length 2:directory" {
		t.Errorf("repairs %q", fixCodes(fixes))
	}
	endless := io.MultiReader(strings.NewReader(one), io.LimitReader(zeros{}, 3*maxRecord), strings.NewReader("\x1D"+three))
	records, _, bad, err := readAll(endless, "file")
	if err != nil || titles(records) != "One|Three" || badCodes(bad) != fmt.Sprintf("2@%d:too_large", len(one)) {
		t.Errorf("endless: %q, bad %q, %v", titles(records), badCodes(bad), err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// A length that leads to a record end is believed, though a record end stands before it.
func TestISO2709EndMarkInText(t *testing.T) {
	raw := iso(t, titled(t, "Two?halves"))
	raw = strings.Replace(raw, "?", "\x1D", 1)
	records, fixes, _, err := readAll(strings.NewReader(raw+iso(t, titled(t, "Three"))), "file")
	if err != nil || titles(records) != "Twohalves|Three" || fixCodes(fixes) != "1:control_character" {
		t.Errorf("got %q, repairs %q, %v", titles(records), fixCodes(fixes), err)
	}
}

func TestReaderSmallReads(t *testing.T) {
	for _, text := range []string{
		iso(t, titled(t, "One")) + iso(t, titled(t, "Two")),
		xmlText(t, titled(t, "One"), titled(t, "Two")),
		string(Encode(titled(t, "One"))) + "\n" + string(Encode(titled(t, "Two"))),
	} {
		records, _, _, err := readAll(iotest.OneByteReader(strings.NewReader(text)), "file")
		if err != nil || titles(records) != "One|Two" {
			t.Errorf("byte by byte: %q, %v", titles(records), err)
		}
	}
}

func TestReaderPassesOnErrorsOfTheFile(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, text := range []string{
		iso(t, titled(t, "One")) + "00100nam",
		strings.TrimSuffix(xmlText(t, titled(t, "One")), "</collection>\n") + "<record>",
		string(Encode(titled(t, "One"))) + "\n{",
	} {
		in := io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken))
		records, _, _, err := readAll(in, "file")
		if !errors.Is(err, broken) {
			t.Errorf("got %q, %v, want the error of the file", titles(records), err)
		}
	}
}

func TestReaderNamesThePlace(t *testing.T) {
	one := iso(t, titled(t, "One"))
	_, _, bad, _ := readAll(strings.NewReader(one+one[:40]), "grade5.mrc")
	want := fmt.Sprintf("grade5.mrc: record 2 at byte %d: the file ends in the middle of this record", len(one))
	if len(bad) != 1 || bad[0].Error() != want {
		t.Errorf("got %v, want %q", bad, want)
	}
}

func TestAppendISO2709TooLong(t *testing.T) {
	long := record(t, "245 10$a"+strings.Repeat("x", maxISOField))
	many := Record{Leader: goodLeader}
	for range 20 {
		many.Fields = append(many.Fields, field(t, "500   $a"+strings.Repeat("x", 9000)))
	}
	for _, r := range []Record{long, many} {
		if out, err := AppendISO2709([]byte("before"), r); !errors.Is(err, ErrTooLong) || string(out) != "before" {
			t.Errorf("%d bytes, %v, want ErrTooLong", len(out), err)
		}
	}
}

func TestAppendISO2709RefusesTags(t *testing.T) {
	for _, tag := range []string{"", "24", "2455", "2 5"} {
		r := Record{Leader: goodLeader, Fields: []Field{{Tag: tag, Value: "x"}}}
		if out, err := AppendISO2709(nil, r); err == nil || len(out) > 0 {
			t.Errorf("tag %q was written", tag)
		}
	}
}

// What a form leaves out is a blank, not a NUL byte.
func TestWritersFillIndicators(t *testing.T) {
	r := Record{Fields: []Field{{Tag: "245", Subfields: []Subfield{{'a', "T"}}}}}
	want := Record{Leader: "00000 a  a2200000   4500", Fields: []Field{field(t, "245   $aT")}}
	stored, err := Decode(Encode(r))
	if err != nil || !stored.Same(want) {
		t.Errorf("stored as %v, %v", stored, err)
	}
	for _, text := range []string{iso(t, r), xmlText(t, r)} {
		if records, fixes, _, _ := readAll(strings.NewReader(text), "file"); len(records) != 1 || !records[0].Same(want) || len(fixes) > 0 {
			t.Errorf("written as %q, repairs %v", text, fixes)
		}
	}
	if facts := Extract(r); facts.Title != "T" || facts.Type != TypeBook {
		t.Errorf("facts %+v", facts)
	}
}
