package cite

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// minor words stay small within a title (MLA 2.90, Chicago 8.159): articles, prepositions, and, but, for, or, nor, as, to. Up, down, off, out and over are
// left capital, since in a title they mostly belong to a verb: "Growing Up", "Look Out".
var minor = wordSet(`a an the and but for or nor as to about above across after against along amid among around at before behind below beneath beside
	besides between beyond by despite during from in inside into near of on onto outside past per since through throughout till toward towards under
	underneath until unto upon versus via vs with within without`)

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}

var roman = regexp.MustCompile(`^(?:i|ii|iii|iv|v|vi{1,3}|ix|x|xi{1,3}|xiv|xv)$`)

// headline capitalises a title that is catalogued as a sentence. A word that has a capital already is a name, and stays; a title in another
// language stays whole (MLA 2.91 and after, Chicago 11.6).
func headline(text, language string) string {
	if language != "" && language != "eng" {
		return first(text)
	}
	words := strings.Split(text, " ")
	for i, word := range words {
		begins := i == 0 || endsPart(words[i-1])
		words[i] = headlineWord(word, begins || i == len(words)-1 || endsPart(word))
	}
	return strings.Join(words, " ")
}

// endsPart tells that the next word begins anew: after a colon, a dash, or the end of a sentence.
func endsPart(word string) bool {
	return word == "-" || word == "–" || word == "—" || word != "" && strings.ContainsRune(":?!.;", rune(word[len(word)-1])) && !strings.HasSuffix(word, "vs.")
}

func headlineWord(word string, must bool) string {
	bare := strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	switch {
	case bare == "" || strings.ContainsFunc(bare[1:], unicode.IsUpper):
		return word
	case roman.MatchString(bare) && bare != "x" && bare != "v":
		return strings.Replace(word, bare, strings.ToUpper(bare), 1)
	case minor[strings.ToLower(bare)] && !must:
		return strings.Replace(word, bare, strings.ToLower(bare), 1)
	}
	parts := strings.Split(word, "-")
	for i, part := range parts {
		if i > 0 && i < len(parts)-1 && minor[part] { // Chicago 8.161: "Out-of-Print"
			continue
		}
		parts[i] = first(part)
	}
	return strings.Join(parts, "-")
}

// first makes the first letter a capital; one behind a digit ("3rd") stays.
func first(text string) string {
	for i, r := range text {
		if unicode.IsDigit(r) {
			return text
		}
		if unicode.IsLetter(r) {
			return text[:i] + string(unicode.ToUpper(r)) + text[i+utf8.RuneLen(r):]
		}
	}
	return text
}
