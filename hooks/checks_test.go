package hooks_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

func aCheck(key string) map[string]any {
	return map[string]any{"key": key, "title": "Is this site true?", "lesson": "lesson000000001", "items": []map[string]any{
		{"id": "ad", "kind": "choice", "skill": "Spots an ad", "skill_es": "Reconoce un anuncio", "prompt": "Which?", "choices": []map[string]any{{"id": "a", "text": "A", "right": true}, {"id": "b", "text": "B"}}},
		{"id": "why", "kind": "short", "skill": "Says why", "prompt": "Why?", "rubric": []map[string]any{{"points": 2, "text": "Two reasons"}}},
	}}
}

// checked is a check in the store, by its id.
func (h *house) checked() string {
	h.T.Helper()
	made := h.head(http.MethodPost, "checks", aCheck(h.code("check")))
	if made.status != http.StatusCreated {
		h.T.Fatalf("%d %s", made.status, made.raw)
	}
	return text(made.named("check"), "id")
}

// Two people edit one check; what students answered stays as it was asked.
func TestCheckOfTwoPeople(t *testing.T) {
	h := withStaff(t)
	id := h.checked()
	check := h.get("checks/"+id, collections.Librarian).named("check")
	first := h.head(http.MethodPatch, "checks/"+id, map[string]any{"updated": check["updated"], "title": "Who says so?"})
	second := h.head(http.MethodPatch, "checks/"+id, map[string]any{"updated": check["updated"], "title": "Mine"})
	data, _ := second.body["data"].(map[string]any)
	current, _ := data["current"].(map[string]any)
	if first.status != http.StatusOK || second.status != http.StatusConflict || second.code() != "changed" || text(current, "title") != "Who says so?" {
		t.Errorf("%d %s, %d %s", first.status, first.raw, second.status, second.raw)
	}
	if items, _ := first.named("check")["items"].([]any); len(items) != 2 {
		t.Errorf("the items that nobody named: %s", first.raw)
	}
	bad := aCheck("bad")
	bad["items"] = []map[string]any{{"kind": "choice", "skill": "x", "prompt": "y", "choices": []map[string]any{{"text": "a"}, {"text": "b"}}}}
	if got := h.head(http.MethodPost, "checks", bad); got.status != http.StatusBadRequest || got.field() != "items.0.choices" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := h.head(http.MethodPost, "checks", map[string]any{"title": "x"}); got.status != http.StatusBadRequest || got.field() != "key" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	gone := h.get("checks/"+id, collections.Librarian).named("check")
	h.head(http.MethodDelete, "checks/"+id, nil)
	gone["key"] = "back"
	if back := h.head(http.MethodPost, "checks", gone); back.status != http.StatusCreated || text(back.named("check"), "id") != id {
		t.Errorf("%d %s", back.status, back.raw)
	}
}

// A class does a check on both doors' /check/; the teacher of the class sees the evidence, another does not, and nobody of the others sees an answer.
func TestCheckWithAClass(t *testing.T) {
	h := withStaff(t)
	id, room := h.checked(), h.room(3)
	plan := map[string]any{"key": "run-key", "when": "before", "homeroom": room.ID}
	run := h.head(http.MethodPost, "checks/"+id+"/runs", plan).named("run")
	if again := h.head(http.MethodPost, "checks/"+id+"/runs", plan).named("run"); again["id"] != run["id"] || run["in_class"] != 3.0 || run["state"] != "open" {
		t.Errorf("%v, %v", run, again)
	}
	seat := h.ask(http.MethodPost, "/check/seat", "", map[string]any{"code": run["code"]})
	sheet := map[string]any{"code": run["code"], "seat": seat.body["seat"], "key": "sheet-key-1", "name": "Ana", "answers": map[string]any{"ad": "a", "why": "<b>Because</b>"}}
	if got := h.ask(http.MethodPost, "/check/answers", "", sheet); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	view := h.get("runs/"+text(run, "id"), collections.Librarian)
	if strings.Contains(view.raw, "Ana") || strings.Contains(view.raw, fmt.Sprint(seat.body["seat"])) || len(view.rows("items")) != 2 {
		t.Errorf("who it was: %s", view.raw)
	}
	texts, _ := view.rows("items")[1]["texts"].([]any)
	written, _ := texts[0].(map[string]any)
	for points, status := range map[float64]int{3: http.StatusBadRequest, 2: http.StatusOK} {
		if got := h.head(http.MethodPost, "runs/"+text(run, "id")+"/scores", map[string]any{"answer": written["id"], "item": "why", "points": points}); got.status != status {
			t.Errorf("%v points: %d %s", points, got.status, got.raw)
		}
	}
	evidence := "/api/carrel/evidence?lesson=lesson000000001&homeroom=" + room.ID
	h.teaches(h.room(0).ID)
	if got := h.ask(http.MethodGet, evidence, h.tokens[collections.Teacher], nil); got.status != http.StatusForbidden {
		t.Errorf("a teacher of another class: %d", got.status)
	}
	h.teaches(room.ID)
	got := h.ask(http.MethodGet, evidence, h.tokens[collections.Teacher], nil)
	if got.status != http.StatusOK || text(got.named("check"), "id") != id || got.body["sentence"] != "The check after the lesson is still to come." || strings.Contains(got.raw, "Because") {
		t.Errorf("the teacher: %d %s", got.status, got.raw)
	}
	if got := h.head(http.MethodPatch, "evidence", map[string]any{"check": id, "homeroom": room.ID, "in_report": true}); got.status != http.StatusConflict || got.code() != "too_few" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := h.ask(http.MethodGet, "/api/carrel/evidence?lesson=none&homeroom="+room.ID, h.tokens[collections.Librarian], nil); got.body["check"] != nil || got.status != http.StatusOK {
		t.Errorf("a lesson without a check: %d %s", got.status, got.raw)
	}
	closed := h.head(http.MethodPatch, "runs/"+text(run, "id"), map[string]any{"state": "closed"})
	if closed.named("run")["state"] != "closed" || h.ask(http.MethodPost, "/check/open", "", map[string]any{"code": run["code"]}).status != http.StatusNotFound {
		t.Errorf("%s", closed.raw)
	}
	h.head(http.MethodDelete, "runs/"+text(run, "id"), nil)
	if back := h.head(http.MethodPost, "runs/"+text(run, "id")+"/restore", nil); back.status != http.StatusOK || back.named("run")["took"] != 1.0 {
		t.Errorf("%d %s", back.status, back.raw)
	}
}

// A file is read once, shown with what does not fit, and kept only when somebody says so.
func TestResultsOfAFile(t *testing.T) {
	h := withStaff(t)
	id, room := h.checked(), h.room(3)
	path := "checks/" + id + "/results?file=r.csv&when=before&key=file-key&homeroom=" + room.ID
	content := "seat,Q1,Q2,Shoe\n1,1,2,36\n2,5,0,36\n"
	shown := h.head(http.MethodPost, path+"&dry_run=1", content)
	if shown.status != http.StatusOK || len(shown.rows("rows")) != 1 || len(shown.rows("problems")) != 2 || shown.body["in_class"] != 3.0 {
		t.Errorf("%d %s", shown.status, shown.raw)
	}
	if got := h.head(http.MethodPost, path, content); got.status != http.StatusConflict || got.code() != "problems" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := h.head(http.MethodPost, path+"&accept=1", content); got.status != http.StatusCreated || got.named("run")["took"] != 1.0 || got.named("run")["source"] != "file" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := h.head(http.MethodPost, path+"&dry_run=1", "\x00\x01"); got.status != http.StatusBadRequest || got.field() != "file" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}
