package policy

// matched holds the rows that match one patron type and item type: at most one of each specificity.
type matched [4]*Rule

// matching finds the rows once, since a decision picks many values. Of two rows of one scope the first counts;
// Rules.Validate refuses the second.
func (rules Rules) matching(patronType, itemType string) matched {
	var rows matched
	for i := range rules {
		rule := &rules[i]
		if !rule.matches(patronType, itemType) {
			continue
		}
		if place := &rows[rule.specificity()]; *place == nil {
			*place = rule
		}
	}
	return rows
}

func (r *Rule) matches(patronType, itemType string) bool {
	return (r.PatronType == "" || r.PatronType == patronType) && (r.ItemType == "" || r.ItemType == itemType)
}

// specificity orders rows for one value: patron and item type, then item type, then patron type, then the site.
func (r *Rule) specificity() int {
	score := 0
	if r.ItemType != "" {
		score += 2
	}
	if r.PatronType != "" {
		score++
	}
	return score
}

// wholePatron leaves the rows that may set values of the patron as a whole: those without an item type.
func (rows matched) wholePatron() matched { return matched{rows[0], rows[1]} }

// pick is the value of the most specific row that sets it, with that row; nil when none does.
func pick[V any](rows matched, value func(*Terms) *V) (*V, Rule) {
	for i := len(rows) - 1; i >= 0; i-- {
		if rows[i] == nil {
			continue
		}
		if found := value(&rows[i].Terms); found != nil {
			return found, *rows[i]
		}
	}
	return nil, Rule{}
}

// pickOr is pick with a default for when no row sets the value.
func pickOr[V any](rows matched, value func(*Terms) *V, otherwise V) (V, Rule) {
	if found, rule := pick(rows, value); found != nil {
		return *found, rule
	}
	return otherwise, Rule{}
}
