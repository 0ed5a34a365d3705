package doubles

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"carrel/internal/catalog"
	"carrel/internal/desk"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"
)

// maxMerged is how many doubles are merged at once.
const maxMerged = 20

// Request asks to make one title of several. Key is the caller's: the same again changes nothing.
type Request struct {
	Key    string   `json:"key"`
	Keep   string   `json:"keep"`
	Titles []string `json:"titles"` // the doubles, without the one that is kept

	Act desk.Act `json:"-"` // who does it, and when
}

// Merge is one merge as it is shown.
type Merge struct {
	ID        string   `json:"id" db:"id"`
	Keep      string   `json:"keep" db:"keep"`
	Name      string   `json:"name" db:"name"` // of the kept title
	Titles    []string `json:"titles" db:"-"`
	Items     int      `json:"items" db:"items"`
	Holds     int      `json:"holds" db:"holds"`
	At        string   `json:"at" db:"at"`
	UndoUntil string   `json:"undo_until" db:"-"`
	Undone    bool     `json:"undone" db:"gone"`
}

// undoDays is how long a merge can be undone, as an import.
const undoDays = 30

// record is a row of merges.
type record struct {
	Merge
	List    string `db:"list"`
	Key     string `db:"key"`
	UndoKey string `db:"undo_key"`
}

const merges = `SELECT m.id, m.key, m.undo_key, m.keep, COALESCE(t.title, '') AS name, m.titles AS list, m.items, m.holds, m.at, m.undone != '' AS gone
	FROM merges m LEFT JOIN titles t ON t.id = m.keep `

func read(app core.App, where string, params dbx.Params) ([]record, error) {
	rows := []record{}
	if err := app.DB().NewQuery(merges + where).Bind(params).All(&rows); err != nil {
		return nil, err
	}
	for i := range rows {
		row := &rows[i]
		if err := json.Unmarshal([]byte(row.List), &row.Titles); err != nil {
			return nil, err
		}
		row.UndoUntil = row.until().Format(time.RFC3339)
	}
	return rows, nil
}

func (r record) until() time.Time {
	at, _ := time.Parse(time.RFC3339, r.At) //nolint:errcheck // it was written so
	return at.AddDate(0, 0, undoDays)
}

// List lists the merges of the last thirty days, the newest first.
func List(app core.App, now time.Time) ([]Merge, error) {
	rows, err := read(app, "WHERE m.at > {:since} ORDER BY m.at DESC, m.rowid DESC", dbx.Params{"since": now.AddDate(0, 0, -undoDays).UTC().Format(time.RFC3339)})
	found := make([]Merge, len(rows))
	for i := range rows {
		found[i] = rows[i].Merge
	}
	return found, err
}

// Join makes one title of several: items, holds, tags and what families asked for go to the one that is kept, the others stand for it no more and leave the
// index. The holds wait in the order in which they were placed. The codes are fault.Invalid (key, keep, titles), fault.NotFound (unknown_title) and
// fault.Conflict (merged, key_reused).
func Join(app core.App, r Request) (merge Merge, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		known, err := read(app, "WHERE m.key = {:key}", dbx.Params{"key": r.Key})
		if err != nil {
			return err
		}
		if len(known) > 0 {
			merge = known[0].Merge
			if merge.Keep != r.Keep || !slices.Equal(merge.Titles, r.Titles) {
				return fault.New("doubles.Join", fault.Conflict, "desk.key_reused").Named("key_reused")
			}
			return nil
		}
		if err := r.check(app); err != nil {
			return err
		}
		joining := &joining{app: app, id: newID(), keep: r.Keep}
		if err := joining.all(r); err != nil {
			return err
		}
		rows, err := read(app, "WHERE m.id = {:id}", dbx.Params{"id": joining.id})
		if err == nil {
			merge = rows[0].Merge
		}
		return err
	})
	return merge, err
}

func newID() string {
	return security.RandomStringWithAlphabet(core.DefaultIdLength, core.DefaultIdAlphabet)
}

func (r Request) check(app core.App) error {
	const op = "doubles.Join"
	if len(r.Key) < 8 || len(r.Key) > 50 {
		return fault.New(op, fault.Invalid, "desk.bad_key").At("key")
	}
	if len(r.Titles) == 0 || len(r.Titles) > maxMerged || slices.Contains(r.Titles, r.Keep) {
		return fault.New(op, fault.Invalid, "doubles.bad_titles", maxMerged).At("titles")
	}
	for i, id := range append([]string{r.Keep}, r.Titles...) {
		field := cmp.Or(map[int]string{0: "keep"}[i], "titles")
		if i > 0 && slices.Contains(r.Titles[:i-1], id) {
			return fault.New(op, fault.Invalid, "doubles.bad_titles", maxMerged).At(field)
		}
		var into []string
		if err := app.DB().NewQuery("SELECT merged_into FROM titles WHERE id = {:id}").Bind(dbx.Params{"id": id}).Column(&into); err != nil {
			return err
		}
		if len(into) == 0 {
			return fault.New(op, fault.NotFound, "doubles.unknown_title").Named("unknown_title").At(field)
		}
		if into[0] != "" {
			return fault.New(op, fault.Conflict, "doubles.merged").Named("merged").At(field)
		}
	}
	return nil
}

// joining is one merge under way, inside its transaction.
type joining struct {
	app  core.App
	id   string
	keep string
}

// moved are the tables whose rows speak of a title and follow it. A table with a twin column may have one row for each of its values and title: the row of
// the double goes when the kept title has one like it.
var moved = []struct{ table, twin string }{
	{"items", ""},
	{"holds", ""},
	{"title_tags", "twin.folded = r.folded"},
	{"restrictions", "twin.patron = r.patron AND twin.mode = r.mode AND twin.scope = r.scope AND twin.folded = r.folded"},
}

