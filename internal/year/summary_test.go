package year_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"carrel/collections"
)

// line is one line of the summary: what the ledger says and what the library says.
type line struct {
	what            string
	ledger, library int
}

// lines puts the ledger and the library side by side, and the ledger's own sums.
func (y *year) lines() (all []line) {
	add := func(what string, ledger int, query string) { all = append(all, line{what, ledger, y.number(query)}) }
	l := y.books

	all = append(all, line{what: "Loans"})
	inState := func(state string) int { return tally(l.loans, func(one *loan) bool { return one.state == state }) }
	add("made in the years before", l.before, "SELECT COUNT(*) FROM circ_events WHERE kind = 'check_out' AND key LIKE 'past:%'")
	add("made this year", len(l.loans)-l.before, "SELECT COUNT(*) FROM circ_events WHERE kind = 'check_out' AND key NOT LIKE 'past:%'")
	for _, state := range []string{collections.LoanReturned, collections.LoanOpen, collections.LoanLost, collections.LoanMissing, collections.LoanUndone} {
		add(state, inState(state), "SELECT COUNT(*) FROM loans WHERE state = '"+state+"'")
	}
	sum(&all, "made = returned + open + lost + missing + undone", 2, 5)
	add("renewals", total(l.loans, func(one *loan) int { return one.renewals }), "SELECT SUM(renewals) FROM loans")
	add("open and claimed", tally(l.open(), func(one *loan) bool { return one.claim != "" }), "SELECT COUNT(*) FROM loans WHERE state = 'open' AND claim != ''")
	add("that name their patron", tally(l.loans, func(one *loan) bool { return one.linked }), "SELECT COUNT(*) FROM loans WHERE patron != ''")

	all = append(all, line{what: "Holds"})
	add("placed", len(l.holds), "SELECT COUNT(*) FROM circ_events WHERE kind = 'hold'")
	for _, state := range []string{
		collections.HoldWaiting, collections.HoldReady, collections.HoldFilled, collections.HoldCancelled, collections.HoldExpired, collections.HoldUndone,
	} {
		add(state, tally(l.holds, func(h *hold) bool { return h.state == state }), "SELECT COUNT(*) FROM holds WHERE state = '"+state+"'")
	}
	sum(&all, "placed = the outcomes", 1, 6)
	add("that name their patron", tally(l.holds, func(h *hold) bool { return h.linked }), "SELECT COUNT(*) FROM holds WHERE patron != ''")

	all = append(all, line{what: "Money, in cents"})
	cents := func(count func(c *charge) int) int { return total(l.charges, count) }
	undone := func(c *charge) bool { return c.state == collections.FeeUndone }
	add("charged", cents(func(c *charge) int { return c.cents }), "SELECT SUM(json_extract(data, '$.cents')) FROM circ_events WHERE kind = 'charge'")
	add("paid", cents(func(c *charge) int { return c.paid }), "SELECT COALESCE(SUM(paid), 0) FROM fees")
	add("waived", cents(func(c *charge) int { return c.waived }), "SELECT COALESCE(SUM(waived), 0) FROM fees")
	add("owed", total(l.people, l.owed), "SELECT COALESCE(SUM(cents - paid - waived), 0) FROM fees WHERE state = 'open'")
	add("undone", cents(func(c *charge) int { return c.cents * flag(undone(c)) }), "SELECT COALESCE(SUM(cents), 0) FROM fees WHERE state = 'undone'")
	sum(&all, "charged = paid + waived + owed + undone", 1, 4)
	for _, reason := range []string{collections.FeeLate, collections.FeeLost, collections.FeeDamaged, collections.FeePieces, collections.FeeOther} {
		add("charged for "+reason, cents(func(c *charge) int { return c.cents * flag(c.reason == reason) }), "SELECT COALESCE(SUM(cents), 0) FROM fees WHERE reason = '"+reason+"'")
	}
	add("refunded", cents(func(c *charge) int { return c.refunded }), "SELECT COALESCE(SUM(refunded), 0) FROM fees")
	add("charges that name their patron", tally(l.charges, func(c *charge) bool { return c.linked }), "SELECT COUNT(*) FROM fees WHERE patron != ''")

	all = append(all, line{what: "Items"})
	add("all", len(l.items), "SELECT COUNT(*) FROM items")
	for _, status := range []string{
		collections.ItemAvailable, collections.ItemMissing, collections.ItemLost, collections.ItemDamaged, collections.ItemIncomplete, collections.ItemRepair,
		collections.ItemTransit, collections.ItemWithdrawn,
	} {
		add(status, tally(l.items, func(it *item) bool { return it.status == status }), "SELECT COUNT(*) FROM items WHERE status = '"+status+"'")
	}
	sum(&all, "all = the states", 1, 8)
	add("on the hold shelf", tally(l.items, func(it *item) bool { return l.keptFor(it) != nil }), "SELECT COUNT(DISTINCT caught) FROM holds WHERE state = 'ready'")

	all = append(all, line{what: "Patrons"})
	add("ever", len(l.people), "SELECT (SELECT COUNT(*) FROM patrons) + (SELECT COUNT(*) FROM audit WHERE action = 'delete')")
	for _, status := range []string{collections.PatronActive, collections.PatronLeft} {
		add(status, tally(l.people, func(p *person) bool { return p.status == status }), "SELECT COUNT(*) FROM patrons WHERE status = '"+status+"'")
	}
	add(deleted, tally(l.people, func(p *person) bool { return p.status == deleted }), "SELECT COUNT(*) FROM audit WHERE action = 'delete'")
	sum(&all, "ever = active + left + deleted", 1, 3)
	add("wishes of families", l.wishes, "SELECT COUNT(*) FROM restrictions")

	all = append(all, line{what: "Notices and questions"})
	add("loans told of as late", l.told, "SELECT COUNT(*) FROM notice_loans")
	add("holds told of as ready", l.readyTold, "SELECT COUNT(*) FROM notices WHERE kind = 'hold_ready'")
	add("holds told of as over", l.expireTold, "SELECT COUNT(*) FROM notices WHERE kind = 'hold_expired'")
	add("questions of the kiosk", l.questions, "SELECT COUNT(*) FROM kiosk_questions")
	return all
}

