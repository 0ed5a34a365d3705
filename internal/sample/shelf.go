package sample

import (
	"math/rand/v2"
	"slices"
	"time"
)

// shelf chooses what a reader takes home among the titles of one wing.
type shelf struct {
	school  *School
	wing    wing
	readers map[reader]pool
	grownUp pool
	copies  []span   // of items, by title
	months  []uint16 // by title: the months it belongs to, as bits; 0 for all year
	out     []bool   // by item
}

// reader is what decides from which titles a child chooses.
type reader struct {
	grade    int
	language string // MARC code
}

// pool is a list of titles with running sums of their weights, for drawing by weight.
type pool struct {
	titles []int
	sums   []float64
}

func (p *pool) add(title int, weight float64) {
	if len(p.sums) > 0 {
		weight += p.sums[len(p.sums)-1]
	}
	p.titles, p.sums = append(p.titles, title), append(p.sums, weight)
}

func (p pool) draw(random *rand.Rand) int {
	at := random.Float64() * p.sums[len(p.sums)-1]
	i, _ := slices.BinarySearch(p.sums, at)
	return p.titles[min(i, len(p.titles)-1)]
}

// seasons are the months in which a subject is asked for most.
var seasons = map[string][]time.Month{
	"Halloween":         {time.September, time.October},
	"Ghosts":            {time.October, time.November},
	"Thanksgiving":      {time.November},
	"Christmas":         {time.November, time.December},
	"Navidad":           {time.November, time.December},
	"Winter":            {time.December, time.January, time.February},
	"Snow":              {time.December, time.January, time.February},
	"African Americans": {time.January, time.February},
	"Poetry":            {time.April},
	"Poesía":            {time.April},
	"Seeds":             {time.April, time.May},
	"Summer":            {time.May, time.June},
}

func (s *School) newShelf(number int) *shelf {
	w := s.wings[number]
	titles := s.Titles[w.titles.from:w.titles.to]
	shelf := &shelf{
		school: s, wing: w, readers: map[reader]pool{},
		copies: make([]span, len(titles)), months: make([]uint16, len(titles)), out: make([]bool, w.items.to-w.items.from),
	}
	for i := w.items.from; i < w.items.to; i++ {
		copies := &shelf.copies[s.Items[i].Title-w.titles.from]
		if copies.to == 0 {
			copies.from = i
		}
		copies.to = i + 1
	}
	for i, weight := range s.taste(titles, number) {
		shelf.months[i] = monthsOf(titles[i])
		shelf.offer(i, titles[i], weight)
	}
	return shelf
}

// offer puts a title where its readers look. Equipment and teachers' books are not for children.
func (sh *shelf) offer(index int, title Title, weight float64) {
	if title.Type == TypeReference {
		return
	}
	sh.grownUp.add(index, weight)
	if title.Type == TypeObject || title.Type == TypeProfessional {
		return
	}
	for _, base := range baseHomerooms {
		if title.Grades.Fit(base.grade) {
			key := reader{base.grade, title.Language}
			pool := sh.readers[key]
			pool.add(index, weight)
			sh.readers[key] = pool
		}
	}
}

func monthsOf(title Title) (months uint16) {
	for _, subject := range title.Subjects {
		for _, month := range seasons[subject] {
			months |= 1 << month
		}
	}
	return months
}

// poolFor is where a patron looks this time. Families who speak Spanish borrow both languages.
func (sh *shelf) poolFor(patron Patron, grade int, random *rand.Rand) pool {
	if patron.Type != PatronStudent {
		return sh.grownUp
	}
	spanish := 2.0
	if patron.Language == "es" {
		spanish = 35
	}
	language := "eng"
	if chance(random, spanish) {
		language = "spa"
	}
	return sh.readers[reader{grade, language}]
}

// tries is how often a reader looks for something else when a book is out or not of the season.
const tries = 12

// take finds an item that is in, of a title the reader has not got already, and marks it as out.
func (sh *shelf) take(pool pool, has []holding, month time.Month, random *rand.Rand) (item int, ok bool) {
	for range tries {
		title := pool.draw(random)
		if months := sh.months[title]; months != 0 && months&(1<<month) == 0 && chance(random, 65) {
			continue
		}
		if slices.ContainsFunc(has, func(h holding) bool { return sh.titleOf(h.item) == title }) {
			continue
		}
		for item := sh.copies[title].from; item < sh.copies[title].to; item++ {
			if !sh.out[item-sh.wing.items.from] {
				sh.out[item-sh.wing.items.from] = true
				return item, true
			}
		}
	}
	return 0, false
}

func (sh *shelf) putBack(item int) { sh.out[item-sh.wing.items.from] = false }

func (sh *shelf) titleOf(item int) int { return sh.school.Items[item].Title - sh.wing.titles.from }
