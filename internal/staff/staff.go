// Package staff makes and changes the accounts of the people who run the library.
package staff

import (
	"carrel/collections"
	"carrel/internal/fault"

	"github.com/pocketbase/pocketbase/core"
)

// Account is one member of staff.
type Account struct {
	Email    string
	Name     string // the mail address when empty
	Password string // empty leaves an existing account's as it is
	Role     collections.Role
	Sample   bool // belongs to the sample school: signs in on this machine only
}

// minPassword is the shortest password, in characters.
const minPassword = 8

// Upsert makes the account or changes the one with the same mail address. The code is fault.Invalid with the field
// "email", "role" or "password".
func Upsert(app core.App, account Account) error {
	const op = "staff.Upsert"
	if !isAddress(account.Email) {
		return fault.New(op, fault.Invalid, "staff.bad_email").At("email")
	}
	if !collections.ValidRole(string(account.Role)) {
		return fault.New(op, fault.Invalid, "staff.bad_role").At("role")
	}
	record, err := app.FindAuthRecordByEmail(collections.Staff, account.Email)
	if err != nil {
		collection, err := app.FindCollectionByNameOrId(collections.Staff)
		if err != nil {
			return err
		}
		record = core.NewRecord(collection)
		record.SetEmail(account.Email)
		record.SetVerified(true)
	}
	if account.Password != "" || record.IsNew() {
		if err := checkPassword(op, account.Password); err != nil {
			return err
		}
		record.SetPassword(account.Password)
	}
	if account.Name != "" || record.IsNew() {
		record.Set("name", firstOf(account.Name, account.Email))
	}
	if !record.IsNew() && record.GetString("role") != string(account.Role) {
		record.RefreshTokenKey() // another role ends its sessions
	}
	record.Set("role", string(account.Role))
	record.Set("sample", account.Sample)
	return app.Save(record)
}

func firstOf(values ...string) string {
	for _, value := range values {
		if value != "" {
			return value
		}
	}
	return ""
}
