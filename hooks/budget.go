package hooks

import (
	"net/http"
	"strconv"
	"time"

	"carrel/collections"
	"carrel/internal/budget"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"
)

const budgetPath = "/api/carrel/budget"

var (
	// moneyRoles read what the library's money does. Who of them approves orders is a setting.
	moneyRoles = []collections.Role{collections.Librarian, collections.Principal, collections.Coordinator}
	wishRoles  = []collections.Role{collections.Librarian, collections.Teacher}
)

// budgetRoutes are the library's money: years, funds and their ledger, vendors, orders, and what teachers ask for.
func (d *Door) budgetRoutes() []Route {
	return []Route{
		{http.MethodGet, budgetPath, moneyRoles, d.budget},
		{http.MethodPost, budgetPath + "/years", onlyHead, d.addYear},
		{http.MethodPatch, budgetPath + "/years/{id}", onlyHead, d.changeYear},
		{http.MethodPost, budgetPath + "/years/{id}/roll", onlyHead, d.rollYear},
		{http.MethodPost, budgetPath + "/funds", onlyHead, d.addFund},
		{http.MethodGet, budgetPath + "/funds/{id}", moneyRoles, d.fund},
		{http.MethodPatch, budgetPath + "/funds/{id}", onlyHead, d.changeFund},
		{http.MethodPost, budgetPath + "/allocations", onlyHead, d.allocate},
		{http.MethodPost, budgetPath + "/transfers", onlyHead, d.transfer},
		{http.MethodPost, budgetPath + "/adjustments", onlyHead, d.adjust},
		{http.MethodPost, budgetPath + "/undo", onlyHead, d.undoMoney},
		{http.MethodGet, budgetPath + "/vendors", moneyRoles, d.vendors},
		{http.MethodPost, budgetPath + "/vendors", onlyHead, d.addVendor},
		{http.MethodPatch, budgetPath + "/vendors/{id}", onlyHead, d.changeVendor},
		{http.MethodGet, budgetPath + "/orders", moneyRoles, d.orders},
		{http.MethodPost, budgetPath + "/orders", onlyHead, d.addOrder},
		{http.MethodGet, budgetPath + "/orders/{id}", moneyRoles, d.order},
		{http.MethodPut, budgetPath + "/orders/{id}", onlyHead, d.changeOrder},
		{http.MethodPost, budgetPath + "/orders/{id}/approve", moneyRoles, d.approveOrder},
		{http.MethodPost, budgetPath + "/orders/{id}/send", onlyHead, d.actOnOrder(budget.Send)},
		{http.MethodPost, budgetPath + "/orders/{id}/receive", onlyHead, d.receiveOrder},
		{http.MethodPost, budgetPath + "/orders/{id}/invoices", onlyHead, d.addInvoice},
		{http.MethodPost, budgetPath + "/orders/{id}/records", onlyHead, d.matchRecords},
		{http.MethodPost, budgetPath + "/orders/{id}/close", onlyHead, d.actOnOrder(budget.Close)},
		{http.MethodPost, budgetPath + "/orders/{id}/cancel", onlyHead, d.actOnOrder(budget.Cancel)},
		{http.MethodGet, budgetPath + "/orders.csv", moneyRoles, d.ordersFile},
		{http.MethodGet, budgetPath + "/ledger.csv", moneyRoles, d.ledgerFile},
		{http.MethodGet, budgetPath + "/orders/{id}/order.pdf", moneyRoles, d.printOrder},
		{http.MethodGet, budgetPath + "/cost", moneyRoles, d.costPerLoan},
		{http.MethodGet, budgetPath + "/funds/{id}/report", moneyRoles, d.grantReport},
		{http.MethodGet, budgetPath + "/requests", wishRoles, d.wishes},
		{http.MethodPost, budgetPath + "/requests", wishRoles, d.addWish},
		{http.MethodPatch, budgetPath + "/requests/{id}", onlyHead, d.answerWish},
		{http.MethodGet, "/api/carrel/settings/budget", onlyHead, d.budgetSettings},
		{http.MethodPut, "/api/carrel/settings/budget", onlyHead, d.saveBudgetSettings},
	}
}

