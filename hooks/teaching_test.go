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

// A teacher sees the lessons and hours of the own classes, asks for more, and hears the answer; all else is closed.
func TestTeachersAndLessons(t *testing.T) {
	h := withStaff(t)
	own, other := h.room(2), h.room(2)
	h.teaches(own.ID)
	mine, theirs := h.lesson("Is this site true?"), h.lesson("Cite it right")
	file := h.head(http.MethodPut, "lessons/"+mine+"/files?name=cards.txt", "octopus")
	lesson, _ := file.body["lesson"].(m)
	material := fmt.Sprint(lesson["materials"].([]any)[0].(m)["id"])
	h.planned(m{"lesson": mine, "homeroom": own.ID, "notes": "Diego was ill"})
	foreign := h.planned(m{"lesson": theirs, "homeroom": other.ID, "from": "12:00", "until": "12:30"})
	teacher := h.tokens[collections.Teacher]
	for path, status := range map[string]int{
		"lessons/" + mine: 200, "lessons/" + theirs: 404, "lessons/" + mine + "/files/" + material: 200, "lessons/" + theirs + "/files/" + material: 404,
		"lessons/" + mine + "/plan.pdf": 200, "lessons/" + theirs + "/plan.pdf": 404, "lessons": 403, "teaching/sessions/" + fmt.Sprint(foreign["id"]): 404,
		"teaching/sessions/" + fmt.Sprint(foreign["id"]) + "/uses": 403, "teaching/feed": 403,
	} {
		got := h.ask(http.MethodGet, "/api/carrel/"+path, teacher, nil)
		if got.status != status || strings.Contains(got.raw, "Diego") || strings.Contains(got.raw, other.ID) {
			t.Errorf("%s: %d %.300s", path, got.status, got.raw)
		}
	}
	if entries := h.calendar(collections.Teacher).rows("entries"); len(entries) != 1 || entries[0]["notes"] != nil {
		t.Errorf("%v", entries)
	}
	ask := m{"key": h.code("ask-key"), "homeroom": other.ID, "name": "Wax museum"}
	if got := h.ask(http.MethodPost, "/api/carrel/teaching/asks", teacher, ask); got.status != http.StatusForbidden {
		t.Errorf("for another class: %d %s", got.status, got.raw)
	}
	ask["homeroom"] = own.ID
	asked := h.ask(http.MethodPost, "/api/carrel/teaching/asks", teacher, ask)
	session, _ := asked.body["session"].(m)
	if asked.status != http.StatusCreated || session["state"] != "asked" || h.calendar(collections.Librarian).body["asked"] != 1.0 {
		t.Errorf("%d %s", asked.status, asked.raw)
	}
	h.head(http.MethodPatch, "teaching/sessions/"+fmt.Sprint(session["id"]), m{"updated": session["updated"], "state": "declined", "answer": "The library is full that week."})
	if asks := h.get("teaching/asks", collections.Teacher).rows("asks"); len(asks) != 1 || asks[0]["state"] != "declined" || asks[0]["answer"] == "" {
		t.Errorf("%v", asks)
	}
}

