package notices

import (
	"cmp"
	"encoding/json"
	"slices"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// NoRoom names those without a homeroom where homerooms are chosen.
const NoRoom = "none"

// Whom a person mails by hand.
const (
	ToFamilies = "families"
	ToTeachers = "teachers"
)

// Part is what a person chose of the late books by hand; the zero one is everything. A part that cannot be is fault.Invalid at "homerooms" or "to".
type Part struct {
	Rooms []string // ids of homerooms, or NoRoom
	To    []string // ToFamilies, ToTeachers: mail to these alone, and no paper; nil is what the school decided
}

func (p Part) whole() bool { return p.Rooms == nil }

func (p Part) check(app core.App) error {
	const op = "notices.Part"
	if p.whole() {
		return nil
	}
	if len(p.Rooms) == 0 {
		return fault.New(op, fault.Invalid, "notices.part.rooms").At("homerooms")
	}
	if p.To != nil && (len(p.To) == 0 || slices.ContainsFunc(p.To, func(to string) bool { return to != ToFamilies && to != ToTeachers })) {
		return fault.New(op, fault.Invalid, "notices.part.to").At("to")
	}
	var known []string
	if err := app.DB().Select("id").From(collections.Homerooms).Column(&known); err != nil {
		return fault.Wrap(op, err)
	}
	if unknown := slices.ContainsFunc(p.Rooms, func(room string) bool { return room != NoRoom && !slices.Contains(known, room) }); unknown {
		return fault.New(op, fault.Invalid, "notices.part.unknown").At("homerooms")
	}
	return nil
}

// of keeps what belongs to the homerooms. By hand only those are told who are still at school.
func (p Part) of(matters []matter) []matter {
	return slices.DeleteFunc(matters, func(m matter) bool { return !p.has(m.Room) || !p.whole() && hasLeft(m) })
}

func (p Part) has(room string) bool {
	return p.whole() || slices.Contains(p.Rooms, cmp.Or(room, NoRoom))
}

// how is how a kind is told: by mail to whom the person said, among the family as the school has it.
func (p Part) how(kind site.NoticeKind) site.NoticeKind {
	if p.To == nil {
		return kind
	}
	kind.Channel = channelMail
	family := slices.DeleteFunc(slices.Clone(kind.To), func(to string) bool { return to == site.ToTeacher })
	kind.To = nil
	if slices.Contains(p.To, ToFamilies) {
		kind.To = family
		if len(family) == 0 {
			kind.To = []string{site.ToGuardians}
		}
	}
	if slices.Contains(p.To, ToTeachers) {
		kind.To = append(kind.To, site.ToTeacher)
	}
	return kind
}

// mailed leaves out paper where the person asked for mail.
func (p Part) mailed(to []recipient) []recipient {
	if p.To == nil {
		return to
	}
	return slices.DeleteFunc(to, func(r recipient) bool { return r.channel == channelPaper })
}

// waits is which queued notices belong to it; nil for all.
func (p Part) waits() dbx.Expression {
	if p.whole() {
		return nil
	}
	rooms, _ := json.Marshal(p.Rooms) //nolint:errcheck // texts are always JSON
	mine := dbx.NewExp(`patron IN (SELECT p.id FROM patrons p LEFT JOIN homerooms h ON h.id = p.homeroom
		WHERE COALESCE(h.id, '`+NoRoom+`') IN (SELECT value FROM json_each({:rooms})))`, dbx.Params{"rooms": string(rooms)})
	teachers, families := p.To == nil || slices.Contains(p.To, ToTeachers), p.To == nil || slices.Contains(p.To, ToFamilies)
	switch {
	case teachers && families:
		return mine
	case teachers:
		return dbx.And(mine, dbx.HashExp{"audience": site.ToTeacher})
	}
	return dbx.And(mine, dbx.Not(dbx.HashExp{"audience": site.ToTeacher}))
}
