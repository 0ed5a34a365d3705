package imports

import (
	"database/sql"

	"carrel/collections"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// used knows what was built on rows since an import: whatever happens at the desk is a fact, so only the facts since then are read, at the beginning of
// each transaction those that are new.
type used struct {
	after   int64 // the last fact that was read
	patrons map[string]bool
	items   map[string]bool
	titles  map[string]bool
}

const factsSince = `SELECT circ_events.seq, circ_events.patron, circ_events.item, COALESCE(holds.title, ''), COALESCE(holds.wanted, '')
	FROM circ_events LEFT JOIN holds ON holds.id = circ_events.about WHERE circ_events.seq > `

// usedSince reads what was built on rows up to now, beside the desk.
func usedSince(app core.App, fact int64) (*used, error) {
	u := &used{after: fact, patrons: map[string]bool{}, items: map[string]bool{}, titles: map[string]bool{}}
	rows, err := app.DB().NewQuery(factsSince + "{:fact} ORDER BY circ_events.seq").Bind(dbx.Params{"fact": fact}).Rows()
	if err != nil {
		return nil, err
	}
	return u, u.take(rows.Rows)
}

// load reads what was built on rows since, within a transaction.
func (u *used) load(b *store.Bulk) error {
	rows, err := b.Rows(factsSince+"? ORDER BY circ_events.seq", u.after)
	if err != nil {
		return err
	}
	return u.take(rows)
}

func (u *used) take(rows *sql.Rows) error {
	defer rows.Close()
	for rows.Next() {
		var patron, item, title, wanted string
		if err := rows.Scan(&u.after, &patron, &item, &title, &wanted); err != nil {
			return err
		}
		u.patrons[patron], u.items[item], u.titles[title], u.items[wanted] = true, true, true, true
	}
	return rows.Err()
}

// kept are the questions that tell why a row that an import added has to stay, by table: each answers the reason, or no row.
var kept = map[string]string{
	collections.Titles: `SELECT 'has_items' FROM items WHERE title = ?1 UNION ALL SELECT 'used' FROM titles WHERE merged_into = ?1
		UNION ALL SELECT 'used' FROM restrictions WHERE title = ?1 UNION ALL SELECT 'used' FROM title_tags WHERE title = ?1 LIMIT 1`,
	collections.Patrons: `SELECT 'used' FROM restrictions WHERE patron = ?1
		UNION ALL SELECT 'used' FROM notices WHERE patron = ?1 UNION ALL SELECT 'used' FROM notice_reminders WHERE patron = ?1 LIMIT 1`,
	collections.Homerooms: `SELECT 'in_use' FROM patrons WHERE homeroom = ?1
		UNION ALL SELECT 'in_use' FROM staff, json_each(CASE WHEN json_valid(staff.homerooms) THEN staff.homerooms ELSE '[]' END) AS room WHERE room.value = ?1
		UNION ALL SELECT 'in_use' FROM kiosks WHERE window_homeroom = ?1 LIMIT 1`,
	collections.PatronTypes: `SELECT 'in_use' FROM patrons WHERE type = ?1 UNION ALL SELECT 'in_use' FROM loan_rules WHERE patron_type = ?1 LIMIT 1`,
	collections.ItemTypes:   `SELECT 'in_use' FROM items WHERE type = ?1 UNION ALL SELECT 'in_use' FROM loan_rules WHERE item_type = ?1 LIMIT 1`,
	collections.Locations:   `SELECT 'in_use' FROM items WHERE location = ?1 UNION ALL SELECT 'in_use' FROM inventories WHERE location = ?1 LIMIT 1`,
}

// why tells why a row that the import added has to stay; "" when nothing was built on it.
func (u *used) why(b *store.Bulk, table, row string) (string, error) {
	switch {
	case table == collections.Patrons && u.patrons[row], table == collections.Items && u.items[row], table == collections.Titles && u.titles[row]:
		return "used", nil
	case kept[table] == "":
		return "", nil
	}
	return text(b, kept[table], row)
}
