package doubles

import (
	"database/sql"
	"encoding/json"
	"maps"
	"slices"

	"carrel/internal/desk"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// move is a row of merge_moves.
type move struct {
	Seq    int            `db:"seq"`
	Table  string         `db:"tbl"`
	Row    string         `db:"row"`
	Title  string         `db:"title"`
	Before sql.NullString `db:"before"`
}

// Part undoes a merge within thirty days: what came from each double goes back to it, also an item that was lent since, which stays on loan. What the kept title
// got since stays with it. A hold that is ready and whose item now belongs to another title waits again. The codes are fault.NotFound (unknown_merge) and
// fault.Conflict (undone, too_late, merged_since, key_reused).
func Part(app core.App, id string, act desk.Act) (merge Merge, err error) {
	const op = "doubles.Part"
	if act.Key == "" {
		return merge, fault.New(op, fault.Invalid, "desk.bad_key").At("key")
	}
	err = app.RunInTransaction(func(app core.App) error {
		rows, err := read(app, "WHERE m.id = {:id}", dbx.Params{"id": id})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return fault.New(op, fault.NotFound, "doubles.unknown").Named("unknown_merge")
		}
		merge = rows[0].Merge
		if merge.Undone && rows[0].UndoKey == act.Key {
			return nil
		}
		if err := rows[0].check(app, act); err != nil {
			return err
		}
		if err := part(app, merge, act); err != nil {
			return err
		}
		merge.Undone = true
		_, err = app.DB().Update("merges", dbx.Params{"undone": act.Now.UTC().Format("2006-01-02T15:04:05Z07:00"), "undo_key": act.Key}, dbx.HashExp{"id": id}).Execute()
		return err
	})
	return merge, err
}

// check refuses to undo what cannot be. A kept title that was merged itself since must be parted from that one first.
func (r record) check(app core.App, act desk.Act) error {
	const op = "doubles.Part"
	if r.Undone {
		return fault.New(op, fault.Conflict, "doubles.undone").Named("undone")
	}
	if act.Now.After(r.until()) {
		return fault.New(op, fault.Conflict, "doubles.too_late", undoDays).Named("too_late")
	}
	var into []string
	if err := app.DB().NewQuery("SELECT merged_into FROM titles WHERE id = {:id}").Bind(dbx.Params{"id": r.Keep}).Column(&into); err != nil {
		return err
	}
	if len(into) == 0 || into[0] != "" {
		return fault.New(op, fault.Conflict, "doubles.merged_since").Named("merged_since")
	}
	return nil
}

func part(app core.App, merge Merge, act desk.Act) error {
	var moves []move
	err := app.DB().NewQuery("SELECT seq, tbl, row, title, before FROM merge_moves WHERE merge = {:merge} ORDER BY seq DESC").Bind(dbx.Params{"merge": merge.ID}).All(&moves)
	if err != nil {
		return err
	}
	ranks := map[string]float64{}
	for _, one := range moves {
		if one.Table == "ranks" {
			if err := one.rank(app, ranks); err != nil {
				return err
			}
			continue
		}
		if err := one.back(app, merge.Keep); err != nil {
			return err
		}
	}
	titles := append([]string{merge.Keep}, merge.Titles...)
	if err := astray(app, titles, ranks); err != nil {
		return err
	}
	act.Key = "part-" + merge.ID
	if _, err := desk.SetRanks(app, act, ranks); err != nil {
		return err
	}
	return refresh(app, titles)
}

// back makes one row speak again of the title it spoke of, where it is still there and speaks of the kept one.
func (m move) back(app core.App, keep string) error {
	params := dbx.Params{"row": m.Row, "title": m.Title, "keep": keep}
	run := func(query string) error {
		_, err := app.DB().NewQuery(query).Bind(params).Execute()
		return err
	}
	if m.Table == "titles" {
		return run("UPDATE titles SET merged_into = {:title} WHERE id = {:row} AND merged_into = {:keep}")
	}
	var there []string
	if err := app.DB().NewQuery("SELECT id FROM titles WHERE id = {:title}").Bind(params).Column(&there); err != nil || len(there) == 0 {
		return err // a title that was deleted since gets nothing back
	}
	switch {
	case m.Table == "items":
		params["before"] = m.Before.String
		return run(`UPDATE items SET title = {:title}, marc_index = CASE marc_index WHEN 0 THEN json_extract({:before}, '$.marc_index') ELSE marc_index END
			WHERE id = {:row} AND title = {:keep}`)
	case m.Before.Valid:
		return m.again(app)
	}
	return run("UPDATE OR IGNORE " + m.Table + " SET title = {:title} WHERE id = {:row} AND title = {:keep}")
}

// again writes a row that went, unless there is one like it since.
func (m move) again(app core.App) error {
	whole := map[string]string{}
	if err := json.Unmarshal([]byte(m.Before.String), &whole); err != nil {
		return err
	}
	columns, values, params := "", "", dbx.Params{}
	for i, column := range slices.Sorted(maps.Keys(whole)) {
		if i > 0 {
			columns, values = columns+", ", values+", "
		}
		columns, values = columns+"["+column+"]", values+"{:"+column+"}"
		params[column] = whole[column]
	}
	_, err := app.DB().NewQuery("INSERT OR IGNORE INTO " + m.Table + " (" + columns + ") VALUES (" + values + ")").Bind(params).Execute()
	return err
}

// rank notes the place that a hold had, if it still waits where the merge put it.
func (m move) rank(app core.App, ranks map[string]float64) error {
	var was rank
	if err := json.Unmarshal([]byte(m.Before.String), &was); err != nil {
		return err
	}
	var now []float64
	err := app.DB().NewQuery("SELECT rank FROM holds WHERE id = {:row} AND ended_at = '' AND state = 'waiting'").Bind(dbx.Params{"row": m.Row}).Column(&now)
	if err == nil && len(now) > 0 && now[0] == was.Is {
		ranks[m.Row] = was.Was
	}
	return err
}

// astray adds the holds whose item on the hold shelf is no longer one of their title: they wait again, where they were.
func astray(app core.App, titles []string, ranks map[string]float64) error {
	list, err := json.Marshal(titles)
	if err != nil {
		return err
	}
	var rows []waiter
	err = app.DB().NewQuery(`SELECT holds.id, holds.rank, holds.placed_at FROM holds JOIN items ON items.id = holds.caught
		WHERE holds.ended_at = '' AND holds.state = 'ready' AND items.title != holds.title AND holds.title IN (SELECT value FROM json_each({:titles}))`).
		Bind(dbx.Params{"titles": string(list)}).All(&rows)
	for _, row := range rows {
		ranks[row.ID] = row.Rank
	}
	return err
}
