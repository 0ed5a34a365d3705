package hooks

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"
	saying "carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// langOf is the language of the one who asks: the account's, else the browser's.
func langOf(e *core.RequestEvent) saying.Lang {
	if e.Auth != nil && e.Auth.GetString("language") != "" {
		return saying.LangOf(e.Auth.GetString("language"))
	}
	return saying.LangOf(e.Request.Header.Get("Accept-Language"))
}

// say translates an error once, into the status and the shape of the contract. Only our own failures are logged.
func say(e *core.RequestEvent, err error) error {
	if err == nil {
		return nil
	}
	var f *fault.Error
	if !errors.As(fault.Wrap(e.Request.Pattern, err), &f) {
		return err // never: Wrap makes a fault of everything
	}
	lang := langOf(e)
	data := map[string]any{"code": f.Word}
	if f.Word == "" {
		data["code"] = string(f.Code)
	}
	if f.Field != "" {
		data["field"] = f.Field
	}
	if refused, ok := desk.AsRefused(err); ok {
		data["refusals"] = refusals(refused.Refusals, lang)
	}
	var of *ofItem
	if errors.As(err, &of) {
		data["item"] = showThing(of.item)
	}
	if f.Code == fault.Internal {
		data["id"] = fault.NewID()
		e.App.Logger().Error("a request failed", "op", f.Op, "error", err, "id", data["id"])
	}
	status := fault.Status(err)
	return e.JSON(status, map[string]any{"status": status, "message": f.Text.In(lang), "data": data})
}

// ofItem is an error about one item: who asked sees which.
type ofItem struct {
	error
	item desk.Thing
}

func (o *ofItem) Unwrap() error { return o.error }

// about adds to an error the item that was asked for, once it is known.
func about(err error, item desk.Thing) error {
	if item.ID == "" {
		return err
	}
	return &ofItem{err, item}
}

type refusalAnswer struct {
	Code        string      `json:"code"`
	Message     string      `json:"message"`
	Overridable bool        `json:"overridable"` // by the one who asked
	Rule        *ruleAnswer `json:"rule,omitempty"`
	Item        string      `json:"item,omitempty"`   // barcode, of an act of many
	Patron      string      `json:"patron,omitempty"` // barcode
}

// ruleAnswer names the row of the rules that decided.
type ruleAnswer struct {
	ID    string `json:"id"`
	Scope string `json:"scope"`
}

func refusals(refused []desk.Refusal, lang saying.Lang) []refusalAnswer {
	answers := make([]refusalAnswer, 0, len(refused))
	for _, refusal := range refused {
		answers = append(answers, refusalAnswer{
			Code: string(refusal.Code), Message: refusal.Text.In(lang), Overridable: refusal.Overridable,
			Rule: ruleOf(refusal.Rule, lang), Item: refusal.Item, Patron: refusal.Patron,
		})
	}
	return answers
}

// ruleOf is nil when no row decided.
func ruleOf(rule policy.Rule, lang saying.Lang) *ruleAnswer {
	if rule.ID == "" {
		return nil
	}
	return &ruleAnswer{rule.ID, rule.Scope().In(lang)}
}

// read decodes a JSON body; what cannot be read is a 400 that names the field.
func read(e *core.RequestEvent, into any) error { return readUpTo(e, into, 1<<20) }

// readUpTo reads a body of at most so many bytes.
func readUpTo(e *core.RequestEvent, into any, most int64) error {
	decoder := json.NewDecoder(io.LimitReader(e.Request.Body, most))
	err := decoder.Decode(into)
	if err == nil {
		return nil
	}
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		field := wrongType.Field[strings.LastIndexByte(wrongType.Field, '.')+1:]
		return fault.New("hooks.read", fault.Invalid, "door.wrong_type", field).At(field)
	}
	return fault.New("hooks.read", fault.Invalid, "door.bad_json").At("body")
}

// required refuses an empty field, the first one in the order given.
func required(fields ...string) error {
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i+1] == "" {
			return fault.New("hooks.required", fault.Invalid, "door.missing", fields[i]).At(fields[i])
		}
	}
	return nil
}

// parseAt reads an optional RFC 3339 time.
func parseAt(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fault.New("hooks.parseAt", fault.Invalid, "desk.bad_time").At("at")
	}
	return at, nil
}

// parseDay reads a day; empty is no day.
func parseDay(field, text string) (policy.Day, error) {
	day, err := policy.ParseDay(text)
	if err != nil {
		return 0, fault.New("hooks.parseDay", fault.Invalid, "door.bad_day").At(field)
	}
	return day, nil
}

func ok(e *core.RequestEvent, answer any) error { return e.JSON(http.StatusOK, answer) }
