package sample

import "carrel/internal/policy"

// Lesson is a lesson that the sample librarian teaches. Grades are from K to 5.
type Lesson struct {
	Title, Goal, Kind string
	From, To          string
	Steps             []LessonStep
	Needs             string   // in most of its sessions
	Together          string   // what is done with the teacher
	Standards         []string // codes of Carrel's own list
	Check             []Check  // what students answer before and after
	Materials         []Material
}

// LessonStep is a part of a lesson with its minutes.
type LessonStep struct {
	Text    string
	Minutes int
}

// Check is a question of a check, with a choice of answers of which the first is right. Of a class of 23, Before and After are how many percent could answer it.
type Check struct {
	Skill, SkillES string
	Ask            string
	Choices        []string
	Before, After  int
}

// Material is what a lesson needs: an address, or with none a text to print.
type Material struct{ Name, URL, Text string }

// Lessons are what Cedar Hollow teaches in a year. The first is the one that 4B has these days.
var Lessons = []Lesson{
	{
		Title: "Is this site true?", Goal: "Open a second tab, look up who made a site, and say if they would trust it.", Kind: "information", From: "3", To: "5",
		Standards: []string{"C3.4", "C3.2", "C3.3"},
		Steps: []LessonStep{
			{"Warm-up: two octopus sites, thumbs up or down", 6}, {"Model: leave the page, ask “who says?”", 10},
			{"Pairs: check one site, fill the card", 16}, {"Exit check, 4 questions", 6},
		},
		Needs: "14 Chromebooks", Together: "planned,taught",
		Materials: []Material{
			{Name: "Octopus card", Text: "Who made this site?\n___\nWhat does another site say about them?\n___\nWould you trust it? Why?\n___"},
			{Name: "Save the Pacific Northwest Tree Octopus", URL: "https://zapatopi.net/treeoctopus/"},
		},
		Check: []Check{
			{"Spots an ad or sponsor", "Reconoce un anuncio o patrocinador", "A page about sneakers says at the bottom: “Brought to you by FastFeet shoes.” What is it?",
				[]string{"An ad that looks like a report", "A report by a newspaper", "A school project"}, 41, 83},
			{"Checks who made the site", "Averigua quién hizo el sitio", "You find a site about whales. What tells you most about who made it?",
				[]string{"What other sites say about its maker", "How nice its pictures are", "That its name ends in .org"}, 28, 75},
			{"Looks at a second source", "Mira una segunda fuente", "A site says that octopuses live in trees. What do you do first?",
				[]string{"Look it up on another site", "Read the page once more", "Tell a friend"}, 22, 71},
			{"Says why a claim is weak", "Dice por qué una afirmación es débil", "“Everybody knows that sharks never sleep.” Why is this weak?",
				[]string{"It names nobody who found it out", "It is too short", "Sharks are fish"}, 17, 54},
		},
	},
	{
		Title: "Cite it right", Goal: "Write down where a fact came from, so that somebody else finds it again.", Kind: "research", From: "4", To: "5",
		Standards: []string{"C4.3"},
		Steps:     []LessonStep{{"A fact without a source: who can find it?", 8}, {"Author, title, year: find them in three books", 14}, {"Write two sources of your own", 14}, {"Swap and find", 4}},
	},
	{
		Title: "Dewey detectives", Goal: "Find a book by its number without asking.", Kind: "research", From: "2", To: "4",
		Standards: []string{"C2.1", "C2.2"},
		Steps:     []LessonStep{{"Ten cases, ten classes", 8}, {"In pairs: solve four cases on the shelves", 22}, {"What was hard to find?", 5}},
	},
	{
		Title: "Primary sources", Goal: "Tell a letter or a picture of the time from what was written about it later.", Kind: "research", From: "5", To: "5",
		Standards: []string{"C3.5"},
		Steps:     []LessonStep{{"Look: what do you see, what do you think, what do you wonder?", 10}, {"Stations with four sources", 24}, {"Which one would you believe, and why?", 6}},
		Together:  "planned,taught",
	},
	{
		Title: "Check the AI", Goal: "Look up one claim of a machine’s answer in two other places.", Kind: "citizenship", From: "4", To: "5",
		Standards: []string{"C3.6"},
		Steps:     []LessonStep{{"An answer that sounds right", 8}, {"Underline the claims", 8}, {"Look one up, twice", 18}, {"What did the machine not know?", 6}},
		Needs:     "26 Chromebooks", Together: "planned,taught,assessed",
	},
	{
		Title: "Story of a seed", Goal: "Tell a story in its order: first, then, at last.", Kind: "reading", From: "K", To: "1",
		Standards: []string{"C6.1"},
		Steps:     []LessonStep{{"Read aloud", 12}, {"Put five pictures in order", 12}, {"Tell it to a neighbor", 6}},
	},
	{
		Title: "Inside a book", Goal: "Name the parts of a book and what each is for.", Kind: "reading", From: "1", To: "2",
		Standards: []string{"C4.2"},
		Steps:     []LessonStep{{"Cover, spine, title page: touch them", 10}, {"Table of contents treasure hunt", 18}, {"Make a cover", 7}},
	},
	{
		Title: "Fairy tales around the world", Goal: "Compare one story from two places.", Kind: "reading", From: "2", To: "3",
		Standards: []string{"C6.2"},
		Steps:     []LessonStep{{"Read two Cinderellas", 16}, {"Same and different", 14}, {"Which one would you take home?", 5}}, Together: "planned",
	},
	{
		Title: "Passwords and privacy", Goal: "Say what belongs to me alone, and make a password that holds.", Kind: "citizenship", From: "3", To: "5",
		Standards: []string{"C5.2", "C5.3"},
		Steps:     []LessonStep{{"What would you tell a stranger?", 10}, {"Three words and a number", 14}, {"Sort: share, ask, keep", 11}}, Together: "supported",
	},
}

