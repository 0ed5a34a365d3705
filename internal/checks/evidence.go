package checks

import (
	"cmp"
	"math"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/evidence"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// FewestInReport is how many students must have done both checks to appear in a report that others read: with fewer one could tell who it is.
const FewestInReport = 10

// Side is one of the two checks: when it was and how many did it.
type Side struct {
	Run   string `json:"run"`
	Day   string `json:"day"`
	Took  int    `json:"took"`
	State string `json:"state"`
}

// Skill is what one item shows. Shares are 0 to 1 and nil where nobody answered; Difference, Low and High are nil when there are too few to tell. Before and
// After are of the Pairs where a difference is told from pairs, else of all who answered.
type Skill struct {
	Item       string   `json:"item"`
	Kind       string   `json:"kind"`
	Skill      string   `json:"skill"`
	SkillES    string   `json:"skill_es"`
	Before     *float64 `json:"before"`
	After      *float64 `json:"after"`
	NBefore    int      `json:"n_before"`
	NAfter     int      `json:"n_after"`
	Pairs      int      `json:"pairs"`
	Difference *float64 `json:"difference"`
	Low        *float64 `json:"low"`
	High       *float64 `json:"high"`
	TooFew     bool     `json:"too_few"`
	Clear      bool     `json:"clear"` // chance alone is an unlikely reason
}

// Evidence is what a check before and after a lesson shows of one class. Total is over all items, of those who answered all of them both times; nil when nobody
// can be paired.
type Evidence struct {
	Check    Titled   `json:"check"`
	Homeroom Room     `json:"homeroom"`
	Before   *Side    `json:"before"`
	After    *Side    `json:"after"`
	Pairs    int      `json:"pairs"`
	Skills   []Skill  `json:"skills"`
	Total    *Skill   `json:"total"`
	Sentence say.Text `json:"-"`
	InReport bool     `json:"in_report"`
	MayShow  bool     `json:"may_report"` // enough students for a report that others read
	Names    bool     `json:"names"`      // first names are kept with it for now
}

// Titled is a check by its titles.
type Titled struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	TitleES string `json:"title_es"`
}

// side is one run with its results: points by seat, or counts.
type side struct {
	run    *Run
	seats  map[string]Points
	counts map[string]Count
}

// Of tells what the latest check of a class after a lesson shows against the one before it. The codes are fault.NotFound (check, homeroom).
func Of(app core.App, check, homeroom string, now time.Time) (Evidence, error) {
	runs, err := readRuns(app, now, "r.check_id = {:check} AND r.homeroom = {:homeroom}", dbx.Params{"check": check, "homeroom": homeroom})
	if err != nil {
		return Evidence{}, err
	}
	return of(app, check, homeroom, runs)
}

func of(app core.App, check, homeroom string, runs []Run) (found Evidence, err error) {
	asked, err := Get(app, check)
	if err != nil {
		return found, err
	}
	if found.Homeroom, err = roomOf(app, homeroom, runs); err != nil {
		return found, err
	}
	before, after := round(runs)
	var sides [2]side
	for i, run := range []*Run{before, after} {
		if sides[i], err = readSide(app, run); err != nil {
			return found, err
		}
	}
	found.Check = Titled{asked.ID, asked.Title, asked.TitleES}
	found.Before, found.After = sides[0].shown(), sides[1].shown()
	found.Names = before != nil && before.Names || after != nil && after.Names
	found.InReport = after != nil && after.InReport
	found.compare(asked.Items, sides[0], sides[1])
	return found, nil
}

// roomOf names a class, also one that is gone but has runs.
func roomOf(app core.App, homeroom string, runs []Run) (Room, error) {
	room, there, err := collections.Find[collections.Homeroom](app, "id = {:id}", dbx.Params{"id": homeroom})
	if err != nil || there {
		return Room{room.ID, room.Name}, err
	}
	if len(runs) > 0 {
		return runs[0].Homeroom, nil
	}
	return Room{}, fault.New("checks.Of", fault.NotFound, "door.unknown_homeroom").Named("unknown_homeroom").At("homeroom")
}

