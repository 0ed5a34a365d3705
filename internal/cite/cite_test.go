package cite

import (
	"strings"
	"testing"

	"carrel/internal/marc"
)

// marked writes italics between asterisks.
func marked(runs []Run) string {
	var text strings.Builder
	for _, run := range runs {
		if run.Italic {
			text.WriteString("*" + run.Text + "*")
			continue
		}
		text.WriteString(run.Text)
	}
	return text.String()
}

func people(inverted ...string) (names []Name) {
	for _, name := range inverted {
		names = append(names, Person(name))
	}
	return names
}

func crowd(n int) []Name {
	var names []Name
	for i := range n {
		names = append(names, Name{Family: "Writer" + string(rune('A'+i)), Given: "Ann"})
	}
	return names
}

func TestCitations(t *testing.T) {
	planets := Work{Title: "The planets", Authors: people("Gibbons, Gail"), Publisher: "Holiday House,", Place: "New York :", Year: "1993", Language: "eng"}
	for _, test := range []struct {
		name              string
		work              Work
		mla, apa, chicago string
	}{
		{ // MLA 5.6; APA 10.2, example 20; Chicago 14.75
			"one author", planets,
			"Gibbons, Gail. *The Planets*. Holiday House, 1993.",
			"Gibbons, G. (1993). *The planets*. Holiday House.",
			"Gibbons, Gail. *The Planets*. New York: Holiday House, 1993.",
		},
		{ // MLA 5.7, APA 9.8, Chicago 14.76
			"two authors",
			Work{Title: "Dark day in the deep sea", Authors: people("Osborne, Mary Pope", "Murdocca, Sal"), Publisher: "Random House", Place: "New York", Year: "2008"},
			"Osborne, Mary Pope, and Sal Murdocca. *Dark Day in the Deep Sea*. Random House, 2008.",
			"Osborne, M. P., & Murdocca, S. (2008). *Dark day in the deep sea*. Random House.",
			"Osborne, Mary Pope, and Sal Murdocca. *Dark Day in the Deep Sea*. New York: Random House, 2008.",
		},
		{ // MLA 5.8, APA 9.8, Chicago 14.76
			"three authors",
			Work{Title: "Ecology", Authors: people("Begon, Michael", "Townsend, Colin R.", "Harper, John L."), Publisher: "Blackwell Pub.", Year: "2006", Edition: "4th ed."},
			"Begon, Michael, et al. *Ecology*. 4th ed., Blackwell Pub., 2006.",
			"Begon, M., Townsend, C. R., & Harper, J. L. (2006). *Ecology* (4th ed.). Blackwell Pub.",
			"Begon, Michael, Colin R. Townsend, and John L. Harper. *Ecology*. 4th ed. Blackwell Pub., 2006.",
		},
		{ // Chicago 14.76: of more than ten the first seven
			"eleven authors", Work{Title: "Cells", Authors: crowd(11), Publisher: "Press", Year: "2001"},
			"WriterA, Ann, et al. *Cells*. Press, 2001.",
			"WriterA, A., WriterB, A., WriterC, A., WriterD, A., WriterE, A., WriterF, A., WriterG, A., WriterH, A., WriterI, A., WriterJ, A., & WriterK, A. (2001). *Cells*. Press.",
			"WriterA, Ann, Ann WriterB, Ann WriterC, Ann WriterD, Ann WriterE, Ann WriterF, Ann WriterG, et al. *Cells*. Press, 2001.",
		},
		{ // MLA 5.20, APA 9.29, Chicago 14.84: the body is author and publisher
			"a body",
			Work{Title: "Bird feeder book", Authors: []Name{{Family: "National Audubon Society", Body: true}}, Publisher: "The National Audubon Society, Inc.", Year: "1997"},
			"*Bird Feeder Book*. National Audubon Society, 1997.",
			"National Audubon Society. (1997). *Bird feeder book*.",
			"National Audubon Society. *Bird Feeder Book*. National Audubon Society, 1997.",
		},
		{ // MLA 5.5 (no author), APA 9.12, Chicago 14.79
			"nobody", Work{Title: "Beowulf", Publisher: "Norton", Year: "2001", Place: "New York"},
			"*Beowulf*. Norton, 2001.",
			"*Beowulf*. (2001). Norton.",
			"*Beowulf*. New York: Norton, 2001.",
		},
		{ // MLA 5.12, APA 9.10, Chicago 14.103
			"an editor", Work{Title: "Poems to read aloud", Editors: people("Hale, Edward"), Publisher: "Norton", Year: "1955"},
			"Hale, Edward, editor. *Poems to Read Aloud*. Norton, 1955.",
			"Hale, E. (Ed.). (1955). *Poems to read aloud*. Norton.",
			"Hale, Edward, ed. *Poems to Read Aloud*. Norton, 1955.",
		},
		{ // MLA 5.12, APA 9.10, Chicago 14.103
			"two editors", Work{Title: "Here is a poem", Editors: people("Yolen, Jane", "Peters, Andrew Fusek"), Publisher: "Candlewick Press", Year: "2007"},
			"Yolen, Jane, and Andrew Fusek Peters, editors. *Here Is a Poem*. Candlewick Press, 2007.",
			"Yolen, J., & Peters, A. F. (Eds.). (2007). *Here is a poem*. Candlewick Press.",
			"Yolen, Jane, and Andrew Fusek Peters, eds. *Here Is a Poem*. Candlewick Press, 2007.",
		},
		{ // MLA 5.43, APA 10.2 example 28, Chicago 14.104
			"a translator",
			Work{Title: "The neverending story", Authors: people("Ende, Michael"), Translators: people("Manheim, Ralph"), Publisher: "Doubleday & Co.", Place: "Garden City, N.Y.", Year: "1983"},
			"Ende, Michael. *The Neverending Story*. Translated by Ralph Manheim, Doubleday, 1983.",
			"Ende, M. (1983). *The neverending story* (R. Manheim, Trans.). Doubleday.",
			"Ende, Michael. *The Neverending Story*. Translated by Ralph Manheim. Garden City, N.Y.: Doubleday, 1983.",
		},
		{ // MLA 5.43; APA 9.10 for other roles; Chicago 14.104
			"an illustrator",
			Work{Title: "Last stop on Market Street", Authors: people("De la Peña, Matt"), Illustrators: people("Robinson, Christian"), Publisher: "G.P. Putnam's Sons", Place: "New York, New York :", Year: "2015"},
			"De la Peña, Matt. *Last Stop on Market Street*. Illustrated by Christian Robinson, G.P. Putnam's Sons, 2015.",
			"De la Peña, M. (2015). *Last stop on Market Street* (C. Robinson, Illus.). G.P. Putnam's Sons.",
			"De la Peña, Matt. *Last Stop on Market Street*. Illustrated by Christian Robinson. New York, New York: G.P. Putnam's Sons, 2015.",
		},
		{ // MLA 2.90 and 1.? on subtitles, APA 6.17 (a capital after the colon), Chicago 8.159 and 8.164
			"a subtitle",
			Work{Title: "The boy who harnessed the wind", Subtitle: "creating currents of electricity and hope", Authors: people("Kamkwamba, William"), Publisher: "William Morrow", Year: "2009", Edition: "First edition."},
			"Kamkwamba, William. *The Boy Who Harnessed the Wind: Creating Currents of Electricity and Hope*. William Morrow, 2009.",
			"Kamkwamba, W. (2009). *The boy who harnessed the wind: Creating currents of electricity and hope*. William Morrow.",
			"Kamkwamba, William. *The Boy Who Harnessed the Wind: Creating Currents of Electricity and Hope*. William Morrow, 2009.",
		},
		{ // APA 9.17, Chicago 14.145; MLA 5.68 leaves it out. No full stop after the title's own sign: Chicago 6.124.
			"no year, and a question", Work{Title: "Where's Spot?", Authors: people("Hill, Eric"), Publisher: "[publisher not identified]"},
			"Hill, Eric. *Where's Spot?*",
			"Hill, E. (n.d.). *Where's Spot?*",
			"Hill, Eric. *Where's Spot?* N.d.",
		},
		{ // MLA 5.48; APA 10.2 tells no format; Chicago 14.159
			"an e-book", Work{Title: "Wonder", Authors: people("Palacio, R. J."), Publisher: "Alfred A. Knopf", Year: "2012", EBook: true},
			"Palacio, R. J. *Wonder*. E-book ed., Alfred A. Knopf, 2012.",
			"Palacio, R. J. (2012). *Wonder*. Alfred A. Knopf.",
			"Palacio, R. J. *Wonder*. Alfred A. Knopf, 2012. E-book.",
		},
		{ // MLA 5.61 shortens university presses, the others do not
			"a university press", Work{Title: "Texas snakes", Authors: people("Dixon, James Ray"), Publisher: "University of Texas Press", Year: "2000", Edition: "Revised edition."},
			"Dixon, James Ray. *Texas Snakes*. Rev. ed., U of Texas P, 2000.",
			"Dixon, J. R. (2000). *Texas snakes* (Rev. ed.). University of Texas Press.",
			"Dixon, James Ray. *Texas Snakes*. Rev. ed. University of Texas Press, 2000.",
		},
		{ // MLA 2.98, Chicago 11.6: Spanish titles keep their sentence
			"in Spanish", Work{Title: "Cien años de soledad", Authors: people("García Márquez, Gabriel"), Publisher: "Editorial Sudamericana, S.A.", Year: "1967", Language: "spa"},
			"García Márquez, Gabriel. *Cien años de soledad*. Editorial Sudamericana, 1967.",
			"García Márquez, G. (1967). *Cien años de soledad*. Editorial Sudamericana.",
			"García Márquez, Gabriel. *Cien años de soledad*. Editorial Sudamericana, 1967.",
		},
		{ // MLA 5.6 (one name), APA 9.8 (single names), suffixes: MLA 5.15, APA 9.8, Chicago 14.73
			"one name", Work{Title: "Crispin", Authors: people("Avi"), Publisher: "Hyperion Books for Children", Year: "2002"},
			"Avi. *Crispin*. Hyperion Books for Children, 2002.",
			"Avi. (2002). *Crispin*. Hyperion Books for Children.",
			"Avi. *Crispin*. Hyperion Books for Children, 2002.",
		},
		{
			"a junior", Work{Title: "I have a dream", Authors: people("King, Martin Luther, Jr."), Publisher: "Scholastic Inc.", Year: "1997"},
			"King, Martin Luther, Jr. *I Have a Dream*. Scholastic, 1997.",
			"King, M. L., Jr. (1997). *I have a dream*. Scholastic.",
			"King, Martin Luther, Jr. *I Have a Dream*. Scholastic, 1997.",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			for style, pair := range map[string][2]string{
				"MLA": {marked(MLA(test.work)), test.mla}, "APA": {marked(APA(test.work)), test.apa}, "Chicago": {marked(Chicago(test.work)), test.chicago},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%s\n got %s\nwant %s", style, pair[0], pair[1])
				}
			}
		})
	}
}

