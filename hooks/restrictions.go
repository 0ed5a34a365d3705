package hooks

import (
	"net/http"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/restrictions"

	"github.com/pocketbase/pocketbase/core"
)

type restrictionAnswer struct {
	ID    string       `json:"id"`
	Mode  string       `json:"mode"`
	Scope string       `json:"scope"`
	Title *titleAnswer `json:"title,omitempty"`
	Value string       `json:"value"`
	Note  string       `json:"note"`
}

func answerRestriction(row collections.Restriction, title string) restrictionAnswer {
	answer := restrictionAnswer{ID: row.ID, Mode: row.Mode, Scope: row.Scope, Value: row.Value, Note: row.Note}
	if row.Title != "" {
		answer.Title = &titleAnswer{row.Title, title}
	}
	return answer
}

// children lists whose families asked for something, and how much; what it is stands with each child. The view is one row in the audit.
func (d *Door) children(e *core.RequestEvent) error {
	children, err := restrictions.Children(e.App, e.Auth.Id, time.Now())
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"patrons": children})
}

// restrictionsOf shows what the family of a patron asked for. Each view is kept in the audit.
func (d *Door) restrictionsOf(e *core.RequestEvent) error {
	patron, err := desk.FindPatron(e.App, e.Request.PathValue("barcode"))
	if err != nil {
		return err
	}
	return answerRestrictions(e, http.StatusOK, patron)
}

func answerRestrictions(e *core.RequestEvent, status int, patron desk.Borrower) error {
	rows, err := restrictions.List(e.App, patron.ID, e.Auth.Id, time.Now())
	if err != nil {
		return err
	}
	answers := make([]restrictionAnswer, 0, len(rows))
	for _, row := range rows {
		answers = append(answers, answerRestriction(row.Restriction, row.TitleName))
	}
	return e.JSON(status, map[string]any{
		"patron": patronAnswer{patron.Barcode, patron.Name()}, "restrictions": answers,
	})
}

// restrict notes a wish; what stands already stays as it is.
func (d *Door) restrict(e *core.RequestEvent) error {
	var body struct {
		Mode  string `json:"mode"`
		Scope string `json:"scope"`
		Title string `json:"title"`
		ISBN  string `json:"isbn"`
		Item  string `json:"item"`
		Value string `json:"value"`
		Note  string `json:"note"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	patron, err := desk.FindPatron(e.App, e.Request.PathValue("barcode"))
	if err != nil {
		return err
	}
	if _, err := restrictions.Add(e.App, restrictions.Request{
		Patron: e.Request.PathValue("barcode"), Mode: body.Mode, Scope: body.Scope,
		Title: body.Title, ISBN: body.ISBN, Item: body.Item, Value: body.Value, Note: body.Note,
	}, e.Auth.Id, time.Now()); err != nil {
		return err
	}
	return answerRestrictions(e, http.StatusCreated, patron)
}

func (d *Door) unrestrict(e *core.RequestEvent) error {
	return deleted(e, restrictions.Remove(e.App, e.Request.PathValue("id"), e.Auth.Id, time.Now()))
}

// importRestrictions takes a CSV of paper forms; ?dry_run=1 only says what would be noted.
func (d *Door) importRestrictions(e *core.RequestEvent) error {
	file := http.MaxBytesReader(e.Response, e.Request.Body, maxFile)
	dry := isDryRun(e)
	summary, err := restrictions.Import(e.App, file, restrictions.Options{
		File: e.Request.URL.Query().Get("file"), DryRun: dry, Serving: true, Lang: langOf(e), Staff: e.Auth.Id, Now: time.Now(),
	})
	if err != nil {
		return err
	}
	return ok(e, map[string]any{
		"dry_run": dry, "read": summary.Read, "added": summary.Added, "unchanged": summary.Unchanged,
		"rejected": list(summary.Rejected), "warnings": list(summary.Warnings),
	})
}
