package hooks

import (
	"errors"
	"net/http"
	"time"

	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/patrons"
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/core"
)

// patronView is a patron as whoever stands at the desk needs them.
type patronView struct {
	ID         string     `json:"id"`
	Barcode    string     `json:"barcode"`
	Name       string     `json:"name"`
	FirstName  string     `json:"first_name"`
	LastName   string     `json:"last_name"`
	SayName    string     `json:"say_name"`
	Grade      string     `json:"grade"`
	Homeroom   string     `json:"homeroom"`
	HomeroomID string     `json:"homeroom_id"`
	Type       string     `json:"type"`
	TypeCode   string     `json:"type_code"`
	Status     string     `json:"status"`
	Expires    policy.Day `json:"expires,omitzero"`
	Language   string     `json:"language"`
	Reads      string     `json:"reads"`
	Picture    bool       `json:"picture"`
	Left       *int       `json:"left"`
	Limit      *int       `json:"limit"`
	*headView
}

// headView is what of a patron is for the librarian alone.
type headView struct {
	Note          string `json:"note"`
	Email         string `json:"email"`
	GuardianEmail string `json:"guardian_email"`
	Block         string `json:"block"`
	Restricted    bool   `json:"restricted"`
	KeepHistory   bool   `json:"keep_history"`
	Updated       string `json:"updated"`
}

// viewPatron shows a patron to the one who asks.
func viewPatron(e *core.RequestEvent, p desk.Borrower) (patronView, error) {
	left, err := desk.Left(e.App, p)
	if err != nil {
		return patronView{}, err
	}
	limit, err := desk.Limit(e.App, p)
	view := patronView{
		ID: p.ID, Barcode: p.Barcode, Name: p.Name(), FirstName: p.FirstName, LastName: p.LastName, SayName: p.SayName, Grade: p.Grade,
		Homeroom: p.HomeroomName, HomeroomID: p.Homeroom, Type: p.TypeName, TypeCode: p.TypeCode, Status: p.Status, Expires: p.Expires,
		Language: p.Language, Reads: p.Reads, Picture: p.Picture != "", Left: left, Limit: limit,
	}
	if isHead(e) {
		view.headView = &headView{p.Note, p.Email, p.GuardianEmail, p.Block, p.Restricted, p.KeepHistory, p.Updated}
	}
	return view, err
}

// viewByID shows a patron as they are after a change.
func viewByID(e *core.RequestEvent, id string) (patronView, error) {
	patron, err := desk.PatronByID(e.App, id)
	if err != nil {
		return patronView{}, err
	}
	return viewPatron(e, patron)
}

func (d *Door) addPatron(e *core.RequestEvent) error {
	var body patrons.Fields
	if err := read(e, &body); err != nil {
		return err
	}
	id, err := patrons.Add(e.App, body, e.Auth.Id, time.Now())
	if err != nil {
		return err
	}
	view, err := viewByID(e, id)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"patron": view})
}

// changePatron saves what the librarian typed, unless somebody saved the patron since; then the answer shows what they saved.
func (d *Door) changePatron(e *core.RequestEvent) error {
	var body struct {
		patrons.Fields
		Updated string `json:"updated"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("updated", body.Updated); err != nil {
		return err
	}
	patron, err := desk.FindPatron(e.App, e.Request.PathValue("barcode"))
	if err != nil {
		return err
	}
	saved := patrons.Change(e.App, patron.ID, body.Updated, body.Fields, e.Auth.Id, time.Now())
	var since *fault.Error
	if changed := errors.As(saved, &since) && since.Word == "changed"; saved != nil && !changed {
		return saved
	}
	view, err := viewByID(e, patron.ID)
	if err != nil {
		return err
	}
	if since != nil {
		return e.JSON(http.StatusConflict, map[string]any{
			"status": http.StatusConflict, "message": since.Text.In(langOf(e)), "data": map[string]any{"code": since.Word, "current": view},
		})
	}
	return ok(e, map[string]any{"patron": view})
}

// renewCard makes a new card for a patron whose old one is lost.
func (d *Door) renewCard(e *core.RequestEvent) error {
	patron, err := desk.FindPatron(e.App, e.Request.PathValue("barcode"))
	if err != nil {
		return err
	}
	if err := patrons.RenewCard(e.App, patron.ID, e.Auth.Id, time.Now()); err != nil {
		return err
	}
	return tellUpdated(e, patron.ID, map[string]any{"made": true})
}

// tellUpdated adds when the patron was saved, for a form that is open on the same screen.
func tellUpdated(e *core.RequestEvent, id string, answer map[string]any) error {
	patron, err := desk.PatronByID(e.App, id)
	if err != nil {
		return err
	}
	answer["updated"] = patron.Updated
	return ok(e, answer)
}
