package standards

import (
	"slices"
	"strconv"
	"strings"
)

// early are the codes of CEDS "Assessment Level for Which Designed", by which CASE names grades, below the first; and how people write them.
var early = map[string]string{
	"pk": "PK", "prek": "PK", "pre-k": "PK", "it": "PK", "pr": "PK", "tk": "PK",
	"kg": "K", "k": "K", "kindergarten": "K", "0": "K", "00": "K",
}

// gradesOf reads "06", "KG", "K-2", "9, 10". Grades behind the twelfth (13, adult education …) are not a school's.
func gradesOf(text string) (grades []string, ok bool) {
	from, to, ranged := strings.Cut(strings.NewReplacer("–", "-", "—", "-").Replace(text), "-")
	low, ok := gradeNumber(from)
	if !ok && ranged { // "pre-k" is no range
		low, ok = gradeNumber(text)
		return gradesBetween(low, low), ok
	}
	high := low
	if ranged && ok {
		high, ok = gradeNumber(to)
	}
	return gradesBetween(low, high), ok && low <= high
}

func gradesBetween(low, high int) (grades []string) {
	for n := low; n <= high; n++ {
		grades = append(grades, gradeName(n))
	}
	return grades
}

// gradeNumber is -1 for PK and 0 for K.
func gradeNumber(text string) (int, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	switch early[text] {
	case "PK":
		return -1, true
	case "K":
		return 0, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= 12
}

func gradeName(n int) string {
	switch n {
	case -1:
		return "PK"
	case 0:
		return "K"
	}
	return strconv.Itoa(n)
}

func (f *Framework) setGrades(n *node, texts []string) {
	for _, text := range texts {
		if strings.TrimSpace(text) == "" {
			continue
		}
		grades, ok := gradesOf(text)
		if !ok {
			f.remark(Uncertain, n, strings.TrimSpace(text))
			continue
		}
		for _, grade := range grades {
			if !slices.Contains(n.Grades, grade) {
				n.Grades = append(n.Grades, grade)
			}
		}
	}
}
