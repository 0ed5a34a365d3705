package hooks

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"carrel/internal/budget"
	"carrel/internal/print"
	saying "carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// ordersFile and ledgerFile are for a district's finance system: ?year= an id, or all. docs/finance.md has their columns.
func (d *Door) ordersFile(e *core.RequestEvent) error {
	return financeFile(e, "orders.csv", budget.OrdersCSV)
}

func (d *Door) ledgerFile(e *core.RequestEvent) error {
	return financeFile(e, "ledger.csv", budget.LedgerCSV)
}

// financeFile sends a file once all of it is written: one that breaks off would look whole.
func financeFile(e *core.RequestEvent, name string, write func(core.App, io.Writer, string) error) error {
	var file bytes.Buffer
	if err := write(e.App, &file, e.Request.URL.Query().Get("year")); err != nil {
		return err
	}
	fileHeaders(e, name, "text/csv; charset=utf-8")
	return e.Blob(http.StatusOK, "text/csv; charset=utf-8", file.Bytes())
}

// printOrder prints a purchase order in the school's language, or ?language=.
func (d *Door) printOrder(e *core.RequestEvent) error {
	var lang saying.Lang
	if asked := e.Request.URL.Query().Get("language"); asked != "" {
		lang = saying.LangOf(asked)
	}
	return answerPDF(e, "order.pdf", func(w io.Writer, warn func(print.Warning)) error {
		return budget.PrintOrder(e.App, w, e.Request.PathValue("id"), lang, warn, time.Now())
	})
}

// costPerLoan tells what copies cost for each loan: ?by=fund, class or year, ?year= an id.
func (d *Door) costPerLoan(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	cost, err := budget.CostPerLoan(e.Request.Context(), e.App, time.Now(), orElse(asked, "by", budget.ByFund), asked.Get("year"))
	if err != nil {
		return err
	}
	return ok(e, cost)
}

func (d *Door) grantReport(e *core.RequestEvent) error {
	grant, err := budget.GrantReport(e.Request.Context(), e.App, time.Now(), e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return ok(e, grant)
}
