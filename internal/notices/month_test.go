package notices

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/testkit"

	"github.com/pocketbase/dbx"
)

// month lives through six weeks at a school whose power fails and whose mail server fails at random, and keeps a ledger of its own: what each
// family should hear of, and what it did.
type month struct {
	*school
	random   *rand.Rand
	now      time.Time
	server   *mailServer
	moods    *moods
	families []household
	books    []*book
	expected map[expectation]map[*book]int // the step to be told
	read     int                           // messages checked
	ran      policy.Day                    // the last day of a run
	heard    map[string]int                // messages by kind and step
	troubles map[string]int
	subjects map[string]wordingKey
}

type household struct {
	patron    collections.Patron
	addresses []string
	forgetful bool // nothing ever comes back
}

// moods are those of the mail server.
type moods struct {
	mu       sync.Mutex
	random   *rand.Rand
	fates    map[string]string // of the last message to an address that was not answered: swallowed or lost
	reliable bool
}

// book is a loan as the ledger knows it.
type book struct {
	loan  collections.Loan
	title string
	owner household
	told  map[string]int // by kind, due date and address: the highest step
}

// expectation is something of one kind that an address should hear.
type expectation struct{ address, kind string }

func newMonth(t *testing.T, seed uint64) *month {
	m := &month{
		school: newSchool(t), random: rand.New(rand.NewPCG(seed, 5)),
		moods: &moods{random: rand.New(rand.NewPCG(seed, 6)), fates: map[string]string{}}, expected: map[expectation]map[*book]int{},
		heard: map[string]int{}, troubles: map[string]int{}, subjects: map[string]wordingKey{},
	}
	m.decide(func(n *site.Notices) {
		n.Profile, n.Disclosure.Guardians = site.DiscloseTitle, site.DiscloseTitle // so that the mails say what they are about
		n.Kinds.DueSoon.On = true
	})
	for _, closed := range []string{"2026-11-26", "2026-11-27"} {
		m.Closed(day(t, closed))
	}
	for _, key := range wordingKeys() {
		subject, _, err := shippedWords(key)
		if err != nil {
			t.Fatal(err)
		}
		m.subjects[strings.ReplaceAll(subject, "{{.School}}", "Cedar Hollow Library")] = wordingKey{key.kind, min(key.step, worded[key.kind]), key.lang}
	}
	m.server = startServer(t)
	m.server.behave(m.moods.greet, m.moods.take)
	m.mailTo(m.server)
	for i := range 14 {
		guardians := fmt.Sprintf("family%d@home.example", i)
		switch i {
		case 1:
			guardians = "family0@home.example" // a sister
		case 2:
			guardians += "; father2@home.example"
		case 3:
			guardians = "" // on paper
		}
		child := m.child(fmt.Sprint("Child", i), guardians)
		child.Language = []string{"en", "es"}[i/2%2]
		m.Save(child)
		m.families = append(m.families, household{child, split(guardians), i == 0 || i == 6})
	}
	return m
}

func (m *month) chance(percent int) bool { return m.random.IntN(100) < percent }

// greet and take are the mail server's moods.
func (m *moods) greet(string) reply {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.mood(map[int]reply{70: fine, 80: {text: "451 4.3.0 Later"}, 90: {}, 95: {text: "421 Bye", hangUp: true}})
}

func (m *moods) take(to string) reply {
	m.mu.Lock()
	defer m.mu.Unlock()
	answer := m.mood(map[int]reply{70: fine, 80: {text: "451 4.3.0 Later"}, 87: {}, 94: {swallow: true}, 97: {text: "421 Bye", hangUp: true}})
	switch {
	case answer.swallow:
		m.fates[to] = "swallowed"
	case answer.text == "":
		m.fates[to] = "lost"
	}
	return answer
}

func (m *moods) mood(moods map[int]reply) reply {
	if m.reliable {
		return fine
	}
	dice := m.random.IntN(100)
	for _, below := range slices.Sorted(maps.Keys(moods)) {
		if dice < below {
			return moods[below]
		}
	}
	return fine
}

func (m *moods) fateOf(address string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fates[address]
}

func (m *moods) calm() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reliable = true
}

// isOpen is the calendar as the ledger knows it.
func isOpen(on policy.Day) bool {
	weekend := on.Weekday() == time.Saturday || on.Weekday() == time.Sunday
	return !weekend && on.String() != "2026-11-26" && on.String() != "2026-11-27"
}

