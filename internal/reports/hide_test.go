package reports

import (
	"testing"

	"pgregory.net/rapid"
)

// No small group is shown; what is hidden cannot be computed from the total, because it is either nothing, or at least two groups that together are no small one, or everything.
func TestPropertyHide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOf(rapid.IntRange(0, 30)).Draw(t, "sizes")
		count, persons, shown := 0, 0, 0
		for i, hidden := range hide(sizes) {
			switch {
			case hidden:
				count++
				persons += sizes[i]
			case sizes[i] < least:
				t.Fatalf("a group of %d is shown", sizes[i])
			default:
				shown++
			}
		}
		if count > 0 && shown > 0 && (count < 2 || persons < least) {
			t.Fatalf("%d groups of %d persons are hidden beside %d", count, persons, shown)
		}
	})
}

func TestHide(t *testing.T) {
	for name, test := range map[string]struct {
		sizes []int
		want  int
	}{
		"none small": {[]int{10, 20, 30}, 0}, "one small": {[]int{9, 20, 12}, 2}, "two that are few": {[]int{3, 4, 20, 12}, 3}, "two that are enough": {[]int{8, 4, 20, 12}, 2},
		"a grade of nobody": {[]int{0, 12, 30}, 2}, "all small": {[]int{3, 4}, 2}, "one": {[]int{9}, 1}, "nothing": {nil, 0},
	} {
		hidden := 0
		for _, one := range hide(test.sizes) {
			if one {
				hidden++
			}
		}
		if hidden != test.want {
			t.Errorf("%s: %d hidden, want %d", name, hidden, test.want)
		}
	}
}
