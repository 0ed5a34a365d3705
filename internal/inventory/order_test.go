package inventory

import (
	"slices"
	"testing"

	"carrel/internal/callnumber"

	"pgregory.net/rapid"
)

func TestLongestRun(t *testing.T) {
	for name, one := range map[string]struct {
		keys string
		want []int
	}{
		"nothing":            {"", []int{}},
		"in order":           {"abc", []int{0, 1, 2}},
		"twins are in order": {"aabb", []int{0, 1, 2, 3}},
		"one from the front": {"bcda", []int{0, 1, 2}},
		"one from the end":   {"dabc", []int{1, 2, 3}},
		"two strangers":      {"azbcady", []int{0, 2, 3, 5, 6}},
	} {
		if got := longestRun(letters(one.keys)); !slices.Equal(got, one.want) {
			t.Errorf("%s: %v, want %v", name, got, one.want)
		}
	}
}

func letters(text string) (keys []string) {
	for _, letter := range text {
		keys = append(keys, string(letter))
	}
	return keys
}

// Without what is out of order the shelf is in order, and nothing less would do.
func TestPropertyFewestAreMoved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(rapid.StringMatching(`[a-h]`), 0, 40).Draw(t, "keys")
		run := longestRun(keys)
		for n, i := range run {
			if n > 0 && (run[n-1] >= i || keys[run[n-1]] > keys[i]) {
				t.Fatalf("%v is no ordered run of %v", run, keys)
			}
		}
		best := make([]int, len(keys)) // the longest run that ends at each key, the slow way
		for i := range keys {
			best[i] = 1
			for j := range i {
				if keys[j] <= keys[i] {
					best[i] = max(best[i], best[j]+1)
				}
			}
		}
		if want := slices.Max(append(best, 0)); len(run) != want {
			t.Fatalf("%d of %v stay, %d could", len(run), keys, want)
		}
	})
}

func TestRange(t *testing.T) {
	for _, one := range []struct {
		from, to, call string
		in             bool
	}{
		{"", "", "", true}, {"", "", "FIC ROW", true},
		{"598", "599", "598.2 EXA", true}, {"598", "599", "599.7 ABC", true}, {"598", "599", "600 ABC", false}, {"598", "599", "597.9", false},
		{"", "599", "031 WOR", true}, {"598", "", "FIC ROW", true}, {"598", "", "", false},
		{"FIC A", "FIC R", "[Fic] Row", true}, {"FIC A", "FIC R", "FIC SAC", false}, {"59", "59", "599", false},
	} {
		if got := rangeOf(one.from, one.to).has(callnumber.Key(one.call)); got != one.in {
			t.Errorf("%q to %q has %q: %v", one.from, one.to, one.call, got)
		}
	}
}
