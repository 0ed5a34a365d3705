package say

import (
	"fmt"
	"time"
)

var (
	weekdays = map[Lang][7]string{
		English: {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		Spanish: {"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
	}
	months = map[Lang][12]string{
		English: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		Spanish: {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	}
)

// Date writes the day of at (its own zone) in words: "Tuesday, April 21" or "martes 21 de abril".
// No year: a school date is always near.
func Date(at time.Time, lang Lang) string {
	weekday, month := weekdays[lang][at.Weekday()], months[lang][at.Month()-1]
	if lang == Spanish {
		return fmt.Sprintf("%s %d de %s", weekday, at.Day(), month)
	}
	return fmt.Sprintf("%s, %s %d", weekday, month, at.Day())
}

// ShortDate writes the day of at (its own zone) briefly, for the axis of a chart: "Apr 21" or "21 abr".
func ShortDate(at time.Time, lang Lang) string {
	month := months[lang][at.Month()-1][:3]
	if lang == Spanish {
		return fmt.Sprintf("%d %s", at.Day(), month)
	}
	return fmt.Sprintf("%s %d", month, at.Day())
}

// ShortMonth writes the month of at briefly, with its year: "Apr 2026" or "abr 2026".
func ShortMonth(at time.Time, lang Lang) string {
	return fmt.Sprintf("%s %d", months[lang][at.Month()-1][:3], at.Year())
}

// Weekday is the name of a day of the week.
func Weekday(day time.Weekday, lang Lang) string { return weekdays[lang][day] }
