package ical

import (
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Entry is one event of a calendar that is written. It begins and ends at an instant: a lesson that is written out once for each time needs no rule, and no
// zone whose rules a reader would have to know.
type Entry struct {
	UID       string // the same for as long as there is the event
	Seq       int    // how often it was changed
	Summary   string
	Location  string
	From      time.Time
	Until     time.Time // not included
	Cancelled bool
}

// Calendar is a file to be written. Stamped is when it was made, and Again after how long a reader may ask anew.
type Calendar struct {
	Name    string
	Entries []Entry
	Stamped time.Time
	Again   time.Duration
}

// Write writes a calendar (RFC 5545, section 3.4) with its name and its refresh interval as in RFC 7986. Times are in UTC.
func Write(w io.Writer, c Calendar) error {
	out := writer{}
	out.line("BEGIN", "VCALENDAR")
	out.line("VERSION", "2.0")
	out.line("PRODID", "-//Carrel//Teaching//EN")
	out.line("CALSCALE", "GREGORIAN")
	out.line("METHOD", "PUBLISH")
	out.line("NAME", escaped(c.Name))
	out.line("X-WR-CALNAME", escaped(c.Name))
	if c.Again > 0 {
		every := "PT" + strconv.Itoa(int(c.Again.Minutes())) + "M"
		out.line("REFRESH-INTERVAL;VALUE=DURATION", every)
		out.line("X-PUBLISHED-TTL", every)
	}
	for _, entry := range c.Entries {
		out.entry(entry, c.Stamped)
	}
	out.line("END", "VCALENDAR")
	_, err := io.WriteString(w, out.String())
	return err
}

type writer struct{ strings.Builder }

func (w *writer) entry(e Entry, stamped time.Time) {
	w.line("BEGIN", "VEVENT")
	w.line("UID", escaped(e.UID))
	w.line("DTSTAMP", instant(stamped))
	w.line("SEQUENCE", strconv.Itoa(e.Seq))
	w.line("DTSTART", instant(e.From))
	w.line("DTEND", instant(e.Until))
	w.line("SUMMARY", escaped(e.Summary))
	if e.Location != "" {
		w.line("LOCATION", escaped(e.Location))
	}
	if e.Cancelled {
		w.line("STATUS", "CANCELLED")
	} else {
		w.line("STATUS", "CONFIRMED")
	}
	w.line("END", "VEVENT")
}

// instant is a DATE-TIME in UTC (section 3.3.5).
func instant(at time.Time) string { return at.UTC().Format("20060102T150405Z") }

// escaped is a TEXT (section 3.3.11). Control characters have no place in one.
func escaped(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(text)
}

// maxOctets bounds a line without its end (section 3.1).
const maxOctets = 75

// line writes a content line, folded between letters: a fold within one would part its bytes.
func (w *writer) line(name, value string) {
	octets := 0
	for _, r := range name + ":" + value {
		size := utf8.RuneLen(r)
		if octets+size > maxOctets {
			w.WriteString("\r\n ")
			octets = 1
		}
		w.WriteRune(r)
		octets += size
	}
	w.WriteString("\r\n")
}
