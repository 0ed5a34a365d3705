package collections

import "github.com/pocketbase/pocketbase/tools/types"

// Kiosk is one self-checkout station. Only hashes of its code and token are kept.
type Kiosk struct {
	ID          string         `db:"id"`
	Name        string         `db:"name"`
	State       string         `db:"state"`
	CodeHash    string         `db:"code_hash"`
	CodeExpires types.DateTime `db:"code_expires"`
	TokenHash   string         `db:"token_hash"`
	PairedAt    types.DateTime `db:"paired_at"`
	LastSeen    types.DateTime `db:"last_seen"`
	Settings    types.JSONRaw  `db:"settings"`
	LockedAt    types.DateTime `db:"locked_at"` // after too many wrong cards, until somebody opens it

	WindowHomeroom string         `db:"window_homeroom"` // of a class window opened by hand
	WindowUntil    types.DateTime `db:"window_until"`
}

func (Kiosk) Collection() string { return Kiosks }

// The states of a kiosk.
const (
	KioskWaiting = "waiting" // a code was given out and not yet used
	KioskPaired  = "paired"
	KioskRevoked = "revoked"
)

// KioskQuestion is what a replayed act left for the librarian to decide.
type KioskQuestion struct {
	ID         string         `db:"id"`
	Key        string         `db:"key"` // of the act
	Kiosk      string         `db:"kiosk"`
	Fact       string         `db:"fact"`
	State      string         `db:"state"`
	Reason     string         `db:"reason"`
	Act        types.JSONRaw  `db:"act"`
	AnsweredAt types.DateTime `db:"answered_at"`
	AnsweredBy string         `db:"answered_by"`
	Decision   string         `db:"decision"`
}

func (KioskQuestion) Collection() string { return KioskQuestions }

// The states of a question.
const (
	QuestionOpen     = "open"
	QuestionAnswered = "answered"
)
