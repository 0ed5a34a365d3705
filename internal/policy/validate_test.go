package policy

import (
	"encoding/json"
	"testing"

	"carrel/internal/say"

	"pgregory.net/rapid"
)

func TestParseTerms(t *testing.T) {
	for text, field := range map[string]string{
		``: "", `null`: "", ` {} `: "", `{"loan_days": 0, "due_mode": "next_open"}`: "",
		`{"hold_allowed": false, "fee_per_day_cents": 10, "fee_cap_cents": 10}`: "",
		`{"loan_dayz": 3}`:             "loan_dayz",
		`{"loan_days": "x"}`:           "loan_days",
		`{"fee_per_day_cents": 0.125}`: "fee_per_day_cents",
		`{"loan_days": 1e99}`:          "loan_days",
		`{"for_loan": 1}`:              "for_loan",
		`{"loan_days": -1}`:            "loan_days",
		`{"due_mode": "maybe"}`:        "due_mode",
		`[]`:                           "terms",
		`{"loan_days": 3`:              "terms",
		`{"loan_days": 3} {}`:          "terms",
		`"21 days"`:                    "terms",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := ParseTerms([]byte(text))
			checkInvalid(t, err, field)
		})
	}
}

func FuzzParseTerms(f *testing.F) {
	for _, seed := range []string{``, `null`, `{}`, `{"loan_days": 21, "due_mode": "library_day"}`, `{"loan_dayz": 1}`, `{"for_loan":false,"loan_days":1}`, `[[`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		terms, err := ParseTerms(data)
		if err != nil {
			return
		}
		written, err := json.Marshal(terms)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseTerms(written)
		if err != nil {
			t.Fatalf("%s was read, %s was not: %v", data, written, err)
		}
		again, err := json.Marshal(back)
		if err != nil || string(again) != string(written) {
			t.Fatalf("%s became %s (%v)", written, again, err)
		}
	})
}

func TestRuleValidate(t *testing.T) {
	no, yes := ptr(false), ptr(true)
	for name, test := range map[string]struct {
		rule  Rule
		field string
	}{
		"nothing set":            {Rule{}, ""},
		"the fresh site row":     {Rule{Terms: Terms{ForLoan: yes, LoanDays: ptr(21)}}, ""},
		"the longest loan":       {Rule{Terms: Terms{LoanDays: ptr(3650)}}, ""},
		"the dearest item":       {Rule{Terms: Terms{LostFee: ptr(1_000_000)}}, ""},
		"same-day laptop":        {Rule{ItemType: "laptop", Terms: Terms{LoanDays: ptr(0), TypeLimit: ptr(1)}}, ""},
		"limits of a patron row": {Rule{PatronType: "student", Terms: Terms{LoanLimit: ptr(2), OverdueLimit: ptr(0), FeeLimit: ptr(0), ClaimLimit: ptr(3), HoldLimit: ptr(1)}}, ""},
		"not for loan, holds":    {Rule{ItemType: "atlas", Terms: Terms{ForLoan: no, HoldAllowed: no}}, ""},
		"late fee in full":       {Rule{Terms: Terms{FeePerDay: ptr(10), FeeGrace: ptr(1), FeeCap: ptr(500)}}, ""},
		"no late fee, no cap":    {Rule{Terms: Terms{FeePerDay: ptr(0), FeeCap: ptr(0)}}, ""},

		"loan_days too long":      {Rule{Terms: Terms{LoanDays: ptr(3651)}}, "loan_days"},
		"loan_limit negative":     {Rule{Terms: Terms{LoanLimit: ptr(-1)}}, "loan_limit"},
		"title_limit negative":    {Rule{Terms: Terms{TitleLimit: ptr(-1)}}, "title_limit"},
		"renewal_limit too high":  {Rule{Terms: Terms{RenewalLimit: ptr(9999)}}, "renewal_limit"},
		"overdue_limit negative":  {Rule{Terms: Terms{OverdueLimit: ptr(-1)}}, "overdue_limit"},
		"claim_limit negative":    {Rule{Terms: Terms{ClaimLimit: ptr(-1)}}, "claim_limit"},
		"hold_limit negative":     {Rule{Terms: Terms{HoldLimit: ptr(-1)}}, "hold_limit"},
		"pickup_days nought":      {Rule{Terms: Terms{PickupDays: ptr(0)}}, "pickup_days"},
		"fee_per_day too high":    {Rule{Terms: Terms{FeePerDay: ptr(1_000_001)}}, "fee_per_day_cents"},
		"fee_grace negative":      {Rule{Terms: Terms{FeePerDay: ptr(1), FeeGrace: ptr(-1)}}, "fee_grace_days"},
		"fee_cap too high":        {Rule{Terms: Terms{FeePerDay: ptr(1), FeeCap: ptr(1_000_001)}}, "fee_cap_cents"},
		"fee_limit negative":      {Rule{Terms: Terms{FeeLimit: ptr(-1)}}, "fee_limit_cents"},
		"lost_fee negative":       {Rule{Terms: Terms{LostFee: ptr(-1)}}, "lost_fee_cents"},
		"processing_fee negative": {Rule{Terms: Terms{ProcessingFee: ptr(-1)}}, "processing_fee_cents"},
		"unknown due_mode":        {Rule{Terms: Terms{DueMode: ptr("whenever")}}, "due_mode"},

		"type_limit for the site":      {Rule{Terms: Terms{TypeLimit: ptr(1)}}, "type_limit"},
		"type_limit for a patron":      {Rule{PatronType: "student", Terms: Terms{TypeLimit: ptr(1)}}, "type_limit"},
		"loan_limit for an item":       {Rule{ItemType: "laptop", Terms: Terms{LoanLimit: ptr(1)}}, "loan_limit"},
		"overdue_limit for an item":    {Rule{ItemType: "laptop", Terms: Terms{OverdueLimit: ptr(1)}}, "overdue_limit"},
		"fee_limit for an item":        {Rule{ItemType: "laptop", Terms: Terms{FeeLimit: ptr(1)}}, "fee_limit_cents"},
		"claim_limit for both":         {Rule{PatronType: "student", ItemType: "laptop", Terms: Terms{ClaimLimit: ptr(1)}}, "claim_limit"},
		"hold_limit for both":          {Rule{PatronType: "student", ItemType: "laptop", Terms: Terms{HoldLimit: ptr(1)}}, "hold_limit"},
		"not for loan, days":           {Rule{Terms: Terms{ForLoan: no, LoanDays: ptr(1)}}, "loan_days"},
		"not for loan, renewals":       {Rule{Terms: Terms{ForLoan: no, RenewalLimit: ptr(1)}}, "renewal_limit"},
		"not for loan, mode":           {Rule{Terms: Terms{ForLoan: no, DueMode: ptr(DueNextOpen)}}, "due_mode"},
		"not for loan, type limit":     {Rule{ItemType: "atlas", Terms: Terms{ForLoan: no, TypeLimit: ptr(1)}}, "type_limit"},
		"not for loan, title limit":    {Rule{Terms: Terms{ForLoan: no, TitleLimit: ptr(1)}}, "title_limit"},
		"no holds, hold limit":         {Rule{Terms: Terms{HoldAllowed: no, HoldLimit: ptr(1)}}, "hold_limit"},
		"no holds, pickup days":        {Rule{Terms: Terms{HoldAllowed: no, PickupDays: ptr(3)}}, "pickup_days"},
		"cap below a day":              {Rule{Terms: Terms{FeePerDay: ptr(25), FeeCap: ptr(24)}}, "fee_cap_cents"},
		"cap without a fee":            {Rule{Terms: Terms{FeeCap: ptr(500)}}, "fee_cap_cents"},
		"grace without a fee":          {Rule{Terms: Terms{FeeGrace: ptr(2)}}, "fee_grace_days"},
		"no days, closed ones skipped": {Rule{Terms: Terms{LoanDays: ptr(0), DueMode: ptr(DueSkipClosed)}}, "loan_days"},
		"no days, library day":         {Rule{Terms: Terms{LoanDays: ptr(0), DueMode: ptr(DueLibraryDay)}}, "loan_days"},
	} {
		t.Run(name, func(t *testing.T) { checkInvalid(t, test.rule.Validate(), test.field) })
	}
}

