package checks_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/checks"
	"carrel/internal/fault"
	"carrel/internal/say"
	"carrel/internal/testkit"
)

var morning = time.Date(2026, 4, 14, 14, 30, 0, 0, time.UTC)

// class is a homeroom with a check of each kind of item.
type class struct {
	testkit.Library
	room  collections.Homeroom
	check checks.Check
	n     int
}

func sample() checks.Check {
	return checks.Check{Title: "Is this site true?", Items: []checks.Item{
		{ID: "ad", Kind: checks.Choice, Skill: "Spots an ad", Prompt: "Which is an ad?", Choices: []checks.Option{{ID: "a", Text: "A"}, {ID: "b", Text: "B", Right: true}}},
		{ID: "why", Kind: checks.Short, Skill: "Says why", Prompt: "Why?", Rubric: []checks.Step{{Points: 1, Text: "A reason"}, {Points: 2, Text: "Two reasons"}}},
		{ID: "bins", Kind: checks.Sort, Skill: "Sorts sources", Prompt: "Sort", Bins: []checks.Option{{ID: "y", Text: "Trust"}, {ID: "n", Text: "Check"}},
			Sources: []checks.Source{{ID: "one", Text: "One", Bin: "y"}, {ID: "two", Text: "Two", Bin: "n"}}},
	}}
}

func newClass(t testing.TB) *class {
	t.Helper()
	c := &class{Library: testkit.NewLibrary(t)}
	c.room = c.Homeroom("4B")
	var err error
	if c.check, err = checks.Add(c.App, sample(), "check-key"); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *class) start(when string) checks.Run {
	c.T.Helper()
	c.n++
	run, err := checks.Start(c.App, c.check.ID, checks.Plan{Key: fmt.Sprint("run-", c.n), When: when, Homeroom: c.room.ID}, morning.Add(time.Duration(c.n)*time.Minute))
	if err != nil {
		c.T.Fatal(err)
	}
	return run
}

func (c *class) sit(run checks.Run, seat string) string {
	c.T.Helper()
	given, err := checks.Sit(c.App, run.Code, seat, false, morning)
	if err != nil {
		c.T.Fatal(err)
	}
	return given
}

func answers(pairs ...string) map[string]json.RawMessage {
	given := map[string]json.RawMessage{}
	for i := 0; i < len(pairs); i += 2 {
		given[pairs[i]] = json.RawMessage(pairs[i+1])
	}
	return given
}

func (c *class) handIn(run checks.Run, seat, key string, given map[string]json.RawMessage) error {
	return checks.HandIn(c.App, checks.Sheet{Code: run.Code, Seat: seat, Key: key, Answers: given}, morning)
}

func (c *class) done(run checks.Run, seat string, given map[string]json.RawMessage) string {
	c.T.Helper()
	c.n++
	seat = c.sit(run, seat)
	if err := c.handIn(run, seat, fmt.Sprint("sheet-key-", c.n), given); err != nil {
		c.T.Fatal(err)
	}
	return seat
}

// refused tells the word, or else the code, and the field of an error.
func refused(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return fmt.Sprint(err)
	}
	word := f.Word
	if word == "" {
		word = string(f.Code)
	}
	return strings.TrimSpace(word + " " + f.Field)
}

func TestCheckSaysWhereItDoesNotFit(t *testing.T) {
	c := newClass(t)
	for want, spoil := range map[string]func(*checks.Check){
		"invalid title":                   func(c *checks.Check) { c.Title = "  " },
		"invalid language":                func(c *checks.Check) { c.Language = "fr" },
		"invalid items":                   func(c *checks.Check) { c.Items = nil },
		"invalid items.0.prompt":          func(c *checks.Check) { c.Items[0].Prompt = "" },
		"invalid items.0.choices":         func(c *checks.Check) { c.Items[0].Choices[1].Right = false },
		"invalid items.0.choices.1.text":  func(c *checks.Check) { c.Items[0].Choices[1].Text = "" },
		"invalid items.1.kind":            func(c *checks.Check) { c.Items[1].Kind = "essay" },
		"invalid items.1.rubric":          func(c *checks.Check) { c.Items[1].Rubric = nil },
		"invalid items.1.rubric.0.points": func(c *checks.Check) { c.Items[1].Rubric[0].Points = 99 },
		"invalid items.1.id":              func(c *checks.Check) { c.Items[1].ID = "ad" },
		"invalid items.2.sources.1.bin":   func(c *checks.Check) { c.Items[2].Sources[1].Bin = "z" },
		"invalid items.2.sources.0.text":  func(c *checks.Check) { c.Items[2].Sources[0].Text = strings.Repeat("x", 300) },
		"invalid items.2.bins":            func(c *checks.Check) { c.Items[2].Bins = c.Items[2].Bins[:1] },
		"invalid id":                      func(c *checks.Check) { c.ID = "../x" },
	} {
		check := sample()
		spoil(&check)
		if _, err := checks.Add(c.App, check, "k"); refused(err) != want {
			t.Errorf("%s: %s", want, refused(err))
		}
	}
}

