package policy

import "testing"

var holdRules = Rules{
	{ID: "site", Terms: Terms{HoldLimit: ptr(2), FeeLimit: ptr(500)}},
	{ID: "laptop", ItemType: "laptop", ItemName: "Laptop", Terms: Terms{HoldAllowed: ptr(false)}},
	{ID: "atlas", ItemType: "atlas", ItemName: "Atlas", Terms: Terms{ForLoan: ptr(false)}},
	{ID: "teacher laptop", PatronType: "teacher", ItemType: "laptop", Terms: Terms{HoldAllowed: ptr(true)}},
}

var holdCases = map[string]refusalCase{
	"on the shelf":             {child, ItemView{Title: "t1", Free: 3}, nil, ""},
	"on loan to another":       {child, ItemView{Title: "t1", OnLoan: true, LoanedTo: "p2"}, nil, ""},
	"others wait":              {child, ItemView{Title: "t1", Waiting: 7}, nil, ""},
	"on the hold shelf":        {child, ItemView{Title: "t1", HeldFor: "p2"}, nil, ""},
	"withdrawn":                {child, ItemView{Title: "t1", Withdrawn: true}, []Code{ItemWithdrawn}, ""},
	"no holds on this type":    {child, ItemView{Title: "t1", Type: "laptop"}, []Code{HoldNotAllowed}, "laptop"},
	"allowed by narrower":      {with(func(p *PatronView) { p.Type = "teacher" }), ItemView{Title: "t1", Type: "laptop"}, nil, ""},
	"type never lent":          {child, ItemView{Title: "t1", Type: "atlas"}, []Code{HoldNotAllowed}, "atlas"},
	"item never lent":          {child, ItemView{Title: "t1", NotForLoan: true}, []Code{HoldNotAllowed}, ""},
	"they have one":            {withLoans(OpenLoan{Title: "t1", Due: monday}), ItemView{Title: "t1"}, []Code{ItemOnLoanToPatron}, ""},
	"they claimed theirs":      {withLoans(OpenLoan{Title: "t1", Due: monday, Claimed: true}), ItemView{Title: "t1"}, nil, ""},
	"already waiting":          {with(func(p *PatronView) { p.Holds = []string{"t1"} }), ItemView{Title: "t1"}, []Code{HoldExists}, ""},
	"at the hold limit":        {with(func(p *PatronView) { p.Holds = []string{"t2", "t3"} }), ItemView{Title: "t1"}, []Code{HoldLimit}, "site"},
	"blocked":                  {with(func(p *PatronView) { p.Block = "x" }), ItemView{Title: "t1"}, []Code{PatronBlocked}, ""},
	"expired":                  {with(func(p *PatronView) { p.Expires = monday - 1 }), ItemView{Title: "t1"}, []Code{PatronExpired}, ""},
	"owes":                     {with(func(p *PatronView) { p.Owed = 500 }), ItemView{Title: "t1"}, []Code{PatronFees}, "site"},
	"late loans are no reason": {withLoans(OpenLoan{Title: "t2", Due: 1}), ItemView{Title: "t1"}, nil, ""},
	"restricted":               {with(func(p *PatronView) { p.Restrictions = []Restriction{{RestrictAsk, RestrictTitle, "t1"}} }), ItemView{Title: "t1"}, []Code{Restricted}, ""},
	"everything at once": {
		PatronView{ID: "p1", Block: "x", Owed: 500, Holds: []string{"t1", "t2"}, Open: loans(1, OpenLoan{Title: "t1"}), Restrictions: []Restriction{{RestrictDeny, RestrictAll, ""}}},
		ItemView{Title: "t1", Type: "laptop", Withdrawn: true},
		[]Code{ItemWithdrawn, HoldNotAllowed, ItemOnLoanToPatron, HoldExists, PatronBlocked, PatronExpired, PatronFees, HoldLimit, Restricted}, "",
	},
}

func TestHoldRefusals(t *testing.T) {
	for name, test := range holdCases {
		t.Run(name, func(t *testing.T) {
			decision := DecideHold(holdRules, test.patron, test.item, monday)
			checkRefusals(t, decision, test.want)
			if len(decision.Refusals) > 0 && decision.Refusals[0].Rule.ID != test.rule {
				t.Errorf("decided by row %q, want %q", decision.Refusals[0].Rule.ID, test.rule)
			}
		})
	}
}

func TestPickupBy(t *testing.T) {
	calendar := weekdays()
	calendar.Closed[mustDay(t, "2026-11-26")] = "Thanksgiving"
	calendar.Closed[mustDay(t, "2026-11-27")] = "Thanksgiving"
	for name, test := range map[string]struct {
		rules Rules
		from  string
		want  string
	}{
		"five open days":       {nil, "2026-11-16", "2026-11-23"},
		"holidays do not eat":  {nil, "2026-11-23", "2026-12-02"},
		"from a closed day":    {nil, "2026-11-28", "2026-12-04"},
		"by the rule":          {Rules{{Terms: Terms{PickupDays: ptr(1)}}}, "2026-11-25", "2026-11-30"},
		"by the narrower rule": {Rules{{Terms: Terms{PickupDays: ptr(1)}}, {ItemType: "book", Terms: Terms{PickupDays: ptr(2)}}}, "2026-11-23", "2026-11-25"},
	} {
		got, err := PickupBy(test.rules, calendar, "student", "book", mustDay(t, test.from))
		if err != nil || got.String() != test.want {
			t.Errorf("%s: %s, want %s (%v)", name, got, test.want, err)
		}
	}
	if _, err := PickupBy(nil, Calendar{}, "student", "book", monday); err == nil {
		t.Error("a calendar with no open day gave a pickup day")
	}
}