// moneyBody is what the body of every act about money has.
type moneyBody struct {
	Key      string `json:"key"`
	Reason   string `json:"reason"`
	Override bool   `json:"override"` // against a fund that is short, with a reason
}

func (b moneyBody) act(e *core.RequestEvent, needed ...string) (budget.Act, error) {
	act := budget.Act{Key: b.Key, At: time.Now(), Actor: e.Auth.Id, Reason: b.Reason, Override: b.Override}
	return act, required(append([]string{"key", b.Key}, needed...)...)
}

type warningOfMoney struct {
	Kind    string `json:"kind"`
	Fund    string `json:"fund,omitempty"`
	Order   string `json:"order,omitempty"`
	Cents   int    `json:"cents"`
	Days    int    `json:"days"`
	Message string `json:"message"`
}

// budget answers a fiscal year at a glance, and what the one who asks may do.
func (d *Door) budget(e *core.RequestEvent) error {
	now := time.Now()
	view, err := budget.Overview(e.App, now, e.Request.URL.Query().Get("year"))
	if err != nil {
		return err
	}
	found, err := budget.Warnings(e.App, now)
	if err != nil {
		return err
	}
	warnings := make([]warningOfMoney, 0, len(found))
	for _, w := range found {
		warnings = append(warnings, warningOfMoney{w.Kind, w.Fund, w.Order, w.Cents, w.Days, w.Text.In(langOf(e))})
	}
	approve, err := budget.MayApprove(e.App, roleOf(e))
	if err != nil {
		return err
	}
	return ok(e, struct {
		budget.OverviewView
		Warnings []warningOfMoney `json:"warnings"`
		May      map[string]bool  `json:"may"`
	}{view, warnings, map[string]bool{"order": isHead(e), "approve": approve}})
}

type yearBody struct {
	Key    string `json:"key"`
	Name   string `json:"name"`
	Starts string `json:"starts"`
	Ends   string `json:"ends"`
	Closed *bool  `json:"closed"`
}

func (b yearBody) year(year collections.Year) (collections.Year, error) {
	year.Name = b.Name
	if err := readDays(dayField{"starts", b.Starts, &year.Starts}, dayField{"ends", b.Ends, &year.Ends}); err != nil {
		return year, err
	}
	if b.Closed != nil && *b.Closed == year.ClosedAt.IsZero() {
		year.ClosedAt = types.DateTime{}
		if *b.Closed {
			year.ClosedAt = types.NowDateTime()
		}
	}
	return year, nil
}

// dayField is a day of a body, and where it is kept.
type dayField struct {
	name, text string
	into       *policy.Day
}

// readDays reads days; the first that is none is refused at its field.
func readDays(fields ...dayField) (err error) {
	for _, field := range fields {
		if *field.into, err = parseDay(field.name, field.text); err != nil {
			return err
		}
	}
	return nil
}

func (d *Door) addYear(e *core.RequestEvent) error {
	var body yearBody
	if err := read(e, &body); err != nil {
		return err
	}
	body.Closed = nil
	year, err := body.year(collections.Year{})
	if err != nil {
		return err
	}
	if year, err = budget.SaveYear(e.App, keyOf(e, body.Key), year); err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"year": budget.ShowYear(year)})
}