func TestCheckIsMadeOnce(t *testing.T) {
	c := newClass(t)
	again, err := checks.Add(c.App, sample(), "check-key")
	if err != nil || again.ID != c.check.ID || c.Count("checks", "TRUE") != 1 {
		t.Errorf("%v %v", again.ID, err)
	}
	if c.check.Items[2].Points != 2 || c.check.Items[1].Points != 2 || c.check.Items[0].Points != 1 {
		t.Errorf("points: %+v", c.check.Items)
	}
	changed := c.check
	changed.Title = "Who says so?"
	saved, err := checks.Save(c.App, changed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := checks.Save(c.App, changed); refused(err) != "changed" {
		t.Error(refused(err))
	}
	run := c.start("before")
	c.done(run, "", answers("ad", `"b"`))
	saved.Items[0].Prompt = "Which one sells something?"
	if _, err := checks.Save(c.App, saved); refused(err) != "answered items" {
		t.Error(refused(err))
	}
	copied, err := checks.Copy(c.App, saved.ID, "copy-key", "Again")
	if err != nil || copied.ID == saved.ID || copied.Runs != 0 {
		t.Errorf("%+v %v", copied, err)
	}
	if err := checks.Delete(c.App, saved.ID); refused(err) != "in_use" {
		t.Error(refused(err))
	}
	if err := checks.Delete(c.App, copied.ID); err != nil {
		t.Error(err)
	}
}

// A code works for two hours, however it is written, and never twice at a time.
func TestClassCode(t *testing.T) {
	c := newClass(t)
	run := c.start("before")
	paper, err := checks.Enter(c.App, strings.ToLower(strings.ReplaceAll(run.Code, " ", "-")), morning)
	if err != nil || len(paper.Items) != 3 {
		t.Fatalf("%v %v", paper, err)
	}
	if shown, _ := json.Marshal(paper); strings.Contains(string(shown), "right") || strings.Contains(string(shown), `"bin"`) || strings.Contains(string(shown), "reason") {
		t.Errorf("the paper tells what is right: %s", shown)
	}
	for _, code := range []string{"", " ", "NOBODY 11", run.Code + "1", "%", "' OR 1=1 --"} {
		if _, err := checks.Enter(c.App, code, morning); refused(err) != "not_open code" {
			t.Errorf("%q: %s", code, refused(err))
		}
	}
	seat := c.sit(run, "")
	tomorrow := morning.Add(20 * time.Hour)
	if _, err := checks.Enter(c.App, run.Code, tomorrow); refused(err) != "not_open code" {
		t.Error("yesterday's code:", refused(err))
	}
	late := checks.Sheet{Code: run.Code, Seat: seat, Key: "a-late-sheet", Answers: answers()}
	if err := checks.HandIn(c.App, late, tomorrow); refused(err) != "not_open code" {
		t.Error("yesterday's code:", refused(err))
	}
	if shown, err := checks.SetState(c.App, run.ID, checks.Open, tomorrow); err != nil || shown.State != checks.Open {
		t.Error(shown, err)
	}
	if err := checks.HandIn(c.App, late, tomorrow); err != nil {
		t.Error(err)
	}
	if shown, err := checks.SetState(c.App, run.ID, checks.Closed, tomorrow); err != nil || shown.State != checks.Closed || shown.Took != 1 {
		t.Error(shown, err)
	}
	if err := checks.HandIn(c.App, late, tomorrow); err != nil {
		t.Error("kept already, and the check has closed:", err)
	}
}

func TestAnswersThatDoNotFit(t *testing.T) {
	c := newClass(t)
	run := c.start("before")
	seat := c.sit(run, "")
	for given, want := range map[string]string{
		`{"other":"a"}`:          "invalid answers.other",
		`{"ad":"c"}`:             "invalid answers.ad",
		`{"ad":["a"]}`:           "invalid answers.ad",
		`{"bins":{"one":"z"}}`:   "invalid answers.bins",
		`{"bins":{"three":"y"}}`: "invalid answers.bins",
		`{"why":"` + strings.Repeat("é", 10_000) + `"}`: "invalid answers.why",
	} {
		var sheet map[string]json.RawMessage
		if err := json.Unmarshal([]byte(given), &sheet); err != nil {
			t.Fatal(err)
		}
		if err := c.handIn(run, seat, "some-key-1", sheet); refused(err) != want {
			t.Errorf("%.40s: %s", given, refused(err))
		}
	}
	if err := c.handIn(run, seat, "short", answers()); refused(err) != "invalid key" {
		t.Error(refused(err))
	}
	if err := c.handIn(run, "Dodo 11", "some-key-1", answers()); refused(err) != "unknown_seat seat" {
		t.Error(refused(err))
	}
	if n := c.Count("check_sheets", "state != 'joined'"); n != 0 {
		t.Errorf("%d sheets were kept", n)
	}
}

// Two devices with one seat: the first counts until somebody decides, and what was set aside does not.
func TestOneSeatTwice(t *testing.T) {
	c := newClass(t)
	before := c.start("before")
	seat := c.done(before, "", answers("ad", `"a"`))
	after := c.start("after")
	if _, err := checks.Sit(c.App, after.Code, "Dodo 99", false, morning); refused(err) != "unknown_seat seat" {
		t.Error(refused(err))
	}
	c.done(after, strings.ToLower(strings.ReplaceAll(seat, " ", "")), answers("ad", `"a"`))
	if _, err := checks.Sit(c.App, after.Code, seat, false, morning); refused(err) != "seat_taken seat" {
		t.Error(refused(err))
	}
	if _, err := checks.Sit(c.App, after.Code, seat, true, morning); err != nil {
		t.Fatal(err)
	}
	if err := c.handIn(after, seat, "second-key", answers("ad", `"b"`)); err != nil {
		t.Fatal(err)
	}
	view, err := checks.Look(c.App, after.ID, morning)
	if err != nil || view.Run.Took != 1 || view.Run.Waiting != 1 || len(view.Twice) != 1 || view.Items[0].Right != 0 {
		t.Fatalf("%+v %v", view, err)
	}
	for _, sheet := range view.Twice[0].Sheets {
		if sheet.Points == 1 {
			if err := checks.Decide(c.App, after.ID, sheet.ID, morning); err != nil {
				t.Fatal(err)
			}
		}
	}
	if view, err = checks.Look(c.App, after.ID, morning); err != nil || view.Run.Waiting != 0 || view.Run.Took != 1 || view.Items[0].Right != 1 {
		t.Errorf("%+v %v", view, err)
	}
}

// What is written down of a student is the seat, the day and the answers.
func TestNothingAboutAnybody(t *testing.T) {
	c := newClass(t)
	run := c.start("before")
	seat := c.sit(run, "")
	err := checks.HandIn(c.App, checks.Sheet{Code: run.Code, Seat: seat, Key: "the-key-1", Name: "Ana", Answers: answers("why", `"<script>alert(1)</script>"`)}, morning)
	if err != nil || c.Count("check_sheets", "name != ''") != 0 {
		t.Errorf("a name nobody asked for: %v", err)
	}
	for _, column := range []string{"created", "updated", "at", "address", "device"} {
		if n := c.Count("pragma_table_info('check_sheets')", "name = '"+column+"'"); n != 0 {
			t.Errorf("a sheet has %s", column)
		}
	}
	named, err := checks.Start(c.App, c.check.ID, checks.Plan{Key: "named", When: "before", Homeroom: c.room.ID, Names: true}, morning)
	if err != nil {
		t.Fatal(err)
	}
	seat = c.sit(named, "")
	if err := checks.HandIn(c.App, checks.Sheet{Code: named.Code, Seat: seat, Key: "the-key-2", Name: " Ana\n ", Answers: answers()}, morning); err != nil {
		t.Fatal(err)
	}
	if view, err := checks.Look(c.App, named.ID, morning); err != nil || len(view.Names) != 1 || view.Names[0].Name != "Ana" {
		t.Errorf("%+v %v", view.Names, err)
	}
	day := c.day(morning)
	if done, err := checks.Tidy(c.App, day.Add(checks.NamesKept-1), morning); err != nil || done.Names != 0 {
		t.Errorf("%+v %v", done, err)
	}
	if done, err := checks.Tidy(c.App, day.Add(checks.NamesKept), morning); err != nil || done.Names != 1 {
		t.Errorf("%+v %v", done, err)
	}
}

func TestDeletedRun(t *testing.T) {
	c := newClass(t)
	run := c.start("before")
	c.done(run, "", answers("ad", `"b"`))
	if err := checks.DeleteRun(c.App, run.ID, morning); err != nil {
		t.Fatal(err)
	}
	if _, err := checks.RunOf(c.App, run.ID, morning); refused(err) != "unknown_run id" {
		t.Error(refused(err))
	}
	if back, err := checks.RestoreRun(c.App, run.ID, morning); err != nil || back.Took != 1 || back.State != checks.Closed {
		t.Errorf("%+v %v", back, err)
	}
	if err := checks.DeleteRun(c.App, run.ID, morning); err != nil {
		t.Fatal(err)
	}
	if done, err := checks.Tidy(c.App, c.day(morning), morning.Add(25*time.Hour)); err != nil || done.Runs != 1 || c.Count("check_sheets", "TRUE") != 0 {
		t.Errorf("%+v %v", done, err)
	}
	if _, err := checks.RestoreRun(c.App, run.ID, morning); refused(err) != "unknown_run id" {
		t.Error(refused(err))
	}
}

func TestScoring(t *testing.T) {
	c := newClass(t)
	run := c.start("before")
	c.done(run, "", answers("why", `"Because."`))
	c.done(run, "", answers())
	view, err := checks.Look(c.App, run.ID, morning)
	if err != nil || len(view.Items[1].Texts) != 1 || view.Items[1].Texts[0].Points != nil {
		t.Fatalf("%+v %v", view, err)
	}
	text := view.Items[1].Texts[0]
	two, three := 2, 3
	for want, err := range map[string]error{
		"invalid points":   checks.Score(c.App, run.ID, text.ID, "why", &three, morning),
		"invalid item":     checks.Score(c.App, run.ID, text.ID, "ad", &two, morning),
		"not_found answer": checks.Score(c.App, run.ID, "nobody", "why", &two, morning),
		"unknown_run id":   checks.Score(c.App, "nothing", text.ID, "why", &two, morning),
		"<nil>":            checks.Score(c.App, run.ID, text.ID, "why", &two, morning),
	} {
		if refused(err) != want {
			t.Errorf("%s: %s", want, refused(err))
		}
	}
	if view, err = checks.Look(c.App, run.ID, morning); err != nil || *view.Items[1].Texts[0].Points != 2 || view.Items[1].Right != 1 {
		t.Errorf("%+v %v", view.Items[1], err)
	}
	if err := checks.Score(c.App, run.ID, text.ID, "why", nil, morning); err != nil {
		t.Error(err)
	}
	if view, err = checks.Look(c.App, run.ID, morning); err != nil || view.Items[1].Texts[0].Points != nil {
		t.Errorf("%+v %v", view.Items[1], err)
	}
}

func TestSentences(t *testing.T) {
	c := newClass(t)
	shown := func() string {
		found, err := checks.Of(c.App, c.check.ID, c.room.ID, morning.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		return found.Sentence.In(say.English)
	}
	if got := shown(); got != "This class has not done the check yet." {
		t.Error(got)
	}
	before := c.start("before")
	seats := []string{c.done(before, "", answers("ad", `"a"`))}
	if got := shown(); got != "The check after the lesson is still to come." {
		t.Error(got)
	}
	after := c.start("after")
	c.done(after, seats[0], answers("ad", `"b"`))
	if got := shown(); got != "Only 1 student did both checks: too few to tell. A change is told from 8 on." {
		t.Error(got)
	}
	if _, err := checks.SetInReport(c.App, c.check.ID, c.room.ID, true, morning); refused(err) != "too_few" {
		t.Error(refused(err))
	}
	for range 11 {
		c.done(after, c.done(before, "", answers("ad", `"a"`)), answers("ad", `"b"`))
	}
	found, err := checks.Of(c.App, c.check.ID, c.room.ID, morning)
	if err != nil || found.Pairs != 12 || !found.MayShow || !found.Skills[0].Clear || *found.Skills[0].Difference != 1 {
		t.Fatalf("%+v %v", found, err)
	}
	if !strings.HasPrefix(shown(), "One class is a small group. Treat a change under ") {
		t.Error(shown())
	}
	if _, err := checks.SetInReport(c.App, c.check.ID, c.room.ID, true, morning); err != nil {
		t.Fatal(err)
	}
	day := c.day(morning)
	if marked, err := checks.InReport(c.App, day, day, morning); err != nil || len(marked) != 1 || !marked[0].InReport {
		t.Errorf("%+v %v", marked, err)
	}
	if marked, err := checks.InReport(c.App, day.Add(1), day.Add(9), morning); err != nil || len(marked) != 0 {
		t.Errorf("%+v %v", marked, err)
	}
}
