package hooks

import (
	"net/http"
	"time"

	"carrel/internal/site"
	"carrel/internal/staff"

	"github.com/pocketbase/pocketbase/core"
)

func (d *Door) staffList(e *core.RequestEvent) error {
	members, err := staff.List(e.App)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"staff": members})
}

// newMemberAnswer carries the password that the server made, this once.
type newMemberAnswer struct {
	staff.Member
	Password string `json:"password"`
}

func (d *Door) addStaff(e *core.RequestEvent) error {
	var change staff.Change
	if err := read(e, &change); err != nil {
		return err
	}
	member, password, err := staff.Add(e.App, e.Auth.Id, change)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, newMemberAnswer{member, password})
}

func (d *Door) changeStaff(e *core.RequestEvent) error {
	var change staff.Change
	if err := read(e, &change); err != nil {
		return err
	}
	member, err := staff.Edit(e.App, e.Auth.Id, e.Request.PathValue("id"), change)
	if err != nil {
		return err
	}
	return ok(e, member)
}

func (d *Door) resetPassword(e *core.RequestEvent) error {
	password, err := staff.Reset(e.App, e.Auth.Id, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return ok(e, map[string]string{"password": password})
}

func (d *Door) removeStaff(e *core.RequestEvent) error {
	return deleted(e, staff.Remove(e.App, e.Auth.Id, e.Request.PathValue("id")))
}

// recovery tells whether there are recovery codes, never which.
func (d *Door) recovery(e *core.RequestEvent) error {
	kept, err := site.LoadRecovery(e.App)
	if err != nil {
		return err
	}
	answer := map[string]any{"made": nil, "left": len(kept.Hashes)}
	if !kept.Made.IsZero() {
		answer["made"] = rfc3339(kept.Made)
	}
	return ok(e, answer)
}

// newRecovery makes recovery codes; they are shown once and kept as hashes.
func (d *Door) newRecovery(e *core.RequestEvent) error {
	codes, err := staff.NewRecovery(e.App, e.Auth.Id, time.Now())
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"codes": codes})
}

// recoverAccount gives a librarian who is signed out a new password for a code of the school.
func (d *Door) recoverAccount(e *core.RequestEvent) error {
	var body struct {
		Email    string `json:"email"`
		Code     string `json:"code"`
		Password string `json:"password"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("email", body.Email, "code", body.Code, "password", body.Password); err != nil {
		return err
	}
	if err := staff.Recover(e.App, body.Email, body.Code, body.Password); err != nil {
		return err
	}
	return ok(e, map[string]bool{"recovered": true})
}