// changeYear changes what the body names and leaves the rest.
func (d *Door) changeYear(e *core.RequestEvent) error {
	year, err := budget.YearByID(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	body := yearBody{Name: year.Name, Starts: year.Starts.String(), Ends: year.Ends.String()}
	if err := read(e, &body); err != nil {
		return err
	}
	if year, err = body.year(year); err != nil {
		return err
	}
	if year, err = budget.SaveYear(e.App, "", year); err != nil {
		return err
	}
	return ok(e, map[string]any{"year": budget.ShowYear(year)})
}

// rollYear moves open orders to another year; ?dry_run=1 only tells what that would do.
func (d *Door) rollYear(e *core.RequestEvent) error {
	var body struct {
		moneyBody
		To     string   `json:"to"`
		Orders []string `json:"orders"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	dry := e.Request.URL.Query().Get("dry_run") != ""
	if dry {
		body.Key = "preview:" + security.RandomString(16)
	}
	act, err := body.act(e, "to", body.To)
	if err != nil {
		return err
	}
	rolled, err := budget.Roll(e.App, act, e.Request.PathValue("id"), body.To, body.Orders, dry)
	if err != nil {
		return err
	}
	return ok(e, rolled)
}

type fundBody struct {
	moneyBody
	Updated  string `json:"updated"`
	Year     string `json:"year"`
	Name     string `json:"name"`
	Kind     string `json:"kind"`
	Purpose  string `json:"purpose"`
	Funder   string `json:"funder"`
	Award    string `json:"award"`
	SpendBy  string `json:"spend_by"`
	ReportBy string `json:"report_by"`
	Amount   int    `json:"amount"`
	Position int    `json:"position"`
}

func (b fundBody) fund(fund collections.Fund) (collections.Fund, error) {
	fund.Name, fund.Kind, fund.Purpose, fund.Funder, fund.Award, fund.Position = b.Name, b.Kind, b.Purpose, b.Funder, b.Award, b.Position
	return fund, readDays(dayField{"spend_by", b.SpendBy, &fund.SpendBy}, dayField{"report_by", b.ReportBy, &fund.ReportBy})
}

// addFund makes a fund, with its first allocation where an amount is given.
func (d *Door) addFund(e *core.RequestEvent) error {
	var body fundBody
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "year", body.Year)
	if err != nil {
		return err
	}
	fund, err := body.fund(collections.Fund{Year: body.Year})
	if err != nil {
		return err
	}
	if fund, err = budget.AddFund(e.App, act, fund, body.Amount); err != nil {
		return err
	}
	return answerFund(e, http.StatusCreated, fund.ID)
}

func answerFund(e *core.RequestEvent, status int, id string) error {
	view, err := budget.FundByID(e.App, time.Now(), id)
	if err != nil {
		return err
	}
	return e.JSON(status, map[string]any{"fund": view})
}

// fund answers a fund with a page of what happened to it.
func (d *Door) fund(e *core.RequestEvent) error {
	id := e.Request.PathValue("id")
	view, err := budget.FundByID(e.App, time.Now(), id)
	if err != nil {
		return err
	}
	entries, total, err := budget.History(e.App, id, pageOf(e))
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"fund": view, "entries": entries, "totalItems": total})
}

// changeFund changes what the body names and leaves the rest. Its year and its money are not changed here.
func (d *Door) changeFund(e *core.RequestEvent) error {
	id := e.Request.PathValue("id")
	was, err := budget.FundByID(e.App, time.Now(), id)
	if err != nil {
		return err
	}
	body := fundBody{
		Name: was.Name, Kind: was.Kind, Purpose: was.Purpose, Funder: was.Funder, Award: was.Award, SpendBy: was.SpendBy.String(), ReportBy: was.ReportBy.String(),
		Position: was.Position,
	}
	if err := read(e, &body); err != nil {
		return err
	}
	seen, err := seenAt(body.Updated)
	if err != nil {
		return err
	}
	fund, err := body.fund(collections.Fund{ID: id, Updated: seen, Year: was.Year})
	if err != nil {
		return err
	}
	_, err = budget.SaveFund(e.App, "", fund)
	if since, changed := changedSince(err); changed {
		current, err := budget.FundByID(e.App, time.Now(), id)
		if err != nil {
			return err
		}
		return answerChanged(e, since, current)
	}
	if err != nil {
		return err
	}
	return answerFund(e, http.StatusOK, id)
}

func (d *Door) allocate(e *core.RequestEvent) error {
	return moveMoney(e, func(act budget.Act, body moneyMove) error { return budget.Allocate(e.App, act, body.Fund, body.Amount) })
}

func (d *Door) transfer(e *core.RequestEvent) error {
	return moveMoney(e, func(act budget.Act, body moneyMove) error {
		return budget.Transfer(e.App, act, body.From, body.To, body.Amount)
	})
}

func (d *Door) adjust(e *core.RequestEvent) error {
	return moveMoney(e, func(act budget.Act, body moneyMove) error { return budget.Adjust(e.App, act, body.Fund, body.Amount) })
}

type moneyMove struct {
	moneyBody
	Fund   string `json:"fund"`
	From   string `json:"from"`
	To     string `json:"to"`
	Amount int    `json:"amount"`
}

// moveMoney does an act on funds alone, and answers them.
func moveMoney(e *core.RequestEvent, do func(budget.Act, moneyMove) error) error {
	var body moneyMove
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e)
	if err != nil {
		return err
	}
	if err := do(act, body); err != nil {
		return err
	}
	funds, err := budget.FundsOf(e.App, act.At, act.Key)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"funds": funds})
}

// undoMoney takes an act back, and answers the order it was about and the funds it moved.
func (d *Door) undoMoney(e *core.RequestEvent) error {
	var body struct {
		moneyBody
		Act string `json:"act"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "act", body.Act)
	if err != nil {
		return err
	}
	if err := budget.Undo(e.App, body.Act, act); err != nil {
		return err
	}
	funds, err := budget.FundsOf(e.App, act.At, body.Act)
	if err != nil {
		return err
	}
	answer := map[string]any{"funds": funds}
	about, err := budget.OrderOf(e.App, body.Act)
	if err != nil {
		return err
	}
	if about != "" {
		if answer["order"], err = budget.OrderByID(e.App, act.At, about); err != nil {
			return err
		}
	}
	return ok(e, answer)
}

func (d *Door) budgetSettings(e *core.RequestEvent) error {
	settings, err := site.LoadBudget(e.App)
	if err != nil {
		return err
	}
	return ok(e, settings)
}

// saveBudgetSettings changes what the body names and leaves the rest.
func (d *Door) saveBudgetSettings(e *core.RequestEvent) error {
	settings, err := site.LoadBudget(e.App)
	if err != nil {
		return err
	}
	if err := read(e, &settings); err != nil {
		return err
	}
	if settings, err = budget.SaveSettings(e.App, settings); err != nil {
		return err
	}
	return ok(e, settings)
}

// keyOf is the key of a call as far as it is of the one who calls.
func keyOf(e *core.RequestEvent, key string) string {
	if key == "" {
		return ""
	}
	return e.Auth.Id + ":" + key
}

// seenAt reads the updated of what somebody looked at before changing it.
func seenAt(updated string) (types.DateTime, error) {
	if err := required("updated", updated); err != nil {
		return types.DateTime{}, err
	}
	at, err := types.ParseDateTime(updated)
	if err != nil || at.IsZero() {
		return at, fault.New("hooks.seenAt", fault.Invalid, "desk.bad_time").At("updated")
	}
	return at, nil
}

// pageOf reads ?page= and ?perPage=; what is no number is the usual one.
func pageOf(e *core.RequestEvent) budget.Page {
	asked := e.Request.URL.Query()
	page, _ := strconv.Atoi(asked.Get("page"))       //nolint:errcheck // not a number is the first page
	perPage, _ := strconv.Atoi(asked.Get("perPage")) //nolint:errcheck // not a number is the usual size
	return budget.Page{Page: page, PerPage: perPage}
}
