package discovery

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"carrel/internal/words"
)

//go:embed words.txt
var wordsFile string

// meanings is for each folded word the others that words.txt gives it.
var meanings = readMeanings(wordsFile)

func readMeanings(file string) map[string][]string {
	found := map[string][]string{}
	for line := range strings.Lines(file) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
		if line == "" {
			continue
		}
		typed, meant, oneWay := strings.Cut(line, ">")
		from, to := wordsOf(typed), wordsOf(meant)
		if !oneWay {
			to = from
		}
		for _, word := range from {
			for _, other := range to {
				if other != word && !slices.Contains(found[word], other) {
					found[word] = append(found[word], other)
				}
			}
		}
	}
	return found
}

func wordsOf(list string) (all []string) {
	for part := range strings.SplitSeq(list, ",") {
		if folded := words.Fold(part); folded != "" {
			all = append(all, folded)
		}
	}
	return all
}

// otherWords is what else a child may mean by a folded word: words.txt, and one instead of many or the other way round.
func otherWords(word string) []string {
	others := slices.Clone(meanings[word])
	for _, number := range otherNumber(word) {
		for _, other := range append([]string{number}, meanings[number]...) {
			if other != word && !slices.Contains(others, other) {
				others = append(others, other)
			}
		}
	}
	return others
}

// otherNumber guesses the singular of a plural and a plural of a singular, in both languages at once: a wrong guess finds nothing and does no harm.
func otherNumber(word string) []string {
	n := len(word)
	switch {
	case n < 3 || word[n-1] < 'a' || word[n-1] > 'z':
		return nil
	case n > 4 && strings.HasSuffix(word, "ies"):
		return []string{word[:n-3] + "y", word[:n-1]}
	case n > 4 && strings.HasSuffix(word, "ves"):
		return []string{word[:n-3] + "f", word[:n-1]}
	case n > 4 && strings.HasSuffix(word, "es"):
		return []string{word[:n-2], word[:n-1]}
	case strings.HasSuffix(word, "ss"):
		return []string{word + "es"}
	case strings.HasSuffix(word, "ys"):
		return []string{word[:n-1], word[:n-2] + "ies"}
	case word[n-1] == 's':
		return []string{word[:n-1]}
	case word[n-1] == 'y':
		return []string{word[:n-1] + "ies", word + "s"}
	}
	return []string{word + "s", word + "es"}
}

// frame is what is said around the thing looked for: "books about sharks" are sharks.
var frame = regexp.MustCompile(`(?i)^(?:(?:i (?:want|need|like)|i'm looking for|show me|find|where (?:is|are)|do you have|quiero|busco|necesito|hay|dónde (?:está|están)|donde (?:esta|estan)) )?` +
	`(?:(?:a|an|some|any|the|all the|un|una|unos|unas|algún|algun|el|la|los|las) )?` +
	`(?:(?:good|fun|cool|easy|short|long|buenos?|fáciles|faciles) )?` +
	`(?:books?|stories|story|facts|stuff|something|libros?|cuentos?|historias?|algo) (?:about|on|with|of|sobre|de|del|con|acerca de) (?:the |los |las |el |la )?(.+)$`)

// withoutFrame leaves a text alone unless something is left of it.
func withoutFrame(text string) string {
	if inside := frame.FindStringSubmatch(text); inside != nil {
		return inside[1]
	}
	return text
}
