package teaching

import (
	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/words"
)

// onClosedDay is the conflict of an entry on a day on which the library is closed.
const onClosedDay = "closed"

// stands tells whether an entry takes a place in the calendar.
func stands(row collections.Session) bool {
	return row.Day != 0 && row.Ends > 0 && row.State != collections.SessionCancelled && row.State != collections.SessionDeclined
}

// clash tells whether two entries get in each other's way: at the same time in the same place, or both of them lessons, which the librarian teaches.
func clash(x, y collections.Session) bool {
	if !stands(x) || !stands(y) || x.Day != y.Day || x.Begins >= y.Ends || y.Begins >= x.Ends {
		return false
	}
	return words.Fold(x.Place) == words.Fold(y.Place) || x.Kind == collections.SessionLesson && y.Kind == collections.SessionLesson
}

// mark says of each entry with which of the others it clashes. The entries are in the order of their days.
func (b *book) mark(entries []Session) {
	for i := range entries {
		for j := i + 1; j < len(entries) && entries[j].Day == entries[i].Day; j++ {
			if clash(entries[i].row, entries[j].row) {
				entries[i].Conflicts = append(entries[i].Conflicts, entries[j].ID)
				entries[j].Conflicts = append(entries[j].Conflicts, entries[i].ID)
			}
		}
		if b.shut(entries[i].row) {
			entries[i].Conflicts = append(entries[i].Conflicts, onClosedDay)
		}
	}
}

// shut tells whether something is to happen on a closed day.
func (b *book) shut(row collections.Session) bool {
	return stands(row) && row.Kind != collections.SessionClosed && row.State != collections.SessionTaught && !b.house.Calendar.IsOpen(row.Day)
}

// addConflicts says with what some sessions clash, each on its own day.
func (b *book) addConflicts(sessions []Session) error {
	days := map[policy.Day][]Session{}
	for i, s := range sessions {
		if s.Day == 0 {
			continue
		}
		if _, known := days[s.Day]; !known {
			entries, err := b.entries(s.Day, s.Day)
			if err != nil {
				return err
			}
			b.mark(entries)
			days[s.Day] = entries
		}
		for _, entry := range days[s.Day] {
			if entry.row.ID == s.row.ID && entry.row.Instead == s.row.Instead {
				sessions[i].Conflicts = entry.Conflicts
			}
		}
	}
	return nil
}
