package hooks

import (
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/inventory"
	"carrel/internal/labels"
	"carrel/internal/print"

	"github.com/pocketbase/pocketbase/core"
)

type inventoryAnswer struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Location string `json:"location"` // id
	From     string `json:"from"`
	To       string `json:"to"`
	State    string `json:"state"`
	Started  string `json:"started_at"`
	Ended    string `json:"ended_at"`
}

func answerInventory(walk collections.Inventory) inventoryAnswer {
	return inventoryAnswer{
		walk.ID, walk.Name, walk.Location, walk.From, walk.To, walk.State, rfc3339(walk.Started.Time()), rfc3339(walk.Ended.Time()),
	}
}

func (d *Door) inventories(e *core.RequestEvent) error {
	walks, err := inventory.List(e.App)
	if err != nil {
		return err
	}
	answers := make([]inventoryAnswer, 0, len(walks))
	for _, walk := range walks {
		answers = append(answers, answerInventory(walk))
	}
	return ok(e, map[string]any{"inventories": answers})
}

func (d *Door) startInventory(e *core.RequestEvent) error {
	var body struct {
		Name     string `json:"name"`
		Location string `json:"location"`
		From     string `json:"from"`
		To       string `json:"to"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	stretch := inventory.Stretch{Name: body.Name, Location: body.Location, From: body.From, To: body.To}
	walk, err := inventory.Start(e.App, stretch, time.Now())
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"inventory": answerInventory(walk)})
}

func (d *Door) inventoryReport(e *core.RequestEvent) error {
	found, err := inventory.Report(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return ok(e, found)
}

// scan keeps one scan along the shelf; a code without an item is kept too.
func (d *Door) scan(e *core.RequestEvent) error {
	var body struct {
		actBody
		Code string `json:"code"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "code", body.Code)
	if err != nil {
		return err
	}
	scanned, err := desk.Scan(e.App, desk.ScanRequest{Act: act, Inventory: e.Request.PathValue("id"), Code: body.Code})
	if err != nil {
		return err
	}
	return d.answerScan(e, scanned)
}

// wrongAnswer is one thing to do about a scanned book.
type wrongAnswer struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// answerScan tells whoever stands at the shelf what is wrong with the book.
func (d *Door) answerScan(e *core.RequestEvent, scanned desk.Scanned) error {
	seen, err := inventory.Look(e.App, e.Request.PathValue("id"), scanned.Item, e.Auth.Id, scanned.Found)
	if err != nil {
		return err
	}
	wrong := []wrongAnswer{}
	for _, one := range seen.Wrong {
		wrong = append(wrong, wrongAnswer{one.Code, one.Text.In(langOf(e))})
	}
	answer := map[string]any{
		"code": scanned.Code, "item": nil, "out": scanned.Out, "found": scanned.Found,
		"call_number": seen.CallNumber, "location": seen.Location, "wrong": wrong,
	}
	if scanned.Item != nil {
		answer["item"] = itemAnswer{scanned.Item.Barcode, scanned.Item.TitleName}
	}
	return ok(e, answer)
}

func (d *Door) closeInventory(e *core.RequestEvent) error {
	if err := inventory.Close(e.App, e.Request.PathValue("id"), time.Now()); err != nil {
		return err
	}
	return ok(e, map[string]string{"state": collections.InventoryClosed})
}

// giveUp marks as missing what the inventory did not see, of the items that somebody looked at on the list.
func (d *Door) giveUp(e *core.RequestEvent) error {
	var body struct {
		actBody
		Items []string `json:"items"`
	}
	if err := readUpTo(e, &body, maxSelection); err != nil {
		return err
	}
	act, err := body.act(e)
	if err != nil {
		return err
	}
	if len(body.Items) == 0 {
		return fault.New("hooks.giveUp", fault.Invalid, "inventory.nothing_looked_at").At("items")
	}
	marked, err := inventory.GiveUp(e.App, e.Request.PathValue("id"), body.Items, act)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"marked": list(marked)})
}

// inventoryPDF is one list of the report on paper, inventoryCSV for a spreadsheet.
func (d *Door) inventoryPDF(e *core.RequestEvent) error {
	return answerPDF(e, "inventory.pdf", func(w io.Writer, warn func(print.Warning)) error {
		return labels.InventoryList(e.App, w, e.Request.PathValue("id"), orElse(e.Request.URL.Query(), "list", "not_seen"), warn, time.Now())
	})
}

func (d *Door) inventoryCSV(e *core.RequestEvent) error {
	found, err := inventory.Report(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	rows, err := found.List(orElse(e.Request.URL.Query(), "list", "not_seen"))
	if err != nil {
		return err
	}
	table := [][]string{{"location", "call_number", "title", "barcode", "why"}}
	for _, row := range rows {
		table = append(table, []string{row.Location, row.CallNumber, row.Title, row.Barcode, row.Why.In(langOf(e))})
	}
	return answerCSV(e, "inventory.csv", table)
}

// answerCSV sends a table that no spreadsheet takes for formulas.
func answerCSV(e *core.RequestEvent, name string, table [][]string) error {
	var file bytes.Buffer
	out := csv.NewWriter(&file)
	for _, row := range table {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				row[i] = "'" + cell
			}
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	header := e.Response.Header()
	header.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	header.Set("Cache-Control", "no-store")
	return e.Blob(http.StatusOK, "text/csv; charset=utf-8", file.Bytes())
}
