package hooks

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"carrel/collections"
	"carrel/internal/checks"
	"carrel/internal/fault"

	"github.com/pocketbase/pocketbase/core"
)

func (d *Door) startRun(e *core.RequestEvent) error {
	var plan checks.Plan
	if err := read(e, &plan); err != nil {
		return err
	}
	if err := required("key", plan.Key, "when", plan.When, "homeroom", plan.Homeroom); err != nil {
		return err
	}
	plan.Day = "" // a class is here now
	run, err := checks.Start(e.App, e.Request.PathValue("id"), plan, time.Now())
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"run": run})
}

// seatsBefore are the seats of a class, for typing what came on paper.
func (d *Door) seatsBefore(e *core.RequestEvent) error {
	seats, err := checks.SeatsBefore(e.App, e.Request.PathValue("id"), e.Request.URL.Query().Get("homeroom"), time.Now())
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"seats": seats})
}

// addResults takes results that were typed, or with file= a CSV as the body.
func (d *Door) addResults(e *core.RequestEvent) error {
	if e.Request.URL.Query().Has("file") {
		return d.resultsFile(e)
	}
	var results checks.Results
	if err := read(e, &results); err != nil {
		return err
	}
	if err := required("key", results.Key, "when", results.When, "homeroom", results.Homeroom); err != nil {
		return err
	}
	run, err := checks.AddResults(e.App, e.Request.PathValue("id"), results, time.Now())
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"run": run})
}

type fileProblem struct {
	Line    int    `json:"line"`
	Column  string `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// resultsFile shows what a file says (dry_run), or keeps it: rows with a problem are left out only when accept says so.
func (d *Door) resultsFile(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	check, err := checks.Get(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	content, err := io.ReadAll(e.Request.Body) // the platform's body begins anew behind its end, and whoever reads on has the file twice
	if err != nil {
		return err
	}
	file, err := check.ReadFile(asked.Get("file"), bytes.NewReader(content))
	if err != nil {
		return err
	}
	if asked.Get("dry_run") != "" {
		return showFile(e, check, file)
	}
	if len(file.Problems) > 0 && asked.Get("accept") == "" {
		return fault.New("hooks.resultsFile", fault.Conflict, "checks.file.problems", len(file.Problems)).Named("problems").At("file")
	}
	plan := checks.Plan{Key: asked.Get("key"), When: asked.Get("when"), Homeroom: asked.Get("homeroom"), Session: asked.Get("session"), Day: asked.Get("day")}
	run, err := checks.AddResults(e.App, check.ID, checks.Results{
		Plan: plan, Rows: file.Rows, Partial: asked.Get("accept") != "", Source: collections.FromFile,
	}, time.Now())
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"run": run})
}

func showFile(e *core.RequestEvent, check checks.Check, file checks.File) error {
	homeroom := e.Request.URL.Query().Get("homeroom")
	inClass, err := checks.ClassSize(e.App, homeroom)
	if err != nil {
		return err
	}
	missing := []string{}
	if e.Request.URL.Query().Get("when") == collections.AfterLesson {
		seats, err := checks.SeatsBefore(e.App, check.ID, homeroom, time.Now())
		if err != nil {
			return err
		}
		missing = file.Missing(seats)
	}
	problems := make([]fileProblem, len(file.Problems))
	for i, problem := range file.Problems {
		problems[i] = fileProblem{problem.Line, problem.Column, problem.Code, problem.Text.In(langOf(e))}
	}
	return ok(e, map[string]any{
		"rows": list(file.Rows), "problems": problems, "columns": file.Columns, "missing": missing, "took": file.Present(), "in_class": inClass,
	})
}

func (d *Door) checkRun(e *core.RequestEvent) error {
	view, err := checks.Look(e.App, e.Request.PathValue("id"), time.Now())
	if err != nil {
		return err
	}
	return ok(e, view)
}

func (d *Door) changeRun(e *core.RequestEvent) error {
	var body struct {
		State string `json:"state"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	return answerRun(e)(checks.SetState(e.App, e.Request.PathValue("id"), body.State, time.Now()))
}

func answerRun(e *core.RequestEvent) func(checks.Run, error) error {
	return func(run checks.Run, err error) error {
		if err != nil {
			return err
		}
		return ok(e, map[string]any{"run": run})
	}
}

func (d *Door) deleteRun(e *core.RequestEvent) error {
	return deleted(e, checks.DeleteRun(e.App, e.Request.PathValue("id"), time.Now()))
}

func (d *Door) restoreRun(e *core.RequestEvent) error {
	return answerRun(e)(checks.RestoreRun(e.App, e.Request.PathValue("id"), time.Now()))
}

func (d *Door) scoreAnswer(e *core.RequestEvent) error {
	var body struct {
		Answer string `json:"answer"`
		Item   string `json:"item"`
		Points *int   `json:"points"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("answer", body.Answer, "item", body.Item); err != nil {
		return err
	}
	if err := checks.Score(e.App, e.Request.PathValue("id"), body.Answer, body.Item, body.Points, time.Now()); err != nil {
		return err
	}
	return ok(e, body)
}

// decideSheet says which of two sheets of one seat counts.
func (d *Door) decideSheet(e *core.RequestEvent) error {
	var body struct {
		Sheet string `json:"sheet"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := checks.Decide(e.App, e.Request.PathValue("id"), body.Sheet, time.Now()); err != nil {
		return err
	}
	return ok(e, body)
}
