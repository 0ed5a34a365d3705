package marc

import (
	"strconv"
	"strings"
)

// Program is a title's place in a reading programme (field 526).
type Program struct {
	Name     string // "Accelerated Reader"
	Interest string // "LG", "3-6"
	Level    string // "4.0"
	Points   string
	Quiz     string
}

// putLevels reads field 521, whose first indicator says what $a is: 0 reading grade, 1 age, 2
// interest grade, 8 a level named in $b, blank an audience in words. The grades of interest are
// what a librarian shelves by; the reading grade stands in for them. The audience comes from 008;
// where that says nothing, or only "juvenile", grades or ages say it more exactly.
func putLevels(f *Facts, r *Record, from spec) {
	f.Audience = audience008(r)
	byGrade, byAge, interest := "", "", ""
	from.each(r, func(field *Field, at *place) {
		text := trimEnd(at.text(field))
		if level := lexile(text, field.First('b')); level != "" && f.Lexile == "" {
			f.Lexile = level
			return
		}
		switch field.Ind1 {
		case '0':
			setFirst(&f.ReadingLevel, text)
		case '1':
			setFirst(&byAge, text)
		case '2':
			setFirst(&interest, text)
		}
	})
	f.Grades = interest
	setFirst(&f.Grades, f.ReadingLevel)
	byGrade = interest
	if f.Audience != "" && f.Audience != AudienceJuvenile {
		return
	}
	switch {
	case audienceOfGrades(byGrade) != "":
		f.Audience = audienceOfGrades(byGrade)
	case audienceOfAges(byAge) != "":
		f.Audience = audienceOfAges(byAge)
	}
}

func setFirst(to *string, text string) {
	if *to == "" {
		*to = text
	}
}

// lexileCodes come before the number: adult directed, non-conforming, high-low, illustrated guide,
// graphic novel, beginning reader, non-prose.
var lexileCodes = []string{"AD", "NC", "HL", "IG", "GN", "BR", "NP"}

// lexile is the Lexile measure in a 521 $a, written "AD420L", "700L", "BR100L" or "NP"; "" when $b
// and $a speak of something else.
func lexile(text, source string) string {
	upper := strings.ToUpper(text)
	if !strings.Contains(strings.ToUpper(source), "LEXILE") && !strings.Contains(upper, "LEXILE") {
		return ""
	}
	upper = strings.NewReplacer("LEXILE", " ", "MEASURE", " ", ":", " ", "FRAMEWORK", " ").Replace(upper)
	upper = strings.Join(strings.Fields(upper), "")
	code := ""
	for _, known := range lexileCodes {
		if rest, ok := strings.CutPrefix(upper, known); ok {
			code, upper = known, rest
			break
		}
	}
	number := strings.TrimSuffix(strings.TrimPrefix(upper, "-"), "L")
	if number == "" {
		return code
	}
	if _, ok := decimal([]byte(number)); !ok || len(number) > 4 {
		return ""
	}
	return code + number + "L"
}

// Lexile is a Lexile measure as people write it ("760", "AD760L", "Lexile: 700"), as Facts have it: "AD760L"; "" for what is none.
func Lexile(text string) string { return lexile(text, "Lexile") }

// audienceOfGrades takes the middle of a range such as "K-3", "Pre-K", "5-8", "3.4".
func audienceOfGrades(text string) string {
	low, high, ok := gradeRange(text)
	switch middle := (low + high) / 2; {
	case !ok:
		return ""
	case high < 0.5:
		return AudiencePreschool
	case middle < 4:
		return AudiencePrimary
	case middle < 9:
		return AudienceMiddle
	case middle <= 12:
		return AudienceTeen
	}
	return AudienceAdult
}

// audienceOfAges does the same for ages such as "009-012": grade 1 begins at six.
func audienceOfAges(text string) string {
	low, high, ok := gradeRange(text)
	if !ok {
		return ""
	}
	return audienceOfGrades(strconv.Itoa(max(int(low)-5, 0)) + "-" + strconv.Itoa(max(int(high)-5, 0)))
}

// gradeRange reads a range of grades: K counts as 0, what comes before as -1.
func gradeRange(text string) (low, high float64, ok bool) {
	text = strings.ToUpper(text)
	text = strings.NewReplacer("PRE-K", "P", "PREK", "P", "PRESCHOOL", "P", "PS", "P", "PK", "P", "–", "-", " ", "").Replace(text)
	text = strings.TrimLeft(text, "GRADESLVT.:()")
	first, last, isRange := strings.Cut(text, "-")
	low, ok = grade(first)
	if !ok || !isRange {
		return low, low, ok
	}
	high, ok = grade(last)
	return low, max(low, high), ok
}

func grade(text string) (float64, bool) {
	switch {
	case text == "P":
		return -1, true
	case text == "K":
		return 0, true
	}
	end := 0
	for end < len(text) && (isDigit(text[end]) || text[end] == '.') {
		end++
	}
	value, err := strconv.ParseFloat(strings.TrimRight(text[:end], "."), 64)
	return value, err == nil && value < 100
}

func putPrograms(f *Facts, r *Record, from spec) {
	from.each(r, func(field *Field, _ *place) {
		program := Program{
			Name:     trimEnd(field.First('a')),
			Interest: trimEnd(field.First('b')),
			Level:    trimEnd(field.First('c')),
			Points:   trimEnd(field.First('d')),
			Quiz:     trimEnd(field.First('z')),
		}
		if program != (Program{}) {
			f.Programs = append(f.Programs, program)
		}
	})
}
