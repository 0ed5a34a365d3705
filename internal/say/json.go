package say

import (
	"encoding"
	"encoding/json"
	"time"
)

// Day is a date among the arguments of a text that was read back from JSON, as YYYY-MM-DD.
type Day string

// In writes the day out for people.
func (d Day) In(lang Lang) string {
	at, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return Date(at, lang)
}

// argument is one argument as it is stored: exactly one member is set.
type argument struct {
	Plain any   `json:"plain,omitempty"`
	Day   Day   `json:"day,omitempty"`
	Text  *Text `json:"text,omitempty"`
}

type stored struct {
	Key  string     `json:"key"`
	Args []argument `json:"args,omitempty"`
}

// MarshalJSON keeps the text as key and arguments, so that it can be said in any language later.
func (t Text) MarshalJSON() ([]byte, error) {
	kept := stored{Key: t.Key}
	for _, arg := range t.Args {
		kept.Args = append(kept.Args, keep(arg))
	}
	return json.Marshal(kept)
}

func keep(arg any) argument {
	if text, ok := arg.(Text); ok {
		return argument{Text: &text}
	}
	if _, ok := arg.(Speaker); ok {
		if marshaler, ok := arg.(encoding.TextMarshaler); ok {
			day, _ := marshaler.MarshalText() //nolint:errcheck // a day always has a text
			return argument{Day: Day(day)}
		}
	}
	return argument{Plain: arg}
}

// UnmarshalJSON reads a text back. Numbers come back as int.
func (t *Text) UnmarshalJSON(data []byte) error {
	var kept stored
	if err := json.Unmarshal(data, &kept); err != nil {
		return err
	}
	t.Key, t.Args = kept.Key, nil
	for _, arg := range kept.Args {
		t.Args = append(t.Args, arg.value())
	}
	return nil
}

func (a argument) value() any {
	if a.Text != nil {
		return *a.Text
	}
	if a.Day != "" {
		return a.Day
	}
	if number, ok := a.Plain.(float64); ok {
		return int(number)
	}
	return a.Plain
}

// MarshalText keeps the day as YYYY-MM-DD.
func (d Day) MarshalText() ([]byte, error) { return []byte(d), nil }