func TestRulesValidate(t *testing.T) {
	good := Rules{{}, {PatronType: "student"}, {ItemType: "student"}, {PatronType: "student", ItemType: "laptop"}}
	checkInvalid(t, good.Validate(), "")
	checkInvalid(t, append(good, Rule{}).Validate(), "patron_type")
	checkInvalid(t, append(good, Rule{PatronType: "student", ItemType: "laptop"}).Validate(), "patron_type")
	checkInvalid(t, append(good, Rule{ItemType: "dvd", Terms: Terms{LoanLimit: ptr(1)}}).Validate(), "loan_limit")
}

// Every value has a name for people, so that no sentence about it shows a key.
func TestEveryTermHasAName(t *testing.T) {
	names := termNames(t)
	if want := len(numbers) + 3; len(names) != want { // for_loan, hold_allowed and due_mode have no bounds
		t.Errorf("%d values, %d of them known to Validate", len(names), want)
	}
	for name := range names {
		if text := termName(name); text.In(say.English) == text.Key {
			t.Errorf("%s has no name", name)
		}
	}
}

// termNames reads the JSON names by writing terms in which everything is set.
func termNames(t *testing.T) map[string]any {
	n, yes, mode := ptr(1), ptr(true), ptr(DueNextOpen)
	data, err := json.Marshal(Terms{yes, n, mode, n, n, n, n, n, n, yes, n, n, n, n, n, n, n, n})
	if err != nil {
		t.Fatal(err)
	}
	var names map[string]any
	if err := json.Unmarshal(data, &names); err != nil {
		t.Fatal(err)
	}
	return names
}

// A row that Validate lets through never fails to decide on a calendar with open days.
func TestWhatIsValidDecides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := anyRule(t)
		if rule.Validate() != nil {
			t.Skip("refused")
		}
		calendar, patron := anyCalendar(t), anyPatron(t)
		mustDecide(t, Rules{rule}, calendar, patron, anyItem(t))
	})
}
