package marc

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestDecodeMARC8(t *testing.T) {
	for _, test := range []struct{ name, marc8, want string }{
		{"ASCII", "Hatchet", "Hatchet"},
		{"ANSELLetters", "\xA1\xA2\xB2\xC3", "ŁØø©"},
		{"MarkBeforeLetter", "caf\xE2e", "café"},
		{"TwoMarks", "\xE3\xF2a", "ậ"},
		{"MarkAtEnd", "livin\xE1", "livin\u0300"},
		{"MarkBeforeBlank", "o\xE1 the", "o \u0300the"},
		{"MarkOverTwoLetters", "\xEBt\xECs", "t\u0361s"},
		{"EszettAndEuro", "\xC7\xC8", "ß€"},
		{"NotSorted", "\x88The \x89end", "\u0098The \u009cend"},
		{"GreekSymbol", "\x1Bga\x1Bs-rays", "α-rays"},
		{"Subscript", "H\x1Bb2\x1BsO", "H₂O"},
		{"Superscript", "m\x1Bp2\x1Bs", "m²"},
		{"GreekInG0", "\x1B(SABD\x1B(B.", "ΑΒΓ."},
		{"CyrillicInG0", "\x1B(NmOSKWA\x1B(B", "Москва"},
		{"CyrillicInG1", "\x1B)N\xED\xCF\xD3\xCB\xD7\xC1", "Москва"},
		{"ExtendedCyrillicInG1", "\x1B(N\x1B)Q\xC7\x1B(B", "ї"},
		{"Hebrew", "\x1B(2ylem\x1B(B", "שלום"},
		{"ArabicWithCommaForm", "\x1B,3eMeO\x1B(B", "محمد"},
		{"EACC", "\x1B$1!0!!0\"\x1B(B.", "一丁."},
		{"EACCLongForm", "\x1B$,1!0!\x1B(B", "一"},
		{"EACCBlankBetween", "\x1B$1!0! !0!\x1B(B", "一 一"},
		{"ANSELBackInG1", "\x1B)N\xC1\x1B)!E\xE2e", "аé"},
		{"CharacterReference", "a &#x2026; b", "a … b"},
		{"NoCharacterReference", "AT&#T &#xZZ; &#x110000; &#x1; &", "AT&#T &#xZZ; &#x110000; &#x1; &"},
		{"UnknownByte", "a\xFFb", "a\uFFFDb"},
		{"UnknownEACC", "\x1B$1zzz\x1B(B", "\uFFFD"},
		{"EACCCutByEscape", "\x1B$1!0\x1B(Bx", "\uFFFDx"},
		{"EscapeOfNothing", "Soci\x1B?t", "Soci?t"},
		{"EscapeAtEnd", "x\x1B", "x"},
		{"EscapeCutShort", "x\x1B$", "x$"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := norm.NFC.String(string(decodeMARC8([]byte(test.marc8)).out))
			if want := norm.NFC.String(test.want); got != want {
				t.Errorf("got %+q, want %+q", got, want)
			}
		})
	}
}

// The table has as many characters as the Library of Congress code tables.
func TestMARC8Table(t *testing.T) {
	for final, want := range map[byte]int{
		setASCII: 94, setANSEL: 65, 0x67: 3, 0x62: 14, 0x70: 14, 0x32: 78, 0x4E: 94, 0x51: 42, 0x33: 83, 0x34: 90, 0x53: 73,
	} {
		set := marc8Sets()[final]
		if set == nil {
			t.Fatalf("no set %q", final)
		}
		got := 0
		for _, g := range set.small {
			if g.known {
				got++
			}
		}
		if got != want {
			t.Errorf("set %q has %d characters, want %d", final, got, want)
		}
	}
	if got := len(marc8Sets()[setEACC].codes); got != 15739 {
		t.Errorf("EACC has %d characters, want 15739", got)
	}
}

// Records say one encoding and are in another; and some in several.
func TestCharacterSets(t *testing.T) {
	for _, test := range []struct{ name, leader9, title, want, fixes string }{
		{"UTF8", "a", "Café", "Café", ""},
		{"MARC8", " ", "Caf\xE2e", "Café", ""},
		{"UTF8SaidToBeMARC8", " ", "Café", "Café", "1:charset_utf8"},
		{"MARC8SaidToBeUTF8", "a", "Caf\xE2e", "Café", "1:charset_marc8"},
		{"Latin1SaidToBeMARC8", " ", "Caf\xE9", "Café", "1:charset_latin1"},
		{"Latin1SaidToBeUTF8", "a", "ni\xF1o", "niño", "1:charset_latin1"},
		{"Latin1Quotes", "a", "\xBFQu\xE9?", "¿Qué?", "1:charset_latin1"},
		{"DamagedUTF8", "a", "Café \xC3", "Café \uFFFD", "1:charset_bad_bytes"},
		{"DamagedMARC8", " ", "Caf\xE2e \xFF", "Café \uFFFD", "1:charset_bad_bytes"},
		{"EscapesSaidToBeUTF8", "a", "\x1B(NmOSKWA\x1B(B", "Москва", "1:charset_marc8"},
		{"ReferenceInMARC8", " ", "100 &#x20AC;", "100 €", ""},
		{"ReferenceInUTF8", "a", "100 &#x20AC;", "100 &#x20AC;", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			raw := iso(t, titled(t, test.title))
			raw = raw[:9] + test.leader9 + raw[10:]
			records, fixes, _, err := readAll(strings.NewReader(raw), "file")
			if err != nil || len(records) != 1 {
				t.Fatal(records, err)
			}
			if got := records[0].Fields[1].First('a'); got != test.want || fixCodes(fixes) != test.fixes {
				t.Errorf("got %+q, repairs %q; want %+q, %q", got, fixCodes(fixes), test.want, test.fixes)
			}
			if records[0].Leader[9] != 'a' {
				t.Errorf("leader %q does not say UTF-8", records[0].Leader)
			}
		})
	}
}

// One file, one record, three encodings.
func TestMixedEncodings(t *testing.T) {
	mixed := record(t, "001 1", "100 1 $aN\xE2u\xE4nez", "245 10$aNiño", "500   $aCaf\xE9")
	text := marc8(iso(t, mixed)) + iso(t, titled(t, "Señal")) + marc8(iso(t, titled(t, "Se\xE4nal")))
	records, fixes, bad, err := readAll(strings.NewReader(text), "file")
	if err != nil || len(bad) > 0 {
		t.Fatal(bad, err)
	}
	want := record(t, "001 1", "100 1 $aNúñez", "245 10$aNiño", "500   $aCafé")
	if len(records) != 3 || !records[0].Same(want) || titles(records) != "Niño|Señal|Señal" {
		t.Errorf("got %v", records)
	}
	if fixCodes(fixes) != "1:charset_utf8 1:charset_latin1" {
		t.Errorf("repairs %q", fixCodes(fixes))
	}
}

func FuzzDecodeMARC8(f *testing.F) {
	for _, seed := range []string{"caf\xE2e", "\x1B$1!0!\x1B(B", "\x1B)N\xC1", "&#x2026;", "\x1B", "\xEBt\xECs"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		out := decodeMARC8(text).out
		if !utf8.Valid(out) {
			t.Errorf("%q gives invalid UTF-8 %q", text, out)
		}
		if len(out) > 4*len(text) {
			t.Errorf("%d bytes became %d", len(text), len(out))
		}
	})
}

func ExampleRepair_Message() {
	fmt.Println(Repair{Code: RepairLatin1, Tag: "245"}.Message())
	// Output: field 245: text is in neither UTF-8 nor MARC-8, and was read as Windows-1252
}
