package inventory

import (
	"slices"
	"sort"
)

// longestRun answers the positions of as many keys as possible that never fall, in their order. What is left out is the fewest that
// must be moved to put the whole in order.
func longestRun(keys []string) []int {
	var tails []int // tails[n] ends the run of n+1 keys that ends lowest
	before := make([]int, len(keys))
	for i, key := range keys {
		n := sort.Search(len(tails), func(n int) bool { return keys[tails[n]] > key })
		before[i] = -1
		if n > 0 {
			before[i] = tails[n-1]
		}
		if n == len(tails) {
			tails = append(tails, i)
		}
		tails[n] = i
	}
	run := make([]int, 0, len(tails))
	if len(tails) == 0 {
		return run
	}
	for i := tails[len(tails)-1]; i >= 0; i = before[i] {
		run = append(run, i)
	}
	slices.Reverse(run)
	return run
}
