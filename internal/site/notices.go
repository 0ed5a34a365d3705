package site

import (
	"slices"

	"carrel/internal/money"

	"github.com/pocketbase/pocketbase/core"
)

// The kinds of notice.
const (
	NoticeOverdue     = "overdue"
	NoticeDueSoon     = "due_soon"
	NoticeHoldReady   = "hold_ready"
	NoticeHoldExpired = "hold_expired"
	NoticeFee         = "fee"
	NoticeClaim       = "claim"
	NoticeRecall      = "recall"
)

// Whom a notice may be written for, and how it travels.
const (
	ToGuardians = "guardians"
	ToPatron    = "patron"
	ToTeacher   = "teacher"

	ByMail  = "mail"
	OnPaper = "paper"
)

// Disclosure is how much a notice tells of what somebody borrowed.
type Disclosure string

// The disclosures, from the least to the most.
const (
	DiscloseCount Disclosure = "count" // "2 library books"
	DiscloseType  Disclosure = "type"  // "1 book, 1 DVD"
	DiscloseTitle Disclosure = "title"
)

var disclosures = []Disclosure{DiscloseCount, DiscloseType, DiscloseTitle}

// AtMost is the lesser of the two; what is no disclosure tells no more than a count.
func (d Disclosure) AtMost(most Disclosure) Disclosure {
	return disclosures[max(0, min(slices.Index(disclosures, d), slices.Index(disclosures, most)))]
}

// Notices says what the school tells families and teachers, when, how, and how much of it.
type Notices struct {
	// Profile is what the law of the place allows: nobody is told more, whatever Disclosure says.
	Profile    Disclosure       `json:"profile"`
	Disclosure NoticeDisclosure `json:"disclosure"`
	Kinds      NoticeKinds      `json:"kinds"`
}

// NoticeDisclosure is how much each is told.
type NoticeDisclosure struct {
	Guardians Disclosure `json:"guardians"`
	Patron    Disclosure `json:"patron"`
	Teacher   Disclosure `json:"teacher"`
	Paper     Disclosure `json:"paper"`
}

// NoticeKinds are the kinds with what is decided of each.
type NoticeKinds struct {
	Overdue     NoticeKind `json:"overdue"`
	DueSoon     NoticeKind `json:"due_soon"`
	HoldReady   NoticeKind `json:"hold_ready"`
	HoldExpired NoticeKind `json:"hold_expired"`
	Fee         NoticeKind `json:"fee"`
	Claim       NoticeKind `json:"claim"`
	Recall      NoticeKind `json:"recall"`
}

// NoticeKind is what is decided of one kind.
type NoticeKind struct {
	On      bool     `json:"on"`
	Hour    int      `json:"hour"`    // in school time; nothing of the kind goes out by itself before it
	Channel string   `json:"channel"` // ByMail or OnPaper; who has no mail address gets paper anyway
	To      []string `json:"to"`      // a family that cannot be reached as said is reached as it can be
	// Steps are days after the due date for overdue loans, rising, and open days before it for those due soon, falling.
	Steps     []int  `json:"steps,omitempty"`
	Owed      string `json:"owed,omitempty"`       // fee: the amount from which somebody is told, "5.00"
	EveryDays int    `json:"every_days,omitempty"` // fee: how long until somebody is told again
}

// Cents is the amount from which somebody is told of what is owed.
func (k NoticeKind) Cents() int {
	cents, _ := money.Parse(k.Owed) //nolint:errcheck // checked when it was saved
	return cents
}

const noticesKey = "notices"

// defaultNotices are fresh for each caller: what is read into them must not reach the next one.
func defaultNotices() Notices {
	kind := func(on bool, steps ...int) NoticeKind {
		return NoticeKind{On: on, Hour: 7, Channel: ByMail, To: []string{ToGuardians}, Steps: steps}
	}
	notices := Notices{
		Profile:    DiscloseCount,
		Disclosure: NoticeDisclosure{DiscloseCount, DiscloseCount, DiscloseCount, DiscloseCount},
		Kinds: NoticeKinds{
			Overdue: kind(true, 1, 14, 28), DueSoon: kind(false, 2), HoldReady: kind(true), HoldExpired: kind(true),
			Fee: kind(false), Claim: kind(false), Recall: kind(false),
		},
	}
	notices.Kinds.Fee.Owed, notices.Kinds.Fee.EveryDays = "5.00", 30
	return notices
}

