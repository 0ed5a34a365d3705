package adds_test

import (
	"errors"
	"testing"

	"carrel/internal/fault"
	"carrel/internal/marc"
)

func iso(t testing.TB, record marc.Record) string {
	t.Helper()
	out, err := marc.AppendISO2709(nil, record)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func asFault(err error, into **fault.Error) bool { return errors.As(err, into) }
