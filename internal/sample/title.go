package sample

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Title is one bibliographic record: facts from which a caller can make MARC.
type Title struct {
	Title       string
	Part        string // 245 $n of an invented volume in a multiplied school; empty for a real book
	Subtitle    string
	Author      string // inverted, "Paulsen, Gary"
	Illustrator string // inverted; empty when it is the author or nobody is named
	Year        int    // of the first American edition, or of the first edition; 0 for equipment
	Publisher   string
	Class       string // Dewey number without prefix, or E, FIC, GRA, B, EQ
	Grades      Grades // for whom it is; for grown-ups only when empty
	Language    string // MARC code list for languages
	Type        string // one of the Type constants
	Series      string
	Subjects    []string // the first subject of a biography is the person, inverted
	CallNumber  string
}

// The kinds of titles.
const (
	TypeBook         = "book"
	TypePictureBook  = "picture book"
	TypeGraphicNovel = "graphic novel"
	TypeReference    = "reference"
	TypeProfessional = "professional"
	TypeObject       = "object"
)

// Classes that are no Dewey numbers.
const (
	classPictureBooks  = "E"
	classFiction       = "FIC"
	classGraphicNovels = "GRA"
	classBiography     = "B"
)

//go:embed titles.tsv
var titlesFile string

var realTitles = sync.OnceValue(func() []Title {
	titles, err := parseTitles(titlesFile)
	if err != nil {
		panic(err)
	}
	return titles
})

// volume gives the real titles, or from number 1 on a volume of each that never existed, so that all differ.
func volume(number int) []Title {
	titles := append([]Title(nil), realTitles()...)
	if number == 0 {
		return titles
	}
	part := "Volume " + strconv.Itoa(number+1)
	for i := range titles {
		titles[i].Part = part
	}
	return titles
}

// parseTitles reads titles.tsv: a heading line, then one title a line.
func parseTitles(file string) ([]Title, error) {
	lines := strings.Split(strings.TrimSuffix(file, "\n"), "\n")
	titles := make([]Title, 0, len(lines))
	for i, line := range lines[1:] {
		title, err := parseTitle(strings.Split(line, "\t"))
		if err != nil {
			return nil, fmt.Errorf("titles.tsv line %d: %w", i+2, err)
		}
		titles = append(titles, title)
	}
	return titles, nil
}

func parseTitle(cells []string) (title Title, err error) {
	if len(cells) != 12 {
		return title, fmt.Errorf("%d cells instead of 12", len(cells))
	}
	title = Title{
		Class: cells[0], Title: cells[1], Subtitle: cells[2], Author: cells[3], Illustrator: cells[4], Publisher: cells[6],
		Language: cells[8], Type: cells[9], Series: cells[10], Subjects: strings.Split(cells[11], ";"),
	}
	if cells[5] != "" {
		if title.Year, err = strconv.Atoi(cells[5]); err != nil {
			return title, err
		}
	}
	if title.Grades, err = ParseGrades(cells[7]); err != nil {
		return title, err
	}
	title.CallNumber = callNumber(title)
	return title, nil
}

// callNumber is what stands on the spine: shelf, class and three letters of who wrote it or whom it is about.
func callNumber(title Title) string {
	shelf := ""
	switch {
	case title.Language == "spa":
		shelf = "SPA "
	case title.Type == TypeReference:
		shelf = "REF "
	case title.Type == TypeProfessional:
		shelf = "PRO "
	}
	return shelf + title.Class + " " + cutter(title)
}

func cutter(title Title) string {
	name := title.Author
	if title.Class == classBiography {
		name = title.Subjects[0]
	}
	if name == "" {
		name = withoutArticle(title.Title)
	}
	name, _, _ = strings.Cut(name, ",")
	letters := plainLetters(name)
	return letters[:min(3, len(letters))]
}

func withoutArticle(title string) string {
	first, rest, found := strings.Cut(title, " ")
	if !found {
		return title
	}
	switch first {
	case "A", "An", "The", "El", "La", "Los", "Las", "Un", "Una":
		return rest
	}
	return title
}

// plainLetters keeps ASCII letters and digits, upper case and without diacritics: spine labels are typed by hand.
func plainLetters(name string) string {
	name = strings.NewReplacer("Đ", "D", "Ł", "L", "Ø", "O").Replace(name)
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, norm.NFD.String(name))
}
