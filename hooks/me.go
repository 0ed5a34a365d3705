package hooks

import (
	"carrel/collections"
	"carrel/internal/site"
	"carrel/internal/staff"

	"github.com/pocketbase/pocketbase/core"
)

type meAnswer struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	Role      string       `json:"role"`
	Language  string       `json:"language"`
	Homerooms []staff.Room `json:"homerooms"`
	School    string       `json:"school"`
	Fees      bool         `json:"fees"`            // whether the library charges money
	Setup     string       `json:"setup"`           // the step of the wizard to go on with; empty when finished, and for all but librarians
	Token     string       `json:"token,omitempty"` // a new one, after a new password
}

// me tells the app who is signed in, and what it needs to know of the school.
func (d *Door) me(e *core.RequestEvent) error { return answerMe(e, e.Auth, "") }

func answerMe(e *core.RequestEvent, account *core.Record, token string) error {
	house, err := site.Open(e.App)
	if err != nil {
		return err
	}
	answer := meAnswer{
		ID: account.Id, Name: account.GetString("name"), Role: account.GetString("role"), Language: account.GetString("language"),
		School: house.School.Name, Fees: house.Fees.On, Token: token,
	}
	if answer.Homerooms, err = staff.RoomsOf(e.App, account.GetStringSlice("homerooms")); err != nil {
		return err
	}
	if answer.Role == string(collections.Librarian) {
		steps, err := site.LoadSetup(e.App)
		if err != nil {
			return err
		}
		answer.Setup = steps.At
	}
	return ok(e, answer)
}

// changeMe changes one's own name, language or password. A new password ends all other sessions of the account, so it is answered with a token for this one.
func (d *Door) changeMe(e *core.RequestEvent) error {
	var change staff.OwnChange
	if err := read(e, &change); err != nil {
		return err
	}
	account, err := staff.ChangeOwn(e.App, e.Auth.Id, change)
	if err != nil {
		return err
	}
	token := ""
	if change.Password != "" {
		if token, err = account.NewAuthToken(); err != nil {
			return err
		}
	}
	return answerMe(e, account, token)
}
