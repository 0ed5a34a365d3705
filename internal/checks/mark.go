package checks

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"carrel/internal/fault"
)

// maxAnswer is how many letters a short answer may have: a page of a child's writing.
const maxAnswer = 2000

// Points are what each item of a sheet earned; an item that nobody has scored yet, or that was not asked, is not in it.
type Points map[string]int

// mark reads the answers of a student and gives the points that need no judgement. Blank is no points. The code is fault.Invalid at "answers.ITEM": an item of
// another check, a choice that is not there, a text that is too long.
func (c Check) mark(given map[string]json.RawMessage) (answers map[string]any, points Points, err error) {
	answers, points = map[string]any{}, Points{}
	for id := range given {
		if _, known := c.item(id); !known {
			return nil, nil, badAnswer(id, "checks.other_item")
		}
	}
	for _, item := range c.Items {
		answer, earned, err := item.mark(given[item.ID])
		if err != nil {
			return nil, nil, err
		}
		if answer != nil {
			answers[item.ID] = answer
		}
		if earned != unscored {
			points[item.ID] = earned
		}
	}
	return answers, points, nil
}

func badAnswer(item, key string, args ...any) error {
	return fault.New("checks.mark", fault.Invalid, key, args...).At("answers." + item)
}

// unscored is what an answer earns that a person must read.
const unscored = -1

func (i Item) mark(given json.RawMessage) (answer any, points int, err error) {
	if len(given) == 0 || string(given) == "null" {
		return nil, 0, nil
	}
	if i.Kind == Sort {
		return i.markSorted(given)
	}
	var text string
	if json.Unmarshal(given, &text) != nil {
		return nil, 0, badAnswer(i.ID, "checks.bad_answer")
	}
	if text = strings.TrimSpace(text); text == "" {
		return nil, 0, nil
	}
	if i.Kind == Short {
		if utf8.RuneCountInString(text) > maxAnswer {
			return nil, 0, badAnswer(i.ID, "checks.long_answer", maxAnswer)
		}
		return text, unscored, nil
	}
	for _, choice := range i.Choices {
		if choice.ID == text && choice.Right {
			return text, i.Points, nil
		}
		if choice.ID == text {
			return text, 0, nil
		}
	}
	return nil, 0, badAnswer(i.ID, "checks.bad_answer")
}

// markSorted gives a point for each source in its bin.
func (i Item) markSorted(given json.RawMessage) (answer any, points int, err error) {
	var placed map[string]string
	if json.Unmarshal(given, &placed) != nil {
		return nil, 0, badAnswer(i.ID, "checks.bad_answer")
	}
	bins, right := map[string]bool{}, map[string]string{}
	for _, bin := range i.Bins {
		bins[bin.ID] = true
	}
	for _, source := range i.Sources {
		right[source.ID] = source.Bin
	}
	for source, bin := range placed {
		if right[source] == "" || !bins[bin] {
			return nil, 0, badAnswer(i.ID, "checks.bad_answer")
		}
		if right[source] == bin {
			points++
		}
	}
	if len(placed) == 0 {
		return nil, 0, nil
	}
	return placed, points, nil
}
