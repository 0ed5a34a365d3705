package words

import "strings"

// spellings are the ways in which English and Spanish write one sound, the longest first; what is left of a word after them is nearly how it is heard.
// Both languages share one table: a child who learns both mixes them.
var spellings = strings.NewReplacer(
	"tch", "x", "sch", "sk", "sci", "si", "sce", "se", "scy", "sy", "dge", "ge", "dgi", "gi", "j", "g", "tion", "xn", "sion", "xn", "cian", "xn",
	"ough", "of", "augh", "of", "igh", "i", "eigh", "e", "que", "ke", "qui", "ki", "qua", "kua", "gue", "ge", "gui", "gi",
	"ph", "f", "ck", "k", "ch", "x", "sh", "x", "th", "t", "wh", "w", "gh", "g", "cc", "k", "ce", "se", "ci", "si", "cy", "sy", "c", "k", "q", "k",
	"x", "ks", "z", "s", "v", "b", "mb", "m", "dt", "t",
)

// silent are the letters that are not heard at the beginning of a word.
var silent = strings.NewReplacer("^kn", "n", "^gn", "n", "^pn", "n", "^ps", "s", "^wr", "r", "^rh", "r", "^x", "s", "^ll", "y", "^", "")

// Sound is a folded word as it is heard, roughly: words that children take for each other have the same one, or nearly. Vowels count only by where they
// are, double letters once, and neither h nor an e at the end is heard. A word with other letters than a to z sounds as it is written.
func Sound(word string) string {
	for i := range len(word) {
		if word[i] < 'a' || word[i] > 'z' {
			return word
		}
	}
	if n := len(word); n > 3 && word[n-1] == 'e' {
		word = word[:n-1]
	} else if n > 4 && strings.HasSuffix(word, "es") {
		word = word[:n-2] + "s"
	}
	heard := spellings.Replace(silent.Replace("^" + word))
	key := make([]byte, 0, len(heard))
	for i := range len(heard) {
		letter := heard[i]
		switch letter {
		case 'h':
			continue
		case 'a', 'e', 'i', 'o', 'u', 'y', 'w':
			if i == 0 && (letter == 'y' || letter == 'w') {
				break
			}
			letter = 'a'
		}
		if n := len(key); n > 0 && key[n-1] == letter {
			continue
		}
		key = append(key, letter)
	}
	return string(key)
}

// OtherBeginnings are the ways in which a word that begins with this letter may rightly begin, when it was written by ear.
func OtherBeginnings(letter rune) []string {
	return beginnings[letter]
}

var beginnings = map[rune][]string{
	'f': {"ph"}, 'k': {"c", "q"}, 'n': {"kn", "gn", "pn"}, 'r': {"wr", "rh"}, 's': {"c", "z", "ps"}, 'j': {"g"}, 'g': {"j"}, 'c': {"k", "s"}, 'z': {"x", "s"},
	'w': {"u"}, 'v': {"b"}, 'b': {"v"}, 'y': {"ll", "u"}, 'h': {"j", "wh"}, 'q': {"k", "c"}, 'o': {"ho", "wo", "au"}, 'a': {"ha"}, 'i': {"e", "hi", "y"}, 'e': {"he", "i"}, 'u': {"yu"},
	't': {"pt"}, 'm': {"mn"},
}