// Planned is an entry of the weekly calendar of the sample school. Day is the weekday from 0 for Monday, From and Until are minutes of the day, Homeroom is an index
// among those of a wing, -1 for none.
type Planned struct {
	Day, From, Until int
	Homeroom         int
	Kind             string // lesson, checkout, making or closed
	Lesson           int    // index in Lessons, of a lesson
	Weeks            []int  // from the week of today, which is 0; nil for every week of the school year
	Name, Place      string
	Needs            string
}

// Week is the week of Cedar Hollow: what comes every week, and what comes around today. Day cycles are left to the calendar.
var Week = []Planned{
	{Day: 0, From: 8*60 + 50, Until: 9*60 + 25, Homeroom: 1, Kind: "checkout"},
	{Day: 1, From: 8*60 + 50, Until: 9*60 + 25, Homeroom: 2, Kind: "checkout"},
	{Day: 1, From: 13*60 + 45, Until: 14*60 + 20, Homeroom: 0, Kind: "checkout"},
	{Day: 2, From: 10*60 + 40, Until: 11*60 + 15, Homeroom: 3, Kind: "checkout"},
	{Day: 3, From: 8*60 + 50, Until: 9*60 + 25, Homeroom: 5, Kind: "checkout"},
	{Day: 4, From: 8*60 + 50, Until: 9*60 + 25, Homeroom: 4, Kind: "checkout"},

	{Day: 1, From: 10*60 + 30, Until: 11*60 + 10, Homeroom: 4, Kind: "lesson", Lesson: 0, Weeks: []int{0, 1}},
	{Day: 3, From: 10*60 + 30, Until: 11*60 + 10, Homeroom: 4, Kind: "lesson", Lesson: 0, Weeks: []int{-1, 0}},
	{Day: 0, From: 9*60 + 40, Until: 10*60 + 20, Homeroom: 5, Kind: "lesson", Lesson: 1, Weeks: []int{0}},
	{Day: 2, From: 9*60 + 40, Until: 10*60 + 20, Homeroom: 5, Kind: "lesson", Lesson: 1, Weeks: []int{0}},
	{Day: 4, From: 9*60 + 40, Until: 10*60 + 20, Homeroom: 5, Kind: "lesson", Lesson: 1, Weeks: []int{0}},
	{Day: 0, From: 10*60 + 40, Until: 11*60 + 20, Homeroom: 3, Kind: "lesson", Lesson: 2, Weeks: []int{0, 2}},
	{Day: 1, From: 12*60 + 45, Until: 13*60 + 25, Homeroom: 5, Kind: "lesson", Lesson: 3, Weeks: []int{-2, -1, 0, 1, 2, 3}},
	{Day: 3, From: 12*60 + 45, Until: 13*60 + 25, Homeroom: 5, Kind: "lesson", Lesson: 4, Weeks: []int{0}},
	{Day: 4, From: 13*60 + 40, Until: 14*60 + 15, Homeroom: 0, Kind: "lesson", Lesson: 5, Weeks: []int{0, 1}},

	{Day: 0, From: 12*60 + 45, Until: 13*60 + 25, Homeroom: 5, Kind: "making", Name: "Podcast booth", Place: "Makerspace", Weeks: []int{-1, 0, 1, 2}},
	{Day: 1, From: 14*60 + 30, Until: 15*60 + 10, Homeroom: -1, Kind: "making", Name: "Open lab", Place: "Makerspace"},
	{Day: 3, From: 14*60 + 10, Until: 15*60 + 10, Homeroom: -1, Kind: "making", Name: "Laser cutter training", Place: "Makerspace", Needs: "4 of 6 places", Weeks: []int{0}},
	{Day: 2, From: 12*60 + 30, Until: 14*60 + 55, Homeroom: -1, Kind: "closed", Name: "State testing", Weeks: []int{0}},
}

