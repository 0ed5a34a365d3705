package hooks

import (
	"net/http"
	"time"

	"carrel/internal/teaching"

	"github.com/pocketbase/pocketbase/core"
)

func (d *Door) teachingCalendar(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	from, err := parseDay("from", asked.Get("from"))
	if err != nil {
		return err
	}
	until, err := parseDay("until", asked.Get("until"))
	if err != nil {
		return err
	}
	view, err := teaching.Calendar(e.App, from, until, whoAsks(e), time.Now())
	if err != nil {
		return err
	}
	return ok(e, view)
}

// sessionBody is an act about a session. Which fields it has hangs on the act.
type sessionBody struct {
	teaching.Change
	Key       string           `json:"key"`
	Updated   string           `json:"updated"`
	Repeat    *teaching.Repeat `json:"repeat"`
	Following bool             `json:"following"`
	Anyway    bool             `json:"anyway"` // also on a closed day
}

func (d *Door) planSessions(e *core.RequestEvent) error {
	var body sessionBody
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := teachingAct(e, body.Key)
	if err != nil {
		return err
	}
	changed, err := teaching.PlanSessions(e.App, act, body.Change, body.Repeat, teaching.Options{Anyway: body.Anyway})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, changed)
}

func (d *Door) session(e *core.RequestEvent) error {
	session, err := teaching.SessionByID(e.App, whoAsks(e), e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"session": session})
}

func (d *Door) changeSession(e *core.RequestEvent) error {
	var body sessionBody
	if err := read(e, &body); err != nil {
		return err
	}
	id := e.Request.PathValue("id")
	changed, err := teaching.ChangeSession(e.App, keylessAct(e, body.Key), id, body.Updated, body.Change, teaching.Options{Following: body.Following, Anyway: body.Anyway})
	if since, other := changedSince(err); other {
		current, err := teaching.SessionByID(e.App, whoAsks(e), id)
		if err != nil {
			return err
		}
		return answerChanged(e, since, current)
	}
	if err != nil {
		return err
	}
	return ok(e, changed)
}

func (d *Door) deleteSession(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	options := teaching.Options{Following: asked.Get("following") == "1" || asked.Get("following") == "true"}
	changed, err := teaching.DeleteSession(e.App, keylessAct(e, asked.Get("key")), e.Request.PathValue("id"), options)
	if err != nil {
		return err
	}
	return ok(e, changed)
}

func (d *Door) undoTeaching(e *core.RequestEvent) error {
	var body struct {
		Key string `json:"key"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := teachingAct(e, body.Key)
	if err != nil {
		return err
	}
	ids, err := teaching.Undo(e.App, act, body.Key)
	if err != nil {
		return err
	}
	sessions, err := teaching.Show(e.App, ids)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"sessions": sessions})
}

func (d *Door) asks(e *core.RequestEvent) error {
	found, err := teaching.Asks(e.App, whoAsks(e))
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"asks": list(found)})
}

func (d *Door) askSession(e *core.RequestEvent) error {
	var body sessionBody
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := teachingAct(e, body.Key)
	if err != nil {
		return err
	}
	changed, err := teaching.AskSession(e.App, act, whoAsks(e), body.Change)
	if err != nil {
		return err
	}
	for i := range changed.Sessions { // whose hours they clash with is for the library to see
		changed.Sessions[i].Conflicts = []string{}
	}
	return e.JSON(http.StatusCreated, map[string]any{"session": changed.Sessions[0], "undo": changed.Undo})
}

// setSessionTitles says what was used in a session. updated may be left out by who only scans.
func (d *Door) setSessionTitles(e *core.RequestEvent) error {
	var body struct {
		Titles  []teaching.Used `json:"titles"`
		Key     string          `json:"key"`
		Updated string          `json:"updated"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	id := e.Request.PathValue("id")
	changed, err := teaching.SetTitles(e.App, keylessAct(e, body.Key), id, body.Updated, body.Titles)
	if since, other := changedSince(err); other {
		current, err := teaching.UsesOf(e.App, id, time.Now())
		if err != nil {
			return err
		}
		return answerChanged(e, since, current)
	}
	if err != nil {
		return err
	}
	uses, err := teaching.UsesOf(e.App, changed.Sessions[0].ID, time.Now())
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"session": changed.Sessions[0], "titles": uses.Titles, "undo": changed.Undo})
}

func (d *Door) sessionUses(e *core.RequestEvent) error {
	uses, err := teaching.UsesOf(e.App, e.Request.PathValue("id"), time.Now())
	if err != nil {
		return err
	}
	return ok(e, uses)
}
