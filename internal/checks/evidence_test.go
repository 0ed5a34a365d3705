package checks_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"carrel/internal/checks"
	"carrel/internal/evidence"

	"pgregory.net/rapid"
)

// sheet is what a student of a property answers: which choice, how the sources lie, and what the short answer earned (-1: nobody scored it).
type sheet struct {
	choice, bin string
	points      int
	came        bool
}

var someSheet = rapid.Custom(func(t *rapid.T) sheet {
	return sheet{rapid.SampledFrom([]string{"a", "b", ""}).Draw(t, "choice"), rapid.SampledFrom([]string{"y", "n"}).Draw(t, "bin"), rapid.IntRange(-1, 2).Draw(t, "points"), rapid.IntRange(0, 4).Draw(t, "came") > 0}
})

func (s sheet) answers() map[string]json.RawMessage {
	given := answers("bins", `{"one":"y","two":"`+s.bin+`"}`, "why", `"Because"`)
	if s.choice != "" {
		given["ad"] = json.RawMessage(`"` + s.choice + `"`)
	}
	return given
}

// The evidence of any answers is what a recount by hand says, and a sheet handed in again changes none of it.
func TestEvidenceIsARecount(t *testing.T) {
	c := newClass(t)
	rapid.Check(t, func(r *rapid.T) {
		room := c.Homeroom(fmt.Sprint("room ", c.n))
		c.room, c.n = room, c.n+1
		n := rapid.IntRange(0, 14).Draw(r, "class")
		runs := [2]checks.Run{c.start("before"), c.start("after")}
		var sheets [2][]sheet
		seats := make([]string, n)
		for side, run := range runs {
			for i := range n {
				one := someSheet.Draw(r, "sheet")
				sheets[side] = append(sheets[side], one)
				if !one.came {
					continue
				}
				c.n++
				key := fmt.Sprint("recount-", c.n)
				seat := c.sit(run, seats[i])
				if side == 0 {
					seats[i] = seat
				}
				for range 2 { // again is nothing
					if err := c.handIn(run, seat, key, one.answers()); err != nil {
						r.Fatal(err)
					}
				}
				c.scoreLast(r, run, key, one.points)
			}
		}
		shown, err := checks.Of(c.App, c.check.ID, room.ID, morning)
		if err != nil {
			r.Fatal(err)
		}
		compare(r, shown, sheets)
	})
}

func (c *class) scoreLast(r *rapid.T, run checks.Run, key string, points int) {
	var id string
	if err := c.App.DB().NewQuery("SELECT id FROM check_sheets WHERE key = '" + key + "'").Row(&id); err != nil {
		r.Fatal(err)
	}
	if points < 0 {
		return
	}
	if err := checks.Score(c.App, run.ID, id, "why", &points, morning); err != nil {
		r.Fatal(err)
	}
}

// compare recounts the choice and the short answer without the code of the package.
func compare(r *rapid.T, shown checks.Evidence, sheets [2][]sheet) {
	var took, choices, scored [2]int
	var counted evidence.Answers
	var pairs []evidence.Pair
	for i := range sheets[0] {
		before, after := sheets[0][i], sheets[1][i]
		for side, one := range []sheet{before, after} {
			if one.came {
				took[side]++
				choices[side]++
				if one.points >= 0 {
					scored[side]++
				}
			}
		}
		if !before.came || !after.came {
			continue
		}
		switch {
		case before.choice == "b" && after.choice == "b":
			counted.Both++
		case after.choice == "b":
			counted.Gained++
		case before.choice == "b":
			counted.Lost++
		default:
			counted.Neither++
		}
		if before.points >= 0 && after.points >= 0 {
			pairs = append(pairs, evidence.Pair{Before: float64(before.points) / 2, After: float64(after.points) / 2})
		}
	}
	if shown.Before.Took != took[0] || shown.After.Took != took[1] {
		r.Fatalf("took %d and %d, not %v", shown.Before.Took, shown.After.Took, took)
	}
	same(r, "choice", shown.Skills[0], evidence.OfAnswers(counted), choices)
	same(r, "short", shown.Skills[1], evidence.OfScores(pairs), scored)
}

func same(r *rapid.T, what string, got checks.Skill, want evidence.Change, n [2]int) {
	if got.NBefore != n[0] || got.NAfter != n[1] || got.Pairs != want.Pairs {
		r.Fatalf("%s: %d, %d and %d pairs, not %v and %d", what, got.NBefore, got.NAfter, got.Pairs, n, want.Pairs)
	}
	if want.Pairs > 0 && got.TooFew != want.TooFew || got.TooFew != (got.Difference == nil) {
		r.Fatalf("%s: too few is %v with %d pairs", what, got.TooFew, want.Pairs)
	}
	if want.Pairs >= evidence.FewestPairs {
		for name, pair := range map[string][2]float64{"before": {*got.Before, want.Before}, "after": {*got.After, want.After}, "low": {*got.Low, want.Low}, "high": {*got.High, want.High}} {
			if math.Abs(pair[0]-pair[1]) > 1e-9 {
				r.Fatalf("%s %s: %v, not %v", what, name, pair[0], pair[1])
			}
		}
	}
}

// typed keeps results on paper.
func (c *class) typed(given checks.Results) (checks.Run, error) {
	c.n++
	if given.Key == "" {
		given.Key = fmt.Sprint("typed-", c.n)
	}
	given.Homeroom = c.room.ID
	if given.When == "" {
		given.When = "before"
	}
	return checks.AddResults(c.App, c.check.ID, given, morning)
}

