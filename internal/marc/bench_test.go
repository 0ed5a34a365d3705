package marc

import (
	"strings"
	"testing"
)

// schoolRecord is of the size and kind a school's system exports.
func schoolRecord(t testing.TB) Record {
	t.Helper()
	return record(t,
		"001 58694", "003 39012", "005 20230614114708.0", "008 210320s2022    mnua   b b    001 0 eng  ",
		"010   $a  2021378586", "020   $a9781663908353$qhardcover$c{dollar}16.72", "020   $z9781663908360$qebook",
		"040   $aDLC$beng$erda$cDLC$dOCLCO", "050 00$aBP186.6$b.E93 2022", "082 00$a297.3/6$223",
		"100 1 $aExample, Ana,$d1980-$eauthor.", "245 13$aEl festival book :$ba story about food, family and lights /$cby Ana Example ; illustrated by Lía Muñoz.",
		"264  1$aNorth Mankato, Minnesota :$bExample Press,$c[2022]", "264  4$c©2022", "300   $a32 pages :$bcolor illustrations ;$c24 cm.",
		"336   $atext$btxt$2rdacontent", "337   $aunmediated$bn$2rdamedia", "338   $avolume$bnc$2rdacarrier",
		"490 1 $aFestivals around the world ;$v7", "504   $aIncludes bibliographical references (page 31) and index.",
		"520   $aA family prepares food, cleans the house and hangs up lights. Simple text and bright pictures follow them through three days of celebration.",
		"521 0 $a3.4.", "521 2 $aK-3$bFollett School Solutions.", "521 8 $aAD420L$bLexile",
		"526 0 $aAccelerated Reader AR$bLG$c4.0$d0.5$z516595.", "650  0$aFestivals$vJuvenile literature.", "650  1$aFestivals.", "650  7$aHolidays$xFood.$2sears",
		"655  7$aPicture books.$2lcgft", "700 1 $aMuñoz, Lía,$eillustrator.", "830  0$aFestivals around the world ;$v7.",
		"852   $aSMEDS$pT 32889$923.54USD$xCOPYID:43747$xFSC@aRegular@c20230504$h297 EXA", "852   $aSMEDS$pT 32890$923.54USD$xCOPYID:43748$xFSC@aRegular@c20230504$h297 EXA",
	)
}

// BenchmarkRecord is all that import does with a record before the database.
func BenchmarkRecord(b *testing.B) {
	r := schoolRecord(b)
	for _, test := range []struct{ name, text string }{
		{"ISO2709", iso(b, r)},
		{"MARC8", marc8(strings.NewReplacer("í", "\xE2i", "ñ", "\xE4n", "©", "\xC3c").Replace(iso(b, r)))},
		{"XML", strings.SplitAfterN(xmlText(b, r), "\n", 3)[2]},
		{"JSON", string(Encode(r)) + "\n"},
	} {
		b.Run(test.name, func(b *testing.B) {
			reader, err := NewReader(&loop{text: []byte(test.text)}, "bench")
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(test.text)))
			b.ReportAllocs()
			for b.Loop() {
				got, _, err := reader.Next()
				if err != nil {
					break
				}
				_ = Extract(got)
				_ = Items(got, AutoItems)
				_ = Encode(got)
			}
		})
	}
}

func BenchmarkParts(b *testing.B) {
	r := schoolRecord(b)
	raw, form := []byte(iso(b, r)), Encode(r)
	splitter := &isoSplitter{}
	parts := []struct {
		name string
		run  func()
	}{
		{"Parse", func() { _, _ = splitter.parse(raw, &repairs{}) }},
		{"Extract", func() { _ = Extract(r) }},
		{"Items", func() { _ = Items(r, AutoItems) }},
		{"Encode", func() { _ = Encode(r) }},
		{"Decode", func() { _, _ = Decode(form) }},
		{"WriteISO2709", func() { _, _ = AppendISO2709(nil, r) }},
		{"WriteXML", func() { _ = appendXML(nil, r, &repairs{}) }},
	}
	for _, part := range parts {
		b.Run(part.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				part.run()
			}
		})
	}
}

// loop reads the same text again and again.
type loop struct {
	text []byte
	rest []byte
}

func (l *loop) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		l.rest = l.text
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// The memory a reader holds follows the largest record, not the file.
func TestReaderMemoryIsBounded(t *testing.T) {
	text := []byte(iso(t, schoolRecord(t)))
	reader, err := NewReader(&loop{text: text}, "endless")
	if err != nil {
		t.Fatal(err)
	}
	for range 20_000 {
		if _, _, err := reader.Next(); err != nil {
			t.Fatal(err)
		}
	}
	if got := cap(reader.source.buffer); got > 256<<10 {
		t.Errorf("after %d bytes the buffer holds %d", reader.Offset(), got)
	}
}
