package notices

import (
	"cmp"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/print"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Late is what is overdue on a day, and what could be done about it. The homerooms are all there are; the numbers beside them count the
// chosen ones.
type Late struct {
	On        policy.Day     `json:"on"`
	Homerooms []LateHomeroom `json:"homerooms"`
	Patrons   int            `json:"patrons"`
	Loans     int            `json:"loans"`
	Pages     int            `json:"pages"`    // of slips
	Families  Letters        `json:"families"` // by mail
	Teachers  Letters        `json:"teachers"`
	LeftOut   LeftOut        `json:"left_out"`
	Mail      bool           `json:"mail"`  // a mail server is set up
	Paper     int            `json:"paper"` // notices, of all kinds, that wait to be printed

	Profile  site.Disclosure `json:"profile"`  // the most that anybody is told
	Shows    site.Disclosure `json:"shows"`    // what a slip tells
	Tells    site.Disclosure `json:"tells"`    // what teachers are told by mail
	Schedule site.NoticeKind `json:"schedule"` // what happens by itself
}

// LateHomeroom counts one homeroom. Of patrons who have none, ID is NoRoom and Name empty.
type LateHomeroom struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Patrons   int    `json:"patrons"`
	Loans     int    `json:"loans"`
	Pages     int    `json:"pages"`     // of slips; each homeroom begins one
	Reachable int    `json:"reachable"` // patrons whose family has a mail address
}

// Letters counts mails; somebody who hears of several patrons gets one.
type Letters struct {
	Addresses int `json:"addresses"` // that could be written to
	New       int `json:"new"`       // that were not told yet and would be now
	Waiting   int `json:"waiting"`   // that are in the queue since an earlier time
}

// LeftOut counts, for the whole school, what Carrel says nothing of, and why.
type LeftOut struct {
	Claimed  int `json:"claimed"`   // late books that the patron says are back
	Left     int `json:"left"`      // patrons with late books who left the school: no slip reaches them
	Back     int `json:"back"`      // late books that came back on the day
	OptedOut int `json:"opted_out"` // patrons whose family wants no reminder before the due date
}

// Preview counts what is overdue on a day, told of before or not, and what a run for a part of it would mail. It writes nothing. The codes
// are those of Part.
func Preview(app core.App, on policy.Day, part Part, now time.Time) (late Late, err error) {
	const op = "notices.Preview"
	if err := part.check(app); err != nil {
		return late, err
	}
	l, err := newLook(app, on)
	if err != nil {
		return late, fault.Wrap(op, err)
	}
	school, err := site.Load(app)
	if err != nil {
		return late, fault.Wrap(op, err)
	}
	late = Late{
		On: on, Homerooms: []LateHomeroom{}, Mail: canMail(app, school), Profile: l.settings.Profile, Schedule: l.settings.Of(kindOverdue),
		Shows: l.settings.Tell(site.ToGuardians, channelPaper), Tells: l.settings.Tell(site.ToTeacher, channelMail),
	}
	if err := late.count(l, school, part, now); err != nil {
		return late, fault.Wrap(op, err)
	}
	if err := late.countLetters(l, part, now); err != nil {
		return late, fault.Wrap(op, err)
	}
	if late.Paper, err = waitingForPaper(app, now); err != nil {
		return late, fault.Wrap(op, err)
	}
	late.LeftOut, err = l.leftOut()
	return late, fault.Wrap(op, err)
}

// count fills in the homerooms and the sum of the chosen ones.
func (late *Late) count(l look, school site.School, part Part, now time.Time) error {
	patrons, err := l.lateOf(Part{})
	if err != nil {
		return err
	}
	writer, err := newSlipWriter(l.app, school, patrons)
	if err != nil {
		return err
	}
	for start, end := 0, 0; start < len(patrons); start = end {
		room := patrons[start][0]
		for end = start; end < len(patrons) && patrons[end][0].Room == room.Room; end++ {
		}
		counted := countRoom(patrons[start:end])
		counted.Pages = print.SlipPages(writer.sheet(school, patrons[start:end], now))
		late.Homerooms = append(late.Homerooms, counted)
		if part.has(room.Room) {
			late.Patrons += counted.Patrons
			late.Loans += counted.Loans
			late.Pages += counted.Pages
			late.Families.Addresses += counted.Reachable
		}
	}
	return nil
}

