// Package hooks is the staff door: routes, record hooks and scheduled jobs on PocketBase. It is thin: it reads a request, calls a
// subject, and writes the answer. Rules live elsewhere.
package hooks

import (
	"fmt"
	"io/fs"
	"net/http"
	"runtime/debug"
	"slices"
	"sync/atomic"

	"carrel/collections"
	"carrel/internal/adds"
	"carrel/internal/checkdoor"
	"carrel/internal/discovery"
	"carrel/internal/imports"
	"carrel/internal/live"
	"carrel/internal/pages"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
)

// Door is the staff door of one app.
type Door struct {
	app    core.App
	gate   gate
	staff  *pages.Handler
	books  http.Handler // the students' catalogue
	sheets http.Handler // where students do a check
	bulk   *imports.Runner
	finds  *adds.Worker

	students atomic.Pointer[string] // address of the student door, once it is open
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
	students, err := studentsPage(public, "catalog", notice)
	if err != nil {
		return nil, err
	}
	sheets, err := studentsPage(public, "check", notice)
	if err != nil {
		return nil, err
	}
	bulk := imports.New(app)
	finds := adds.New(app, pocketbase.Version)
	finds.Changed = func() { live.Tell(app, live.Adds) }
	bulk.Changed = func(string) {
		live.Tell(app, changedByImports...)
		finds.Kick() // taking a batch back brings rows that are to be looked up
	}
	return &Door{app: app, staff: staff, books: discovery.New(app, students), sheets: checkdoor.New(app, sheets), bulk: bulk, finds: finds}, nil
}

// studentsPage is an app of the students, which lives below its name.
func studentsPage(public fs.FS, name string, notice []byte) (*pages.Handler, error) {
	built, err := fs.Sub(public, name)
	if err != nil {
		return nil, err
	}
	return pages.New(built, "/"+name+"/", notice)
}

// SetStudents tells where the student door is, for the codes that bring a kiosk there.
func (d *Door) SetStudents(origin string) { d.students.Store(&origin) }

// Bind hangs the door on the app; it opens when the app serves.
func (d *Door) Bind() {
	d.bindSignIn()
	d.bindFacts()
	d.bindImports()
	d.bindAdds()
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
		mounted := r.Route(route.Method, route.Path, d.admit(route))
		if route.Method == http.MethodPost && (route.Path == importsPath || route.Path == poolPath || route.Path == standardsPath) {
			streamed(mounted)
		}
		if route.Path == standardsPath+"/{id}" && route.Method == http.MethodGet {
			mounted.Bind(apis.Gzip())
		}
		if route.Path == feedPath {
			mounted.Bind(apis.SkipSuccessActivityLog()) // its address is a secret, and logs are read by others
		}
	}
	r.GET("/staff/{path...}", d.page)
	r.GET("/{$}", d.front)
	r.GET("/catalog/{path...}", d.catalog)
	r.Any("/check/{path...}", d.sheet)
	r.GET("/check", func(e *core.RequestEvent) error { return e.Redirect(http.StatusPermanentRedirect, "/check/") })
	r.GET("/staff", func(e *core.RequestEvent) error { return e.Redirect(http.StatusPermanentRedirect, "/staff/") })
}

// front is the students' catalogue; a library that is not set up yet opens with its set-up.
func (d *Door) front(e *core.RequestEvent) error {
	if !d.isSetUp() {
		return e.Redirect(http.StatusTemporaryRedirect, "/staff/")
	}
	return d.catalog(e)
}

func (d *Door) catalog(e *core.RequestEvent) error {
	d.books.ServeHTTP(e.Response, e.Request)
	return nil
}

func (d *Door) sheet(e *core.RequestEvent) error {
	d.sheets.ServeHTTP(e.Response, e.Request)
	return nil
}

func (d *Door) page(e *core.RequestEvent) error {
	d.staff.ServeHTTP(e.Response, e.Request)
	return nil
}

// admit lets only the roles of a route through: signed out is 401, the wrong role 403.
func (d *Door) admit(route Route) func(*core.RequestEvent) error {
	changed := changedBy(route)
	return func(e *core.RequestEvent) error {
		if route.Roles != nil && e.Auth == nil {
			return e.UnauthorizedError("Please sign in.", nil)
		}
		if route.Roles != nil && (e.Auth.Collection().Name != collections.Staff || !slices.Contains(route.Roles, roleOf(e))) {
			return e.ForbiddenError("Your account may not do this.", nil)
		}
		err := answered(e, route.Handle)
		if err == nil {
			live.Tell(e.App, changed...)
		}
		return say(e, err)
	}
}

// answered makes a failure of a panic, so that it gets an id and a line in the log as any other.
func answered(e *core.RequestEvent, handle func(*core.RequestEvent) error) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic: %v\n%s", panicked, debug.Stack())
		}
	}()
	return handle(e)
}

func roleOf(e *core.RequestEvent) collections.Role { return collections.Role(e.Auth.GetString("role")) }
