package reports

// least is how many persons a group has at least that is shown.
const least = 10

// hide tells which groups are left out, by how many persons each has. A group is hidden when it is too small; and so that nobody can compute what is hidden from what
// is shown and the total, the hidden ones are at least two and together no small group either: for that the next smallest are hidden, too.
func hide(sizes []int) (hidden []bool) {
	hidden = make([]bool, len(sizes))
	count, persons := 0, 0
	leaveOut := func(i int) {
		hidden[i] = true
		count++
		persons += sizes[i]
	}
	for i, size := range sizes {
		if size < least {
			leaveOut(i)
		}
	}
	for count > 0 && count < len(sizes) && (count < 2 || persons < least) {
		leaveOut(smallest(sizes, hidden))
	}
	return hidden
}

func smallest(sizes []int, hidden []bool) int {
	at := -1
	for i, size := range sizes {
		if !hidden[i] && (at < 0 || size < sizes[at]) {
			at = i
		}
	}
	return at
}

// group is one row of a breakdown by persons.
type group struct {
	persons int
	cells   []any
	value   float64 // in the chart
	name    string
}

// shown leaves the small groups out. Nothing is shown, and no total either, of so few persons that their total is that of a small group.
func shown(groups []group) (left []group, hidden int, totals bool) {
	sizes, persons := make([]int, len(groups)), 0
	for i, group := range groups {
		sizes[i] = group.persons
		persons += group.persons
	}
	for i, leftOut := range hide(sizes) {
		if leftOut {
			hidden++
			continue
		}
		left = append(left, groups[i])
	}
	return left, hidden, persons >= least
}
