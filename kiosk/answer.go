package kiosk

import (
	"encoding/json"
	"errors"
	"net/http"

	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/labstack/echo/v5"
)

// outcome is a no to a child: what to do, never why.
type outcome struct {
	kind string // "see_librarian" or "try_again"
}

func (o outcome) Error() string { return o.kind }

var (
	tryAgain     = outcome{"try_again"}
	seeLibrarian = outcome{"see_librarian"}
	errEnded     = echo.NewHTTPError(http.StatusGone, "The session has ended.")
)

// read decodes a JSON body. Scanners and children send anything; the answer is always calm.
func read(c *echo.Context, into any) error {
	if err := json.NewDecoder(c.Request().Body).Decode(into); err != nil {
		return fault.New("kiosk.read", fault.Invalid, "door.bad_json").At("body").Because(err)
	}
	return nil
}

// refuse is the one place where the student door says no.
func (d *Door) refuse(c *echo.Context, err error) {
	if written, _ := echo.UnwrapResponse(c.Response()); written != nil && written.Committed {
		return
	}
	lang := say.LangOf(c.Request().Header.Get("Accept-Language"))
	var no outcome
	if !errors.As(err, &no) {
		no = d.outcomeOf(err)
	}
	if no.kind != "" {
		_ = c.JSON(http.StatusConflict, map[string]string{"outcome": no.kind, "message": say.T("kiosk." + no.kind).In(lang)})
		return
	}
	status := echo.StatusCode(err)
	if status == 0 {
		status = fault.Status(err)
	}
	text := say.T("kiosk.sorry")
	var f *fault.Error
	if errors.As(err, &f) && f.Code != fault.Internal {
		text = f.Text
	}
	answer := map[string]any{"status": status, "message": text.In(lang)}
	if status >= http.StatusInternalServerError {
		id := fault.NewID()
		answer["data"] = map[string]string{"id": id}
		d.app.Logger().Error("the student door failed", "error", err, "id", id)
	}
	_ = c.JSON(status, answer)
}

// outcomeOf decides what a child is told: a rule's no goes to the librarian, an unknown code is worth another try.
func (d *Door) outcomeOf(err error) outcome {
	switch fault.CodeOf(err) {
	case fault.Refused:
		return seeLibrarian
	case fault.NotFound:
		if echo.StatusCode(err) == 0 {
			return tryAgain
		}
	case fault.Conflict:
		return tryAgain
	}
	return outcome{}
}
