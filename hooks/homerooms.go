package hooks

import (
	"encoding/json"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/patrons"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func (d *Door) homerooms(e *core.RequestEvent) error {
	rooms, err := patrons.Homerooms(e.App)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"homerooms": rooms})
}

type childAnswer struct {
	Barcode   string `json:"barcode"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Loans     int    `json:"loans"`
	Left      *int   `json:"left"`
	Blocked   bool   `json:"blocked"`
	Picture   bool   `json:"picture"`
}

// class shows the children of a homeroom for a class check-out: how many items each has, never which. The view is one row in the audit.
func (d *Door) class(e *core.RequestEvent) error {
	room, err := roomAsked(e)
	if err != nil {
		return err
	}
	school, err := site.Load(e.App)
	if err != nil {
		return err
	}
	children, err := collections.All[collections.Patron](e.App, "homeroom = {:id} AND status = 'active'", "last_name, first_name, id", dbx.Params{"id": room.ID})
	if err != nil {
		return err
	}
	answers := make([]childAnswer, 0, len(children))
	for _, child := range children {
		answer, err := answerChild(e.App, child, policy.DayOf(time.Now(), school.Location()))
		if err != nil {
			return err
		}
		answers = append(answers, answer)
	}
	if err := looked(e, "class", room.ID); err != nil {
		return err
	}
	return ok(e, map[string]any{"homeroom": map[string]string{"id": room.ID, "name": room.Name}, "patrons": answers})
}

func roomAsked(e *core.RequestEvent) (collections.Homeroom, error) {
	room, found, err := collections.Find[collections.Homeroom](e.App, "id = {:id}", dbx.Params{"id": e.Request.PathValue("id")})
	if err == nil && !found {
		err = fault.New("hooks.roomAsked", fault.NotFound, "door.unknown_homeroom").Named("unknown_homeroom").At("id")
	}
	return room, err
}

func answerChild(app core.App, child collections.Patron, today policy.Day) (answer childAnswer, err error) {
	borrower := desk.Borrower{Patron: child}
	loans, err := desk.OpenLoans(app, child.ID)
	if err != nil {
		return answer, err
	}
	blocks, err := desk.Blocks(app, borrower, today)
	if err != nil {
		return answer, err
	}
	left, err := desk.Left(app, borrower)
	return childAnswer{
		child.Barcode, child.FirstName, child.LastName, len(loans), left, len(blocks) > 0, child.Picture != "",
	}, err
}

// looked keeps in the audit that a member of staff looked at a whole homeroom.
func looked(e *core.RequestEvent, action, homeroom string) error {
	at, err := types.ParseDateTime(time.Now())
	if err != nil {
		return err
	}
	detail, err := json.Marshal(map[string]string{"homeroom": homeroom})
	if err != nil {
		return err
	}
	_, err = collections.Insert(e.App, collections.AuditEntry{At: at, Staff: e.Auth.Id, Action: action, Detail: detail})
	return err
}

// changeHomeroom says when a homeroom comes to the library: its days, or its hours, which have the days in them.
func (d *Door) changeHomeroom(e *core.RequestEvent) error {
	var body struct {
		LibraryDays *string `json:"library_days"`
		Visits      *string `json:"visits"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	id := e.Request.PathValue("id")
	if body.LibraryDays != nil {
		if err := site.SaveLibraryDays(e.App, id, *body.LibraryDays); err != nil {
			return err
		}
	}
	if body.Visits != nil {
		if err := site.SaveVisits(e.App, id, *body.Visits); err != nil {
			return err
		}
	}
	room, found, err := collections.Find[collections.Homeroom](e.App, "id = {:id}", dbx.Params{"id": id})
	if err != nil {
		return err
	}
	if !found {
		return fault.New("hooks.changeHomeroom", fault.NotFound, "kiosk.unknown_homeroom")
	}
	return ok(e, map[string]string{"id": room.ID, "name": room.Name, "library_days": room.LibraryDays, "visits": room.Visits})
}
