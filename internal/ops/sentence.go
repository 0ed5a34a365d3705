package ops

import (
	"errors"

	"carrel/internal/fault"
	"carrel/internal/say"
)

// sentence is an error as a part of another sentence: a fault's own, else the words of whoever failed.
func sentence(err error) say.Text {
	var f *fault.Error
	if errors.As(err, &f) && f.Code != fault.Internal {
		return f.Text
	}
	return say.T("doctor.words", err.Error())
}
