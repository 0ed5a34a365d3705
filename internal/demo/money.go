package demo

import (
	"fmt"
	"time"

	"carrel/collections"
	"carrel/internal/budget"
	"carrel/internal/policy"
	"carrel/internal/staff"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"
)

// money gives the sample school a fiscal year with four funds, vendors, orders in each state, a grant whose books are lent, and wishes of a teacher.
func (l *loader) money() error {
	m := purse{loader: l, funds: map[string]string{}, vendors: map[string]string{}}
	for _, step := range []func() error{m.people, m.year, m.sellers, m.given, m.pastOrders, m.grant, m.openOrders, m.wishes} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// purse is the money of the sample school while it is made.
type purse struct {
	*loader
	librarian, teacher string // ids
	fiscal             collections.Year
	funds, vendors     map[string]string // ids by name
	acts               int
}

// people are the librarian, and who asks and who reads beside them.
func (m *purse) people() error {
	room := m.school.Homerooms[len(m.school.Homerooms)/2]
	name := m.school.Patrons[room.Teacher].FirstName + " " + m.school.Patrons[room.Teacher].LastName
	for address, account := range map[string]staff.Account{
		"ames@cedarhollow.example": {Name: "Principal Ames", Role: collections.Principal}, "class@cedarhollow.example": {Name: name, Role: collections.Teacher},
	} {
		account.Email, account.Password, account.Sample = address, Password, true
		if err := staff.Upsert(m.app, account); err != nil {
			return err
		}
	}
	for address, into := range map[string]*string{Email: &m.librarian, "class@cedarhollow.example": &m.teacher} {
		record, err := m.app.FindAuthRecordByEmail(collections.Staff, address)
		if err != nil {
			return err
		}
		*into = record.Id
	}
	return nil
}

// year is the one of today, from July to June.
func (m *purse) year() (err error) {
	first, _ := time.Parse(time.DateOnly, m.options.Today.String()) //nolint:errcheck // a day
	from := first.Year()
	if first.Month() < time.July {
		from--
	}
	m.fiscal, err = budget.SaveYear(m.app, "", collections.Year{
		Name: fmt.Sprintf("%d–%02d", from, (from+1)%100), Starts: policy.Date(from, time.July, 1), Ends: policy.Date(from+1, time.June, 30),
	})
	return err
}

func (m *purse) sellers() error {
	for _, vendor := range []collections.Vendor{
		{Name: "Follett", Account: "0047110", Email: "orders@follett.example", Phone: "555-0141", Address: "1340 Ridgeview Drive\nMcHenry, IL 60050", Discount: 1500},
		{Name: "Perma-Bound", Account: "CH-2210", Address: "617 East Vandalia Road\nJacksonville, IL 62650", Discount: 1000},
		{Name: "Demco", Account: "88120", Phone: "555-0126"}, {Name: "Scholastic", Note: "Book fair credit is spent here only."},
	} {
		saved, err := budget.SaveVendor(m.app, "", vendor)
		if err != nil {
			return err
		}
		m.vendors[vendor.Name] = saved.ID
	}
	return nil
}

func (m *purse) given() error {
	for i, fund := range []struct {
		collections.Fund
		cents int
	}{
		{collections.Fund{Name: "School budget", Kind: "allocation"}, 5_200_00},
		{collections.Fund{
			Name: "Title IV grant", Kind: "grant", Purpose: "Space for everyone", Funder: "Title IV, Part A", Award: "S424A-0187",
			SpendBy: m.options.Today.Add(45), ReportBy: m.options.Today.Add(59),
		}, 1_800_00},
		{collections.Fund{Name: "PTA gift", Kind: "gift"}, 1_000_00},
		{collections.Fund{Name: "Book fair credit", Kind: "fundraiser", Purpose: "Scholastic only"}, 600_00},
	} {
		fund.Year, fund.Position = m.fiscal.ID, i+1
		saved, err := budget.SaveFund(m.app, "", fund.Fund)
		if err != nil {
			return err
		}
		m.funds[fund.Name] = saved.ID
		if err := budget.Allocate(m.app, m.on(m.fiscal.Starts), saved.ID, fund.cents); err != nil {
			return err
		}
	}
	return nil
}

// on is an act of the librarian on a day, or today where that is still to come.
func (m *purse) on(day policy.Day) budget.Act {
	m.acts++
	return budget.Act{Key: fmt.Sprintf("sample-%06d", m.acts), At: min(day, m.options.Today).At(10, time.Local), Actor: m.librarian}
}

// bought is an order of the sample school.
type bought struct {
	vendor, name, fund string
	number             int // 0: the next
	shipping, tax      int
	standing           string
	lines              []collections.OrderLine
}

// order makes a draft on a day, brings it as far as the acts say, and answers its id.
func (m *purse) order(b bought, day policy.Day, acts ...string) (string, error) {
	number := ""
	if b.number > 0 {
		number = fmt.Sprintf("%s-%04d", m.fiscal.Ends.String()[2:4], b.number)
	}
	for i := range b.lines {
		b.lines[i].Fund = m.funds[b.fund]
	}
	saved, err := budget.SaveOrder(m.app, "", collections.Order{
		Year: m.fiscal.ID, Vendor: m.vendors[b.vendor], Number: number, Name: b.name, Shipping: b.shipping, Tax: b.tax, Standing: b.standing,
	}, b.lines)
	if err != nil {
		return "", err
	}
	made, err := types.ParseDateTime(day.At(9, time.Local))
	if err != nil {
		return "", err
	}
	if _, err := m.app.DB().Update(collections.BudgetOrders, dbx.Params{"created": made.String()}, dbx.HashExp{"id": saved.ID}).Execute(); err != nil {
		return "", err
	}
	for _, kind := range acts {
		if err := m.act(kind, saved.ID, day); err != nil {
			return "", err
		}
	}
	return saved.ID, nil
}

func (m *purse) act(kind, order string, day policy.Day) error {
	switch kind {
	case "approve":
		return budget.Approve(m.app, m.on(day), collections.Librarian, order)
	case "send":
		return budget.Send(m.app, m.on(day), order)
	case "cancel":
		return budget.Cancel(m.app, m.on(day), order)
	case "close":
		return budget.Close(m.app, m.on(day.Add(14)), order)
	}
	return m.receive(order, day.Add(10), 0)
}

// receive takes the rest of each line in, or all but so many pieces of it.
func (m *purse) receive(order string, day policy.Day, but int) error {
	view, err := budget.OrderByID(m.app, time.Now(), order)
	if err != nil {
		return err
	}
	pieces := map[string]int{}
	for _, line := range view.Lines {
		pieces[line.ID] = line.Pieces - but
	}
	_, err = budget.Receive(m.app, m.on(day), order, budget.Delivery{Pieces: pieces})
	return err
}

var throughAll = []string{"approve", "send", "receive", "close"}

// pastOrders are what was bought since the year began, by and by.
func (m *purse) pastOrders() error {
	gone := int(m.options.Today - m.fiscal.Starts)
	for i, cents := range []int{328_00, 410_50, 395_00, 352_00, 520_50, 486_00, 470_00} {
		day := m.fiscal.Starts.Add(gone * (i + 1) / 10)
		_, err := m.order(bought{vendor: "Follett", name: fmt.Sprintf("Books, list %d", i+1), fund: "School budget", lines: []collections.OrderLine{
			{Name: fmt.Sprintf("Books of list %d", i+1), Pieces: 10 + 3*i, Price: cents / (10 + 3*i)},
		}, shipping: cents % (10 + 3*i)}, day, throughAll...)
		if err != nil {
			return err
		}
	}
	if _, err := m.order(bought{vendor: "Demco", name: "Reading corner", fund: "PTA gift", lines: []collections.OrderLine{
		{Name: "Floor cushions", Pieces: 8, Price: 64_00},
	}}, m.fiscal.Starts.Add(gone/3), "approve", "send", "receive"); err != nil {
		return err
	}
	_, err := m.order(bought{vendor: "Perma-Bound", name: "Twice by mistake", fund: "School budget", lines: []collections.OrderLine{
		{Name: "Picture books", Pieces: 4, Price: 19_95},
	}}, m.fiscal.Starts.Add(gone/2), "approve", "cancel")
	return err
}

// grantBooks is how many copies the grant has bought.
const grantBooks = 38

// grant buys books that were lent since: copies of the school that were lent for the first time after they could have come.
func (m *purse) grant() error {
	came := min(m.fiscal.Starts.Add(14), m.options.Today)
	var copies []struct {
		Item  string `db:"item"`
		Title string `db:"title"`
		Name  string `db:"name"`
		ISBN  string `db:"isbn"`
	}
	err := m.app.DB().NewQuery(`SELECT i.id AS item, t.id AS title, t.title AS name, t.isbn FROM items i JOIN titles t ON t.id = i.title
		JOIN (SELECT item, COUNT(*) AS n, MIN(at) >= {:came} AS new FROM circ_events WHERE kind = 'check_out' GROUP BY item) e ON e.item = i.id
		GROUP BY t.id ORDER BY e.new AND e.n > 2 DESC, ABS(e.n - 6), i.id LIMIT {:n}`).Bind(dbx.Params{"came": came.String(), "n": grantBooks}).All(&copies)
	if err != nil || len(copies) == 0 {
		return err
	}
	const cents = 904_00
	each := cents / len(copies)
	lines := make([]collections.OrderLine, len(copies))
	for i, one := range copies {
		lines[i] = collections.OrderLine{Name: one.Name, Title: one.Title, ISBN: one.ISBN, Pieces: 1, Price: each}
	}
	order, err := m.order(bought{vendor: "Perma-Bound", name: "Space for everyone", fund: "Title IV grant", lines: lines, shipping: cents - each*len(copies)},
		m.fiscal.Starts.Add(3), throughAll...)
	if err != nil {
		return err
	}
	view, err := budget.OrderByID(m.app, time.Now(), order)
	if err != nil {
		return err
	}
	for i, line := range view.Lines {
		_, err := m.app.DB().Update(collections.Items, dbx.Params{
			"order_line": line.ID, "price_cents": line.Spent, "currency": "USD", "fund": "Title IV grant", "vendor": "Perma-Bound", "acquired": came.String(),
		}, dbx.HashExp{"id": copies[i].Item}).Execute()
		if err != nil {
			return err
		}
	}
	return nil
}

// openOrders are what is under way: sent, late, partly here, approved and still a draft.
func (m *purse) openOrders() error {
	today := m.options.Today
	spring := []collections.OrderLine{}
	var titles []collections.Title
	err := m.app.DB().Select("*").From(collections.Titles).Where(dbx.HashExp{"merged_into": ""}).OrderBy("id").Limit(8).All(&titles)
	if err != nil {
		return err
	}
	for i, title := range titles {
		spring = append(spring, collections.OrderLine{Name: title.Title, Title: title.ID, ISBN: title.ISBN, Pieces: 6 - i/6, Price: 21_95})
	}
	if _, err := m.order(bought{vendor: "Follett", name: "46 books, spring list", fund: "School budget", number: 441, lines: spring, shipping: 30},
		today.Add(-9), "approve", "send"); err != nil {
		return err
	}
	if _, err := m.order(bought{vendor: "Perma-Bound", name: "space unit", fund: "Title IV grant", number: 418, lines: []collections.OrderLine{
		{Name: "Books for the space unit", Pieces: 20, Price: 20_63},
	}}, today.Add(-45), "approve", "send"); err != nil {
		return err
	}
	demco, err := m.order(bought{vendor: "Demco", name: "labels, book tape", fund: "PTA gift", number: 402, lines: []collections.OrderLine{
		{Name: "Labels and book tape, a box", Pieces: 3, Price: 84_00},
	}}, today.Add(-21), "approve", "send")
	if err != nil {
		return err
	}
	if err := m.receive(demco, today.Add(-6), 1); err != nil {
		return err
	}
	if _, err := m.order(bought{vendor: "Follett", name: "the newspaper", fund: "School budget", number: 436, standing: "monthly", lines: []collections.OrderLine{
		{Name: "The newspaper, a month", Pieces: 1, Price: 18_00},
	}}, today.Add(-4), "approve"); err != nil {
		return err
	}
	_, err = m.order(bought{vendor: "Scholastic", name: "book fair picks", fund: "Book fair credit", number: 437, lines: []collections.OrderLine{
		{Name: "Books from the fair", Pieces: 10, Price: 23_05},
	}}, today.Add(-3))
	return err
}

// wishes are what a teacher asked for, of which one was declined.
func (m *purse) wishes() error {
	for i, wish := range []collections.Request{
		{Name: "A book on the James Webb telescope", Why: "We look at its pictures every Friday.", For: "4B"},
		{Name: "Frog and Toad Are Friends", Author: "Lobel, Arnold", Why: "Ours fell apart.", For: "4B"},
		{Name: "A poster of the periodic table", For: "4B"},
	} {
		wish.Staff = m.teacher
		asked, err := budget.Ask(m.app, fmt.Sprintf("sample-wish-%d", i), wish)
		if err != nil {
			return err
		}
		if i < 2 {
			continue
		}
		seen, err := types.ParseDateTime(asked.Updated)
		if err != nil {
			return err
		}
		_, err = budget.AnswerRequest(m.app, asked.ID, budget.Answer{Updated: seen, State: "declined", Text: "The science room has one that you can borrow."})
		if err != nil {
			return err
		}
	}
	return nil
}
