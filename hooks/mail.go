package hooks

import (
	"carrel/internal/audit"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

func (d *Door) mail(e *core.RequestEvent) error {
	mail, err := site.LoadMail(e.App)
	if err != nil {
		return err
	}
	return ok(e, mail)
}

// saveMail changes what the body names and leaves the rest. The password goes in and never comes out.
func (d *Door) saveMail(e *core.RequestEvent) error {
	mail, err := site.LoadMail(e.App)
	if err != nil {
		return err
	}
	body := struct {
		*site.Mail
		Password *string `json:"password"`
	}{Mail: &mail}
	if err := read(e, &body); err != nil {
		return err
	}
	if mail, err = site.SaveMail(e.App, mail, body.Password); err != nil {
		return err
	}
	if err := audit.Note(e.App, e.Auth.Id, "mail_changed", map[string]string{"host": mail.Host}); err != nil {
		return err
	}
	return ok(e, mail)
}