func TestHeadline(t *testing.T) {
	for text, want := range map[string]string{
		"harry Potter and the sorcerer's stone": "Harry Potter and the Sorcerer's Stone",
		"a is for apple":                        "A Is for Apple",
		"where I come from":                     "Where I Come From", // last word
		"the read-aloud handbook":               "The Read-Aloud Handbook",
		"growing up is hard":                    "Growing Up Is Hard",
		"war and peace: from the beginning":     "War and Peace: From the Beginning",
		"the story of O'Dell and eBay":          "The Story of O'Dell and eBay",
		"henry viii":                            "Henry VIII",
		"“the end” of it":                       "“The End” of It",
		"20,000 leagues under the sea":          "20,000 Leagues under the Sea",
		"":                                      "",
		"¡viva! hip hip":                        "¡Viva! Hip Hip",
	} {
		if got := headline(text, "eng"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestFromMARC(t *testing.T) {
	sub := func(pairs ...string) (subs []marc.Subfield) {
		for i := 0; i < len(pairs); i += 2 {
			subs = append(subs, marc.Subfield{Code: pairs[i][0], Value: pairs[i+1]})
		}
		return subs
	}
	record := marc.Record{Leader: "00000nam a2200000 i 4500", Fields: []marc.Field{
		{Tag: "100", Ind1: '1', Ind2: ' ', Subfields: sub("a", "Rowling, J. K.,", "e", "author.")},
		{Tag: "245", Ind1: '1', Ind2: '0', Subfields: sub("a", "Harry Potter and the sorcerer's stone :", "b", "a novel /", "c", "by J.K. Rowling.")},
		{Tag: "250", Ind1: ' ', Ind2: ' ', Subfields: sub("a", "Second edition.")},
		{Tag: "264", Ind1: ' ', Ind2: '4', Subfields: sub("c", "©1997")},
		{Tag: "264", Ind1: ' ', Ind2: '1', Subfields: sub("a", "New York :", "b", "Arthur A. Levine Books,", "c", "1998.")},
		{Tag: "700", Ind1: '1', Ind2: ' ', Subfields: sub("a", "GrandPré, Mary,", "e", "illustrator.")},
		{Tag: "700", Ind1: '1', Ind2: ' ', Subfields: sub("a", "Someone, Else.", "t", "Another work.")},
		{Tag: "700", Ind1: '1', Ind2: ' ', Subfields: sub("a", "Dale, Jim.", "4", "nrt")},
	}}
	want := "Rowling, J. K. *Harry Potter and the Sorcerer's Stone: A Novel*. Illustrated by Mary GrandPré, 2nd ed., Arthur A. Levine Books, 1998."
	if got := marked(MLA(FromMARC(record))); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	want = "Rowling, J. K. *Harry Potter and the Sorcerer's Stone: A Novel*. Illustrated by Mary GrandPré. 2nd ed. New York: Arthur A. Levine Books, 1998."
	if got := marked(Chicago(FromMARC(record))); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// Whatever a record holds, a citation ends as a sentence and holds no empty element.
func TestNothingIsHalf(t *testing.T) {
	for _, work := range []Work{{}, {Title: "A"}, {Authors: people("A, B")}, {Publisher: "P"}, {Year: "1999", EBook: true}, {Editors: people("A, B", "C, D"), Title: "T?"}} {
		for _, runs := range [][]Run{MLA(work), APA(work), Chicago(work)} {
			text := Plain(runs)
			if strings.Contains(text, "..") || strings.Contains(text, " ,") || strings.Contains(text, "  ") || strings.HasPrefix(text, " ") || strings.Contains(text, "()") {
				t.Errorf("%+v: %q", work, text)
			}
		}
	}
}
