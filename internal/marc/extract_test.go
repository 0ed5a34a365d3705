package marc

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSpec(t *testing.T) {
	r := record(t, "001 42", "008 210320s2022    mnua   b b    001 0 eng  ",
		"245 10$aOne :$btwo /$cme", "264  4$c©2020", "264  1$bPub", "650  0$aDogs$xCare", "650  1$aCats")
	for _, test := range []struct{ spec, want string }{
		{"245ab", "One : two /"},
		{"245ba", "One : two /"},
		{"245", "One : two / me"},
		{"264b:264c", "Pub|©2020"},
		{"264|*1|b", "Pub"},
		{"264|*4|b", ""},
		{"650|*1|a", "Cats"},
		{"6**a", "Dogs|Cats"},
		{"001", "42"},
		{"008[35-37]", "eng"},
		{"008[7-10]", "2022"},
		{"008[38-99]", ""},
		{"008[6]", "s"},
		{"999a", ""},
	} {
		parsed, err := parseSpec(test.spec)
		if err != nil {
			t.Errorf("%s: %v", test.spec, err)
			continue
		}
		if got := strings.Join(parsed.all(&r), "|"); got != test.want {
			t.Errorf("%s: got %q, want %q", test.spec, got, test.want)
		}
		first, _, _ := strings.Cut(test.want, "|")
		if got := parsed.first(&r); got != first {
			t.Errorf("%s: first is %q, want %q", test.spec, got, first)
		}
	}
	if got := mustSpec("LDR[6]").first(&r); got != "a" {
		t.Errorf("LDR[6]: got %q", got)
	}
	for _, wrong := range []string{"", "24", "245|1|a", "008[", "008[5-2]", "008[x]", "245ab:"} {
		if _, err := parseSpec(wrong); err == nil {
			t.Errorf("%q is no spec, and was parsed", wrong)
		}
	}
}

