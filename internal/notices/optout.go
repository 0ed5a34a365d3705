package notices

import (
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// A family may ask for no more courtesy notices. The school cannot be reached from their mail program, so they answer by mail: what they send
// names the notice they answer to, and a person enters it. Overdue books and holds are no courtesy.

// unsubscribeWord stands before the code in the subject of such a mail.
const unsubscribeWord = "unsubscribe"

func optOuts(app core.App) (map[string]bool, error) {
	rows, err := collections.All[collections.NoticeOptOut](app, "", "", nil)
	gone := make(map[string]bool, len(rows))
	for _, row := range rows {
		gone[row.Address] = true
	}
	return gone, err
}

// OptOut is an address that wants no more courtesy notices. Since is RFC 3339.
type OptOut struct {
	ID      string `json:"id"`
	Address string `json:"address"`
	Since   string `json:"since"`
}

// OptOuts lists the addresses that want no more courtesy notices.
func OptOuts(app core.App) ([]OptOut, error) {
	rows, err := collections.All[collections.NoticeOptOut](app, "", "address", nil)
	list := make([]OptOut, 0, len(rows))
	for _, row := range rows {
		list = append(list, OptOut{row.ID, row.Address, stamp(row.Created)})
	}
	return list, fault.Wrap("notices.OptOuts", err)
}

// Unsubscribe sends an address no more courtesy notices, and takes those that wait out of the queue. asked is the address, or the code that
// the family's mail has in its subject, with or without the word before it. An address that is on the list already stays there. The codes are
// fault.Invalid at "asked" and fault.NotFound for a code of no notice.
func Unsubscribe(app core.App, asked string, now time.Time) (out OptOut, err error) {
	const op = "notices.Unsubscribe"
	err = app.RunInTransaction(func(app core.App) error {
		address, err := addressAsked(app, asked)
		if err != nil {
			return err
		}
		row, found, err := collections.Find[collections.NoticeOptOut](app, "address = {:address}", dbx.Params{"address": address})
		if err == nil && !found {
			if row, err = collections.Insert(app, collections.NoticeOptOut{Address: address}); err == nil {
				row.Created = dateTime(now)
			}
		}
		if err != nil {
			return err
		}
		out = OptOut{row.ID, row.Address, stamp(row.Created)}
		return dropCourtesies(app, address, now)
	})
	return out, fault.Wrap(op, err)
}

func addressAsked(app core.App, asked string) (string, error) {
	const op = "notices.Unsubscribe"
	words := strings.Fields(asked)
	if len(words) > 1 && strings.EqualFold(words[0], unsubscribeWord) {
		words = words[1:]
	}
	if len(words) != 1 {
		return "", fault.New(op, fault.Invalid, "notices.optout_asked").At("asked")
	}
	if strings.Contains(words[0], "@") {
		if !usable(words[0]) {
			return "", fault.New(op, fault.Invalid, "notices.optout_asked").At("asked")
		}
		return fold(words[0]), nil
	}
	notice, found, err := collections.Find[collections.Notice](app, "id = {:id}", dbx.Params{"id": words[0]})
	if err == nil && (!found || !usable(notice.Recipient)) {
		err = fault.New(op, fault.NotFound, "notices.optout_unknown").At("asked")
	}
	return fold(notice.Recipient), err
}

func dropCourtesies(app core.App, address string, now time.Time) error {
	_, err := update(app, dbx.Params{"state": collections.NoticeCancelled, "updated": instant(now)},
		dbx.HashExp{"state": collections.NoticeQueued, "kind": kindDueSoon, "LOWER(recipient)": address})
	return err
}

// Resubscribe takes an address off the list. The code is fault.NotFound.
func Resubscribe(app core.App, id string) error {
	const op = "notices.Resubscribe"
	result, err := app.DB().Delete(collections.NoticeOptOuts, dbx.HashExp{"id": id}).Execute()
	if err != nil {
		return fault.Wrap(op, err)
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return fault.Wrap(op, err)
	}
	return fault.New(op, fault.NotFound, "notices.optout_gone")
}
