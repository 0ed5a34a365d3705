package teaching

import (
	"carrel/internal/policy"
)

// Repeat says how often a session happens: every week on its weekday, or on each day of the cycle that is called as its own.
type Repeat struct {
	Every string `json:"every"` // week or cycle
	Until string `json:"until"` // the last day, included
}

const (
	everyWeek  = "week"
	everyCycle = "cycle"
)

// The bounds of a repetition: a school year, and every day of most of it.
const (
	maxRepeatDays = 400
	maxRepeats    = 200
)

// days are the open days of a repetition from its first day on. None are closed. The codes are fault.Invalid at "repeat.every" and "repeat.until".
func (r Repeat) days(calendar policy.Calendar, first policy.Day) ([]policy.Day, error) {
	const op = "PlanSessions"
	if err := oneOf(op, "repeat.every", r.Every, everyWeek, everyCycle); err != nil {
		return nil, err
	}
	until, err := policy.ParseDay(r.Until)
	switch {
	case err != nil || r.Until == "":
		return nil, unfit(op, "repeat.until", "teaching.endless")
	case until < first:
		return nil, unfit(op, "repeat.until", "teaching.backwards")
	case until-first > maxRepeatDays:
		return nil, unfit(op, "repeat.until", "teaching.repeat_long", maxRepeatDays)
	}
	label, cycles := calendar.CycleDay(first)
	if r.Every == everyCycle && !cycles {
		return nil, unfit(op, "repeat.every", "teaching.no_cycle")
	}
	days := []policy.Day{}
	for day := first; day <= until; day++ {
		if !calendar.IsOpen(day) || r.Every == everyWeek && day.Weekday() != first.Weekday() {
			continue
		}
		if r.Every == everyCycle {
			if called, _ := calendar.CycleDay(day); called != label {
				continue
			}
		}
		days = append(days, day)
	}
	if len(days) > maxRepeats {
		return nil, unfit(op, "repeat.until", "teaching.repeat_many", maxRepeats)
	}
	return days, nil
}

// shift moves a day as another one was moved from one day to the other: by days, and in a series that follows the cycle by open days, so that it stays on a day
// of the same name.
func shift(calendar policy.Calendar, every string, day, from, to policy.Day) policy.Day {
	if every != everyCycle {
		return day + (to - from)
	}
	step, n := policy.Day(1), calendar.OpenDaysBetween(from, to)
	if to < from {
		step, n = -1, calendar.OpenDaysBetween(to-1, from-1)
	}
	for walked := 0; n > 0 && walked < maxRepeatDays; walked++ {
		if day += step; calendar.IsOpen(day) {
			n--
		}
	}
	return day
}
