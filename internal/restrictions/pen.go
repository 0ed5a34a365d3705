package restrictions

import (
	"encoding/json"
	"time"

	"carrel/collections"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"
)

// pen writes restrictions, each change with its row in the audit.
type pen struct {
	bulk  *store.Bulk
	staff string
	now   string
}

func newPen(b *store.Bulk, staff string, now time.Time) *pen {
	at, _ := types.ParseDateTime(now) //nolint:errcheck // a time is always a date
	return &pen{b, staff, at.String()}
}

func newID() string {
	return security.RandomStringWithAlphabet(core.DefaultIdLength, core.DefaultIdAlphabet)
}

// add writes a restriction unless it stands already: the same patron, mode, scope and books.
func (p *pen) add(r collections.Restriction) error {
	added, err := p.bulk.Try(`INSERT OR IGNORE INTO restrictions (id, patron, mode, scope, title, value, folded, note, created, updated)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, newID(), r.Patron, r.Mode, r.Scope, r.Title, r.Value, r.Folded, r.Note, p.now, p.now)
	if err != nil || !added {
		return err
	}
	return p.audit("add", r)
}

func (p *pen) remove(r collections.Restriction) error {
	removed, err := p.bulk.Try("DELETE FROM restrictions WHERE id = ?", r.ID)
	if err != nil || !removed {
		return err
	}
	return p.audit("remove", r)
}

// audit keeps who saw or changed what kind of wish, never which book it is about: what a family asked stays between it and the library.
func (p *pen) audit(did string, r collections.Restriction) error {
	detail, err := json.Marshal(struct {
		Did   string `json:"did"`
		Mode  string `json:"mode,omitempty"`
		Scope string `json:"scope,omitempty"`
	}{did, r.Mode, r.Scope})
	if err != nil {
		return err
	}
	return p.bulk.Exec("INSERT INTO audit (id, at, staff, action, patron, detail) VALUES (?, ?, ?, 'restriction', ?, ?)",
		newID(), p.now, p.staff, r.Patron, string(detail))
}
