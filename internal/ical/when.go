package ical

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// moment is a DATE or a DATE-TIME (RFC 5545, sections 3.3.4 and 3.3.5). A date is kept as midnight UTC.
type moment struct {
	at   time.Time
	date bool
}

// dayIn is the local day of the moment, as midnight UTC, so that days lie 24 hours apart.
func (m moment) dayIn(zone *time.Location) time.Time {
	at := m.at
	if !m.date {
		at = at.In(zone)
	}
	year, month, day := at.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

var (
	momentForm = regexp.MustCompile(`^(\d{8})(?:T(\d{4})(\d{2})?(Z?))?$`)
	// Some exporters write dates as in ISO 8601's extended form.
	unseparated = strings.NewReplacer("-", "", ":", "")
)

// moment reads one value of a property; ok is false when it is no date of 1900 to 2199.
func (c *calendar) moment(p property, value string) (m moment, ok bool) {
	match := momentForm.FindStringSubmatch(unseparated.Replace(strings.ToUpper(strings.TrimSpace(value))))
	if match == nil {
		return moment{}, false
	}
	var err error
	if match[2] == "" || strings.EqualFold(p.params["VALUE"], "DATE") { // Outlook gives some DATEs a time
		m.date = true
		m.at, err = time.Parse("20060102", match[1])
	} else {
		seconds := (match[3] + "00")[:2]
		m.at, err = time.ParseInLocation("20060102T1504 05", match[1]+"T"+match[2]+" "+seconds, c.location(p, match[4] == "Z"))
	}
	return m, err == nil && m.at.Year() >= 1900 && m.at.Year() < 2200
}

// location is the zone of a property's times.
func (c *calendar) location(p property, utc bool) *time.Location {
	name := strings.TrimSpace(p.params["TZID"])
	switch {
	case utc:
		return time.UTC
	case name == "":
		return c.zone
	}
	if known, ok := c.zones[name]; ok {
		return known
	}
	found, ok := zoneCalled(name)
	if !ok {
		c.note(Problem{Line: p.line, Code: UnknownZone, Detail: name})
		found = c.zone
	}
	c.zones[name] = found
	return found
}

// windowsZones are the names that Outlook writes, as CLDR's windowsZones maps them, for the United States.
var windowsZones = map[string]string{
	"Eastern Standard Time": "America/New_York", "US Eastern Standard Time": "America/Indianapolis",
	"Central Standard Time": "America/Chicago", "Mountain Standard Time": "America/Denver",
	"US Mountain Standard Time": "America/Phoenix", "Pacific Standard Time": "America/Los_Angeles",
	"Alaskan Standard Time": "America/Anchorage", "Hawaiian Standard Time": "Pacific/Honolulu",
}

// zoneCalled finds a zone of the tz database. Behind a prefix ("/example.org/20250101/America/New_York",
// section 3.2.19) it is what the name ends with.
func zoneCalled(name string) (*time.Location, bool) {
	if known, ok := windowsZones[name]; ok {
		name = known
	}
	rest := strings.TrimPrefix(name, "/")
	for more := true; more; {
		if rest != "" && rest != "Local" { // which is the machine's, not the calendar's
			if zone, err := time.LoadLocation(rest); err == nil {
				return zone, true
			}
		}
		if !strings.HasPrefix(name, "/") {
			return nil, false
		}
		_, rest, more = strings.Cut(rest, "/")
	}
	return nil, false
}

// span is the first moment of an event and its last local day.
func (c *calendar) span(b block) (moment, time.Time, *Problem) {
	start, ok := b.first("DTSTART")
	if !ok {
		return moment{}, time.Time{}, &Problem{Line: b.line, Code: NoStart, Detail: b.summary()}
	}
	first, ok := c.moment(start, start.value)
	if !ok {
		return moment{}, time.Time{}, &Problem{Line: start.line, Code: BadDate, Detail: start.value}
	}
	end, problem := c.end(b, first)
	if problem != nil {
		return moment{}, time.Time{}, problem
	}
	day := first.dayIn(c.zone)
	last := moment{end.at.Add(-1), end.date}.dayIn(c.zone) // the end is exclusive
	switch {
	case end.date == first.date && end.at.Before(first.at), end.dayIn(c.zone).Before(day):
		return moment{}, time.Time{}, &Problem{Line: b.line, Code: Backwards, Detail: b.summary()}
	case last.Sub(day) >= maxDays*24*time.Hour:
		return moment{}, time.Time{}, &Problem{Line: b.line, Code: TooLong, Detail: b.summary()}
	case last.Before(day): // DTEND is DTSTART, as exporters write that take it for inclusive
		return first, day, nil
	}
	return first, last, nil
}

// end is DTEND, or DTSTART and DURATION, or else DTSTART itself: a day or a point in time (RFC 5545, section 3.6.1).
func (c *calendar) end(b block, first moment) (moment, *Problem) {
	if end, ok := b.first("DTEND"); ok {
		at, ok := c.moment(end, end.value)
		if !ok {
			return moment{}, &Problem{Line: end.line, Code: BadDate, Detail: end.value}
		}
		return at, nil
	}
	length, ok := b.first("DURATION")
	if !ok {
		return first, nil
	}
	days, rest, ok := duration(length.value)
	if !ok {
		return moment{}, &Problem{Line: length.line, Code: BadDate, Detail: length.value}
	}
	return moment{first.at.AddDate(0, 0, days).Add(rest), first.date}, nil
}

var durationForm = regexp.MustCompile(`^\+?P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$`)

// duration reads a DURATION (RFC 5545, section 3.3.6): days by the calendar, and a time. Less than nothing is no duration.
func duration(text string) (days int, rest time.Duration, ok bool) {
	match := durationForm.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(text)))
	if match == nil {
		return 0, 0, false
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(match[i]) // a few digits, or none
		return n
	}
	rest = time.Duration(number(3))*time.Hour + time.Duration(number(4))*time.Minute + time.Duration(number(5))*time.Second
	return number(1)*7 + number(2), rest, true
}
