package policy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"carrel/internal/say"

	"pgregory.net/rapid"
)

func loans(n int, loan OpenLoan) []OpenLoan { return slices.Repeat([]OpenLoan{loan}, n) }

func withLoans(open ...OpenLoan) PatronView {
	patron := child
	patron.Open = open
	return patron
}

func with(change func(*PatronView)) PatronView {
	patron := child
	change(&patron)
	return patron
}

var lendingRules = Rules{
	{ID: "site", Terms: Terms{LoanLimit: ptr(3), OverdueLimit: ptr(1), FeeLimit: ptr(500), TitleLimit: ptr(2)}},
	{ID: "laptop", ItemType: "laptop", ItemName: "Laptop", Terms: Terms{TypeLimit: ptr(1)}},
	{ID: "atlas", ItemType: "atlas", ItemName: "Atlas", Terms: Terms{ForLoan: ptr(false)}},
	{ID: "teacher", PatronType: "teacher", PatronName: "Teacher", Terms: Terms{OverdueLimit: ptr(0), FeeLimit: ptr(0)}},
	{ID: "teacher atlas", PatronType: "teacher", ItemType: "atlas", Terms: Terms{ForLoan: ptr(true)}},
}

type refusalCase struct {
	patron PatronView
	item   ItemView
	want   []Code
	rule   string // id of the row that decided the first refusal
}

var checkOutCases = map[string]refusalCase{
	"nothing": {child, ItemView{}, nil, ""},

	"withdrawn":                    {child, ItemView{Withdrawn: true}, []Code{ItemWithdrawn}, ""},
	"item not for loan":            {child, ItemView{NotForLoan: true}, []Code{ItemNotForLoan}, ""},
	"type not for loan":            {child, ItemView{Type: "atlas"}, []Code{ItemNotForLoan}, "atlas"},
	"both not for loan":            {child, ItemView{Type: "atlas", NotForLoan: true}, []Code{ItemNotForLoan}, ""},
	"for loan by a narrower row":   {with(func(p *PatronView) { p.Type = "teacher" }), ItemView{Type: "atlas"}, nil, ""},
	"on loan":                      {child, ItemView{OnLoan: true, LoanedTo: "p2"}, []Code{ItemOnLoan}, ""},
	"on loan, unlinked":            {child, ItemView{OnLoan: true}, []Code{ItemOnLoan}, ""},
	"on loan to them":              {child, ItemView{OnLoan: true, LoanedTo: "p1"}, []Code{ItemOnLoanToPatron}, ""},
	"held for another":             {child, ItemView{HeldFor: "p2", Free: 5}, []Code{ItemOnHold}, ""},
	"held for them":                {child, ItemView{HeldFor: "p1", Waiting: 9}, nil, ""},
	"the only one, one waits":      {child, ItemView{Waiting: 1, Free: 1}, []Code{ItemOnHold}, ""},
	"two free, one waits":          {child, ItemView{Waiting: 1, Free: 2}, nil, ""},
	"two free, two wait":           {child, ItemView{Waiting: 2, Free: 2}, []Code{ItemOnHold}, ""},
	"came back unseen, one waits":  {child, ItemView{OnLoan: true, Waiting: 1}, []Code{ItemOnLoan, ItemOnHold}, ""},
	"came back unseen, one free":   {child, ItemView{OnLoan: true, Waiting: 1, Free: 1}, []Code{ItemOnLoan}, ""},
	"for use here, the other free": {child, ItemView{NotForLoan: true, Waiting: 1, Free: 1}, []Code{ItemNotForLoan}, ""},

	"blocked":                 {with(func(p *PatronView) { p.Block = "See the office" }), ItemView{}, []Code{PatronBlocked}, ""},
	"left":                    {with(func(p *PatronView) { p.Active = false }), ItemView{}, []Code{PatronExpired}, ""},
	"expired yesterday":       {with(func(p *PatronView) { p.Expires = monday - 1 }), ItemView{}, []Code{PatronExpired}, ""},
	"expires today":           {with(func(p *PatronView) { p.Expires = monday }), ItemView{}, nil, ""},
	"owes the limit":          {with(func(p *PatronView) { p.Owed = 500 }), ItemView{}, []Code{PatronFees}, "site"},
	"owes less":               {with(func(p *PatronView) { p.Owed = 499 }), ItemView{}, nil, ""},
	"owes, with a limit of 0": {with(func(p *PatronView) { p.Owed, p.Type = 9000, "teacher" }), ItemView{}, nil, ""},

	"one late":                 {withLoans(OpenLoan{Due: monday - 10}), ItemView{Title: "t9"}, []Code{PatronOverdue}, "site"},
	"due on Friday":            {withLoans(OpenLoan{Due: monday - 3}), ItemView{Title: "t9"}, []Code{PatronOverdue}, "site"},
	"due today":                {withLoans(OpenLoan{Due: monday}), ItemView{Title: "t9"}, nil, ""},
	"late but claimed":         {withLoans(OpenLoan{Due: monday - 10, Claimed: true}), ItemView{Title: "t9"}, nil, ""},
	"late, with a limit of 0":  {with(func(p *PatronView) { p.Type, p.Open = "teacher", loans(1, OpenLoan{Due: monday - 10}) }), ItemView{Title: "t9"}, nil, ""},
	"at the limit":             {withLoans(loans(3, OpenLoan{Due: monday})...), ItemView{Title: "t9"}, []Code{LoanLimit}, "site"},
	"one claimed of three":     {withLoans(OpenLoan{Due: monday, Claimed: true}, OpenLoan{Due: monday}, OpenLoan{Due: monday}), ItemView{Title: "t9"}, nil, ""},
	"at the type limit":        {withLoans(OpenLoan{Due: monday, ItemType: "laptop"}), ItemView{Type: "laptop", Title: "t9"}, []Code{TypeLimit}, "laptop"},
	"type limit, claimed":      {withLoans(OpenLoan{Due: monday, ItemType: "laptop", Claimed: true}), ItemView{Type: "laptop", Title: "t9"}, nil, ""},
	"another type":             {withLoans(OpenLoan{Due: monday, ItemType: "laptop"}), ItemView{Type: "book", Title: "t9"}, nil, ""},
	"at the title limit":       {withLoans(loans(2, OpenLoan{Due: monday, Title: "t1"})...), ItemView{Title: "t1"}, []Code{TitleLimit}, "site"},
	"title limit, one claimed": {withLoans(OpenLoan{Due: monday, Title: "t1"}, OpenLoan{Due: monday, Title: "t1", Claimed: true}), ItemView{Title: "t1"}, nil, ""},

	"restricted": {with(func(p *PatronView) { p.Restrictions = []Restriction{{RestrictDeny, RestrictTitle, "t1"}} }), ItemView{Title: "t1"}, []Code{Restricted}, ""},

	"everything at once": {
		PatronView{ID: "p1", Block: "x", Owed: 900, Open: loans(9, OpenLoan{Due: 1, ItemType: "laptop", Title: "t1"}), Restrictions: []Restriction{{RestrictAsk, RestrictAll, ""}, {RestrictDeny, RestrictTitle, "t1"}}},
		ItemView{Type: "laptop", Title: "t1", Withdrawn: true, NotForLoan: true, OnLoan: true, Waiting: 1},
		[]Code{ItemWithdrawn, ItemNotForLoan, ItemOnLoan, ItemOnHold, PatronBlocked, PatronExpired, PatronFees, PatronOverdue, LoanLimit, TypeLimit, TitleLimit, Restricted}, "",
	},
}