// One small record a defect or habit; only the facts named are compared.
func TestExtract(t *testing.T) {
	fixed := func(dates, language string) string {
		return "008 210320" + dates + "xx            000 0 " + language + " d"
	}
	for _, test := range []struct {
		name  string
		lines []string
		want  Facts
	}{
		{"ClosingPunctuation", []string{"245 10$aActing :$ba handbook /$cDr. No."}, Facts{Title: "Acting : a handbook", TitleKey: "acting", Responsibility: "Dr. No"}},
		{"Parts", []string{"245 10$aStar wars.$nEpisode IV,$pA new hope."}, Facts{Title: "Star wars. Episode IV, A new hope", TitleKey: "star wars episode iv a new hope"}},
		{"MaterialDesignationWithColon", []string{"245 00$aWhales$h[videorecording] :$bgiants."}, Facts{Title: "Whales : giants", Type: TypeVideo}},
		{"InitialKeepsItsStop", []string{"245 10$aThe life of John Q.$cX"}, Facts{Title: "The life of John Q."}},
		{"AbbreviationKeepsItsStop", []string{"245 10$aMartin Luther King, Jr."}, Facts{Title: "Martin Luther King, Jr."}},
		{"EllipsisStays", []string{"245 10$aAnd then ..."}, Facts{Title: "And then ..."}},
		{"QuestionStays", []string{"245 10$aWhy? /$cX"}, Facts{Title: "Why?"}},
		{"ArticleNotSorted", []string{"245 14$aThe cat in the hat /"}, Facts{Title: "The cat in the hat", SortTitle: "cat in the hat"}},
		{"SpanishArticle", []string{"245 13$aEl niño y la cigüeña"}, Facts{SortTitle: "nino y la ciguena"}},
		{"ElidedArticle", []string{"245 12$aL'été d'Émile"}, Facts{SortTitle: "ete demile"}},
		{"QuotedArticle", []string{"245 15$a\"The raven\" and others"}, Facts{SortTitle: "raven and others"}},
		{"ArticleWithoutItsBlank", []string{"245 13$aThe cat"}, Facts{SortTitle: "cat"}},
		{"NonFilingCutsWord", []string{"245 12$aHatchet"}, Facts{SortTitle: "hatchet"}},
		{"NonFilingBeyondTitle", []string{"245 19$aIt"}, Facts{SortTitle: "it"}},
		{"NonSortCharacters", []string{"245 10$a\u0098The \u009ccat"}, Facts{Title: "The cat", SortTitle: "cat"}},
		{"NoTitleButForm", []string{"245 10$kPapers."}, Facts{Title: "Papers"}},
		{"NoTitleButOriginalScript", []string{"880 10$6245-01$aКнига /$cХ"}, Facts{Title: "Книга", OriginalScript: []string{"Книга / Х"}}},
		{"NoTitleButUniform", []string{"130 0 $aBible."}, Facts{Title: "Bible", OtherTitles: []string{"Bible"}}},
		{"OriginalScriptWithoutLink", []string{"245 00$aKniga", "880 1 $a Автор,"}, Facts{OriginalScript: []string{"Автор"}}},

		{"AuthorWithoutDates", []string{"100 1 $aParsons, Robert,$d1546-1610,$eauthor."}, Facts{Author: "Parsons, Robert", Authors: []string{"Parsons, Robert"}}},
		{"AuthorKeepsInitial", []string{"100 1 $aKoontz, Dean R."}, Facts{Author: "Koontz, Dean R."}},
		{"AuthorFromAddedEntry", []string{"700 1 $aRau, Dana."}, Facts{Author: "Rau, Dana", Authors: []string{"Rau, Dana"}}},
		{"AuthorFromTitlePage", []string{"245 10$aX /$cby Dana Rau ; pictures by Yee."}, Facts{Author: "Dana Rau", Responsibility: "by Dana Rau ; pictures by Yee"}},
		{"AuthorTwice", []string{"100 1 $aSeuss,$cDr.", "700 1 $aSeuss,$cDr."}, Facts{Author: "Seuss, Dr.", Authors: []string{"Seuss, Dr."}}},

		{"PublisherOfPublication", []string{"264  2$bSeller,", "264  1$bPublisher,"}, Facts{Publisher: "Publisher"}},
		{"PublisherOfOldRecord", []string{"260   $aNew York :$bWalker,$c[1968]"}, Facts{Publisher: "Walker", Year: 1968}},

		{"YearOfEdition", []string{fixed("s2022    ", "eng")}, Facts{Year: 2022}},
		{"YearOfReprint", []string{fixed("r19571608", "eng")}, Facts{Year: 1957}},
		{"YearOfReprintWithoutSecondDate", []string{fixed("r1957    ", "eng")}, Facts{Year: 1957}},
		{"YearWithUnknownDecade", []string{fixed("d184u18uu", "eng")}, Facts{Year: 1840}},
		{"YearOfImprint", []string{fixed("c19uu9999", "eng"), "260   $c1980-"}, Facts{Year: 1980}},
		{"YearOfPublicationNotCopyright", []string{fixed("t20uu20uu", "eng"), "264  4$c©2015", "264  1$c2014."}, Facts{Year: 2014}},
		{"YearCorrected", []string{"260   $c1962 [i.e. 1963]"}, Facts{Year: 1963}},
		{"YearBC", []string{fixed("b        ", "eng")}, Facts{}},
		{"YearFilled", []string{fixed("s||||||||", "eng"), "260   $c[199-?]"}, Facts{Year: 1990}},
		{"YearImpossible", []string{fixed("s0022    ", "eng"), "260   $c12345678"}, Facts{}},

		{"Language", []string{fixed("s2022    ", "spa")}, Facts{Language: "spa", Languages: []string{"spa"}}},
		{"LanguageTerminological", []string{fixed("s2022    ", "deu")}, Facts{Language: "ger"}},
		{"LanguageUnknown", []string{fixed("s2022    ", "und")}, Facts{}},
		{"LanguageFilled", []string{fixed("s2022    ", "|||")}, Facts{}},
		{"LanguagePacked", []string{fixed("s1971    ", "eng"), "041 0 $aengfregeritasparus"}, Facts{Language: "eng", Languages: []string{"eng", "fre", "ger", "ita", "spa", "rus"}}},
		{"LanguageSeveral", []string{fixed("s1971    ", "mul"), "041 0 $aeng$aspa$bfre"}, Facts{Language: "eng", Languages: []string{"eng", "spa"}}},
		{"LanguageOfOtherList", []string{fixed("s2020    ", "nor"), "041 17$anob$2iso639-3"}, Facts{Language: "nor", Languages: []string{"nor"}}},
		{"LanguageOnlyOfOtherList", []string{"041 07$aes$2iso639-1"}, Facts{Language: "spa"}},

		{"SeriesTracedAndNot", []string{"490 1 $aSweet dreams ;$v12", "830  0$aSweet Dreams ;$v12."}, Facts{Series: []string{"Sweet dreams ; 12"}}},
		{"SubjectsOfTwoThesauri", []string{"650  0$aDogs$vFiction.", "650  1$aDogs$vFiction.$2sears"}, Facts{Subjects: []string{"Dogs -- Fiction"}}},
		{"SubjectPerson", []string{"600 10$aKing, Martin Luther,$cJr.,$d1929-1968.$0http://x"}, Facts{Subjects: []string{"King, Martin Luther, Jr., 1929-1968"}}},
		{"SubjectsUncontrolled", []string{"653   $aDogs$aCats"}, Facts{Subjects: []string{"Dogs", "Cats"}}},
		{"Genre", []string{"655  7$aGraphic novels.$2lcgft"}, Facts{Genres: []string{"Graphic novels"}}},

		{"ISBNs", []string{"020   $a080442957X (pbk.) :$c$9.95", "020   $a9780804429574", "020   $z0-306-40615-2"}, Facts{ISBNs: []string{"9780804429573"}, OtherISBNs: []string{"9780804429574", "9780306406157"}}},
		{"ISBNInBothForms", []string{"020   $a0306406152", "020   $a9780306406157"}, Facts{ISBNs: []string{"9780306406157"}}},
		{"ISBNOnlyAsArticleNumber", []string{"024 3 $a9780306406157", "024 3 $a5012345678900"}, Facts{ISBNs: []string{"9780306406157"}}},
		{"ISSN", []string{"022   $a0148-2076"}, Facts{ISSN: "0148-2076"}},
		{"ISSNWrong", []string{"022   $a0148-2077"}, Facts{}},
		{"LCCN", []string{"010   $a   00282214 "}, Facts{LCCN: "00282214"}},
		{"LCCNWithHyphen", []string{"010   $a82-4321 //r85"}, Facts{LCCN: "82004321"}},
		{"LCCNWithPrefix", []string{"010   $asn 86012976 "}, Facts{LCCN: "sn86012976"}},
		{"LCCNOfNobody", []string{"010   $aCNE220704980x"}, Facts{}},

		{"CallNumberLocal", []string{"050 00$aQA76$b.D47", "082 00$a005.74$221", "092   $a005.7$bDES"}, Facts{CallNumber: "005.7 DES"}},
		{"CallNumberPrimes", []string{"082 00$a741.5/973$a813"}, Facts{CallNumber: "741.5973"}},
		{"CallNumberBrackets", []string{"082 00$a[Fic]$223"}, Facts{CallNumber: "Fic"}},
		{"CallNumberCongress", []string{"050 00$aQA76.73.P22$bM33 2000"}, Facts{CallNumber: "QA76.73.P22 M33 2000"}},

		{"Lexile", []string{"521 8 $aAD420L$bLexile"}, Facts{Lexile: "AD420L"}},
		{"LexileInOneSubfield", []string{"521 8 $aLexile 700"}, Facts{Lexile: "700L"}},
		{"LexileWithoutNumber", []string{"521 8 $aNP$bLexile."}, Facts{Lexile: "NP"}},
		{"OtherLevel", []string{"521 8 $a24$bDRA"}, Facts{}},
		{"InterestGrades", []string{"521 2 $aK-3$bFollett.", "521 0 $a3.4."}, Facts{Grades: "K-3", ReadingLevel: "3.4", Audience: AudiencePrimary}},
		{"InterestGradesMiddle", []string{"521 2 $a5-8"}, Facts{Grades: "5-8", Audience: AudienceMiddle}},
		{"InterestGradesTeen", []string{"521 2 $aGrades 9-12"}, Facts{Grades: "Grades 9-12", Audience: AudienceTeen}},
		{"InterestPreschool", []string{"521 2 $aPre-K-K"}, Facts{Grades: "Pre-K-K", Audience: AudiencePreschool}},
		{"Ages", []string{"521 1 $a009-012."}, Facts{Audience: AudienceMiddle}},
		{"ReadingGradeIsNoAudience", []string{"521 0 $a3.4."}, Facts{Grades: "3.4", ReadingLevel: "3.4"}},
		{"Program", []string{"526 0 $aAccelerated Reader AR$bLG$c4.0$d0.5$z516595."}, Facts{Programs: []Program{{"Accelerated Reader AR", "LG", "4.0", "0.5", "516595"}}}},
		{"ControlNumber", []string{"001  58694 ", "003 DLC"}, Facts{ControlNumber: "58694", ControlSource: "DLC"}},
		{"Contents", []string{"505 00$tOne --$tTwo.", "586   $aNewbery Medal, 1999"}, Facts{Notes: []string{"One -- Two.", "Newbery Medal, 1999"}}},
		{"Summary", []string{"520   $aA boy survives."}, Facts{Summary: "A boy survives."}},
		{"Nothing", []string{"500   $aOnly a note"}, Facts{Notes: []string{"Only a note"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := Extract(record(t, test.lines...))
			wanted := reflect.ValueOf(test.want)
			for i := range wanted.NumField() {
				name := wanted.Type().Field(i).Name
				empty := wanted.Field(i).IsZero()
				if empty && !strings.HasPrefix(test.name, name) && test.name != "Nothing" || name == "Type" && empty {
					continue
				}
				if diff := cmp.Diff(wanted.Field(i).Interface(), reflect.ValueOf(got).Field(i).Interface()); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

func TestType(t *testing.T) {
	for _, test := range []struct {
		name, leader, want string
		lines              []string
	}{
		{"Book", "am", TypeBook, []string{"245 10$aX"}},
		{"BookWithDisc", "am", TypeBook, []string{"245 10$aX", "300   $a24 p. + 1 videodisc"}},
		{"EbookByForm", "am", TypeEbook, []string{"008 210320s2022    mnua   bo     001 0 eng  "}},
		{"EbookByExtent", "am", TypeEbook, []string{"300   $a1 online resource (281 p.)"}},
		{"EbookByCarrier", "am", TypeEbook, []string{"338   $aonline resource$2rdacarrier"}},
		{"EbookByPhysical", "am", TypeEbook, []string{"007 cr |n|---|||||"}},
		{"Serial", "as", TypeSerial, []string{"245 00$aX"}},
		{"Score", "cm", TypeScore, []string{"245 00$aX"}},
		{"Map", "em", TypeMap, []string{"245 00$aX"}},
		{"Video", "gm", TypeVideo, []string{"245 00$aX"}},
		{"Audiobook", "im", TypeAudiobook, []string{"245 00$aX"}},
		{"Music", "jm", TypeMusic, []string{"245 00$aX"}},
		{"Poster", "km", TypeObject, []string{"245 00$aX"}},
		{"Software", "mm", TypeComputer, []string{"245 00$aX"}},
		{"DocumentFile", "mm", TypeEbook, []string{"008 210320s2022    mnu     b  d  001 0 eng  "}},
		{"Kit", "om", TypeKit, []string{"245 00$aX"}},
		{"Mixed", "pc", TypeMixed, []string{"245 00$aX"}},
		{"Robot", "rm", TypeObject, []string{"245 00$aX"}},
		{"VideoCalledBook", "am", TypeVideo, []string{"245 10$aFlying leathernecks$b[videorecording]"}},
		{"DVDCalledBook", "am", TypeVideo, []string{"245 10$aX", "300   $a1 DVD (102 min.)"}},
		{"BookAboutDVDs", "am", TypeBook, []string{"245 10$aDVD production", "300   $a200 p."}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := record(t, test.lines...)
			r.Leader = r.Leader[:6] + test.leader + r.Leader[8:]
			if got := Extract(r).Type; got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestAudienceByMaterial(t *testing.T) {
	for _, test := range []struct{ leader, code, want string }{
		{"am", "a", AudiencePreschool}, {"am", "b", AudiencePrimary}, {"am", "c", AudienceMiddle}, {"am", "d", AudienceTeen},
		{"am", "j", AudienceJuvenile}, {"am", "e", AudienceAdult}, {"am", "g", AudienceGeneral}, {"am", " ", ""}, {"am", "|", ""},
		{"gm", "b", AudiencePrimary}, {"rm", "c", AudienceMiddle}, {"em", "a", ""}, {"as", "a", ""}, {"pc", "b", ""},
	} {
		r := record(t, "008 210320s2022    mnua  "+"? ? b    001 0 eng  ", "245 00$aX")
		value := []byte(r.Fields[0].Value)
		value[pos008Audience] = test.code[0]
		r.Fields[0].Value = string(value)
		r.Leader = r.Leader[:6] + test.leader + r.Leader[8:]
		if got := Extract(r).Audience; got != test.want {
			t.Errorf("%s with %q: got %q, want %q", test.leader, test.code, got, test.want)
		}
	}
}

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"The  Cat, in the HAT!": "the cat in the hat", "Ñandú": "nandu", "don't / don’t": "dont dont", "Łódź": "lodz", "ﬁne": "fine",
		"ukazatelʹ": "ukazatel", "Größe": "grosse", "Книга й": "книга и", "": "", "--": "", "e\u0301": "e", "日本": "日本",
	} {
		if got := Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestMatchKeys(t *testing.T) {
	r := record(t, "001 58694", "003 DLC", "010   $a  2021378586", "020   $a080442957X", "020   $a9780804429574", "245 14$aThe cat :$btwo /")
	want := []string{"control:DLC:58694", "lccn:2021378586", "isbn:9780804429573:cat"}
	if diff := cmp.Diff(want, MatchKeys(Extract(r))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	alone := record(t, "001 58694", "245 10$aX")
	if diff := cmp.Diff([]string{"control::58694"}, MatchKeys(Extract(alone))); diff != "" {
		t.Errorf("without 003 (-want +got):\n%s", diff)
	}
	if keys := MatchKeys(Extract(record(t, "020   $a080442957X", "500   $aX"))); len(keys) != 0 {
		t.Errorf("without a title: %v", keys)
	}
}
