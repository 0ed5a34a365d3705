package policy

// whoMayPass says which roles may lend against a refusal on purpose. What is not listed nobody may pass: a withdrawn
// item must first be taken back into the collection, and a patron's own loan is renewed, not lent again.
var whoMayPass = map[Code][]string{
	ItemOnLoan:     {"librarian", "aide", "volunteer"}, // the item is here: it came back unseen
	ItemNotForLoan: {"librarian"},
	PatronBlocked:  {"librarian"},
	PatronExpired:  {"librarian"},
	PatronOverdue:  {"librarian", "aide"},
	LoanLimit:      {"librarian", "aide"},
	TypeLimit:      {"librarian", "aide"},
	RenewalLimit:   {"librarian", "aide"},
}

// MayOverride tells whether a member of staff in this role may pass a refusal.
func MayOverride(role string, code Code) bool {
	for _, may := range whoMayPass[code] {
		if may == role {
			return true
		}
	}
	return false
}
