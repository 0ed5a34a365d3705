package budget

import (
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/ledger"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// OrderView is an order as its screens know it. Amounts are whole cents.
type OrderView struct {
	ID         string        `json:"id"`
	Updated    string        `json:"updated"`
	Year       string        `json:"year"`
	Vendor     Named         `json:"vendor"`
	Number     string        `json:"number"`
	Name       string        `json:"name"`
	State      ledger.State  `json:"state"`
	Late       bool          `json:"late"`
	Waits      string        `json:"waits"` // the role that has to approve it, or nothing
	Discount   int           `json:"discount"`
	Shipping   int           `json:"shipping"`
	Tax        int           `json:"tax"`
	Total      int           `json:"total"`
	Spent      int           `json:"spent"`
	Encumbered int           `json:"encumbered"`
	Note       string        `json:"note"`
	Standing   string        `json:"standing"`
	Again      policy.Day    `json:"again"` // of a standing order: when the next one is made
	Expected   policy.Day    `json:"expected"`
	ApprovedAt string        `json:"approved_at"`
	ApprovedBy string        `json:"approved_by"`
	SentAt     string        `json:"sent_at"`
	EndedAt    string        `json:"ended_at"`
	Age        int           `json:"age"` // days since it was sent, else since it was made
	Pieces     int           `json:"pieces"`
	Received   int           `json:"received"`
	Lines      []LineView    `json:"lines,omitempty"`
	Invoices   []InvoiceView `json:"invoices,omitempty"`
	Acts       []ActView     `json:"acts,omitempty"`
}

// LineView is one line of an order.
type LineView struct {
	ID         string    `json:"id"`
	Fund       Named     `json:"fund"`
	Title      *TitleRef `json:"title"`
	Name       string    `json:"name"`
	ISBN       string    `json:"isbn"`
	Pieces     int       `json:"pieces"`
	Price      int       `json:"price"`
	Total      int       `json:"total"` // with its share of discount, shipping and tax
	Received   int       `json:"received"`
	Spent      int       `json:"spent"`
	Encumbered int       `json:"encumbered"`
	Request    string    `json:"request"`
	Note       string    `json:"note"`
	Items      int       `json:"items"` // copies that came with it and are still there
}

// TitleRef names a title.
type TitleRef struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// InvoiceView is an invoice of an order.
type InvoiceView struct {
	ID     string     `json:"id"`
	Number string     `json:"number"`
	Day    policy.Day `json:"day"`
	Amount int        `json:"amount"`
	Note   string     `json:"note"`
}

// ActView is what was done with an order.
type ActView struct {
	Key      string `json:"key"`
	Kind     string `json:"kind"`
	At       string `json:"at"`
	By       string `json:"by"`
	Reason   string `json:"reason"`
	Reversed bool   `json:"reversed"`
	Undoable bool   `json:"undoable"` // nothing was done with the order since
}

// orderRow is an order with what its lines add up to.
type orderRow struct {
	collections.Order
	VendorName string `db:"vendor_name"`
	Approver   string `db:"approver"`
	Net        int    `db:"net"`
	Spent      int    `db:"spent"`
	Encumbered int    `db:"encumbered"`
	Pieces     int    `db:"pieces"`
	Received   int    `db:"received"`
}

const orderColumns = `SELECT o.*, v.name AS vendor_name, COALESCE(s.name, '') AS approver, COALESCE(SUM(l.pieces * l.price), 0) AS net, COALESCE(SUM(l.spent), 0) AS spent,
	COALESCE(SUM(l.encumbered), 0) AS encumbered, COALESCE(SUM(l.pieces), 0) AS pieces, COALESCE(SUM(l.received), 0) AS received
	FROM budget_orders o JOIN budget_vendors v ON v.id = o.vendor LEFT JOIN staff s ON s.id = o.approved_by LEFT JOIN budget_lines l ON l.order_id = o.id`

// sight is what orders are seen with.
type sight struct {
	today    policy.Day
	zone     *time.Location
	approval string
}

func look(app core.App, now time.Time) (sight, error) {
	day, house, err := today(app, now)
	if err != nil {
		return sight{}, err
	}
	settings, err := site.LoadBudget(app)
	return sight{day, house.Calendar.Zone, settings.Approval}, err
}

func (s sight) order(row orderRow) OrderView {
	view := OrderView{
		ID: row.ID, Updated: row.Updated.String(), Year: row.Year, Vendor: Named{row.Vendor, row.VendorName}, Number: row.Number, Name: row.Name, State: row.State,
		Late: s.late(row.Order), Discount: row.Discount, Shipping: row.Shipping, Tax: row.Tax, Spent: row.Spent, Encumbered: row.Encumbered, Note: row.Note,
		Standing: row.Standing, Again: row.Again, Expected: row.Expected, ApprovedAt: instant(row.ApprovedAt), ApprovedBy: row.Approver, SentAt: instant(row.SentAt),
		EndedAt: instant(row.EndedAt), Pieces: row.Pieces, Received: row.Received,
	}
	if row.Pieces > 0 {
		view.Total = row.Net - min(row.Discount, row.Net) + row.Shipping + row.Tax
	}
	if row.State == ledger.Draft && s.approval != site.ApprovalNone {
		view.Waits = s.approval
	}
	since := row.SentAt
	if since.IsZero() {
		since = row.Created
	}
	view.Age = int(max(0, s.today-policy.DayOf(since.Time(), s.zone)))
	return view
}

// lateDays is how long an order may be open before somebody asks the vendor.
const lateDays = 45

// late tells whether an order has been open for too long, or longer than the vendor said.
func (s sight) late(order collections.Order) bool {
	if !order.State.Open() {
		return false
	}
	return s.today >= policy.DayOf(order.SentAt.Time(), s.zone).Add(lateDays) || order.Expected != 0 && order.Expected < s.today
}

// Wanted says which orders are meant: of a year (empty for any), in a state (empty for any, "open" for those that have not ended), with words.
type Wanted struct {
	Year, State, Words string
	Page               Page
}

// OrderList is a page of orders, with how many there are and what they hold in all.
type OrderList struct {
	Orders []OrderView `json:"orders"`
	Total  int         `json:"totalItems"`
	Held   int         `json:"held"`
}

func (w Wanted) where() (string, dbx.Params) {
	where, params := "TRUE", dbx.Params{}
	if w.Year != "" {
		where += " AND o.year = {:year}"
		params["year"] = w.Year
	}
	switch w.State {
	case "", "all":
	case "open":
		where += " AND o.state IN ('draft', 'approved', 'sent', 'partly_received')"
	case "ended":
		where += " AND o.state IN ('received', 'closed', 'cancelled')"
	default:
		where += " AND o.state = {:state}"
		params["state"] = w.State
	}
	for i, word := range strings.Fields(w.Words) {
		name := "w" + string(rune('a'+i%26)) + string(rune('a'+i/26%26))
		where += ` AND (instr(carrel_fold(o.number), carrel_fold({:` + name + `})) OR instr(carrel_fold(o.name), carrel_fold({:` + name + `}))
			OR EXISTS (SELECT 1 FROM budget_vendors WHERE id = o.vendor AND instr(carrel_fold(name), carrel_fold({:` + name + `})))
			OR EXISTS (SELECT 1 FROM budget_lines WHERE order_id = o.id AND (instr(carrel_fold(name), carrel_fold({:` + name + `})) OR isbn = {:` + name + `})))`
		params[name] = word
	}
	return where, params
}

// Orders lists orders, the newest first.
func Orders(app core.App, now time.Time, wanted Wanted) (list OrderList, err error) {
	list.Orders = []OrderView{}
	s, err := look(app, now)
	if err != nil {
		return list, err
	}
	where, params := wanted.where()
	err = app.DB().NewQuery("SELECT COUNT(DISTINCT o.id), COALESCE(SUM(l.encumbered), 0) FROM budget_orders o LEFT JOIN budget_lines l ON l.order_id = o.id WHERE "+where).
		Bind(params).Row(&list.Total, &list.Held)
	if err != nil {
		return list, err
	}
	page := wanted.Page.tidy()
	params["limit"], params["offset"] = page.PerPage, page.offset()
	var rows []orderRow
	err = app.DB().NewQuery(orderColumns + " WHERE " + where + " GROUP BY o.id ORDER BY o.created DESC, o.number DESC LIMIT {:limit} OFFSET {:offset}").Bind(params).All(&rows)
	for _, row := range rows {
		list.Orders = append(list.Orders, s.order(row))
	}
	return list, err
}

// OrderByID shows one order with its lines, its invoices and what was done with it, the newest first: fault.NotFound.
func OrderByID(app core.App, now time.Time, id string) (view OrderView, err error) {
	if _, err := byID[collections.Order](app, "budget.OrderByID", id, "id"); err != nil {
		return view, err
	}
	s, err := look(app, now)
	if err != nil {
		return view, err
	}
	var rows []orderRow
	if err := app.DB().NewQuery(orderColumns + " WHERE o.id = {:id} GROUP BY o.id").Bind(dbx.Params{"id": id}).All(&rows); err != nil {
		return view, err
	}
	view = s.order(rows[0])
	if view.Lines, err = lineViews(app, rows[0].Order); err != nil {
		return view, err
	}
	if view.Acts, err = actViews(app, id); err != nil {
		return view, err
	}
	bills, err := collections.All[collections.Invoice](app, "order_id = {:order}", "day, number", dbx.Params{"order": id})
	for _, bill := range bills {
		view.Invoices = append(view.Invoices, InvoiceView{bill.ID, bill.Number, bill.Day, bill.Cents, bill.Note})
	}
	return view, err
}

func lineViews(app core.App, order collections.Order) ([]LineView, error) {
	var rows []struct {
		collections.OrderLine
		FundName  string `db:"fund_name"`
		TitleName string `db:"title_name"`
		Items     int    `db:"items"`
	}
	err := app.DB().NewQuery(`SELECT l.*, f.name AS fund_name, COALESCE(t.title, '') AS title_name,
			(SELECT COUNT(*) FROM items WHERE order_line = l.id AND order_line != '') AS items
		FROM budget_lines l JOIN budget_funds f ON f.id = l.fund LEFT JOIN titles t ON t.id = l.title WHERE l.order_id = {:order} ORDER BY l.position, l.id`).
		Bind(dbx.Params{"order": order.ID}).All(&rows)
	if err != nil {
		return nil, err
	}
	plain := make([]ledger.Line, len(rows))
	for i, row := range rows {
		plain[i] = ledger.Line{Pieces: row.Pieces, Price: row.Price}
	}
	totals := ledger.Totals(plain, ledger.Costs{Discount: order.Discount, Shipping: order.Shipping, Tax: order.Tax})
	views := make([]LineView, 0, len(rows))
	for i, row := range rows {
		view := LineView{
			ID: row.ID, Fund: Named{row.Fund, row.FundName}, Name: row.Name, ISBN: row.ISBN, Pieces: row.Pieces, Price: row.Price, Total: totals[i],
			Received: row.Received, Spent: row.Spent, Encumbered: row.Encumbered, Request: row.Request, Note: row.Note, Items: row.Items,
		}
		if row.Title != "" {
			view.Title = &TitleRef{row.Title, row.TitleName}
		}
		views = append(views, view)
	}
	return views, nil
}

// ofOrder are the acts on an order, also those that moved it to another year with others.
const ofOrder = `(about = {:order} OR kind = 'roll' AND EXISTS (SELECT 1 FROM json_each(data, '$.rolled') WHERE json_each.key = {:order}))`

func actViews(app core.App, order string) ([]ActView, error) {
	var rows []struct {
		collections.BudgetAct
		By       string `db:"by_name"`
		Reversed bool   `db:"reversed"`
	}
	err := app.DB().NewQuery(`SELECT budget_acts.*, COALESCE(s.name, '') AS by_name,
			EXISTS (SELECT 1 FROM budget_acts AS undo WHERE undo.reverses = budget_acts.id) AS reversed
		FROM budget_acts LEFT JOIN staff s ON s.id = actor WHERE ` + ofOrder + ` AND kind != 'undo' ORDER BY seq DESC`).Bind(dbx.Params{"order": order}).All(&rows)
	if err != nil {
		return nil, err
	}
	views, newest := make([]ActView, 0, len(rows)), true
	for _, row := range rows {
		views = append(views, ActView{row.Key, row.Kind, instant(row.At), row.By, row.Reason, row.Reversed, newest && !row.Reversed})
		newest = newest && row.Reversed
	}
	return views, nil
}
