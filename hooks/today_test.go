package hooks_test

import (
	"testing"

	"carrel/collections"
)

// A librarian is shown what only a librarian can settle; an aide is not.
func TestTodayByRole(t *testing.T) {
	h := withStaff(t)
	h.question()
	h.lent(h.borrower())
	for role, want := range map[collections.Role]int{collections.Librarian: 1, collections.Aide: 0} {
		got := h.get("today", role)
		needs := got.rows("needs")
		counts, _ := got.body["counts"].(map[string]any)
		if len(needs) != want || want == 1 && (needs[0]["kind"] != "questions" || needs[0]["n"] != 1.0) || counts["out"] != 1.0 {
			t.Errorf("as %s: %s", role, got.raw)
		}
	}
}