// round picks the latest two runs that belong together: the latest after the lesson with the latest one before it, or the latest before it when no other
// followed yet. Of one day, the one after the lesson is the later one, in whichever order results were typed.
func round(runs []Run) (before, after *Run) {
	runs = slices.Clone(runs)
	slices.SortStableFunc(runs, func(a, b Run) int {
		return cmp.Or(-cmp.Compare(a.Day, b.Day), cmp.Compare(a.When, b.When), -cmp.Compare(a.OpenedAt, b.OpenedAt))
	})
	for i := range runs {
		switch {
		case runs[i].When == collections.BeforeLesson:
			return &runs[i], after
		case after == nil:
			after = &runs[i]
		}
	}
	return nil, after
}

func readSide(app core.App, run *Run) (side, error) {
	one := side{run: run, seats: map[string]Points{}}
	if run == nil {
		return one, nil
	}
	record, _, err := collections.Find[collections.CheckRun](app, "id = {:id}", dbx.Params{"id": run.ID})
	if err != nil {
		return one, err
	}
	if one.counts, err = countsOf(record); err != nil {
		return one, err
	}
	sheets, err := sheetsOf(app, run.ID)
	for _, sheet := range sheets {
		if sheet.State == collections.SheetDone {
			one.seats[plain(sheet.Seat)] = sheet.points
		}
	}
	return one, err
}

func (s side) shown() *Side {
	if s.run == nil {
		return nil
	}
	return &Side{s.run.ID, s.run.Day, s.run.Took, s.run.State}
}

// right counts who had all points of an item, of those whose points are known.
func (s side) right(item Item) Count {
	count := s.counts[item.ID]
	for _, points := range s.seats {
		if earned, known := points[item.ID]; known {
			count.Of++
			if earned == item.Points {
				count.Right++
			}
		}
	}
	return count
}

func (e *Evidence) compare(items []Item, before, after side) {
	e.Skills = make([]Skill, len(items))
	for i, item := range items {
		e.Skills[i] = skillOf(item, before, after)
	}
	for seat := range before.seats {
		if _, both := after.seats[seat]; both {
			e.Pairs++
		}
	}
	e.Total = total(items, before, after)
	e.MayShow = slices.ContainsFunc(e.Skills, func(s Skill) bool {
		return !s.TooFew && (s.Pairs >= FewestInReport || s.Pairs == 0 && min(s.NBefore, s.NAfter) >= FewestInReport)
	})
	e.Sentence = e.sentence()
}

// skillOf compares the pairs; where nobody can be paired, it compares the two groups.
func skillOf(item Item, before, after side) Skill {
	was, is := before.right(item), after.right(item)
	change := evidence.OfGroups(was.Right, was.Of, is.Right, is.Of)
	if paired := pairsOf(item, before, after); paired.Pairs > 0 {
		change.TooFew, change.Pairs = true, paired.Pairs
		if !paired.TooFew {
			change = paired
		}
	}
	skill := shown(change, was.Of, is.Of)
	skill.Item, skill.Kind, skill.Skill, skill.SkillES = item.ID, item.Kind, item.Skill, item.SkillES
	return skill
}

func shown(change evidence.Change, before, after int) Skill {
	skill := Skill{NBefore: before, NAfter: after, Pairs: change.Pairs, TooFew: change.TooFew, Clear: change.Clear()}
	if before > 0 {
		skill.Before = &change.Before
	}
	if after > 0 {
		skill.After = &change.After
	}
	if !change.TooFew {
		skill.Difference, skill.Low, skill.High = &change.Difference, &change.Low, &change.High
	}
	return skill
}

// pairsOf is the change of those whose points are known both times: right or not for a choice, the share of the points for the rest.
func pairsOf(item Item, before, after side) evidence.Change {
	var answers evidence.Answers
	var scores []evidence.Pair
	for seat, points := range before.seats {
		was, known := points[item.ID]
		is, also := after.seats[seat][item.ID]
		if !known || !also {
			continue
		}
		scores = append(scores, evidence.Pair{Before: float64(was) / float64(item.Points), After: float64(is) / float64(item.Points)})
		switch {
		case was == item.Points && is == item.Points:
			answers.Both++
		case is == item.Points:
			answers.Gained++
		case was == item.Points:
			answers.Lost++
		default:
			answers.Neither++
		}
	}
	if item.Kind == Choice {
		return evidence.OfAnswers(answers)
	}
	return evidence.OfScores(scores)
}

