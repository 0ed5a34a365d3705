package catalog

import (
	"database/sql"
	"errors"
	"slices"
	"strings"

	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// insertVersion numbers the versions of a title by itself.
const insertVersion = `INSERT INTO title_versions (title, n, at, staff, how, sitting, marc)
	SELECT ?1, COALESCE(MAX(n), 0) + 1, ?2, ?3, ?4, ?5, ?6 FROM title_versions WHERE title = ?1`

// keepVersion keeps the record before a change. The changes of one sitting are one version; a sitting that ends where it began leaves none.
func keepVersion(b *store.Bulk, c Change, before, after string) error {
	now := types.NowDateTime().String()
	n, began, err := sitting(b, c)
	switch {
	case err != nil:
		return err
	case n == 0:
		return b.Exec(insertVersion, c.Title, now, c.Staff, c.How, c.Sitting, before)
	case began == after:
		return b.Exec("DELETE FROM title_versions WHERE title = ? AND n = ?", c.Title, n)
	}
	return b.Exec("UPDATE title_versions SET at = ?, how = ? WHERE title = ? AND n = ?", now, c.How, c.Title, n)
}

// sitting is the last version of a title, when it is of the same sitting, and the record before it; 0 when it is not.
func sitting(b *store.Bulk, c Change) (n int, began string, err error) {
	if c.Sitting == "" {
		return 0, "", nil
	}
	row, err := b.Row("SELECT n, staff, sitting, marc FROM title_versions WHERE title = ? ORDER BY n DESC LIMIT 1", c.Title)
	if err != nil {
		return 0, "", err
	}
	var staff, last string
	err = row.Scan(&n, &staff, &last, &began)
	if errors.Is(err, sql.ErrNoRows) || err == nil && (staff != c.Staff || last != c.Sitting) {
		return 0, "", nil
	}
	return n, began, err
}

// Version is a title's record as it was after a change. The first one is the record as it came; the last is the record as it is.
type Version struct {
	N       int           `json:"n"`
	At      string        `json:"at"`
	Staff   string        `json:"-"`
	By      string        `json:"by"` // name of the account, "" for an import
	How     string        `json:"how"`
	Changes []FieldChange `json:"changes"`
}

// FieldChange is a field that came, went or became another: as text, "245 10 ‡a Moon", one of both may be empty.
type FieldChange struct {
	Tag string `json:"tag"`
	Was string `json:"was"`
	Is  string `json:"is"`
}

// versionRow is a change as it is kept.
type versionRow struct {
	N     int    `db:"n"`
	At    string `db:"at"`
	Staff string `db:"staff"`
	By    string `db:"by"`
	How   string `db:"how"`
	MARC  string `db:"marc"`
}

// history is the changes of a title, the oldest first, and the title as it is.
func history(app core.App, id string) (rows []versionRow, now stored, err error) {
	if now.Title, now.record, now.Updated, err = Standing(app, id); err != nil {
		return nil, now, err
	}
	err = app.DB().NewQuery(`SELECT v.n, v.at, v.staff, COALESCE(NULLIF(staff.name, ''), staff.email, '') AS by, v.how, v.marc
		FROM title_versions AS v LEFT JOIN staff ON staff.id = v.staff WHERE v.title = {:id} ORDER BY v.n`).Bind(dbx.Params{"id": id}).All(&rows)
	if err != nil {
		return nil, now, err
	}
	return rows, now, app.DB().NewQuery("SELECT created FROM titles WHERE id = {:id}").Bind(dbx.Params{"id": id}).Row(&now.Created)
}

// Versions lists the states of a title's record with what each changed, the newest first. The code is fault.NotFound (unknown_title).
func Versions(app core.App, id string) ([]Version, error) {
	rows, now, err := history(app, id)
	if err != nil {
		return nil, err
	}
	states := []Version{{N: 1, At: now.Created, How: firstHow(now), Changes: []FieldChange{}}}
	for i, row := range rows {
		after := now.record
		if i+1 < len(rows) {
			if after, err = marc.Decode([]byte(rows[i+1].MARC)); err != nil {
				return nil, err
			}
		}
		before, err := marc.Decode([]byte(row.MARC))
		if err != nil {
			return nil, err
		}
		if changes := compare(before, after); len(changes) > 0 {
			states = append(states, Version{row.N + 1, row.At, row.Staff, row.By, row.How, changes})
		}
	}
	slices.Reverse(states)
	return states, nil
}

// firstHow tells how a title came: a record with our own number was typed in here.
func firstHow(now stored) string {
	if now.record.Control("003") == ourCode && now.record.Control("001") == now.ID {
		return HowMade
	}
	return HowImport
}

// CountVersions is how many states a title's record has been in.
func CountVersions(app core.App, id string) (n int, err error) {
	err = app.DB().NewQuery("SELECT COUNT(*) + 1 FROM title_versions WHERE title = {:id}").Bind(dbx.Params{"id": id}).Row(&n)
	return n, err
}

// VersionOf is a title's record as version n of it. The code is fault.NotFound (unknown_title, unknown_version).
func VersionOf(app core.App, id string, n int) (marc.Record, error) {
	rows, now, err := history(app, id)
	if err != nil {
		return marc.Record{}, err
	}
	at := slices.IndexFunc(rows, func(r versionRow) bool { return r.N == n })
	switch {
	case at >= 0:
		return marc.Decode([]byte(rows[at].MARC))
	case n == len(rows)+1 || len(rows) > 0 && n == rows[len(rows)-1].N+1:
		return now.record, nil
	}
	return marc.Record{}, fault.New("catalog.VersionOf", fault.NotFound, "catalog.title.no_version").Named("unknown_version").At("n")
}

// Restore makes a title's record again what version n of it was. The fields its items came from stay as they are now. The codes are those of save and
// of VersionOf.
func Restore(app core.App, c Change, n int) error {
	c.How = HowRestore
	old, err := VersionOf(app, c.Title, n)
	if err != nil {
		return err
	}
	return save(app, "catalog.Restore", c, func(now stored) (marc.Record, error) {
		return withItemFields(old, now), nil
	})
}

// withItemFields is an older record with the item fields a title has now: where both have the same, they stay in their places.
func withItemFields(old marc.Record, now stored) marc.Record {
	is := itemFields(now.record, now.ItemTag)
	if slices.EqualFunc(itemFields(old, now.ItemTag), is, sameField) {
		return old
	}
	old = withoutItems(old, now.ItemTag)
	old.Fields = append(slices.Clip(old.Fields), is...)
	return old
}

// compare lists the fields in which two records differ. A field that went and one with its tag that came are one change.
func compare(before, after marc.Record) []FieldChange {
	was, is := fieldTexts(before), fieldTexts(after)
	changes := []FieldChange{}
	came := minus(is, was)
	for _, old := range minus(was, is) {
		change := FieldChange{Tag: old.Tag, Was: old.Is}
		if at := slices.IndexFunc(came, func(c FieldChange) bool { return c.Tag == old.Tag }); at >= 0 {
			change.Is = came[at].Is
			came = slices.Delete(came, at, at+1)
		}
		changes = append(changes, change)
	}
	changes = append(changes, came...)
	slices.SortStableFunc(changes, func(a, b FieldChange) int { return strings.Compare(a.Tag, b.Tag) })
	return changes
}

// minus is one list without what another has, each text as often as it is there.
func minus(list, without []FieldChange) (rest []FieldChange) {
	without = slices.Clone(without)
	for _, text := range list {
		if at := slices.Index(without, text); at >= 0 {
			without = slices.Delete(without, at, at+1)
			continue
		}
		rest = append(rest, text)
	}
	return rest
}

func fieldTexts(r marc.Record) []FieldChange {
	texts := []FieldChange{{Tag: "LDR", Is: r.Leader}}
	for _, field := range r.Fields {
		texts = append(texts, FieldChange{Tag: field.Tag, Is: fieldText(field)})
	}
	return texts
}

// fieldText is a field as a person reads it.
func fieldText(f marc.Field) string {
	if f.IsControl() {
		return f.Value
	}
	text := strings.ReplaceAll(string(rune(max(f.Ind1, ' ')))+string(rune(max(f.Ind2, ' '))), " ", "_")
	for _, sub := range f.Subfields {
		text += " ‡" + string(rune(sub.Code)) + " " + sub.Value
	}
	return text
}