// LoadNotices reads what the school decided about notices.
func LoadNotices(app core.App) (Notices, error) {
	return loadSetting(app, noticesKey, defaultNotices())
}

// SaveNotices keeps it. The code is fault.Invalid at the field that cannot be, such as "overdue.steps".
func SaveNotices(app core.App, notices Notices) error {
	if err := notices.check(); err != nil {
		return err
	}
	return saveSetting(app, noticesKey, notices)
}

// Of is what is decided of a kind; an unknown one is off.
func (n Notices) Of(kind string) NoticeKind {
	for _, named := range n.named() {
		if named.name == kind {
			return named.NoticeKind
		}
	}
	return NoticeKind{}
}

// Tell is how much a recipient is told.
func (n Notices) Tell(audience, channel string) Disclosure {
	level := n.Disclosure.Guardians
	switch {
	case channel == OnPaper:
		level = n.Disclosure.Paper
	case audience == ToTeacher:
		level = n.Disclosure.Teacher
	case audience == ToPatron:
		level = n.Disclosure.Patron
	}
	return level.AtMost(n.Profile)
}

type namedKind struct {
	name string
	NoticeKind
}

func (n Notices) named() []namedKind {
	k := n.Kinds
	return []namedKind{
		{NoticeOverdue, k.Overdue}, {NoticeDueSoon, k.DueSoon}, {NoticeHoldReady, k.HoldReady}, {NoticeHoldExpired, k.HoldExpired},
		{NoticeFee, k.Fee}, {NoticeClaim, k.Claim}, {NoticeRecall, k.Recall},
	}
}

func (n Notices) check() error {
	for _, level := range []struct {
		field string
		value Disclosure
	}{
		{"profile", n.Profile}, {"disclosure.guardians", n.Disclosure.Guardians}, {"disclosure.patron", n.Disclosure.Patron},
		{"disclosure.teacher", n.Disclosure.Teacher}, {"disclosure.paper", n.Disclosure.Paper},
	} {
		if !slices.Contains(disclosures, level.value) {
			return unfit(level.field, "notices.set.disclosure")
		}
	}
	for _, kind := range n.named() {
		if err := kind.check(); err != nil {
			return err
		}
	}
	return nil
}

// What can be asked of a schedule.
const (
	mostSteps   = 5
	longestStep = 365
	openDays    = 20 // before the due date
	leastEvery  = 7
)

func (k namedKind) check() error {
	at := func(field string) string { return k.name + "." + field }
	switch {
	case k.Hour < 0 || k.Hour > 23:
		return unfit(at("hour"), "notices.set.hour")
	case k.Channel != ByMail && k.Channel != OnPaper:
		return unfit(at("channel"), "notices.set.channel")
	case len(k.To) == 0 || slices.ContainsFunc(k.To, unknownAudience):
		return unfit(at("to"), "notices.set.to")
	case k.name != NoticeOverdue && slices.Contains(k.To, ToTeacher):
		return unfit(at("to"), "notices.set.teacher")
	case !k.fitSteps():
		return unfit(at("steps"), "notices.set.steps."+k.stepped())
	case k.name == NoticeFee && (k.EveryDays < leastEvery || k.EveryDays > longestStep):
		return unfit(at("every_days"), "notices.set.every", leastEvery, longestStep)
	case k.name == NoticeFee:
		if cents, err := money.Parse(k.Owed); err != nil || cents == 0 {
			return unfit(at("owed"), "notices.set.owed")
		}
	}
	return nil
}

func unknownAudience(to string) bool { return to != ToGuardians && to != ToPatron && to != ToTeacher }

// stepped is how the steps of the kind are counted.
func (k namedKind) stepped() string {
	switch k.name {
	case NoticeOverdue:
		return "after"
	case NoticeDueSoon:
		return "before"
	}
	return "none"
}

func (k namedKind) fitSteps() bool {
	how := k.stepped()
	if how == "none" {
		return len(k.Steps) == 0
	}
	most := longestStep
	if how == "before" {
		most = openDays
	}
	for i, days := range k.Steps {
		if days < 1 || days > most {
			return false
		}
		if i > 0 && (days > k.Steps[i-1]) != (how == "after") || i > 0 && days == k.Steps[i-1] {
			return false
		}
	}
	return len(k.Steps) >= 1 && len(k.Steps) <= mostSteps
}
