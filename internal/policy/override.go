package policy

import "slices"

// whoMayPass says which roles may lend against a refusal on purpose. What is not listed nobody may pass: a withdrawn
// item must first be taken back into the collection, a patron's own loan is renewed, not lent again, and nobody waits twice
// for one title.
var whoMayPass = map[Code][]string{
	ItemOnLoan:     {"librarian", "aide", "volunteer"}, // the item is here: it came back unseen
	ItemNotForLoan: {"librarian"},
	ItemOnHold:     {"librarian", "aide"},
	PatronBlocked:  {"librarian"},
	PatronExpired:  {"librarian"},
	PatronOverdue:  {"librarian", "aide"},
	PatronFees:     {"librarian"},
	LoanLimit:      {"librarian", "aide"},
	TypeLimit:      {"librarian", "aide"},
	TitleLimit:     {"librarian", "aide"},
	RenewalLimit:   {"librarian", "aide"},
	HoldNotAllowed: {"librarian"},
	HoldLimit:      {"librarian", "aide"},
	ClaimLimit:     {"librarian", "aide"},
	Restricted:     {"librarian"}, // after asking the family
}

// MayOverride tells whether a member of staff in this role may pass a refusal.
func MayOverride(role string, code Code) bool {
	return slices.Contains(whoMayPass[code], role)
}
