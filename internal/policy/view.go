package policy

// PatronView is what the rules need to know of a patron.
type PatronView struct {
	ID, Type     string
	Grade        string
	Active       bool // not left
	Expires      Day  // the last day of borrowing; 0 for none
	Block        string
	Open         []OpenLoan
	Owed         int         // cents; 0 while fees are off
	Holds        []string    // ids of the titles this patron waits for or has on the hold shelf
	Claims       int         // loans this patron claimed returned or never had, so far
	Library      LibraryDays // of the homeroom
	Restrictions []Restriction
}

// OpenLoan is one loan of the patron. A claimed loan counts neither for limits nor as overdue.
type OpenLoan struct {
	Due             Day
	ItemType, Title string // ids
	Claimed         bool
}

// ItemView is what the rules need to know of an item.
type ItemView struct {
	Type, Title    string   // ids
	Author, Series string   // folded by the caller as Restriction.Value is
	Tags           []string // folded: the library's own tags and subject headings that a restriction names
	Withdrawn      bool
	NotForLoan     bool
	OnLoan         bool
	LoanedTo       string // id of the patron who has it; empty when it is in
	HeldFor        string // id of the patron for whom it lies on the hold shelf
	Waiting        int    // other patrons' holds on the title that come before this patron's
	Free           int    // items of the title on the shelf and for loan, this one included when it is
}

// count counts the open loans that are as asked and not claimed.
func count(open []OpenLoan, is func(OpenLoan) bool) int {
	n := 0
	for _, loan := range open {
		if !loan.Claimed && is(loan) {
			n++
		}
	}
	return n
}

func anyLoan(OpenLoan) bool { return true }

// wantedBefore tells whether lending this item leaves too few for the patrons who come first. An item that comes from
// somebody else's hands was not among the free ones.
func (item ItemView) wantedBefore(patron string) bool {
	if item.HeldFor != "" {
		return item.HeldFor != patron
	}
	left := item.Free
	if !item.OnLoan && !item.NotForLoan && !item.Withdrawn {
		left--
	}
	return item.Waiting > max(0, left)
}
