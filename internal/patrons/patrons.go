// Package patrons keeps the people who borrow: rosters in, cards out, and the record of who looked at whom.
package patrons

import (
	"encoding/json"
	"time"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// oneLook is how long a member of staff goes on looking at the same patron: the desk asks again after every book.
const oneLook = 10 * time.Minute

// Seen keeps in the audit that a member of staff looked at a patron, once for as long as they go on looking.
func Seen(app core.App, patron, staff string, at time.Time) error {
	since, err := types.ParseDateTime(at.Add(-oneLook))
	if err != nil {
		return err
	}
	_, already, err := collections.Find[collections.AuditEntry](app, "patron = {:patron} AND staff = {:staff} AND action = 'patron_viewed' AND at > {:since}",
		dbx.Params{"patron": patron, "staff": staff, "since": since.String()})
	if err != nil || already {
		return err
	}
	return keep(app, collections.AuditEntry{Staff: staff, Action: "patron_viewed", Patron: patron}, at)
}

// listedEvery is how long one row of the audit speaks for the same look at a list.
const listedEvery = 15 * time.Minute

// Listed keeps in the audit that a member of staff looked through a list of patrons: what it was narrowed by, but neither the text nor who was on
// it, for a name is kept nowhere else. Who types, turns pages or comes back within a quarter of an hour is still looking at the same list.
func Listed(app core.App, query Query, staff string, at time.Time) error {
	detail, err := json.Marshal(struct {
		Searched bool   `json:"searched,omitempty"`
		Homeroom string `json:"homeroom,omitempty"`
		Grade    string `json:"grade,omitempty"`
		Type     string `json:"type,omitempty"`
		Status   string `json:"status,omitempty"`
		Only     string `json:"only,omitempty"`
	}{query.Text != "", query.Homeroom, query.Grade, query.Type, query.Status, query.Only})
	if err != nil {
		return err
	}
	since, err := types.ParseDateTime(at.Add(-listedEvery))
	if err != nil {
		return err
	}
	_, told, err := collections.Find[collections.AuditEntry](app, "at > {:since} AND staff = {:staff} AND action = 'patrons_listed' AND detail = {:detail}",
		dbx.Params{"since": since.String(), "staff": staff, "detail": string(detail)})
	if err != nil || told {
		return err
	}
	return keep(app, collections.AuditEntry{Staff: staff, Action: "patrons_listed", Detail: detail}, at)
}

// keep writes a row of the audit.
func keep(app core.App, entry collections.AuditEntry, at time.Time) (err error) {
	if entry.At, err = types.ParseDateTime(at); err != nil {
		return err
	}
	_, err = collections.Insert(app, entry)
	return err
}
