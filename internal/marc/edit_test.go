package marc

import (
	"strings"
	"testing"
)

// written shows the data fields of a record as record reads them.
func written(r Record) []string {
	var all []string
	for _, f := range r.Fields {
		if f.IsControl() {
			all = append(all, f.Tag+" "+f.Value)
			continue
		}
		line := f.Tag + " " + string(rune(f.Ind1)) + string(rune(f.Ind2))
		for _, sub := range f.Subfields {
			line += "$" + string(rune(sub.Code)) + sub.Value
		}
		all = append(all, line)
	}
	return all
}

// TestEdit shows what each change makes of a record: which lines go and which come.
func TestEdit(t *testing.T) {
	all := formRecords(t)
	today, older, plain, body := all[0], all[1], all[2], all[3]
	set := func(change func(*Form)) func(*Form) { return change }
	for _, test := range []struct {
		name   string
		record Record
		change func(*Form)
		want   string // "-line" and "+line", in the order of the record
	}{
		{"TitleKeepsItsEnd", today, set(func(f *Form) { f.Title = "The moon" }), "-245 10$6880-01$aMoon! Earth's best friend /$cby Stacy McAnulty ; illustrated by Stevie Lewis.|+245 14$6880-01$aThe moon /$cby Stacy McAnulty ; illustrated by Stevie Lewis."},
		{"SubtitleComes", today, set(func(f *Form) { f.Subtitle = "a story" }), "-245 10$6880-01$aMoon! Earth's best friend /$cby Stacy McAnulty ; illustrated by Stevie Lewis.|+245 10$6880-01$aMoon! Earth's best friend :$ba story /$cby Stacy McAnulty ; illustrated by Stevie Lewis."},
		{"SubtitleGoes", older, set(func(f *Form) { f.Subtitle = "" }), "-245 14$aThe hatchet :$ba novel /$cGary Paulsen.|+245 14$aThe hatchet /$cGary Paulsen."},
		{"WithoutPunctuation", plain, set(func(f *Form) { f.Subtitle = "giants" }), "-245 00$aDinosaurs|+245 00$aDinosaurs :$bgiants"},
		{"ArticleOfTheLanguage", older, set(func(f *Form) { f.Title, f.Language = "El hacha", "spa" }), "-008 870101r19871986nyu    c      000 1 eng  |+008 870101r19871986nyu    c      000 1 spa  |-245 14$aThe hatchet :$ba novel /$cGary Paulsen.|+245 13$aEl hacha :$ba novel /$cGary Paulsen."},
		{"DatesGoWithTheName", older, set(func(f *Form) { f.Author = "Homer" }), "-100 1 $aPaulsen, Gary,$d1939-|+100 0 $aHomer"},
		{"RoleStays", today, set(func(f *Form) { f.Author = "Lewis, Stevie" }), "-100 1 $aMcAnulty, Stacy,$eauthor.|+100 1 $aLewis, Stevie,$eauthor."},
		{"BodyStaysABody", body, set(func(f *Form) { f.Author = "National Geographic" }), "-110 2 $aTime-Life Books.$bStaff,|+110 2 $aNational Geographic,"},
		{"NoAuthor", older, set(func(f *Form) { f.Author = "" }), "-100 1 $aPaulsen, Gary,$d1939-|-245 14$aThe hatchet :$ba novel /$cGary Paulsen.|+245 04$aThe hatchet :$ba novel /$cGary Paulsen."},
		{"IllustratorComes", older, set(func(f *Form) { f.Illustrator = "Lewis, Stevie" }), "+700 1 $aLewis, Stevie,$eillustrator."},
		{"IllustratorGoes", today, set(func(f *Form) { f.Illustrator = "" }), "-700 1 $6880-02$aLewis, Stevie,$eillustrator.|-880 1 $6700-02/$1$a路易斯|+880 1 $6700-00/$1$a路易斯"},
		{"QualifierStays", older, set(func(f *Form) { f.ISBN = []string{"978-1-250-19934-8"} }), "-020   $a0-688-06419-4 (pbk.) :$c$3.95|+020   $a9781250199348 (pbk.) :$c$3.95"},
		{"CancelledStays", today, set(func(f *Form) { f.ISBN = []string{} }), "-020   $a9781250199348 (hardcover)|-020   $a1250199344$z9780000000000|+020   $z9780000000000"},
		{"AgencysNumberStays", today, set(func(f *Form) { f.CallNumber = "E MCA" }), "+099   $aE MCA"},
		{"DeweyOfOurOwn", today, set(func(f *Form) { f.CallNumber = "523.3 MCA" }), "+092   $a523.3$bMCA"},
		{"LocalNumber", older, set(func(f *Form) { f.CallNumber = "FIC PAULSEN" }), "-092   $aFIC$bPAU|+092   $aFIC$bPAULSEN"},
		{"YearAsItStands", older, set(func(f *Form) { f.Year = "1999" }), "-008 870101r19871986nyu    c      000 1 eng  |+008 870101r19991986nyu    c      000 1 eng  |-260   $aNew York :$bBradbury,$cc1987.|+260   $aNew York :$bBradbury,$cc1999."},
		{"NewImprint", plain, set(func(f *Form) { f.Publisher, f.Year = "Dover", "2001" }), "+264  1$bDover,$c2001."},
		{"PagesAsTheyStand", older, set(func(f *Form) { f.Pages = "200" }), "-300   $axii, 195 p. ;$c24 cm.|+300   $axii, 200 p. ;$c24 cm."},
		{"Grades", today, set(func(f *Form) { f.GradesFrom, f.GradesTo = "5", "2" }), "-521 2 $aK-3.|+521 2 $a2-5."},
		{"SeriesAndItsTrace", today, set(func(f *Form) { f.Series, f.Volume = "Space", "4" }), "-490 1 $aOur universe ;$v3|+490 1 $aSpace ;$v4|-830  0$aOur universe ;$v3.|+830  0$aSpace ;$v4."},
		{"SeriesOfOlderRules", older, set(func(f *Form) { f.Volume = "2" }), "-440  0$aNewbery books|+440  0$aNewbery books ;$v2"},
		{"Subjects", today, set(func(f *Form) {
			f.Subjects = append(f.Subjects[1:], "Humorous nonfiction", "Moon -- Fiction")
		}), "-650  0$aMoon$vJuvenile literature.|+650  4$aHumorous nonfiction.|+650  4$aMoon$vFiction."},
		{"KeywordGoes", today, set(func(f *Form) { f.Subjects = f.Subjects[:3] }), "-653   $aPlanets$aRocks|+653   $aPlanets"},
		{"Reader", today, set(func(f *Form) { f.ARLevel, f.ARPoints, f.ARQuiz = "", "", "" }), "-526 0 $aAccelerated Reader$bLG$c2.9$d0.5$z199341|+526 0 $aAccelerated Reader$bLG"},
		{"NewLexile", older, set(func(f *Form) { f.Lexile = "ad 580" }), "+521 8 $aAD580L$bLexile"},
		{"Kind", older, set(func(f *Form) { f.Kind = KindGraphic }), "+655  7$aGraphic novels.$2local"},
	} {
		t.Run(test.name, func(t *testing.T) {
			form := FormOf(test.record)
			form.Subjects = append([]string{}, form.Subjects...)
			test.change(&form)
			if got := differences(written(test.record), written(Edit(test.record, form))); got != test.want {
				t.Errorf("got\n  %s\nwant\n  %s", strings.ReplaceAll(got, "|", "\n  "), strings.ReplaceAll(test.want, "|", "\n  "))
			}
		})
	}
}

// differences are what goes from one list and comes in another that are otherwise the same.
func differences(was, is []string) string {
	var found []string
	for len(was) > 0 || len(is) > 0 {
		switch {
		case len(was) > 0 && len(is) > 0 && was[0] == is[0]:
			was, is = was[1:], is[1:]
		case len(was) > 0 && !hasText(is, was[0]):
			found, was = append(found, "-"+was[0]), was[1:]
		case len(is) > 0:
			found, is = append(found, "+"+is[0]), is[1:]
		}
	}
	return strings.Join(found, "|")
}
