package roster

import "regexp"

// class is one class of a set of linked files.
type class struct {
	title    string
	homeroom bool
	gone     bool // to be deleted: its enrolments say nothing
	teacher  seat
}

// seat is the place of a person in a class.
type seat struct {
	class  *class
	person *entry
	first  bool   // the person's primary class, or the class's primary teacher
	begins string // YYYY-MM-DD, or ""
}

// rooms finds the homerooms of people from their enrolments.
type rooms struct {
	classes map[string]*class
	seats   map[*entry]seat // the best yet of each student
}

var homeroomTitle = regexp.MustCompile(`(?i)home ?room|advisory|\bhr\b|sal[oó]n hogar`)

func newRooms() *rooms {
	return &rooms{classes: map[string]*class{}, seats: map[*entry]seat{}}
}

func (s *rooms) addClass(id, title string, homeroom, gone bool) {
	if id == "" {
		return
	}
	s.classes[id] = &class{title: title, homeroom: homeroom || homeroomTitle.MatchString(title), gone: gone}
}

func (s *rooms) seatStudent(one seat) {
	if have, ok := s.seats[one.person]; !ok || one.better(have) {
		s.seats[one.person] = one
	}
}

func (s *rooms) seatTeacher(one seat) {
	if have := one.class.teacher; have.person == nil || one.first && !have.first {
		one.class.teacher = one
	}
}

// better tells which of two classes is where a student is to be found: a homeroom before others, then the
// primary class, then the one that began last. Of two equal ones the first of the file stays.
func (s seat) better(than seat) bool {
	switch {
	case s.class.homeroom != than.class.homeroom:
		return s.class.homeroom
	case s.first != than.first:
		return s.first
	}
	return s.begins > than.begins
}

// assign writes homerooms and their teachers into the people. A teacher belongs to the homeroom taught.
func (s *rooms) assign() {
	for person, one := range s.seats {
		fill(&person.Homeroom, one.class.title)
		if teacher := one.class.teacher.person; teacher != nil {
			fill(&person.HomeroomTeacher, fullName(teacher))
		}
	}
	for _, one := range s.classes {
		if teacher := one.teacher.person; teacher != nil && one.homeroom && !one.gone {
			if teacher.Homeroom == "" || one.title < teacher.Homeroom { // whatever the order of the map
				teacher.Homeroom = one.title
			}
		}
	}
}

func fullName(p *entry) string {
	first := p.FirstName
	if p.PreferredName != "" {
		first = p.PreferredName
	}
	if first == "" || p.LastName == "" {
		return first + p.LastName
	}
	return first + " " + p.LastName
}
