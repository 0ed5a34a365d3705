package policy

import "carrel/internal/say"

// setDue finds the due date of a loan made today. The error is ErrNeverOpen.
func (d *Decision) setDue(rows matched, calendar Calendar, library LibraryDays, today Day) (err error) {
	var days int
	days, d.Rule = pickOr(rows, func(t *Terms) *int { return t.LoanDays }, defaultLoanDays)
	mode, _ := pickOr(rows, func(t *Terms) *string { return t.DueMode }, defaultDueMode)
	if d.Due, mode, err = calendar.dueBy(mode, days, library, today); err != nil {
		return err
	}
	d.Why = whyDue(d.Rule, mode, days, d.Due == today.Add(days), d.Due)
	d.applyTerm(calendar, today)
	return nil
}

// dueBy finds a due date, with the mode that found it: a homeroom without library days falls back to DueNextOpen.
func (c Calendar) dueBy(mode string, days int, library LibraryDays, today Day) (Day, string, error) {
	switch mode {
	case DueSkipClosed:
		due, err := c.afterOpenDays(today, days)
		return due, mode, err
	case DueLibraryDay:
		// The next time the class comes is never today, even when days comes as 0 from another row.
		if due, ok := c.nextLibraryDay(library, today.Add(max(1, days))); ok {
			return due, mode, nil
		}
	}
	due, err := c.NextOpen(today.Add(days))
	return due, DueNextOpen, err
}

// applyTerm moves the due date to the end of the term when InTerm says so.
func (d *Decision) applyTerm(calendar Calendar, today Day) {
	term, ok := calendar.termFor(today)
	if !ok {
		return
	}
	if end, moved := calendar.InTerm(term, today, d.Due); moved {
		d.Due, d.Why, d.Rule = end, say.T("why.term", end), Rule{}
	}
}

func whyDue(rule Rule, mode string, days int, exact bool, due Day) say.Text {
	key := "why.days_moved"
	switch {
	case mode == DueLibraryDay:
		key, days = "why.library_day", max(1, days)
	case mode == DueSkipClosed:
		key = "why.open_days"
	case exact:
		key = "why.days"
	}
	return say.Count(key, days, rule.Scope(), due)
}