// The bad input of this door: clear, at its place, and what was typed is harmless.
func TestTeachingBadInput(t *testing.T) {
	h := withStaff(t)
	lesson := h.lesson("<script>alert(1)</script>")
	day := ahead(3).String()
	for name, test := range map[string]struct {
		method, path string
		body         any
		status       int
		code, field  string
	}{
		"no key":            {http.MethodPost, "lessons", m{"title": "x"}, 400, "invalid", "key"},
		"no title":          {http.MethodPost, "lessons", m{"key": "lesson-key-9"}, 400, "invalid", "title"},
		"no JSON":           {http.MethodPost, "lessons", "{", 400, "invalid", "body"},
		"a number":          {http.MethodPost, "lessons", m{"key": "lesson-key-8", "title": 7}, 400, "invalid", "title"},
		"25:00":             {http.MethodPost, "teaching/sessions", m{"key": "plan-key-91", "day": day, "name": "x", "from": "25:00", "until": "11:00"}, 400, "invalid", "from"},
		"until before from": {http.MethodPost, "teaching/sessions", m{"key": "plan-key-92", "day": day, "name": "x", "from": "10:00", "until": "09:00"}, 400, "invalid", "until"},
		"an endless repeat": {http.MethodPost, "teaching/sessions", m{"key": "plan-key-93", "day": day, "name": "x", "from": "10:00", "until": "11:00", "repeat": m{"every": "week"}}, 400, "invalid", "repeat.until"},
		"an unknown class":  {http.MethodPost, "teaching/sessions", m{"key": "plan-key-94", "day": day, "homeroom": "nobody", "from": "10:00", "until": "11:00"}, 400, "unknown_homeroom", "homeroom"},
		"a closed day":      {http.MethodPost, "teaching/sessions", m{"key": "plan-key-95", "day": "2026-12-27", "name": "x", "from": "10:00", "until": "11:00"}, 409, "closed_day", "day"},
		"an unknown lesson": {http.MethodGet, "lessons/nothing", nil, 404, "unknown_lesson", "lesson"},
		"no updated":        {http.MethodPatch, "lessons/" + lesson, m{"title": "y"}, 400, "invalid", "updated"},
		"a stale lesson":    {http.MethodPatch, "lessons/" + lesson, m{"title": "y", "updated": "then"}, 409, "changed", ""},
		"no day":            {http.MethodGet, "teaching/calendar?until=" + day, nil, 400, "invalid", "from"},
		"half a day":        {http.MethodGet, "teaching/calendar?from=2026-4-1&until=" + day, nil, 400, "invalid", "from"},
		"a century":         {http.MethodGet, "teaching/calendar?from=1999-01-01&until=" + day, nil, 400, "invalid", "until"},
		"an unknown act":    {http.MethodPost, "teaching/undo", m{"key": "nobody-did-this"}, 404, "unknown_act", "key"},
		"a large file":      {http.MethodPut, "lessons/" + lesson + "/files?name=a.pdf", "%PDF-" + strings.Repeat("x", 30<<20), 413, "too_big", "file"},
		"a page":            {http.MethodPut, "lessons/" + lesson + "/files?name=a.html", "<p>", 400, "bad_file", "file"},
		"an unknown file":   {http.MethodGet, "lessons/" + lesson + "/files/nothing", nil, 404, "no_file", "material"},
	} {
		got := h.head(test.method, test.path, test.body)
		data, _ := got.body["data"].(m)
		field, _ := data["field"].(string)
		if got.status != test.status || data["code"] != test.code || field != test.field || got.body["message"] == "" {
			t.Errorf("%s: %d %.300s", name, got.status, got.raw)
		}
	}
	plan := h.ask(http.MethodGet, "/api/carrel/lessons/"+lesson+"/plan.pdf", h.tokens[collections.Librarian], nil)
	if plan.status != http.StatusOK || !strings.HasPrefix(plan.raw, "%PDF-") {
		t.Errorf("%d %.100s", plan.status, plan.raw)
	}
	if h.Count("teaching_sessions", "1") != 0 {
		t.Error("something was written")
	}
}

// The feed is open to whoever has its address, and to nobody once there is another.
func TestTeachingFeed(t *testing.T) {
	h := withStaff(t)
	if got := h.get("teaching/feed", collections.Librarian); got.body["url"] != "" {
		t.Errorf("%s", got.raw)
	}
	h.planned(m{"notes": "Diego was ill"})
	address := func() string {
		url := fmt.Sprint(h.head(http.MethodPost, "teaching/feed", nil).body["url"])
		_, path, found := strings.Cut(url, "/api/")
		if !found || !strings.HasSuffix(path, ".ics") {
			t.Fatalf("%q", url)
		}
		return "/api/" + path
	}
	first := address()
	got := h.ask(http.MethodGet, first, "", nil)
	if got.status != http.StatusOK || !strings.Contains(got.raw, "SUMMARY:Lesson: Open lab") || strings.Contains(got.raw, "Diego") || !strings.HasPrefix(got.header.Get("Content-Type"), "text/calendar") {
		t.Errorf("%d %s", got.status, got.raw)
	}
	h.extra = http.Header{"If-None-Match": {got.header.Get("ETag")}}
	if same := h.ask(http.MethodGet, first, "", nil); same.status != http.StatusNotModified || same.raw != "" {
		t.Errorf("%d %s", same.status, same.raw)
	}
	h.extra = nil
	second := address()
	if old := h.ask(http.MethodGet, first, "", nil); old.status != http.StatusNotFound {
		t.Errorf("the old address: %d", old.status)
	}
	h.head(http.MethodDelete, "teaching/feed", nil)
	for _, dead := range []string{second, "/api/carrel/teaching/feed/.ics", "/api/carrel/teaching/feed/x"} {
		if old := h.ask(http.MethodGet, dead, "", nil); old.status != http.StatusNotFound {
			t.Errorf("%s: %d", dead, old.status)
		}
	}
}