func countRoom(patrons [][]matter) LateHomeroom {
	room := patrons[0][0]
	counted := LateHomeroom{ID: cmp.Or(room.Room, NoRoom), Name: room.Homeroom, Patrons: len(patrons)}
	for _, loans := range patrons {
		counted.Loans += len(loans)
		if slices.ContainsFunc(append(split(loans[0].GuardianEmail), split(loans[0].Email)...), usable) {
			counted.Reachable++
		}
	}
	return counted
}

// countLetters counts whom a run would write to.
func (late *Late) countLetters(l look, part Part, now time.Time) error {
	if part.whole() {
		part.Rooms = []string{}
		for _, room := range late.Homerooms {
			part.Rooms = append(part.Rooms, room.ID)
		}
	}
	part.To = []string{ToFamilies, ToTeachers}
	teachers, err := teachersOf(l.app)
	if err != nil {
		return err
	}
	late.Teachers.Addresses = teaching(teachers, late.Homerooms, part)
	drafts, err := plan(l.app, l.on, []string{kindOverdue}, part)
	if err != nil {
		return err
	}
	seen := map[addressee]bool{}
	for _, draft := range drafts {
		to := addressee{recipient: fold(draft.notice.Recipient), teacher: draft.notice.Audience == site.ToTeacher}
		if draft.notice.State == collections.NoticeQueued && !seen[to] {
			seen[to] = true
			late.letters(to).New++
		}
	}
	envelopes, err := waiting(l.app, now, true, []string{kindOverdue}, part)
	for _, envelope := range envelopes {
		late.letters(envelope.addressee).Waiting++
	}
	return err
}

func (late *Late) letters(to addressee) *Letters {
	if to.teacher {
		return &late.Teachers
	}
	return &late.Families
}

// teaching counts the teachers of the chosen homerooms with late books.
func teaching(teachers map[string][]string, rooms []LateHomeroom, part Part) int {
	found := map[string]bool{}
	for _, room := range rooms {
		if !part.has(room.ID) {
			continue
		}
		for _, address := range teachers[room.ID] {
			if usable(address) {
				found[fold(address)] = true
			}
		}
	}
	return len(found)
}

func (l look) leftOut() (out LeftOut, err error) {
	loans, err := l.overdue()
	if err != nil {
		return out, err
	}
	gone := map[string]bool{}
	for _, loan := range loans {
		if hasLeft(loan) {
			gone[loan.Patron] = true
		}
	}
	out.Left = len(gone)
	if out.Claimed, err = l.lateAmong("l.state = 'open' AND l.claim != ''", nil); err != nil {
		return out, err
	}
	zone := l.calendar.Zone
	out.Back, err = l.lateAmong("l.state = 'returned' AND l.claim = '' AND l.returned_at >= {:from} AND l.returned_at < {:until}",
		dbx.Params{"from": instant(l.on.At(0, zone)), "until": instant(l.on.Add(1).At(0, zone))})
	if err != nil {
		return out, err
	}
	out.OptedOut, err = l.optedOut()
	return out, err
}

// lateAmong counts the loans that are, or were until they came back, late on the day.
func (l look) lateAmong(where string, params dbx.Params) (n int, err error) {
	var dues []struct {
		Due   policy.Day `db:"due"`
		Loans int        `db:"loans"`
	}
	err = l.app.DB().Select("l.due", "count(*) AS loans").From(collections.Loans + " l").Where(dbx.NewExp(where, params)).
		AndWhere(dbx.NewExp("l.due < {:on}", dbx.Params{"on": l.on.String()})).GroupBy("l.due").All(&dues)
	for _, one := range dues {
		if l.calendar.Overdue(one.Due, l.on) {
			n += one.Loans
		}
	}
	return n, err
}

// optedOut counts the patrons with something due soon of whom nobody at home wants to be reminded.
func (l look) optedOut() (int, error) {
	if !l.settings.Of(kindDueSoon).On {
		return 0, nil
	}
	asked, err := optOuts(l.app)
	if err != nil || len(asked) == 0 {
		return 0, err
	}
	soon, err := l.find(kindDueSoon)
	left := 0
	for _, matters := range stack(soon) {
		to := recipients(l.settings.Of(kindDueSoon), matters[0].GuardianEmail, matters[0].Email, nil)
		if !slices.ContainsFunc(to, func(r recipient) bool { return !asked[fold(r.address)] }) {
			left++
		}
	}
	return left, err
}