func openDaysIn(after, until policy.Day) (n int) {
	for on := after + 1; on <= until; on++ {
		if isOpen(on) {
			n++
		}
	}
	return n
}

func (b *book) out() bool { return b.loan.State == collections.LoanOpen && b.loan.Claim == "" }

// due is the step that a book has reached, of each kind.
func (b *book) steps(today policy.Day) map[string]int {
	due := b.loan.Due
	switch {
	case !b.out():
	case today <= due && openDaysIn(today, due) <= 2:
		return map[string]int{kindDueSoon: 1}
	case today > due && openDaysIn(due, today) > 0:
		step := 1
		for i, days := range []int{14, 28} {
			if int(today-due) >= days {
				step = i + 2
			}
		}
		return map[string]int{kindOverdue: step}
	}
	return nil
}

// expect is the run of a morning in the ledger.
func (m *month) expect(today policy.Day) {
	for _, one := range m.books {
		for kind, step := range one.steps(today) {
			for _, address := range one.owner.addresses {
				told := fmt.Sprint(kind, one.loan.Due, address)
				if step <= one.told[told] {
					continue
				}
				one.told[told] = step
				of := expectation{address, kind}
				if m.expected[of] == nil {
					m.expected[of] = map[*book]int{}
				}
				m.expected[of][one] = step
			}
		}
	}
}

// forget drops what there is nothing to tell of any more.
func (m *month) forget(today policy.Day) {
	for of, books := range m.expected {
		maps.DeleteFunc(books, func(b *book, _ int) bool { return b.steps(today)[of.kind] == 0 })
	}
}

// look is a look at the clock, if the power is on.
func (m *month) look(today policy.Day, hour, minute int) {
	m.now = today.At(hour, m.zone()).Add(time.Duration(minute) * time.Minute)
	if m.chance(20) {
		m.cutPower()
	}
	if isOpen(today) && hour >= 7 && m.ran != today {
		m.ran = today
		m.expect(today)
	}
	m.forget(today)
	if err := tick(context.Background(), m.App, func() time.Time { return m.now }); err != nil {
		m.T.Fatal(err)
	}
	m.check(today)
	m.settleUnknown()
}

func (m *month) zone() *time.Location { return newYork(m.T, "2026-11-01 00:00").Location() }

// cutPower ends the app as it is and opens its folder again.
func (m *month) cutPower() {
	dir := m.App.DataDir()
	if err := m.App.ResetBootstrapState(); err != nil {
		m.T.Fatal(err)
	}
	m.App = testkit.Open(m.T, dir)
	m.troubles["power cuts"]++
}

var hatchet = regexp.MustCompile(`Hatchet \d+`)

// check holds each new mail against the ledger.
func (m *month) check(today policy.Day) {
	for ; m.read < m.server.total(); m.read++ {
		message := m.server.message(m.read)
		to, err := mail.ParseAddress(message.Header.Get("To"))
		if err != nil {
			m.T.Fatal(err)
		}
		subject := decoded(m.T, message.Header.Get("Subject"))
		said, known := m.subjects[subject]
		of := expectation{to.Address, said.kind}
		var got, want []string
		step := 0
		for book, reached := range m.expected[of] {
			want = append(want, book.title)
			step = max(step, reached)
		}
		text := parts(m.T, message)["text/plain; charset=utf-8"]
		got = append(got, hatchet.FindAllString(text, -1)...)
		slices.Sort(got)
		slices.Sort(want)
		at, err := message.Header.Date()
		switch {
		case err != nil || !known:
			m.T.Fatalf("%q: %v", subject, err)
		case !isOpen(today) || !at.Equal(m.now) || at.Hour() < 7:
			m.T.Errorf("a mail of %s: the school is closed or asleep", at)
		case !slices.Equal(got, want) || said.step != step:
			m.T.Errorf("%s, %s to %s: %v at step %d, not %v at step %d", at, said.kind, to.Address, got, said.step, want, step)
		case said.lang != m.languageAt(to.Address):
			m.T.Errorf("%s reads %s", to.Address, said.lang)
		}
		delete(m.expected, of)
		m.heard[fmt.Sprint(said.kind, " ", said.step, " ", said.lang)]++
	}
}

