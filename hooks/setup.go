package hooks

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	saying "carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/staff"

	"github.com/pocketbase/pocketbase/core"
)

// SetupCode makes the code that the console shows until the first librarian exists; "" when one does. It proves that whoever
// sets the library up can see the machine.
func (d *Door) SetupCode() string {
	if d.isSetUp() {
		return ""
	}
	code := rand.Text()[:8]
	d.gate.code.Store(&code)
	return code
}

func (d *Door) setupState(e *core.RequestEvent) error {
	return ok(e, map[string]any{"needed": !d.isSetUp()})
}

type setupBody struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
	School   string `json:"school"`
	Zone     string `json:"zone"`
	Language string `json:"language"`
}

// setup makes the first librarian and names the school.
func (d *Door) setup(e *core.RequestEvent) error {
	const op = "hooks.setup"
	var body setupBody
	if err := read(e, &body); err != nil {
		return err
	}
	if d.isSetUp() {
		return fault.New(op, fault.Conflict, "setup.done").Named("setup_done")
	}
	if err := required("code", body.Code, "name", body.Name, "email", body.Email, "password", body.Password, "school", body.School); err != nil {
		return err
	}
	if !d.isCode(body.Code) {
		return fault.New(op, fault.Unauthorized, "setup.wrong_code").Named("wrong_code").At("code")
	}
	err := e.App.RunInTransaction(func(app core.App) error {
		school, err := site.Load(app)
		if err != nil {
			return err
		}
		school.Name, school.Language = body.School, saying.LangOf(body.Language)
		if body.Zone != "" {
			school.Zone = body.Zone
		}
		if err := site.Save(app, school); err != nil {
			return fault.New(op, fault.Invalid, "setup.zone").At("zone").Because(err)
		}
		if err := site.BeginSetup(app); err != nil {
			return err
		}
		return staff.Upsert(app, staff.Account{Email: body.Email, Name: body.Name, Password: body.Password, Role: collections.Librarian})
	})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"needed": false})
}

func (d *Door) isCode(code string) bool {
	want := d.gate.code.Load()
	given := strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(code), "-", ""))
	return want != nil && subtle.ConstantTimeCompare([]byte(*want), []byte(given)) == 1
}
