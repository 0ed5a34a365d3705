package store

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Inside is bulk work inside the transaction of app, for a single act that has to keep what bulk work keeps, such as the search index. It begins and ends
// with that transaction: only Exec, Try, Row and Rows are for it.
func Inside(app core.App) (*Bulk, error) {
	tx, ok := app.DB().(*dbx.Tx)
	if !ok {
		return nil, errors.New("there is no transaction to be inside of")
	}
	builder, ok := tx.Builder.(interface{ Executor() dbx.Executor })
	if !ok {
		return nil, errors.New("the transaction does not show its connection")
	}
	inner, ok := builder.Executor().(*sql.Tx)
	if !ok {
		return nil, errors.New("the transaction is none of the store")
	}
	return &Bulk{tx: inner, stmts: map[string]*sql.Stmt{}}, nil
}
