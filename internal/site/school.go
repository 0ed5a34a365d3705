package site

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// Grades are the grades of a school, from the youngest.
var Grades = []string{"PK", "K", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}

// Zones are the time zones that are offered: those of the United States, its territories and its neighbours. Any other that the machine knows will do.
var Zones = []string{
	"America/New_York", "America/Detroit", "America/Indiana/Indianapolis", "America/Kentucky/Louisville", "America/Chicago", "America/Denver", "America/Boise",
	"America/Phoenix", "America/Los_Angeles", "America/Anchorage", "America/Adak", "Pacific/Honolulu", "America/Puerto_Rico", "America/St_Thomas", "Pacific/Guam",
	"Pacific/Saipan", "Pacific/Pago_Pago", "America/St_Johns", "America/Halifax", "America/Toronto", "America/Winnipeg", "America/Edmonton", "America/Vancouver",
	"America/Mexico_City", "America/Monterrey", "America/Tijuana", "UTC",
}

// The longest names of a school, in letters.
const (
	maxSchool = 120
	maxShort  = 8
)

var state = regexp.MustCompile(`^([A-Z]{2})?$`)

// SaveSchool keeps the school's card, its texts without needless blanks. The code is fault.Invalid at the field that cannot be.
func SaveSchool(app core.App, school School) (School, error) {
	school.Name, school.Short = OneLine(school.Name), OneLine(school.Short)
	school.State = strings.ToUpper(strings.TrimSpace(school.State))
	if err := school.check(); err != nil {
		return school, err
	}
	return school, Save(app, school)
}

func (s School) check() error {
	from, to := slices.Index(Grades, s.GradesFrom), slices.Index(Grades, s.GradesTo)
	_, zone := time.LoadLocation(s.Zone)
	switch {
	case s.Name == "" || utf8.RuneCountInString(s.Name) > maxSchool:
		return unfit("name", "site.school_name", maxSchool)
	case utf8.RuneCountInString(s.Short) > maxShort:
		return unfit("short", "site.school_short", maxShort)
	case s.Language != say.English && s.Language != say.Spanish:
		return unfit("language", "site.language")
	case zone != nil:
		return unfit("zone", "setup.zone")
	case s.GradesFrom != "" && from < 0:
		return unfit("grades_from", "site.grade", s.GradesFrom)
	case s.GradesTo != "" && to < 0, from >= 0 && to >= 0 && to < from, from >= 0 && to < 0:
		return unfit("grades_to", "site.grades_to")
	case from < 0 && to >= 0:
		return unfit("grades_from", "site.grades_to")
	case !state.MatchString(s.State):
		return unfit("state", "site.state")
	}
	return nil
}

// OneLine is a name as it is kept: without control characters, and with single blanks between its words.
func OneLine(text string) string {
	shown := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	return strings.Join(strings.Fields(shown), " ")
}
