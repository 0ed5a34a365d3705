package marc

import "strings"

// gradesAt is the place of the grades of interest (521, first indicator 2), or -1.
func gradesAt(r *Record) int {
	return r.find("521", func(f *Field) bool {
		from, _ := gradesIn(f)
		return from != ""
	})
}

func gradesIn(f *Field) (from, to string) {
	text := trimEnd(f.First('a'))
	if f.Ind1 != '2' || lexile(text, f.First('b')) != "" {
		return "", ""
	}
	low, high, ok := gradeRange(text)
	if !ok || high > 12 {
		return "", ""
	}
	return gradeName(int(low)), gradeName(int(high))
}

func gradesOf(r *Record) (from, to string) {
	at := gradesAt(r)
	if at < 0 {
		return "", ""
	}
	return gradesIn(&r.Fields[at])
}

// ParseGrade is the grade of a text as gradeName writes it, with PK as -1 and K as 0.
func ParseGrade(text string) (int, bool) {
	value, ok := grade(strings.ToUpper(strings.Replace(strings.ToUpper(text), "PK", "P", 1)))
	return int(value), ok && value <= 12 && value == float64(int(value))
}

// cleanGrades gives a range both its ends, the lower one first.
func cleanGrades(from, to string) (string, string) {
	low, ok1 := ParseGrade(from)
	high, ok2 := ParseGrade(to)
	switch {
	case !ok1 && !ok2:
		return "", ""
	case !ok1:
		low = high
	case !ok2:
		high = low
	}
	return gradeName(min(low, high)), gradeName(max(low, high))
}

func setGrades(r *Record, from, to string) {
	at := gradesAt(r)
	if from == "" {
		for ; at >= 0; at = gradesAt(r) {
			r.drop(at)
		}
		return
	}
	text := from
	if to != from {
		text += "-" + to
	}
	if at < 0 {
		r.add(Field{Tag: "521", Ind1: '2', Ind2: ' ', Subfields: []Subfield{{'a', ending(r, text)}}})
		return
	}
	plainGrammar.put(&r.Fields[at], 'a', text, r.isbd())
}

func lexileAt(r *Record) int {
	return r.find("521", func(f *Field) bool { return lexile(trimEnd(f.First('a')), f.First('b')) != "" })
}

func lexileOf(r *Record) string {
	at := lexileAt(r)
	if at < 0 {
		return ""
	}
	return lexile(trimEnd(r.Fields[at].First('a')), r.Fields[at].First('b'))
}

func setLexile(r *Record, measure string) {
	at := lexileAt(r)
	if measure == "" {
		for ; at >= 0; at = lexileAt(r) {
			r.drop(at)
		}
		return
	}
	if at < 0 {
		r.add(Field{Tag: "521", Ind1: '8', Ind2: ' ', Subfields: []Subfield{{'a', measure}, {'b', "Lexile"}}})
		return
	}
	field := &r.Fields[at]
	plainGrammar.put(field, 'a', measure, false)
	if lexile(trimEnd(field.First('a')), field.First('b')) == "" {
		plainGrammar.put(field, 'b', "Lexile", false)
	}
}

// readerAt is the place of the title in Accelerated Reader (526), or -1.
func readerAt(r *Record) int {
	return r.find("526", func(f *Field) bool { return strings.HasPrefix(Fold(f.First('a')), "accelerated reader") })
}

func readerPart(code byte) func(*Record) string {
	return func(r *Record) string {
		at := readerAt(r)
		if at < 0 {
			return ""
		}
		return trimEnd(r.Fields[at].First(code))
	}
}

// setReader takes the field out with the last thing it says.
func setReader(code byte) func(*Record, string) {
	return func(r *Record, text string) {
		at := readerAt(r)
		if at < 0 {
			at = r.add(Field{Tag: "526", Ind1: '0', Ind2: ' ', Subfields: []Subfield{{'a', "Accelerated Reader"}}})
		}
		field := &r.Fields[at]
		plainGrammar.put(field, code, text, false)
		if len(field.Subfields) == 1 && field.Has('a') {
			r.drop(at)
		}
	}
}