func (m *month) languageAt(address string) say.Lang {
	for _, family := range m.families {
		if slices.Contains(family.addresses, address) {
			return say.Lang(family.patron.Language)
		}
	}
	return ""
}

// settleUnknown is the librarian, who asks the families whether what nobody knows of arrived.
func (m *month) settleUnknown() {
	for _, notice := range m.notices() {
		if notice.State != collections.NoticeUnknown {
			continue
		}
		fate := m.moods.fateOf(notice.Recipient)
		m.troubles["unknown and "+fate]++
		if fate == "swallowed" {
			notice.State = collections.NoticeSent
			if err := collections.Update(m.App, notice); err != nil {
				m.T.Fatal(err)
			}
		} else if err := SendAgain(m.App, notice.ID, m.now); err != nil {
			m.T.Fatal(err)
		}
	}
}

// atTheDesk is what happens on an open day: books go out, come back, are renewed, and some are claimed to be back.
func (m *month) atTheDesk(today policy.Day) {
	for _, book := range m.books {
		late := today > book.loan.Due
		switch {
		case !book.out() || !late && m.chance(60) || book.owner.forgetful:
		case m.chance(10):
			book.loan.State, book.loan.ReturnedAt = collections.LoanReturned, dateTime(m.now)
		case m.chance(6):
			book.loan.Claim, book.loan.ClaimedAt = collections.ClaimReturned, dateTime(m.now)
		case m.chance(4):
			book.loan.Due = m.dueAfter(today)
		}
		m.update(book.loan)
	}
	for range m.random.IntN(5) {
		m.lendTo(m.families[m.random.IntN(len(m.families))], m.dueAfter(today))
	}
}

func (m *month) dueAfter(today policy.Day) policy.Day {
	due := today.Add(2 + m.random.IntN(9))
	for !isOpen(due) {
		due++
	}
	return due
}

func (m *month) lendTo(family household, due policy.Day) {
	loan := m.lend(family.patron, due.String())
	m.books = append(m.books, &book{loan: loan, owner: family, title: fmt.Sprintf("Hatchet 3%07d", m.serial), told: map[string]int{}})
}

func TestSixWeeksOfMisfortune(t *testing.T) {
	for range 2 {
		seed := rand.Uint64()
		t.Run(fmt.Sprint(seed), func(t *testing.T) { newMonth(t, seed).live(day(t, "2026-11-02"), day(t, "2026-12-11")) })
	}
}

func (m *month) live(first, last policy.Day) {
	for _, family := range m.families {
		m.lendTo(family, first.Add(m.random.IntN(4)))
	}
	for today := first; today <= last; today++ {
		from := 0
		switch {
		case today == last:
			m.moods.calm()
		case m.chance(15):
			from = 24 // off all day
		case m.chance(25):
			from = 11
		}
		for _, at := range [][2]int{{6, 30}, {7, 0}, {7, 5}, {7, 25}, {9, 10}, {11, 15}, {12, 20}, {14, 0}, {17, 40}, {22, 15}} {
			if at[0] < from {
				continue
			}
			if at[0] == 11 && isOpen(today) {
				m.atTheDesk(today)
			}
			m.look(today, at[0], at[1])
		}
	}
	for of, books := range m.expected {
		if len(books) > 0 {
			m.T.Errorf("%s never heard of %d books, %s", of.address, len(books), of.kind)
		}
	}
	var waiting int
	err := m.App.DB().NewQuery("SELECT COUNT(*) FROM notices WHERE channel = {:mail} AND state NOT IN ('sent', 'cancelled')").Bind(dbx.Params{"mail": channelMail}).Row(&waiting)
	if err != nil || waiting > 0 {
		m.T.Errorf("%d notices by mail are neither sent nor dropped, %v", waiting, err)
	}
	m.T.Logf("%d books, %d mails: %v; %v", len(m.books), m.read, m.heard, m.troubles)
	for _, happened := range []string{"overdue 1 en", "overdue 1 es", "overdue 2 en", "overdue 2 es", "overdue 3 en", "overdue 3 es", "due_soon 1 en", "due_soon 1 es"} {
		if m.heard[happened] == 0 {
			m.T.Errorf("nobody ever heard %s: the month proves nothing", happened)
		}
	}
}