// sum adds a line that holds two sides of the library's own account against each other: the last lines are the parts, those before them what the parts make.
func sum(all *[]line, what string, wholes, parts int) {
	lines := *all
	from := len(lines) - parts
	left := total(lines[from-wholes:from], func(one line) int { return one.library })
	right := total(lines[from:], func(one line) int { return one.library })
	*all = append(lines, line{"sum: " + what, left, right})
}

func total[V any](all []V, of func(V) int) (sum int) {
	for _, one := range all {
		sum += of(one)
	}
	return sum
}

func tally[V any](all []V, is func(V) bool) int {
	return total(all, func(one V) int { return flag(is(one)) })
}

func flag(is bool) int {
	if is {
		return 1
	}
	return 0
}

// summary prints the lines, and what was done and refused.
func (y *year) summary(lines []line) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nCedar Hollow, %s to %s: %d acts\n\n%-52s%12s%12s\n", firstDay, y.today-1, y.acts, "", "ledger", "library")
	for _, one := range lines {
		switch {
		case one.ledger == 0 && one.library == 0 && one.what[0] < 'a':
			fmt.Fprintf(&b, "%s\n", one.what)
		default:
			fmt.Fprintf(&b, "  %-50s%12d%12d\n", one.what, one.ledger, one.library)
		}
	}
	fmt.Fprintf(&b, "Done\n ")
	for _, what := range slices.Sorted(maps.Keys(y.did)) {
		fmt.Fprintf(&b, " %s %d", what, y.did[what])
	}
	fmt.Fprintf(&b, "\nRefused\n ")
	for _, code := range slices.Sorted(maps.Keys(y.refusals)) {
		fmt.Fprintf(&b, " %s %d", code, y.refusals[code])
	}
	return b.String()
}

// agreeIn fails for every line in which the two differ.
func (y *year) agreeIn(lines []line) {
	for _, one := range lines {
		if one.ledger != one.library {
			y.Errorf("%s: %d by the ledger, %d by the library", one.what, one.ledger, one.library)
		}
	}
}
