// Package hooks is the staff door: routes, record hooks and scheduled jobs on PocketBase. It is thin: it reads a request, calls a
// subject, and writes the answer. Rules live elsewhere.
package hooks

import (
	"io/fs"
	"net/http"
	"slices"

	"carrel/collections"
	"carrel/internal/pages"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
)

// Route is one way in, and who may use it. A route without roles is public on the school network.
type Route struct {
	Method string
	Path   string
	Roles  []collections.Role
	Handle func(*core.RequestEvent) error
}

var (
	deskRoles   = []collections.Role{collections.Librarian, collections.Aide, collections.Volunteer}
	peopleRoles = []collections.Role{collections.Librarian, collections.Aide}
	onlyHead    = []collections.Role{collections.Librarian}
)

// Routes lists every command route of the staff door; a test tries each as each role.
func (d *Door) Routes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/setup", nil, d.setupState},
		{http.MethodPost, "/api/carrel/setup", nil, d.setup},
		{http.MethodGet, "/api/carrel/search", nil, d.search},
		{http.MethodGet, "/api/carrel/me", collections.Roles, d.me},
		{http.MethodPost, "/api/carrel/checkouts", deskRoles, d.checkOut},
		{http.MethodPost, "/api/carrel/returns", deskRoles, d.takeBack},
		{http.MethodPost, "/api/carrel/renewals", deskRoles, d.renew},
		{http.MethodPost, "/api/carrel/undo", deskRoles, d.undo},
		{http.MethodGet, "/api/carrel/resolve", deskRoles, d.resolve},
		{http.MethodGet, "/api/carrel/patrons/{barcode}", deskRoles, d.patron},
		{http.MethodGet, "/api/carrel/homerooms", peopleRoles, d.homerooms},
		{http.MethodGet, "/api/carrel/cards.pdf", peopleRoles, d.cards},
		{http.MethodGet, "/api/carrel/notices", peopleRoles, d.notices},
		{http.MethodGet, "/api/carrel/notices/preview", peopleRoles, d.previewNotices},
		{http.MethodGet, "/api/carrel/notices/slips", peopleRoles, d.slips},
		{http.MethodPost, "/api/carrel/notices/run", onlyHead, d.runNotices},
		{http.MethodPost, "/api/carrel/notices/print", onlyHead, d.printNotices},
		{http.MethodPost, "/api/carrel/notices/{id}/again", onlyHead, d.sendAgain},
		{http.MethodGet, "/api/carrel/kiosks", onlyHead, d.kiosks},
		{http.MethodPost, "/api/carrel/kiosks", onlyHead, d.newKiosk},
		{http.MethodPost, "/api/carrel/kiosks/{id}/revoke", onlyHead, d.revokeKiosk},
	}
}

// Door is the staff door of one app.
type Door struct {
	app   core.App
	gate  gate
	staff *pages.Handler
}

// New makes the staff door; public holds the built web apps.
func New(app core.App, public fs.FS) (*Door, error) {
	notice, err := fs.ReadFile(public, "index.html")
	if err != nil {
		return nil, err
	}
	built, err := fs.Sub(public, "staff")
	if err != nil {
		return nil, err
	}
	staff, err := pages.New(built, "/staff/", notice)
	if err != nil {
		return nil, err
	}
	return &Door{app: app, staff: staff}, nil
}

// Bind hangs the door on the app; it opens when the app serves.
func (d *Door) Bind() {
	d.bindSignIn()
	d.bindFacts()
	d.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil // it would print a token that opens everything
		d.Mount(e.Router)
		return e.Next()
	})
}

// Mount adds guards, routes and pages to a router.
func (d *Door) Mount(r *router.Router[*core.RequestEvent]) {
	r.Bind(&hook.Handler[*core.RequestEvent]{Id: "carrelGate", Func: d.guard, Priority: -900})
	for _, route := range d.Routes() {
		r.Route(route.Method, route.Path, d.admit(route))
	}
	r.GET("/staff/{path...}", d.page)
	r.GET("/{$}", func(e *core.RequestEvent) error { return e.Redirect(http.StatusTemporaryRedirect, "/staff/") })
	r.GET("/staff", func(e *core.RequestEvent) error { return e.Redirect(http.StatusPermanentRedirect, "/staff/") })
}

func (d *Door) page(e *core.RequestEvent) error {
	d.staff.ServeHTTP(e.Response, e.Request)
	return nil
}

// admit lets only the roles of a route through: signed out is 401, the wrong role 403.
func (d *Door) admit(route Route) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		if route.Roles == nil {
			return say(e, route.Handle(e))
		}
		if e.Auth == nil {
			return e.UnauthorizedError("Please sign in.", nil)
		}
		if e.Auth.Collection().Name != collections.Staff || !slices.Contains(route.Roles, roleOf(e)) {
			return e.ForbiddenError("Your account may not do this.", nil)
		}
		return say(e, route.Handle(e))
	}
}

func roleOf(e *core.RequestEvent) collections.Role { return collections.Role(e.Auth.GetString("role")) }