func TestCheckOutRefusals(t *testing.T) {
	for name, test := range checkOutCases {
		t.Run(name, func(t *testing.T) {
			decision := mustDecide(t, lendingRules, weekdays(), test.patron, test.item)
			checkRefusals(t, decision, test.want)
			if len(decision.Refusals) > 0 && decision.Refusals[0].Rule.ID != test.rule {
				t.Errorf("decided by row %q, want %q", decision.Refusals[0].Rule.ID, test.rule)
			}
			if decision.Due == 0 {
				t.Error("no due date beside the refusals")
			}
		})
	}
}

var renewalCases = map[string]struct {
	patron   PatronView
	item     ItemView
	renewals int
	want     []Code
}{
	"first":              {child, ItemView{OnLoan: true}, 0, nil},
	"at the limit":       {child, ItemView{OnLoan: true}, 2, []Code{RenewalLimit}},
	"nobody waits":       {child, ItemView{OnLoan: true, Free: 0}, 1, nil},
	"one waits":          {child, ItemView{OnLoan: true, Waiting: 1}, 0, []Code{ItemOnHold}},
	"one waits, one in":  {child, ItemView{OnLoan: true, Waiting: 1, Free: 1}, 0, nil},
	"blocked":            {with(func(p *PatronView) { p.Block = "x" }), ItemView{OnLoan: true}, 0, []Code{PatronBlocked}},
	"left":               {with(func(p *PatronView) { p.Active = false }), ItemView{OnLoan: true}, 0, []Code{PatronExpired}},
	"restricted since":   {with(func(p *PatronView) { p.Restrictions = []Restriction{{RestrictDeny, RestrictAll, ""}} }), ItemView{OnLoan: true, Title: "t1"}, 0, nil},
	"everything at once": {PatronView{ID: "p1", Block: "x"}, ItemView{OnLoan: true, Waiting: 1}, 9, []Code{ItemOnHold, PatronBlocked, PatronExpired, RenewalLimit}},
}

