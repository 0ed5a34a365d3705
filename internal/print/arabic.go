package print

// Arabic letters join their neighbours and change shape with them. PDF shows glyphs as they are
// given, so the shapes are chosen here, from the presentation forms of Unicode (blocks FB50 and FE70).

// letter is the first of the shapes of an Arabic letter, which follow each other as isolated, final,
// initial, medial. Letters with two shapes join only the letter before them.
type letter struct {
	isolated rune
	shapes   int
}

var arabicLetters = map[rune]letter{
	'ء': {0xFE80, 1}, 'آ': {0xFE81, 2}, 'أ': {0xFE83, 2}, 'ؤ': {0xFE85, 2}, 'إ': {0xFE87, 2}, 'ئ': {0xFE89, 4}, 'ا': {0xFE8D, 2},
	'ب': {0xFE8F, 4}, 'ة': {0xFE93, 2}, 'ت': {0xFE95, 4}, 'ث': {0xFE99, 4}, 'ج': {0xFE9D, 4}, 'ح': {0xFEA1, 4}, 'خ': {0xFEA5, 4},
	'د': {0xFEA9, 2}, 'ذ': {0xFEAB, 2}, 'ر': {0xFEAD, 2}, 'ز': {0xFEAF, 2}, 'س': {0xFEB1, 4}, 'ش': {0xFEB5, 4}, 'ص': {0xFEB9, 4},
	'ض': {0xFEBD, 4}, 'ط': {0xFEC1, 4}, 'ظ': {0xFEC5, 4}, 'ع': {0xFEC9, 4}, 'غ': {0xFECD, 4}, 'ف': {0xFED1, 4}, 'ق': {0xFED5, 4},
	'ك': {0xFED9, 4}, 'ل': {0xFEDD, 4}, 'م': {0xFEE1, 4}, 'ن': {0xFEE5, 4}, 'ه': {0xFEE9, 4}, 'و': {0xFEED, 2}, 'ى': {0xFEEF, 2},
	'ي': {0xFEF1, 4},
	// Persian, Urdu and Pashto
	'ٱ': {0xFB50, 2}, 'پ': {0xFB56, 4}, 'ٹ': {0xFB66, 4}, 'چ': {0xFB7A, 4}, 'ڈ': {0xFB88, 2}, 'ژ': {0xFB8A, 2}, 'ڑ': {0xFB8C, 2},
	'ک': {0xFB8E, 4}, 'گ': {0xFB92, 4}, 'ں': {0xFB9E, 2}, 'ہ': {0xFBA6, 4}, 'ھ': {0xFBAA, 4}, 'ے': {0xFBAE, 2}, 'ی': {0xFBFC, 4},
}

// lamAlef is the isolated shape of lam joined with each alef; the final shape follows it.
var lamAlef = map[rune]rune{'آ': 0xFEF5, 'أ': 0xFEF7, 'إ': 0xFEF9, 'ا': 0xFEFB}

const (
	lam    = 'ل'
	tatwil = 'ـ'
)

// joinsNext tells whether r joins the letter after it.
func joinsNext(r rune) bool { return r == tatwil || arabicLetters[r].shapes == 4 }

// joinsBefore tells whether r joins the letter before it.
func joinsBefore(r rune) bool { return r == tatwil || arabicLetters[r].shapes > 1 }

// vowel tells whether r is a mark above or below a letter, through which letters join.
func vowel(r rune) bool { return r >= 0x64B && r <= 0x65F || r == 0x670 }

// shape replaces the Arabic letters of text, which is in reading order, by their joined shapes.
func shape(text []rune) []rune {
	shaped := make([]rune, 0, len(text))
	for i := 0; i < len(text); i++ {
		r := text[i]
		one, ok := arabicLetters[r]
		if !ok {
			shaped = append(shaped, r)
			continue
		}
		before := joinsBefore(r) && joinsNext(neighbour(text, i, -1))
		if r == lam && i+1 < len(text) && lamAlef[text[i+1]] != 0 {
			shaped = append(shaped, form(lamAlef[text[i+1]], before, false))
			i++
			continue
		}
		after := joinsNext(r) && joinsBefore(neighbour(text, i, +1))
		shaped = append(shaped, form(one.isolated, before, after))
	}
	return shaped
}

func form(isolated rune, before, after bool) rune {
	if before {
		isolated++
	}
	if after {
		isolated += 2
	}
	return isolated
}

// neighbour is the letter next to place i in direction step, vowels aside; 0 at the end of the text.
func neighbour(text []rune, i, step int) rune {
	for i += step; i >= 0 && i < len(text); i += step {
		if !vowel(text[i]) {
			return text[i]
		}
	}
	return 0
}
