package hooks

import (
	"net/http"
	"slices"
	"time"

	"carrel/internal/checks"
	"carrel/internal/fault"
	saying "carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// checkRoutes are the checks before and after a lesson. What a class answered is for the librarian; a teacher sees the evidence of the own classes.
func (d *Door) checkRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/checks", onlyHead, d.checks},
		{http.MethodPost, "/api/carrel/checks", onlyHead, d.addCheck},
		{http.MethodGet, "/api/carrel/checks/{id}", onlyHead, d.check},
		{http.MethodPatch, "/api/carrel/checks/{id}", onlyHead, d.changeCheck},
		{http.MethodDelete, "/api/carrel/checks/{id}", onlyHead, d.deleteCheck},
		{http.MethodPost, "/api/carrel/checks/{id}/copy", onlyHead, d.copyCheck},
		{http.MethodPost, "/api/carrel/checks/{id}/runs", onlyHead, d.startRun},
		{http.MethodGet, "/api/carrel/checks/{id}/seats", onlyHead, d.seatsBefore},
		{http.MethodPost, "/api/carrel/checks/{id}/results", onlyHead, d.addResults},
		{http.MethodGet, "/api/carrel/runs/{id}", onlyHead, d.checkRun},
		{http.MethodPatch, "/api/carrel/runs/{id}", onlyHead, d.changeRun},
		{http.MethodDelete, "/api/carrel/runs/{id}", onlyHead, d.deleteRun},
		{http.MethodPost, "/api/carrel/runs/{id}/restore", onlyHead, d.restoreRun},
		{http.MethodPost, "/api/carrel/runs/{id}/scores", onlyHead, d.scoreAnswer},
		{http.MethodPost, "/api/carrel/runs/{id}/decide", onlyHead, d.decideSheet},
		{http.MethodGet, "/api/carrel/evidence", roomRoles, d.evidence},
		{http.MethodPatch, "/api/carrel/evidence", onlyHead, d.markEvidence},
	}
}

func (d *Door) checks(e *core.RequestEvent) error {
	found, err := checks.All(e.App)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"checks": found})
}

// addCheck keeps a new check. With the id of one that was deleted it is brought back.
func (d *Door) addCheck(e *core.RequestEvent) error {
	var body struct {
		checks.Check
		Key string `json:"key"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("key", body.Key); err != nil {
		return err
	}
	added, err := checks.Add(e.App, body.Check, body.Key)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"check": added})
}

func (d *Door) check(e *core.RequestEvent) error {
	found, err := checks.Get(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	runs, err := checks.Runs(e.App, found.ID, time.Now())
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"check": found, "runs": runs})
}

// changeCheck changes what the body names and leaves the rest.
func (d *Door) changeCheck(e *core.RequestEvent) error {
	before, err := checks.Get(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	body := before
	body.Updated, body.Items = "", nil // decoding into items that are there would leave what it does not name
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("updated", body.Updated); err != nil {
		return err
	}
	if body.ID = before.ID; body.Items == nil {
		body.Items = before.Items
	}
	saved, err := checks.Save(e.App, body)
	if since, changed := changedSince(err); changed {
		current, err := checks.Get(e.App, before.ID)
		if err != nil {
			return err
		}
		return answerChanged(e, since, current)
	}
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"check": saved})
}

func (d *Door) deleteCheck(e *core.RequestEvent) error {
	return deleted(e, checks.Delete(e.App, e.Request.PathValue("id")))
}

func (d *Door) copyCheck(e *core.RequestEvent) error {
	var body struct {
		Key   string `json:"key"`
		Title string `json:"title"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("key", body.Key); err != nil {
		return err
	}
	copied, err := checks.Copy(e.App, e.Request.PathValue("id"), body.Key, body.Title)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"check": copied})
}

func (d *Door) evidence(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	homeroom := asked.Get("homeroom")
	if err := required("homeroom", homeroom); err != nil {
		return err
	}
	if !isHead(e) && !slices.Contains(e.Auth.GetStringSlice("homerooms"), homeroom) {
		return fault.New("hooks.evidence", fault.Unauthorized, "door.not_your_homeroom")
	}
	if check := asked.Get("check"); check != "" {
		shown, err := checks.Of(e.App, check, homeroom, time.Now())
		if err != nil {
			return err
		}
		return answerEvidence(e, shown)
	}
	if err := required("lesson", asked.Get("lesson")); err != nil {
		return err
	}
	shown, found, err := checks.OfLesson(e.App, asked.Get("lesson"), homeroom, time.Now())
	if err != nil {
		return err
	}
	if !found {
		return ok(e, map[string]any{"check": nil, "skills": []any{}, "sentence": saying.T("checks.evidence.no_check").In(langOf(e))})
	}
	return answerEvidence(e, shown)
}

func answerEvidence(e *core.RequestEvent, shown checks.Evidence) error {
	return ok(e, struct {
		checks.Evidence
		Sentence string `json:"sentence"`
	}{shown, shown.Sentence.In(langOf(e))})
}

func (d *Door) markEvidence(e *core.RequestEvent) error {
	var body struct {
		Check    string `json:"check"`
		Homeroom string `json:"homeroom"`
		InReport bool   `json:"in_report"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("check", body.Check, "homeroom", body.Homeroom); err != nil {
		return err
	}
	shown, err := checks.SetInReport(e.App, body.Check, body.Homeroom, body.InReport, time.Now())
	if err != nil {
		return err
	}
	return answerEvidence(e, shown)
}