func (j *joining) all(r Request) error {
	counts := map[string]int{}
	for _, title := range r.Titles {
		// Titles that were merged into this one stand for the new one from now on: no chain is ever longer than one.
		if _, err := j.move("titles", "merged_into", title, "r.merged_into = {:title}"); err != nil {
			return err
		}
		if err := j.do("INSERT INTO merge_moves (merge, tbl, row, title) VALUES ({:merge}, 'titles', {:title}, '')", title); err != nil {
			return err
		}
		if err := j.do("UPDATE titles SET merged_into = {:keep} WHERE id = {:title}", title); err != nil {
			return err
		}
		for _, one := range moved {
			if err := j.drop(one.table, one.twin, title); err != nil {
				return err
			}
			n, err := j.move(one.table, "title", title, "r.title = {:title}")
			if err != nil {
				return err
			}
			counts[one.table] += n
		}
	}
	list, err := json.Marshal(r.Titles)
	if err != nil {
		return err
	}
	_, err = j.app.DB().Insert("merges", dbx.Params{
		"id": j.id, "key": r.Key, "keep": r.Keep, "titles": string(list), "items": counts["items"], "holds": counts["holds"],
		"staff": r.Act.Actor.ID, "at": r.Act.Now.UTC().Format(time.RFC3339),
	}).Execute()
	if err != nil {
		return err
	}
	if err := j.queue(r.Act); err != nil {
		return err
	}
	return refresh(j.app, append([]string{r.Keep}, r.Titles...))
}

func (j *joining) do(query, title string) error {
	_, err := j.app.DB().NewQuery(query).Bind(dbx.Params{"merge": j.id, "keep": j.keep, "title": title}).Execute()
	return err
}

// move makes rows speak of the kept title and writes down of which they spoke.
func (j *joining) move(table, column, title, where string) (rows int, err error) {
	before := "NULL"
	if table == "items" {
		before = "json_object('marc_index', r.marc_index)"
	}
	done, err := j.app.DB().NewQuery("INSERT INTO merge_moves (merge, tbl, row, title, before) SELECT {:merge}, '" + table + "', r.id, {:title}, " + before + " FROM " + table + " r WHERE " + where +
		" ORDER BY r.rowid").Bind(dbx.Params{"merge": j.id, "title": title}).Execute()
	if err != nil {
		return 0, err
	}
	n, err := done.RowsAffected()
	if err != nil || n == 0 {
		return 0, err
	}
	set := column + " = {:keep}"
	if table == "items" {
		set += ", marc_index = 0" // its field is in the record of the double
	}
	return int(n), j.do("UPDATE "+table+" AS r SET "+set+" WHERE "+where, title)
}

// drop takes away the rows of a double that the kept title has already.
func (j *joining) drop(table, twin, title string) error {
	if twin == "" {
		return nil
	}
	where := " r WHERE r.title = {:title} AND EXISTS (SELECT 1 FROM " + table + " twin WHERE twin.title = {:keep} AND " + twin + ")"
	ids := []string{}
	params := dbx.Params{"title": title, "keep": j.keep}
	if err := j.app.DB().NewQuery("SELECT r.id FROM " + table + where).Bind(params).Column(&ids); err != nil {
		return err
	}
	for _, id := range ids {
		row := dbx.NullStringMap{}
		if err := j.app.DB().NewQuery("SELECT * FROM " + table + " WHERE id = {:id}").Bind(dbx.Params{"id": id}).One(row); err != nil {
			return err
		}
		whole := map[string]string{}
		for column, value := range row {
			whole[column] = value.String
		}
		before, err := json.Marshal(whole)
		if err != nil {
			return err
		}
		if _, err := j.app.DB().Insert("merge_moves", dbx.Params{"merge": j.id, "tbl": table, "row": id, "title": title, "before": string(before)}).Execute(); err != nil {
			return err
		}
		if _, err := j.app.DB().Delete(table, dbx.HashExp{"id": id}).Execute(); err != nil {
			return err
		}
	}
	return nil
}

// waiter is a hold in the queue.
type waiter struct {
	ID     string         `db:"id"`
	Rank   float64        `db:"rank"`
	Placed types.DateTime `db:"placed_at"`
}

// rank is what merge_moves keeps of a hold that was given another place.
type rank struct {
	Was float64 `json:"was"`
	Is  float64 `json:"is"`
}

// queue puts the holds of the kept title into the order of time.
func (j *joining) queue(act desk.Act) error {
	var waiting []waiter
	err := j.app.DB().NewQuery("SELECT id, rank, placed_at FROM holds WHERE title = {:keep} AND ended_at = '' AND state = 'waiting' ORDER BY placed_at, id").
		Bind(dbx.Params{"keep": j.keep}).All(&waiting)
	if err != nil {
		return err
	}
	ranks := map[string]float64{}
	for i, one := range waiting {
		is := float64(i + 1)
		if one.Rank == is {
			continue
		}
		ranks[one.ID] = is
		before, err := json.Marshal(rank{one.Rank, is})
		if err != nil {
			return err
		}
		if _, err := j.app.DB().Insert("merge_moves", dbx.Params{"merge": j.id, "tbl": "ranks", "row": one.ID, "title": j.keep, "before": string(before)}).Execute(); err != nil {
			return err
		}
	}
	act.Key = "merge-" + j.id
	_, err = desk.SetRanks(j.app, act, ranks)
	return err
}

func refresh(app core.App, titles []string) error {
	for _, id := range titles {
		if err := catalog.RefreshIn(app, id); err != nil {
			return err
		}
	}
	return nil
}
