package collections

import (
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/tools/types"
)

// Collections that belong to notices alone.
const (
	NoticeOptOuts   = "notice_optouts"
	NoticeReminders = "notice_reminders"
)

// Notice is one message to one recipient about one or more loans, about a hold, or about what a patron owes.
type Notice struct {
	ID         string         `db:"id"`
	Patron     string         `db:"patron"`
	Kind       string         `db:"kind"`
	Hold       string         `db:"hold"` // the hold it tells of, if any
	Step       int            `db:"step"`
	OnDay      policy.Day     `db:"on_day"` // the day the loans were chosen for; of a hold, its pickup day
	Channel    string         `db:"channel"`
	Recipient  string         `db:"recipient"`
	Audience   string         `db:"audience"` // whom the recipient is: guardians, patron or teacher; empty for the family
	Language   string         `db:"language"`
	Disclosure string         `db:"disclosure"`
	State      string         `db:"state"`
	Attempts   int            `db:"attempts"`
	NextTry    types.DateTime `db:"next_try"`
	SentAt     types.DateTime `db:"sent_at"`
	Error      string         `db:"error"`
}

func (Notice) Collection() string { return Notices }

// The states of a notice. A notice found in NoticeSending after a crash becomes NoticeUnknown: it may have gone out, so
// it is never sent again by itself.
const (
	NoticeQueued    = "queued"
	NoticeSending   = "sending"
	NoticeSent      = "sent"
	NoticePrinted   = "printed"
	NoticeFailed    = "failed"
	NoticeUnknown   = "unknown"
	NoticeCancelled = "cancelled"
)

// NoticeLoan ties a notice to a loan; the unique key (loan, kind, due, step, recipient) makes a second run a no-op.
type NoticeLoan struct {
	ID        string     `db:"id"`
	Notice    string     `db:"notice"`
	Loan      string     `db:"loan"`
	Kind      string     `db:"kind"`
	Due       policy.Day `db:"due"` // as it was then: a renewed loan that is late again is told of again
	Step      int        `db:"step"`
	Recipient string     `db:"recipient"`
}

func (NoticeLoan) Collection() string { return NoticeLoans }

// NoticeTemplate is a site's own wording for one kind, step and language.
type NoticeTemplate struct {
	ID       string `db:"id"`
	Kind     string `db:"kind"` // of a notice, or "teacher" for the list of a homeroom
	Step     int    `db:"step"` // 0: every step without a template of its own
	Language string `db:"language"`
	Subject  string `db:"subject"`
	Body     string `db:"body"`
}

func (NoticeTemplate) Collection() string { return NoticeTemplates }

// NoticeOptOut is an address that wants no more courtesy notices.
type NoticeOptOut struct {
	ID      string         `db:"id"`
	Address string         `db:"address"` // in small letters
	Created types.DateTime `db:"created"`
}

func (NoticeOptOut) Collection() string { return NoticeOptOuts }

// NoticeReminder is when a recipient was last told of what a patron owes. It goes when nothing is owed any more.
type NoticeReminder struct {
	ID        string     `db:"id"`
	Patron    string     `db:"patron"`
	Recipient string     `db:"recipient"`
	Told      policy.Day `db:"told"`
}

func (NoticeReminder) Collection() string { return NoticeReminders }