// yearly is how the rest of the year goes: each homeroom has its lessons in turn, one every other week.
var yearly = [][]int{{5, 6}, {6, 5, 7}, {7, 2, 6}, {2, 8, 0, 7}, {8, 2, 0, 1}, {1, 8, 3, 4}}

// slots are the hours of those lessons: weekday and minute for each homeroom.
var slots = [][2]int{{4, 13*60 + 40}, {2, 9*60 + 40}, {3, 9*60 + 40}, {0, 10*60 + 40}, {3, 10*60 + 30}, {1, 12*60 + 45}}

// lessonLength is how long those take, in minutes.
const lessonLength = 40

// sinceSummer is how many days into a school year the one before is still in the calendar: at its start nothing would have been taught.
const sinceSummer = 75

// Session is an entry of the sample school's calendar on its day.
type Session struct {
	Planned
	On policy.Day
}

// Sessions are what is in the calendar of the school year of today, and six weeks ahead: nothing on a closed day. Only the first six homerooms are taught.
func (s *School) Sessions() []Session {
	calendar := s.Calendar()
	monday := s.today - policy.Day((int(s.today.Weekday())+6)%7)
	first := int(summer(schoolYear(s.today.Add(-sinceSummer))).Until-monday)/7 + 1
	sessions := []Session{}
	for week := min(first, 0); week <= 6; week++ {
		for _, planned := range append(Week[:len(Week):len(Week)], inTurn(week)...) {
			on := monday.Add(7*week + planned.Day)
			if calendar.IsOpen(on) && planned.in(week) {
				sessions = append(sessions, Session{planned, on})
			}
		}
	}
	return sessions
}

func (p Planned) in(week int) bool {
	if p.Weeks == nil {
		return true
	}
	for _, one := range p.Weeks {
		if one == week {
			return true
		}
	}
	return false
}

// inTurn are the lessons of a week that is not one of those around today.
func inTurn(week int) (lessons []Planned) {
	if week >= -2 && week <= 3 {
		return nil
	}
	for room, turn := range yearly {
		if (week+room)%2 != 0 {
			continue
		}
		round := (week + 200 + room) / 2
		lessons = append(lessons, Planned{
			Day: slots[room][0], From: slots[room][1], Until: slots[room][1] + lessonLength, Homeroom: room, Kind: "lesson", Lesson: turn[round%len(turn)],
		})
	}
	return lessons
}
