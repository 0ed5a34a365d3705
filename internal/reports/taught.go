package reports

import (
	"cmp"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
)

var taught = description{
	id: "taught", parameters: []string{pDays, pFor}, columns: sheetColumns,
	table: func(l *look) (t table, err error) {
		sheet, hidden, err := l.taughtSheet()
		if err != nil {
			return t, err
		}
		sheet.tell()
		t.rows, t.sheet, t.hidden = sheet.rows(l.say("part.numbers")), &sheet, hidden
		return t, nil
	},
}

// most is how many rows a list on a sheet has, few how many one below the others.
const (
	most = 5
	few  = 3
)

// lesson is one that was taught to a class.
type lesson struct {
	ID       string `db:"id"`
	Lesson   string `db:"lesson"`
	Title    string `db:"title"`
	Homeroom string `db:"homeroom"`
	Grade    string `db:"grade"`
	Role     string `db:"role"`
}

// together tells whether librarian and teacher planned and taught it both.
func (s lesson) together() bool {
	roles := strings.Split(s.Role, ",")
	return slices.Contains(roles, "planned") && slices.Contains(roles, "taught")
}

// lessons are those that were taught in the period.
func (l *look) lessons() ([]lesson, error) {
	return read[lesson](l, `SELECT t.id, t.lesson, COALESCE(NULLIF(t.name, ''), lessons.title, '') AS title, t.homeroom, COALESCE(NULLIF(t.grade, ''), `+roomGrade+`) AS grade, t.role
		FROM teaching_sessions t LEFT JOIN lessons ON lessons.id = t.lesson LEFT JOIN homerooms ON homerooms.id = t.homeroom
		WHERE t.state = 'taught' AND t.kind = 'lesson' AND t.day BETWEEN {:from} AND {:to} ORDER BY t.day, t.begins, t.id`, dbx.Params(l.period.params()))
}

func together(lessons []lesson) (n int) {
	for _, one := range lessons {
		if one.together() {
			n++
		}
	}
	return n
}

func (l *look) taughtSheet() (sheet Sheet, hidden int, err error) {
	sheet = l.sheet(l.titled("sheet.taught"))
	lessons, err := l.lessons()
	if err != nil {
		return sheet, 0, err
	}
	rooms, err := l.classRooms()
	if err != nil {
		return sheet, 0, err
	}
	standards, err := l.standards()
	if err != nil {
		return sheet, 0, err
	}
	found, err := l.evidenceShown()
	if err != nil {
		return sheet, 0, err
	}
	reached := reachedRooms(lessons, rooms)
	sheet.Sentence = l.taughtSentence(lessons, reached, len(rooms))
	sheet.Tiles = []Tile{
		{l.number(len(lessons)), l.say("tile.lessons"), l.say("tile.lessons_note", say.Count("reports.sheet.topics", topics(lessons)).In(l.asker.Lang))},
		{l.of(together(lessons), len(lessons)), l.say("tile.together"), l.say("tile.of", l.number(together(lessons)), l.number(len(lessons)))},
		{l.number(reached), l.say("tile.reached"), l.say("tile.reached_note", l.number(len(rooms)))},
		{l.number(len(standards)), l.say("tile.standards"), l.say("tile.standards_note")},
	}
	if len(lessons) == 0 {
		return sheet, 0, nil
	}
	who, _, hidden, err := l.taughtWith(lessons, rooms)
	if err != nil {
		return sheet, hidden, err
	}
	used, err := l.resources()
	if err != nil {
		return sheet, hidden, err
	}
	sheet.Sections, err = l.taughtSections(found, who, l.whatTaught(lessons), l.standardsReached(standards), used)
	return sheet, hidden, err
}

// taughtSections puts what students can do beside with whom it was taught, and the rest below.
func (l *look) taughtSections(found []showed, who, what, standards, used Section) ([]Section, error) {
	others := l.otherChecks(found[min(1, len(found)):])
	wide := slices.DeleteFunc([]Section{others, standards, used}, Section.empty)
	for i := range wide {
		wide[i].Row, wide[i].Wide = 2+i, true
	}
	if len(found) == 0 {
		return append(beside(1, who, what), wide...), nil
	}
	change, err := l.canDo(found[0])
	if err != nil {
		return nil, err
	}
	change.Row, who.Row, who.Right, what.Row, what.Right = 1, 1, true, 1, true
	return append([]Section{change, who, what}, wide...), nil
}

