package standards

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
)

//go:embed own.json
var ownFile []byte

// Plain is a statement of Carrel's own list, in both languages.
type Plain struct {
	Statement
	TextES string
}

// Own is Carrel's own short list in plain words, so that a school without a framework can begin. A statement C1.2 stands under the heading C1; a heading has
// all grades of those under it.
func Own() ([]Plain, error) {
	var from []struct {
		Code   string `json:"code"`
		Text   string `json:"text"`
		TextES string `json:"text_es"`
		Grades string `json:"grades"`
	}
	if err := json.Unmarshal(ownFile, &from); err != nil {
		return nil, err
	}
	list := make([]Plain, 0, len(from))
	heading := -1
	for i, one := range from {
		s := Statement{Code: one.Code, Text: one.Text, Parent: heading, Depth: 1}
		if !strings.Contains(one.Code, ".") {
			heading, s.Parent, s.Depth = i, -1, 0
		}
		if one.Grades != "" {
			s.Grades, _ = gradesOf(one.Grades)
		}
		list = append(list, Plain{s, one.TextES})
	}
	for i := len(list) - 1; i >= 0; i-- {
		if above := list[i].Parent; above >= 0 {
			list[above].Grades = join(list[above].Grades, list[i].Grades)
		}
	}
	return list, nil
}

// join puts two sets of grades together in the order of the school.
func join(a, b []string) (all []string) {
	for n := -1; n <= 12; n++ {
		if grade := gradeName(n); slices.Contains(a, grade) || slices.Contains(b, grade) {
			all = append(all, grade)
		}
	}
	return all
}
