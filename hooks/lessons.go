package hooks

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/print"
	"carrel/internal/teaching"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
)

var calendarRoles = []collections.Role{collections.Librarian, collections.Aide, collections.Teacher}

// teachingRoutes are lessons, and the calendar of sessions.
func (d *Door) teachingRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/lessons", onlyHead, d.lessons},
		{http.MethodPost, "/api/carrel/lessons", onlyHead, d.addLesson},
		{http.MethodGet, "/api/carrel/lessons/{id}", roomRoles, d.lesson},
		{http.MethodPatch, "/api/carrel/lessons/{id}", onlyHead, d.changeLesson},
		{http.MethodDelete, "/api/carrel/lessons/{id}", onlyHead, d.deleteLesson},
		{http.MethodPost, "/api/carrel/lessons/{id}/copy", onlyHead, d.copyLesson},
		{http.MethodPut, "/api/carrel/lessons/{id}/files", onlyHead, d.addLessonFile},
		{http.MethodGet, "/api/carrel/lessons/{id}/files/{material}", roomRoles, d.lessonFile},
		{http.MethodDelete, "/api/carrel/lessons/{id}/files/{material}", onlyHead, d.dropLessonFile},
		{http.MethodGet, "/api/carrel/lessons/{id}/plan.pdf", roomRoles, d.printPlan},
		{http.MethodGet, "/api/carrel/teaching/calendar", calendarRoles, d.teachingCalendar},
		{http.MethodPost, "/api/carrel/teaching/sessions", onlyHead, d.planSessions},
		{http.MethodGet, "/api/carrel/teaching/sessions/{id}", calendarRoles, d.session},
		{http.MethodPatch, "/api/carrel/teaching/sessions/{id}", onlyHead, d.changeSession},
		{http.MethodDelete, "/api/carrel/teaching/sessions/{id}", onlyHead, d.deleteSession},
		{http.MethodPost, "/api/carrel/teaching/undo", onlyHead, d.undoTeaching},
		{http.MethodGet, "/api/carrel/teaching/asks", roomRoles, d.asks},
		{http.MethodPost, "/api/carrel/teaching/asks", []collections.Role{collections.Teacher}, d.askSession},
		{http.MethodPut, "/api/carrel/teaching/sessions/{id}/titles", onlyHead, d.setSessionTitles},
		{http.MethodGet, "/api/carrel/teaching/sessions/{id}/uses", onlyHead, d.sessionUses},
		{http.MethodGet, "/api/carrel/teaching/feed", onlyHead, d.feed},
		{http.MethodPost, "/api/carrel/teaching/feed", onlyHead, d.newFeed},
		{http.MethodDelete, "/api/carrel/teaching/feed", onlyHead, d.dropFeed},
		{http.MethodGet, feedPath, nil, d.feedFile},
	}
}

// whoAsks is the member of staff as package teaching knows one.
func whoAsks(e *core.RequestEvent) teaching.Who {
	return teaching.Who{ID: e.Auth.Id, Role: roleOf(e), Homerooms: e.Auth.GetStringSlice("homerooms")}
}

// teachingAct is an act with the caller's key.
func teachingAct(e *core.RequestEvent, key string) (teaching.Act, error) {
	return teaching.Act{Key: key, Actor: e.Auth.Id, Now: time.Now()}, required("key", key)
}

// keylessAct is an act with the caller's key if it has one.
func keylessAct(e *core.RequestEvent, key string) teaching.Act {
	act := teaching.Fresh(e.Auth.Id, time.Now())
	if key != "" {
		act.Key = key
	}
	return act
}

func (d *Door) lessons(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	query := teaching.Query{
		Q: asked.Get("q"), Kind: asked.Get("kind"), Grade: asked.Get("grade"), Standard: asked.Get("standard"),
		Archived: asked.Get("archived") == "1" || asked.Get("archived") == "true",
	}
	for field, into := range map[string]*int{"page": &query.Page, "perPage": &query.PerPage} {
		if text := asked.Get(field); text != "" {
			number, err := strconv.Atoi(text)
			if err != nil || number < 1 {
				return fault.New("hooks.lessons", fault.Invalid, "door.wrong_type", field).At(field)
			}
			*into = number
		}
	}
	found, total, err := teaching.Lessons(e.App, query)
	if err != nil {
		return err
	}
	for i := range found {
		found[i] = found[i].In(langOf(e))
	}
	return ok(e, map[string]any{"lessons": list(found), "totalItems": total})
}

