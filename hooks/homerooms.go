package hooks

import (
	"encoding/json"
	"net/http"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/patrons"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func (d *Door) homerooms(e *core.RequestEvent) error {
	rooms, err := patrons.Homerooms(e.App, time.Now())
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"homerooms": rooms})
}

type childAnswer struct {
	ID        string `json:"id"`
	Barcode   string `json:"barcode"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Loans     int    `json:"loans"`
	Late      int    `json:"late"`
	Today     int    `json:"today"` // lent today and still out
	Left      *int   `json:"left"`
	Blocked   bool   `json:"blocked"`
	Picture   bool   `json:"picture"`
	Note      *bool  `json:"note,omitempty"` // whether there is one, for the librarian
}

// class shows the children of a homeroom for a class check-out: how many items each has, never which. The view is one row in the audit.
func (d *Door) class(e *core.RequestEvent) error {
	room, err := roomAsked(e)
	if err != nil {
		return err
	}
	children, err := desk.PatronsOf(e.App, room.ID)
	if err != nil {
		return err
	}
	standings, err := desk.Standings(e.App, children, time.Now())
	if err != nil {
		return err
	}
	answers := make([]childAnswer, len(children))
	for i, child := range children {
		answers[i] = answerChild(e, child, standings[i])
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

func answerChild(e *core.RequestEvent, child desk.Borrower, stands desk.Standing) childAnswer {
	answer := childAnswer{
		ID: child.ID, Barcode: child.Barcode, FirstName: child.FirstName, LastName: child.LastName,
		Loans: stands.Loans, Late: stands.Late, Today: stands.Today, Left: stands.Left, Blocked: len(stands.Blocks) > 0, Picture: child.Picture != "",
	}
	if isHead(e) {
		noted := child.Note != ""
		answer.Note = &noted
	}
	return answer
}

// oneLook is how long a member of staff goes on looking at the same homeroom: the desk asks again after every book of a class.
const oneLook = 15 * time.Minute

// looked keeps in the audit that a member of staff looked at a whole homeroom, once for as long as they go on looking.
func looked(e *core.RequestEvent, action, homeroom string) error {
	at, err := types.ParseDateTime(time.Now())
	if err != nil {
		return err
	}
	since, err := types.ParseDateTime(at.Time().Add(-oneLook))
	if err != nil {
		return err
	}
	detail, err := json.Marshal(map[string]string{"homeroom": homeroom})
	if err != nil {
		return err
	}
	_, already, err := collections.Find[collections.AuditEntry](e.App, "at > {:since} AND staff = {:staff} AND action = {:action} AND detail = {:detail}",
		dbx.Params{"since": since.String(), "staff": e.Auth.Id, "action": action, "detail": string(detail)})
	if err != nil || already {
		return err
	}
	_, err = collections.Insert(e.App, collections.AuditEntry{At: at, Staff: e.Auth.Id, Action: action, Detail: detail})
	return err
}

// addHomeroom makes a homeroom by hand; a roster makes those it names by itself.
func (d *Door) addHomeroom(e *core.RequestEvent) error {
	var body patrons.RoomFields
	if err := read(e, &body); err != nil {
		return err
	}
	id, err := patrons.AddRoom(e.App, body)
	if err != nil {
		return err
	}
	return tellHomeroom(e, http.StatusCreated, id)
}

// changeHomeroom says what a homeroom is called and when it comes to the library: its days, or its hours, which have the days in them. It is all
// saved or nothing.
func (d *Door) changeHomeroom(e *core.RequestEvent) error {
	var body struct {
		patrons.RoomFields
		LibraryDays *string `json:"library_days"`
		Visits      *string `json:"visits"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	id := e.Request.PathValue("id")
	err := e.App.RunInTransaction(func(app core.App) error {
		if err := patrons.ChangeRoom(app, id, body.RoomFields); err != nil {
			return err
		}
		if body.LibraryDays != nil {
			if err := site.SaveLibraryDays(app, id, *body.LibraryDays); err != nil {
				return err
			}
		}
		if body.Visits == nil {
			return nil
		}
		return site.SaveVisits(app, id, *body.Visits)
	})
	if err != nil {
		return err
	}
	return tellHomeroom(e, http.StatusOK, id)
}

func tellHomeroom(e *core.RequestEvent, status int, id string) error {
	room, _, err := collections.Find[collections.Homeroom](e.App, "id = {:id}", dbx.Params{"id": id})
	if err != nil {
		return err
	}
	return e.JSON(status, map[string]string{
		"id": room.ID, "name": room.Name, "teacher": room.Teacher, "grade": room.Grade, "library_days": room.LibraryDays, "visits": room.Visits,
	})
}

func (d *Door) deleteHomeroom(e *core.RequestEvent) error {
	id := e.Request.PathValue("id")
	if err := patrons.DeleteRoom(e.App, id); err != nil {
		return err
	}
	return ok(e, map[string]string{"deleted": id})
}
