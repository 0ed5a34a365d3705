package hooks

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	"carrel/internal/notices"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

func (d *Door) notices(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	page, _ := strconv.Atoi(asked.Get("page"))       //nolint:errcheck // not a number is the first page
	perPage, _ := strconv.Atoi(asked.Get("perPage")) //nolint:errcheck // not a number is the usual size
	list, err := notices.List(e.App, notices.Asked{
		State: asked.Get("state"), Kind: asked.Get("kind"), Channel: asked.Get("channel"), Page: page, PerPage: perPage, Lang: langOf(e), Money: isHead(e),
	}, time.Now())
	if err != nil {
		return err
	}
	return ok(e, list)
}

// dayAsked reads ?on= or the body's day; today when left out.
func (d *Door) dayAsked(text string) (policy.Day, error) {
	school, err := site.Load(d.app)
	if err != nil {
		return 0, err
	}
	if text == "" {
		return policy.DayOf(time.Now(), school.Location()), nil
	}
	return parseDay("on", text)
}

func (d *Door) previewNotices(e *core.RequestEvent) error {
	on, err := d.dayAsked(e.Request.URL.Query().Get("on"))
	if err != nil {
		return err
	}
	late, err := notices.Preview(e.App, on, partAsked(e), time.Now())
	if err != nil {
		return err
	}
	return ok(e, late)
}

// slips is the paper for everybody who is late on a day; printing it marks nothing.
func (d *Door) slips(e *core.RequestEvent) error {
	on, err := d.dayAsked(e.Request.URL.Query().Get("on"))
	if err != nil {
		return err
	}
	var sheet bytes.Buffer
	if err := notices.Slips(e.App, &sheet, on, partAsked(e), time.Now()); err != nil {
		return err
	}
	e.Response.Header().Set("Content-Disposition", `inline; filename="slips.pdf"`)
	return e.Blob(http.StatusOK, "application/pdf", sheet.Bytes())
}

// partAsked reads ?homerooms=, ids between commas; all when left out.
func partAsked(e *core.RequestEvent) (part notices.Part) {
	if rooms := e.Request.URL.Query().Get("homerooms"); rooms != "" {
		part.Rooms = strings.Split(rooms, ",")
	}
	return part
}

// readSlips shows what the slips of one homeroom say. The view is one row in the audit.
func (d *Door) readSlips(e *core.RequestEvent) error {
	on, err := d.dayAsked(e.Request.URL.Query().Get("on"))
	if err != nil {
		return err
	}
	room := e.Request.PathValue("homeroom")
	read, err := notices.ReadSlips(e.App, on, room, time.Now())
	if err != nil {
		return err
	}
	if err := looked(e, "slips", room); err != nil {
		return err
	}
	return ok(e, read)
}

// printNotices is the paper for families without a mail address; its notices are then marked as printed.
func (d *Door) printNotices(e *core.RequestEvent) error {
	var sheet bytes.Buffer
	if _, err := notices.PrintQueued(e.App, &sheet, time.Now()); err != nil {
		return err
	}
	e.Response.Header().Set("Content-Disposition", `inline; filename="slips.pdf"`)
	return e.Blob(http.StatusOK, "application/pdf", sheet.Bytes())
}

// sendAgain queues a notice that failed, or of which nobody knows: a person has looked.
func (d *Door) sendAgain(e *core.RequestEvent) error {
	if err := notices.SendAgain(e.App, e.Request.PathValue("id"), time.Now()); err != nil {
		return err
	}
	return ok(e, map[string]string{"state": "queued"})
}

// runNotices sends all there is to tell, or of the late books of some homerooms alone.
func (d *Door) runNotices(e *core.RequestEvent) error {
	var body struct {
		On        string   `json:"on"`
		Homerooms []string `json:"homerooms"`
		To        []string `json:"to"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	on, err := d.dayAsked(body.On)
	if err != nil {
		return err
	}
	var summary notices.Summary
	if body.Homerooms == nil {
		summary, err = notices.Run(e.Request.Context(), e.App, on, time.Now, false)
	} else {
		summary, err = notices.RunPart(e.Request.Context(), e.App, on, time.Now, notices.Part{Rooms: body.Homerooms, To: body.To})
	}
	if err != nil {
		return err
	}
	return ok(e, struct {
		notices.Summary
		Message string `json:"message"`
	}{summary, summary.In(langOf(e))})
}
