package hooks_test

import (
	"fmt"
	"net/http"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
)

// code makes a barcode or a key that no other has.
func (h *house) code(prefix string) string {
	h.made++
	return fmt.Sprintf("%s-%06d", prefix, h.made)
}

// do asks as the librarian and stops the test unless it is done.
func (h *house) do(path string, body map[string]any) answer {
	h.T.Helper()
	got := h.ask(http.MethodPost, "/api/carrel/"+path, h.tokens[collections.Librarian], body)
	if got.status >= 300 {
		h.T.Fatalf("%s: %d %s", path, got.status, got.raw)
	}
	return got
}

// lent is a new item on loan to a patron.
func (h *house) lent(patron string) (item string) {
	h.T.Helper()
	item = h.code("B")
	h.Item(item)
	h.do("checkouts", map[string]any{"patron": patron, "item": item, "key": h.code("lent-key")})
	return item
}

// borrower is the barcode of a new patron.
func (h *house) borrower() string { return h.Patron(h.code("P")).Barcode }

// shelved is the barcode of a new item.
func (h *house) shelved() string { return h.Item(h.code("B")).Barcode }

// title is the id of the title of a new item.
func (h *house) title() string { return h.Item(h.code("B")).Title }

// held is the id of a new hold.
func (h *house) held(patron, title string) string {
	h.T.Helper()
	got := h.do("holds", map[string]any{"patron": patron, "title": title, "key": h.code("held-key")})
	hold, _ := got.body["hold"].(map[string]any)
	return fmt.Sprint(hold["id"])
}

// question is the id of an open question: a kiosk lent an item that nobody knows.
func (h *house) question() string {
	h.T.Helper()
	replayed := desk.Replayed{Key: h.code("asked-key"), At: time.Now(), Kind: collections.FactCheckOut, Card: h.borrower(), Item: h.code("NOSUCH")}
	if _, err := desk.Replay(h.App, replayed, time.Now(), desk.Actor{Door: "kiosk", ID: "kiosk0000000001"}); err != nil {
		h.T.Fatal(err)
	}
	question, ok, err := collections.Find[collections.KioskQuestion](h.App, "key = {:key}", dbx.Params{"key": replayed.Key})
	if err != nil || !ok {
		h.T.Fatalf("no question: %v", err)
	}
	return question.ID
}

// room is a homeroom of so many children.
func (h *house) room(children int) collections.Homeroom {
	h.T.Helper()
	room, err := collections.Insert(h.App, collections.Homeroom{Name: h.code("Room"), Teacher: "Ms. Okafor"})
	if err != nil {
		h.T.Fatal(err)
	}
	for range children {
		child := h.Patron(h.code("P"))
		child.Homeroom = room.ID
		h.Save(child)
	}
	return room
}

// teaches gives the teacher homerooms.
func (h *house) teaches(rooms ...string) {
	h.T.Helper()
	staff, err := h.App.FindAuthRecordByEmail(collections.Staff, "teacher@example.org")
	if err != nil {
		h.T.Fatal(err)
	}
	staff.Set("homerooms", rooms)
	if err := h.App.Save(staff); err != nil {
		h.T.Fatal(err)
	}
}

// feesOn lets the library charge money.
func (h *house) feesOn() {
	h.T.Helper()
	if err := site.SaveFees(h.App, site.Fees{On: true, Currency: "USD"}); err != nil {
		h.T.Fatal(err)
	}
}

func (h *house) facts() int { return h.Count(collections.CircEvents, "1") }

// ahead is the first weekday at least so many days from today.
func ahead(days int) policy.Day {
	day := policy.DayOf(time.Now(), time.Local).Add(days)
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day++
	}
	return day
}
