// Package fault is the one error type of Carrel: what was attempted, what kind of no it is,
// and a sentence a librarian understands. Doors translate it once; nothing below a door logs it.
package fault

import (
	"errors"

	"carrel/internal/say"
)

// Code is the kind of a fault; doors map it to a status.
type Code string

const (
	NotFound     Code = "not_found"    // the thing named does not exist
	Invalid      Code = "invalid"      // the input is malformed; Field names the place
	Refused      Code = "refused"      // a rule says no
	Conflict     Code = "conflict"     // the state does not allow it
	TooLarge     Code = "too_large"    // the input is larger than what is taken
	Unauthorized Code = "unauthorized" // the caller may not
	Internal     Code = "internal"     // our own failure; the cause is for the log only
)

// Error carries one fault. Word narrows the code for programs ("unknown_item", "key_reused");
// Field names the offending input of an Invalid fault.
type Error struct {
	Op    string
	Code  Code
	Word  string
	Field string
	Text  say.Text
	Err   error
}

// New makes a fault whose sentence is the message key, in the words of package say.
func New(op string, code Code, key string, args ...any) *Error {
	return &Error{Op: op, Code: code, Text: say.T(key, args...)}
}

// Wrap makes an Internal fault of an unexpected error; nil stays nil, and a fault stays what it is.
func Wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	var fault *Error
	if errors.As(err, &fault) {
		return err
	}
	return &Error{Op: op, Code: Internal, Text: say.T("fault.internal"), Err: err}
}

// Named sets the word that programs read and returns the fault.
func (e *Error) Named(word string) *Error {
	e.Word = word
	return e
}

// At names the input field at fault and returns the fault.
func (e *Error) At(field string) *Error {
	e.Field = field
	return e
}

// Because keeps the cause and returns the fault.
func (e *Error) Because(err error) *Error {
	e.Err = err
	return e
}

func (e *Error) Error() string {
	text := e.Text.In(say.English)
	if e.Err != nil {
		return e.Op + ": " + text + " (" + e.Err.Error() + ")"
	}
	return e.Op + ": " + text
}

func (e *Error) Unwrap() error { return e.Err }

// CodeOf tells the code of err: "" for nil, Internal for anything that is not a fault.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var fault *Error
	if errors.As(err, &fault) {
		return fault.Code
	}
	return Internal
}
