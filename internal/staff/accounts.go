package staff

import (
	"database/sql"
	"errors"
	"net/mail"
	"slices"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/audit"
	"carrel/internal/fault"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Room is a homeroom of a teacher.
type Room struct {
	ID   string `db:"id" json:"id"`
	Name string `db:"name" json:"name"`
}

// Member is an account as the librarian sees it.
type Member struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Email     string `json:"email"`
	Role      string `json:"role"`
	Homerooms []Room `json:"homerooms"`
	Language  string `json:"language"` // empty for the browser's
	Sample    bool   `json:"sample"`   // of the sample school: signs in on the library's own machine only
}

// List lists the accounts by name.
func List(app core.App) ([]Member, error) {
	records, err := app.FindRecordsByFilter(collections.Staff, "", "name,email", 0, 0)
	if err != nil {
		return nil, err
	}
	rooms, err := allRooms(app)
	members := make([]Member, 0, len(records))
	for _, record := range records {
		members = append(members, memberOf(record, rooms))
	}
	return members, err
}

func memberOf(record *core.Record, rooms []Room) Member {
	return Member{
		ID: record.Id, Name: record.GetString("name"), Email: record.Email(), Role: record.GetString("role"),
		Homerooms: among(rooms, record.GetStringSlice("homerooms")), Language: record.GetString("language"), Sample: record.GetBool("sample"),
	}
}

func allRooms(app core.App) (rooms []Room, err error) {
	return rooms, app.DB().Select("id", "name").From(collections.Homerooms).OrderBy("name").All(&rooms)
}

func among(rooms []Room, ids []string) []Room {
	found := []Room{}
	for _, room := range rooms {
		if slices.Contains(ids, room.ID) {
			found = append(found, room)
		}
	}
	return found
}

// RoomsOf names some homerooms.
func RoomsOf(app core.App, ids []string) ([]Room, error) {
	if len(ids) == 0 {
		return []Room{}, nil
	}
	rooms, err := allRooms(app)
	return among(rooms, ids), err
}

// Change is what is to be of an account; what is nil stays as it is.
type Change struct {
	Name      *string   `json:"name"`
	Email     *string   `json:"email"`
	Role      *string   `json:"role"`
	Homerooms *[]string `json:"homerooms"` // ids
	Language  *string   `json:"language"`
}

// maxName is the longest name, in letters.
const maxName = 200

// maxPassword is the longest password, in bytes: what comes after is not looked at.
const maxPassword = 71

// Add makes an account with a password of the server's making, which is told this once. by is the id of the librarian. The code is fault.Invalid at the field
// that cannot be.
func Add(app core.App, by string, change Change) (member Member, password string, err error) {
	const op = "staff.Add"
	empty := ""
	for _, needed := range []**string{&change.Name, &change.Email, &change.Role} {
		if *needed == nil {
			*needed = &empty
		}
	}
	if password, err = NewPassword(); err != nil {
		return member, "", err
	}
	err = app.RunInTransaction(func(app core.App) error {
		collection, err := app.FindCachedCollectionByNameOrId(collections.Staff)
		if err != nil {
			return err
		}
		record := core.NewRecord(collection)
		record.SetPassword(password)
		if err := change.apply(app, op, record); err != nil {
			return err
		}
		member, err = saved(app, record)
		return errors.Join(err, note(app, by, "staff_added", record))
	})
	return member, password, err
}

// Edit changes an account. Another role ends its sessions, as another mail address does. The codes are fault.NotFound, fault.Invalid at the field that cannot be and
// fault.Conflict (last_librarian).
func Edit(app core.App, by, id string, change Change) (member Member, err error) {
	const op = "staff.Edit"
	err = app.RunInTransaction(func(app core.App) error {
		record, err := find(app, op, id)
		if err != nil {
			return err
		}
		was := record.GetString("role")
		if err := change.apply(app, op, record); err != nil {
			return err
		}
		if is := record.GetString("role"); is != was {
			if err := keepOne(app, op, record, was); err != nil {
				return err
			}
			record.RefreshTokenKey()
		}
		member, err = saved(app, record)
		return errors.Join(err, note(app, by, "staff_changed", record))
	})
	return member, err
}

// Remove deletes an account. The codes are fault.NotFound and fault.Conflict (yourself, last_librarian).
func Remove(app core.App, by, id string) error {
	const op = "staff.Remove"
	return app.RunInTransaction(func(app core.App) error {
		record, err := find(app, op, id)
		if err != nil {
			return err
		}
		if id == by {
			return fault.New(op, fault.Conflict, "staff.yourself").Named("yourself")
		}
		if err := keepOne(app, op, record, record.GetString("role")); err != nil {
			return err
		}
		return errors.Join(app.Delete(record), note(app, by, "staff_deleted", record))
	})
}

// Reset gives an account a new password of the server's making, which is told this once, and ends its sessions. The code is fault.NotFound.
func Reset(app core.App, by, id string) (password string, err error) {
	if password, err = NewPassword(); err != nil {
		return "", err
	}
	err = app.RunInTransaction(func(app core.App) error {
		record, err := find(app, "staff.Reset", id)
		if err != nil {
			return err
		}
		record.SetPassword(password)
		return errors.Join(app.Save(record), note(app, by, "staff_password", record))
	})
	return password, err
}

