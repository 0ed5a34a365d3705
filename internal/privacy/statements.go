package privacy

import (
	"strings"

	"carrel/collections"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// This file is the single place that ever changes a circulation fact: it takes the person out of it, and with the person what the fact kept
// of the request only to answer the same key again. What happened, to which item, when, and to what type of patron, grade and homeroom stays. See
// docs/adr/0010-unlinking-is-the-one-change-of-a-fact.md.
const namelessFacts = `UPDATE circ_events SET patron = '',
	data = CASE WHEN json_valid(data) THEN json_remove(data, '$.ask', '$.skipped') ELSE data END WHERE patron != '' AND `

// among stands for the ids of what is to be forgotten, a JSON list.
const among = ` IN (SELECT value FROM json_each({:ids}))`

// forgetting is what has to be done, by table, so that rows of it name nobody any more. Each is one piece of work: facts and state part with
// the person together, or a rebuild would see a difference.
//
// A loan also leaves the notices that told of it: a notice that still names its family, because of another loan, would tell what this one was.
var forgetting = map[string][]string{
	collections.Loans: {
		namelessFacts + `loan` + among,
		`UPDATE notice_loans SET notice = '', recipient = id WHERE loan` + among,
		`UPDATE loans SET patron = '' WHERE id` + among,
	},
	collections.Holds: {
		namelessFacts + `about != '' AND about` + among,
		`UPDATE holds SET patron = '' WHERE id` + among,
	},
	collections.Fees: {
		namelessFacts + `about != '' AND about` + among,
		`UPDATE fees SET patron = '' WHERE id` + among,
	},
	// A mail server's refusal repeats the address; and of two notices of one hold the recipient was all that told them apart.
	collections.Notices: {
		`UPDATE notices SET patron = '', recipient = '', hold = '', error = '' WHERE id` + among,
	},
	collections.KioskQuestions: {
		`UPDATE kiosk_questions SET act = json_remove(act, '$.card', '$.child') WHERE id` + among,
	},
}

// forget takes the person out of rows of a table, within the transaction of app.
func forget(app core.App, table, ids string) error {
	for _, statement := range forgetting[table] {
		if _, err := app.DB().NewQuery(statement).Bind(dbx.Params{"ids": ids}).Execute(); err != nil {
			return err
		}
	}
	return nil
}

// forgetBulk is forget within the transaction of bulk work.
func forgetBulk(b *store.Bulk, table, ids string) error {
	for _, statement := range forgetting[table] {
		if err := b.Exec(strings.ReplaceAll(statement, "{:ids}", "?"), ids); err != nil {
			return err
		}
	}
	return nil
}