// taughtSentence is what the sheet says first. What students can do is told by the principal's page; here it is how much was taught.
func (l *look) taughtSentence(lessons []lesson, reached, rooms int) string {
	if len(lessons) == 0 {
		return l.say("sheet.taught_none")
	}
	n := say.Count("reports.sheet.lessons", len(lessons)).In(l.asker.Lang)
	classes := l.say("sheet.classes_of", l.number(reached), l.number(rooms))
	if both := together(lessons); both > 0 {
		return l.say("sheet.taught_says", n, l.number(both), classes)
	}
	return l.say("sheet.taught_alone", n, classes)
}

func topics(lessons []lesson) int {
	seen := map[string]bool{}
	for _, one := range lessons {
		seen[orText(one.Lesson, one.Title)] = true
	}
	return len(seen)
}

// of is a share in percent, or nothing of nothing.
func (l *look) of(part, whole int) string {
	if whole == 0 {
		return l.number(0)
	}
	return l.percent(float64(part) / float64(whole))
}

// classRoom is a homeroom with somebody in it.
type classRoom struct {
	ID    string `db:"id"`
	Grade string `db:"grade"`
	N     int    `db:"n"`
}

// roomGrade is the grade of a homeroom: as it is written, else that of most of its children.
const roomGrade = `COALESCE(NULLIF(homerooms.grade, ''), (SELECT grade FROM patrons p WHERE p.homeroom = homerooms.id AND p.status = 'active' GROUP BY grade ORDER BY COUNT(*) DESC, grade LIMIT 1), '')`

func (l *look) classRooms() ([]classRoom, error) {
	return read[classRoom](l, `SELECT homerooms.id, `+roomGrade+` AS grade, COUNT(*) AS n FROM homerooms JOIN patrons ON patrons.homeroom = homerooms.id AND patrons.status = 'active'
		GROUP BY homerooms.id ORDER BY homerooms.name`, nil)
}

func reachedRooms(lessons []lesson, rooms []classRoom) (n int) {
	for _, room := range rooms {
		if slices.ContainsFunc(lessons, func(one lesson) bool { return one.Homeroom == room.ID }) {
			n++
		}
	}
	return n
}

func gradeOrder(grade string) int {
	if at := slices.Index(site.Grades, grade); at >= 0 {
		return at
	}
	return len(site.Grades)
}

// taughtWith counts lessons by band of grades, with the classes that had none yet. Bands of fewer than ten students are left out.
func (l *look) taughtWith(lessons []lesson, rooms []classRoom) (section Section, without missing, hidden int, err error) {
	section = Section{ID: "with", Title: l.say("sheet.with"), Columns: words(l.say("column.grade"), l.say("sheet.lessons_head"), l.say("sheet.with_teacher"), l.say("sheet.not_yet"))}
	section.Columns[0].Wide = false
	persons, err := l.persons("SELECT grade AS key, COUNT(*) AS n FROM patrons WHERE status = 'active' GROUP BY grade")
	if err != nil {
		return section, without, 0, err
	}
	var groups []group
	for _, band := range gradeBands {
		size := 0
		for _, grade := range band.grades {
			size += persons[grade]
		}
		if size == 0 {
			continue
		}
		in := slices.DeleteFunc(slices.Clone(lessons), func(one lesson) bool { return !slices.Contains(band.grades, one.Grade) })
		here := slices.DeleteFunc(slices.Clone(rooms), func(room classRoom) bool { return !slices.Contains(band.grades, room.Grade) })
		left := len(here) - reachedRooms(in, here)
		cell := l.number(0)
		if left > 0 {
			cell = say.Count("reports.sheet.classes", left).In(l.asker.Lang)
		}
		name := bandName(band.name, persons["PK"] > 0)
		groups = append(groups, group{persons: size, name: name, cells: []any{name, l.number(len(in)), l.number(together(in)), cell}, value: float64(left)})
	}
	left, hidden, _ := shown(groups)
	for _, band := range left {
		if n := int(band.value); n > without.n {
			without = missing{band.name, n}
		}
		section.Rows = append(section.Rows, []string{band.name, band.cells[1].(string), band.cells[2].(string), band.cells[3].(string)})
	}
	return section, without, hidden, nil
}