// total is the change of the whole check, of those who have points for every item both times.
func total(items []Item, before, after side) *Skill {
	var pairs []evidence.Pair
	for seat, points := range before.seats {
		was, all := share(items, points)
		is, also := share(items, after.seats[seat])
		if all && also {
			pairs = append(pairs, evidence.Pair{Before: was, After: is})
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	skill := shown(evidence.OfScores(pairs), len(pairs), len(pairs))
	return &skill
}

func share(items []Item, points Points) (part float64, all bool) {
	sum, most := 0, 0
	for _, item := range items {
		earned, known := points[item.ID]
		if !known {
			return 0, false
		}
		sum, most = sum+earned, most+item.Points
	}
	return float64(sum) / float64(most), true
}

// sentence says how far the numbers can be trusted.
func (e *Evidence) sentence() say.Text {
	switch {
	case e.Before == nil && e.After == nil:
		return say.T("checks.evidence.none")
	case e.After == nil:
		return say.T("checks.evidence.no_after")
	case e.Before == nil:
		return say.T("checks.evidence.no_before")
	}
	about, paired := e.uncertainty()
	if about == 0 && e.Pairs > 0 {
		return say.Count("checks.evidence.few", e.Pairs, evidence.FewestPairs)
	}
	if about == 0 {
		return say.T("checks.evidence.small", evidence.FewestPairs)
	}
	if paired {
		return say.T("checks.evidence.paired", about)
	}
	return say.T("checks.evidence.unpaired", about)
}

// uncertainty is the widest reach of chance among the changes told, in points of a hundred; 0 when none is told.
func (e *Evidence) uncertainty() (points int, paired bool) {
	widest := 0.0
	for _, skill := range e.Skills {
		if skill.TooFew {
			continue
		}
		widest = max(widest, *skill.Difference-*skill.Low, *skill.High-*skill.Difference)
		paired = paired || skill.Pairs > 0
	}
	return int(math.Ceil(widest * 100)), paired
}

// OfLesson is the evidence of a lesson in a class: of its check that the class did last, else of its first. There is none (found is false) when the lesson has
// no check. The code is fault.NotFound (homeroom).
func OfLesson(app core.App, lesson, homeroom string, now time.Time) (shown Evidence, found bool, err error) {
	attached, err := Attached(app, lesson)
	if err != nil || len(attached) == 0 {
		return shown, false, err
	}
	check := attached[0].ID
	runs, err := readRuns(app, now, "r.homeroom = {:homeroom} AND r.check_id IN (SELECT id FROM checks WHERE lesson = {:lesson})",
		dbx.Params{"lesson": lesson, "homeroom": homeroom})
	if err != nil {
		return shown, false, err
	}
	if len(runs) > 0 {
		check = runs[0].Check
	}
	shown, err = Of(app, check, homeroom, now)
	return shown, err == nil, err
}

// InReport lists the evidence that the librarian marked for the principal, of checks after a lesson within the days.
func InReport(app core.App, from, until policy.Day, now time.Time) ([]Evidence, error) {
	marked, err := readRuns(app, now, "r.in_report AND r.moment = 'after' AND r.day >= {:from} AND r.day <= {:until}", dbx.Params{"from": from.String(), "until": until.String()})
	if err != nil {
		return nil, err
	}
	shown := []Evidence{}
	for _, run := range marked {
		runs, err := readRuns(app, now, "r.check_id = {:check} AND r.homeroom = {:homeroom} AND (r.id = {:id} OR r.moment = 'before' AND r.day <= {:day})",
			dbx.Params{"check": run.Check, "homeroom": run.Homeroom.ID, "id": run.ID, "day": run.Day})
		if err != nil {
			return nil, err
		}
		one, err := of(app, run.Check, run.Homeroom.ID, runs)
		if err != nil {
			return nil, err
		}
		if one.MayShow {
			shown = append(shown, one)
		}
	}
	return shown, nil
}

// SetInReport marks the latest evidence of a check in a class for the principal, or takes the mark away. The codes are fault.NotFound (check, homeroom) and
// fault.Conflict (too_few) when fewer than FewestInReport students can be compared.
func SetInReport(app core.App, check, homeroom string, in bool, now time.Time) (shown Evidence, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		if shown, err = Of(app, check, homeroom, now); err != nil {
			return err
		}
		if in && !shown.MayShow {
			return fault.New("checks.SetInReport", fault.Conflict, "checks.too_few", FewestInReport).Named("too_few")
		}
		if shown.After == nil {
			return nil
		}
		shown.InReport = in
		return setRun(app, shown.After.Run, dbx.Params{"in_report": in})
	})
	return shown, err
}
