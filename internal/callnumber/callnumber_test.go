package callnumber

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// shelf stands in order, every two neighbours differing.
var shelves = map[string][]string{
	"Dewey": {
		"005.13 MAR", "031 WOR", "398.2 GRI", "598", "598 ABC", "598 EXA", "598.1 AAA", "598.12", "598.2", "598.2 EXA",
		"598.21 AAA", "599 AAA", "741.5 v.1", "741.5 v.2", "741.5 v.10", "973 LIN",
	},
	"SchoolLetters": {"031 WOR", "B LIN", "E EXA", "E SEU", "FIC EXA", "[Fic] EXB", "J F Woo", "REF 031", "REF 423"},
	"Congress":      {"PZ7 .R79835 1998", "PZ7 .R8", "QA9", "QA9.5", "QA76", "QA76.73.P22 M33 2000", "QA76.73 .P3", "QA76.9", "QB1"},
	"Copies":        {"FIC ROW", "FIC ROW c.1", "FIC ROW c.2", "FIC ROW c.12"},
	"Years":         {"031 WOR 1999", "031 WOR 2010"},
	"Spanish":       {"863 ALV", "863 NIN", "863 Ñoño"},
}

func TestShelfOrder(t *testing.T) {
	for name, shelf := range shelves {
		t.Run(name, func(t *testing.T) {
			for i, left := range shelf {
				for _, right := range shelf[i+1:] {
					if Key(left) >= Key(right) {
						t.Errorf("%q (%q) does not stand before %q (%q)", left, Key(left), right, Key(right))
					}
				}
			}
		})
	}
}

func TestSamePlace(t *testing.T) {
	for _, pair := range [][2]string{
		{"[Fic] EXA", "FIC exa"}, {"741.5/973", "741.5973"}, {"598.20", "598.2"}, {" 598  EXA ", "598 EXA"},
		{"PZ7.R79", "PZ7 .R79"}, {"E ÉXA", "E EXA"}, {"v.2", "v2"}, {"5", "005"}, {"", " . "},
	} {
		if Key(pair[0]) != Key(pair[1]) {
			t.Errorf("%q (%q) and %q (%q) stand in different places", pair[0], Key(pair[0]), pair[1], Key(pair[1]))
		}
	}
}

// A shuffled shelf of Dewey numbers comes back in the order of their values.
func TestPropertyDeweyByValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfDistinct(rapid.IntRange(0, 999_999), rapid.ID[int]).Draw(t, "thousandths")
		slices.Sort(values)
		shelf := make([]string, len(values))
		for i, v := range values {
			shelf[i] = fmt.Sprintf("%03d.%03d EXA", v/1000, v%1000)
		}
		shuffled := slices.Clone(shelf)
		rand.New(rand.NewPCG(1, uint64(len(values)))).Shuffle(len(shuffled), func(i, j int) {
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		})
		slices.SortFunc(shuffled, func(a, b string) int {
			if Key(a) < Key(b) {
				return -1
			}
			return 1
		})
		if !slices.Equal(shelf, shuffled) {
			t.Fatalf("got %q, want %q", shuffled, shelf)
		}
	})
}

// What is only longer stands behind.
func TestPropertyNothingBeforeSomething(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		call := rapid.StringMatching(`([0-9]{3}(\.[1-9]{1,4})?|FIC|E|B) [A-Z]{3}`).Draw(t, "call")
		more := rapid.StringMatching(`[A-Z]{1,3}|v\.[1-9]`).Draw(t, "more")
		if Key(call) >= Key(call+" "+more) {
			t.Fatalf("%q does not stand before %q", call, call+" "+more)
		}
	})
}

func FuzzKey(f *testing.F) {
	for _, shelf := range shelves {
		for _, call := range shelf {
			f.Add(call)
		}
	}
	f.Fuzz(func(t *testing.T, call string) {
		if Key(call) != Key(" "+call+" ") {
			t.Errorf("blanks around %q count", call)
		}
	})
}