// bandName is the band of the youngest as a school without pre-kindergarten calls it.
func bandName(name string, pre bool) string {
	if name == "PK–2" && !pre {
		return "K–2"
	}
	return name
}

// whatTaught lists the lessons that were taught most, with how many classes had each.
func (l *look) whatTaught(lessons []lesson) Section {
	type topic struct {
		title string
		times int
		rooms map[string]bool
	}
	var list []topic
	at := map[string]int{}
	for _, one := range lessons {
		key := orText(one.Lesson, one.Title)
		i, known := at[key]
		if !known {
			i = len(list)
			at[key] = i
			list = append(list, topic{title: orText(one.Title, l.say("sheet.untitled")), rooms: map[string]bool{}})
		}
		list[i].times++
		if one.Homeroom != "" {
			list[i].rooms[one.Homeroom] = true
		}
	}
	slices.SortStableFunc(list, func(a, b topic) int { return cmp.Compare(b.times, a.times) })
	section := Section{ID: "lessons", Title: l.say("sheet.what"), Columns: words(l.say("sheet.lesson"), l.say("sheet.times"), l.say("sheet.classes_head"))}
	for _, one := range list[:min(most, len(list))] {
		section.Rows = append(section.Rows, []string{one.title, l.number(one.times), l.number(len(one.rooms))})
	}
	section.Note = l.more(len(list) - most)
	return section
}

// more says how many a list does not have room for.
func (l *look) more(n int) string {
	if n <= 0 {
		return ""
	}
	return say.Count("reports.sheet.more", n).In(l.asker.Lang)
}

// standard is a statement of a framework that lessons reached.
type standard struct {
	Code   string `db:"code"`
	Text   string `db:"text"`
	TextES string `db:"text_es"`
	N      int    `db:"n"`
}

func (l *look) standards() ([]standard, error) {
	return read[standard](l, `SELECT s.code, s.text, s.text_es, COUNT(DISTINCT t.id) AS n FROM teaching_sessions t JOIN lesson_standards ls ON ls.lesson = t.lesson
		JOIN standards s ON s.id = ls.standard WHERE t.state = 'taught' AND t.kind = 'lesson' AND t.day BETWEEN {:from} AND {:to}
		GROUP BY s.id ORDER BY n DESC, s.framework, s.position`, dbx.Params(l.period.params()))
}

func (l *look) standardsReached(standards []standard) Section {
	section := Section{ID: "standards", Title: l.say("sheet.standards"), Columns: words(l.say("sheet.standard"), l.say("sheet.lessons_head")), Note: l.more(len(standards) - few)}
	for _, one := range standards[:min(few, len(standards))] {
		section.Rows = append(section.Rows, []string{strings.TrimSpace(one.Code + " " + l.either(one.Text, one.TextES)), l.number(one.N)})
	}
	return section
}

// resources are the titles that were used in lessons, the most used first.
func (l *look) resources() (Section, error) {
	section := Section{ID: "resources", Title: l.say("sheet.resources"), Columns: words(l.say("column.title"), l.say("sheet.times"))}
	rows, err := read[struct {
		Title string `db:"title"`
		N     int    `db:"n"`
	}](l, `SELECT titles.title, COUNT(DISTINCT t.id) AS n FROM `+collections.SessionTitles+` used JOIN teaching_sessions t ON t.id = used.session JOIN titles ON titles.id = used.title
		WHERE titles.merged_into = '' AND t.state = 'taught' AND t.day BETWEEN {:from} AND {:to} GROUP BY titles.id ORDER BY n DESC, titles.sort_title`, dbx.Params(l.period.params()))
	for _, row := range rows[:min(few, len(rows))] {
		section.Rows = append(section.Rows, []string{row.Title, l.number(row.N)})
	}
	section.Note = l.more(len(rows) - few)
	return section, err
}