func TestRenewalRefusals(t *testing.T) {
	rules := Rules{{Terms: Terms{RenewalLimit: ptr(2)}}}
	for name, test := range renewalCases {
		t.Run(name, func(t *testing.T) {
			decision, err := DecideRenewal(rules, weekdays(), test.patron, test.item, test.renewals, monday)
			if err != nil {
				t.Fatal(err)
			}
			checkRefusals(t, decision, test.want)
			if decision.Due.String() != "2026-12-14" {
				t.Errorf("due %s", decision.Due)
			}
		})
	}
}

var claimCases = map[string]struct {
	claims int
	want   []Code
}{
	"none": {0, nil}, "below": {2, nil}, "at the limit": {3, []Code{ClaimLimit}}, "beyond": {4, []Code{ClaimLimit}},
}

func TestClaimRefusals(t *testing.T) {
	rules := Rules{{ID: "site", Terms: Terms{ClaimLimit: ptr(3)}}}
	for name, test := range claimCases {
		t.Run(name, func(t *testing.T) {
			patron := with(func(p *PatronView) { p.Claims = test.claims })
			checkRefusals(t, DecideClaim(rules, patron), test.want)
			checkRefusals(t, DecideClaim(nil, patron), nil)
		})
	}
}

func TestLimitSentences(t *testing.T) {
	rules := Rules{
		{Terms: Terms{LoanLimit: ptr(1), OverdueLimit: ptr(1), FeeLimit: ptr(1)}},
		{PatronType: "student", ItemType: "laptop", PatronName: "Student", ItemName: "Laptop", Terms: Terms{TypeLimit: ptr(2)}},
		{PatronType: "student", PatronName: "Student", Terms: Terms{LoanLimit: ptr(2)}},
	}
	patron := withLoans(loans(2, OpenLoan{Due: monday - 9, ItemType: "laptop"})...)
	patron.Owed = 1234
	said := map[Code][2]string{}
	for _, refusal := range mustDecide(t, rules, weekdays(), patron, ItemView{Type: "laptop", Title: "t9"}).Refusals {
		said[refusal.Code] = [2]string{refusal.Text.In(say.English), refusal.Text.In(say.Spanish)}
	}
	for code, want := range map[Code][2]string{
		TypeLimit:     {"The limit of 2 items of this type is reached (rule for Student with Laptop).", "Se llegó al límite de 2 ejemplares de este tipo (regla para Student con Laptop)."},
		LoanLimit:     {"The limit of 2 items is reached (rule for Student).", "Se llegó al límite de 2 ejemplares (regla para Student)."},
		PatronOverdue: {"2 late items come back first (rule for the whole library).", "Antes hay que devolver 2 ejemplares atrasados (regla de toda la biblioteca)."},
		PatronFees:    {"There is something to settle at the library office first.", "Primero hay un asunto pendiente en la oficina de la biblioteca."},
	} {
		if said[code] != want {
			t.Errorf("%s: %q", code, said[code])
		}
	}
}

func TestLeft(t *testing.T) {
	rules := Rules{{Terms: Terms{LoanLimit: ptr(3)}}, {PatronType: "teacher", Terms: Terms{LoanLimit: ptr(50)}}, {ItemType: "laptop", Terms: Terms{LoanLimit: ptr(1)}}}
	open := []OpenLoan{{}, {}, {Claimed: true}}
	for name, test := range map[string]struct {
		rules  Rules
		patron string
		open   []OpenLoan
		left   int
		ok     bool
	}{
		"site": {rules, "student", open, 1, true}, "own row": {rules, "teacher", open, 48, true},
		"over": {rules, "student", loans(5, OpenLoan{}), 0, true}, "no limit": {nil, "student", open, 0, false},
	} {
		if left, ok := Left(test.rules, test.patron, test.open); left != test.left || ok != test.ok {
			t.Errorf("%s: %d %v", name, left, ok)
		}
	}
}

