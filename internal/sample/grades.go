package sample

import (
	"fmt"
	"strconv"
	"strings"
)

// Grades is a range of school grades: "K-2", "3-8". PK is -1 and K is 0. Empty means no grade at all.
type Grades struct {
	Low, High int
	Known     bool // false: for no grade
}

// Fit tells whether a child of this grade is among them.
func (g Grades) Fit(grade int) bool { return g.Known && g.Low <= grade && grade <= g.High }

// String writes the range as it was read.
func (g Grades) String() string {
	if !g.Known {
		return ""
	}
	return GradeName(g.Low) + "-" + GradeName(g.High)
}

// GradeName writes PK, K, 1 … 12.
func GradeName(grade int) string {
	switch grade {
	case -1:
		return "PK"
	case 0:
		return "K"
	}
	return strconv.Itoa(grade)
}

// ParseGrades reads two grades with a hyphen; the empty text is no grade.
func ParseGrades(text string) (grades Grades, err error) {
	if text == "" {
		return grades, nil
	}
	low, high, _ := strings.Cut(text, "-")
	if grades.Low, err = parseGrade(low); err != nil {
		return grades, err
	}
	if grades.High, err = parseGrade(high); err != nil {
		return grades, err
	}
	if grades.Low > grades.High {
		return grades, fmt.Errorf("the grades %q run backwards", text)
	}
	grades.Known = true
	return grades, nil
}

func parseGrade(text string) (int, error) {
	for grade := -1; grade <= 12; grade++ {
		if GradeName(grade) == text {
			return grade, nil
		}
	}
	return 0, fmt.Errorf("%q is not a grade", text)
}