func (d *Door) addLesson(e *core.RequestEvent) error {
	var body struct {
		teaching.Fields
		Key string `json:"key"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := teachingAct(e, body.Key)
	if err != nil {
		return err
	}
	lesson, err := teaching.AddLesson(e.App, act, body.Fields, nil)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"lesson": lesson.In(langOf(e))})
}

// lesson shows a lesson with its sessions, to a teacher one that has a session with an own class, and of those sessions the own.
func (d *Door) lesson(e *core.RequestEvent) error {
	lesson, sessions, err := d.lessonAsked(e)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"lesson": lesson.In(langOf(e)), "sessions": sessions})
}

func (d *Door) lessonAsked(e *core.RequestEvent) (lesson teaching.Lesson, sessions []teaching.Session, err error) {
	who := whoAsks(e)
	if lesson, err = teaching.LessonByID(e.App, e.Request.PathValue("id")); err != nil {
		return lesson, nil, err
	}
	sessions, err = teaching.OfLesson(e.App, who, lesson.ID)
	if err == nil && who.Role == collections.Teacher && !slices.ContainsFunc(sessions, func(s teaching.Session) bool {
		return s.Homeroom != nil && slices.Contains(who.Homerooms, s.Homeroom.ID)
	}) {
		_, err = teaching.LessonByID(e.App, "") // to a teacher, a lesson of others is none
	}
	return lesson, sessions, err
}

// changeLesson changes what the body names and leaves the rest.
func (d *Door) changeLesson(e *core.RequestEvent) error {
	before, err := teaching.LessonByID(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	body := struct {
		teaching.Fields
		Updated string `json:"updated"`
	}{Fields: teaching.FieldsOf(before)}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("updated", body.Updated); err != nil {
		return err
	}
	saved, err := teaching.SaveLesson(e.App, before.ID, body.Updated, body.Fields)
	if since, changed := changedSince(err); changed {
		current, err := teaching.LessonByID(e.App, before.ID)
		if err != nil {
			return err
		}
		return answerChanged(e, since, current.In(langOf(e)))
	}
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"lesson": saved.In(langOf(e))})
}

func (d *Door) deleteLesson(e *core.RequestEvent) error {
	return deleted(e, teaching.DeleteLesson(e.App, e.Request.PathValue("id")))
}

func (d *Door) copyLesson(e *core.RequestEvent) error {
	var body struct {
		Key   string `json:"key"`
		Title string `json:"title"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := teachingAct(e, body.Key)
	if err != nil {
		return err
	}
	lesson, err := teaching.CopyLesson(e.App, act, e.Request.PathValue("id"), body.Title)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"lesson": lesson.In(langOf(e))})
}

// addLessonFile takes the file as the body and its name from ?name=.
func (d *Door) addLessonFile(e *core.RequestEvent) error {
	lesson, err := teaching.AddFile(e.App, e.Request.PathValue("id"), e.Request.URL.Query().Get("name"), e.Request.Body)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"lesson": lesson.In(langOf(e))})
}

// lessonFile sends a file to be saved, never to be shown: it comes from elsewhere.
func (d *Door) lessonFile(e *core.RequestEvent) error {
	lesson, _, err := d.lessonAsked(e)
	if err != nil {
		return err
	}
	files, key, name, err := teaching.OpenFile(e.App, lesson.ID, e.Request.PathValue("material"))
	if err != nil {
		return err
	}
	defer files.Close() //nolint:errcheck // only read
	header := e.Response.Header()
	header.Set("Cache-Control", "private, no-cache")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	if err := files.Serve(e.Response, e.Request, key, name); !errors.Is(err, filesystem.ErrNotFound) {
		return err
	}
	return teaching.NoFile()
}

func (d *Door) dropLessonFile(e *core.RequestEvent) error {
	lesson, err := teaching.DropFile(e.App, e.Request.PathValue("id"), e.Request.PathValue("material"))
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"lesson": lesson.In(langOf(e))})
}

// printPlan prints the plan of a lesson; with ?session= it says when and with whom.
func (d *Door) printPlan(e *core.RequestEvent) error {
	lesson, sessions, err := d.lessonAsked(e)
	if err != nil {
		return err
	}
	var session *teaching.Session
	if asked := e.Request.URL.Query().Get("session"); asked != "" {
		i := slices.IndexFunc(sessions, func(s teaching.Session) bool { return s.ID == asked })
		if i < 0 {
			return fault.New("hooks.printPlan", fault.NotFound, "teaching.unknown_session").Named("unknown_session").At("session")
		}
		session = &sessions[i]
	}
	return answerPDF(e, "plan.pdf", func(w io.Writer, warn func(print.Warning)) error {
		return teaching.PrintPlan(e.App, w, warn, lesson, session, time.Now())
	})
}
