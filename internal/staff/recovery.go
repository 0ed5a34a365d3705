package staff

import (
	"errors"
	"time"

	"carrel/collections"
	"carrel/internal/audit"
	"carrel/internal/fault"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

// Recovery codes open the account of any librarian of the school when nobody remembers the password: they are printed and kept in a drawer, for a school may have
// no mail server.

// recoveryCodes is how many are made at a time.
const recoveryCodes = 8

// NewRecovery makes new codes, told this once; the earlier ones end. by is the id of the librarian.
func NewRecovery(app core.App, by string, now time.Time) (codes []string, err error) {
	recovery := site.Recovery{Made: now.UTC().Truncate(time.Second)}
	for range recoveryCodes {
		code, err := newCode()
		if err != nil {
			return nil, err
		}
		codes, recovery.Hashes = append(codes, code), append(recovery.Hashes, hash(code))
	}
	err = app.RunInTransaction(func(app core.App) error {
		return errors.Join(site.SaveRecovery(app, recovery), noteRecovery(app, by, "recovery_made", len(codes)))
	})
	return codes, err
}

// Recover gives the librarian with this mail address a new password, ends the sessions of the account, and uses the code up. The codes are fault.Invalid at "password"
// and fault.Unauthorized (wrong_code): the same whether the address or the code is not known, or the account is no librarian's.
func Recover(app core.App, address, code, password string) error {
	const op = "staff.Recover"
	if err := checkPassword(op, password); err != nil {
		return err
	}
	return app.RunInTransaction(func(app core.App) error {
		record, err := byEmail(app, address)
		if err != nil {
			return err
		}
		recovery, err := site.LoadRecovery(app)
		if err != nil {
			return err
		}
		known := recovery.Take(hash(code))
		if !known || record == nil || record.GetString("role") != string(collections.Librarian) {
			return fault.New(op, fault.Unauthorized, "staff.wrong_recovery").Named("wrong_code").At("code")
		}
		record.SetPassword(password)
		return errors.Join(app.Save(record), site.SaveRecovery(app, recovery), noteRecovery(app, record.Id, "recovery_used", len(recovery.Hashes)))
	})
}

func noteRecovery(app core.App, staff, action string, left int) error {
	return audit.Note(app, staff, action, map[string]int{"left": left})
}
