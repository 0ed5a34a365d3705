package marc

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestItems(t *testing.T) {
	for _, test := range []struct {
		name, tag string
		lines     []string
		want      []ItemFacts
	}{
		{"Destiny", AutoItems, []string{"245 10$aX", "852   $aSMEDS$pT 32889$923.54USD$xCOPYID:43747$xFSC@aRegular@bSpanish@c20230504@e2@fFollett$xFUND:Title I$h297$iEXA$t2$zSigned"}, []ItemFacts{{
			Tag: "852", FieldIndex: 1, Barcode: "T 32889", CallNumber: "297 EXA", ItemType: "Regular", Category: "Spanish", Site: "SMEDS",
			Copy: "2", Volume: "2", PriceCents: 2354, Currency: "USD", Acquired: "2023-05-04", Vendor: "Follett", Funds: []string{"Title I"},
			PublicNotes: []string{"Signed"},
		}}},
		{"DestinyPrefixAndSuffix", AutoItems, []string{"852   $iEXA$mc.2$h598$kREF$p1"}, []ItemFacts{{Tag: "852", Barcode: "1", CallNumber: "REF 598 EXA c.2"}}},
		{"DestinyWithoutBarcode", AutoItems, []string{"852   $aSMEDS$h[Fic] EXA"}, []ItemFacts{{Tag: "852", Site: "SMEDS", CallNumber: "[Fic] EXA"}}},
		{"DestinyFree", AutoItems, []string{"852   $p7$9.00USD"}, []ItemFacts{{Tag: "852", Barcode: "7"}}},
		{"OwnNote", AutoItems, []string{"852   $p7$xwater stain"}, []ItemFacts{{Tag: "852", Barcode: "7", StaffNotes: []string{"water stain"}}}},
		{"HoldingOfElsewhere", AutoItems, []string{"852   $aLibrary of Congress$bPrints$ndcu"}, nil},
		{"HoldingOfElsewhereAsked", "852", []string{"852   $aLibrary of Congress$bPrints$ndcu"}, nil},
		{"Koha", AutoItems, []string{"952   $00$11$40$70$aMAIN$bMAIN$cFIC$d2019-08-26$g12.50$h2$o598 EXA$p3999$t1$v15.00$yBK$8JUV$xdonated$zsigned$eFollett"}, []ItemFacts{{
			Tag: "952", Barcode: "3999", CallNumber: "598 EXA", ItemType: "BK", Category: "JUV", Location: "FIC", Site: "MAIN", Copy: "1", Volume: "2",
			PriceCents: 1500, Acquired: "2019-08-26", Vendor: "Follett", Status: StatusLost, PublicNotes: []string{"signed"}, StaffNotes: []string{"donated"},
		}}},
		{"KohaOnlyPricePaid", AutoItems, []string{"952   $aMAIN$g12.50$p3999"}, []ItemFacts{{Tag: "952", Site: "MAIN", Barcode: "3999", PriceCents: 1250}}},
		{"KohaWithoutBarcode", AutoItems, []string{"952   $aMAIN$yBK"}, []ItemFacts{{Tag: "952", Site: "MAIN", ItemType: "BK"}}},
		{"OtherNoteIn952", AutoItems, []string{"952   $aCoe Programs W104", "952   $aCSUO02B5200$bHoover Institution"}, nil},
		{"Sirsi949", AutoItems, []string{"949   $aML 270.2 A6 1997$wLC$i30007006841505$rY$tBOOKS$lHUNT-CIRC$mHUNTINGTON$p{dollar}25.00$u1/2/2003$c1"}, []ItemFacts{{
			Tag: "949", Barcode: "30007006841505", CallNumber: "ML 270.2 A6 1997", ItemType: "BOOKS", Location: "HUNT-CIRC", Site: "HUNTINGTON",
			Copy: "1", PriceCents: 2500, Currency: "USD", Acquired: "2003-01-02",
		}}},
		{"Vendor949", AutoItems, []string{"949   $b31972208755424$cepbf--c$mep$tj21"}, []ItemFacts{{Tag: "949", Barcode: "31972208755424", ItemType: "j21", Site: "ep"}}},
		{"Vendor949BarcodeFirst", AutoItems, []string{"949   $a30007006841505$p12.95"}, []ItemFacts{{Tag: "949", Barcode: "30007006841505", PriceCents: 1295}}},
		{"Vendor949BarcodeInP", AutoItems, []string{"949   $a598 EXA$p30007006841505"}, []ItemFacts{{Tag: "949", Barcode: "30007006841505", CallNumber: "598 EXA"}}},
		{"NoteIn949", AutoItems, []string{"949   $a[MYS] BCAF", "949   $a542$bM917$ljuv"}, nil},
		{"BarcodesWin", AutoItems, []string{"852   $aX$h598", "949   $i30007006841505$a598"}, []ItemFacts{{Tag: "949", FieldIndex: 1, Barcode: "30007006841505", CallNumber: "598"}}},
		{"MostBarcodesWin", AutoItems, []string{"852   $p1", "952   $aM$p1", "952   $aM$p2"}, []ItemFacts{{Tag: "952", FieldIndex: 1, Site: "M", Barcode: "1"}, {Tag: "952", FieldIndex: 2, Site: "M", Barcode: "2"}}},
		{"TagAsked", "852", []string{"852   $p1", "952   $aM$p1", "952   $aM$p2"}, []ItemFacts{{Tag: "852", Barcode: "1"}}},
		{"None", "none", []string{"852   $p1"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Items(record(t, test.lines...), test.tag)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParsePrice(t *testing.T) {
	for _, test := range []struct {
		text     string
		bare     bool
		cents    int
		currency string
		ok       bool
	}{
		{"23.54USD", true, 2354, "USD", true},
		{".00USD", true, 0, "USD", true},
		{"2354", true, 2354, "", true},
		{"2354USD", true, 2354, "USD", true},
		{"25", false, 2500, "", true},
		{"$25.00", false, 2500, "USD", true},
		{"25.000000", false, 2500, "", true},
		{"7.99", true, 799, "", true},
		{"$ 7.9", true, 790, "USD", true},
		{"12,50 €", false, 1250, "EUR", true},
		{"1,250.00", false, 125000, "", true},
		{"1.250,00", false, 125000, "", true},
		{"1,250", false, 125000, "", true},
		{"£5", false, 500, "GBP", true},
		{"CAD 5.00", false, 500, "CAD", true},
		{"free", false, 0, "", false},
		{"", true, 0, "", false},
		{".", true, 0, "", true},
		{"31972208755424", false, 0, "", false},
		{"12.5.x", false, 0, "", false},
		{"12a5", false, 0, "", false},
	} {
		cents, currency, ok := parsePrice(test.text, test.bare)
		if cents != test.cents || currency != test.currency || ok != test.ok {
			t.Errorf("parsePrice(%q, %v) = %d %q %v, want %d %q %v", test.text, test.bare, cents, currency, ok, test.cents, test.currency, test.ok)
		}
	}
}

func TestParseDate(t *testing.T) {
	for text, want := range map[string]string{
		"20230504": "2023-05-04", "2019-08-26": "2019-08-26", "2019-08-26 00:00:00": "2019-08-26", "2/21/02": "2002-02-21",
		"12/1/2015": "2015-12-01", "20230230": "", "00000000": "", "": "", "yesterday": "",
	} {
		if got := parseDate(text); got != want {
			t.Errorf("parseDate(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestUpdateItemChangesOnlyWhatDiffers(t *testing.T) {
	before := "852   $aSMEDS$pT 32889$923.54USD$xCOPYID:43747$xFSC@aRegular@c20230504@qkept$xFUND:Title I$h297$iEXA$zSigned$8own"
	for _, test := range []struct {
		name   string
		change func(*ItemFacts)
		want   string
	}{
		{"Nothing", func(*ItemFacts) {}, before},
		{"Barcode", func(f *ItemFacts) { f.Barcode = "9" }, "852   $aSMEDS$p9$923.54USD$xCOPYID:43747$xFSC@aRegular@c20230504@qkept$xFUND:Title I$h297$iEXA$zSigned$8own"},
		{"CallNumber", func(f *ItemFacts) { f.CallNumber = "E EXA" }, "852   $aSMEDS$pT 32889$923.54USD$xCOPYID:43747$xFSC@aRegular@c20230504@qkept$xFUND:Title I$hE EXA$zSigned$8own"},
		{"Price", func(f *ItemFacts) { f.PriceCents = 5 }, "852   $aSMEDS$pT 32889$90.05USD$xCOPYID:43747$xFSC@aRegular@c20230504@qkept$xFUND:Title I$h297$iEXA$zSigned$8own"},
		{"TypeAndVendor", func(f *ItemFacts) { f.ItemType, f.Vendor = "Reference", "B&T" }, "852   $aSMEDS$pT 32889$923.54USD$xCOPYID:43747$xFSC@aReference@c20230504@qkept@fB&T$xFUND:Title I$h297$iEXA$zSigned$8own"},
		{"Fund", func(f *ItemFacts) { f.Funds = []string{"PTA"} }, "852   $aSMEDS$pT 32889$923.54USD$xCOPYID:43747$xFSC@aRegular@c20230504@qkept$h297$iEXA$zSigned$8own$xFUND:PTA"},
		{"Emptied", func(f *ItemFacts) { *f = ItemFacts{} }, "852   $xCOPYID:43747$xFSC@qkept$8own"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := record(t, before)
			facts := Items(r, "852")[0]
			test.change(&facts)
			got := UpdateItem(r.Fields[0], facts)
			if !got.same(field(t, test.want)) {
				t.Errorf("got %q\nwant %q", got, test.want)
			}
			if !r.Fields[0].same(field(t, before)) {
				t.Error("the field itself was changed")
			}
		})
	}
	note := field(t, "500   $aNote")
	if got := UpdateItem(note, ItemFacts{Barcode: "1"}); !got.same(note) {
		t.Errorf("a note became %v", got)
	}
}

func TestUpdateItemStatus(t *testing.T) {
	r := record(t, "952   $aMAIN$p1$10$70")
	facts := Items(r, "952")[0]
	facts.Status = StatusDamaged
	got := UpdateItem(r.Fields[0], facts)
	if !got.same(field(t, "952   $aMAIN$p1$10$70$41")) {
		t.Errorf("damaged: %v", got)
	}
	facts.Status = ""
	if got = UpdateItem(got, facts); !got.same(field(t, "952   $aMAIN$p1$10$70$40")) {
		t.Errorf("whole again: %v", got)
	}
}

func TestNewItemField(t *testing.T) {
	got := NewItemField(ItemFacts{
		Barcode: "T 1", CallNumber: "E EXA", ItemType: "Regular", Location: "Picture books", Site: "SMEDS", Copy: "2",
		PriceCents: 2354, Currency: "USD", Acquired: "2023-05-04", Funds: []string{"PTA"},
	})
	want := field(t, "852   $pT 1$aSMEDS$cPicture books$t2$hE EXA$923.54USD$xFSC@aRegular@c20230504$xFUND:PTA")
	if !got.same(want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// Whatever a field said before, after an update it says what it was told.
func TestPropertyUpdateItem(t *testing.T) {
	word := rapid.StringMatching(`[A-Za-z][A-Za-z0-9 ]{0,8}[A-Za-z0-9]|`)
	barcode := rapid.StringMatching(`[0-9]{6,14}`)
	genFacts := rapid.Custom(func(t *rapid.T) ItemFacts {
		facts := ItemFacts{
			Barcode: barcode.Draw(t, "barcode"), CallNumber: rapid.StringMatching(`[0-9]{3} [A-Z]{3}|`).Draw(t, "call"),
			ItemType: word.Draw(t, "type"), Category: word.Draw(t, "category"), Location: word.Draw(t, "location"),
			Site: word.Draw(t, "site"), Copy: rapid.StringMatching(`[0-9]{0,2}`).Draw(t, "copy"), Volume: word.Draw(t, "volume"),
			PriceCents: rapid.IntRange(0, 99_999).Draw(t, "price"), Acquired: rapid.SampledFrom([]string{"", "2023-05-04"}).Draw(t, "acquired"),
			Vendor: word.Draw(t, "vendor"),
		}
		if facts.PriceCents > 0 {
			facts.Currency = rapid.SampledFrom([]string{"", "USD", "EUR"}).Draw(t, "currency")
		}
		notes := rapid.SliceOfNDistinct(rapid.StringMatching(`note [a-z]{3}`), 0, 2, rapid.ID[string]).Draw(t, "notes")
		facts.StaffNotes = append(facts.StaffNotes, notes...)
		return facts
	})
	rapid.Check(t, func(t *rapid.T) {
		way := rapid.SampledFrom(itemTags[:2]).Draw(t, "way")
		first, second := genFacts.Draw(t, "first"), genFacts.Draw(t, "second")
		at := UpdateItem(Field{Tag: way.tag, Ind1: ' ', Ind2: ' '}, first)
		at = UpdateItem(at, second)
		got := way.read(&at)
		second.Tag = way.tag
		if way.tag == "952" && len(got.StaffNotes) == len(second.StaffNotes) {
			got.StaffNotes = second.StaffNotes
		}
		if diff := cmp.Diff(second, got); diff != "" {
			t.Fatalf("field %q (-told +said):\n%s", at, diff)
		}
	})
}
