// Package evidence says what checks before and after a lesson show, and how sure that is. It claims no more than the numbers do: every change comes with
// the interval in which it may lie by chance, and below FewestPairs there is none.
package evidence

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// FewestPairs is how many students must have done both checks before a change is told: with fewer, one child's bad day decides.
const FewestPairs = 8

// confidence is that of all intervals: 95 in 100.
const confidence = 0.95

// normal is the quantile that belongs to it, two-sided.
var normal = distuv.UnitNormal.Quantile(1 - (1-confidence)/2)

// Change is what happened between two checks. Values are shares of what could be reached, 0 to 1; Difference, Low and High lie between -1 and 1.
type Change struct {
	Before, After   float64
	NBefore, NAfter int // results each value rests on
	Pairs           int // students of whom both are known; 0 when nobody can be paired
	Difference      float64
	Low, High       float64 // the interval of the difference
	TooFew          bool    // there is no difference to tell
}

// Clear tells whether chance alone is an unlikely reason for the change.
func (c Change) Clear() bool { return !c.TooFew && (c.Low > 0 || c.High < 0) }

// Pair is one student's two results, as shares of the maximum.
type Pair struct{ Before, After float64 }

// OfScores is the mean change of paired scores, with Student's interval of the mean difference (t with n-1 degrees of freedom). When all students changed by the
// same the interval has no width, which is chance, too: it is then at least what one student more or less would do.
func OfScores(pairs []Pair) Change {
	c := Change{NBefore: len(pairs), NAfter: len(pairs), Pairs: len(pairs)}
	n := float64(len(pairs))
	if n == 0 {
		c.TooFew = true
		return c
	}
	for _, p := range pairs {
		c.Before += p.Before / n
		c.After += p.After / n
	}
	c.Difference = c.After - c.Before
	if c.TooFew = len(pairs) < FewestPairs; c.TooFew {
		return c
	}
	var squares float64
	for _, p := range pairs {
		off := p.After - p.Before - c.Difference
		squares += off * off
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile(1 - (1-confidence)/2)
	half := max(t*math.Sqrt(squares/(n-1)/n), 1/n)
	c.Low, c.High = max(c.Difference-half, -1), min(c.Difference+half, 1)
	return c
}

// Answers are the paired answers to one question: how many students had it right both times, only after, only before, and never.
type Answers struct{ Both, Gained, Lost, Neither int }

// OfAnswers is the change in the share of students with the right answer, with Newcombe's interval for paired proportions (R. G. Newcombe, Statistics in
// Medicine 17 (1998), 2635–2650, method 10: Wilson's intervals of the two shares, joined with their correlation).
func OfAnswers(a Answers) Change {
	n := a.Both + a.Gained + a.Lost + a.Neither
	c := Change{NBefore: n, NAfter: n, Pairs: n, TooFew: n < FewestPairs}
	if n == 0 {
		return c
	}
	c.Before, c.After = share(a.Both+a.Lost, n), share(a.Both+a.Gained, n)
	c.Difference = c.After - c.Before
	if !c.TooFew {
		c.newcombe(n, n, correlation(a))
	}
	return c
}

// OfGroups is the change between two groups whose students cannot be paired: right answers of all answers. It is less sure than pairs are, and the interval
// says so (Newcombe's method 10 for independent shares, Statistics in Medicine 17 (1998), 873–890).
func OfGroups(rightBefore, before, rightAfter, after int) Change {
	c := Change{NBefore: before, NAfter: after, TooFew: min(before, after) < FewestPairs}
	c.Before, c.After = share(rightBefore, before), share(rightAfter, after)
	c.Difference = c.After - c.Before
	if !c.TooFew {
		c.newcombe(before, after, 0)
	}
	return c
}

// newcombe sets the interval of the difference of two shares with a correlation.
func (c *Change) newcombe(before, after int, correlation float64) {
	lowA, highA := wilson(c.After, after)
	lowB, highB := wilson(c.Before, before)
	downA, upA, downB, upB := c.After-lowA, highA-c.After, c.Before-lowB, highB-c.Before
	c.Low = c.Difference - math.Sqrt(max(0, downA*downA-2*correlation*downA*upB+upB*upB))
	c.High = c.Difference + math.Sqrt(max(0, upA*upA-2*correlation*upA*downB+downB*downB))
}

// wilson is Wilson's score interval of a share of n.
func wilson(p float64, n int) (low, high float64) {
	size, z2 := float64(n), normal*normal
	middle := (p + z2/(2*size)) / (1 + z2/size)
	half := normal / (1 + z2/size) * math.Sqrt(p*(1-p)/size+z2/(4*size*size))
	return max(0, middle-half), min(1, middle+half)
}

// correlation is that of the two answers, corrected towards none when it is positive, as method 10 has it.
func correlation(a Answers) float64 {
	both, gained, lost, neither := float64(a.Both), float64(a.Gained), float64(a.Lost), float64(a.Neither)
	margins := (both + lost) * (gained + neither) * (both + gained) * (lost + neither)
	if margins == 0 {
		return 0
	}
	over := both*neither - gained*lost
	if over > 0 {
		over = max(over-(both+gained+lost+neither)/2, 0)
	}
	return over / math.Sqrt(margins)
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
