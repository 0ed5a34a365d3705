package policy

// TermEnd is a day by which loans come back. A ceiling is "never later than"; a forced end is the due date of every
// loan it governs, however short. It governs the loans made from Starts on, before Day; without Starts, from the
// previous term end on.
type TermEnd struct {
	Starts Day
	Day    Day
	Forced bool
	Grade  string // the one grade it is for, such as the one that leaves the school; empty for everybody
}

// For is the calendar as a patron of this grade lives by it: without the term ends of other grades.
func (c Calendar) For(grade string) Calendar {
	var terms []TermEnd
	for _, term := range c.Terms {
		if term.Grade == "" || term.Grade == grade {
			terms = append(terms, term)
		}
	}
	c.Terms = terms
	return c
}

// termFor is the first term end ahead that governs a loan made on day.
func (c Calendar) termFor(day Day) (TermEnd, bool) {
	for _, term := range c.Terms {
		if c.governs(term, day) {
			return term, true
		}
	}
	return TermEnd{}, false
}

func (c Calendar) governs(term TermEnd, out Day) bool {
	if out >= term.Day || out < term.Starts {
		return false
	}
	return term.Starts != 0 || out >= c.previousTerm(term.Day)
}

// previousTerm is the day of the last term end before day; 0 when there is none.
func (c Calendar) previousTerm(day Day) Day {
	var previous Day
	for _, term := range c.Terms {
		if term.Day < day {
			previous = max(previous, term.Day)
		}
	}
	return previous
}

// InTerm is what a term end makes of the due date of a loan made on out: the last open day up to the term's, always
// when forced, else only when due is later. It is false when nothing changes: the term does not govern the loan, or has
// no open day after out.
func (c Calendar) InTerm(term TermEnd, out, due Day) (Day, bool) {
	if !c.governs(term, out) || !term.Forced && due <= term.Day {
		return 0, false
	}
	end := c.previousOpen(term.Day, out)
	if end == 0 || end == due {
		return 0, false
	}
	return end, true
}
