package notices

import (
	"time"

	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

// RoomSlips is what the slips of one homeroom say, word for word.
type RoomSlips struct {
	On     policy.Day `json:"on"`
	School string     `json:"school"`
	Slips  []RoomSlip `json:"slips"`
}

// RoomSlip is one slip. Name and Homeroom stand outside, all else is folded in.
type RoomSlip struct {
	Name     string        `json:"name"`
	Homeroom string        `json:"homeroom"`
	Language say.Lang      `json:"language"`
	Heading  string        `json:"heading"`
	Opening  string        `json:"opening"`
	Rows     []RoomSlipRow `json:"rows"`
	Closing  string        `json:"closing"`
}

// RoomSlipRow is one line of what is late.
type RoomSlipRow struct {
	Text string `json:"text"`
	Note string `json:"note,omitempty"`
}

// ReadSlips reads the slips of one homeroom, or of those without one (NoRoom), as Slips would print them. The code is fault.Invalid at
// "homerooms" for a homeroom that is not there.
func ReadSlips(app core.App, on policy.Day, room string, now time.Time) (read RoomSlips, err error) {
	const op = "notices.ReadSlips"
	part := Part{Rooms: []string{room}}
	if err := part.check(app); err != nil {
		return read, err
	}
	l, err := newLook(app, on)
	if err != nil {
		return read, fault.Wrap(op, err)
	}
	school, err := site.Load(app)
	if err != nil {
		return read, fault.Wrap(op, err)
	}
	patrons, err := l.lateOf(part)
	if err != nil {
		return read, fault.Wrap(op, err)
	}
	writer, err := newSlipWriter(app, school, patrons)
	if err != nil {
		return read, fault.Wrap(op, err)
	}
	read = RoomSlips{On: on, School: school.Name, Slips: []RoomSlip{}}
	for i, slip := range writer.sheet(school, patrons, now).Slips {
		one := RoomSlip{
			Name: slip.Name, Homeroom: slip.Homeroom, Language: languageOf(patrons[i][0].Language, school.Language),
			Heading: slip.Heading, Opening: slip.Opening, Closing: slip.Closing, Rows: []RoomSlipRow{},
		}
		for _, row := range slip.Rows {
			one.Rows = append(one.Rows, RoomSlipRow(row))
		}
		read.Slips = append(read.Slips, one)
	}
	return read, nil
}
