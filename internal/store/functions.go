package store

import (
	"database/sql/driver"
	"fmt"

	"carrel/internal/words"

	"modernc.org/sqlite"
)

// What the triggers of the store call to keep the index of names and the journal of imports, so that every way in which a patron is written keeps it. Another program
// can read the store, but it cannot change a patron: it does not have these. See docs/adr/0014-triggers-keep-the-index-of-names.md.
func init() {
	sqlite.MustRegisterDeterministicScalarFunction("carrel_fold", 1, ofText(words.Fold))
	sqlite.MustRegisterDeterministicScalarFunction("carrel_words", 1, ofText(words.Spellings))
	sqlite.MustRegisterDeterministicScalarFunction("carrel_code", 1, ofText(words.Code))
	sqlite.MustRegisterDeterministicScalarFunction("carrel_mark", -1, mark)
}

func ofText(convert func(string) string) func(*sqlite.FunctionContext, []driver.Value) (driver.Value, error) {
	return func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		switch text := args[0].(type) {
		case nil:
			return "", nil
		case string:
			return convert(text), nil
		}
		return nil, fmt.Errorf("a text is needed, not %T", args[0])
	}
}
