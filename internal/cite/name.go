package cite

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Name is who made a work: a person, or a body with only a Family name.
type Name struct {
	Family, Given, Suffix string
	Body                  bool
}

// suffixes stand behind a name and are no given names.
var suffixes = map[string]bool{"jr": true, "jr.": true, "sr": true, "sr.": true, "ii": true, "iii": true, "iv": true}

// Person reads an inverted name: "King, Martin Luther, Jr.". One without a comma, "Avi" or "Dr. Seuss", is kept whole.
func Person(inverted string) Name {
	var name Name
	for i, part := range strings.Split(inverted, ",") {
		part = strings.Join(strings.Fields(part), " ")
		switch {
		case part == "":
		case i == 0:
			name.Family = part
		case suffixes[strings.ToLower(part)]:
			name.Suffix = part
		case name.Given == "":
			name.Given = part
		}
	}
	return name
}

// Inverted is the name as a catalogue has it.
func (n Name) Inverted() string {
	text := n.Family
	if n.Given != "" {
		text += ", " + n.Given
	}
	if n.Suffix != "" {
		text += ", " + n.Suffix
	}
	return text
}

// Direct is the name as it is spoken.
func (n Name) Direct() string {
	if n.Given == "" {
		return n.Family
	}
	gap := " "
	if strings.HasSuffix(n.Given, " d'") || strings.HasSuffix(n.Given, "’") {
		gap = "" // "Aulaire, Ingri d'" is Ingri d'Aulaire
	}
	text := n.Given + gap + n.Family
	switch {
	case n.Suffix == "":
		return text
	case strings.HasPrefix(strings.ToLower(n.Suffix), "i"):
		return text + " " + n.Suffix
	}
	return text + ", " + n.Suffix
}

// initials are the given names as APA shortens them (9.8): "Mary Pope" is M. P., "Jean-Paul" is J.-P.
func (n Name) initials() string {
	var all []string
	for _, given := range strings.Fields(n.Given) {
		first, _ := utf8.DecodeRuneInString(given)
		if !unicode.IsUpper(first) {
			all = append(all, given) // "de", "d'"
			continue
		}
		all = append(all, initialsOf(given))
	}
	return strings.Join(all, " ")
}

// initialsOf keeps what is an initial already: "J.K." is two of them.
func initialsOf(given string) string {
	var parts []string
	for _, part := range strings.FieldsFunc(given, func(r rune) bool { return r == '.' }) {
		var letters []string
		for _, half := range strings.Split(part, "-") {
			if first, _ := utf8.DecodeRuneInString(half); first != utf8.RuneError {
				letters = append(letters, string(unicode.ToUpper(first))+".")
			}
		}
		parts = append(parts, strings.Join(letters, "-"))
	}
	return strings.Join(parts, " ")
}

// apa is the name in an APA list of sources, family name first.
func (n Name) apa() string {
	text := n.Family
	if initials := n.initials(); initials != "" {
		text += ", " + initials
	}
	if n.Suffix != "" {
		text += ", " + n.Suffix
	}
	return text
}

// apaDirect is the name in an APA parenthesis (9.10): "C. Robinson".
func (n Name) apaDirect() string {
	if initials := n.initials(); initials != "" {
		return initials + " " + n.Family
	}
	return n.Family
}
