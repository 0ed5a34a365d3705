package reports

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"carrel/internal/checks"
	"carrel/internal/say"
)

// showed is what one check showed in all classes that the librarian marked for the report: the shares of all of them together, and the change with its reach of
// chance, class by class weighed by how many students are behind it.
type showed struct {
	title         string
	rooms         []string // ids
	before, after int      // students who took it, in all classes
	skills        []skill
}

type skill struct {
	name           string
	before, after  float64
	nBefore, nNext int
	change, weight float64 // sums, weighed
	variance       float64
}

// z is the reach of a 95 in 100 interval in standard errors, which package evidence has too.
const z = 1.96

// evidenceShown gathers what was marked for the report by check, the one that most students took first.
func (l *look) evidenceShown() ([]showed, error) {
	marked, err := checks.InReport(l.app, l.period.from, l.period.to, l.asker.Now)
	if err != nil {
		return nil, err
	}
	var found []showed
	at := map[string]int{}
	for _, one := range marked {
		if one.Before == nil || one.After == nil {
			continue
		}
		i, known := at[one.Check.ID]
		if !known {
			i = len(found)
			at[one.Check.ID] = i
			found = append(found, showed{title: l.either(one.Check.Title, one.Check.TitleES)})
		}
		found[i].add(one, l.asker.Lang)
	}
	slices.SortStableFunc(found, func(a, b showed) int { return cmp.Compare(b.after, a.after) })
	return found, nil
}

// either is the Spanish text for those who read Spanish, if there is one.
func (l *look) either(text, spanish string) string {
	if l.asker.Lang == say.Spanish && spanish != "" {
		return spanish
	}
	return text
}

func (s *showed) add(class checks.Evidence, lang say.Lang) {
	s.rooms = append(s.rooms, class.Homeroom.ID)
	s.before += class.Before.Took
	s.after += class.After.Took
	for i, one := range class.Skills {
		if i == len(s.skills) {
			name := one.Skill
			if lang == say.Spanish && one.SkillES != "" {
				name = one.SkillES
			}
			s.skills = append(s.skills, skill{name: name})
		}
		s.skills[i].add(one)
	}
}

func (s *skill) add(class checks.Skill) {
	before, after := class.NBefore, class.NAfter
	if class.Pairs > 0 && !class.TooFew {
		before, after = class.Pairs, class.Pairs // the shares are of these
	}
	if class.Before != nil {
		s.before += *class.Before * float64(before)
		s.nBefore += before
	}
	if class.After != nil {
		s.after += *class.After * float64(after)
		s.nNext += after
	}
	if class.Difference == nil {
		return
	}
	weight := float64(min(before, after))
	s.change += *class.Difference * weight
	s.weight += weight
	error := (*class.High - *class.Low) / 2 / z
	s.variance += weight * weight * error * error
}

func (s skill) shares() (before, after *float64) {
	if s.nBefore > 0 {
		share := s.before / float64(s.nBefore)
		before = &share
	}
	if s.nNext > 0 {
		share := s.after / float64(s.nNext)
		after = &share
	}
	return before, after
}

// difference is the change with how far chance alone may move it; known is false when there are too few to tell.
func (s skill) difference() (change, reach float64, known bool) {
	if s.weight == 0 {
		return 0, 0, false
	}
	return s.change / s.weight, z * math.Sqrt(s.variance) / s.weight, true
}

// clear tells whether chance alone is an unlikely reason for a change to the better.
func (s skill) clear() bool {
	change, reach, known := s.difference()
	return known && change-reach > 0
}

// canDo is the section of what students can do now, of one check.
func (l *look) canDo(s showed) (Section, error) {
	section := Section{ID: "change", Title: l.say("sheet.change")}
	grades, err := l.gradesOfRooms(s.rooms)
	if err != nil {
		return section, err
	}
	who := say.Count("reports.sheet.classes", len(s.rooms)).In(l.asker.Lang)
	if grades != "" {
		who = grades + ", " + who
	}
	section.Lead = l.say("sheet.change_lead", s.title, who, s.before, s.after)
	widest := 0.0
	for _, one := range s.skills {
		before, after := one.shares()
		bar := BeforeNext{Label: one.name, Before: before, After: after, WasText: l.shareText(before), NowText: l.shareText(after)}
		section.Bars = append(section.Bars, bar)
		if _, reach, known := one.difference(); known {
			widest = max(widest, reach)
		}
	}
	section.Note = l.say("sheet.change_few")
	if widest > 0 {
		section.Note = l.say("sheet.change_sure", int(math.Ceil(100*widest)))
	}
	return section, nil
}

// otherChecks lists what the checks showed that have no place of their own: how many students, and the share of all answers that were right.
func (l *look) otherChecks(rest []showed) Section {
	section := Section{ID: "checks", Title: l.say("sheet.others"), Columns: words(l.say("sheet.check"), l.say("sheet.took"), l.say("sheet.was_right"), l.say("sheet.is_right"))}
	for _, one := range rest[:min(most, len(rest))] {
		before, after := one.shares()
		section.Rows = append(section.Rows, []string{one.title, l.number(min(one.before, one.after)), l.shareText(before), l.shareText(after)})
	}
	section.Note = l.more(len(rest) - most)
	return section
}

// shares are those of all questions together.
func (s showed) shares() (before, after *float64) {
	var all skill
	for _, one := range s.skills {
		all.before += one.before
		all.after += one.after
		all.nBefore += one.nBefore
		all.nNext += one.nNext
	}
	return all.shares()
}

func (l *look) shareText(share *float64) string {
	if share == nil {
		return ""
	}
	return l.percent(*share)
}

// gradesOfRooms names the grades of some homerooms: "Grade 4", "Grade 4, Grade 5".
func (l *look) gradesOfRooms(rooms []string) (string, error) {
	all, err := l.classRooms()
	grades := []string{}
	for _, room := range all {
		if slices.Contains(rooms, room.ID) && room.Grade != "" && !slices.Contains(grades, room.Grade) {
			grades = append(grades, room.Grade)
		}
	}
	slices.SortFunc(grades, func(a, b string) int { return gradeOrder(a) - gradeOrder(b) })
	for i, grade := range grades {
		grades[i] = l.gradeName(grade)
	}
	return strings.Join(grades, ", "), err
}

// opening is the sentence that a sheet opens with: the skill that changed most, if chance is an unlikely reason.
func (l *look) opening(found []showed) string {
	if len(found) == 0 {
		return ""
	}
	best, most := skill{}, 0.0
	for _, one := range found[0].skills {
		if change, _, _ := one.difference(); one.clear() && change > most {
			best, most = one, change
		}
	}
	before, after := best.shares()
	if before == nil || after == nil {
		return ""
	}
	return l.say("sheet.opening", found[0].title, say.Count("reports.sheet.classes", len(found[0].rooms)).In(l.asker.Lang), best.name, l.oneIn(*before), l.oneIn(*after))
}

// plainly are the parts in which people speak of shares.
var plainly = []int{2, 3, 4, 5, 10}

// oneIn says a share as people do, "1 in 4 students", where that is within two hundredths of it; else in percent.
func (l *look) oneIn(share float64) string {
	for _, of := range plainly {
		part := int(math.Round(share * float64(of)))
		if part > 0 && part < of && math.Abs(share-float64(part)/float64(of)) < 0.02 {
			return l.say("sheet.one_in", part, of)
		}
	}
	return l.say("sheet.percent_of", l.percent(share))
}
