package evidence

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func near(a, b float64) bool { return math.Abs(a-b) < 0.0005 }

// Examples of Newcombe's paper on paired shares, method 10; the third is only held to its side of nothing.
func TestNewcombesExamples(t *testing.T) {
	for _, test := range []struct {
		answers   Answers
		low, high float64
	}{
		{Answers{Both: 36, Gained: 12, Lost: 2, Neither: 0}, 0.0569, 0.3404},
		{Answers{Both: 36, Gained: 14, Lost: 0, Neither: 0}, 0.1528, 0.4167},
		{Answers{Both: 2, Gained: 47, Lost: 1, Neither: 0}, 0, 0},
	} {
		got := OfAnswers(test.answers)
		if test.high == 0 {
			if got.Low < 0.5 || got.High > 1 {
				t.Errorf("%+v: %.4f to %.4f", test.answers, got.Low, got.High)
			}
			continue
		}
		if !near(got.Low, test.low) || !near(got.High, test.high) {
			t.Errorf("%+v: %.4f to %.4f, want %.4f to %.4f", test.answers, got.Low, got.High, test.low, test.high)
		}
	}
}

// The first example of Newcombe's paper on independent shares: 56 of 70 and 48 of 80, method 10: 0.0524 to 0.3339.
func TestIndependentGroups(t *testing.T) {
	got := OfGroups(48, 80, 56, 70)
	if !near(got.Difference, 0.2) || !near(got.Low, 0.0524) || !near(got.High, 0.3339) || !got.Clear() {
		t.Errorf("%+v", got)
	}
}

// Student's interval by hand: differences 0.1 … 0.8, mean 0.45, s = 0.244949, t(7) = 2.364624, half = 0.204783.
func TestScores(t *testing.T) {
	var pairs []Pair
	for i := range 8 {
		pairs = append(pairs, Pair{0.1, 0.1 + float64(i+1)/10})
	}
	got := OfScores(pairs)
	if !near(got.Difference, 0.45) || !near(got.Low, 0.45-0.204783) || !near(got.High, 0.45+0.204783) {
		t.Errorf("%+v", got)
	}
	if few := OfScores(pairs[:7]); !few.TooFew || few.Clear() || few.Low != 0 {
		t.Errorf("seven pairs: %+v", few)
	}
	if none := OfScores(nil); !none.TooFew || none.Before != 0 {
		t.Errorf("no pairs: %+v", none)
	}
}

func TestChangeStaysHonest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.IntRange(0, 40)
		a := Answers{count.Draw(t, "both"), count.Draw(t, "gained"), count.Draw(t, "lost"), count.Draw(t, "neither")}
		c := OfAnswers(a)
		back := OfAnswers(Answers{Both: a.Both, Gained: a.Lost, Lost: a.Gained, Neither: a.Neither})
		switch {
		case c.TooFew != (c.Pairs < FewestPairs):
			t.Fatalf("%+v", c)
		case c.TooFew && (c.Clear() || c.Low != 0 || c.High != 0):
			t.Fatalf("told although there are too few: %+v", c)
		case !c.TooFew && (c.Low > c.Difference || c.High < c.Difference || c.Low < -1-1e-9 || c.High > 1+1e-9):
			t.Fatalf("%+v", c)
		case math.Abs(c.Difference+back.Difference) > 1e-9 || math.Abs(c.Low+back.High) > 1e-9:
			t.Fatalf("not the same the other way round: %+v %+v", c, back)
		case a.Gained == a.Lost && c.Clear():
			t.Fatalf("as many lost as gained, yet clear: %+v", c)
		}
	})
}

func TestScoresStayHonest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pairs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Pair {
			return Pair{rapid.Float64Range(0, 1).Draw(t, "before"), rapid.Float64Range(0, 1).Draw(t, "after")}
		}), 0, 60).Draw(t, "pairs")
		c := OfScores(pairs)
		if c.Pairs != len(pairs) || c.TooFew != (len(pairs) < FewestPairs) || math.IsNaN(c.Difference) {
			t.Fatalf("%+v", c)
		}
		if !c.TooFew && (c.Low > c.Difference || c.High < c.Difference || c.Low < -1 || c.High > 1) {
			t.Fatalf("%+v", c)
		}
	})
}
