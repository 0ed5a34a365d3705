// Package lookup finds the record of a book by its ISBN: in the own catalogue, in the records kept on the box, and at sources on the internet. Only the
// ISBN ever leaves the school.
package lookup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"carrel/internal/marc"
)

// Provider is a place where Carrel looks. Find answers the records of one ISBN (13 digits, valid); none and no error means that the place does not know
// the book. Any other failure to answer is a *Trouble.
type Provider interface {
	Name() string
	Find(ctx context.Context, isbn string) ([]Found, error)
}

// Found is one record that a provider knows.
type Found struct {
	Title  string // id of the own title, "" for a record from elsewhere
	Record marc.Record
	Source string // whose record it is, as people say it
}

// Kind is why a source gave no answer that can be used.
type Kind string

const (
	Offline Kind = "offline" // no route, no name, no answer in time
	Portal  Kind = "portal"  // somebody else answered: the sign-in page of a network
	Limited Kind = "limited" // the source asks to be left alone for a while
	Broken  Kind = "broken"  // an answer that makes no sense
)

// Trouble is a source that could not be asked. It says nothing about the book.
type Trouble struct {
	Kind Kind
	Wait time.Duration // how long the source asked to be left alone; 0 when it did not say
	Err  error
}

func (t *Trouble) Error() string { return fmt.Sprintf("%s: %v", t.Kind, t.Err) }

func (t *Trouble) Unwrap() error { return t.Err }

func trouble(kind Kind, format string, args ...any) *Trouble {
	return &Trouble{Kind: kind, Err: fmt.Errorf(format, args...)}
}

// AsTrouble is the trouble in an error. An error that is none is an answer nobody could use.
func AsTrouble(err error) *Trouble {
	var t *Trouble
	if errors.As(err, &t) {
		return t
	}
	return &Trouble{Kind: Broken, Err: err}
}
