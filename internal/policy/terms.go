package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"carrel/internal/fault"
	"carrel/internal/say"
)

// ParseTerms reads terms strictly: an unknown name, a value of the wrong kind or a contradiction is a fault.Invalid at
// that name. Nothing at all is terms that set nothing.
func ParseTerms(data []byte) (Terms, error) {
	terms, err := ReadTerms(data)
	if err != nil {
		return Terms{}, err
	}
	return terms, terms.Validate()
}

// ReadTerms is ParseTerms for terms that are stored already: values out of range and contradictions pass.
func ReadTerms(data []byte) (Terms, error) {
	var terms Terms
	data = bytes.TrimSpace(data)
	if len(data) == 0 || bytes.Equal(data, []byte("null")) {
		return terms, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&terms); err != nil {
		return Terms{}, unreadable(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Terms{}, invalid("terms", "rule.unreadable")
	}
	return terms, nil
}

// unreadable names the place of an error of package json, which keeps the name of an unknown field in its text only.
func unreadable(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return invalid(wrong.Field, "rule.wrong_kind", termName(wrong.Field)).Because(err)
	}
	if _, name, ok := strings.Cut(err.Error(), "unknown field "); ok {
		name = strings.Trim(name, `"`)
		return invalid(name, "rule.unknown_name", name).Because(err)
	}
	return invalid("terms", "rule.unreadable").Because(err)
}

// Validate refuses values out of range and terms that contradict themselves: fault.Invalid at the JSON name of the value.
func (t Terms) Validate() error {
	for _, field := range numbers {
		value := field.of(&t)
		if value != nil && (*value < field.min || *value > field.max) {
			return invalid(field.name, "rule.range", termName(field.name), field.min, field.max, *value)
		}
	}
	if t.DueMode != nil && !slices.Contains(dueModes, *t.DueMode) {
		return invalid("due_mode", "rule.due_mode", *t.DueMode)
	}
	return t.contradiction()
}

var dueModes = []string{DueNextOpen, DueSkipClosed, DueLibraryDay}

func invalid(field, key string, args ...any) *fault.Error {
	return fault.New("policy.rule", fault.Invalid, key, args...).At(field)
}

// termName is what people call a value.
func termName(name string) say.Text { return say.T("rule.name." + name) }
