package marc

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func xmlText(t testing.TB, records ...Record) string {
	t.Helper()
	var out bytes.Buffer
	w := NewXMLWriter(&out)
	for _, r := range records {
		if _, err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestNewReaderRecognisesByContent(t *testing.T) {
	r := titled(t, "One")
	xml := xmlText(t, r)
	bare := strings.NewReplacer("<collection xmlns=\"http://www.loc.gov/MARC21/slim\">\n", "", "</collection>\n", "").Replace(xml)
	json := string(Encode(r))
	prefixed := regexp.MustCompile(`<(/?)(\w)`).ReplaceAllString(strings.Replace(xml, "xmlns=", "xmlns:marc=", 1), "<${1}marc:$2")
	oai := `<?xml version="1.0"?><OAI-PMH><ListRecords><record><header status="deleted"><identifier>1</identifier></header></record>` +
		`<record><header><identifier>2</identifier></header><metadata>` + strings.TrimPrefix(bare, `<?xml version="1.0" encoding="UTF-8"?>`) + `</metadata></record></ListRecords></OAI-PMH>`
	for _, test := range []struct {
		name, text string
		want       Format
	}{
		{"ISO2709", iso(t, r), ISO2709},
		{"ISO2709AfterByteOrderMark", byteOrderMark + iso(t, r), ISO2709},
		{"ISO2709AfterBlankLine", "\r\n" + iso(t, r), ISO2709},
		{"Collection", xml, MARCXML},
		{"CollectionAfterByteOrderMark", byteOrderMark + xml, MARCXML},
		{"WithoutNamespace", strings.Replace(xml, ` xmlns="http://www.loc.gov/MARC21/slim"`, "", 1), MARCXML},
		{"WithPrefix", prefixed, MARCXML},
		{"SingleRecord", bare, MARCXML},
		{"OneLine", strings.ReplaceAll(xml, "\n", ""), MARCXML},
		{"OAIPMH", oai, MARCXML},
		{"JSONObject", json, MARCJSON},
		{"JSONArray", "[\n" + json + "\n]", MARCJSON},
		{"JSONLines", "\n" + json + "\n", MARCJSON},
	} {
		t.Run(test.name, func(t *testing.T) {
			reader, err := NewReader(strings.NewReader(test.text), "file")
			if err != nil {
				t.Fatal(err)
			}
			records, _, bad, err := readAll(strings.NewReader(test.text), "file")
			if err != nil || len(bad) > 0 || len(records) != 1 || !records[0].Same(r) {
				t.Errorf("got %v, %v, %v", records, bad, err)
			}
			if reader.Format() != test.want {
				t.Errorf("format %s, want %s", reader.Format(), test.want)
			}
		})
	}
}

func TestWrongFileType(t *testing.T) {
	for _, test := range []struct{ name, text, code string }{
		{"Empty", "", "empty"},
		{"OnlyBlanks", " \r\n\r\n", "empty"},
		{"PDF", "%PDF-1.7\n%\xE2\xE3\xCF\xD3", "pdf"},
		{"Excel", "PK\x03\x04\x14\x00\x06\x00", "zip"},
		{"Gzip", "\x1F\x8B\x08\x00", "gzip"},
		{"OldWord", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "office"},
		{"JPEG", "\xFF\xD8\xFF\xE0\x00\x10JFIF", "image"},
		{"WebPage", "<!DOCTYPE html><html><body>Sign in</body></html>", "html"},
		{"RTF", `{\rtf1\ansi Hello}`, "rtf"},
		{"MarcText", "=LDR  00755cam  22002414a 4500\n=001  1\n", "mrk"},
		{"CSV", "title,author,isbn\nHatchet,Gary Paulsen,9781416936473\n", "csv"},
		{"Text", "Dear librarian,\nhere are the books.\n", "text"},
		{"Binary", "\x00\x01\x02\x03\x04binary", "binary"},
		{"OtherXML", "<?xml version=\"1.0\"?><books><book>Hatchet</book></books>", "xml"},
		{"OtherRecords", "<rows><record><name>Hatchet</name></record></rows>", "xml"},
		{"OtherJSON", "[]", "json"},
	} {
		t.Run(test.name, func(t *testing.T) {
			records, _, bad, err := readAll(strings.NewReader(test.text), "books.mrc")
			var format *FormatError
			if !errors.As(err, &format) || format.Code != test.code || len(records)+len(bad) > 0 {
				t.Fatalf("got %d records, %v, %v; want code %s", len(records), bad, err, test.code)
			}
			if !strings.HasPrefix(err.Error(), "books.mrc ") {
				t.Errorf("%q does not name the file", err)
			}
		})
	}
}

func TestXMLDefects(t *testing.T) {
	one, two, three := titled(t, "One"), titled(t, "Two"), titled(t, "Three")
	whole := xmlText(t, one, two, three)
	for _, test := range []struct{ name, old, new, titles, fixes, bad string }{
		{"OK", "", "", "One|Two|Three", "", ""},
		{"ControlCharacter", ">Two<", ">T\x01wo<", "One|Two|Three", "2:control_character", ""},
		{"NumberedControlCharacter", ">Two<", ">T&#1;wo<", "One|Two|Three", "2:control_character", ""},
		{"HTMLEntity", ">Two<", ">T&eacute;<", "One|Té|Three", "", ""},
		{"BareAmpersand", ">Two<", ">T & Co<", "One|T & Co|Three", "", ""},
		{"CDATA", ">Two<", "><![CDATA[Two <b>]]><", "One|Two <b>|Three", "", ""},
		{"Comment", ">Two<", ">T<!-- <record> -->wo<", "One|Two|Three", "", ""},
		{"EmptyCode", `<subfield code="a">Two`, `<subfield code="">Two`, "One|Two|Three", "2:subfield_code", ""},
		{"ControlCharacterAsCode", `<subfield code="a">Two`, "<subfield code=\"\x07\">Two", "One|Two|Three", "2:subfield_code", ""},
		{"SubfieldNotClosed", "Two</subfield>", "Two", "One|Two|Three", "2:syntax", ""},
		{"SingleQuotes", `<datafield tag="245" ind1="1" ind2="0">` + "\n" + `    <subfield code="a">Two`, `<datafield tag='245' ind1='1' ind2='0'><subfield code='a'>Two`, "One|Two|Three", "", ""},
		{"LatinBytes", ">Two<", ">Caf\xE9<", "One|Café|Three", "2:charset_latin1", ""},
		{"DamagedUTF8", ">Two<", ">Café \xC3<", "One|Café \uFFFD|Three", "2:charset_bad_bytes", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(whole, test.old, test.new, 1)
			records, fixes, bad, err := readAll(strings.NewReader(text), "file")
			if err != nil || titles(records) != test.titles || fixCodes(fixes) != test.fixes || badCodes(bad) != test.bad {
				t.Errorf("got %q, repairs %q, bad %q, %v\nwant %q, repairs %q, bad %q",
					titles(records), fixCodes(fixes), badCodes(bad), err, test.titles, test.fixes, test.bad)
			}
		})
	}
}

func TestXMLBrokenRecordKeepsItsNeighbours(t *testing.T) {
	whole := xmlText(t, titled(t, "One"), titled(t, "Two"), titled(t, "Three"))
	second := strings.Index(whole, "<record>\n  <leader>") + 1
	second += strings.Index(whole[second:], "<record>")
	notClosed := whole[:second] + strings.Replace(whole[second:], "</record>", "", 1)
	records, _, bad, err := readAll(strings.NewReader(notClosed), "file")
	if err != nil || titles(records) != "One|Three" || len(bad) != 1 || bad[0].Code != BadSyntax || bad[0].Offset != int64(second) {
		t.Errorf("not closed: %q, %v, %v", titles(records), bad, err)
	}
	torn := whole[:strings.Index(whole, "Three")]
	records, _, bad, err = readAll(strings.NewReader(torn), "file")
	if err != nil || titles(records) != "One|Two" || len(bad) != 1 || bad[0].Code != BadTruncated {
		t.Errorf("torn: %q, %v, %v", titles(records), bad, err)
	}
}

func TestXMLInOtherEncodings(t *testing.T) {
	text := strings.Replace(xmlText(t, titled(t, "Ni?o")), `"UTF-8"`, `"ISO-8859-1"`, 1)
	text = strings.Replace(text, "?o<", "\xF1o<", 1)
	if records, fixes, _, err := readAll(strings.NewReader(text), "file"); err != nil || titles(records) != "Niño" || len(fixes) > 0 {
		t.Errorf("Latin-1: %q, repairs %q, %v", titles(records), fixCodes(fixes), err)
	}
	utf16 := []byte{0xFF, 0xFE}
	for _, r := range strings.Replace(xmlText(t, titled(t, "Niño")), "UTF-8", "UTF-16", 1) {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	if records, _, _, err := readAll(bytes.NewReader(utf16), "file"); err != nil || titles(records) != "Niño" {
		t.Errorf("UTF-16: %q, %v", titles(records), err)
	}
	unknown := strings.Replace(xmlText(t, titled(t, "One")), "UTF-8", "klingon", 1)
	if _, err := NewReader(strings.NewReader(unknown), "file"); err == nil || !strings.Contains(err.Error(), "klingon") {
		t.Errorf("unknown encoding: %v", err)
	}
}

// What the schema does not know is changed or left out, and said.
func TestXMLWriterReports(t *testing.T) {
	r := record(t, "001 1", "000 odd", "245 -0$aTitle", "aB1   $aMixed")
	r.Fields = append(r.Fields, Field{Tag: "500", Ind1: ' ', Ind2: ' ', Subfields: []Subfield{{'a', "bell\x07"}}})
	var out bytes.Buffer
	w := NewXMLWriter(&out)
	fixes, err := w.Write(r)
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	if got := fixCodes(fixes); got != "1:tag 1:indicator 1:control_character" {
		t.Errorf("repairs %q", got)
	}
	if strings.Contains(out.String(), "odd") || strings.Contains(out.String(), "Mixed") || !strings.Contains(out.String(), "bell<") {
		t.Errorf("wrote %s", out.String())
	}
}

func TestJSONDefects(t *testing.T) {
	one, two, three := string(Encode(titled(t, "One"))), string(Encode(titled(t, "Two"))), string(Encode(titled(t, "Three")))
	for _, test := range []struct{ name, middle, titles, fixes, bad string }{
		{"OK", two, "One|Two|Three", "", ""},
		{"SubfieldsFirst", `{"fields":[{"245":{"subfields":[{"a":"Two"}],"ind2":"0","ind1":"1"}}],"leader":"` + goodLeader + `"}`, "One|Two|Three", "", ""},
		{"UnknownKeys", strings.Replace(two, `{"leader"`, `{"x":[1,{"y":null}],"leader"`, 1), "One|Two|Three", "", ""},
		{"MissingIndicators", `{"leader":"` + goodLeader + `","fields":[{"245":{"subfields":[{"a":"Two"}]}}]}`, "One|Two|Three", "", ""},
		{"ControlFieldWithSubfields", `{"leader":"` + goodLeader + `","fields":[{"001":{"subfields":[{"a":"7"}]}},{"245":{"subfields":[{"a":"Two"}]}}]}`, "One|Two|Three", "2:control_field", ""},
		{"NoFields", `{"leader":"` + goodLeader + `","fields":[]}`, "One|Three", "", "2@%d:empty"},
		{"NotMARC", `{"title":"Two"}`, "One|Three", "", "2@%d:empty"},
		{"BraceMissing", strings.TrimSuffix(two, "}"), "One|Three", "", "2@%d:syntax"},
		{"QuoteMissing", strings.Replace(two, `Two"`, `Two`, 1), "One|Three", "", "2@%d:syntax"},
		{"CommaMissing", strings.Replace(two, `},{`, `}{`, 1), "One|Three", "", "2@%d:syntax"},
		{"Escapes", strings.Replace(two, "Two", `T\u00e9 \"x\" \\`, 1), `One|Té "x" \|Three`, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			records, fixes, bad, err := readAll(strings.NewReader(one+"\n"+test.middle+"\n"+three), "file")
			want := strings.ReplaceAll(test.bad, "%d", strconv.Itoa(len(one)+1))
			if err != nil || titles(records) != test.titles || fixCodes(fixes) != test.fixes || badCodes(bad) != want {
				t.Errorf("got %q, repairs %q, bad %q, %v\nwant %q, repairs %q, bad %q",
					titles(records), fixCodes(fixes), badCodes(bad), err, test.titles, test.fixes, want)
			}
		})
	}
}
