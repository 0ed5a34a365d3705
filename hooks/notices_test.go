package hooks_test

import (
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
