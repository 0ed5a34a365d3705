package restrictcsv

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"carrel/internal/fault"
	"carrel/internal/say"
)

func read(t *testing.T, text string) ([]Row, []Problem) {
	t.Helper()
	rows, problems, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return rows, problems
}

// short lists rows as "line student rule scope value".
func short(rows []Row) []string {
	var all []string
	for _, r := range rows {
		all = append(all, strings.TrimSpace(fmt.Sprint(r.Line, " ", r.Student, " ", r.Rule, " ", r.Scope, " ", r.Value)))
	}
	return all
}

func TestRead(t *testing.T) {
	for name, one := range map[string]struct {
		text string
		want []string
	}{
		"scope and value": {"student,rule,scope,value\n1001,deny,title,Holes\n1002,allow,author,Dahl\n1003,ask,all,\n",
			[]string{"2 1001 deny title Holes", "3 1002 allow author Dahl", "4 1003 ask all"}},
		"a column for each scope": {"Student ID,Rule,Title,ISBN,Item barcode,Topic,Author,Series\n1,no,Holes,,,,,\n2,No,,0-19-852663-6,,,,\n3,NO,,,30001,,,\n4,n,,,,Horror,,\n5,block,,,,,Dahl,\n6,deny,,,,,,Goosebumps\n",
			[]string{"2 1 deny title Holes", "3 2 deny isbn 9780198526636", "4 3 deny item 30001", "5 4 deny tag Horror", "6 5 deny author Dahl", "7 6 deny series Goosebumps"}},
		"any order and case, remarks in brackets": {"TITLE (one a row),  rule [deny/allow/ask],STUDENT NUMBER\nHoles,Opt out,7\n", []string{"2 7 deny title Holes"}},
		"Spanish": {"Código del estudiante;Nombre;Regla;Tipo;Material\n7;Ana;Prohibir;Título;Hoyos\n8;;sí;autor;Dahl\n9;;Preguntar primero;todos los libros;\n10;;no permitir;Serie;Saga\n11;;Sólo;Género;Terror\n",
			[]string{"2 7 deny title Hoyos", "3 8 allow author Dahl", "4 9 ask all", "5 10 deny series Saga", "6 11 allow tag Terror"}},
		"narrowest of several":                      {"student,rule,title,author,genre,isbn\n1,deny,Holes,Sachar,Novel,978-0-19-852663-6\n2,deny,Holes,Sachar,Novel,\n3,deny,,Sachar,Novel,\n", []string{"2 1 deny isbn 9780198526636", "3 2 deny title Holes", "4 3 deny author Sachar"}},
		"scope wins over the narrowest":             {"student,rule,scope,title,author\n1,deny,author,Holes,Sachar\n", []string{"2 1 deny author Sachar"}},
		"ask first, and nothing more":               {"student,rule,title\n1,Ask first,\n", []string{"2 1 ask all"}},
		"value alone is guessed":                    {"student,rule,what\n1,no,Holes\n2,no,9780198526636\n3,no,30001234567890\n4,no,1984\n5,ask,everything\n", []string{"2 1 deny title Holes", "3 2 deny isbn 9780198526636", "4 3 deny item 30001234567890", "5 4 deny title 1984", "6 5 ask all"}},
		"several tags":                              {"student,rule,tags\n1,no,\"Horror, War;  Ghosts\"\n", []string{"2 1 deny tag Horror", "2 1 deny tag War", "2 1 deny tag Ghosts"}},
		"barcode is the student's":                  {"barcode,rule,title\n1,no,Holes\n", []string{"2 1 deny title Holes"}},
		"barcode is the book's":                     {"student,rule,barcode\n1,no,3001\n", []string{"2 1 deny item 3001"}},
		"student is a name beside a number":         {"Student,Student ID,rule,title\n\"García, Ana\",1,no,Holes\n", []string{"2 1 deny title Holes"}},
		"tabs, blank lines, CRLF":                   {"student\trule\ttitle\r\n\r\n1\tno\tHoles\r\n\t\t\r\n2\tyes\tHatchet\r\n", []string{"3 1 deny title Holes", "5 2 allow title Hatchet"}},
		"byte order mark, sep line":                 {"\ufeffsep=;\nstudent;rule;title\n1;no;Holes\n", []string{"3 1 deny title Holes"}},
		"comma inside quotation marks":              {"student,rule,title\n1,no,\"Lion, Witch, Wardrobe\"\n", []string{"2 1 deny title Lion, Witch, Wardrobe"}},
		"scope called by a synonym of its column":   {"student,rule,type,value\n1,no,Genre,Horror\n2,no,Book,Holes\n3,no,barcode,3001\n", []string{"2 1 deny tag Horror", "3 2 deny title Holes", "4 3 deny item 3001"}},
		"a column that is not known costs nothing":  {"Timestamp,student,rule,title,Opt out\n8/1/2025,1,no,Holes,yes\n", []string{"2 1 deny title Holes"}},
		"two words for the same, the filled counts": {"student,rule,book,title\n1,no,,Holes\n2,no,Hatchet,\n", []string{"2 1 deny title Holes", "3 2 deny title Hatchet"}},
	} {
		t.Run(name, func(t *testing.T) {
			rows, problems := read(t, one.text)
			if got := short(rows); !slices.Equal(got, one.want) || len(problems) > 0 {
				t.Errorf("got  %q %+v\nwant %q", got, problems, one.want)
			}
		})
	}
}

