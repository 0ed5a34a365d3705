package budget

import (
	"cmp"
	"io"
	"strconv"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/labels"
	"carrel/internal/money"
	"carrel/internal/policy"
	"carrel/internal/print"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

// PrintOrder writes an order as a purchase order: fault.NotFound (id). Without a language it is in the school's.
func PrintOrder(app core.App, w io.Writer, id string, lang say.Lang, warn func(print.Warning), now time.Time) error {
	order, err := OrderByID(app, now, id)
	if err != nil {
		return err
	}
	_, house, err := today(app, now)
	if err != nil {
		return err
	}
	paper, err := labels.LoadPaper(app)
	if err != nil {
		return err
	}
	vendor, err := VendorByID(app, order.Vendor.ID)
	if err != nil {
		return err
	}
	settings, err := site.LoadBudget(app)
	if err != nil {
		return err
	}
	p := orderPaper{order: order, vendor: vendor, settings: settings, house: house, lang: cmp.Or(lang, house.School.Language)}
	sheet := p.sheet()
	sheet.At, sheet.Paper, sheet.Warn = now, paper.Size, warn
	return print.Orders(w, sheet)
}

// orderPaper is an order on its way to paper.
type orderPaper struct {
	order    OrderView
	vendor   collections.Vendor
	settings site.Budget
	house    site.House
	lang     say.Lang
}

func (p orderPaper) say(key string, args ...any) string {
	return say.T("budget.paper."+key, args...).In(p.lang)
}

func (p orderPaper) amount(cents int) string {
	return money.Amount{Cents: cents, Currency: p.house.Fees.Currency}.In(p.lang)
}

func (p orderPaper) sheet() print.PurchaseOrder {
	sheet := print.PurchaseOrder{
		School: p.house.School.Name, Heading: p.say("heading"), Number: p.order.Number, Facts: p.facts(), Note: p.order.Note, Sign: p.say("sign"), Pages: p.say("pages"),
		Columns: [6]string{"", p.say("what"), p.say("isbn"), p.say("pieces"), p.say("price"), p.say("amount")},
		Parties: []print.Party{{Heading: p.say("vendor"), Lines: append([]string{p.vendor.Name}, linesIn(p.vendor.Address)...)}},
	}
	for _, party := range []struct{ key, address string }{{"bill_to", p.settings.BillTo}, {"ship_to", cmp.Or(p.settings.ShipTo, p.settings.BillTo)}} {
		lines := linesIn(party.address)
		if len(lines) == 0 {
			lines = []string{p.house.School.Name}
		}
		sheet.Parties = append(sheet.Parties, print.Party{Heading: p.say(party.key), Lines: lines})
	}
	net := 0
	for i, line := range p.order.Lines {
		net += line.Pieces * line.Price
		sheet.Lines = append(sheet.Lines, [6]string{
			strconv.Itoa(i + 1), line.Name, line.ISBN, strconv.Itoa(line.Pieces), p.amount(line.Price), p.amount(line.Pieces * line.Price),
		})
	}
	sheet.Sums = p.sums(net)
	return sheet
}

func (p orderPaper) facts() [][2]string {
	day := p.order.SentAt
	if day != "" {
		at, _ := time.Parse(time.RFC3339, day) //nolint:errcheck // it was just written so
		day = policy.DayOf(at, p.house.Calendar.Zone).String()
	} else {
		day = p.say("not_sent")
	}
	facts := [][2]string{{p.say("day"), day}}
	for _, fact := range [][2]string{
		{"account", p.vendor.Account}, {"expected", p.order.Expected.String()}, {"name", p.order.Name}, {"email", p.vendor.Email}, {"phone", p.vendor.Phone},
		{"approved_by", p.order.ApprovedBy},
	} {
		if fact[1] != "" {
			facts = append(facts, [2]string{p.say(fact[0]), fact[1]})
		}
	}
	return facts
}

// sums leave out what is nothing; the total is always there.
func (p orderPaper) sums(net int) [][2]string {
	sums := [][2]string{{p.say("subtotal"), p.amount(net)}}
	for _, sum := range []struct {
		key   string
		cents int
	}{{"discount", -min(p.order.Discount, net)}, {"shipping", p.order.Shipping}, {"tax", p.order.Tax}} {
		if sum.cents != 0 {
			sums = append(sums, [2]string{p.say(sum.key), p.amount(sum.cents)})
		}
	}
	return append(sums, [2]string{p.say("total"), p.amount(p.order.Total)})
}

func linesIn(text string) (lines []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
