package policy

import (
	"testing"

	"carrel/internal/say"

	"pgregory.net/rapid"
)

func TestLateFee(t *testing.T) {
	plain := Rules{{ID: "site", Terms: Terms{FeePerDay: ptr(10)}}}
	full := Rules{{ID: "site", Terms: Terms{FeePerDay: ptr(10), FeeGrace: ptr(2), FeeCap: ptr(50)}}}
	dear := Rules{full[0], {ID: "laptop", ItemType: "laptop", ItemName: "Laptop", Terms: Terms{FeePerDay: ptr(25)}}, {ID: "teacher", PatronType: "teacher", Terms: Terms{FeePerDay: ptr(0)}}}
	holiday := weekdays()
	holiday.Closed[monday] = "Storm"
	friday := monday - 3
	for name, test := range map[string]struct {
		rules        Rules
		calendar     Calendar
		patron, item string
		due, back    Day
		price        int
		cents        int
		rule         string
		why          string
	}{
		"no rule":                 {nil, weekdays(), "student", "book", friday, monday + 30, 0, 0, "", ""},
		"in time":                 {plain, weekdays(), "student", "book", monday, monday, 0, 0, "", ""},
		"early":                   {plain, weekdays(), "student", "book", monday, friday, 0, 0, "", ""},
		"on the Sunday":           {plain, weekdays(), "student", "book", friday, monday - 1, 0, 0, "", ""},
		"one open day":            {plain, weekdays(), "student", "book", friday, monday, 0, 10, "site", "1 open day late, at 10¢ a day (rule for the whole library)."},
		"closed that day":         {plain, holiday, "student", "book", friday, monday, 0, 0, "", ""},
		"two weeks":               {plain, weekdays(), "student", "book", monday, monday + 14, 0, 100, "site", "10 open days late, at 10¢ a day (rule for the whole library)."},
		"never due":               {plain, weekdays(), "student", "book", 0, monday, 0, 0, "", ""},
		"within the grace":        {full, weekdays(), "student", "book", monday, monday + 2, 0, 0, "", ""},
		"beyond the grace":        {full, weekdays(), "student", "book", monday, monday + 3, 0, 10, "site", ""},
		"at the cap":              {full, weekdays(), "student", "book", monday, monday + 60, 0, 50, "site", "The most that being late can cost (rule for the whole library)."},
		"at the price":            {full, weekdays(), "student", "book", monday, monday + 60, 35, 35, "site", "Being late never costs more than the item itself."},
		"price above the cap":     {full, weekdays(), "student", "book", monday, monday + 60, 900, 50, "site", ""},
		"dear, grace of the site": {dear, weekdays(), "student", "laptop", monday, monday + 3, 0, 25, "laptop", "1 open day late, at 25¢ a day (rule for Laptop)."},
		"dear, cap of the site":   {dear, weekdays(), "student", "laptop", monday, monday + 60, 0, 50, "site", ""},
		"late for fifty years":    {Rules{{ID: "site", Terms: Terms{FeePerDay: ptr(maxCents)}}}, weekdays(), "student", "book", 1, monday, 0, maxCents, "site", ""},
		"teachers pay nothing":    {dear, weekdays(), "teacher", "book", monday, monday + 60, 0, 0, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			fee := LateFee(test.rules, test.calendar, test.patron, test.item, test.due, test.back, test.price)
			checkFee(t, fee, test.cents, test.rule, test.why)
		})
	}
}

func checkFee(t *testing.T, fee Fee, cents int, rule, why string) {
	t.Helper()
	if fee.Cents != cents || fee.Rule.ID != rule {
		t.Errorf("%d cents by %q, want %d by %q", fee.Cents, fee.Rule.ID, cents, rule)
	}
	if (fee.Why.Key == "") != (cents == 0) {
		t.Errorf("%d cents because of %q", fee.Cents, fee.Why.Key)
	}
	if cents > 0 {
		checkSaid(t, fee.Why)
	}
	if got := fee.Why.In(say.English); why != "" && got != why {
		t.Errorf("%q, want %q", got, why)
	}
}

func TestLossFee(t *testing.T) {
	rules := Rules{
		{ID: "site", Terms: Terms{LostFee: ptr(1500)}},
		{ID: "laptop", ItemType: "laptop", ItemName: "Laptop", Terms: Terms{LostFee: ptr(30000), ProcessingFee: ptr(250)}},
		{ID: "magazine", ItemType: "magazine", ItemName: "Magazine", Terms: Terms{LostFee: ptr(0), ProcessingFee: ptr(100)}},
	}
	for name, test := range map[string]struct {
		rules Rules
		item  string
		price int
		cents int
		rule  string
		why   string
	}{
		"no rule, no price":       {nil, "book", 0, 0, "", ""},
		"no rule, a price":        {nil, "book", 1899, 1899, "", "The price of the item."},
		"a price":                 {rules, "book", 1899, 1899, "", "The price of the item."},
		"no price":                {rules, "book", 0, 1500, "site", "What a lost item without a price costs (rule for the whole library)."},
		"a price and processing":  {rules, "laptop", 40000, 40250, "laptop", "The price of the item. The cost of preparing a new one is added (rule for Laptop)."},
		"no price and processing": {rules, "laptop", 0, 30250, "laptop", ""},
		"processing alone":        {rules, "magazine", 0, 100, "magazine", "The cost of preparing a new item (rule for Magazine)."},
		"a price below nought":    {rules, "book", -5, 1500, "site", ""},
	} {
		t.Run(name, func(t *testing.T) {
			checkFee(t, LossFee(test.rules, "student", test.item, test.price), test.cents, test.rule, test.why)
		})
	}
}

// A late fee grows with the days, and never beyond the cap, the price or what a rule may charge at all.
func TestLateFeeGrowsToItsTop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar := anyCalendar(t)
		terms := Terms{FeePerDay: ptr(rapid.IntRange(0, maxCents).Draw(t, "fee")), FeeGrace: ptr(rapid.IntRange(0, 10).Draw(t, "grace"))}
		top := maxCents
		if rapid.Bool().Draw(t, "has a cap") {
			top = rapid.IntRange(*terms.FeePerDay, maxCents).Draw(t, "cap")
			terms.FeeCap = &top
		}
		price := rapid.IntRange(0, 5000).Draw(t, "price")
		last := 0
		for late := range 100 {
			fee := LateFee(Rules{{Terms: terms}}, calendar, "student", "book", monday, monday.Add(late), price).Cents
			if fee < last || fee > top || price > 0 && fee > price {
				t.Fatalf("%d days late cost %d after %d", late, fee, last)
			}
			last = fee
		}
	})
}
