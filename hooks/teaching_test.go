package hooks_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

type m = map[string]any

// lesson is the id of a new lesson.
func (h *house) lesson(title string) string {
	h.T.Helper()
	got := h.do("lessons", m{"key": h.code("lesson-key"), "title": title})
	lesson, _ := got.body["lesson"].(m)
	return fmt.Sprint(lesson["id"])
}

// planned is a new session as it was answered.
func (h *house) planned(fields m) m {
	h.T.Helper()
	body := m{"key": h.code("plan-key"), "day": ahead(3).String(), "from": "10:30", "until": "11:10", "name": "Open lab"}
	for field, value := range fields {
		body[field] = value
	}
	return h.do("teaching/sessions", body).rows("sessions")[0]
}

func (h *house) calendar(role collections.Role) answer {
	return h.get("teaching/calendar?from="+ahead(0).Add(-7).String()+"&until="+ahead(0).Add(40).String(), role)
}

// A lesson is planned with a class, moved, cancelled and brought back.
func TestPlanALesson(t *testing.T) {
	h := withStaff(t)
	room := h.room(12)
	lesson := h.lesson("Is this site true?")
	session := h.planned(m{"lesson": lesson, "homeroom": m{"id": room.ID}, "role": []string{"taught", "planned"}, "needs": "26 Chromebooks", "notes": "Sit them in pairs."})
	if session["n"] != 1.0 || session["of"] != 1.0 || session["students"] != 12.0 || session["teacher"] != "Ms. Okafor" || fmt.Sprint(session["role"]) != "[planned taught]" {
		t.Errorf("%v", session)
	}
	path := "teaching/sessions/" + fmt.Sprint(session["id"])
	moved := h.head(http.MethodPatch, path, m{"updated": session["updated"], "from": "11:00"})
	if now := moved.rows("sessions")[0]; now["from"] != "11:00" || now["until"] != "11:40" || now["day"] != ahead(3).String() {
		t.Errorf("moved: %v", now)
	}
	if late := h.head(http.MethodPatch, path, m{"updated": session["updated"], "from": "12:00"}); late.status != http.StatusConflict || !strings.Contains(late.raw, `"current"`) {
		t.Errorf("two people: %d %s", late.status, late.raw)
	}
	gone := h.head(http.MethodDelete, path, nil)
	if gone.status != http.StatusOK || len(h.calendar(collections.Librarian).rows("entries")) != 0 {
		t.Errorf("deleted: %s", gone.raw)
	}
	back := h.do("teaching/undo", m{"key": gone.body["undo"]})
	if now := back.rows("sessions")[0]; now["id"] != session["id"] || now["from"] != "11:00" || now["notes"] != "Sit them in pairs." {
		t.Errorf("back: %v", now)
	}
	if again := h.ask(http.MethodPost, "/api/carrel/teaching/undo", h.tokens[collections.Librarian], m{"key": gone.body["undo"]}); again.status != http.StatusConflict {
		t.Errorf("taken back twice: %s", again.raw)
	}
	if counts, _ := h.calendar(collections.Librarian).body["counts"].(m); counts["lessons"] != 1.0 || counts["cotaught"] != 1.0 {
		t.Errorf("%v", counts)
	}
}