// codeConstants reads the refusals from the source, so that a new one cannot be forgotten below.
func codeConstants(t *testing.T) []Code {
	file, err := parser.ParseFile(token.NewFileSet(), "decide.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []Code
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || spec.Type == nil || len(spec.Values) != 1 {
			return true
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		if kind, named := spec.Type.(*ast.Ident); ok && named && kind.Name == "Code" {
			code, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, Code(code))
		}
		return true
	})
	return codes
}

func TestEveryCodeIsInATable(t *testing.T) {
	seen := map[Code]bool{}
	note := func(codes []Code) {
		for _, code := range codes {
			seen[code] = true
		}
	}
	for _, test := range checkOutCases {
		note(test.want)
	}
	for _, test := range renewalCases {
		note(test.want)
	}
	for _, test := range claimCases {
		note(test.want)
	}
	for _, test := range holdCases {
		note(test.want)
	}
	codes := codeConstants(t)
	if len(codes) != 18 {
		t.Errorf("%d codes were read from the source", len(codes))
	}
	for _, code := range codes {
		if !seen[code] {
			t.Errorf("no table has a case for %s", code)
		}
	}
}

func TestMayOverride(t *testing.T) {
	librarian, aide, volunteer := []string{"librarian"}, []string{"librarian", "aide"}, []string{"librarian", "aide", "volunteer"}
	want := map[Code][]string{
		ItemOnLoan: volunteer, ItemOnLoanToPatron: nil, ItemNotForLoan: librarian, ItemOnHold: aide, ItemWithdrawn: nil,
		PatronBlocked: librarian, PatronExpired: librarian, PatronOverdue: aide, PatronFees: librarian,
		LoanLimit: aide, TypeLimit: aide, TitleLimit: aide, RenewalLimit: aide, Restricted: librarian,
		HoldNotAllowed: librarian, HoldLimit: aide, HoldExists: nil, ClaimLimit: aide,
	}
	for _, code := range codeConstants(t) {
		for _, role := range []string{"librarian", "aide", "volunteer", "teacher", ""} {
			if got := MayOverride(role, code); got != slices.Contains(want[code], role) {
				t.Errorf("%s by %q: %v", code, role, got)
			}
		}
	}
}

// reasons are what can come to stand against a loan, one at a time.
var reasons = []struct {
	name string
	add  func(*PatronView, *ItemView)
}{
	{"block", func(p *PatronView, _ *ItemView) { p.Block = "x" }},
	{"left", func(p *PatronView, _ *ItemView) { p.Active = false }},
	{"money", func(p *PatronView, _ *ItemView) { p.Owed += 1000 }},
	{"late loan", func(p *PatronView, i *ItemView) {
		p.Open = append(slices.Clone(p.Open), OpenLoan{Due: 1, ItemType: i.Type, Title: i.Title})
	}},
	{"restriction", func(p *PatronView, _ *ItemView) {
		p.Restrictions = append(p.Restrictions, Restriction{RestrictAsk, RestrictAll, ""})
	}},
	{"withdrawn", func(_ *PatronView, i *ItemView) { i.Free, i.Withdrawn = freeWithout(*i), true }},
	{"for use here", func(_ *PatronView, i *ItemView) { i.Free, i.NotForLoan = freeWithout(*i), true }},
	{"queue", func(_ *PatronView, i *ItemView) { i.Waiting += 5 }},
}

// freeWithout is how many items of the title are free once this one no longer is.
func freeWithout(item ItemView) int {
	if item.OnLoan || item.NotForLoan || item.Withdrawn {
		return item.Free
	}
	return max(0, item.Free-1)
}

// Adding a reason to refuse never removes another, nor moves the due date.
func TestRefusalsOnlyAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, patron, item := anyRules(t), anyPatron(t), anyItem(t)
		reason := reasons[rapid.IntRange(0, len(reasons)-1).Draw(t, "reason")]
		worsePatron, worseItem := patron, item
		reason.add(&worsePatron, &worseItem)
		before, after := mustDecide(t, rules, weekdays(), patron, item), mustDecide(t, rules, weekdays(), worsePatron, worseItem)
		keepsAll(t, reason.name, before, after)
		if before.Due != after.Due {
			t.Fatalf("due %s became %s after %s", before.Due, after.Due, reason.name)
		}
		keepsAll(t, reason.name, DecideHold(rules, patron, item, monday), DecideHold(rules, worsePatron, worseItem, monday))
	})
}

func keepsAll(t *rapid.T, reason string, before, after Decision) {
	for _, code := range codesOf(before) {
		if !slices.Contains(codesOf(after), code) {
			t.Fatalf("%s is gone after %s", code, reason)
		}
	}
}
