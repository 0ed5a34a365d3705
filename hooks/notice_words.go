package hooks

import (
	"net/http"
	"strconv"
	"time"

	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/notices"
	"carrel/internal/patrons"
	saying "carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

func (d *Door) noticeWords(e *core.RequestEvent) error {
	wordings, err := notices.Wordings(e.App)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"templates": wordings})
}

func (d *Door) saveNoticeWords(e *core.RequestEvent) error {
	var body notices.Wording
	if err := read(e, &body); err != nil {
		return err
	}
	saved, err := notices.SaveWording(e.App, body)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"template": saved})
}

func (d *Door) dropNoticeWords(e *core.RequestEvent) error {
	asked, err := wordingAsked(e)
	if err != nil {
		return err
	}
	if err := notices.DropWording(e.App, asked); err != nil {
		return err
	}
	return ok(e, map[string]bool{"deleted": true})
}

// wordingAsked reads ?kind=, step= and language=.
func wordingAsked(e *core.RequestEvent) (asked notices.Wording, err error) {
	query := e.Request.URL.Query()
	asked.Kind, asked.Language = query.Get("kind"), saying.Lang(query.Get("language"))
	if step := query.Get("step"); step != "" {
		if asked.Step, err = strconv.Atoi(step); err != nil {
			return asked, fault.New("hooks.wordingAsked", fault.Invalid, "door.wrong_type", "step").At("step")
		}
	}
	return asked, nil
}

// showNoticeWords shows the words in use on a patron, or on somebody made up; each view of a patron is kept in the audit.
func (d *Door) showNoticeWords(e *core.RequestEvent) error {
	asked, err := wordingAsked(e)
	if err != nil {
		return err
	}
	return showWords(e, asked, e.Request.URL.Query().Get("patron"))
}

// tryNoticeWords shows words that are not saved yet.
func (d *Door) tryNoticeWords(e *core.RequestEvent) error {
	var body struct {
		notices.Wording
		Patron string `json:"patron"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	return showWords(e, body.Wording, body.Patron)
}

func showWords(e *core.RequestEvent, wording notices.Wording, barcode string) error {
	if barcode == "" {
		shown, err := notices.ShowWording(e.App, wording, notices.Somebody(), time.Now())
		if err != nil {
			return err
		}
		return ok(e, shown)
	}
	patron, err := desk.FindPatron(e.App, barcode)
	if err != nil {
		return err
	}
	shown, err := notices.ShowWording(e.App, wording, patron.Patron, time.Now())
	if err != nil {
		return err
	}
	if err := patrons.Seen(e.App, patron.ID, e.Auth.Id, time.Now()); err != nil {
		return err
	}
	return ok(e, shown)
}

// testNotice sends a test mail and answers in the mail server's own words when it was not taken.
func (d *Door) testNotice(e *core.RequestEvent) error {
	var body struct {
		Address string `json:"address"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("address", body.Address); err != nil {
		return err
	}
	sent, err := notices.SendTest(e.Request.Context(), e.App, body.Address, time.Now, langOf(e))
	if err != nil {
		return err
	}
	return ok(e, map[string]string{"message": sent.In(langOf(e))})
}

func (d *Door) unsubscribed(e *core.RequestEvent) error {
	list, err := notices.OptOuts(e.App)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"unsubscribed": list})
}

// unsubscribe enters what a family answered by mail.
func (d *Door) unsubscribe(e *core.RequestEvent) error {
	var body struct {
		Asked string `json:"asked"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	out, err := notices.Unsubscribe(e.App, body.Asked, time.Now())
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, out)
}

func (d *Door) resubscribe(e *core.RequestEvent) error {
	if err := notices.Resubscribe(e.App, e.Request.PathValue("id")); err != nil {
		return err
	}
	return ok(e, map[string]bool{"deleted": true})
}
