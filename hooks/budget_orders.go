package hooks

import (
	"net/http"
	"time"

	"carrel/collections"
	"carrel/internal/budget"
	"carrel/internal/imports"
	"carrel/internal/live"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
)

type orderBody struct {
	Key      string     `json:"key"`
	Updated  string     `json:"updated"`
	Year     string     `json:"year"`
	Vendor   string     `json:"vendor"`
	Number   string     `json:"number"`
	Name     string     `json:"name"`
	Discount int        `json:"discount"`
	Shipping int        `json:"shipping"`
	Tax      int        `json:"tax"`
	Note     string     `json:"note"`
	Standing string     `json:"standing"`
	Expected string     `json:"expected"`
	Lines    []lineBody `json:"lines"`
}

type lineBody struct {
	ID      string `json:"id"`
	Fund    string `json:"fund"`
	Title   string `json:"title"`
	Name    string `json:"name"`
	ISBN    string `json:"isbn"`
	Pieces  int    `json:"pieces"`
	Price   int    `json:"price"`
	Request string `json:"request"`
	Note    string `json:"note"`
}

func (b orderBody) order(order collections.Order) (collections.Order, []collections.OrderLine, error) {
	order.Year, order.Vendor, order.Number, order.Name = b.Year, b.Vendor, b.Number, b.Name
	order.Discount, order.Shipping, order.Tax, order.Note, order.Standing = b.Discount, b.Shipping, b.Tax, b.Note, b.Standing
	lines := make([]collections.OrderLine, 0, len(b.Lines))
	for _, line := range b.Lines {
		lines = append(lines, collections.OrderLine{
			ID: line.ID, Fund: line.Fund, Title: line.Title, Name: line.Name, ISBN: line.ISBN, Pieces: line.Pieces, Price: line.Price, Request: line.Request, Note: line.Note,
		})
	}
	return order, lines, readDays(dayField{"expected", b.Expected, &order.Expected})
}

// orders lists orders: ?year=, ?state= (open, ended, all or one of the states), ?q= words or a number.
func (d *Door) orders(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	found, err := budget.Orders(e.App, time.Now(), budget.Wanted{Year: asked.Get("year"), State: asked.Get("state"), Words: asked.Get("q"), Page: pageOf(e)})
	if err != nil {
		return err
	}
	return ok(e, found)
}

func (d *Door) order(e *core.RequestEvent) error {
	return answerOrder(e, http.StatusOK, e.Request.PathValue("id"))
}

func answerOrder(e *core.RequestEvent, status int, id string) error {
	order, err := budget.OrderByID(e.App, time.Now(), id)
	if err != nil {
		return err
	}
	return e.JSON(status, map[string]any{"order": order})
}

func (d *Door) addOrder(e *core.RequestEvent) error {
	var body orderBody
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("key", body.Key, "year", body.Year, "vendor", body.Vendor); err != nil {
		return err
	}
	order, lines, err := body.order(collections.Order{})
	if err != nil {
		return err
	}
	saved, err := budget.SaveOrder(e.App, keyOf(e, body.Key), order, lines)
	if err != nil {
		return err
	}
	return answerOrder(e, http.StatusCreated, saved.ID)
}

// changeOrder replaces a draft with all its lines.
func (d *Door) changeOrder(e *core.RequestEvent) error {
	id := e.Request.PathValue("id")
	var body orderBody
	if err := read(e, &body); err != nil {
		return err
	}
	seen, err := seenAt(body.Updated)
	if err != nil {
		return err
	}
	order, lines, err := body.order(collections.Order{ID: id, Updated: seen})
	if err != nil {
		return err
	}
	_, err = budget.SaveOrder(e.App, "", order, lines)
	if since, changed := changedSince(err); changed {
		current, err := budget.OrderByID(e.App, time.Now(), id)
		if err != nil {
			return err
		}
		return answerChanged(e, since, current)
	}
	if err != nil {
		return err
	}
	return answerOrder(e, http.StatusOK, id)
}

// actOnOrder does an act that needs nothing but the order.
func (d *Door) actOnOrder(do func(core.App, budget.Act, string) error) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		var body moneyBody
		if err := read(e, &body); err != nil {
			return err
		}
		act, err := body.act(e)
		if err != nil {
			return err
		}
		id := e.Request.PathValue("id")
		if err := do(e.App, act, id); err != nil {
			return err
		}
		return answerOrder(e, http.StatusOK, id)
	}
}

func (d *Door) approveOrder(e *core.RequestEvent) error {
	return d.actOnOrder(func(app core.App, act budget.Act, id string) error { return budget.Approve(app, act, roleOf(e), id) })(e)
}

// receiveOrder takes pieces in, and makes copies of those that are to become some.
func (d *Door) receiveOrder(e *core.RequestEvent) error {
	var body struct {
		moneyBody
		budget.Delivery
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e)
	if err != nil {
		return err
	}
	id := e.Request.PathValue("id")
	came, err := budget.Receive(e.App, act, id, body.Delivery)
	if err != nil {
		return taken(e, err)
	}
	if len(came.Items) > 0 {
		live.Tell(e.App, live.Items, live.Titles)
	}
	order, err := budget.OrderByID(e.App, act.At, id)
	if err != nil {
		return err
	}
	return ok(e, struct {
		Order budget.OrderView `json:"order"`
		budget.Came
	}{order, came})
}

// matchRecords takes a vendor's file of MARC records as the body.
func (d *Door) matchRecords(e *core.RequestEvent) error {
	body := e.Request.Body
	if copied, ok := body.(*router.RereadableReadCloser); ok {
		body = copied.ReadCloser
	}
	name := imports.NameOf(e.Request.URL.Query().Get("file"))
	matched, err := budget.MatchRecords(e.Request.Context(), e.App, e.Request.PathValue("id"), name, http.MaxBytesReader(e.Response, body, imports.MaxFile+1))
	if err != nil {
		return err
	}
	if matched.Titles > 0 {
		live.Tell(e.App, live.Titles)
	}
	return ok(e, matched)
}

// addInvoice enters a vendor's invoice. One for another amount than came asks first; accept says that it is right.
func (d *Door) addInvoice(e *core.RequestEvent) error {
	var body struct {
		moneyBody
		Number string `json:"number"`
		Day    string `json:"day"`
		Amount int    `json:"amount"`
		Note   string `json:"note"`
		Accept bool   `json:"accept"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "number", body.Number)
	if err != nil {
		return err
	}
	bill := budget.Bill{Number: body.Number, Cents: body.Amount, Note: body.Note, Accept: body.Accept}
	if err := readDays(dayField{"day", body.Day, &bill.Day}); err != nil {
		return err
	}
	id := e.Request.PathValue("id")
	if err := budget.Invoice(e.App, act, id, bill); err != nil {
		return err
	}
	return answerOrder(e, http.StatusOK, id)
}