func TestResultsOnPaper(t *testing.T) {
	c := newClass(t)
	for want, given := range map[string]checks.Results{
		"invalid rows":               {},
		"invalid rows.0.points.ad":   {Rows: []checks.SeatRow{{Seat: "1", Points: checks.Points{"ad": 2}}}},
		"invalid rows.0.points.why":  {Rows: []checks.SeatRow{{Seat: "1", Points: checks.Points{"why": -1}}}},
		"invalid rows.1.points.shoe": {Rows: []checks.SeatRow{{Seat: "1", Points: checks.Points{"ad": 1}}, {Seat: "2", Points: checks.Points{"shoe": 1}}}},
		"invalid rows.1.seat":        {Rows: []checks.SeatRow{{Seat: "Otter 27", Points: checks.Points{"ad": 1}}, {Seat: "otter-27", Points: checks.Points{"ad": 0}}}},
		"invalid rows.0.seat":        {Rows: []checks.SeatRow{{Seat: " ", Points: checks.Points{"ad": 1}}}},
		"invalid counts.ad":          {Counts: map[string]checks.Count{"ad": {Right: 9, Of: 8}}},
		"invalid counts.shoe":        {Counts: map[string]checks.Count{"shoe": {Right: 1, Of: 8}}},
		"invalid when":               {Plan: checks.Plan{When: "during"}, Counts: map[string]checks.Count{"ad": {Right: 1, Of: 8}}},
		"invalid day":                {Plan: checks.Plan{Day: "2099-01-01"}, Counts: map[string]checks.Count{"ad": {Right: 1, Of: 8}}},
	} {
		if _, err := c.typed(given); refused(err) != want {
			t.Errorf("%s: %s", want, refused(err))
		}
	}
	if n := c.Count("check_runs", "TRUE"); n != 0 {
		t.Fatalf("%d runs were kept", n)
	}
	for i := range 3 {
		patron := c.Patron(fmt.Sprint("P", i))
		patron.Homeroom = c.room.ID
		c.Save(patron)
	}
	given := checks.Results{Rows: []checks.SeatRow{{Seat: "1", Points: checks.Points{"ad": 1}}, {Seat: "2"}}}
	given.Key = "once"
	if _, err := c.typed(given); refused(err) != "missing rows" {
		t.Error(refused(err))
	}
	given.Partial = true
	first, err := c.typed(given)
	again, errAgain := c.typed(given)
	if err != nil || errAgain != nil || first.ID != again.ID || first.Took != 1 || first.InClass != 3 || first.State != checks.Closed {
		t.Errorf("%+v %v, %+v %v", first, err, again, errAgain)
	}
	if _, err := checks.SetState(c.App, first.ID, checks.Open, morning); refused(err) != "typed" {
		t.Error(refused(err))
	}
}

// Counts have no students: the two groups are compared, and the sentence says so.
func TestCountsAreComparedAsGroups(t *testing.T) {
	c := newClass(t)
	for when, right := range map[string]int{"before": 6, "after": 19} {
		if _, err := c.typed(checks.Results{Plan: checks.Plan{When: when}, Counts: map[string]checks.Count{"ad": {Right: right, Of: 20}, "why": {Right: 1, Of: 5}}}); err != nil {
			t.Fatal(err)
		}
	}
	shown, err := checks.Of(c.App, c.check.ID, c.room.ID, morning)
	if err != nil || shown.Pairs != 0 || shown.Total != nil || !shown.MayShow {
		t.Fatalf("%+v %v", shown, err)
	}
	want := evidence.OfGroups(6, 20, 19, 20)
	if got := shown.Skills[0]; *got.Difference != want.Difference || *got.Low != want.Low || got.NBefore != 20 || !got.Clear {
		t.Errorf("%+v, not %+v", got, want)
	}
	if got := shown.Skills[1]; got.Difference != nil || !got.TooFew {
		t.Errorf("five are too few: %+v", got)
	}
	if got := shown.Sentence.In("en"); !strings.Contains(got, "could not be matched") {
		t.Error(got)
	}
}

func TestFileOfResults(t *testing.T) {
	c := newClass(t)
	content := "\ufeffSeat;Q1;Says why;bins;Shoe size\nOtter 27;1;2;2;36\notter-27;0;0;0;36\nPuma 11;2;0;0;36\nOwl 12;x;0;0;36\n;1;1;1;36\nYak 13;;;;\n"
	file, err := c.check.ReadFile("after.csv", strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	var problems []string
	for _, problem := range file.Problems {
		problems = append(problems, fmt.Sprint(problem.Line, " ", problem.Column, " ", problem.Code))
	}
	slices.Sort(problems)
	want := []string{"1 Shoe size unknown_column", "3 Seat seat_twice", "4 Q1 above", "5 Q1 not_points", "6  no_seat"}
	if !slices.Equal(problems, want) {
		t.Errorf("%q", problems)
	}
	if len(file.Rows) != 2 || !maps.Equal(file.Rows[0].Points, checks.Points{"ad": 1, "why": 2, "bins": 2}) || file.Present() != 1 {
		t.Errorf("%+v", file.Rows)
	}
	if missing := file.Missing([]string{"Otter 27", "Yak 13"}); !slices.Equal(missing, []string{"Yak 13"}) {
		t.Errorf("%q", missing)
	}
	for want, content := range map[string]string{
		"missing_column file": "name,points\nAna,3\n",
		"too_big file":        "seat,Q1\n" + strings.Repeat("Otter 27,1\n", 120_000),
	} {
		if _, err := c.check.ReadFile("x.csv", strings.NewReader(content)); refused(err) != want {
			t.Errorf("%s: %s", want, refused(err))
		}
	}
}