// OwnChange is what somebody changes of their own account.
type OwnChange struct {
	Name        *string `json:"name"`
	Language    *string `json:"language"`
	Password    string  `json:"password"`
	OldPassword string  `json:"old_password"` // needed for a new one
}

// ChangeOwn changes one's own account. A new password ends all its sessions. The code is fault.Invalid at the field that cannot be.
func ChangeOwn(app core.App, id string, change OwnChange) (record *core.Record, err error) {
	const op = "staff.ChangeOwn"
	err = app.RunInTransaction(func(app core.App) error {
		if record, err = find(app, op, id); err != nil {
			return err
		}
		if err := (Change{Name: change.Name, Language: change.Language}).apply(app, op, record); err != nil {
			return err
		}
		if change.Password != "" {
			if !record.ValidatePassword(change.OldPassword) {
				return fault.New(op, fault.Invalid, "staff.old_password").Named("wrong_password").At("old_password")
			}
			if err := checkPassword(op, change.Password); err != nil {
				return err
			}
			record.SetPassword(change.Password)
		}
		return app.Save(record)
	})
	return record, err
}

func checkPassword(op, password string) error {
	if utf8.RuneCountInString(password) < minPassword {
		return fault.New(op, fault.Invalid, "staff.short_password", minPassword).At("password")
	}
	if len(password) > maxPassword {
		return fault.New(op, fault.Invalid, "staff.long_password", maxPassword).At("password")
	}
	return nil
}

func find(app core.App, op, id string) (*core.Record, error) {
	record, err := app.FindRecordById(collections.Staff, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(op, fault.NotFound, "staff.unknown").Named("unknown_staff").At("id")
	}
	return record, err
}

func saved(app core.App, record *core.Record) (Member, error) {
	if err := app.Save(record); err != nil {
		return Member{}, err
	}
	rooms, err := allRooms(app)
	return memberOf(record, rooms), err
}

func (c Change) apply(app core.App, op string, record *core.Record) error {
	if c.Name != nil {
		name := site.OneLine(*c.Name)
		if name == "" || utf8.RuneCountInString(name) > maxName {
			return fault.New(op, fault.Invalid, "staff.name", maxName).At("name")
		}
		record.Set("name", name)
	}
	if c.Email != nil {
		if err := checkEmail(app, op, record.Id, *c.Email); err != nil {
			return err
		}
		record.SetEmail(*c.Email)
		record.SetVerified(true)
	}
	if c.Role != nil {
		if !collections.ValidRole(*c.Role) {
			return fault.New(op, fault.Invalid, "staff.bad_role").At("role")
		}
		record.Set("role", *c.Role)
	}
	if c.Language != nil {
		if !slices.Contains([]string{"", "en", "es"}, *c.Language) {
			return fault.New(op, fault.Invalid, "site.language").At("language")
		}
		record.Set("language", *c.Language)
	}
	if c.Homerooms == nil {
		return nil
	}
	rooms, err := allRooms(app)
	if err != nil {
		return err
	}
	for _, id := range *c.Homerooms {
		if len(among(rooms, []string{id})) == 0 {
			return fault.New(op, fault.Invalid, "door.unknown_homeroom").At("homerooms")
		}
	}
	record.Set("homerooms", *c.Homerooms)
	return nil
}

// isAddress tells whether text is a mail address and nothing more.
func isAddress(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && address.Address == text
}

// checkEmail refuses what is no address, and one that another account has.
func checkEmail(app core.App, op, id, address string) error {
	if !isAddress(address) {
		return fault.New(op, fault.Invalid, "staff.bad_email").At("email")
	}
	other, err := byEmail(app, address)
	if err == nil && other != nil && other.Id != id {
		err = fault.New(op, fault.Invalid, "staff.email_taken").Named("taken").At("email")
	}
	return err
}

// byEmail finds an account, however its address is written; nil when there is none.
func byEmail(app core.App, address string) (*core.Record, error) {
	records, err := app.FindAllRecords(collections.Staff, dbx.NewExp("email = {:email} COLLATE NOCASE", dbx.Params{"email": address}))
	if err != nil || len(records) == 0 {
		return nil, err
	}
	return records[0], nil
}

// keepOne refuses to take the role of a librarian, which record had, from the last one. One of the sample school, who cannot sign in from elsewhere, is no
// librarian beside a real one.
func keepOne(app core.App, op string, record *core.Record, had string) error {
	if had != string(collections.Librarian) {
		return nil
	}
	var others int
	err := app.DB().Select("COUNT(*)").From(collections.Staff).
		Where(dbx.NewExp("role = 'librarian' AND id != {:id} AND (NOT sample OR {:sample})", dbx.Params{"id": record.Id, "sample": record.GetBool("sample")})).Row(&others)
	if err == nil && others == 0 {
		err = fault.New(op, fault.Conflict, "staff.last_librarian").Named("last_librarian")
	}
	return err
}

// note keeps in the audit what was done to an account.
func note(app core.App, by, action string, account *core.Record) error {
	return audit.Note(app, by, action, map[string]string{"account": account.Id, "name": account.GetString("name"), "role": account.GetString("role")})
}
