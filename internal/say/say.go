// Package say holds the sentences that people read from the server, in English and Spanish.
// A sentence is known by its key; code passes Text around and only a door decides the language.
package say

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

// Lang is a language Carrel speaks.
type Lang string

const (
	English Lang = "en"
	Spanish Lang = "es"
)

//go:embed en.json
var english []byte

//go:embed es.json
var spanish []byte

var sentences = map[Lang]map[string]string{English: load(english), Spanish: load(spanish)}

func load(data []byte) map[string]string {
	var words map[string]string
	if err := json.Unmarshal(data, &words); err != nil {
		panic("say: " + err.Error())
	}
	return words
}

// Text is a sentence not yet in any language. An argument that is itself a Text, or a Speaker,
// is said in the same language.
type Text struct {
	Key  string
	Args []any
}

// Speaker is a value that reads differently in each language, such as a date.
type Speaker interface{ In(Lang) string }

// T names a sentence and what goes into it.
func T(key string, args ...any) Text { return Text{Key: key, Args: args} }

// In says the text in lang. A key that is missing is said as itself: a test finds such keys,
// and a librarian reading "desk.unknown_item" is better served than one reading nothing.
func (t Text) In(lang Lang) string {
	pattern, ok := sentences[lang][t.Key]
	if !ok {
		if pattern, ok = sentences[English][t.Key]; !ok {
			return t.Key
		}
	}
	if len(t.Args) == 0 {
		return pattern
	}
	args := make([]any, len(t.Args))
	for i, arg := range t.Args {
		if speaker, ok := arg.(Speaker); ok {
			args[i] = speaker.In(lang)
			continue
		}
		args[i] = arg
	}
	return fmt.Sprintf(pattern, args...)
}

// Count picks the singular or plural key: key.one for exactly one, key.other else, with n as first argument.
func Count(key string, n int, args ...any) Text {
	if n == 1 {
		return T(key+".one", append([]any{n}, args...)...)
	}
	return T(key+".other", append([]any{n}, args...)...)
}

// LangOf reads a language tag or an Accept-Language header; anything but Spanish is English.
func LangOf(tag string) Lang {
	first, _, _ := strings.Cut(tag, ",")
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(first)), "es") {
		return Spanish
	}
	return English
}
