package booklist

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"carrel/internal/marc"
)

// file writes a list and answers its name.
func file(t testing.TB, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// entries reads a whole list.
func entries(t testing.TB, text string, options Options) (all []Entry) {
	t.Helper()
	list, err := Open(file(t, text), options)
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	for {
		entry, err := list.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, entry)
	}
}

func titles(all []Entry) (good []Entry) {
	return slices.DeleteFunc(slices.Clone(all), func(e Entry) bool { return e.Values == nil })
}

// Whose list it is, and that a book of it comes out whole.
func TestDialects(t *testing.T) {
	for _, test := range []struct{ source, text string }{
		{Carrel, "title,author,isbn,year,publisher,barcode,call_number,item_type,location,price,currency,acquired,id\n" +
			"Hatchet,\"Paulsen, Gary\",9781416936473,1987,Simon & Schuster,30001,FIC PAU,Book,Fiction,9.99,USD,2020-05-04,abc\n"},
		{Destiny, "Title,Author,Standard Number,Publication Year,Publisher,Barcode,Call Number,Circulation Type,Sublocation,Purchase Price,Date Acquired\n" +
			"Hatchet,\"Paulsen, Gary\",978-1-4169-3647-3,1987,Simon & Schuster,30001,FIC PAU,Book,Fiction,$9.99,5/4/2020\n"},
		{Alexandria, "Title;Author;ISBN;Publication Date;Publisher;Copy Barcode;Call Number;Policy;Location;Replacement Cost;Accession Date\n" +
			"Hatchet;Paulsen, Gary;9781416936473;c1987;Simon & Schuster;30001;FIC PAU;Book;Fiction;9.99USD;2020-05-04\n"},
		{Koha, "biblionumber\ttitle\tauthor\tisbn\tcopyrightdate\tpublishercode\tbarcode\titemcallnumber\titype\tlocation\treplacementprice\tprice\tdateaccessioned\n" +
			"7\tHatchet\tPaulsen, Gary\t9781416936473\t1987\tSimon & Schuster\t30001\tFIC PAU\tBook\tFiction\t9.99\t4.00\t2020-05-04\n"},
		{SLiMS, "title,gmd,edition,isbn_issn,publisher,publish_year,collation,call_number,language,authors,topics,item_code,location,coll_type_name,price,received_date\n" +
			"Hatchet,Text,,9781416936473,Simon & Schuster,1987,195 p.,FIC PAU,English,\"<Paulsen, Gary>\",<Survival><Alaska>,<30001>,Fiction,Book,9.99,2020-05-04\n"},
		{Librarika, "Title,Authors,ISBN13,Published Year,Publisher,Accession No,Call No,Collection Type,Location,Price,Purchase Date\n" +
			"Hatchet,\"Paulsen, Gary\",9781416936473,1987,Simon & Schuster,30001,FIC PAU,Book,Fiction,9.99,2020-05-04\n"},
		{Plain, "Título;Autor;ISBN;Año;Editorial;Código de barras;Signatura;Tipo de ejemplar;Ubicación;Precio;Fecha de adquisición\n" +
			"Hatchet;Paulsen, Gary;9781416936473;1987;Simon & Schuster;30001;FIC PAU;Book;Fiction;9,99;04.05.2020\n"},
	} {
		t.Run(test.source, func(t *testing.T) {
			list, err := Open(file(t, test.text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer list.Close()
			if list.Source != test.source {
				t.Errorf("taken for a list of %s", list.Source)
			}
			entry, err := list.Next()
			if err != nil || len(entry.Items) != 1 || len(entry.Remarks) > 0 {
				t.Fatalf("%+v, %v", entry, err)
			}
			f := marc.Extract(entry.Record())
			if f.Title != "Hatchet" || f.Author != "Paulsen, Gary" || !slices.Equal(f.ISBNs, []string{"9781416936473"}) || f.Year != 1987 ||
				f.Publisher != "Simon & Schuster" || f.CallNumber != "FIC PAU" || f.Type != marc.TypeBook {
				t.Errorf("the title is %+v", f)
			}
			i := entry.Items[0]
			if i.Barcode != "30001" || i.CallNumber != "FIC PAU" || i.ItemType != "Book" || i.Location != "Fiction" || i.PriceCents != 999 || i.Acquired != "2020-05-04" {
				t.Errorf("the item is %+v", i)
			}
		})
	}
}

// Rows of a title become one, wherever they stand; another title with the same ISBN stays another one.
func TestRowsOfATitle(t *testing.T) {
	all := titles(entries(t, "Title,Author,ISBN,Barcode\nHatchet,Paulsen,9781416936473,1\nHoles,Sachar,,2\nHATCHET,Paulsen,9781416936473,3\nHoles,Sachar,,4\n"+
		"Hatchet the film,Paulsen,9781416936473,5\nHoles,Somebody Else,,6\n", Options{}))
	var got []string
	for _, e := range all {
		codes := []string{e.Title()}
		for _, item := range e.Items {
			codes = append(codes, item.Barcode)
		}
		got = append(got, strings.Join(codes, " "))
	}
	want := []string{"Hatchet 1 3", "Holes 2 4", "Hatchet the film 5", "Holes 6"}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestWhatIsWrongIsToldWithItsPlace(t *testing.T) {
	all := entries(t, "Title,ISBN,Price,Year,Lexile,Acquired,Language,Barcode\n"+
		"A,nothing,cheap,soon,hard,someday,Klingon,1\n"+
		",9781416936473,,,,,,2\n"+
		"B,9.78142E+12,23.54USD,,,,,3.0012E+13\n"+
		"C,,,,,,,3,surplus\n"+
		"=HYPERLINK(\"http://x\"),,,,,,,4\n"+
		"D\x01,,,,,,,5\n", Options{})
	var got []string
	for _, e := range all {
		remarks := slices.Concat(e.Remarks, e.Lost)
		if e.Bad != nil {
			remarks = append(remarks, *e.Bad)
		}
		for _, r := range remarks {
			got = append(got, strings.TrimSpace(strings.Join([]string{string(rune('0' + r.Line)), r.Column, r.Code}, " ")))
		}
	}
	want := []string{
		"2 ISBN no_isbn", "2 Price wrong_price", "2 Year wrong_year", "2 Lexile wrong_lexile", "2 Acquired wrong_date", "2 Language unknown_language",
		"3 Title no_title", "4 ISBN shortened_isbn", "4 Barcode shortened_barcode", "5  too_many_columns", "6 Title formula", "7 Title control_characters",
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := titles(all); len(got) != 4 || got[1].Title() != "B" || got[2].Title() != `=HYPERLINK("http://x")` || got[3].Title() != "D" {
		t.Errorf("%+v", got)
	}
}

// A list laid over a record changes what it says otherwise, and moves no field.
func TestOver(t *testing.T) {
	was := marc.Record{Leader: "00000nam a2200000 a 4500", Fields: []marc.Field{
		{Tag: "001", Value: "7"}, {Tag: "008", Value: "860101s1987    nyu" + strings.Repeat(" ", 17) + "eng d"},
		{Tag: "020", Ind1: ' ', Ind2: ' ', Subfields: []marc.Subfield{{Code: 'a', Value: "9781416936473 (pbk.) :"}}},
		{Tag: "100", Ind1: '1', Ind2: ' ', Subfields: []marc.Subfield{{Code: 'a', Value: "Paulsen, Gary,"}, {Code: 'd', Value: "1939-"}}},
		{Tag: "245", Ind1: '1', Ind2: '0', Subfields: []marc.Subfield{{Code: 'a', Value: "Hatchet :"}, {Code: 'b', Value: "a novel /"}, {Code: 'c', Value: "by Gary Paulsen."}}},
		{Tag: "852", Ind1: ' ', Ind2: ' ', Subfields: []marc.Subfield{{Code: 'p', Value: "30001"}}},
		{Tag: "999", Ind1: ' ', Ind2: ' ', Subfields: []marc.Subfield{{Code: 'z', Value: "nobody knows"}}},
	}}
	same := Values{"title": {"Hatchet"}, "author": {"Gary Paulsen"}, "isbn": {"978-1-4169-3647-3"}, "year": {"1987"}, "language": {"eng"}}
	if got := same.Over(was); !got.Same(was) {
		t.Errorf("what it says already changed it: %+v", got)
	}
	got := Values{"title": {"Hatchet, the"}, "year": {"2007"}, "lexile": {"1020L"}, "subjects": {"Survival -- Fiction"}, "isbn": {"0689840926"}}.Over(was)
	f := marc.Extract(got)
	if f.Title != "Hatchet, the" || f.Year != 2007 || f.Lexile != "1020L" || len(f.ISBNs) != 2 || !slices.Equal(f.Subjects, []string{"Survival -- Fiction"}) || f.Author != "Paulsen, Gary" {
		t.Errorf("%+v", f)
	}
	if got.Fields[4].First('c') != "by Gary Paulsen." || got.Fields[5].First('p') != "30001" || got.Fields[6].First('z') != "nobody knows" {
		t.Errorf("%+v", got.Fields)
	}
	if was.Fields[4].First('a') != "Hatchet :" || was.Fields[1].Value[7:11] != "1987" {
		t.Error("the record that was given changed, too")
	}
}

func TestWhichRowsAreItems(t *testing.T) {
	for _, test := range []struct {
		text, items string
		want        int
	}{
		{"Title,ISBN\nA,\nB,\n", "", 2},
		{"Title,ISBN\nA,\nB,\n", NoItems, 0},
		{"Title,Barcode,Location\nA,1,\nB,,Shelf\nC,,\n", "", 2},
		{"Title,Barcode,Location\nA,1,\nB,,Shelf\nC,,\n", EachRow, 3},
		{"Title,Barcode\nA,<1><2>\n", "", 2},
	} {
		n := 0
		for _, e := range entries(t, test.text, Options{Items: test.items}) {
			n += len(e.Items)
		}
		if n != test.want {
			t.Errorf("%q (%s): %d", test.text, test.items, n)
		}
	}
}

func TestLook(t *testing.T) {
	columns, err := Look(file(t, "sep=;\n\ufeffTítulo;Quién;Estante\n\"Uno\ndos\";X;\n"))
	if err != nil || len(columns) != 3 || columns[0].Field != "title" || columns[1].Field != "" || columns[2].Field != "location" || !slices.Equal(columns[0].Sample, []string{"Uno dos"}) {
		t.Errorf("%+v, %v", columns, err)
	}
	if _, err := Look(file(t, "Dear Sir\nthis is a letter\n")); err == nil {
		t.Error("a letter was taken for a table")
	}
	if got := Missing([]string{"", "author"}); !slices.Equal(got, []string{"title"}) {
		t.Errorf("missing %q", got)
	}
}
