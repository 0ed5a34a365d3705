package sample

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
)

// Patron is an invented person.
type Patron struct {
	Barcode       string // 14 digits, the last one a Luhn check digit
	DistrictID    string
	FirstName     string
	LastName      string
	Grade         string // K, 1 … 5 today; empty for grown-ups
	Type          string // one of the Patron constants
	Homeroom      int    // index in School.Homerooms; -1 for none
	Email         string // of a grown-up
	GuardianEmail string // of a student; a few families have none
	Language      string // of the family: en or es
}

// The types of patrons.
const (
	PatronStudent = "student"
	PatronTeacher = "teacher"
	PatronAide    = "aide"
)

// Homeroom is a class with its teacher.
type Homeroom struct {
	Name    string
	Grade   string
	Teacher int // index in School.Patrons
}

// baseHomerooms are those of the school in its natural size.
var baseHomerooms = []struct {
	grade           int
	section         string
	teacher, family string
}{
	{0, "", "Elena", "Rivera"},
	{1, "", "Samira", "Ahmed"},
	{2, "", "Ingrid", "Lindqvist"},
	{3, "", "Mei", "Chen"},
	{4, "B", "Ngozi", "Okafor"},
	{5, "", "Nadia", "Haddad"},
}

// Sizes of a wing: 135 students in six homerooms, six homeroom teachers, five other teachers and four aides.
const (
	studentsPerWing = 135
	moreTeachers    = 5
	aides           = 4
)

//go:embed names.tsv
var namesFile string

// people is one group of names; given and family names of one group go together in most families.
type people struct {
	weight        int
	language      string
	given, family []string
}

var namesOf = sync.OnceValue(func() (groups []people) {
	lines := strings.Split(strings.TrimSpace(namesFile), "\n")
	for _, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		weight, err := strconv.Atoi(cells[1])
		if err != nil {
			panic(fmt.Errorf("names.tsv: %w", err))
		}
		groups = append(groups, people{weight, cells[2], strings.Split(cells[3], ";"), strings.Split(cells[4], ";")})
	}
	return groups
})

// census draws people whose full names differ within one wing.
type census struct {
	random *rand.Rand
	seen   map[string]bool
}

func (c census) person() (given, family, language string) {
	for {
		home := c.group()
		given, family, language = pickOf(c.random, home.given), pickOf(c.random, home.family), "en"
		if chance(c.random, 12) {
			given = pickOf(c.random, c.group().given)
		}
		if home.language == "es" && chance(c.random, 45) {
			if second := pickOf(c.random, home.family); second != family {
				family += " " + second
			}
		}
		if chance(c.random, 70) {
			language = home.language
		}
		if full := given + " " + family; !c.seen[full] {
			c.seen[full] = true
			return given, family, language
		}
	}
}

func (c census) group() people {
	groups := namesOf()
	total := 0
	for _, group := range groups {
		total += group.weight
	}
	draw := c.random.IntN(total)
	for _, group := range groups {
		if draw -= group.weight; draw < 0 {
			return group
		}
	}
	return groups[0]
}

func pickOf(random *rand.Rand, list []string) string { return list[random.IntN(len(list))] }

// addPeople adds the homerooms of a wing with their teachers and students, then the other grown-ups.
func (s *School) addPeople(number int, random *rand.Rand) {
	names := census{random, map[string]bool{}}
	for i, base := range baseHomerooms {
		given, family := base.teacher, base.family
		if number > 0 {
			given, family, _ = names.person()
		}
		names.seen[given+" "+family] = true
		grade := GradeName(base.grade)
		name := grade + base.section + "-" + family
		if number > 0 {
			name += " " + strconv.Itoa(number+1)
		}
		s.Homerooms = append(s.Homerooms, Homeroom{Name: name, Grade: grade, Teacher: len(s.Patrons)})
		room := len(s.Homerooms) - 1
		s.addGrownUp(PatronTeacher, given, family, room)
		for range studentsIn(i) {
			s.addStudent(names, room)
		}
	}
	for i := range moreTeachers + aides {
		kind := PatronTeacher
		if i >= moreTeachers {
			kind = PatronAide
		}
		given, family, _ := names.person()
		s.addGrownUp(kind, given, family, -1)
	}
}

// studentsIn spreads the students evenly.
func studentsIn(homeroom int) int {
	rooms := len(baseHomerooms)
	return studentsPerWing*(homeroom+1)/rooms - studentsPerWing*homeroom/rooms
}

func (s *School) addStudent(names census, room int) {
	given, family, language := names.person()
	patron := s.newPatron(given, family)
	patron.Type, patron.Homeroom, patron.Grade, patron.Language = PatronStudent, room, s.Homerooms[room].Grade, language
	if chance(names.random, 94) {
		patron.GuardianEmail = "family." + patron.DistrictID + "@example.org"
	}
	s.Patrons = append(s.Patrons, patron)
}

func (s *School) addGrownUp(kind, given, family string, room int) {
	patron := s.newPatron(given, family)
	patron.Type, patron.Homeroom, patron.Language = kind, room, "en"
	patron.Email = "staff." + patron.DistrictID + "@example.org"
	s.Patrons = append(s.Patrons, patron)
}

func (s *School) newPatron(given, family string) Patron {
	number := len(s.Patrons) + 1
	return Patron{
		Barcode: labelBarcode(patronLabel, number), DistrictID: strconv.Itoa(400000 + number),
		FirstName: given, LastName: family,
	}
}
