package hooks_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/tools/types"
)

// late lends an item that was due two weeks ago.
func (h *house) late(patron collections.Patron, code string) {
	h.T.Helper()
	due := policy.DayOf(time.Now(), time.Local).Add(-14)
	out, err := types.ParseDateTime(time.Now().AddDate(0, 0, -35))
	if err != nil {
		h.T.Fatal(err)
	}
	if _, err := collections.Insert(h.App, collections.Loan{
		Item: h.Item(code).ID, Patron: patron.ID, State: collections.LoanOpen, OutAt: out, Due: due,
	}); err != nil {
		h.T.Fatal(err)
	}
}

// A family without a mail address gets a slip: chosen, waiting, printed once.
func TestPaperNotices(t *testing.T) {
	h := withStaff(t)
	token := h.tokens[collections.Librarian]
	h.late(h.Patron("P100"), "B100")
	if got := h.ask(http.MethodPost, "/api/carrel/notices/run", token, "{}"); got.status != http.StatusOK || got.body["paper"] != float64(1) {
		t.Fatalf("run: %d %s", got.status, got.raw)
	}
	list := func() answer { return h.ask(http.MethodGet, "/api/carrel/notices", token, nil) }
	if got := list(); got.body["paper"] != float64(1) {
		t.Errorf("waiting: %s", got.raw)
	}
	got := h.ask(http.MethodPost, "/api/carrel/notices/print", token, nil)
	if got.status != http.StatusOK || !strings.HasPrefix(got.raw, "%PDF-") {
		t.Fatalf("print: %d", got.status)
	}
	if got := list(); got.body["paper"] != float64(0) {
		t.Errorf("after printing: %s", got.raw)
	}
	if got := h.ask(http.MethodPost, "/api/carrel/notices/print", token, nil); got.status != http.StatusNotFound {
		t.Errorf("printing nothing: %d %s", got.status, got.raw)
	}
}

func TestSendAgain(t *testing.T) {
	h := withStaff(t)
	token := h.tokens[collections.Librarian]
	patron := h.Patron("P100")
	patron.GuardianEmail = "ana@example.org"
	h.Save(patron)
	h.late(patron, "B100")
	h.ask(http.MethodPost, "/api/carrel/notices/run", token, "{}")
	notice, _, err := collections.Find[collections.Notice](h.App, "recipient = 'ana@example.org'", nil)
	if err != nil {
		t.Fatal(err)
	}
	path := "/api/carrel/notices/" + notice.ID + "/again"
	if got := h.ask(http.MethodPost, path, token, nil); got.status != http.StatusConflict {
		t.Errorf("a notice that waits anyway: %d %s", got.status, got.raw)
	}
	notice.State = collections.NoticeUnknown
	if err := collections.Update(h.App, notice); err != nil {
		t.Fatal(err)
	}
	if got := h.ask(http.MethodPost, path, token, nil); got.status != http.StatusOK || h.Count("notices", "state = 'queued'") != 1 {
		t.Errorf("again: %d %s", got.status, got.raw)
	}
	if got := h.ask(http.MethodPost, "/api/carrel/notices/nosuchnotice001/again", token, nil); got.status != http.StatusNotFound {
		t.Errorf("unknown: %d %s", got.status, got.raw)
	}
}

// What the library does by itself can be looked at.
func TestJobRuns(t *testing.T) {
	h := withStaff(t)
	if _, err := collections.Insert(h.App, collections.JobRun{Job: "unlink", Slot: "2026-11-23", State: "done", Summary: []byte(`{"tries":1}`)}); err != nil {
		t.Fatal(err)
	}
	got := h.ask(http.MethodGet, "/api/carrel/jobs", h.tokens[collections.Librarian], nil)
	runs, _ := got.body["runs"].([]any)
	if got.status != http.StatusOK || len(runs) != 1 || !strings.Contains(got.raw, `"summary":{"tries":1}`) {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

// Homerooms that were chosen, in every door: what is shown, printed and sent.
func TestChosenHomerooms(t *testing.T) {
	h := withStaff(t)
	rooms := map[string]string{}
	for i, name := range []string{"4B", "5A"} {
		room, err := collections.Insert(h.App, collections.Homeroom{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		rooms[name] = room.ID
		patron := h.Patron(fmt.Sprint("P10", i))
		patron.Homeroom, patron.GuardianEmail = room.ID, fmt.Sprint("home", i, "@x.example")
		h.Save(patron)
		h.late(patron, fmt.Sprint("B10", i))
	}
	aide := h.tokens[collections.Aide]
	seen := h.ask(http.MethodGet, "/api/carrel/notices/preview?homerooms="+rooms["5A"], aide, nil)
	if families, _ := seen.body["families"].(map[string]any); len(seen.rows("homerooms")) != 2 || seen.body["patrons"] != float64(1) || families["new"] != float64(1) {
		t.Errorf("%d %s", seen.status, seen.raw)
	}
	read := h.ask(http.MethodGet, "/api/carrel/notices/slips/"+rooms["5A"], aide, nil)
	if slips := read.rows("slips"); len(slips) != 1 || slips[0]["homeroom"] != "5A" || !strings.Contains(read.raw, "1 library book") {
		t.Errorf("%d %s", read.status, read.raw)
	}
	if h.Count("audit", "action = 'slips'") != 1 {
		t.Error("the view is not in the audit")
	}
	if got := h.ask(http.MethodGet, "/api/carrel/notices/slips?homerooms="+rooms["4B"], aide, nil); !strings.HasPrefix(got.raw, "%PDF-") {
		t.Errorf("%d %s", got.status, got.raw)
	}
	for _, path := range []string{"notices/slips/nosuch", "notices/slips?homerooms=nosuch", "notices/preview?homerooms=nosuch"} {
		got := h.ask(http.MethodGet, "/api/carrel/"+path, aide, nil)
		if data, _ := got.body["data"].(map[string]any); got.status != http.StatusBadRequest || data["field"] != "homerooms" {
			t.Errorf("%s: %d %s", path, got.status, got.raw)
		}
	}
	run := h.head(http.MethodPost, "notices/run", map[string]any{"homerooms": []string{rooms["5A"]}, "to": []string{"families"}})
	if run.status != http.StatusOK || run.body["queued"] != float64(1) || h.Count("notices", "recipient = 'home1@x.example'") != 1 || h.Count("notices", "1") != 1 {
		t.Errorf("%d %s", run.status, run.raw)
	}
	if got := h.head(http.MethodPost, "notices/run", map[string]any{"homerooms": []string{}}); got.status != http.StatusBadRequest {
		t.Errorf("none chosen: %d %s", got.status, got.raw)
	}
	if got := h.ask(http.MethodGet, "/api/carrel/notices?kind=fee", aide, nil); got.body["totalItems"] != float64(0) {
		t.Error(got.raw)
	}
}
