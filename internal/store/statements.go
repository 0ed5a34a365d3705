package store

import (
	"context"
	"database/sql"
	"database/sql/driver"

	_ "modernc.org/sqlite"
)

// driverName is SQLite's driver with prepared statements that are kept. dbx and PocketBase write the same few dozen statements again and
// again, and preparing them is a sixth of a check-out.
const driverName = "carrel-sqlite"

// keptStatements bounds what one connection keeps, for statements that are made up with varying parts.
const keptStatements = 100

func init() {
	registered, err := sql.Open("sqlite", "") // opens nothing; it is how to come by the driver that knows our functions
	if err != nil {
		panic(err)
	}
	sql.Register(driverName, &keepingDriver{registered.Driver()})
}

type keepingDriver struct{ driver.Driver }

func (d *keepingDriver) Open(name string) (driver.Conn, error) {
	opened, err := d.Driver.Open(name)
	if err != nil {
		return nil, err
	}
	plain, ok := opened.(plainConn)
	if !ok {
		return opened, nil // a driver that changed its shape still works, only slower
	}
	return &keepingConn{plainConn: plain, idle: map[string]driver.Stmt{}}, nil
}

// plainConn is what SQLite's connection can do; embedding it keeps all of it.
type plainConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// keepingConn gives a closed statement to the next one who prepares the same text. database/sql uses a connection from one goroutine at a time.
type keepingConn struct {
	plainConn
	idle map[string]driver.Stmt
}

func (c *keepingConn) Close() error {
	for _, stmt := range c.idle {
		_ = stmt.Close()
	}
	return c.plainConn.Close()
}

// ExecContext leaves statements with arguments to Prepare; those without may be several in one text.
func (c *keepingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 {
		return c.plainConn.ExecContext(ctx, query, args)
	}
	return nil, driver.ErrSkip
}

// QueryContext is as ExecContext.
func (c *keepingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if len(args) == 0 {
		return c.plainConn.QueryContext(ctx, query, args)
	}
	return nil, driver.ErrSkip
}

func (c *keepingConn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c *keepingConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	prepared, kept := c.idle[query]
	if kept {
		delete(c.idle, query)
	} else {
		var err error
		if prepared, err = c.plainConn.PrepareContext(ctx, query); err != nil {
			return nil, err
		}
	}
	plain, ok := prepared.(plainStmt)
	if !ok {
		return prepared, nil
	}
	return &keptStmt{plainStmt: plain, conn: c, query: query}, nil
}

type plainStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type keptStmt struct {
	plainStmt
	conn  *keepingConn
	query string
}

// Close hands the statement back instead of finishing it.
func (s *keptStmt) Close() error {
	if _, there := s.conn.idle[s.query]; there || len(s.conn.idle) >= keptStatements {
		return s.plainStmt.Close()
	}
	s.conn.idle[s.query] = s.plainStmt
	return nil
}
