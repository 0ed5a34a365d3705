// Package checkdoor is where students do a check: a class code opens it, a seat code on their paper is all that says who they are. No cookie is set, and nothing
// of the request is kept or logged.
package checkdoor

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"carrel/internal/checks"
	"carrel/internal/fault"
	"carrel/internal/live"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// maxBody is far more than any sheet needs.
const maxBody = 256 << 10

type door struct {
	app     core.App
	guesses *guesses
	now     func() time.Time
}

// New is the check as both doors mount it below /check/: three commands in JSON, and page for everything else.
func New(app core.App, page http.Handler) http.Handler { return newDoor(app, page, time.Now) }

func newDoor(app core.App, page http.Handler, now func() time.Time) http.Handler {
	d := &door{app: app, guesses: &guesses{wrong: map[string][]time.Time{}}, now: now}
	routes := http.NewServeMux()
	routes.Handle("POST /check/open", d.answered(d.open))
	routes.Handle("POST /check/seat", d.answered(d.seat))
	routes.Handle("POST /check/answers", d.answered(d.answers))
	routes.Handle("/", page)
	return routes
}

func (d *door) open(r *http.Request) (any, error) {
	var body struct {
		Code string `json:"code"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	return checks.Enter(d.app, body.Code, d.now())
}

func (d *door) seat(r *http.Request) (any, error) {
	var body struct {
		Code  string `json:"code"`
		Seat  string `json:"seat"`
		Again bool   `json:"again"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	seat, err := checks.Sit(d.app, body.Code, body.Seat, body.Again, d.now())
	if err != nil {
		return nil, err
	}
	live.Tell(d.app, live.Checks)
	return map[string]string{"seat": seat}, nil
}

func (d *door) answers(r *http.Request) (any, error) {
	var sheet checks.Sheet
	if err := read(r, &sheet); err != nil {
		return nil, err
	}
	if err := checks.HandIn(d.app, sheet, d.now()); err != nil {
		return nil, err
	}
	live.Tell(d.app, live.Checks)
	return map[string]bool{"kept": true}, nil
}

func read(r *http.Request, into any) error {
	if err := json.NewDecoder(io.LimitReader(r.Body, maxBody)).Decode(into); err != nil {
		return fault.New("checkdoor.read", fault.Invalid, "door.bad_json").At("body")
	}
	return nil
}

// answered writes what a command answers, or why not. An address that guesses codes waits.
func (d *door) answered(answer func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		address, lang := addressOf(r), say.LangOf(r.Header.Get("Accept-Language"))
		if d.guesses.tooMany(address, d.now()) {
			write(w, http.StatusTooManyRequests, refusal(http.StatusTooManyRequests, "wait", "", say.T("checks.wait").In(lang)))
			return
		}
		found, err := answer(r)
		if err == nil {
			write(w, http.StatusOK, found)
			return
		}
		var f *fault.Error
		errors.As(fault.Wrap("checkdoor", err), &f)
		text, word := f.Text, f.Word
		switch {
		case f.Code == fault.Internal:
			d.app.Logger().Error("a check failed", "path", r.URL.Path, "error", err)
			text = say.T("checks.sorry")
		case word == "not_open" || word == "unknown_seat":
			d.guesses.wrongCode(address, d.now())
		}
		if word == "" {
			word = string(f.Code)
		}
		write(w, fault.Status(err), refusal(fault.Status(err), word, f.Field, text.In(lang)))
	})
}

// addressOf is of the connection; a header's word is not trusted.
func addressOf(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}

func refusal(status int, code, field, message string) any {
	data := map[string]string{"code": code}
	if field != "" {
		data["field"] = field
	}
	return map[string]any{"status": status, "message": message, "data": data}
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) //nolint:errcheck // whoever asked has gone
}