func TestNameAndNote(t *testing.T) {
	rows, _ := read(t, "Apellidos,Nombre,Matrícula,Regla,Título,Motivo\nGarcía,Ana,7,no,Hoyos,lo pidió la madre\n,,8,no,Hoyos,\n")
	want := []Row{
		{Line: 2, Student: "7", Name: "Ana García", Rule: Deny, Scope: Title, Value: "Hoyos", Note: "lo pidió la madre"},
		{Line: 3, Student: "8", Rule: Deny, Scope: Title, Value: "Hoyos"},
	}
	if !slices.Equal(rows, want) {
		t.Errorf("%+v", rows)
	}
}

func TestOldEncodings(t *testing.T) {
	text := "Código del estudiante;Regla;Título\n7;sí;Niña\n"
	for name, encode := range map[string]func(string) (string, error){
		"Windows-1252": charmap.Windows1252.NewEncoder().String,
		"UTF-16":       unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String,
	} {
		encoded, err := encode(text)
		if err != nil {
			t.Fatal(err)
		}
		rows, problems := read(t, encoded)
		if got := short(rows); !slices.Equal(got, []string{"2 7 allow title Niña"}) || len(problems) > 0 {
			t.Errorf("%s: %q %+v", name, got, problems)
		}
	}
}

func TestProblems(t *testing.T) {
	const head = "Student,Decision,Kind,What,Title,ISBN,Item,Tags\n"
	for text, want := range map[string]string{
		",no,,,Holes,,,":                "2 Student no_student []",
		"1,,,,Holes,,,":                 "2 Decision no_rule []",
		"1,perhaps,,,Holes,,,":          "2 Decision unknown_rule [perhaps]",
		"1,no,colour,red,,,,":           "2 Kind unknown_scope [colour]",
		"1,no,,,,,,":                    "2 What no_value []",
		"1,yes,,,,,,":                   "2 What no_value []",
		"1,no,author,,Holes,,,":         "2 What no_value []",
		"1,no,,,,,,\" ; ,\"":            "2 Tags no_value []",
		"1,no,,,,978-0-19-852663-7,,":   "2 ISBN bad_isbn [978-0-19-852663-7]",
		"1,no,isbn,Holes,,,,":           "2 What bad_isbn [Holes]",
		"1,no,,,,9.78E+12,,":            "2 ISBN rounded [9.78E+12]",
		"1,no,,,,,\"3,0001E+13\",":      "2 Item rounded [3,0001E+13]",
		"2.0001E+13,no,,,Holes,,,":      "2 Student rounded [2.0001E+13]",
		"1,no,,,Holes,,,,more":          "2  too_many_columns []",
		"1,no,,,\"Holes,,,":             "2  open_quote []",
		"1,ask,title,,,,,":              "2 Title no_value []",
		"1,no,All of Dahl's,Dahl,,,,":   "2 Kind unknown_scope [All of Dahl's]",
		"1,no,everything but,Dahl,,,, ": "2 Kind unknown_scope [everything but]",
	} {
		rows, problems := read(t, head+text+"\n9,deny,,,Sound,,,\n")
		if len(problems) != 1 {
			t.Errorf("%s: %+v, %+v", text, rows, problems)
			continue
		}
		p := problems[0]
		if got := fmt.Sprint(p.Line, " ", p.Column, " ", p.Code, " ", p.Args); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
		for _, lang := range []say.Lang{say.English, say.Spanish} {
			if sentence := p.Text().In(lang); sentence == p.Text().Key || strings.Contains(sentence, "%!") {
				t.Errorf("%s says %q", p.Code, sentence)
			}
		}
		if got := short(rows); !slices.Equal(got, []string{"3 9 deny title Sound"}) {
			t.Errorf("%s: the next row became %q", text, got)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, one := range map[string]struct{ text, word, says string }{
		"no student":            {"rule,title\nno,Holes\n", "missing_column", "student"},
		"no rule":               {"student,title\n1,Holes\n", "missing_column", "Rule"},
		"no book":               {"student,rule,note\n1,no,Holes\n", "missing_column", "Title"},
		"opt out is not a rule": {"student,Opt out,title\n1,yes,Holes\n", "missing_column", "Rule"},
		"no heading":            {"1,no,Holes\n2,no,Hatchet\n", "missing_column", "student"},
		"empty":                 {"", "bad_file", "empty"},
		"web page":              {"<!DOCTYPE html><html></html>", "bad_file", "web page"},
		"workbook":              {"PK\x03\x04\x00\x00", "bad_file", "table of text"},
		"too big":               {"student,rule,title\n" + strings.Repeat("1,no,Holes\n", maxBytes/10), "too_big", "4 MB"},
	} {
		_, _, err := Read(strings.NewReader(one.text))
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Invalid || f.Word != one.word || f.Field != "file" {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if sentence := f.Text.In(say.English); !strings.Contains(sentence, one.says) {
			t.Errorf("%s: %q does not name %q", name, sentence, one.says)
		}
		if sentence := f.Text.In(say.Spanish); strings.Contains(sentence, "restrictcsv.") || strings.Contains(sentence, "%!") {
			t.Errorf("%s: %q", name, sentence)
		}
	}
}

// Every word of the tables is written as plain makes it; otherwise it would never be found.
func TestTablesArePlain(t *testing.T) {
	check := func(word string) {
		if plain(word) != word {
			t.Errorf("%q is not plain", word)
		}
	}
	for word := range columns {
		check(word)
	}
	for word := range rules {
		check(word)
	}
	for word := range scopes {
		check(word)
	}
}

// The order of the columns never matters.
func TestOrderOfColumns(t *testing.T) {
	cells := map[string]string{"student": "7", "name": "Ana", "rule": "no", "scope": "author", "author": "Dahl", "title": "Matilda", "barcode": "300", "note": "x"}
	want := Row{Line: 2, Student: "7", Name: "Ana", Rule: Deny, Scope: Author, Value: "Dahl", Note: "x"}
	names := make([]string, 0, len(cells))
	for name := range cells {
		names = append(names, name)
	}
	slices.Sort(names)
	rapid.Check(t, func(t *rapid.T) {
		order := rapid.Permutation(names).Draw(t, "order")
		mark := rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(t, "mark")
		row := make([]string, len(order))
		for i, name := range order {
			row[i] = cells[name]
		}
		rows, problems, err := Read(strings.NewReader(strings.Join(order, mark) + "\n" + strings.Join(row, mark) + "\n"))
		if err != nil || len(problems) > 0 || !slices.Equal(rows, []Row{want}) {
			t.Fatal(rows, problems, err)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"student,rule,title\n1,no,Holes\n", "Matrícula;Regla;Tipo;Material\n7;sí;autor;Dahl\n", "student,rule,tags\n1,no,\"a,b;c\"\n", "student,rule,isbn\n1,no,9.78E+12\n",
		"student,rule,what\n1,ask,\n2,no,\"open\n3,no,x,y,z\n", "\xff\xfes\x00", "barcode\trule\tseries\r\n1\tblock\tSaga\r\n", "student,rule,title\n1,no,Ni\xf1a\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, problems, err := Read(bytes.NewReader(data))
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid || rows != nil || problems != nil {
				t.Fatal(err)
			}
			return
		}
		left := map[int]bool{}
		for _, p := range problems {
			left[p.Line] = true
			if sentence := p.Text().In(say.English); p.Line < 2 || sentence == p.Text().Key {
				t.Fatalf("%+v says %q", p, sentence)
			}
		}
		for _, r := range rows {
			known := slices.Contains([]string{Deny, Allow, Ask}, r.Rule) && (r.Scope == All || slices.Contains(narrowest, r.Scope))
			if r.Line < 2 || left[r.Line] || r.Student == "" || !known || (r.Value == "") != (r.Scope == All) {
				t.Fatalf("%+v", r)
			}
		}
	})
}
